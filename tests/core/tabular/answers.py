"""What learners of action values must find, computed from the table, and how far they are from it."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.config import assign
from core.learner import Budget, Task
from core.registry import algorithm
from core.tabular.engine.learner import TabularLearner
from core.worlds.world import World

Floats = NDArray[np.float64]


def learner(name: str, world: World, *settings: str, **task: int) -> TabularLearner:
    """The tabular learner of that name with these settings, at work on the world."""
    found = algorithm(name)
    made = found.build(Task(world, assign(found.config, settings), **task))
    assert isinstance(made, TabularLearner)
    return made


def right_values(world: World, epsilon: float = 0.0, bonus: float = 0.0) -> Floats:
    """[P] the fixed point of Q = r + gamma [(1 - epsilon) max Q + epsilon mean Q]: what a learner on an epsilon-greedy policy comes
    to, for epsilon 0 what Q-learning does; `bonus` is added to every reward."""
    mdp = world.compile()
    of_pair, of_outcome = mdp.pair_state, np.repeat(np.arange(mdp.pairs), np.diff(mdp.outcome_offsets))
    many = np.maximum(np.diff(mdp.state_offsets), 1)
    q, change = np.zeros(mdp.pairs), np.inf
    while change > 1e-12:
        best = np.full(mdp.states, -np.inf)
        np.maximum.at(best, of_pair, q)
        ahead = (1 - epsilon) * np.where(mdp.absorbing, 0.0, best) + epsilon * np.bincount(of_pair, q, mdp.states) / many
        gains = mdp.probability * mdp.reward + mdp.discount * mdp.continuation * ahead[mdp.next_state]
        new = np.bincount(of_outcome, gains) + bonus
        q, change = new, np.abs(new - q).max()
    return q


def off_by(agents: TabularLearner, right: Floats) -> float:
    """The largest distance of any value of any member from the right one, as a share of the largest right value."""
    found = np.stack([agents.values(member) for member in range(agents.members)])
    return float(np.abs(found - right).max() / np.abs(right).max())


def wrong_policies(agents: TabularLearner, right: Floats) -> list[int]:
    """The members whose greedy action is no best one in some state."""
    offsets, wrong = agents.mdp.state_offsets, []
    for member in range(agents.members):
        q = agents.values(member)
        for first, last in pairwise(offsets):
            if first < last and right[first + np.argmax(q[first:last])] < right[first:last].max() - 1e-9:
                wrong.append(member)
                break
    return wrong


def same_course(first: TabularLearner, second: TabularLearner, steps: int = 5_000) -> None:
    """Assert that two learners do the same for as many steps, to the last bit."""
    for agents in (first, second):
        agents.advance(Budget(steps))
    for name in ("q", "visits", "place", "totals"):
        assert np.array_equal(getattr(first, name), getattr(second, name)), name
    newest = [agents.known(0) for agents in (first, second)]
    assert {key: newest[0][key] for key in ("pair", "old", "new", "step_size")}.items() <= newest[1].items()


def finds_the_best_policy(name: str, world: World, steps: int, *settings: str) -> None:
    """Assert that ten seeds of ten end with a best action in every state, as Q* has it."""
    agents = learner(name, world, *settings, members=10)
    agents.advance(Budget(steps))
    assert wrong_policies(agents, right_values(world)) == []


def finds_the_values_of_its_own_policy(name: str, world: World, steps: int, within: float, *settings: str, epsilon: float = 0.3) -> None:
    """Assert that ten seeds of ten, exploring for ever, come close to what that policy is worth at its best, and choose as it does."""
    agents, right = learner(name, world, f"epsilon={epsilon}", *settings, members=10), right_values(world, epsilon)
    agents.advance(Budget(steps))
    assert wrong_policies(agents, right) == []
    assert off_by(agents, right) < within


def walk(agents: TabularLearner, member: int = 0) -> list[str]:
    """Names of the states on the greedy way from the start, by the first outcome of each pair; at most 100."""
    mdp, q = agents.mdp, agents.values(member)
    state, names = int(np.argmax(mdp.start)), []
    while mdp.state_offsets[state] < mdp.state_offsets[state + 1] and len(names) < 100:
        names.append(mdp.state_names[state])
        first = mdp.state_offsets[state]
        state = int(mdp.next_state[mdp.outcome_offsets[first + np.argmax(q[first : mdp.state_offsets[state + 1]])]])
    return names


def per_episode(agents: TabularLearner, column: str, episodes: int) -> Floats:
    """[K, E] a column of the next episodes, "return" or "length", for every member."""
    found: dict[tuple[int, int], float] = {}
    while len(found) < agents.members * episodes:
        for rows in agents.advance(Budget(1 << 20, boundaries=episodes)).rows:
            if rows.channel == "episodes":
                keys = zip(rows.columns["member"].tolist(), rows.columns["episode"].tolist(), strict=True)
                found |= dict(zip(keys, rows.columns[column].tolist(), strict=True))
    return np.array([value for _, value in sorted(found.items())]).reshape(agents.members, episodes)


def corridor(agents: TabularLearner) -> TabularLearner:
    """Going right looks best from every cell: its value is 0, those of the other actions are -9."""
    agents.q[:] = np.where(agents.mdp.pair_action == 1, 0.0, -9.0)
    return agents
