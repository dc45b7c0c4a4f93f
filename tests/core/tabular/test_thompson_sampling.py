"""Thompson sampling: beliefs by hand, and the best arm on ten seeds."""

import numpy as np
import pytest

from core.config import assign
from core.learner import Budget, Task
from core.tabular.thompson_sampling import ThompsonSampling, ThompsonSamplingConfig
from core.worlds.library import open_world
from core.worlds.table import TableWorld
from core.worlds.world import World
from tests.core.tabular.walks import bandit


def coins(*chances: float) -> TableWorld:
    return bandit({f"coin {number}": [(chance, 1.0), (1 - chance, 0.0)] for number, chance in enumerate(chances)})


def learner(world: World, *settings: str, **task: int) -> ThompsonSampling:
    return ThompsonSampling(Task(world, assign(ThompsonSamplingConfig, settings), **task))


def test_coins_are_counted() -> None:
    agent = learner(coins(0.3, 0.6))
    wins, losses = np.ones(2), np.ones(2)
    for _ in range(50):
        agent.advance(Budget(1))
        pulled, reward = int(agent.last[0, 0]), agent.mdp.reward[int(agent.last[0, 1])]
        wins[pulled] += reward
        losses[pulled] += 1 - reward
        assert agent.beliefs[0].tolist() == np.stack([wins, losses], axis=1).tolist()
        assert agent.arms(0).tolist() == (wins / (wins + losses)).tolist()


def test_normal_beliefs_are_those_of_bayes() -> None:
    """After n rewards: precision 1 / 100 + n / 4, mean their sum over 4 by it."""
    agent = learner(bandit({"x": [(0.5, 1.0), (0.5, 5.0)]}), "deviation=2", "prior_deviation=10")
    total = 0.0
    for count in range(1, 30):
        agent.advance(Budget(1))
        total += agent.mdp.reward[int(agent.last[0, 1])]
        precision = 1 / 100 + count / 4
        assert agent.beliefs[0, 0].tolist() == pytest.approx([total / 4 / precision, 1 / precision])


@pytest.mark.parametrize("world", [coins(0.2, 0.5, 0.8, 0.6), open_world("mdp/ten-armed-testbed")], ids=["coins", "testbed"])
def test_the_best_arm_is_found_on_ten_seeds(world: TableWorld) -> None:
    agents = learner(world, members=10)
    assert agents.binary is (len(world.actions) == 4)
    agents.advance(Budget(10_000))
    assert (agents.visits.argmax(axis=1) == 2).all()
    assert agents.visits[:, 2].min() > 9000
    for member in range(10):
        assert agents.snapshot(member).values is not None
        assert int(np.argmax(agents.arms(member))) == 2


def test_a_bandit_may_also_go_on_for_ever() -> None:
    """A state that leads to itself is a bandit, too: episodes end by the step limit only."""
    rows = tuple(row.model_copy(update={"next": "arms"}) for row in coins(0.2, 0.8).transitions)
    agents = learner(coins(0.2, 0.8).model_copy(update={"transitions": rows, "step_limit": 100}), members=3)
    assert agents.advance(Budget(5000)).boundaries == 50
    assert (agents.visits.argmax(axis=1) == 1).all()
