"""States are kept for the past of a run as long as there is memory; where there is none, the run goes on as if nothing were."""

from typing import Any

import numpy as np
import pytest
import torch

from core.learner import Budget
from core.memory import usable_memory
from core.runs import keeper
from core.runs.keeper import AGAIN, FULL, LEAST, Keeper, most_memory
from core.runs.reproduce import differences
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.runs.timeline import Timeline, Wish
from core.worlds.library import open_world
from tests.core.runs.test_gpu_full import CONFIG

SPECS = {
    "tables": RunSpec(world=open_world("grid/lecture-3x4"), algorithm="q-learning", seed=1, steps=1000),
    "networks": RunSpec(world=open_world("gym:CartPole-v1"), algorithm="dqn", config=CONFIG, seed=2, device="cpu", steps=200),
}


def no_memory(_: Session) -> Any:
    raise MemoryError


def no_memory_of_torch(_: Session) -> Any:
    return torch.empty(2**50)


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("full", [no_memory, no_memory_of_torch])
def test_a_run_whose_past_finds_no_memory_learns_the_same(name: str, full: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Injected in the middle, for long enough that states are tried to be kept several times."""
    run, known = Session(SPECS[name]), Session(SPECS[name])
    timeline, part = Timeline(run, apart=0.0), run.limit // 20
    usual, tried = Session.state, list[int]()

    def state(self: Session) -> Any:
        if self is run and 0.5 <= run.units / run.limit < 0.8:
            tried.append(run.units)
            return full(self)
        return usual(self)

    monkeypatch.setattr(Session, "state", state)
    while not run.finished:
        run.advance(Budget(part))
        timeline.note(AGAIN)
    monkeypatch.undo()
    assert tried == [part * number for number in range(10, 16)]
    assert timeline.notices == (FULL,)
    units = [frame.units for frame in timeline.keyframes]
    assert units[0] == 0 and units[-1] == run.units
    known.advance(Budget(run.limit))
    assert list(differences(run.state()["learner"], known.state()["learner"])) == []
    assert run.returns() == known.returns()
    moment, fresh = timeline.go(7 * part), Session(SPECS[name])
    fresh.advance(Budget(7 * part))
    assert moment.explanation == fresh.learner.explain()
    timeline.close()


def test_each_time_older_half_goes_and_a_while_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Session(SPECS["tables"])
    made = Keeper(run, 2**30, apart=0.0)
    for _ in range(40):
        run.advance(Budget(10))
        made.note(1.0)
    assert len(made.kept.frames) == 41
    size = made.kept.size
    monkeypatch.setattr(Session, "state", no_memory)
    run.advance(Budget(10))
    made.note(1.0)
    assert made.kept.size <= size / 2 and len(made.kept.frames) > 10
    assert [made.kept.frames[place].units for place in (0, -2, -1)] == [0, 390, 400]
    assert made.memory == 2**30, "what a person chose stays"
    monkeypatch.undo()
    run.advance(Budget(10))
    made.note(AGAIN - 0.01)
    assert made.kept.frames[-1].units == 400
    made.note(0.01)
    assert made.kept.frames[-1].units == 420
    monkeypatch.setattr(Session, "state", no_memory)
    for _ in range(8):
        run.advance(Budget(10))
        made.note(AGAIN)
    assert [frame.units for frame in made.kept.frames] == [0, 420]
    monkeypatch.undo()
    run.advance(Budget(10))
    made.note(AGAIN)
    assert [frame.units for frame in made.kept.frames] == [0, 510]


def test_without_memory_for_the_first_state_there_is_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Session(SPECS["tables"])
    monkeypatch.setattr(Session, "state", no_memory)
    with pytest.raises(MemoryError):
        Timeline(run)


def test_whatever_else_goes_wrong_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Session(SPECS["tables"])
    timeline = Timeline(run, apart=0.0)

    def broken(_: Session) -> Any:
        raise ValueError("broken")

    monkeypatch.setattr(Session, "state", broken)
    run.advance(Budget(10))
    with pytest.raises(ValueError, match="broken"):
        timeline.note(1.0)


def test_states_too_large_are_told_once_and_kept_when_there_is_memory_for_them() -> None:
    run = Session(RunSpec(world=open_world("make:random-grid?rows=100&columns=100"), algorithm="q-learning", seed=1, steps=1000))
    timeline = Timeline(run, memory=200_000, apart=0.0)
    while run.units < 100:  # the world is solved on the way
        run.advance(Budget(100 - run.units))
    timeline.note(1.0)
    (notice,) = timeline.notices
    assert notice.startswith("A state of this run is too large for the memory of its past (0 MB)")
    assert [frame.units for frame in timeline.keyframes] == [0]
    run.advance(Budget(100))
    timeline.note(1e9)
    assert [frame.units for frame in timeline.keyframes] == [0]
    timeline.memory = 2**26
    assert timeline.notices == () and timeline.memory == 2**26
    timeline.note(1.0)
    assert [frame.units for frame in timeline.keyframes] == [0, 200]
    timeline.look(Wish(50))
    fresh = Session(run.spec)
    while fresh.units < 50:
        fresh.advance(Budget(50 - fresh.units))
    assert np.array_equal(timeline.snapshot().q, fresh.snapshot().q, equal_nan=True)
    timeline.close()


def test_no_more_than_half_of_the_machine_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert most_memory() == usable_memory() // 2
    monkeypatch.setattr(keeper, "usable_memory", lambda: LEAST)
    assert most_memory() == LEAST
