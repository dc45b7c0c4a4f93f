"""The process of environments: loads their code, makes them and steps them as it is told. Only here does foreign code run."""

import contextlib
import faulthandler
import importlib
import inspect
import os
import signal
import sys
import threading
import time
import traceback
import types
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from core.worlds.foreign import messages
from core.worlds.foreign.ending import kill_started_by

LONGEST_WORDS, LONGEST_TRACE = 300, 20_000
"""Characters of what an error says, and of its traceback, at most."""
ALIVE = 0.05
"""Seconds of work in several steps after which it is told that they go on: each of them may take its time."""


class Failed(Exception):
    """A call that went wrong.

    Attributes:
        told: what is answered.
    """

    def __init__(self, call: str, what: str, error: BaseException | None = None, **more: Any) -> None:
        super().__init__(what)
        trace = "" if error is None else _trace(error)
        self.told = {"failed": what, "call": call, "trace": trace[-LONGEST_TRACE:]} | more


def main(asked: Connection, printed: Connection) -> None:
    """Serve until the other end is gone or says so."""
    if hasattr(os, "setsid"):
        os.setsid()  # so that processes which the environment starts can be ended with it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the other end's to answer
    with contextlib.suppress(OSError):  # where the machine's memory is full, Linux is to end this process rather than that which asks it
        Path("/proc/self/oom_score_adj").write_text("1000")
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _redirect(printed)
    faulthandler.enable(sys.stderr)
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGUSR1, sys.stderr)  # where it hangs, when it is asked
    with contextlib.suppress(EOFError, OSError):
        Service(asked).serve()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    _leave(0)


class Service:
    """The environments of one process, by number."""

    def __init__(self, connection: Connection) -> None:
        from core.worlds.foreign import checked  # brings gymnasium, which only this process needs by now

        self.connection, self.checked = connection, checked
        self.module: types.ModuleType | None = None
        self.environments: dict[int, Any] = {}
        self.alive = 0.0

    def serve(self) -> None:
        """Answer one message after the other."""
        while True:
            message = self.connection.recv_bytes()
            self.alive = time.monotonic()
            try:
                if message[0] == messages.STEPS:
                    answer = self._steps(messages.steps_asked(message))
                else:
                    said, arrays = messages.told(message)
                    if said["do"] == "quit":
                        self._close_all()
                        return
                    answer = getattr(self, f"_{said.pop('do')}")(*arrays, **said)
            except Failed as failed:
                answer = messages.tell(failed.told)
            self.connection.send_bytes(answer)

    def _load(self, text: Any, source: str, path: str, sha256: str) -> bytes:
        """Load a module: of a file from the very bytes that were hashed, or by its name, if its files still have the hash."""
        from core.worlds.foreign.code import code_of, is_file

        try:
            if is_file(source):
                self.module = _module_of(bytes(text), path)
            else:
                if code_of(source).sha256 != sha256:
                    raise Failed("", "the code has changed just now", place=path)
                self.module = importlib.import_module(source)
        except Failed:
            raise
        except BaseException as error:
            raise Failed("", f"importing it raised {_words(error)}", error, place=path) from None
        return messages.tell({})

    def _make(self, number: int, id: str, arguments: dict[str, Any], step_limit: int, render: bool) -> bytes:
        assert self.module is not None
        mode = {"render_mode": "rgb_array"} if render else {}
        try:
            environment = _made(self.module, id, step_limit, mode, arguments)
            actions, seen = _space(environment.action_space), _space(environment.observation_space)
        except Failed:
            raise
        except BaseException as error:
            raise Failed("", f"it could not be made ({_words(error)})", error) from None
        self.environments[number] = environment
        rate = environment.metadata.get("render_fps") if isinstance(environment.metadata, dict) else None
        rate = float(rate) if isinstance(rate, int | float) and 0 < rate < 10_000 else None
        return messages.tell({"actions": actions[0], "seen": seen[0], "rate": rate}, *seen[1])

    def _reset(self, number: int, seed: int) -> bytes:
        return messages.tell({}, self._begun(number, seed))

    def _replay(self, actions: Any, number: int, seed: int) -> bytes:
        """Begin an episode again and take its actions, as given to `step`."""
        seen = self._begun(number, seed)
        for action in actions.tolist():
            seen = self._step(number, action)[0]
            self._tell_alive()
        return messages.tell({}, seen)

    def _render(self, number: int) -> bytes:
        picture = self._call("render()", lambda: self.checked.picture_of(self.environments[number].render()))
        return messages.tell({"picture": picture is not None}, *([] if picture is None else [picture]))

    def _close(self, number: int) -> bytes:
        environment = self.environments.pop(number, None)
        if environment is not None:
            with contextlib.suppress(Exception):
                environment.close()
        return messages.tell({})

    def _close_all(self) -> None:
        for number in list(self.environments):
            self._close(number)

    def _steps(self, asked: list[tuple[int, int]]) -> bytes:
        """One step after the other, up to one that fails."""
        done: list[bytes] = []
        for number, action in asked:
            seen, reward, terminated, truncated = self._step(number, action)
            done.append(messages.stepped(reward, terminated, truncated, seen))
            self._tell_alive()
        return bytes([messages.STEPS]) + b"".join(done)

    def _begun(self, number: int, seed: int) -> Any:
        environment = self.environments[number]
        return self._call(f"reset(seed={seed})", lambda: self.checked.start_of(environment.reset(seed=seed), environment.observation_space))

    def _step(self, number: int, action: int) -> tuple[Any, float, bool, bool]:
        environment = self.environments[number]
        return self._call(f"step({action})", lambda: self.checked.step_of(environment.step(action), environment.observation_space))

    def _call(self, call: str, do: Any) -> Any:
        try:
            return do()
        except self.checked.Wrong as wrong:
            raise Failed(call, str(wrong)) from None
        except BaseException as error:
            raise Failed(call, f"raised {_words(error)}", error) from None

    def _tell_alive(self) -> None:
        now = time.monotonic()
        if now - self.alive > ALIVE:
            self.alive = now
            self.connection.send_bytes(messages.ALIVE)


def _module_of(text: bytes, path: str) -> types.ModuleType:
    """A file's text as a module; what lies in its folder can be imported by it, behind everything that is installed."""
    stem = Path(path).stem
    name = f"environment_{stem}" if stem in sys.modules or stem in sys.stdlib_module_names else stem
    module = types.ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module
    sys.path.append(str(Path(path).resolve().parent))
    exec(compile(text, path, "exec"), module.__dict__)
    return module


def _made(module: types.ModuleType, id: str, step_limit: int, mode: dict[str, str], arguments: dict[str, Any]) -> Any:
    """The environment that is registered by this id, else one of the class of this name."""
    import gymnasium

    limit = {"max_episode_steps": step_limit} if step_limit else {}
    if id in gymnasium.registry:
        make: Any = gymnasium.make
        try:
            return make(id, disable_env_checker=True, **limit, **mode, **arguments)
        except TypeError:
            if not mode:
                raise
            return make(id, disable_env_checker=True, **limit, **arguments)
    kind = getattr(module, id, None)
    if kind is None:
        known = [name for name, value in vars(module).items() if inspect.isclass(value) and issubclass(value, gymnasium.Env)
                 and value.__module__ == module.__name__]  # fmt: skip
        remedy = f"It has {', '.join(known)}" if known else "Name one that it registers, or a class in it"
        raise Failed("", "there is no such environment in the file", remedy=remedy)
    try:
        environment = kind(**mode, **arguments)
    except TypeError:
        if not mode:
            raise
        environment = kind(**arguments)
    if not isinstance(environment, gymnasium.Env):
        raise Failed("", f"this is no gymnasium environment but {_named(environment)}")
    return gymnasium.wrappers.TimeLimit(environment, step_limit) if step_limit else environment


def _space(space: Any) -> tuple[dict[str, Any], list[Any]]:
    """What is told of a space, with the bounds of a box."""
    import gymnasium

    told = {"kind": type(space).__name__, "text": _named(space)}
    if isinstance(space, gymnasium.spaces.Discrete):
        return told | {"kind": "Discrete", "n": int(space.n), "start": int(space.start)}, []
    if isinstance(space, gymnasium.spaces.Box):
        return told | {"kind": "Box"}, [space.low, space.high]
    return told, []


def _words(error: BaseException) -> str:
    """An error on one line."""
    try:
        said = " ".join(str(error).split())[:LONGEST_WORDS]
    except Exception:
        said = ""
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _named(thing: Any) -> str:
    return " ".join(repr(thing).split())[:LONGEST_WORDS]


def _trace(error: BaseException) -> str:
    """The traceback without the frames of this program."""
    place = error.__traceback__
    while place is not None and place.tb_frame.f_code.co_filename == __file__:
        place = place.tb_next
    return "".join(traceback.format_exception(type(error), error, place))


def _redirect(printed: Connection) -> None:
    """Whatever is printed goes to the other end, from compiled code, too."""
    handle = printed.fileno()
    if sys.platform == "win32":
        import msvcrt

        handle = msvcrt.open_osfhandle(handle, 0)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    sys.stdout = open(1, "w", buffering=1, errors="replace", closefd=False)  # noqa: SIM115 - a descriptor has no path
    sys.stderr = open(2, "w", buffering=1, errors="replace", closefd=False)  # noqa: SIM115


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        _leave(1)


def _leave(code: int) -> None:
    """End this process with all that the environment has started."""
    kill_started_by(os.getpid())
    os._exit(code)
