"""The list of kept runs, worked as a person does: found, opened, noted, compared, deleted and put back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.dialogs.kept_runs import KeptRunsDialog
from app.dialogs.kept_runs_model import MEMBERS, NAME, NOTE, SCORE, SETTINGS, STEPS, TAGS, WORLD, text_of
from app.picture import Status
from app.preferences import runs_folder
from app.studio import Studio
from app.theme import theme
from core.learner import Budget
from core.runs import folder, library, notes
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world
from tests.app.hands import PATIENCE, Hands


def keep(name: str, world: str = "grid/lecture-3x4", units: int = 500, **spec: object) -> Path:
    session = Session(RunSpec.model_validate({"world": open_world(world), "world_name": world, "algorithm": "q-learning"} | spec))
    session.advance(Budget(units))
    folder.save(session, runs_folder() / name)
    return runs_folder() / name


@pytest.fixture(autouse=True)
def home() -> Iterator[Path]:
    shutil.rmtree(runs_folder(), ignore_errors=True)
    keep("one", seed=4)
    keep("two", "grid/discount-5x5", 800, algorithm="sarsa", members=2, steps=900)
    (runs_folder() / "three").mkdir()
    (runs_folder() / "three" / "run.json").write_text("{", encoding="utf-8")
    yield runs_folder()
    shutil.rmtree(runs_folder(), ignore_errors=True)


@pytest.fixture
def dialog(studio: Studio, hands: Hands) -> KeptRunsDialog:
    studio.window.actions_["kept_runs"].trigger()
    shown = studio.window.findChild(KeptRunsDialog)
    assert shown is not None
    hands.qtbot.waitUntil(lambda: not shown.timer.isActive(), timeout=PATIENCE)
    return shown


def row_of(dialog: KeptRunsDialog, name: str) -> int:
    names = [dialog.model.entries[dialog.sorted.mapToSource(dialog.sorted.index(row, 0)).row()].folder.name
             for row in range(dialog.sorted.rowCount())]  # fmt: skip
    return names.index(name)


def press(dialog: KeptRunsDialog, hands: Hands, button: str, run: str = "") -> None:
    if run:
        where = dialog.view.visualRect(dialog.sorted.index(row_of(dialog, run), WORLD)).center()
        hands.qtbot.mouseClick(dialog.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    hands.qtbot.mouseClick(dialog.buttons[button], Qt.MouseButton.LeftButton)


def test_every_run_is_listed_and_a_damaged_one_says_so(dialog: KeptRunsDialog) -> None:
    told = {entry.folder.name: [text_of(entry, column) for column in range(NOTE + 1)] for entry in dialog.model.entries}
    assert [told["two"][column] for column in (STEPS, MEMBERS, NAME)] == ["800", "2", "two"]
    assert told["one"][SETTINGS] == "Seed 4" and told["two"][SETTINGS] == "Steps 900"
    assert told["one"][SCORE] not in ("–", "") and told["three"][WORLD] == "the run's description is damaged"
    assert "3 of 3" in dialog.said.text()
    dialog.view.selectRow(row_of(dialog, "three"))
    assert [name for name, button in dialog.buttons.items() if button.isEnabled()] == ["delete"]


def test_headings_are_whole_where_no_run_was_kept(studio: Studio, hands: Hands, home: Path) -> None:
    shutil.rmtree(home)
    theme.use("light", 1.5)
    studio.window.actions_["kept_runs"].trigger()
    shown = studio.window.findChild(KeptRunsDialog)
    assert shown is not None and shown.model.entries == []
    header = shown.view.horizontalHeader()
    titles = [str(shown.model.headerData(column, Qt.Orientation.Horizontal)) for column in range(header.count())]
    cut = [title for column, title in enumerate(titles) if not header.isSectionHidden(column)
           and header.sectionSize(column) < header.fontMetrics().horizontalAdvance(title) + 8]  # fmt: skip
    assert cut == []


def test_a_filter_keeps_the_rows_in_which_every_word_stands(dialog: KeptRunsDialog, hands: Hands) -> None:
    hands.qtbot.keyClicks(dialog.filter, "sarsa 900")
    assert dialog.sorted.rowCount() == 1 and row_of(dialog, "two") == 0 and "1 of 3" in dialog.said.text()
    hands.qtbot.keyClicks(dialog.filter, " nonsense")
    assert dialog.sorted.rowCount() == 0


def test_numbers_are_sorted_as_numbers(dialog: KeptRunsDialog) -> None:
    dialog.view.sortByColumn(STEPS, Qt.SortOrder.DescendingOrder)
    assert (row_of(dialog, "two"), row_of(dialog, "one"), row_of(dialog, "three")) == (0, 1, 2)


def test_what_is_written_of_a_run_is_kept_beside_it(dialog: KeptRunsDialog, home: Path) -> None:
    index = {column: dialog.sorted.index(row_of(dialog, "one"), column) for column in (NAME, TAGS, NOTE)}
    assert dialog.sorted.setData(index[NAME], "First")
    assert dialog.sorted.setData(index[TAGS], "a, b")
    assert not dialog.sorted.setData(index[TAGS], "a,b")
    assert notes.read(home / "one") == notes.Notes("First", ("a", "b"), "")
    assert text_of(dialog.model.entries[dialog.sorted.mapToSource(index[NAME]).row()], NAME) == "First"


def test_a_run_is_opened_and_another_begun_like_it(dialog: KeptRunsDialog, studio: Studio, hands: Hands) -> None:
    press(dialog, hands, "open", "two")
    hands.until(Status.paused)
    hands.until_picture(800)
    assert studio.document.name == "grid/discount-5x5"
    press(dialog, hands, "copy", "one")
    hands.until(Status.idle)
    assert studio.document.name == "grid/lecture-3x4" and studio.window.agent.seed.value() == 4
    assert studio.window.agent.algorithm.name == "q-learning" and studio.runs.last is None


def test_a_run_is_drawn_beside_others(dialog: KeptRunsDialog, studio: Studio, hands: Hands) -> None:
    press(dialog, hands, "compare", "two")
    assert [record.name for record in studio.window.runs.records] == ["two"]
    assert studio.window.below.currentWidget() is studio.window.runs


def test_a_deleted_run_comes_back(dialog: KeptRunsDialog, hands: Hands, home: Path) -> None:
    press(dialog, hands, "delete", "one")
    assert not (home / "one").exists() and dialog.sorted.rowCount() == 2
    press(dialog, hands, "undo")
    hands.qtbot.waitUntil(lambda: dialog.sorted.rowCount() == 3, timeout=PATIENCE)
    assert folder.resume(home / "one").units == 500 and not dialog.buttons["undo"].isEnabled()


def test_the_run_that_is_open_cannot_be_deleted(dialog: KeptRunsDialog, studio: Studio, hands: Hands, home: Path) -> None:
    hands.learner("q-learning", limit=10**12)
    hands.press("train")
    hands.until_picture(100)
    hands.press("train")
    hands.until(Status.paused)
    kept = studio.runs.conductor.worker.keeping.autosave.place
    assert kept is not None
    hands.qtbot.waitUntil(lambda: (kept / "run.json").exists(), timeout=PATIENCE)
    dialog.refresh()
    hands.qtbot.waitUntil(lambda: not dialog.timer.isActive(), timeout=PATIENCE)
    press(dialog, hands, "delete", kept.name)
    assert "is open just now" in dialog.said.text() and kept in library.folders(home)
