"""Garnet: random decision processes (Archibald, McKinnon and Thomas 1995; Bhatnagar, Sutton, Ghavamzadeh and Lee 2009).

Every pair of state and action leads to `branching` different states, drawn uniformly (Floyd's algorithm, for all pairs
at once). Their probabilities are the gaps between branching - 1 points drawn uniformly from 0 to 1. Nothing ends.

Deviation: the mean reward of a pair is uniform from -1 to 1, not normal, so that no platform's logarithm counts.
"""

from typing import Self

import numpy as np
from pydantic import model_validator

from core.config import Config, setting
from core.worlds.build import from_rows
from core.worlds.generator import Generator
from core.worlds.mdp import FiniteMDP

MOST = 50_000_000
"""Transitions at most."""


class Garnet(Config):
    """Numbers of a Garnet."""

    states: int = setting(100, "States", "Number of states.", symbol="S", ge=1, le=10_000_000)
    actions: int = setting(3, "Actions", "Number of actions in every state.", symbol="A", ge=1, le=10_000)
    branching: int = setting(3, "Branching", "How many different states may follow a state and an action.", symbol="b", ge=1, le=256)
    seed: int = setting(0, "Seed", "Another number gives another world.", ge=0, lt=2**63)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.branching > self.states:
            raise ValueError(f"branching must not be above the number of states, {self.states}, not {self.branching}")
        if self.states * self.actions * self.branching > MOST:
            raise ValueError(f"states × actions × branching must not be above {MOST:,}")
        return self


def make(config: Garnet) -> FiniteMDP:
    """[S × A × b] transitions, vectorised over pairs."""
    stream = np.random.Generator(np.random.PCG64(config.seed))
    states, branching, pairs = config.states, config.branching, config.states * config.actions
    chosen = np.empty((pairs, branching), np.int64)
    for place, last in enumerate(range(states - branching, states)):
        drawn = stream.integers(0, last + 1, pairs)
        taken = (chosen[:, :place] == drawn[:, None]).any(axis=1)
        chosen[:, place] = np.where(taken, last, drawn)
    chosen.sort(axis=1)
    cuts = np.sort(stream.random((pairs, branching - 1)), axis=1)
    probability = np.diff(np.pad(cuts, ((0, 0), (1, 1)), constant_values=((0, 0), (0, 1))), axis=1)
    pair = np.repeat(np.arange(pairs), branching)
    return from_rows(
        [str(state) for state in range(states)],
        [f"a{action}" for action in range(config.actions)],
        state=pair // config.actions,
        action=pair % config.actions,
        next_state=chosen.ravel(),
        probability=probability.ravel(),
        reward=np.repeat(stream.uniform(-1, 1, pairs), branching),
        terminated=np.zeros(pairs * branching, bool),
    )


GENERATOR = Generator(
    name="garnet",
    title="Garnet",
    title_ko="가넷",
    description="A random decision process: every action leads to a few random states with random probabilities "
    "(Archibald, McKinnon and Thomas 1995; Bhatnagar et al. 2009). Rewards are uniform from −1 to 1.",
    description_ko="무작위 결정 과정: 행동마다 몇 개의 무작위 상태로 무작위 확률에 따라 옮겨 간다 "
    "(아치볼드, 매키넌, 토머스 1995; 바트나가르 외 2009). 보상은 −1에서 1까지 균등하다.",
    config=Garnet,
    make=make,
    discount=0.95,
)
