"""The list of kept runs: what it tells of each, that damaged ones are listed, too, and what a person says of one."""

import json
import time
from pathlib import Path

import pytest

from core.errors import RunError
from core.learner import Budget
from core.runs import folder, library, notes
from core.runs.library import Library
from core.runs.notes import Notes, tags_of
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world


@pytest.fixture
def run(tmp_path: Path) -> Path:
    spec = RunSpec(world=open_world("grid/lecture-3x4"), world_name="grid/lecture-3x4", algorithm="q-learning", seed=3, members=2,
                   steps=2000, config={"step_size": {"kind": "constant", "start": 0.25}})  # fmt: skip
    session = Session(spec)
    session.advance(Budget(1500))
    folder.save(session, tmp_path / "runs" / "mine")
    return tmp_path / "runs" / "mine"


def test_an_entry_tells_what_the_run_was_and_came_to(run: Path) -> None:
    entry, session = library.read(run), folder.resume(run)
    assert (entry.world, entry.world_ko[:2], entry.algorithm, entry.units, entry.members) == ("Lecture 3×4", "강의", "q-learning", 1500, 2)
    assert dict(entry.settings) == {"Step size": "0.25", "Seed": "3", "Steps": "2000"}
    last = [returns[-100:] for returns in session.returns()]
    assert entry.score == pytest.approx(sum(sum(each) / len(each) for each in last) / 2, rel=1e-12)
    assert abs(entry.saved - time.time()) < 60 and not entry.finished and not entry.automatic and entry.problem is None


def test_notes_are_kept_apart_from_the_run_and_outlive_its_saves(run: Path) -> None:
    said = Notes("The good one", tags_of(" slow,  two  words, slow,, "), "Look at\nstep 400")
    assert said.tags == ("slow", "two words")
    notes.write(run, said)
    folder.save(folder.resume(run), run)
    assert library.read(run).notes == said and library.read(run).name == "The good one"
    notes.write(run, Notes())
    assert sorted(file.suffix for file in run.iterdir()) == [".json", ".npz"]
    with pytest.raises(RunError, match="the note cannot be written"):
        notes.write(run / "nowhere", said)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"tags": 3}', '"x"', "\xff"])
def test_a_damaged_note_says_nothing(run: Path, text: str) -> None:
    (run / notes.FILE).write_text(text, encoding="latin-1")
    assert not library.read(run).notes and library.read(run).problem is None


DAMAGES = {
    "{": "the run's description is damaged", "[]": "the run's description is damaged", '{"format": 1}': "the run's description is damaged",
    '{"format": 99}': "it was saved by a newer Valuescape (format 99)",
    '{"format": 1, "spec": {"algorithm": "no-such", "world": {}}}': "There is no algorithm named 'no-such'",
    '{"format": 1, "spec": {"algorithm": "q-learning", "world": 3}, "units": 1, "finished": 0}': "the run's description is damaged",
    '{"format": 1, "spec": {"algorithm": "q-learning", "world": {}, "config": {"step_size": "x"}}}': None,
}  # fmt: skip


@pytest.mark.parametrize(("text", "problem"), DAMAGES.items())
def test_damaged_runs_are_listed_with_the_reason(run: Path, text: str, problem: str | None) -> None:
    (run / "run.json").write_text(text, encoding="utf-8")
    (entry,) = Library(run.parent).entries()
    assert entry.folder == run and entry.problem is not None
    assert problem is None or entry.problem == problem


def test_a_missing_checkpoint_is_told(run: Path) -> None:
    next(run.glob("*.npz")).unlink()
    assert library.read(run).problem == "the run's checkpoint is missing"


def test_only_what_has_changed_is_read_again(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, asked = library.read, list[Path]()

    def counted(place: Path) -> library.Entry:
        asked.append(place)
        return read(place)

    monkeypatch.setattr(library, "read", counted)
    listed = Library(run.parent)
    assert [entry.folder for entry in listed.entries()] == [entry.folder for entry in listed.entries()] == [run]
    assert asked == [run]
    notes.write(run, Notes(note="seen"))
    assert next(listed.entries()).notes.note == "seen" and asked == [run, run]


def test_what_is_no_run_is_not_listed(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / ".trash").mkdir()
    (tmp_path / "file.lock").touch()
    assert list(Library(tmp_path).entries()) == list(Library(tmp_path / "nowhere").entries()) == []


def test_what_is_set_aside_comes_back_whole_unless_its_place_is_taken(run: Path) -> None:
    trashed = library.set_aside(run)
    assert list(Library(run.parent).entries()) == []
    run.mkdir()
    with pytest.raises(FileExistsError):
        library.put_back(trashed, run)
    run.rmdir()
    library.put_back(trashed, run)
    assert folder.resume(run).units == 1500


def test_a_run_of_an_older_format_without_its_facts_is_listed(run: Path) -> None:
    described = json.loads((run / "run.json").read_text(encoding="utf-8"))
    for name in ("saved", "score", "automatic"):
        del described[name]
    (run / "run.json").write_text(json.dumps(described | {"format": 1}), encoding="utf-8")
    entry = library.read(run)
    assert entry.score is None and entry.problem is None and abs(entry.saved - time.time()) < 60


def test_a_thousand_runs_are_listed_fast(run: Path) -> None:
    text = (run / "run.json").read_text(encoding="utf-8")
    for number in range(1000):
        place = run.parent / f"{number}"
        place.mkdir()
        (place / "run.json").write_text(text, encoding="utf-8")
    began = time.process_time()
    assert len(list(Library(run.parent).entries())) == 1001
    assert time.process_time() - began < 5
