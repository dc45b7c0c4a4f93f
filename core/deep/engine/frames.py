"""What is seen of a game in the replay: every picture once, as bytes; the newest few that an agent sees are put together when drawn.

    s_t = (f_max(t-3, b) … f_t),    b the first picture of the episode

A picture is kept as it comes. At the start of an episode, where there are fewer than are seen, the first stands for those that are missing,
as FrameStackObservation has it; where an episode goes on after what a person showed, those before are kept beside. Pictures lie on the
host, in blocks that are written once: states that are kept share them.
"""

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.deep.engine.rows import block_of, frames_kept
from core.errors import ConfigError
from core.memory import usable_memory

Bytes = NDArray[np.uint8]


class Frames:
    """The pictures of K rings of transitions, which are written in step.

    Args:
        members: K.
        capacity: transitions of each ring.
        stack: pictures that are seen at once.
        size: pixels of one.

    Raises:
        ConfigError: where this machine has less memory.
    """

    def __init__(self, members: int, capacity: int, stack: int, size: int) -> None:
        self.members, self.capacity, self.stack, self.size = members, capacity, stack, size
        needed, there = members * frames_kept(capacity, stack) * size, usable_memory()
        if needed > there:
            raise ConfigError(
                f"the pictures take {needed >> 20:,} MiB of memory, and this machine has {there >> 20:,}",
                where="buffer_size", remedy="Keep fewer transitions",
            )  # fmt: skip
        self._places = block_of(capacity, stack)
        self._blocks: list[Bytes | None] = [None] * (frames_kept(capacity, stack) // self._places)
        self._opened = -1
        self._starts: list[list[int]] = [[0] for _ in range(members)]
        self._last: list[dict[int, Bytes]] = [{} for _ in range(members)]
        self._earlier: list[dict[int, Bytes]] = [{} for _ in range(members)]

    def begin(self, member: int, number: int, seen: ArrayLike) -> None:
        """Keep the newest of the pictures `seen` [stack size] before the transition of that number, and the others where it goes on with an
        episode that was parted. Of the start of an episode, the newest alone is enough."""
        newest = self._newest(seen)
        self._put(member, number, newest)
        if number == self._starts[member][-1]:
            earlier = np.asarray(seen)[: -self.size].astype(np.uint8).reshape(-1, self.size)
            if (earlier != newest).any():
                earlier.flags.writeable = False
                self._earlier[member][number] = earlier

    def end(self, member: int, number: int, seen: ArrayLike) -> None:
        """Keep the newest picture after it."""
        self._put(member, number + 1, self._newest(seen))

    def part(self, member: int, number: int) -> None:
        """The transition of that number was the last of its episode."""
        starts = self._starts[member]
        if starts[-1] <= number:
            last = self._last[member][number] = self._picture(member, number + 1).copy()
            last.flags.writeable = False
            starts.append(number + 1)

    def drop(self, number: int) -> None:
        """Let go of what only transitions before that number are seen with."""
        for starts, last, earlier in zip(self._starts, self._last, self._earlier, strict=True):
            last.pop(number - 1, None)
            while len(starts) > 1 and starts[1] <= number:
                earlier.pop(starts.pop(0), None)

    def seen(self, member: int, number: int, into: Bytes) -> None:
        """Write what was seen before a transition into [stack, size]."""
        start = self._start(member, number)
        for place, at in enumerate(range(number - self.stack + 1, number + 1)):
            into[place] = self._since(member, start, at)

    def seen_after(self, member: int, number: int, into: Bytes) -> None:
        """Write what was seen after it."""
        start = self._start(member, number)
        for place, at in enumerate(range(number - self.stack + 2, number + 1)):
            into[place] = self._since(member, start, at)
        last = self._last[member].get(number)
        into[-1] = self._picture(member, number + 1) if last is None else last

    def state(self, number: int) -> dict[str, Any]:
        """All pictures, where so many transitions were stored; blocks that are full are read-only and shared, not copied."""
        open_ = self._block(number)
        blocks = {at: block for at, block in enumerate(self._blocks) if block is not None}
        for at, block in blocks.items():
            block.flags.writeable = at == open_
        return {
            "blocks": {str(at): block.copy() if at == open_ else block for at, block in blocks.items()},
            "starts": {str(member): np.array(starts) for member, starts in enumerate(self._starts)},
            "last": _named(self._last),
            "earlier": _named(self._earlier),
        }

    def restore(self, state: Mapping[str, Any], number: int) -> None:
        """As it was; ValueError where the blocks are not those of this ring."""
        shape, open_ = (self.members, self._places, self.size), self._block(number)
        self._blocks = [None] * len(self._blocks)
        for name, block in state["blocks"].items():
            if block.shape != shape or block.dtype != np.uint8 or not 0 <= int(name) < len(self._blocks):
                raise ValueError("the replay's pictures do not fit together")
            self._blocks[int(name)] = np.array(block) if int(name) == open_ else block
        self._opened = number // self._places if state["blocks"] else -1
        self._starts = [np.asarray(state["starts"][str(member)]).tolist() for member in range(self.members)]
        self._last, self._earlier = (
            [{int(at): pictures for at, pictures in state.get(name, {}).get(str(member), {}).items()} for member in range(self.members)]
            for name in ("last", "earlier")
        )

    def _newest(self, seen: ArrayLike) -> Bytes:
        return np.asarray(seen)[-self.size :].astype(np.uint8)

    def _start(self, member: int, number: int) -> int:
        """The first transition of the episode."""
        starts = self._starts[member]
        return starts[bisect_right(starts, number) - 1]

    def _since(self, member: int, start: int, number: int) -> Bytes:
        """The picture before the transition of a number that may lie before the start of the episode."""
        earlier = self._earlier[member].get(start) if number < start else None
        return self._picture(member, max(number, start)) if earlier is None else earlier[number - start]

    def _block(self, number: int) -> int:
        return number // self._places % len(self._blocks)

    def _picture(self, member: int, number: int) -> Bytes:
        block = self._blocks[self._block(number)]
        assert block is not None
        return block[member, number % self._places]

    def _put(self, member: int, number: int, picture: Bytes) -> None:
        """Write a picture; the first one of a block opens it anew, and leaves the old one to whoever shares it."""
        if number // self._places > self._opened:
            self._opened = number // self._places
            self._blocks[self._block(number)] = np.zeros((self.members, self._places, self.size), np.uint8)
        self._picture(member, number)[:] = picture


def _named(kept: list[dict[int, Bytes]]) -> dict[str, dict[str, Bytes]]:
    """What each member keeps, by names that files can have."""
    return {str(member): {str(at): pictures for at, pictures in each.items()} for member, each in enumerate(kept)}
