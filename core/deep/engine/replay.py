"""Experience replay (Lin 1992): a ring of the most recent transitions, drawn from uniformly with replacement."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from core.deep.engine.device import Shared, on_host, to_numpy
from core.deep.engine.frames import Frames
from core.deep.engine.minibatch import GOES_ON, TERMINATED, TRUNCATED, Gather, Minibatch
from core.deep.engine.n_step import NStepGather
from core.deep.engine.pieces import Pieces
from core.deep.engine.rows import row_width
from core.deep.engine.sights import Sights


class Replay:
    """K rings that are written in step.

    Args:
        members: K.
        capacity: transitions that each ring holds.
        stored: numbers kept for one observation.
        actions: A.
        batch: B.
        streams: each member's own generator for drawing.
        device: where the rings lie.
        discount: [K] gamma of each member.
        steps: n, how many rewards a drawn transition sums up at most.
        stack: pictures that are seen at once, of which each is kept once; 0: the rows hold what is seen.

    Attributes:
        count: transitions stored so far.
        rows: [K, capacity, R] the rings; only the first `filled` places hold anything.
    """

    def __init__(
        self, members: int, capacity: int, stored: int, actions: int, batch: int, streams: Sequence[Generator], device: torch.device,
        discount: Sequence[float], steps: int = 1, stack: int = 0,
    ) -> None:  # fmt: skip
        self.frames = Frames(members, capacity, stack, stored // stack) if stack else None
        stored = 0 if stack else stored
        self.capacity, self.stored, self.streams, self.steps = capacity, stored, streams, steps
        self.discount = list(discount)
        self.count = 0
        width = row_width(stored, actions)
        # Not filled: memory is only taken page by page, as transitions come in.
        self.rows = torch.empty(members, capacity, width, device=device)
        self._here = on_host(self.rows)
        self._pieces = Pieces(self.rows)
        self._track: NDArray[np.float32] = np.empty((members, capacity if steps > 1 else 0, 2), np.float32)
        self._tracked = slice(2 * stored + 1, 2 * stored + 3)
        self._incoming = Shared((members, width), device)
        self._draws = np.zeros((members, batch))
        self._ahead: deque[Tensor] = deque()
        self._many, self._one = self._gather(batch), self._gather(1)

    def _gather(self, batch: int) -> Gather:
        sights = Sights(self.frames, batch, self.rows.device) if self.frames else None
        if self.steps == 1:
            return Gather(self.rows, self.stored, batch, sights)
        return NStepGather(self.rows, self.stored, batch, self._track, np.array(self.discount), self.steps, sights)

    @property
    def filled(self) -> int:
        """Transitions that each ring holds now."""
        return min(self.count, self.capacity)

    @property
    def _newest(self) -> int:
        return (self.count - 1) % self.capacity

    @property
    def minibatch(self) -> Minibatch:
        """What `sample` returned last."""
        return self._many.minibatch

    def begin(self, member: int, observation: ArrayLike) -> None:
        """Note where the coming transition starts."""
        if self.frames:
            self.frames.begin(member, self.count, observation)
            return
        self._incoming.array[member, : self.stored] = observation

    def end(
        self, member: int, next_observation: ArrayLike, action: int, reward: float, terminated: bool, truncated: bool,
        next_mask: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        """Note how it ended; `next_mask` [A] are the actions available afterwards."""
        row, stored = self._incoming.array[member], 2 * self.stored
        if self.frames:
            self.frames.end(member, self.count, next_observation)
        else:
            row[self.stored : stored] = next_observation
        row[stored] = action
        row[stored + 1] = reward
        row[stored + 2] = TERMINATED if terminated else TRUNCATED if truncated else GOES_ON
        row[stored + 3] = 0.0 if terminated else self.discount[member]
        np.logical_not(next_mask, out=row[stored + 4 :])

    def over(self, member: int) -> None:
        """The noted transition was the last of its episode: what comes next is not seen together with it."""
        if self.frames:
            self.frames.part(member, self.count)

    def commit(self) -> None:
        """Store every member's noted transition, over the oldest one if the ring is full."""
        if self.steps > 1:
            self._track[:, self.count % self.capacity] = self._incoming.array[:, self._tracked]
        if len(self._here):
            self._here[:, self.count % self.capacity] = self._incoming.array
            self.count += 1
        else:
            self.put(self._incoming.push())
        if self.frames:
            self.frames.drop(self.count - self.capacity)

    def put(self, rows: Tensor) -> None:
        """Store one row [K, R] of every member."""
        self.rows[:, self.count % self.capacity].copy_(rows)
        self.count += 1

    def lately(self, count: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """What was `put`, as if it had been noted: actions [T, K] of the newest `count` transitions of each member, and how they ended."""
        places = np.arange(self.count - count, self.count) % self.capacity
        lately = to_numpy(self.rows.index_select(1, torch.from_numpy(places).to(self.rows.device)))
        if self.steps > 1:
            self._track[:, places] = lately[..., self._tracked]
        rows = lately.swapaxes(0, 1)
        self._incoming.array[:] = rows[-1]
        return rows[..., 2 * self.stored].astype(np.int64), rows[..., 2 * self.stored + 2]

    def part(self) -> None:
        """What is stored next does not follow what was stored last: returns of n steps end there, as at a step limit."""
        if self.steps > 1 and self.count:
            ended, track = self.rows[:, self._newest, 2 * self.stored + 2], self._track[:, self._newest, 1]
            ended[ended == GOES_ON] = TRUNCATED
            track[track == GOES_ON] = TRUNCATED
        if self.frames and self.count:
            for member in range(self.frames.members):
                self.frames.part(member, self.count - 1)

    def sample(self) -> Minibatch:
        """B transitions of every member, uniformly with replacement; overwritten by the next call."""
        if self._ahead:
            return self._many.bring(self._ahead.popleft(), self._newest)
        self._draw()
        np.multiply(self._draws, self.filled, out=self._many.places, casting="unsafe")
        return self._taken(self._many)

    def draw_ahead(self, filled: Sequence[int]) -> None:
        """Draw now what the next calls of `sample` return, before each of which so many transitions will be stored; rows must hold what was
        seen."""
        members, batch = self._draws.shape
        draws = np.empty((members, len(filled), batch))
        for stream, own in zip(self.streams, draws, strict=True):
            stream.random(out=own)
        places = (draws * np.array(filled, np.int64)[:, None]).astype(np.int64) + (np.arange(members) * self.capacity)[:, None, None]
        self._ahead.extend(torch.from_numpy(places.swapaxes(0, 1).reshape(-1, members * batch)).to(self.rows.device))

    def newest(self) -> Minibatch:
        """[K, 1] of the transition just stored, for learning without replay; overwritten by the next call.

        With n steps it is the transition n - 1 before, which now has its n rewards, or those to the end of its episode: called
        after every `commit`, each transition comes up once, those before the end of an episode during the first steps of the
        next. Until n are stored, the first one comes up, with the rewards there are.
        """
        self._one.places[:] = (self.count - min(self.steps, self.filled)) % self.capacity
        return self._taken(self._one)

    def _taken(self, gather: Gather) -> Minibatch:
        if gather.sights is not None:
            gather.sights.newest = self.count - 1
        return gather.take(self._newest)

    def _draw(self) -> None:
        for stream, draws in zip(self.streams, self._draws, strict=True):
            stream.random(out=draws)

    def state(self) -> dict[str, Any]:
        """The filled part and where it goes on; the streams are their owner's."""
        kept = {"count": self.count, "rows": self._pieces.taken(self.count), "incoming": self._incoming.array.copy()}
        return kept | {"frames": self.frames.state(self.count)} if self.frames else kept

    def restore(self, state: Mapping[str, Any]) -> None:
        self.count = int(state["count"])
        self._ahead.clear()
        self._pieces.put(state["rows"], self.count)
        if self.steps > 1:
            self._track[:, : self.filled] = self.rows[:, : self.filled, self._tracked].cpu().numpy()
        self._incoming.array[:] = state["incoming"]
        if self.frames:
            self.frames.restore(state["frames"], self.count)
