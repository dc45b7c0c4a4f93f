"""Worlds drawn at random, and what planners say about them."""

from fractions import Fraction

import numpy as np

from core.learner import UNBOUNDED, Budget, Planner, Task
from core.registry import algorithm
from core.worlds.build import from_rows
from core.worlds.mdp import FiniteMDP


class Drawn:
    """A world that is its table already."""

    finite = True

    def __init__(self, mdp: FiniteMDP) -> None:
        self.mdp, self.discount = mdp, mdp.discount

    def compile(self) -> FiniteMDP:
        return self.mdp


def drawn(seed: int, discount: float, ending: float = 0.2) -> FiniteMDP:
    """Up to eight states and four actions: actions missing here and there, absorbing states, outcomes that terminate, self loops.

    Args:
        seed: of everything drawn.
        discount: of the world.
        ending: probability that an outcome terminates; with 1, every outcome of every action has a part that does; with 0, nothing ends.
    """
    rng = np.random.default_rng(seed)
    states, actions = int(rng.integers(1, 9)), int(rng.integers(1, 5))
    rows = []
    for state in range(states):
        for action in range(actions):
            if (action > 0 if ending == 0 else (state, action) != (0, 0)) and rng.random() < 0.35:
                continue
            targets = rng.choice(states, size=int(rng.integers(1, min(states, 4) + 1)), replace=False)
            if rng.random() < 0.3:
                targets[0] = state
            shares = rng.dirichlet(np.ones(len(targets)))
            for target, share in zip(targets.tolist(), shares.tolist(), strict=True):
                reward = float(rng.choice([0.0, 1.0, -1.0, rng.normal(scale=10)]))
                if ending == 1:
                    rows += [(state, action, target, 0.8 * share, reward, False), (state, action, target, 0.2 * share, reward, True)]
                else:
                    rows.append((state, action, target, share, reward, bool(rng.random() < ending)))
    names = ("state", "action", "next_state", "probability", "reward", "terminated")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    return from_rows([f"s{s}" for s in range(states)], [f"a{a}" for a in range(actions)], discount=discount, **columns)


def planner(mdp: FiniteMDP, name: str, /, device: str = "auto", **settings: object) -> Planner:
    """A planner at its beginning."""
    chosen = algorithm(name)
    made = chosen.build(Task(Drawn(mdp), chosen.config(**settings), device=device))  # type: ignore[arg-type]
    assert isinstance(made, Planner)
    return made


def planned(mdp: FiniteMDP, name: str, /, **settings: object) -> Planner:
    """A planner at its end."""
    made = planner(mdp, name, **settings)
    assert made.advance(Budget(UNBOUNDED)).finished
    return made


def values_of(planner: Planner) -> np.ndarray:
    values = planner.snapshot().values
    assert values is not None
    return values


def exact_policy_values(mdp: FiniteMDP, weights: np.ndarray, discount: float) -> list[Fraction]:
    """V of a policy with weights [P] over the pairs, in exact arithmetic over the table's own floating-point numbers."""
    gamma, size = Fraction(discount), mdp.states
    matrix = [[Fraction(int(row == column)) for column in range(size)] + [Fraction(0)] for row in range(size)]
    for pair in range(mdp.pairs):
        state, weight = int(mdp.pair_state[pair]), Fraction(float(weights[pair]))
        matrix[state][size] += weight * Fraction(float(mdp.expected_reward[pair]))
        for outcome in range(int(mdp.outcome_offsets[pair]), int(mdp.outcome_offsets[pair + 1])):
            matrix[state][int(mdp.next_state[outcome])] -= gamma * weight * Fraction(float(mdp.continuation[outcome]))
    for column in range(size):
        pivot = next(row for row in range(column, size) if matrix[row][column])
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        inverse = 1 / matrix[column][column]
        matrix[column] = [entry * inverse for entry in matrix[column]]
        for row in range(size):
            if row != column and matrix[row][column]:
                factor = matrix[row][column]
                matrix[row] = [mine - factor * its for mine, its in zip(matrix[row], matrix[column], strict=True)]
    return [row[size] for row in matrix]


def exact_values(mdp: FiniteMDP, discount: float, policy: np.ndarray) -> list[Fraction]:
    """V* in exact arithmetic: policy iteration from a policy [S] of pairs that should be optimal already."""
    gamma, policy = Fraction(discount), policy.copy()
    while True:
        weights = np.zeros(mdp.pairs)
        weights[policy[~mdp.absorbing]] = 1.0
        values, changed = exact_policy_values(mdp, weights, discount), False
        for state in np.flatnonzero(~mdp.absorbing).tolist():
            q = {}
            for pair in range(int(mdp.state_offsets[state]), int(mdp.state_offsets[state + 1])):
                outcomes = range(int(mdp.outcome_offsets[pair]), int(mdp.outcome_offsets[pair + 1]))
                following = (Fraction(float(mdp.continuation[o])) * values[int(mdp.next_state[o])] for o in outcomes)
                q[pair] = Fraction(float(mdp.expected_reward[pair])) + gamma * sum(following, Fraction(0))
            best = max(q, key=lambda pair: q[pair])
            if q[best] > q[int(policy[state])]:
                policy[state], changed = best, True
        if not changed:
            return values


def distance(values: np.ndarray, exact: list[Fraction]) -> float:
    """The largest |V - V*|, computed without rounding but for the last step."""
    return float(max(abs(Fraction(float(value)) - true) for value, true in zip(values, exact, strict=True)))
