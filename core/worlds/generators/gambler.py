"""The gambler's problem (Sutton and Barto 2018, example 4.3; Dubins and Savage 1965).

With a capital of s, any stake from 1 to min(s, goal - s) may be put on a coin that shows heads with probability p.
Heads wins as much, tails loses it. Reaching the goal earns 1, so a value is the probability of reaching it.
"""

import numpy as np

from core.config import Config, setting
from core.worlds.build import from_rows
from core.worlds.generator import Generator
from core.worlds.mdp import FiniteMDP


class Gambler(Config):
    """Numbers of the gambler's problem."""

    goal: int = setting(100, "Goal", "The capital at which the gambler has won.", ge=2, le=2000)
    heads: float = setting(0.4, "Heads", "Probability that a stake is won.", symbol="p", gt=0, lt=1)


def make(config: Gambler) -> FiniteMDP:
    """States are capitals from 0 to the goal, actions are stakes from 1 to half of it."""
    goal = config.goal
    capital = np.arange(1, goal)
    stakes = np.minimum(capital, goal - capital)
    state = np.repeat(capital, stakes)
    stake = np.arange(len(state)) - np.repeat(np.cumsum(stakes) - stakes, stakes) + 1
    next_state = np.concatenate([state + stake, state - stake])
    return from_rows(
        [str(number) for number in range(goal + 1)],
        [str(number) for number in range(1, goal // 2 + 1)],
        state=np.tile(state, 2),
        action=np.tile(stake, 2) - 1,
        next_state=next_state,
        probability=np.repeat([config.heads, 1 - config.heads], len(state)),
        reward=(next_state == goal).astype(float),
        terminated=(next_state == 0) | (next_state == goal),
    )


GENERATOR = Generator(
    name="gambler",
    title="Gambler's problem",
    title_ko="도박사 문제",
    description="How much to stake on the next throw of an unfair coin to reach 100 (Sutton and Barto 2018, example 4.3). "
    "States are capitals, actions are stakes; a value is the probability of winning.",
    description_ko="불공정한 동전에 다음 판에 얼마를 걸어야 100에 이를까 (서튼과 바르토 2018, 예제 4.3). "
    "상태는 가진 돈, 행동은 거는 돈, 가치는 이길 확률이다.",
    config=Gambler,
    make=make,
    discount=1.0,
    step_limit=0,
)
