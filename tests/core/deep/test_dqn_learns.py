"""The proof that DQN learns: ten seeds of CartPole with the settings as shipped."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from core.deep.dqn import ALGORITHM
from core.deep.engine.settings import DQNConfig
from core.learner import Budget, Learner, Task
from core.worlds.environment import make_environment
from core.worlds.library import open_world

SEEDS, STEPS, STARTS = 10, 50_000, 100
CARTPOLE = open_world("gym:CartPole-v1")


@pytest.fixture(scope="module")
def trained() -> Iterator[tuple[Learner, list[list[float]]]]:
    learner = ALGORITHM.build(Task(CARTPOLE, DQNConfig(), seed=0, members=SEEDS, device="cpu"))
    returns: list[list[float]] = [[] for _ in range(SEEDS)]
    for rows in learner.advance(Budget(STEPS)).rows:
        if rows.channel == "episodes":
            for member, total in zip(rows.columns["member"], rows.columns["return"], strict=True):
                returns[member].append(float(total))
    yield learner, returns
    learner.close()


def greedy_return(learner: Learner, member: int) -> float:
    """Mean return of the final policy over fresh starts."""
    environment = make_environment(CARTPOLE, np.random.default_rng(1_000_000 + member))
    totals: NDArray[np.float64] = np.zeros(STARTS)
    for start in range(STARTS):
        environment.reset()
        over = False
        while not over:
            outcome = environment.step(int(np.nanargmax(learner.action_values(environment, member))))
            totals[start] += outcome.reward
            over = outcome.terminated or outcome.truncated
    environment.close()
    return float(totals.mean())


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_pole_is_balanced_on_at_least_nine_of_ten_seeds(trained: tuple[Learner, list[list[float]]]) -> None:
    learner, returns = trained
    scores = [max(float(np.mean(returns[member][-100:])), greedy_return(learner, member)) for member in range(SEEDS)]
    assert sum(score >= 475 for score in scores) >= 9, scores
