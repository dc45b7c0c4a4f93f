"""A world from a template: every generator opens from its own form, grids as grids to draw on; history and anchor."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.dialogs.generate import GenerateDialog
from app.dialogs.history import HistoryDialog
from app.dialogs.resize import ResizeDialog
from app.document import OpenWorld
from core.worlds.generator import generators
from core.worlds.grid import Cell, GridWorld
from core.worlds.grid_edits import resized
from core.worlds.library import open_world


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


@pytest.fixture
def dialog(parent: QWidget) -> GenerateDialog:
    return GenerateDialog(parent)


def test_an_empty_grid_has_the_size_that_is_typed(dialog: GenerateDialog) -> None:
    assert dialog.generator.name == "empty" and not dialog.picture.pixmap().isNull()
    dialog.form.set_value(dialog.form.model(rows=2, columns=7))
    dialog.make()
    assert dialog.world.map == (".......", "S.....G") and dialog.result() == dialog.DialogCode.Accepted


@pytest.mark.parametrize("name", generators())
def test_every_generator_is_offered_and_makes_its_world(dialog: GenerateDialog, name: str) -> None:
    dialog.choose(name)
    dialog.make()
    made = open_world(f"make:{name}")
    assert dialog.world == made and made.compile().states == dialog.world.compile().states


def test_settings_are_told_in_the_title_and_the_grid_can_be_drawn_on(dialog: GenerateDialog) -> None:
    dialog.choose("maze")
    dialog.form.set_value(dialog.form.model(rows=7, columns=9, seed=1))
    dialog.make()
    assert isinstance(dialog.world, GridWorld)
    assert dialog.world == open_world("make:maze?rows=7&columns=9&seed=1")


def test_another_seed_is_another_world(qtbot: QtBot, dialog: GenerateDialog) -> None:
    dialog.choose("random-grid")
    before = dialog.picture.pixmap().toImage()
    qtbot.mouseClick(dialog.another, Qt.MouseButton.LeftButton)
    assert dialog.form.value().model_dump()["seed"] == 1
    assert dialog.picture.pixmap().toImage() != before
    dialog.choose("cliff")
    assert dialog.another.isHidden()


def test_what_is_at_fault_is_said_and_the_dialog_stays(dialog: GenerateDialog) -> None:
    dialog.choose("maze")
    dialog.form.rows["rows"].field.editor.setText("1")
    dialog.make()
    assert dialog.world is None and dialog.error.text() and dialog.result() != dialog.DialogCode.Accepted


@pytest.mark.parametrize("seed", range(20))
def test_a_random_grid_has_a_way_to_its_goal(seed: int) -> None:
    world = open_world(f"make:random-grid?rows=7&columns=9&walls=0.6&traps=0.1&seed={seed}")
    seen, waiting = {(0, 0)}, [(0, 0)]
    while waiting:
        row, column = waiting.pop()
        for there in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
            inside = 0 <= there[0] < 7 and 0 <= there[1] < 9
            if inside and there not in seen and world.cell(*there) in (Cell.floor, Cell.goal):
                seen.add(there)
                waiting.append(there)
    assert (6, 8) in seen and world.cell(6, 8) is Cell.goal


def test_the_history_goes_to_the_step_that_is_clicked(qtbot: QtBot, parent: QWidget) -> None:
    document = OpenWorld()
    for column in range(3):
        document.apply(document.world.painted([(0, column)], Cell.ice), f"Edit {column}")
    dialog = HistoryDialog(parent, document.stack)
    dialog.show()
    model = dialog.list.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["As it was opened", "Edit 0", "Edit 1", "Edit 2"]
    rect = dialog.list.visualRect(model.index(1, 0))
    qtbot.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert document.world.map == ("~.G",)
    dialog.close()


def test_an_anchor_says_where_what_is_drawn_stays(parent: QWidget) -> None:
    world = GridWorld(map=("S#", ".G"), slips={"0,1": 0.1})
    dialog = ResizeDialog(parent, world)
    dialog.rows.setValue(4)
    dialog.columns.setValue(3)
    assert dialog.shift == (0, 0)
    dialog.anchors.button(8).click()
    assert dialog.shift == (2, 1)
    assert resized(world, 4, 3, *dialog.shift).map == ("...", "...", ".S#", "..G")
    dialog.rows.setValue(1)
    assert dialog.shift == (-1, 1) and dialog.lost() == 2
    dialog.anchors.button(0).click()
    assert dialog.lost() == 1
