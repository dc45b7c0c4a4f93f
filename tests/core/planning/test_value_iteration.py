"""Value iteration against linear algebra."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.learner import UNBOUNDED, Budget, Task
from core.planning.value_iteration import ValueIteration, ValueIterationConfig
from core.worlds.mdp import FiniteMDP, greedy
from core.worlds.table import TableWorld, Transition


def random_world(seed: int, discount: float) -> TableWorld:
    """Up to six states and three actions; actions may be missing, states terminal."""
    rng = np.random.default_rng(seed)
    states, actions = int(rng.integers(1, 7)), int(rng.integers(1, 4))
    rows = []
    for state in range(states):
        for action in range(actions):
            if (state, action) == (0, 0) or rng.random() < 0.7:
                for next_state, p in enumerate(rng.dirichlet(np.ones(states))):
                    names = {"state": f"s{state}", "action": f"a{action}", "next": f"s{next_state}"}
                    rows.append(Transition(**names, probability=p, reward=rng.normal()))
    named = tuple(f"s{state}" for state in range(states))
    return TableWorld(states=named, actions=tuple(f"a{a}" for a in range(actions)), transitions=tuple(rows), discount=discount)


def policy_values(mdp: FiniteMDP, policy: np.ndarray, discount: float) -> np.ndarray:
    """V of a policy by a direct solve of (I - gamma P) V = r."""
    transition, reward = np.zeros((mdp.states, mdp.states)), np.zeros(mdp.states)
    for state in np.flatnonzero(~mdp.absorbing):
        pair = mdp.pair_of(int(state), int(policy[state]))
        part = slice(mdp.outcome_offsets[pair], mdp.outcome_offsets[pair + 1])
        np.add.at(transition[state], mdp.next_state[part], mdp.continuation[part])
        reward[state] = mdp.expected_reward[pair]
    return np.linalg.solve(np.eye(mdp.states) - discount * transition, reward)


@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.5, 0.9, 0.99]))
def test_the_greedy_policy_is_worth_what_was_promised(seed: int, discount: float) -> None:
    world = random_world(seed, discount)
    planner = ValueIteration(Task(world, ValueIterationConfig(tolerance=1e-8)))
    assert planner.advance(Budget(UNBOUNDED)).finished
    snapshot = planner.snapshot()
    assert snapshot.values is not None and snapshot.q is not None
    exact = policy_values(world.compile(), greedy(snapshot.q), discount)
    assert np.abs(snapshot.values - exact).max() <= 2 * planner.error_bound + 1e-9
    assert planner.converged


def test_a_single_backup_reads_the_sweep_before() -> None:
    world = TableWorld(states=("a", "b", "end"), actions=("go",), discount=0.5, transitions=(
        Transition(state="a", action="go", next="b", reward=1), Transition(state="b", action="go", next="end", reward=2)))  # fmt: skip
    planner = ValueIteration(Task(world, ValueIterationConfig()))
    seen = []
    for _ in range(6):
        planner.advance(Budget(1))
        values = planner.snapshot().values
        assert values is not None
        seen.append(values.tolist())
    assert seen == [[1, 0, 0], [1, 2, 0], [1, 2, 0], [2, 2, 0], [2, 2, 0], [2, 2, 0]]
