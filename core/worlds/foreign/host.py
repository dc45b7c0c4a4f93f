"""The environments of one world in a process of their own, as this side sees them: by number, and steps that are known ahead together."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import EnvironmentFailure
from core.worlds.foreign import consent, memory, messages
from core.worlds.foreign.messages import Stepped
from core.worlds.foreign.process import Process

if TYPE_CHECKING:
    from core.worlds.gym import GymWorld


class Host:
    """A process for environments of one world. It starts with the first of them and ends with the last.

    Args:
        world: whose `source` names the code.

    Raises:
        EnvironmentFailure: where the code is not there, or is not what the world says it was.
    """

    def __init__(self, world: "GymWorld") -> None:
        self.world = world
        self.code = consent.checked(world)
        self._process: Process | None = None
        self._numbers = 0
        self._living: set[int] = set()
        self._expected: dict[int, int] = {}
        self._answers: dict[int, tuple[int, Stepped]] = {}
        self._kind: tuple[np.dtype[Any], tuple[int, ...]] = np.dtype(np.float32), ()

    @property
    def held(self) -> bool:
        """Whether learners should hold still between two steps."""
        return self._process is not None and self._process.held

    def start(self) -> None:
        """Start the process and load the code.

        Raises:
            NotAllowed: where nobody has allowed that.
            EnvironmentFailure: where it cannot be loaded.
        """
        consent.check(self.code)
        self._process = Process(self.world.id, memory.allowed(self.world.memory_gib))
        text = np.frombuffer(self.code.text if self.code.is_file else b"", np.uint8)
        self._tell("importing it", self.world.start_seconds, text, do="load", source=self.code.source, path=str(self.code.path),
                   sha256=self.code.sha256)  # fmt: skip

    def make(self, render: bool) -> tuple[int, dict[str, Any], list[NDArray[Any]]]:
        """Make one more environment: its number, what is told of it, and the bounds of its observations."""
        number, self._numbers = self._numbers, self._numbers + 1
        world = self.world
        try:
            if self._process is None or self._process.over:
                self._forget()
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
        dtype, shape = self._kind
        if len(seen) != 1 or seen[0].dtype != dtype or seen[0].shape != shape:
            raise self._running.confused(call)
        return seen[0]

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
        if len(pictures) != 1 or pictures[0].dtype != np.uint8 or pictures[0].ndim != 3 or pictures[0].shape[2] != 3:
            raise self._running.confused("render()")
        return pictures[0]

    def close(self, number: int) -> None:
        """One environment is needed no more."""
        self._living.discard(number)
        self._expected.pop(number, None)
        self._answers.pop(number, None)
        if self._process is None or self._process.over:
            return
        if self._living:
            with suppress(EnvironmentFailure):
                self._tell("close()", self.world.step_seconds, do="close", number=number)
        else:
            self._process.quit(messages.tell({"do": "quit"}))

    def end(self) -> None:
        """End the process, whatever it does."""
        if self._process is not None:
            self._process.end()
        self._forget()

    @property
    def _running(self) -> Process:
        if self._process is None or self._process.over:
            raise EnvironmentFailure("its process has ended", where=self.world.id, remedy="Press Reset, then Train")
        return self._process

    def _forget(self) -> None:
        self._living.clear()
        self._expected, self._answers = {}, {}

    def _step_all(self, asked: list[tuple[int, int]]) -> None:
        call = f"step({asked[0][1]})" if len(asked) == 1 else "step"
        process = self._running
        answer = process.ask(call, messages.steps(asked), self.world.step_seconds)
        try:
            if answer[0] == messages.TELL:
                said, _ = messages.told(answer)
                raise self._failed(said)
            stepped = messages.all_stepped(answer, len(asked), *self._kind)
        except (ValueError, LookupError):
            raise process.confused(call) from None
        self._answers |= {number: (action, one) for (number, action), one in zip(asked, stepped, strict=True)}

    def _tell(self, call: str, limit: float, *arrays: NDArray[Any], **said: Any) -> tuple[dict[str, Any], list[NDArray[Any]]]:
        """Ask for something and return the answer."""
        process = self._running
        try:
            answer, given = messages.told(process.ask(call, messages.tell(said, *arrays), limit))
        except ValueError:
            raise process.confused(call) from None
        if "failed" in answer:
            raise self._failed(answer)
        return answer, given

    def _failed(self, said: dict[str, Any]) -> EnvironmentFailure:
        """What the process says went wrong; LookupError where it says nothing."""
        call, what = str(said.get("call", "")), str(said["failed"])
        trace, place, remedy = (said.get(name) for name in ("trace", "place", "remedy"))
        failure = EnvironmentFailure(f"{call} {what}".strip(), where=str(place or self.world.id), remedy=str(remedy) if remedy else None)
        failure.details = str(trace or "")
        return failure
