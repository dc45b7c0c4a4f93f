"""n-step SARSA by hand, against SARSA and against the values of its own policy."""

import pytest

from core.learner import Budget
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from tests.core.tabular.answers import corridor, finds_the_best_policy, finds_the_values_of_its_own_policy, learner, same_course


def test_updates_by_hand() -> None:
    """Corridor S . . G, two steps, discount 0.5, step size 0.5: the second step updates the first pair, the last step the other two."""
    agent = corridor(learner("n-step-sarsa", GridWorld(map=("S..G",), discount=0.5), "n=2", "step_size=0.5", "epsilon=0"))
    expected = [(0, 0, 0), (0, 0, 0), (0, 0.25, 0.5), (0, 0.25, 0.5), (0.0625, 0.25, 0.5), (0.0625, 0.375, 0.75)]
    for step, values in enumerate(expected):
        agent.advance(Budget(1))
        assert agent.q[0, [1, 5, 9]].tolist() == list(values), step
        assert (agent.explain() is None) == (step == 0)


def test_a_truncated_episode_bootstraps_all_that_wait() -> None:
    world = GridWorld(map=("S...",), discount=1.0, step_limit=2, living_reward=-1)
    agent = corridor(learner("n-step-sarsa", world, "n=5", "step_size=1", "epsilon=0"))
    agent.q[0, 9] = 7
    agent.advance(Budget(2))
    assert agent.q[0, [1, 5]].tolist() == [-2 + 7, -1 + 7]


def test_the_explanation_tells_the_return_of_the_pair_updated() -> None:
    agent = corridor(learner("n-step-sarsa", GridWorld(map=("S..G",), discount=0.5, living_reward=-1), "n=3", "step_size=0.5", "epsilon=0"))
    agent.advance(Budget(3))
    agent.advance(Budget(2))
    explained = agent.explain()
    assert explained is not None
    assert {name: term.value for name, term in explained.terms.items()} == {
        "q": 0, "alpha": 0.5, "rewards": 0, "power": 0.5, "following": 0,
    }  # fmt: skip
    assert explained.terms["q"].state == 2


@pytest.mark.parametrize("settings", [(), ("step_size=0.3", "epsilon=0.2")])
def test_one_step_is_sarsa(settings: tuple[str, ...]) -> None:
    for name in ("grid/lecture-3x4", "mdp/three-state"):
        world = open_world(name)
        same_course(learner("sarsa", world, *settings, members=2), learner("n-step-sarsa", world, "n=1", *settings, members=2))


def test_it_finds_the_best_policy_and_the_values_of_its_own() -> None:
    finds_the_best_policy("n-step-sarsa", open_world("grid/lecture-3x4"), 300_000, "n=3", "epsilon=0.3")
    finds_the_values_of_its_own_policy("n-step-sarsa", open_world("mdp/three-state"), 300_000, 0.05)


@pytest.mark.slow
def test_it_does_so_where_chance_moves_the_agent_too() -> None:
    finds_the_values_of_its_own_policy("n-step-sarsa", open_world("grid/russell-norvig-4x3"), 6_000_000, 0.2, epsilon=0.5)
