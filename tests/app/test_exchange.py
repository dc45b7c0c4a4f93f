"""Import, export, clipboard and dropped files, in the real window."""

import json
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app import busy, exchange
from app.dialogs.loss import LossDialog
from app.dialogs.reading import ReadingDialog
from app.studio import Studio
from core.formats.registry import formats, read_file
from core.policies.registry import kinds
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from core.worlds.table import TableWorld
from tests.app.hands import Hands
from tests.core.formats.samples import TIGER, png

WHITE, BLACK, BLUE, GREEN = (255, 255, 255), (0, 0, 0), (0, 0, 255), (0, 255, 0)


class Asked:
    """Answers file dialogs with a name, and keeps what they offered."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answer: tuple[str, str] = ("", "")
        self.offered: list[str] = []
        self.suggested = ""
        monkeypatch.setattr(QFileDialog, "getOpenFileName", self._asked)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", self._asked)

    def _asked(self, _parent: object, _title: str, suggested: str, filters: str) -> tuple[str, str]:
        self.offered, self.suggested = filters.split(";;"), suggested
        kinds = [offered for offered in self.offered if self.answer[1] in offered]
        return self.answer[0], kinds[0]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(monkeypatch)


def dialog_of(studio: Studio, kind: type) -> object:
    return next(iter(found for found in studio.window.findChildren(kind) if found.isVisible()), None)


def sentence(studio: Studio) -> str:
    """What the last failure said; the dialog is closed."""
    box = studio.window.findChild(QMessageBox, "failure")
    assert box is not None
    said = box.text()
    box.done(0)
    return said


def test_all_formats_are_offered_and_a_file_is_opened(studio: Studio, asked: Asked, tmp_path: Path) -> None:
    (tmp_path / "tiger.pomdp").write_bytes(TIGER)
    asked.answer = str(tmp_path / "tiger.pomdp"), "All"
    studio.window.actions_["import_world"].trigger()
    world = studio.document.world
    assert isinstance(world, TableWorld) and world.states == ("tiger-left", "tiger-right")
    assert (world.title, world.description) == ("tiger", "Its 2 observations are left out: the agent sees the state itself.")
    assert studio.document.path is None and not studio.document.modified and "tiger" in studio.window.windowTitle()
    readable = [format for format in formats().values() if format.read]
    assert len(asked.offered) == 1 + len(readable) + len(kinds())
    assert all(f"*{ending}" in asked.offered[0] for format in readable for ending in format.extensions)


def test_the_chosen_filter_tells_the_format(studio: Studio, asked: Asked, tmp_path: Path) -> None:
    (tmp_path / "lake.dat").write_text("SF\nHG")
    asked.answer = str(tmp_path / "lake.dat"), "FrozenLake"
    studio.window.actions_["import_world"].trigger()
    assert isinstance(studio.document.world, GridWorld) and studio.document.world.map == ("S.", "TG")


def test_our_own_files_are_opened_with_their_path(studio: Studio, asked: Asked, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text('{"kind": "grid", "map": ["S.G"]}')
    asked.answer = str(path), "All"
    studio.window.actions_["import_world"].trigger()
    assert studio.document.path == path


def test_a_damaged_file_is_told_and_changes_nothing(studio: Studio, asked: Asked, tmp_path: Path) -> None:
    before = studio.document.world
    (tmp_path / "broken.mdp").write_text("discount: 0.9\nvalues: joy\n")
    asked.answer = str(tmp_path / "broken.mdp"), "All"
    studio.window.actions_["import_world"].trigger()
    assert sentence(studio) == "broken.mdp, line 2: values are 'joy'. They must be reward or cost."
    assert studio.document.world is before


def test_unsaved_edits_are_asked_about_first(
    studio: Studio, hands: Hands, asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands.paint("Wall", (0, 0))
    edited = studio.document.world
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Cancel)
    (tmp_path / "map.txt").write_text("S.G")
    asked.answer = str(tmp_path / "map.txt"), "All"
    studio.window.actions_["import_world"].trigger()
    assert studio.document.world is edited
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Discard)
    studio.window.actions_["import_world"].trigger()
    assert isinstance(studio.document.world, GridWorld) and studio.document.world.map == ("S.G",)


def test_a_picture_is_shown_as_cells_before_it_is_opened(studio: Studio, qtbot: QtBot, asked: Asked, tmp_path: Path) -> None:
    (tmp_path / "drawn.png").write_bytes(png([[BLUE, WHITE], [BLACK, GREEN]], 6))
    asked.answer = str(tmp_path / "drawn.png"), "All"
    studio.window.actions_["import_world"].trigger()
    dialog = dialog_of(studio, ReadingDialog)
    assert isinstance(dialog, ReadingDialog) and dialog.line.text() == "2 rows and 2 columns"
    dialog.form.rows["cell"].field.put(3)
    dialog.form.rows["cell"].field.edited.emit()
    assert dialog.line.text() == "4 rows and 4 columns" and not dialog.shown.pixmap().isNull()
    dialog.form.rows["cell"].field.put(99)
    dialog.form.rows["cell"].field.edited.emit()
    assert "smaller than one cell of 99 pixels" in dialog.line.text() and not dialog.take.isEnabled()
    dialog.form.rows["cell"].field.put(6)
    dialog.form.rows["cell"].field.edited.emit()
    qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    assert isinstance(studio.document.world, GridWorld) and studio.document.world.map == ("S.", "#G")
    assert studio.document.world.title == "drawn"


def test_only_formats_that_suit_the_world_are_offered(studio: Studio, hands: Hands, asked: Asked) -> None:
    studio.window.actions_["export_world"].trigger()
    assert any("Map of signs" in offered for offered in asked.offered) and asked.suggested == "lecture-3x4"
    hands.library("mdp/three-state")
    studio.window.actions_["export_world"].trigger()
    assert asked.suggested == "three-state"
    assert not any("Map of signs" in offered for offered in asked.offered) and any("PRISM" in offered for offered in asked.offered)
    hands.library("gym:CartPole-v1")
    studio.window.actions_["export_world"].trigger()
    assert asked.offered == ["Valuescape world (*.json)"]


def test_what_is_lost_is_agreed_to_before_it_is_written(studio: Studio, qtbot: QtBot, asked: Asked, tmp_path: Path) -> None:
    asked.answer = str(tmp_path / "lecture"), "Map of signs"
    studio.window.actions_["export_world"].trigger()
    dialog = dialog_of(studio, LossDialog)
    assert isinstance(dialog, LossDialog)
    assert dialog.lines.text() == "•  Discount is not kept: 0.9.\n•  Traps end the episode is not kept: no."
    cancel = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Cancel)
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert list(tmp_path.iterdir()) == [] or not (tmp_path / "lecture.txt").exists()
    studio.window.actions_["export_world"].trigger()
    dialog = dialog_of(studio, LossDialog)
    assert isinstance(dialog, LossDialog)
    qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    assert (tmp_path / "lecture.txt").read_text() == "...G\n.#.T\nS...\n"


def test_what_loses_nothing_is_written_at_once(studio: Studio, asked: Asked, tmp_path: Path) -> None:
    asked.answer = str(tmp_path / "lecture"), "Arrays"
    studio.window.actions_["export_world"].trigger()
    assert dialog_of(studio, LossDialog) is None
    again, world = read_file(tmp_path / "lecture.npz").world.compile(), open_world("grid/lecture-3x4").compile()
    np.testing.assert_array_equal(again.next_state, world.next_state)
    asked.answer = str(tmp_path / "lecture.py"), "environment (Python)"
    studio.window.actions_["export_world"].trigger()
    assert "Lecture-v0" in (tmp_path / "lecture.py").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_told(studio: Studio, asked: Asked, tmp_path: Path) -> None:
    asked.answer = str(tmp_path / "no" / "where.npz"), "Arrays"
    studio.window.actions_["export_world"].trigger()
    assert "it cannot be written (No such file or directory). Choose another folder." in sentence(studio)


def test_a_grid_is_copied_as_rows_of_signs_and_comes_back(studio: Studio) -> None:
    studio.window.actions_["copy_text"].trigger()
    assert QGuiApplication.clipboard().text() == "...G\n.#.T\nS...\n"
    assert "rules and rewards are not among them" in studio.window.status.currentMessage()
    studio.window.actions_["paste_text"].trigger()
    assert isinstance(studio.document.world, GridWorld) and studio.document.world.map == ("...G", ".#.T", "S...")
    assert studio.document.world.title == "From the clipboard" and studio.document.world.traps_end


def test_a_table_is_copied_whole(studio: Studio, hands: Hands) -> None:
    hands.library("mdp/three-state")
    world = studio.document.world
    studio.window.actions_["copy_text"].trigger()
    assert json.loads(QGuiApplication.clipboard().text())["kind"] == "table"
    hands.library("grid/lecture-3x4")
    studio.window.actions_["paste_text"].trigger()
    assert studio.document.world == world


@pytest.mark.parametrize("text", ["", "hello there", '{"kind": "grid"}'])
def test_what_is_no_world_on_the_clipboard_is_told(studio: Studio, text: str) -> None:
    before = studio.document.world
    QGuiApplication.clipboard().setText(text)
    studio.window.actions_["paste_text"].trigger()
    assert sentence(studio).startswith("Clipboard") and studio.document.world is before


def dropped(studio: Studio, url: QUrl) -> bool:
    """Drag a url over the window and let go where it is taken; whether it was."""
    data = QMimeData()
    data.setUrls([url])
    where, copy, left = studio.window.rect().center(), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    entering = QDragEnterEvent(where, copy, data, left, Qt.KeyboardModifier.NoModifier)
    entering.ignore()
    QApplication.sendEvent(studio.window, entering)
    if entering.isAccepted():
        QApplication.sendEvent(studio.window, QDropEvent(QPointF(where), copy, data, left, Qt.KeyboardModifier.NoModifier))
    return entering.isAccepted()


def test_a_file_dropped_on_the_window_is_opened(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "map.txt").write_text("S.G\n###")
    assert dropped(studio, QUrl.fromLocalFile(str(tmp_path / "map.txt")))
    assert isinstance(studio.document.world, GridWorld) and studio.document.world.map == ("S.G", "###")
    (tmp_path / "notes.doc").write_text("")
    assert dropped(studio, QUrl.fromLocalFile(str(tmp_path / "notes.doc")))
    assert "notes.doc: no format is known for such a file." in sentence(studio)
    assert not dropped(studio, QUrl("https://example.org/map.txt"))


# Large files


def test_a_large_file_is_read_in_another_thread(
    studio: Studio, qtbot: QtBot, asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(busy, "SMALL", -1)
    monkeypatch.setattr(exchange, "SMALL", -1)
    (tmp_path / "map.txt").write_text("S.G\n...\n", encoding="utf-8")
    with qtbot.waitSignal(studio.worlds.opened):
        studio.exchange.import_file(tmp_path / "map.txt")
        assert studio.worlds.busy.sign is not None and studio.document.name != "map.txt"
    assert studio.document.world.map == ("S.G", "...") and studio.worlds.busy.sign is None
    assert "compiled" in vars(studio.document.world)
    studio.document.save(tmp_path / "own.json")
    with qtbot.waitSignal(studio.worlds.opened):
        studio.worlds.open_file(tmp_path / "own.json")
    assert studio.document.path == tmp_path / "own.json"
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    with qtbot.waitSignal(studio.worlds.refused):
        studio.worlds.open_file(tmp_path / "bad.json")
    assert studio.document.path == tmp_path / "own.json"
    assert "this is not JSON" in sentence(studio)


def test_reading_says_that_it_takes_a_while_and_can_be_given_up(studio: Studio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(busy, "PATIENCE", 0)
    go, ended, done = Event(), Event(), []

    def work() -> str:
        go.wait(60)
        ended.set()
        return "late"

    studio.worlds.busy.do("Reading …", work, done.append)
    sign = studio.worlds.busy.sign
    assert sign is not None
    qtbot.waitUntil(sign.isVisible)
    assert sign.labelText() == "Reading …"
    sign.canceled.emit()
    assert studio.worlds.busy.sign is None
    go.set()
    qtbot.waitUntil(ended.is_set)
    studio.worlds.busy.do("Reading …", lambda: "next", done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert done == ["next"]


def test_a_mistake_of_ours_in_the_thread_is_not_swallowed(studio: Studio, qtbot: QtBot) -> None:
    with qtbot.captureExceptions() as caught:
        studio.worlds.busy.do("Reading …", lambda: 1 // 0, lambda _: None)
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is ZeroDivisionError
