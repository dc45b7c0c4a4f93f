"""Passes over a table: the arrays that sweeps read and write, and the sweeps themselves, on the processor or on a GPU.

`Passes` works with compiled kernels. Where every backup reads the pass before, states do not wait for one another, and a long range is
shared among the cores; the numbers are the same however many there are. Where nothing has changed, nothing changes: a block of states none
of which looks at a block that moved in the sweep before is left out, which takes no bit from the result. So far from the goal, where no
news has come yet, a sweep costs nothing. `core.planning.engine.tensors` does the same on a GPU, for which `make_passes` asks where a table
is large.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property, reduce
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from core import devices, system
from core.planning.engine import rivals
from core.planning.engine.kernels import (
    Bools,
    Table,
    Unsigned,
    average,
    back_up,
    back_up_blocks,
    back_up_pairs,
    challenge,
    follow,
    gather,
    list_rivals,
    look_at_all,
)
from core.worlds.mdp import FiniteMDP

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
T = TypeVar("T")

SHARE = 1 << 17
"""Transitions that a core gets at least: a millisecond of work."""
ARRAYS = ("values", "previous", "pair_values", "policy")
"""The arrays that sweeps read and write, by name."""
BLOCK = 1 << 11
"""States of a block."""
LARGE = 1 << 22
"""Transitions from which "auto" looks for a GPU. Below, a sweep is over before torch is imported."""


class Change(NamedTuple):
    """What some backups changed.

    Attributes:
        low, high: the smallest and the largest change of a value; inf and -inf where nothing was backed up.
        switched: states that changed their pair.
    """

    low: float = np.inf
    high: float = -np.inf
    switched: int = 0

    def also(self, other: "Change") -> "Change":
        """Both together."""
        return Change(min(self.low, other.low), max(self.high, other.high), self.switched + other.switched)

    @property
    def largest(self) -> float:
        """The largest change, up or down; 0 where nothing was backed up."""
        return max(-self.low, self.high, 0.0)


class Passes:
    """Sweeps on the processor.

    Attributes:
        values: [S] float64, the newest.
        previous: [S] float64, the values as they were before the pass at hand.
        pair_values: [P] float64, the newest Q of each pair.
        policy: [S] int64, the pair chosen in each state; meaningless in absorbing ones.
        table: as kernels read it.
        device: where the work is done, as a person reads it.
    """

    def __init__(self, mdp: FiniteMDP, discount: float) -> None:
        self.mdp = mdp
        # Values of absorbing states are 0 for ever: where episodes end nowhere else, weights need not be.
        ends_elsewhere = (mdp.terminated & ~mdp.absorbing[mdp.next_state]).any()
        self.table: Table = (
            mdp.state_offsets, mdp.outcome_offsets.view(np.uint64), mdp.next_state.view(np.uint64),
            mdp.continuation if ends_elsewhere else mdp.probability, mdp.expected_reward, float(discount),
        )  # fmt: skip
        self.values, self.previous, self.pair_values = np.zeros(mdp.states), np.zeros(mdp.states), np.zeros(mdp.pairs)
        self.policy = mdp.state_offsets[:-1].copy()
        self._stale = True
        self._moved: Bools | None = None
        self._rivals: rivals.Rivals | None = None
        self.threads = max(1, min(system.cores(), len(mdp.next_state) // SHARE))
        self.device = devices.processor(self.threads)

    def begin(self, whole: bool) -> None:
        """Keep the values as they are in `previous`. If the `whole` pass follows, `values` need not survive until it has written them."""
        if whole:
            self.previous, self.values = self.values, self.previous
        else:
            self.previous[:] = self.values

    def best(self, start: int, stop: int, margin: float = 0.0, in_place: bool = False) -> Change:
        """Give states start:stop the value of their best pair, and the policy this pair where it is better by more than `margin`."""
        stale, self._stale = self._stale, True
        arrays = (*self.table, self.values if in_place else self.previous, self.values, self.pair_values, self.policy, margin)
        if in_place or stop - start < self.mdp.states:
            self._moved = None
            self._forget_rivals()
            return _shared(lambda a, b: Change(*back_up(*arrays, a, b)), start, stop, 1 if in_place else self.threads)
        if self._rivals is not None:
            if not stale and margin == 0.0 and self._challenged(self._rivals):
                return self._changed()
            self._rivals.note(self.previous, guessed=False)
        if self._moved is None and not self.previous.any():
            arrays = (arrays[0], np.zeros_like(arrays[1]), *arrays[2:])  # nothing can follow that counts
        awake, moved = self._awake(), np.zeros(self._reach.shape[1], bool)
        for block in np.flatnonzero(~awake & (True if self._moved is None else self._moved)).tolist():
            states = slice(block * BLOCK, (block + 1) * BLOCK)
            self.values[states] = self.previous[states]
        blocks = np.flatnonzero(awake)
        change = _shared(lambda a, b: Change(*back_up_blocks(*arrays, BLOCK, blocks[a:b], moved)), 0, len(blocks), self.threads)
        self._moved = moved
        return change if len(blocks) == len(moved) else change.also(Change(0.0, 0.0))

    def _challenged(self, known: rivals.Rivals) -> bool:
        """Whether it was enough to evaluate the policy and to look at its rivals."""
        rise = known.rise(self.previous)
        if rise == np.inf or known.resting():
            return False
        self.follow(0, self.mdp.states)
        arrays = self.values, self.pair_values, self.policy
        parts = _parts(0, self.mdp.states, self.threads)
        ends = _each(lambda a, b: int(list_rivals(self.table[0], *arrays, rise, known.found, a, b)), parts)
        lists = [(int(self.mdp.state_offsets[start]), end) for (start, _), end in zip(parts, ends, strict=True)]
        few = known.few(sum(end - begin for begin, end in lists))
        if few:
            looks = *self.table[1:], self.mdp.pair_state, self.previous, *arrays, known.found
            _each(lambda a, b: challenge(*looks, a, b), lists)
            known.note(self.previous, guessed=True)
        self._stale = True
        return few

    def _changed(self) -> Change:
        """What an improvement of the gathered policy has changed."""
        acting = ~self.mdp.absorbing
        difference, switched = (self.values - self.previous)[acting], (self.policy != self._rows[0])[acting]
        return Change(float(difference.min()), float(difference.max()), int(switched.sum()))

    def _forget_rivals(self) -> None:
        """Before pairs' values are changed in another way."""
        if self._rivals is not None:
            self._learn_bounds()
            self._rivals.seen = None

    def _learn_bounds(self) -> None:
        """Look at all pairs whose values are but bounds."""
        known = self._rivals
        if known is not None and known.guessed and known.seen is not None:
            look_at_all(*self.table[1:], known.seen, known.lift, self.pair_values)
            known.guessed = False

    def _awake(self) -> Bools:
        """Of each block whether it looks at one that moved in the sweep before; all where that is not known."""
        if self._moved is None:
            return np.ones(self._reach.shape[1], bool)
        so_far = np.append(0, np.cumsum(self._moved))
        return so_far[self._reach[1] + 1] > so_far[self._reach[0]]

    @cached_property
    def _reach(self) -> Ints:
        """[2, blocks] the first and the last block that each block looks at; one that looks at none has its last before its first."""
        mdp = self.mdp
        starts = np.arange(0, mdp.states, BLOCK)
        outcomes = mdp.outcome_offsets[mdp.state_offsets[np.append(starts, mdp.states)]]
        acts = outcomes[1:] > outcomes[:-1]
        reach = np.stack([np.zeros(len(starts), np.int64), np.full(len(starts), -1)])
        for row, extreme in enumerate((np.minimum, np.maximum)):
            reach[row, acts] = extreme.reduceat(mdp.next_state, outcomes[:-1][acts]) // BLOCK
        return reach

    def best_pairs(self, start: int, stop: int) -> Change:
        """Back up pairs start:stop; `values` and `policy` follow when the last pair of a state is done. `Change` is that of pairs."""
        self._moved = None
        self._forget_rivals()
        arrays = (*self.table, self.mdp.pair_state, self.previous, self.values, self.pair_values, self.policy)
        return Change(*back_up_pairs(*arrays, start, stop))

    def follow(self, start: int, stop: int) -> Change:
        """Give states start:stop the value of the policy's pair."""
        self._moved = None
        rows = self._rows
        if self._rivals is None and len(self.mdp.next_state) >= rivals.MANY * self.mdp.pairs:
            self._rivals = rivals.Rivals(self.mdp, self.table[-1])
        if self._stale:
            gather(*self.table[:-1], self.policy, *rows)
            self._stale = False
        return _shared(lambda a, b: Change(*follow(*rows[1:], self.table[-1], self.previous, self.values, a, b)), start, stop, self.threads)

    def average(self, weights: Floats, start: int, stop: int) -> Change:
        """Give states start:stop the mean value of their pairs, by `weights` [P]."""
        self._moved = None
        return _shared(
            lambda a, b: Change(*average(*self.table, self.previous, self.values, self.pair_values, weights, a, b)),
            start, stop, self.threads,
        )  # fmt: skip

    def largest(self) -> float:
        """The largest value, whatever its sign."""
        return max(float(self.values.max()), -float(self.values.min()))

    def fetch(self) -> None:
        """Bring the four arrays up to date."""
        self._learn_bounds()

    def raise_all(self, shift: float) -> None:
        """Add `shift` to the value of every state and pair that acts."""
        self._moved = None
        self.values[~self.mdp.absorbing] += shift
        self.pair_values += shift
        if self._rivals is not None:
            self._rivals.lift += shift

    def write(self, name: str, array: NDArray[np.generic]) -> None:
        """Overwrite one of the four arrays by its name."""
        self._forget_rivals()
        getattr(self, name)[:] = array
        self._stale, self._moved = True, None

    @cached_property
    def _rows(self) -> tuple[Ints, Unsigned, Unsigned, Floats, Floats]:
        """Room for the policy's own transitions, one after the other: read from among all, each would cost a look at far memory."""
        mdp = self.mdp
        sizes = np.diff(mdp.outcome_offsets)
        acting = ~mdp.absorbing
        longest = np.zeros(mdp.states, np.int64)
        longest[acting] = np.maximum.reduceat(sizes, mdp.state_offsets[:-1][acting])
        offsets = np.append(0, np.cumsum(longest))
        count = int(offsets[-1])
        gathered = np.full(mdp.states, -1)
        return gathered, offsets.view(np.uint64), np.zeros(count, np.uint64), np.zeros(count), np.zeros(mdp.states)


def make_passes(mdp: FiniteMDP, discount: float, device: str) -> Passes:
    """Passes on the device of this name. "auto" takes a GPU for large tables; where tensors cannot be float64 (mps) it is the processor.

    Raises:
        DeviceError: where the device is not there.
    """
    if device == "cpu" or (device == "auto" and (len(mdp.next_state) < LARGE or not system.has_cuda_driver())):
        return Passes(mdp, discount)
    chosen = devices.choose(device)
    if chosen.type != "cuda":
        return Passes(mdp, discount)
    from core.planning.engine.tensors import TensorPasses

    return TensorPasses(mdp, discount, chosen)


def _shared(work: Callable[[int, int], Change], start: int, stop: int, threads: int) -> Change:
    """The work on start:stop, a part on each core."""
    return reduce(Change.also, _each(work, _parts(start, stop, threads)))


def _parts(start: int, stop: int, threads: int) -> list[tuple[int, int]]:
    """start:stop in as many parts."""
    return list(pairwise(start + (stop - start) * part // threads for part in range(threads + 1)))


def _each(work: Callable[[int, int], T], parts: list[tuple[int, int]]) -> list[T]:
    """What the work returns on each part, all at once."""
    return [work(*parts[0])] if len(parts) == 1 else list(_workers().map(work, *zip(*parts, strict=True)))


@cache
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(system.cores(), "planning")
