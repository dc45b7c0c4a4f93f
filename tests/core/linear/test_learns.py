"""The proof that learners on linear features learn: ten seeds each of mountain car and CartPole, with the settings as shipped."""

import numpy as np
import pytest

from core.learner import Budget, Task
from core.linear.q_learning import ALGORITHM as Q_LEARNING
from core.linear.sarsa_lambda import ALGORITHM as SARSA
from core.registry import Algorithm
from core.runs.evaluation import evaluate
from core.worlds.library import open_world

pytestmark = pytest.mark.slow
SEEDS, LAST, STARTS = 10, 100, 50
CAR_EPISODES, POLE_STEPS = 500, 200_000
BOTH = pytest.mark.parametrize("algorithm", [SARSA, Q_LEARNING], ids=lambda algorithm: algorithm.name)


def trained(algorithm: Algorithm, name: str, seed: int, budget: Budget) -> tuple[float, float]:
    """The mean return of the last hundred episodes, and of greedy episodes afterwards."""
    world = open_world(name)
    learner = algorithm.build(Task(world, algorithm.config(), seed))
    rows = learner.advance(budget).rows
    returns = next(row.columns["return"] for row in rows if row.channel == "episodes")
    greedy = evaluate(learner, world, STARTS, seed)
    learner.close()
    return float(returns[-LAST:].mean()), float(np.mean(greedy))


def told(title: str, figures: list[tuple[float, float]], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{title}: seed, mean return of the last {LAST} episodes, of {STARTS} greedy ones afterwards")
        for seed, (last, greedy) in enumerate(figures):
            print(f"  {seed}  {last:7.1f}  {greedy:7.1f}")


@BOTH
def test_the_car_reaches_the_flag(algorithm: Algorithm, capsys: pytest.CaptureFixture[str]) -> None:
    figures = [trained(algorithm, "gym:MountainCar-v0", seed, Budget(10**9, CAR_EPISODES)) for seed in range(SEEDS)]
    told(f"{algorithm.name}, MountainCar-v0, {CAR_EPISODES} episodes", figures, capsys)
    assert sum(last >= -130 for last, _ in figures) >= 9


@BOTH
def test_the_pole_stays_up(algorithm: Algorithm, capsys: pytest.CaptureFixture[str]) -> None:
    figures = [trained(algorithm, "gym:CartPole-v1", seed, Budget(POLE_STEPS)) for seed in range(SEEDS)]
    told(f"{algorithm.name}, CartPole-v1, {POLE_STEPS:,} steps", figures, capsys)
    assert sum(max(pair) >= 475 for pair in figures) >= 9
