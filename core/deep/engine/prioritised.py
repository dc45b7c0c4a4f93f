"""Prioritised experience replay, proportional (Schaul et al. 2016): what was learned least is replayed most.

    P(i) = p_i^α / Σ_j p_j^α,    p = |δ| + ε,    w_i = (N P(i))^-β / max over the minibatch of w

A transition enters with the largest priority so far. Draws are stratified: one from each of B equal parts of the sum. The weights
undo the bias of drawing unequally, all of it at β = 1; N and the sum cancel in them, which leaves (least p^α / p_i^α)^β.

Deviations from the paper: rewards may be summed over n steps (Hessel et al. 2018), with δ the error of the whole; the largest
weight is that of each member's minibatch, as in the paper, not of the whole memory, as in some later code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from core.compiled import borrowing
from core.deep.engine.device import Shared
from core.deep.engine.minibatch import Minibatch
from core.deep.engine.replay import Replay
from core.deep.engine.sum_tree import Floats, Ints, build, find, put

BOUND = 1e30
"""Largest p^α, also of errors that are not finite: sums stay finite."""
SEEN = 4096
"""Transitions from which on not all are looked at to see how priorities are spread."""


class PrioritisedReplay(Replay):
    """K rings drawn from by priority.

    Args:
        members: K.
        capacity: transitions that each ring holds.
        stored: numbers kept for one observation.
        actions: A.
        batch: B.
        streams: each member's own generator for drawing.
        device: where the rings lie; the trees lie on the host.
        discount: [K] gamma of each member.
        steps: n.
        alpha: how much priorities count, 0: not at all.
        epsilon: what is added to the size of an error, above 0: nothing is forgotten for good.
        stack: as of any replay.

    Attributes:
        trees: [K, 2 capacity] sum trees of p^alpha.
        largest: [K] float64, the largest p^alpha so far, 1 before the first.
    """

    def __init__(
        self, members: int, capacity: int, stored: int, actions: int, batch: int, streams: Sequence[Generator], device: torch.device,
        discount: Sequence[float], steps: int = 1, alpha: float = 0.6, epsilon: float = 1e-6, stack: int = 0,
    ) -> None:  # fmt: skip
        self._weights = Shared((members, batch, 1), device)
        super().__init__(members, capacity, stored, actions, batch, streams, device, discount, steps, stack)
        self.alpha, self.epsilon = alpha, epsilon
        self.trees: Floats = np.zeros((members, 2 * capacity))
        self.largest: Floats = np.ones(members)
        self._beta = np.zeros(members)
        self._weighted = replace(self._many.minibatch, weights=self._weights.tensor)

    @property
    def minibatch(self) -> Minibatch:
        return self._weighted

    def commit(self) -> None:
        append(self.trees, self.count % self.capacity, self.largest)
        super().commit()

    def sample(self, beta: ArrayLike = 1.0) -> Minibatch:
        """B transitions of every member by priority, with `weights`; overwritten by the next call.

        Args:
            beta: how much of the bias the weights undo, for all members or [K].
        """
        self._beta[:] = beta
        self._draw()
        draw(self.trees, self._draws, self._beta, self._many.places, self._weights.array)
        self._weights.push()
        self._taken(self._many)
        return self._weighted

    def reprioritise(self, td_error: Tensor) -> None:
        """Give the transitions of the last `sample` the priorities of their td errors [K, B, 1]; before the next `commit`."""
        assign(self.trees, self._many.places, td_error.detach().cpu().numpy(), self.alpha, self.epsilon, self.largest)

    def figures(self) -> dict[str, Floats]:
        """[K] the mean of all p^alpha, and the largest so far, with which transitions enter."""
        return {"priority": self.trees[:, 1] / self.filled, "largest_priority": self.largest}

    def spread(self, member: int) -> Floats:
        """[N] p^alpha of what a member's ring holds: of all, or of `SEEN` and more evenly chosen ones."""
        kept = self.trees[member, self.capacity : self.capacity + self.filled]
        return kept[:: max(len(kept) // SEEN, 1)].copy()

    def state(self) -> dict[str, Any]:
        priorities = self.trees[:, self.capacity : self.capacity + self.filled]
        return super().state() | {"priorities": priorities.copy(), "largest": self.largest.copy()}

    def restore(self, state: Mapping[str, Any]) -> None:
        super().restore(state)
        self.trees[:] = 0.0
        self.trees[:, self.capacity : self.capacity + self.filled] = state["priorities"]
        build(self.trees)
        self.largest[:] = state["largest"]


@borrowing
def append(trees: Floats, place: int, largest: Floats) -> None:
    """Give a place the largest priority [K] of each member."""
    for member in range(trees.shape[0]):
        put(trees[member], place, largest[member])


@borrowing
def draw(trees: Floats, draws: Floats, beta: Floats, places: Ints, weights: NDArray[np.float32]) -> None:
    """Draw B places of every member.

    Args:
        trees: [K, 2 C].
        draws: [K, B] from 0 to below 1, one for each part of the sum; overwritten.
        beta: [K].
        places: [K, B] receives the places.
        weights: [K, B, 1] receives their weights.
    """
    members, batch = draws.shape
    capacity = trees.shape[1] // 2
    for member in range(members):
        tree, drawn, masses = trees[member], places[member], draws[member]
        part, least = tree[1] / batch, np.inf
        for which in range(batch):
            masses[which] = (which + masses[which]) * part
        find(tree, masses, drawn)
        for which in range(batch):
            least = min(least, tree[capacity + drawn[which]])
        for which in range(batch):
            weights[member, which, 0] = (least / tree[capacity + drawn[which]]) ** beta[member]


@borrowing
def assign(trees: Floats, places: Ints, td_error: NDArray[np.float32], alpha: float, epsilon: float, largest: Floats) -> None:
    """Give places [K, B] the priorities of td errors [K, B, 1]; raise `largest` [K] where they exceed it."""
    for member in range(places.shape[0]):
        tree = trees[member]
        most = largest[member]
        for which in range(places.shape[1]):
            priority = (abs(float(td_error[member, which, 0])) + epsilon) ** alpha
            if not priority < BOUND:
                priority = BOUND
            most = max(most, priority)
            put(tree, places[member, which], priority)
        largest[member] = most
