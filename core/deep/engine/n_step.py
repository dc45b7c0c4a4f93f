"""n-step returns (Sutton 1988; in deep Q-learning Hessel et al. 2018), made from one-step rows when they are drawn.

From a transition at t, m = min(n, steps to the end of its episode, steps to the newest row):

    reward = r_1 + γ r_2 + … + γ^(m-1) r_m,    factor = γ^m, or 0 where the m-th terminated

and what follows is the m-th's. A truncated episode bootstraps from its last observation, as with one step.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.compiled import borrowing
from core.deep.engine.device import Shared
from core.deep.engine.minibatch import GOES_ON, TERMINATED, Gather, Minibatch, split
from core.deep.engine.sights import Sights


class NStepGather(Gather):
    """A gather of transitions of up to n steps.

    Args:
        ring: [K, capacity, R] rows.
        stored: numbers kept for one observation.
        batch: B.
        track: [K, capacity, 2] float32 on the host, reward and `ended` of every row.
        discount: [K] gamma of each member.
        steps: n.
        sights: as of any gather.
    """

    ROWS = 2

    def __init__(
        self, ring: Tensor, stored: int, batch: int, track: NDArray[np.float32], discount: NDArray[np.float64], steps: int,
        sights: Sights | None = None,
    ) -> None:  # fmt: skip
        self._sums = Shared((3, len(ring), batch, 1), ring.device)
        super().__init__(ring, stored, batch, sights)
        self._track, self._discount, self._steps = track, discount, steps
        self._gamma = torch.from_numpy(discount).to(ring.device)[:, None]
        self._start = torch.from_numpy(self._first).to(ring.device)
        *_, reward, ended, _, _ = split(self._ring[None], stored)
        self._tracked = reward[0, :, 0], ended[0, :, 0]

    def _arranged(self, parts: Sequence[Tensor]) -> Minibatch:
        """From the first of the m rows what was done, from the last what came of it, the rest from the sums on the way."""
        observation, _, action, *_ = (part[0] for part in parts)
        _, next_observation, _, _, ended, _, blocked = (part[1] for part in parts)
        reward, factor, steps = self._sums.tensor
        return Minibatch(observation, next_observation, action, reward, ended, factor, blocked, steps)

    def take(self, newest: int) -> Minibatch:
        look_ahead(self._track, self._discount, self._steps, newest, self.places, self._indices.array, self._sums.array)
        self._sums.push()
        return self._drawn_anew(newest)

    def bring(self, first: Tensor, newest: int) -> Minibatch:
        """As `look_ahead` does, one step of all transitions after the other."""
        members, capacity, _ = self._track.shape
        reward_of, ended_of = self._tracked
        gamma, start = self._gamma, self._start
        place, row = first.view(members, -1) - start, first.view(members, -1)
        reward, ended = reward_of[row].double(), ended_of[row]
        factor, count = gamma.expand_as(reward), torch.ones_like(place)
        for _ in range(self._steps - 1):
            on = (ended == GOES_ON) & (place != newest)
            place = (place + on.long()) % capacity
            row = place + start
            reward, ended = reward + on * (factor * reward_of[row]), ended_of[row]
            factor, count = torch.where(on, factor * gamma, factor), count + on
        self._sums.tensor.copy_(torch.stack((reward, factor * (ended != TERMINATED), count))[..., None])
        return self._brought(torch.cat((first, row.view(-1))))


@borrowing
def look_ahead(
    track: NDArray[np.float32], discount: NDArray[np.float64], steps: int, newest: int, places: NDArray[np.int64],
    indices: NDArray[np.int64], sums: NDArray[np.float32],
) -> None:  # fmt: skip
    """Write where each transition begins and ends and what lies between.

    Args:
        track: [K, capacity, 2] reward and `ended` of every row.
        discount: [K] gamma of each member.
        steps: n.
        newest: place of the newest row.
        places: [K, B] of the first rows.
        indices: [2, K, B] receives the first and the last row of each, counted through all rings.
        sums: [3, K, B, 1] receives reward, factor and m.
    """
    capacity = track.shape[1]
    for member in range(places.shape[0]):
        gamma = discount[member]
        for which in range(places.shape[1]):
            place = places[member, which]
            indices[0, member, which] = member * capacity + place
            count, factor, reward = 1, gamma, float(track[member, place, 0])
            while count < steps and track[member, place, 1] == GOES_ON and place != newest:
                place += 1
                if place == capacity:
                    place = 0
                reward += factor * track[member, place, 0]
                factor *= gamma
                count += 1
            indices[1, member, which] = member * capacity + place
            sums[0, member, which, 0] = reward
            sums[1, member, which, 0] = 0.0 if track[member, place, 1] == TERMINATED else factor
            sums[2, member, which, 0] = count
