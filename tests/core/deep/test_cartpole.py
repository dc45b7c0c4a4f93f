"""The proof that deep learners learn: ten seeds of CartPole with the settings and the steps that the studio chooses for it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from core.learner import Budget, Learner, Task
from core.presets import preset, usual
from core.registry import algorithm
from core.worlds.copies import make_environment
from core.worlds.library import open_world

SEEDS, STARTS = 10, 100
CARTPOLE = open_world("gym:CartPole-v1")


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
@pytest.mark.parametrize("name", ["dqn", "pqn"])
def test_the_pole_is_balanced_on_at_least_nine_of_ten_seeds(name: str) -> None:
    found = usual(name, "gym:CartPole-v1")
    assert found is not None
    chosen, shipped = algorithm(name), preset(found)
    learner = chosen.build(Task(CARTPOLE, chosen.config.model_validate(shipped.config), seed=0, members=SEEDS, device="cpu"))
    returns: list[list[float]] = [[] for _ in range(SEEDS)]
    for rows in learner.advance(Budget(shipped.steps or chosen.limit)).rows:
        if rows.channel == "episodes":
            for member, total in zip(rows.columns["member"], rows.columns["return"], strict=True):
                returns[member].append(float(total))
    scores = [max(float(np.mean(returns[member][-100:])), greedy_return(learner, member)) for member in range(SEEDS)]
    learner.close()
    assert sum(score >= 475 for score in scores) >= 9, scores
