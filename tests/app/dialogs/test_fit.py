"""Dialogs show all that is in them, and are no larger than the screen."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.dialogs.about import show_about
from app.dialogs.consent import ConsentDialog
from app.dialogs.generate import GenerateDialog
from app.dialogs.history import HistoryDialog
from app.dialogs.printed import PrintedDialog
from app.dialogs.shortcuts import ShortcutsDialog
from app.theme import theme
from core.worlds.foreign.code import code_of


@pytest.fixture
def parent(qtbot: QtBot) -> Iterator[QWidget]:
    parent = QWidget()
    qtbot.addWidget(parent)
    yield parent
    theme.use("light")


LARGE: dict[str, Callable[[QWidget], QDialog]] = {
    "generate": GenerateDialog,
    "printed": PrintedDialog,
    "shortcuts": ShortcutsDialog,
    "history": lambda parent: HistoryDialog(parent, QUndoStack(parent)),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_dialog_is_no_larger_than_the_screen(parent: QWidget, name: str) -> None:
    theme.use("light", 2.0)
    dialog = LARGE[name](parent)
    dialog.show()
    room = dialog.screen().availableSize()
    assert dialog.width() <= room.width() and dialog.height() <= room.height()


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_code_to_be_allowed_lies_over_nothing_else(parent: QWidget, tmp_path: Path, qtbot: QtBot, scale: float) -> None:
    theme.use("light", scale)
    file = tmp_path / "corridor.py"
    file.write_text("import gymnasium")
    dialog = ConsentDialog(parent, "Corridor", code_of(str(file)))
    dialog.show()
    dialog.look.setChecked(True)
    layout = dialog.layout()
    assert layout is not None
    layout.activate()
    boxes = [item.geometry() for place in range(layout.count()) if (item := layout.itemAt(place)) is not None]
    assert dialog.text.isVisible() and all(one.bottom() < other.top() for one, other in pairwise(boxes))
    assert boxes[-1].bottom() <= dialog.height()


def test_what_it_is_made_of_is_told_by_name(parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"python": "3.11.7", "system": "Linux", "valuescape": "0.1.0", "torch": "2.0", "commit": 40 * "a" + "-dirty"}
    monkeypatch.setattr("app.dialogs.about.versions", lambda: dict(found))
    box = show_about(parent)
    assert "Valuescape 0.1.0" in box.text()
    assert "PyTorch" in box.informativeText() and f">{12 * 'a'}-dirty<" in box.informativeText()
