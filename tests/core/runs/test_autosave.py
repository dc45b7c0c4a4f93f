"""Runs kept by themselves: one folder for each, the newest state in it, room made for newer ones, and what a crash leaves is found."""

import errno
import shutil
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.errors import RunError
from core.learner import Budget, Progress
from core.runs import autosave, folder, library, notes
from core.runs.autosave import Autosave, is_open
from core.runs.notes import Notes
from core.runs.reproduce import differences
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.runs.timeline import Timeline
from core.worlds.library import open_world
from tests.contracts.test_demonstrations import played


def trained(units: int = 100, seed: int = 1) -> Session:
    spec = RunSpec(world=open_world("grid/lecture-3x4"), world_name="grid/lecture-3x4", algorithm="q-learning", seed=seed)
    session = Session(spec)
    session.advance(Budget(units))
    return session


def keeper(home: Path, opened: Session) -> Autosave:
    made = Autosave(home, refused=lambda problem: pytest.fail(problem))
    made.begin(opened)
    return made


def new(home: Path) -> tuple[Autosave, Session]:
    """A run from its first step on, as a studio begins one."""
    session = trained(0)
    return keeper(home, session), session


def slowed(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Until it is set, no run is written."""
    held, write = threading.Event(), folder.write

    def slow(kept: folder.Kept, place: Path, automatic: bool = False) -> None:
        assert held.wait(60)
        write(kept, place, automatic)

    monkeypatch.setattr(folder, "write", slow)
    return held


def test_every_save_of_a_run_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    made, session = new(tmp_path)
    for units in (10, 30):
        session.advance(Budget(units))
        made.keep(session)
        made.wait()
    (place,) = library.folders(tmp_path)
    assert place.name.endswith(" q-learning lecture-3x4") and place == made.place
    assert folder.resume(place).units == 40
    assert library.read(place).automatic
    made.close()


def test_nothing_is_written_where_nothing_was_learnt_or_it_is_switched_off(tmp_path: Path) -> None:
    made, session = new(tmp_path)
    made.keep(session)
    made.on = False
    session.advance(Budget(5))
    made.keep(session)
    made.close()
    assert library.folders(tmp_path) == []


def test_of_saves_that_wait_only_the_newest_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, session = new(tmp_path)
    held, written, entered = threading.Event(), list[int](), threading.Event()
    write = folder.write

    def slow(kept: folder.Kept, place: Path, automatic: bool = False) -> None:
        entered.set()
        assert held.wait(60)
        written.append(kept.units)
        write(kept, place, automatic)

    monkeypatch.setattr(folder, "write", slow)
    for _ in range(4):
        session.advance(Budget(10))
        made.keep(session)
        assert entered.wait(60)
    held.set()
    made.wait()
    assert written == [10, 40]
    made.close()


def test_what_is_written_is_the_state_at_the_time_though_the_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, session = new(tmp_path)
    held = slowed(monkeypatch)
    session.advance(Budget(300))
    before = session.snapshot().q
    made.keep(session)
    session.advance(Budget(5000))
    held.set()
    made.wait()
    assert made.place is not None and before is not None
    again = folder.resume(made.place).snapshot().q
    assert again is not None and before.tobytes() == again.tobytes()
    made.close()


def test_an_automatic_run_goes_on_in_its_folder_and_one_with_a_note_in_another(tmp_path: Path) -> None:
    made, session = new(tmp_path)
    session.advance(Budget(10))
    place = made.keep_now(session)
    assert place is not None
    made.begin(folder.resume(place), place)
    assert made.place == place
    notes.write(place, Notes(tags=("good",)))
    again = folder.resume(place)
    made.begin(again, place)
    assert made.keep_now(again) != place  # asked for, it is kept though nothing was learnt
    assert folder.resume(place).units == 10
    made.close()


def test_a_run_that_another_window_trains_is_kept_in_another_folder(tmp_path: Path) -> None:
    one, session = new(tmp_path)
    session.advance(Budget(10))
    place = one.keep_now(session)
    assert place is not None
    other, again = Autosave(tmp_path), folder.resume(place)
    other.begin(again, place)
    again.advance(Budget(5))
    other.keep(again)
    other.wait()
    assert other.place != place and folder.resume(place).units == 10 and len(library.folders(tmp_path)) == 2
    one.close()
    other.close()


def test_only_what_broke_down_is_left_and_only_until_it_is_let_go(tmp_path: Path) -> None:
    made, session = new(tmp_path)
    session.advance(Budget(10))
    place = made.keep_now(session)
    assert place is not None and autosave.is_open(place)
    assert autosave.left(tmp_path) == []  # it is alive
    assert made._lock is not None
    made._lock.release()  # as the system does where a program is killed
    (found,) = autosave.left(tmp_path)
    assert found.folder == place
    assert autosave.left(tmp_path) == []  # another window has asked already
    found.let_go()
    assert autosave.left(tmp_path) == [] and not list(tmp_path.glob("*.lock"))


def test_a_run_that_ended_as_it_should_is_not_left(tmp_path: Path) -> None:
    for end in (Autosave.release, Autosave.leave, Autosave.close):
        made, session = new(tmp_path)
        session.advance(Budget(10))
        made.keep(session)
        end(made)
        made.wait()
        assert autosave.left(tmp_path) == [] and not list(tmp_path.glob("*.lock"))
        made.close()


def test_a_run_that_ended_is_left_until_its_last_save_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock goes after it; and stays where the run goes on meanwhile, in its folder."""
    made, session = new(tmp_path)
    session.advance(Budget(10))
    made.keep(session)
    made.wait()
    held = slowed(monkeypatch)
    session.advance(Budget(10))
    made.keep(session)
    made.release()
    place = made.place
    assert place is not None and is_open(place) and folder.describe(place)["units"] == 10
    session.advance(Budget(10))
    made.keep(session)
    assert made.place == place
    held.set()
    made.wait()
    assert is_open(place) and folder.describe(place)["units"] == 30
    held.clear()
    session.advance(Budget(10))
    made.keep(session)
    made.release()
    made.release()
    assert is_open(place)
    held.set()
    made.close()
    assert folder.describe(place)["units"] == 40 and not list(tmp_path.glob("*.lock"))


def test_a_run_is_kept_again_once_all_that_was_shown_is_learnt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.runs.session.PART", 2)
    made, session = new(tmp_path)
    session.advance(Budget(10))
    session.teach(played(session.spec.world))
    made.keep(session)
    made.wait()
    session.settle()
    made.keep(session)
    made.close()
    (place,) = library.folders(tmp_path)
    assert "taken" not in folder.describe(place)["state"]


def test_room_is_made_by_the_oldest_that_nobody_wanted(tmp_path: Path) -> None:
    session = trained()
    for number in range(8):
        folder.write(folder.taken(session), tmp_path / f"{number}", automatic=number != 1)
    notes.write(tmp_path / "0", Notes(note="the first"))
    shutil.move(tmp_path / "2", tmp_path / "renamed")
    autosave.lock_of(tmp_path / "3").touch()
    autosave.make_room(tmp_path, library.set_aside, most=2)
    assert sorted(place.name for place in library.folders(tmp_path)) == ["0", "1", "3", "6", "7", "renamed"]
    assert sorted(place.name[:1] for place in (tmp_path / library.TRASH).iterdir()) == ["4", "5"]


def test_the_run_that_room_is_made_for_stays_where_the_clock_was_set_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = trained()
    for number in range(4):
        folder.write(folder.taken(session), tmp_path / f"{number}", automatic=True)
    monkeypatch.setattr(autosave, "MOST", 3)
    monkeypatch.setattr(folder.time, "time", lambda: 0.0)
    made, new_one = new(tmp_path)
    new_one.advance(Budget(10))
    made.keep(new_one)
    made.release()
    made.wait()
    assert made.place in library.folders(tmp_path) and len(library.folders(tmp_path)) == 3
    assert sorted(place.name[:1] for place in (tmp_path / library.TRASH).iterdir()) == ["0", "1"]
    made.close()


def test_a_full_disk_is_told_once_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    made, session = Autosave(tmp_path, refused=told.append), trained(0)
    made.begin(session)

    def full(*_: object, **__: object) -> None:
        raise RunError("the run cannot be saved (No space left on device)")

    with monkeypatch.context() as patch:
        patch.setattr(folder, "write", full)
        for _ in range(3):
            session.advance(Budget(10))
            made.keep(session)
            made.wait()
            assert made.unkept
    once = "the run cannot be saved (No space left on device). The run goes on, and is kept once that works"
    assert told == [once]
    for _ in range(2):
        made.keep(session)
        made.wait()
        assert told == [once, "The run is kept again"] and not made.unkept
        session.advance(Budget(10))
    assert made.place is not None and folder.resume(made.place).units == 40
    made.close()


def test_a_folder_that_cannot_be_had_is_told_once_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    home = tmp_path / "stick" / "runs"
    made, session = Autosave(home, refused=told.append), trained(0)
    made.begin(session)
    session.advance(Budget(10))

    def gone(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", gone)
        for _ in range(3):
            made.keep(session)
        with pytest.raises(RunError, match=r"the run cannot be saved \(Read-only file system\)\. Choose another folder"):
            made.keep_now(session)
    assert told == [f"{home}: the run cannot be saved (Read-only file system). The run goes on, and is kept once that works"]
    made.keep(session)
    made.wait()
    assert made.place is not None and folder.resume(made.place).units == 10
    made.close()


def test_a_folder_that_vanishes_is_made_again_and_locked(tmp_path: Path) -> None:
    home = tmp_path / "stick"
    made, session = new(home)
    session.advance(Budget(10))
    made.keep(session)
    made.wait()
    shutil.rmtree(home)
    session.advance(Budget(10))
    made.keep(session)
    made.wait()
    assert made.place is not None and made.place.parent == home
    assert is_open(made.place) and folder.resume(made.place).units == 20
    made.close()


def test_the_folder_of_a_project_that_vanishes_is_not_made_again(tmp_path: Path) -> None:
    """Saved, it would be that run and nothing else, in the place of all that is in the project's file."""
    told: list[str] = []
    made, session = Autosave(tmp_path / "all", refused=told.append), trained(0)
    made.begin(session)
    made.move(tmp_path / "project" / "runs")
    session.advance(Budget(10))
    made.keep(session)
    assert len(told) == 1 and "the run cannot be saved (No such file or directory)" in told[0] and made.unkept
    assert not (tmp_path / "project").exists()
    made.close()


def test_a_run_that_breaks_down_in_a_step_is_kept_as_it_last_was_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, session = new(tmp_path)
    timeline = Timeline(session, apart=0.0)
    session.advance(Budget(40))
    timeline.note(1.0)
    before = folder.taken(session).state
    learn, calls = session.learner.advance, []

    def breaking(budget: Budget) -> Progress:
        learn(budget._replace(units=min(budget.units, 3)))
        calls.append(budget)
        raise ValueError("no luck")

    monkeypatch.setattr(session.learner, "advance", breaking)
    with pytest.raises(ValueError, match="no luck"):
        session.advance(Budget(10))
    assert session.broken
    monkeypatch.undo()
    del timeline.keyframes[1:]
    with closing(timeline.mended()) as mended:
        assert list(differences(mended.state(), before)) == []
        place = made.keep_now(mended)
    assert place is not None
    again = folder.resume(place)
    assert again.units == 40 and list(differences(again.state(), before)) == []
    made.close()


def test_where_that_takes_long_the_newest_kept_state_is_kept(tmp_path: Path) -> None:
    made, session = new(tmp_path)
    timeline = Timeline(session, apart=0.0)
    session.advance(Budget(40))
    timeline.note(10.0)
    newest = timeline.keyframes[-1]
    timeline.keeper.apart = 1e9
    session.advance(Budget(40))
    timeline.note(1000.0)
    with pytest.raises(LookupError):
        timeline.mended()
    place = made.keep_now(session, newest)
    assert place is not None and folder.resume(place).units == 40
    made.close()


def test_it_is_due_after_a_minute_of_training(tmp_path: Path) -> None:
    now = [1000.0]
    made, session = new(tmp_path)
    made.clock = lambda: now[0]
    made.start()
    now[0] += 59.9
    assert not made.due
    now[0] += 0.2
    assert made.due
    session.advance(Budget(1))
    made.keep(session)
    assert not made.due
    made.close()


def test_hours_of_sleep_cost_one_save_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the clock went on while the computer slept, between two saves or in the middle of one."""
    now = [1000.0]
    made, session = new(tmp_path)
    made.clock = lambda: now[0]
    made.start()
    now[0] += 5 * 3600
    assert made.due
    session.advance(Budget(1))
    made.keep(session)
    assert not made.due
    usual = folder.taken

    def asleep(*arguments: Any) -> Any:
        now[0] += 8 * 3600
        return usual(*arguments)

    monkeypatch.setattr(folder, "taken", asleep)
    now[0] += autosave.APART + 0.1
    session.advance(Budget(1))
    made.keep(session)
    woken = now[0]
    assert made._next <= woken + autosave.LONGEST
    now[0] = woken + autosave.LONGEST
    assert made.due, "not after 50 times as long as it slept"
    made.close()


@pytest.mark.parametrize(("name", "world"), [("gym:CartPole-v1", "CartPole-v1"), ("make:maze?rows=20&columns=3", "maze"),
                                              ("/home/me/Meine Welt.json", "Meine Welt.json"), ("", "Lecture 3-4")])  # fmt: skip
def test_a_folder_is_named_after_date_algorithm_and_world(name: str, world: str) -> None:
    spec = RunSpec(world=open_world("grid/lecture-3x4"), world_name=name, algorithm="q-learning")
    assert library.name_of(spec)[20:] == f"q-learning {world}"
