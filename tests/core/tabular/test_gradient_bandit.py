"""The gradient bandit by hand, and on the testbed; only bandits are accepted."""

import numpy as np
import pytest

from core.config import assign
from core.errors import ConfigError
from core.learner import Budget, Task
from core.registry import algorithm
from core.runs.session import Session
from core.runs.spec import RunSpec, unsuitable
from core.tabular.gradient_bandit import GradientBandit, GradientBanditConfig
from core.worlds.library import open_world
from core.worlds.world import World
from tests.core.tabular.walks import bandit


def learner(world: World, *settings: str, **task: int) -> GradientBandit:
    return GradientBandit(Task(world, assign(GradientBanditConfig, settings), **task))


@pytest.mark.parametrize("baseline", [True, False])
def test_preferences_by_hand(baseline: bool) -> None:
    agent = learner(bandit({"x": [(1.0, 1.0)], "y": [(1.0, 3.0)]}), "step_size=0.5", f"baseline={str(baseline).lower()}")
    h, rewards = np.zeros(2), []
    for _ in range(20):
        chances = np.exp(h) / np.exp(h).sum()
        agent.advance(Budget(1))
        pulled, reward = int(agent.last[0, 0]), 3.0 if agent.last[0, 0] else 1.0
        compared = (np.mean(rewards) if rewards else reward) if baseline else 0.0
        h += 0.5 * (reward - compared) * (np.eye(2)[pulled] - chances)
        rewards.append(reward)
        assert agent.preferences[0].tolist() == pytest.approx(h)
        assert agent.mean[0, 0] == pytest.approx(np.mean(rewards))
    assert agent.preferences.sum() == pytest.approx(0)


@pytest.mark.parametrize("baseline", ["true", "false"])
def test_the_best_arm_is_found_on_ten_seeds(baseline: str) -> None:
    agents = learner(open_world("mdp/ten-armed-testbed"), f"baseline={baseline}", "step_size=0.05", members=10)
    agents.advance(Budget(20_000))
    assert (agents.preferences.argmax(axis=1) == 2).all()
    assert (agents.visits.argmax(axis=1) == 2).all()


def test_the_baseline_helps_where_all_rewards_are_large() -> None:
    """Sutton and Barto (2018), figure 2.5: rewards around +4, a thousand pulls."""
    means = [0.2, -0.8, 1.5, 0.4, 1.2, -1.5, -0.2, -1.0, 0.9, -0.5]
    world = bandit({str(arm): [(0.5, 4 + mean - 1), (0.5, 4 + mean + 1)] for arm, mean in enumerate(means)})
    best = []
    for baseline in ("true", "false"):
        agents = learner(world, f"baseline={baseline}", "step_size=0.4", members=100)
        agents.advance(Budget(1000))
        best.append(agents.visits[:, 2].mean())
    assert best[0] > 1.2 * best[1]


def test_a_world_with_more_states_is_refused_in_one_sentence() -> None:
    found = algorithm("gradient-bandit")
    assert unsuitable(found, open_world("mdp/ten-armed-testbed")) is None
    for name in ("grid/lecture-3x4", "mdp/three-state", "gym:CartPole-v1"):
        assert unsuitable(found, open_world(name)) is not None
    with pytest.raises(ConfigError, match=r"Gradient bandit needs a bandit: a table of which a single state has actions\."):
        Session(RunSpec(world=open_world("mdp/three-state"), algorithm="gradient-bandit"))


def test_the_testbed_has_the_means_and_the_variance_of_the_book() -> None:
    mdp = open_world("mdp/ten-armed-testbed").compile()
    squares = np.add.reduceat(mdp.probability * mdp.reward**2, mdp.outcome_offsets[:-1])
    assert mdp.expected_reward.tolist() == pytest.approx([0.2, -0.8, 1.5, 0.4, 1.2, -1.5, -0.2, -1.0, 0.9, -0.5])
    assert (squares - mdp.expected_reward**2).tolist() == pytest.approx([1.0] * 10)
