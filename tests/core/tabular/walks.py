"""Small worlds whose values are known, and the values of a policy by numpy."""

import numpy as np

from core.config import assign
from core.learner import Budget, Task
from core.registry import algorithm
from core.tabular.engine.prediction import PredictionLearner
from core.worlds.mdp import FiniteMDP, Floats
from core.worlds.table import TableWorld, Transition
from core.worlds.world import World


def walk(states: int, left: float = 0.0, right: float = 1.0, initial: int = 0, **rules: float) -> TableWorld:
    """States 1 .. N between two ends, one step left or right by chance (Sutton and Barto 2018, examples 6.2 and 7.1).

    States: 0 and N + 1 are terminal, in the order of their numbers; it starts in `initial`, or in the middle.
    """
    rows = [
        Transition(state=str(s), action="walk", next=str(s + way), probability=0.5,
                   reward=left if s + way == 0 else right if s + way == states + 1 else 0.0)
        for s in range(1, states + 1) for way in (-1, 1)
    ]  # fmt: skip
    return TableWorld(
        states=tuple(str(s) for s in range(states + 2)), actions=("walk",), transitions=tuple(rows),
        start={str(initial or (states + 1) // 2): 1.0}, **({"discount": 1.0, "step_limit": 0} | rules),
    )  # fmt: skip


def corridor(discount: float = 0.5, **rules: float) -> TableWorld:
    """a -1-> b -2-> c -4-> end, without choice or chance."""
    steps = [("a", "b", 1.0), ("b", "c", 2.0), ("c", "end", 4.0)]
    rows = tuple(Transition(state=state, action="go", next=following, reward=reward) for state, following, reward in steps)
    rules = {"discount": discount} | rules
    return TableWorld(states=("a", "b", "c", "end"), actions=("go",), transitions=rows, start={"a": 1.0}, **rules)


def bandit(arms: dict[str, list[tuple[float, float]]], **rules: float) -> TableWorld:
    """One state; each arm pays one of its (probability, reward)."""
    rows = tuple(Transition(state="arms", action=arm, next="end", probability=chance, reward=reward)
                 for arm, pays in arms.items() for chance, reward in pays)  # fmt: skip
    return TableWorld(states=("arms", "end"), actions=tuple(arms), transitions=rows, start={"arms": 1.0}, **rules)


def predictor(name: str, world: World, *settings: str, members: int = 1, seed: int = 0) -> PredictionLearner:
    """A learner of state values by its name."""
    found = algorithm(name)
    learner = found.build(Task(world, assign(found.config, settings), seed, members))
    assert isinstance(learner, PredictionLearner)
    return learner


def solved(mdp: FiniteMDP, discount: float, uniform: bool = True) -> Floats:
    """[S] V of the uniform policy or of the first actions, by the linear equations."""
    going_on, earned = np.zeros((mdp.states, mdp.states)), np.zeros(mdp.states)
    for state in range(mdp.states):
        first, last = mdp.state_offsets[state : state + 2]
        for pair in range(first, last if uniform else min(first + 1, last)):
            weight = 1 / (last - first) if uniform else 1.0
            earned[state] += weight * mdp.expected_reward[pair]
            for outcome in range(mdp.outcome_offsets[pair], mdp.outcome_offsets[pair + 1]):
                going_on[state, mdp.next_state[outcome]] += weight * mdp.continuation[outcome]
    return np.linalg.solve(np.eye(mdp.states) - discount * going_on, earned)


def errors(name: str, world: World, truth: Floats, episodes: int, *settings: str, members: int = 100) -> Floats:
    """[E] root of the mean squared error over acting states after each episode, averaged over members, as in figure 6.2."""
    learner = predictor(name, world, *settings, members=members)
    acting = ~learner.mdp.absorbing
    found = []
    for _ in range(episodes):
        learner.advance(Budget(1_000_000, boundaries=1))
        found.append(np.sqrt(((learner.v - truth)[:, acting] ** 2).mean(axis=1)).mean())
    return np.array(found)
