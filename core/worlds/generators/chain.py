"""The chain of Strens (2000): a large reward at its end, a small one for giving up.

Forward leads one state on, and at the end stays there and earns `large`; back leads to the first state and earns
`small`. With probability `slip` an action has the effect of the other. Nothing ends. With 5 states and the numbers of
the paper, always going forward is best and earns 3677 in 1000 steps on average.
"""

import numpy as np

from core.config import Config, setting
from core.worlds.build import from_rows
from core.worlds.generator import Generator
from core.worlds.mdp import FiniteMDP


class Chain(Config):
    """Numbers of a chain."""

    states: int = setting(5, "States", "Length of the chain.", symbol="S", ge=2, le=1_000_000)
    slip: float = setting(0.2, "Slip", "Probability that an action has the effect of the other.", ge=0, le=0.5)
    small: float = setting(2.0, "Small reward", "Earned on going back.", ge=-1e6, le=1e6)
    large: float = setting(10.0, "Large reward", "Earned on going forward at the end.", ge=-1e6, le=1e6)


def make(config: Chain) -> FiniteMDP:
    """States 1 .. S; it starts in the first."""
    last = config.states - 1
    state, action, effect = (part.ravel() for part in np.meshgrid(np.arange(last + 1), [0, 1], [0, 1], indexing="ij"))
    start = np.zeros(config.states)
    start[0] = 1
    return from_rows(
        [str(number + 1) for number in range(config.states)],
        ["forward", "back"],
        state=state,
        action=action,
        next_state=np.where(effect == 0, np.minimum(state + 1, last), 0),
        probability=np.where(effect == action, 1 - config.slip, config.slip),
        reward=np.where(effect == 1, config.small, np.where(state == last, config.large, 0.0)),
        terminated=np.zeros(len(state), bool),
        start=start,
    )


GENERATOR = Generator(
    name="chain",
    title="Chain",
    title_ko="사슬",
    description="Going all the way pays 10 a step, giving up pays 2 at once (Strens 2000). Slips send back to the first state.",
    description_ko="끝까지 가면 걸음마다 10을, 포기하면 바로 2를 얻는다 (스트렌스 2000). 미끄러지면 첫 상태로 돌아간다.",
    config=Chain,
    make=make,
    discount=0.95,
)
