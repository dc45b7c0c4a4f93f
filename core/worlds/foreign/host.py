"""Our side of the process of environments: starts it, asks it, and ends it when it takes too long or nobody needs it any more."""

import atexit
import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Sequence
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import EnvironmentFailure
from core.worlds.foreign import child, consent, messages, running
from core.worlds.foreign.ending import how, kill
from core.worlds.foreign.messages import Stepped
from core.worlds.foreign.printed import Printed
from core.worlds.foreign.watchdog import watchdog

if TYPE_CHECKING:
    from core.worlds.gym import GymWorld

LAST_WORDS = 0.2
"""Seconds that a process has for telling where it hangs."""


class Host:
    """A process for environments of one world. It starts with the first of them and ends with the last.

    Args:
        world: whose `source` names the code.

    Attributes:
        held: whether learners should hold still between two steps; set by other threads.

    Raises:
        EnvironmentFailure: where the code is not there, or is not what the world says it was.
    """

    def __init__(self, world: "GymWorld") -> None:
        self._process: Any = None
        self.world = world
        self.code = consent.checked(world)
        self.owner = threading.get_ident()
        self.held = False
        self.printed: Printed | None = None
        self._lock = threading.Lock()
        self._limit = self._waited = 0.0
        self._asking = self._expired = self._abandoned = False
        self._numbers = 0
        self._living: set[int] = set()
        self._expected: dict[int, int] = {}
        self._answers: dict[int, tuple[int, Stepped]] = {}
        self._kind: tuple[np.dtype[Any], tuple[int, ...]] = np.dtype(np.float32), ()

    def make(self, render: bool) -> tuple[int, dict[str, Any], list[NDArray[Any]]]:
        """Make one more environment: its number, what is told of it, and the bounds of its observations."""
        number, self._numbers = self._numbers, self._numbers + 1
        world = self.world
        try:
            if self._process is None:
                self.start()
            told = self._tell("making it", world.start_seconds, do="make", number=number, id=world.id, arguments=world.arguments,
                              step_limit=world.step_limit, render=render)  # fmt: skip
        except EnvironmentFailure:
            if not self._living:
                self.end()
            raise
        self._living.add(number)
        return number, *told

    def shows(self, dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
        """Of which type and shape observations are."""
        self._kind = dtype, shape

    def reset(self, number: int, seed: int, actions: Sequence[int] = (), first: bool = False) -> NDArray[Any]:
        """Begin an episode, and take its actions at once; the observation after them."""
        self._expected.pop(number, None)
        self._answers.pop(number, None)
        limit = max(self.world.step_seconds, self.world.start_seconds) if first else self.world.step_seconds
        call = f"reset(seed={seed})"
        if len(actions):
            _, seen = self._tell(call, limit, np.array(actions, np.int64), do="replay", number=number, seed=seed)
        else:
            _, seen = self._tell(call, limit, do="reset", number=number, seed=seed)
        return self._observed(call, seen)

    def expect(self, number: int, action: int) -> None:
        """This environment will be stepped with this action next: asked together with others, it costs less."""
        if number not in self._answers:
            self._expected[number] = action

    def step(self, number: int, action: int) -> Stepped:
        """Step an environment, and with it all that are expected to be stepped."""
        if number not in self._answers:
            asked = self._expected if self._expected.get(number) == action else {number: action}
            self._expected = {}
            self._step_all(list(asked.items()))
        taken, stepped = self._answers.pop(number)
        assert taken == action, "an environment was stepped with another action than was expected"
        return stepped

    def render(self, number: int) -> NDArray[np.uint8] | None:
        """[height, width, 3] picture of now, where there is one."""
        told, pictures = self._tell("render()", self.world.start_seconds, do="render", number=number)
        if not told.get("picture"):
            return None
        picture = pictures[0]
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
            raise self._failure("its process answered render() with what nobody understands")
        return picture

    def close(self, number: int) -> None:
        """One environment is needed no more."""
        self._living.discard(number)
        self._expected.pop(number, None)
        self._answers.pop(number, None)
        if self._living or self._process is None:
            with contextlib.suppress(EnvironmentFailure):
                if self._process is not None:
                    self._tell("close()", self.world.step_seconds, do="close", number=number)
            return
        with contextlib.suppress(OSError):
            self._connection.send_bytes(messages.tell({"do": "quit"}))
            self._process.join(1.0)
        self.end()

    def waited(self, seconds: float) -> None:
        """Time goes by; called by the watchdog."""
        with self._lock:
            if not self._asking or self._expired:
                return
            self._waited += seconds
            if self._waited <= self._limit:
                return
            self._expired = True
        self._ask_where_it_hangs()
        self._kill()

    @property
    def keeps_waiting(self) -> float:
        """Seconds for which an answer has been waited for."""
        return self._waited if self._asking else 0.0

    def abandon(self) -> None:
        """Nobody needs an answer any more: whoever waits for one is told so. From any thread."""
        self._abandoned = True
        self._kill()

    def end(self) -> None:
        """End the process, whatever it does."""
        watchdog.leave(self)
        running.hosts.discard(self)
        process, self._process = self._process, None
        if process is not None:
            kill(process)
            process.join()
            self._connection.close()
            process.close()
        self._living.clear()
        self._expected, self._answers = {}, {}

    def __del__(self) -> None:
        process = self._process  # no more than this: whoever collects garbage may hold any lock
        if process is not None:
            with contextlib.suppress(Exception):
                kill(process)
                process.join()

    def start(self) -> None:
        """Start the process and load the code; NotAllowed where nobody has allowed that."""
        consent.check(self.code)
        spawn = get_context("spawn")
        self._connection, theirs = spawn.Pipe()
        printed, output = spawn.Pipe(duplex=False)
        process = spawn.Process(target=child.main, args=(theirs, output), name=f"environment {self.world.id}")
        try:
            process.start()
        except OSError as error:
            raise EnvironmentFailure(f"no process could be started for it ({error.strerror})", where=self.world.id) from error
        finally:
            theirs.close()
            output.close()
        self._process, self._abandoned = process, False
        self.printed = Printed(self.world.id, printed)
        running.hosts.add(self)
        watchdog.watch(self)
        text = np.frombuffer(self.code.text if self.code.is_file else b"", np.uint8)
        self._tell("importing it", self.world.start_seconds, text, do="load", source=self.code.source, path=str(self.code.path),
                   sha256=self.code.sha256)  # fmt: skip

    def _step_all(self, asked: list[tuple[int, int]]) -> None:
        call = f"step({asked[0][1]})" if len(asked) == 1 else "step"
        answer = self._ask(call, messages.steps(asked), self.world.step_seconds)
        try:
            if answer[0] == messages.TELL:
                said, _ = messages.told(answer)
                raise self._failed(said)
            stepped = messages.all_stepped(answer, len(asked), *self._kind)
        except ValueError:
            raise self._confused(call) from None
        self._answers |= {number: (action, one) for (number, action), one in zip(asked, stepped, strict=True)}

    def _tell(self, call: str, limit: float, *arrays: NDArray[Any], **said: Any) -> tuple[dict[str, Any], list[NDArray[Any]]]:
        """Ask for something and return the answer."""
        try:
            answer, given = messages.told(self._ask(call, messages.tell(said, *arrays), limit))
        except ValueError:
            raise self._confused(call) from None
        if "failed" in answer:
            raise self._failed(answer)
        return answer, given

    def _ask(self, call: str, message: bytes, limit: float) -> bytes:
        if self._process is None:
            raise EnvironmentFailure("its process has ended", where=self.world.id, remedy="Press Reset, then Train")
        with self._lock:
            self._limit, self._waited, self._asking, self._expired = limit, 0.0, True, False
        try:
            self._connection.send_bytes(message)
            answer = self._connection.recv_bytes(messages.LARGEST)
            while answer[:1] == bytes([messages.BUSY]):
                self._waited = 0.0
                answer = self._connection.recv_bytes(messages.LARGEST)
        except (EOFError, OSError):
            raise self._gone(call) from None
        finally:
            with self._lock:
                self._asking = False
        if self._expired:
            raise self._gone(call)
        if not answer:
            raise self._confused(call)
        return answer

    def _observed(self, call: str, seen: list[NDArray[Any]]) -> NDArray[Any]:
        dtype, shape = self._kind
        if len(seen) != 1 or seen[0].dtype != dtype or seen[0].shape != shape:
            raise self._confused(call)
        return seen[0]

    def _gone(self, call: str) -> EnvironmentFailure:
        """Why nothing was answered."""
        if self._abandoned:
            what, remedy = "it is needed no more", None
        elif self._expired:
            what, remedy = f"{call} took longer than {self._limit:g} s, so its process was ended", "Mend it, or give it more time"
        else:
            self._process.join(LAST_WORDS)
            what, remedy = f"its process ended by itself in {call} ({how(self._process.exitcode)})", None
        return self._failure(what, remedy)

    def _confused(self, call: str) -> EnvironmentFailure:
        return self._failure(f"its process answered {call} with what nobody understands")

    def _failed(self, said: dict[str, Any]) -> EnvironmentFailure:
        """What the process says went wrong."""
        call, what = str(said.get("call", "")), str(said["failed"])
        trace, place, remedy = (said.get(name) for name in ("trace", "place", "remedy"))
        failure = EnvironmentFailure(f"{call} {what}".strip(), where=str(place or self.world.id), remedy=str(remedy) if remedy else None)
        failure.details = str(trace or "")
        return failure

    def _failure(self, what: str, remedy: str | None = None) -> EnvironmentFailure:
        """The end of the process, with what it printed last."""
        printed = self.printed
        self.end()
        failure = EnvironmentFailure(what, where=self.world.id, remedy=remedy)
        if printed is not None:
            printed.wait(LAST_WORDS)
            failure.details = printed.text
        return failure

    def _ask_where_it_hangs(self) -> None:
        process = self._process
        if process is not None and hasattr(signal, "SIGUSR1"):
            with contextlib.suppress(OSError, ValueError):
                os.kill(process.pid, signal.SIGUSR1)
                time.sleep(LAST_WORDS)

    def _kill(self) -> None:
        process = self._process
        if process is None:
            return
        with contextlib.suppress(ValueError, OSError):
            kill(process)
            if os.name != "nt":  # what the environment has started may hold the other end open
                with socket.socket(fileno=os.dup(self._connection.fileno())) as ours:
                    ours.shutdown(socket.SHUT_RDWR)


@atexit.register
def _end_all() -> None:
    for host in list(running.hosts):
        host.abandon()
