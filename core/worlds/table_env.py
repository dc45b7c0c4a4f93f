"""Any finite MDP as a gymnasium environment, for learners and tools written for gymnasium."""

from functools import cached_property
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from core.errors import WorldError
from core.worlds.mdp import FiniteMDP, Floats

Table = dict[int, dict[int, list[tuple[float, int, float, bool]]]]


class TableEnv(gymnasium.Env[np.int64, np.int64]):
    """Observations are numbers of states, actions are numbers of actions. Truncated at the table's step limit.

    `info["action_mask"]`, [A] int8, says which actions are available, as in gymnasium's Taxi; taking another raises
    WorldError. A registered TimeLimit is not needed.
    """

    metadata = {"render_modes": []}  # noqa: RUF012

    def __init__(self, mdp: FiniteMDP, render_mode: str | None = None) -> None:
        self.mdp = mdp
        self.render_mode = render_mode
        self.observation_space = gymnasium.spaces.Discrete(mdp.states)
        self.action_space = gymnasium.spaces.Discrete(mdp.actions)
        self.initial_state_distrib: Floats = mdp.start
        self._starts = np.cumsum(mdp.start) / mdp.start.sum()
        self.state = int(np.argmax(mdp.start))
        self.length = 0

    @cached_property
    def P(self) -> Table:
        """Gymnasium's table: P[state][action] = [(probability, next state, reward, terminated), ...].

        A terminal state leads to itself for nothing, whatever is done, as in gymnasium's own; an unavailable action is left out.
        """
        mdp = self.mdp
        table: Table = {
            state: {action: [(1.0, state, 0.0, True)] for action in range(mdp.actions)} if over else {}
            for state, over in enumerate(mdp.absorbing.tolist())
        }
        columns = (mdp.probability, mdp.next_state, mdp.reward, mdp.terminated)
        rows = list(zip(*(column.tolist() for column in columns), strict=True))
        ends = mdp.outcome_offsets.tolist()
        for pair, (state, action) in enumerate(zip(mdp.pair_state.tolist(), mdp.pair_action.tolist(), strict=True)):
            table[state][action] = rows[ends[pair] : ends[pair + 1]]
        return table

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[np.int64, dict[str, Any]]:
        super().reset(seed=seed, options=options)
        self.state = int(np.searchsorted(self._starts, self.np_random.random(), side="right"))
        self.length = 0
        return np.int64(self.state), self._info()

    def step(self, action: np.int64 | int) -> tuple[np.int64, float, bool, bool, dict[str, Any]]:
        mdp = self.mdp
        try:
            pair = mdp.pair_of(self.state, int(action))
        except KeyError:
            over = bool(mdp.absorbing[self.state])
            what = "the episode is over" if over else f"action {action} is not available"
            remedy = "Call reset" if over else "Choose one that info['action_mask'] allows"
            raise WorldError(what, where=f"state '{mdp.state_names[self.state]}'", remedy=remedy) from None
        first, last = mdp.outcome_offsets[pair], mdp.outcome_offsets[pair + 1]
        outcome = first + np.searchsorted(mdp.cumulative[first:last], self.np_random.random(), side="right")
        self.state = int(mdp.next_state[outcome])
        self.length += 1
        terminated = bool(mdp.terminated[outcome])
        return np.int64(self.state), float(mdp.reward[outcome]), terminated, not terminated and self.length == mdp.step_limit, self._info()

    def _info(self) -> dict[str, NDArray[np.int8]]:
        return {"action_mask": self.mdp.available[self.state].astype(np.int8)}
