"""Any moment of any algorithm's run can be come to again, to the bit, and gone on from."""

from typing import Any

import numpy as np
import pytest

from core.learner import Budget, Snapshot, State
from core.registry import Algorithm
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.runs.timeline import Timeline
from core.worlds.library import open_world
from tests.contracts.test_algorithms import CASES, quick, same


def session(algorithm: Algorithm, name: str, members: int = 2) -> Session:
    config = algorithm.config(**quick(algorithm)).model_dump(mode="json")
    return Session(
        RunSpec(world=open_world(name), algorithm=algorithm.name, config=config, members=members, seed=3, steps=90, device="cpu")
    )


def recorded(algorithm: Algorithm, name: str, **options: Any) -> tuple[Session, Timeline]:
    """A run of 90 units in slices of 7, kept at every slice."""
    run = session(algorithm, name)
    timeline = Timeline(run, apart=0.0, **options)
    timeline.keeper.cost = 0.0
    while not run.finished:
        timeline.note(1.0 + timeline.keeper.cost * 30)
        if not run.advance(Budget(7)).units:
            break
    return run, timeline


def alike(one: Snapshot, other: Snapshot) -> None:
    assert one.counters == other.counters
    for quantity in ("values", "q", "visits", "tries", "observation", "action_values"):
        first, second = getattr(one, quantity), getattr(other, quantity)
        assert (first is None) == (second is None)
        assert first is None or np.array_equal(first, second, equal_nan=True)
    assert dict(one.metrics) == pytest.approx(dict(other.metrics), nan_ok=True)


def sorted_by_member(state: State) -> State:
    """How the work was split decides in which order rows of different members come, and nothing else."""
    for channel in state["history"].values():
        columns = channel["columns"]
        number = next(iter(columns.values()))
        order = np.lexsort((number, columns["member"])) if "member" in columns else slice(None)
        channel["columns"] = {name: column[order] for name, column in columns.items()}
    return state


@pytest.mark.parametrize(("algorithm", "name"), CASES)
def test_a_moment_is_what_it_was(algorithm: Algorithm, name: str) -> None:
    run, timeline = recorded(algorithm, name)
    for units in (run.units, 40, 41, 3):
        moment = timeline.go(units)
        units = min(units, run.units)
        fresh = session(algorithm, name)
        fresh.advance(Budget(units))
        assert (moment.units, moment.boundaries) == (units, fresh.boundaries)
        alike(moment.snapshot, fresh.snapshot())
        assert moment.explanation == fresh.learner.explain()
        fresh.close()
    timeline.close()
    run.close()


@pytest.mark.parametrize(("algorithm", "name"), CASES)
def test_a_branch_goes_on_as_the_run_did(algorithm: Algorithm, name: str) -> None:
    run, timeline = recorded(algorithm, name)
    timeline.go(min(33, run.units - 1))
    branch = timeline.branch().session
    timeline.close()
    while not branch.finished and branch.advance(Budget(11)).units:
        pass
    same(sorted_by_member(branch.state()), sorted_by_member(run.state()))
    branch.close()
    run.close()
