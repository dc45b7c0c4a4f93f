"""Passes on a GPU: the transitions as one sparse matrix in compressed rows, a sweep as its product with the values.

Sums may be taken in another order than on the processor, so that values agree within the rounding that every bound allows for, not bit
by bit.
"""

import warnings
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import devices
from core.planning.engine.passes import ARRAYS, Change, Floats, Passes
from core.worlds.mdp import FiniteMDP


class TensorPasses(Passes):
    """Sweeps on a torch device. The host's arrays are up to date after `fetch`."""

    def __init__(self, mdp: FiniteMDP, discount: float, device: torch.device) -> None:
        super().__init__(mdp, discount)
        self.threads, self.device = 1, devices.describe(device, 1)
        self._discount, self._device = float(discount), device
        index = np.int32 if max(mdp.states, len(mdp.next_state)) < 2**31 else np.int64
        self._offsets, self._next = self._tensor(mdp.outcome_offsets.astype(index)), self._tensor(mdp.next_state.astype(index))
        self._weight, self._reward = self._tensor(self.table[3]), self._tensor(mdp.expected_reward)
        self._state_offsets, self._pair_state = self._tensor(mdp.state_offsets), self._tensor(mdp.pair_state)
        self._acting = self._tensor(~mdp.absorbing)
        self._tensors = {name: self._tensor(getattr(self, name)) for name in ARRAYS}
        self._matrix = self._rows_of(self._offsets, self._next, self._weight)
        self._weights: tuple[Floats | None, Tensor] = None, self._reward
        self._chosen: tuple[Tensor, Tensor] | None = None

    def _tensor(self, array: NDArray[Any]) -> Tensor:
        return torch.tensor(array, device=self._device)

    def _rows_of(self, offsets: Tensor, columns: Tensor, weights: Tensor) -> Tensor:
        """[N, S] sparse; `offsets` [N + 1] may begin anywhere."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Sparse (invariant|CSR)", UserWarning)
            shape = len(offsets) - 1, self.mdp.states
            return torch.sparse_csr_tensor(offsets - offsets[0], columns, weights, shape, check_invariants=False)

    def begin(self, whole: bool) -> None:
        tensors = self._tensors
        if whole:
            tensors["previous"], tensors["values"] = tensors["values"], tensors["previous"]
        else:
            tensors["previous"].copy_(tensors["values"])

    def best(self, start: int, stop: int, margin: float = 0.0, in_place: bool = False) -> Change:
        assert not in_place
        first, last = (int(end) for end in self.mdp.state_offsets[[start, stop]])
        self._look_ahead(first, last)
        return self._take_best(start, stop, margin)

    def best_pairs(self, start: int, stop: int) -> Change:
        before = self._tensors["pair_values"][start:stop].clone()
        difference = self._look_ahead(start, stop) - before
        last = int(self.mdp.pair_state[stop - 1])
        done = last + int(self.mdp.state_offsets[last + 1] == stop)
        switched = self._take_best(int(self.mdp.pair_state[start]), done, 0.0).switched
        return Change(float(difference.min()), float(difference.max()), switched)

    def follow(self, start: int, stop: int) -> Change:
        if self._chosen is None:
            acting = self._acting
            pairs = torch.where(acting, self._tensors["policy"], 0)
            sizes = torch.where(acting, self._offsets[pairs + 1] - self._offsets[pairs], 0)
            ends = sizes.cumsum(0)
            places = torch.repeat_interleave(self._offsets[pairs] - (ends - sizes), sizes) + torch.arange(
                int(ends[-1]), device=self._device
            )
            offsets = torch.nn.functional.pad(ends, (1, 0)).to(self._next.dtype)
            self._chosen = self._rows_of(offsets, self._next[places], self._weight[places]), self._reward[pairs]
        matrix, reward = self._chosen
        previous = self._tensors["previous"]
        return self._store(torch.add(reward, matrix @ previous, alpha=self._discount)[start:stop], start, stop)

    def average(self, weights: Floats, start: int, stop: int) -> Change:
        first, last = (int(end) for end in self.mdp.state_offsets[[start, stop]])
        if self._weights[0] is not weights:
            self._weights = weights, self._tensor(weights)
        weighted = self._look_ahead(first, last) * self._weights[1][first:last]
        sums = torch.zeros(stop - start, dtype=weighted.dtype, device=self._device)
        return self._store(sums.index_add_(0, self._pair_state[first:last] - start, weighted), start, stop)

    def largest(self) -> float:
        return float(self._tensors["values"].abs().max())

    def fetch(self) -> None:
        for name, tensor in self._tensors.items():
            getattr(self, name)[:] = tensor.cpu().numpy()

    def raise_all(self, shift: float) -> None:
        self._tensors["values"][self._acting] += shift
        self._tensors["pair_values"] += shift

    def write(self, name: str, array: NDArray[np.generic]) -> None:
        super().write(name, array)
        self._tensors[name] = self._tensor(getattr(self, name))
        self._chosen = None

    def _look_ahead(self, first: int, last: int) -> Tensor:
        """[last - first] Q of these pairs, kept."""
        matrix = self._matrix
        if last - first < self.mdp.pairs:
            begin, end = (int(place) for place in self.mdp.outcome_offsets[[first, last]])
            matrix = self._rows_of(self._offsets[first : last + 1], self._next[begin:end], self._weight[begin:end])
        kept = self._tensors["pair_values"][first:last]
        return torch.add(self._reward[first:last], matrix @ self._tensors["previous"], alpha=self._discount, out=kept)

    def _take_best(self, start: int, stop: int, margin: float) -> Change:
        """Values and policy of states start:stop by their pairs' values."""
        self._chosen = None
        first, last = (int(end) for end in self.mdp.state_offsets[[start, stop]])
        if first == last:
            return Change()
        q, policy = self._tensors["pair_values"], self._tensors["policy"][start:stop]
        state = self._pair_state[first:last] - start
        top = torch.segment_reduce(q[first:last], "max", offsets=self._state_offsets[start : stop + 1] - first)
        pairs = torch.where(q[first:last] == top[state], torch.arange(first, last, device=self._device), self.mdp.pairs)
        best = torch.full_like(policy, self.mdp.pairs).scatter_reduce_(0, state, pairs, "amin")
        switched = top > q[policy.clamp(max=self.mdp.pairs - 1)] + margin
        policy.copy_(torch.where(switched, best, policy))
        return self._store(top, start, stop)._replace(switched=int(switched.sum()))

    def _store(self, values: Tensor, start: int, stop: int) -> Change:
        """Write the values of the states start:stop that act."""
        acting, new = self._acting[start:stop], self._tensors["values"][start:stop]
        difference = values - self._tensors["previous"][start:stop]
        new.copy_(torch.where(acting, values, new))
        low, high = torch.where(acting, difference, np.inf).min(), torch.where(acting, difference, -np.inf).max()
        return Change(*torch.stack([low, high]).tolist())
