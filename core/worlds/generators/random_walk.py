"""The random walk of Sutton and Barto (2018), examples 6.2 and 7.1: a Markov reward process, a table with one action.

From every state one step to the left or to the right with probability 1/2 each; beyond either end the episode is over.
At discount 1 the value is linear in the place: left + (right - left) i / (N + 1) for i = 1 .. N.
"""

import numpy as np

from core.config import Config, setting
from core.worlds.build import from_rows
from core.worlds.generator import Generator
from core.worlds.mdp import FiniteMDP


class RandomWalk(Config):
    """Numbers of a random walk."""

    states: int = setting(19, "States", "Number of states between the ends.", symbol="N", ge=1, le=1_000_000)
    left: float = setting(-1.0, "Left reward", "Earned on leaving at the left end.", ge=-1e6, le=1e6)
    right: float = setting(1.0, "Right reward", "Earned on leaving at the right end.", ge=-1e6, le=1e6)


def make(config: RandomWalk) -> FiniteMDP:
    """States 0 .. N + 1, of which the first and the last are terminal; it starts in the middle."""
    ends = config.states + 1
    state = np.repeat(np.arange(1, ends), 2)
    next_state = state + np.tile([-1, 1], config.states)
    start = np.zeros(ends + 1)
    start[ends // 2] = 1
    return from_rows(
        ["left end", *(str(number) for number in range(1, ends)), "right end"],
        ["walk"],
        state=state,
        action=np.zeros_like(state),
        next_state=next_state,
        probability=np.full(len(state), 0.5),
        reward=np.where(next_state == 0, config.left, np.where(next_state == ends, config.right, 0.0)),
        terminated=(next_state == 0) | (next_state == ends),
        start=start,
    )


GENERATOR = Generator(
    name="random-walk",
    title="Random walk",
    title_ko="무작위 걸음",
    description="A walk without choice, one step left or right until it leaves at either end (Sutton and Barto 2018, examples 6.2 "
    "and 7.1). Without discount the values lie on a straight line.",
    description_ko="선택이 없는 걸음: 어느 한쪽 끝을 벗어날 때까지 왼쪽이나 오른쪽으로 한 칸씩 간다 (서튼과 바르토 2018, 예제 6.2와 7.1). "
    "할인이 없으면 가치는 직선 위에 놓인다.",
    config=RandomWalk,
    make=make,
    discount=1.0,
    step_limit=0,
)
