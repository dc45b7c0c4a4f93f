"""The fields of selected cells show what is said of them, and typing in them is an edit."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.panels.cells import CellsSection
from core.worlds.grid import GridWorld
from core.worlds.shapes import Region

WORLD = GridWorld(map=("SG.", "~.."), rewards={"0,2": 2.5}, slips={"1,1": 0.25}, winds={"1,1": "up 2", "1,2": "up 2"}, starts={"0,0": 3.0},
                  slip=0.1)  # fmt: skip


@pytest.fixture
def section(qtbot: QtBot) -> CellsSection:
    section = CellsSection()
    qtbot.addWidget(section)
    section.show_for(WORLD, Region(0, 0, 1, 1))
    return section


@pytest.fixture
def edits(section: CellsSection) -> list[tuple[GridWorld, str]]:
    edits: list[tuple[GridWorld, str]] = []
    section.edited.connect(lambda world, text: edits.append((world, text)))
    return edits


def retype(line: object, text: str) -> None:
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_a_cell_is_shown_with_what_counts_where_nothing_is_said(section: CellsSection) -> None:
    assert section.title.text() == "Cell in row 0, column 0" and section.kind.currentText() == "Start"
    assert (section.weight.text(), section.slip.text(), section.slip.placeholderText()) == ("3", "", "the world's: 10 %")
    section.show_for(WORLD, Region(0, 1, 1, 1))
    assert (section.reward.text(), section.reward.placeholderText()) == ("", "+1")
    assert not section.form.isRowVisible(section.weight)
    section.show_for(WORLD, Region(1, 1, 1, 1))
    assert (section.slip.text(), section.way.currentData(), section.strength.text()) == ("0.25", "up", "2")
    section.show_for(WORLD, None)
    assert section.isHidden()


def test_cells_that_differ_are_told_so(section: CellsSection) -> None:
    section.show_for(WORLD, Region(0, 0, 2, 3))
    assert section.title.text() == "2 × 3 cells selected" and section.kind.currentIndex() == -1
    assert section.reward.placeholderText() == section.slip.placeholderText() == "different ones"
    assert section.way.currentIndex() == -1 and section.strength.text() == ""
    section.show_for(WORLD, Region(1, 1, 1, 2))
    assert section.way.currentData() == "up" and section.strength.text() == "2"


def test_typing_is_an_edit_of_all_selected_cells(section: CellsSection, edits: list[tuple[GridWorld, str]]) -> None:
    section.show_for(WORLD, Region(1, 0, 1, 2))
    retype(section.reward, "-1.5")
    assert edits[-1] == (WORLD.model_copy(update={"rewards": {"0,2": 2.5, "1,0": -1.5, "1,1": -1.5}}), "Change rewards")
    retype(section.slip, "0.2")
    assert edits[-1][0].slips == {"1,0": 0.2, "1,1": 0.2}
    section.show_for(WORLD, Region(0, 2, 1, 1))
    retype(section.reward, "")
    assert edits[-1][0].rewards == {}


def test_a_number_out_of_bounds_is_refused_in_words(section: CellsSection, edits: list[tuple[GridWorld, str]]) -> None:
    retype(section.slip, "0.7")
    assert edits == [] and "from 0 to 0.5, not 0.7" in section.error.text()
    retype(section.slip, "much")
    assert edits == [] and "is not a number" in section.error.text()


def test_kind_and_wind_are_chosen(qtbot: QtBot, section: CellsSection, edits: list[tuple[GridWorld, str]]) -> None:
    section.show_for(WORLD, Region(1, 0, 1, 1))
    section.kind.setCurrentIndex(section.kind.findData("T"))
    section.kind.activated.emit(section.kind.currentIndex())
    assert edits[-1][0].map == ("SG.", "T..") and edits[-1][1] == "Paint trap"
    section.way.setCurrentIndex(section.way.findData("left"))
    section.way.activated.emit(section.way.currentIndex())
    assert edits[-1][0].winds["1,0"] == "left 1"
    section.show_for(WORLD, Region(1, 1, 1, 2))
    section.way.setCurrentIndex(section.way.findData(""))
    section.way.activated.emit(0)
    assert edits[-1][0].winds == {}
