"""Finite MDPs that are stepped."""

from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

from core.demonstration import Demonstration, Seen
from core.errors import WorldError
from core.pictures import Picture, Pictures
from core.worlds.environment import Environment, Outcome, Sight, no_action
from core.worlds.mdp import FiniteMDP


class MDPEnvironment(Environment):
    """A finite MDP, observed as a one-hot vector of its state."""

    state: int

    def __init__(self, mdp: FiniteMDP, stream: Generator) -> None:
        self.mdp = mdp
        self.stream = stream
        self._eye = np.eye(mdp.states, dtype=np.float32) if mdp.states <= 2048 else None
        self._start = np.cumsum(mdp.start)
        self.reset()

    def reset(self) -> None:
        self._begin(self.stream)

    def begin(self, seed: int) -> None:
        self.episode_seed = seed
        self._begin(Generator(PCG64(SeedSequence(seed))))

    def _begin(self, chance: Generator) -> None:
        self._chance = chance
        self._place(min(int(np.searchsorted(self._start, chance.random(), side="right")), self.mdp.states - 1))
        self.length = 0

    def step(self, action: int) -> Outcome:
        mdp = self.mdp
        pair = mdp.pair_of(self.state, action)
        first, last = mdp.outcome_offsets[pair], mdp.outcome_offsets[pair + 1]
        outcome = int(first + np.searchsorted(mdp.cumulative[first:last], self._chance.random(), side="right"))
        self.length += 1
        self._place(int(mdp.next_state[outcome]))
        terminated = bool(mdp.terminated[outcome])
        return Outcome(float(mdp.reward[outcome]), terminated, not terminated and self.length == mdp.step_limit)

    def check(self, shown: Demonstration) -> None:
        if isinstance(shown.seen, Pictures):
            raise WorldError("the world shows states, not pictures")
        for state, action in zip_longest(shown.seen, shown.actions):
            if not isinstance(state, int) or not 0 <= state < self.mdp.states:
                raise WorldError(f"the world has no state {state}")
            if action is not None and (not 0 <= action < self.mask.size or not self.mdp.available[state, action]):
                raise no_action(action)

    def sight(self, seen: Seen | Picture) -> Sight:
        assert isinstance(seen, int)
        return Sight(self._observed(seen), self.mdp.available[seen], seen)

    def position(self) -> dict[str, Any]:
        return {"state": self.state, "length": self.length}

    def restore(self, position: dict[str, Any]) -> None:
        self._place(int(position["state"]))
        self.length = int(position["length"])
        self._chance = self.stream

    def _place(self, state: int) -> None:
        self.state = state
        self.mask = self.mdp.available[state]
        self.observation = self._observed(state)

    def _observed(self, state: int) -> NDArray[np.float32]:
        if self._eye is not None:
            return self._eye[state]
        observation = np.zeros(self.mdp.states, np.float32)
        observation[state] = 1.0
        return observation
