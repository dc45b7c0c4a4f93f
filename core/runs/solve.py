"""Exact planning in one call: what `python main.py solve` prints."""

import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.errors import ConfigError, WorldError
from core.learner import UNBOUNDED, Budget, Planner
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.chain import absorption, recurrent
from core.worlds.mdp import FiniteMDP, greedy
from core.worlds.table import TableWorld, Transition
from core.worlds.world import World

MOST_CHAINED = 10_000
"""States up to which a chain's equations are solved."""


def solve(world: World, name: str, method: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Plan until the error bound is met, or as far as the planner goes.

    Args:
        world: a world whose states can be listed.
        name: what to call it in the answer.
        method: name of a planner.
        settings: its settings, such as discount and tolerance.

    Returns:
        A JSON-able dict of world, method, gamma, iterations (sweeps), residual, error_bound (inf where none is proven), aim (what the
        bound is the distance from), converged, seconds (compiling left out), states and actions (names), values [S], q [S][A] with
        None for an unavailable action, policy [S] (first best action by q; None in terminal states), chain (None where there is a
        choice or too many states; else steps [S], expected until one of the recurrent classes is entered, and of each class its
        states by number, their stationary distribution and the probability [S] of ending up in it).

    Raises:
        ConfigError: where the method is no planner or a setting is out of bounds.
        WorldError: where the world's states cannot be listed.
    """
    session = Session(RunSpec(world=world, world_name=name, algorithm=method, config=dict(settings)))
    planner = session.learner
    if not isinstance(planner, Planner):
        raise ConfigError(
            f"'{method}' learns from experience and cannot solve exactly",
            where="method",
            remedy="Choose a planner, such as value-iteration",
        )
    mdp = world.compile()
    _compile(session.spec)
    began = time.perf_counter()
    while not session.finished:
        session.advance(Budget(UNBOUNDED))
    seconds = time.perf_counter() - began
    snapshot = session.snapshot()
    assert snapshot.values is not None and snapshot.q is not None
    sweeps = session.history.view()["sweeps"]
    return {
        "world": name,
        "method": method,
        "gamma": world.discount if session.spec.settings().discount is None else session.spec.settings().discount,
        "iterations": snapshot.counters.sweeps,
        "residual": float(sweeps["residual"][-1]),
        "error_bound": planner.error_bound,
        "aim": planner.aim,
        "converged": planner.converged,
        "seconds": seconds,
        "states": list(mdp.state_names),
        "actions": list(mdp.action_names),
        "values": snapshot.values.tolist(),
        "q": [[None if np.isnan(value) else value for value in row] for row in snapshot.q.tolist()],
        "policy": [None if action < 0 else action for action in greedy(snapshot.q).tolist()],
        "chain": _chain(mdp),
    }


def _chain(mdp: FiniteMDP) -> dict[str, Any] | None:
    """What is known of a world without choice, which is a Markov chain."""
    if (np.diff(mdp.state_offsets) > 1).any() or mdp.states > MOST_CHAINED:
        return None
    try:
        fallen, classes = absorption(mdp), recurrent(mdp)
    except WorldError:
        return None
    parts = [
        {"states": part.states.tolist(), "distribution": part.distribution.tolist(), "probability": fallen.probability[:, place].tolist()}
        for place, part in enumerate(classes)
    ]
    return {"steps": fallen.steps.tolist(), "classes": parts}


def _compile(spec: RunSpec) -> None:
    """Have everything imported and compiled that the run needs, by one of a single state that takes a moment."""
    world = TableWorld(states=("a", "b"), actions=("go",), transitions=(Transition(state="a", action="go", next="b", reward=1.0),))
    Session(spec.model_copy(update={"world": world})).advance(Budget(100))
