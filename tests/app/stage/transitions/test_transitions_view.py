"""The transitions are edited as a person does: by clicking, typing and pasting."""

import random
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView
from pytestqt.qtbot import QtBot

from app.document import OpenWorld
from app.stage.transitions.names_model import START
from app.stage.transitions.rows_model import ACTION, ENDS, NEXT, PROBABILITY, REWARD, STATE, SUM
from app.stage.transitions.view import TransitionsView
from app.studio import Studio
from core.errors import WorldError
from core.worlds import table_edits
from core.worlds.as_table import as_table
from core.worlds.generated import made
from core.worlds.grid import GridWorld
from core.worlds.library import library_world, open_world
from core.worlds.table import TableWorld, Transition
from core.worlds.world import World, load

KEY = Qt.Key


@pytest.fixture
def document() -> OpenWorld:
    document = OpenWorld()
    document.open(library_world("mdp/three-state"), "three")
    return document


@pytest.fixture
def view(qtbot: QtBot, document: OpenWorld) -> TransitionsView:
    view = TransitionsView(document)

    def show() -> None:
        view.set_world(document.world, compiled(document.world))

    document.changed.connect(show)
    qtbot.addWidget(view)
    view.resize(1100, 600)
    view.names_button.setChecked(True)
    show()
    with qtbot.waitExposed(view):
        view.show()
    return view


def compiled(world: World):
    try:
        return world.compile()
    except WorldError:
        return None


def type_in(qtbot: QtBot, table: QTableView, row: int, column: int, text: str) -> None:
    """Double-click a cell, type, press Enter."""
    index = table.model().index(row, column)
    table.scrollTo(index)
    at = table.visualRect(index).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    write(qtbot, open_editor(table), text)


def write(qtbot: QtBot, editor: QLineEdit, text: str) -> None:
    """Type over what is there and press Enter."""
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, KEY.Key_Return)
    QApplication.processEvents()  # the cell is left once Enter was heard


def open_editor(table: QTableView) -> QLineEdit:
    """The line in which a cell is being edited."""
    editor = table.indexWidget(table.currentIndex())
    assert isinstance(editor, QLineEdit)
    return editor


def press(qtbot: QtBot, view: TransitionsView, name: str) -> None:
    button = view.rows.bar.widgetForAction(view.rows.actions_[name])
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def texts(view: TransitionsView, row: int) -> list[str]:
    model = view.rows.model
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_numbers_are_typed_in_place(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    type_in(qtbot, view.rows.table, 0, PROBABILITY, "0.6")
    assert document.world.transitions[0].probability == 0.6
    assert document.stack.undoText() == "Edit Probability of s0, a0"
    assert texts(view, 0)[SUM] == texts(view, 1)[SUM] == "0.9 ≠ 1"
    assert view.rows.wrong.isVisibleTo(view)
    type_in(qtbot, view.rows.table, 1, PROBABILITY, "40%")
    assert texts(view, 0)[SUM] == "1"
    assert not view.rows.wrong.isVisibleTo(view)
    type_in(qtbot, view.rows.table, 6, REWARD, "-45.5")
    assert document.world.transitions[6].reward == -45.5
    assert view.rows.table.currentIndex().row() == 6


def test_what_cannot_be_is_said_and_stays_to_be_mended(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    before = document.world
    type_in(qtbot, view.rows.table, 0, PROBABILITY, "1.5")
    assert document.world is before
    assert view.fault.text() == "A probability lies above 0 and goes up to 1, not 1.5."
    write(qtbot, open_editor(view.rows.table), "0.5")
    assert document.world.transitions[0].probability == 0.5
    assert not view.fault.isVisible()


def test_a_new_name_makes_a_state_and_one_undo_takes_it_back(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    before = document.world
    type_in(qtbot, view.rows.table, 9, NEXT, "pub")
    assert document.world.states == ("s0", "s1", "s2", "pub")
    assert document.world.transitions[9].next == "pub"
    assert view.rows.model.index(9, ENDS).data(Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Checked
    document.stack.undo()
    assert document.world == before


def test_an_episode_is_made_to_end_by_a_click(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    table = view.rows.table
    rect = table.visualRect(view.rows.model.index(2, ENDS))
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.left() + 10, rect.center().y()))
    assert document.world.transitions[2].ends


def test_normalise_mends_all_or_what_is_selected(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    type_in(qtbot, view.rows.table, 0, PROBABILITY, "0.9")
    type_in(qtbot, view.rows.table, 7, PROBABILITY, "0.2")
    assert view.rows.wrong.text() == "2 pairs of state and action do not add up to 1"
    view.rows.table.selectRow(8)
    qtbot.mouseClick(view.rows.normalise, Qt.MouseButton.LeftButton)
    assert [row.probability for row in document.world.transitions[7:]] == [0.5, 0.25, 0.25]
    qtbot.mouseClick(view.rows.show_wrong, Qt.MouseButton.LeftButton)
    assert view.rows.model.rowCount() == 2
    view.rows.table.clearSelection()
    qtbot.mouseClick(view.rows.normalise, Qt.MouseButton.LeftButton)
    assert [row.probability for row in document.world.transitions[:2]] == pytest.approx([0.75, 0.25])
    assert document.world.compile()


def test_headings_sort_and_the_line_above_finds(qtbot: QtBot, view: TransitionsView) -> None:
    header = view.rows.table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(REWARD) + 8, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    rewards = [texts(view, row)[REWARD] for row in range(10)]
    assert (rewards[0], rewards[-2:]) == ("−50", ["10", "40"])
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert texts(view, 0)[REWARD] == "40"
    qtbot.keyClicks(view.rows.search, "state:s1")
    assert [texts(view, row)[:3] for row in range(view.rows.model.rowCount())] == [["s1", "a0", "s1"], ["s1", "a2", "s2"]]
    assert view.rows.count.text() == "2 of 10 rows"


def test_a_typed_row_stays_where_it_is_while_sorted(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    view.rows.table.sortByColumn(REWARD, Qt.SortOrder.AscendingOrder)
    type_in(qtbot, view.rows.table, 0, REWARD, "100")
    assert texts(view, 0)[REWARD] == "100"
    document.stack.undo()
    assert texts(view, 0)[REWARD] == "−50"


def test_rows_are_added_duplicated_and_removed(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    before = document.world
    table = view.rows.table
    table.setCurrentIndex(view.rows.model.index(5, STATE))
    press(qtbot, view, "add")
    assert texts(view, table.currentIndex().row())[:4] == ["s1", "a1", "s1", "1"]
    table.selectRow(0)
    press(qtbot, view, "double")
    assert len(document.world.transitions) == 12
    table.setFocus()
    table.selectAll()
    qtbot.keyClick(table, KEY.Key_Delete)
    assert document.world.transitions == ()
    assert document.stack.undoText() == "Remove 12 rows"
    for _ in range(3):
        document.stack.undo()
    assert document.world == before


def test_rows_go_to_a_spreadsheet_and_come_back(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    before = document.world
    table = view.rows.table
    table.setFocus()
    table.selectAll()
    qtbot.keyClick(table, KEY.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text()
    assert copied.splitlines()[:2] == ["state\taction\tnext\tprobability\treward\tends", "s0\ta0\ts0\t0.7\t10.0\tfalse"]
    QGuiApplication.clipboard().setText(copied.replace("40.0", "41") + "s1\ta1\tbar\t1\t5\tfalse\n")
    qtbot.keyClick(table, KEY.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert document.stack.count() == 1
    assert sorted(row.reward for row in document.world.transitions) == [-50, *[0] * 7, 5, 10, 41]
    assert document.world.states == ("s0", "s1", "s2", "bar")
    document.stack.undo()
    assert document.world == before


def test_a_bad_line_changes_nothing(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    before = document.world
    QGuiApplication.clipboard().setText("s0,a0,s0,0.5\ns0,a0,s1,half")
    press(qtbot, view, "paste")
    assert view.fault.text() == "Line 2, column 4: 'half' is not a number."
    assert document.world is before


def test_a_column_of_values_goes_into_the_cells_below(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    table, model = view.rows.table, view.rows.model
    table.setCurrentIndex(model.index(7, PROBABILITY))
    QGuiApplication.clipboard().setText("0.5\t1\n0.25\t2\n0.25\t3\n")
    press(qtbot, view, "paste")
    assert [(row.probability, row.reward) for row in document.world.transitions[7:]] == [(0.5, 1), (0.25, 2), (0.25, 3)]
    assert document.stack.count() == 1
    QGuiApplication.clipboard().setText("1\n2\nmany")
    press(qtbot, view, "paste")
    assert view.fault.text() == "Line 2, column 1: a probability lies above 0 and goes up to 1, not 2."
    table.setCurrentIndex(model.index(9, REWARD))
    press(qtbot, view, "paste")
    assert view.fault.text() == "There are more lines than rows below the present cell."


def test_one_value_goes_into_all_selected_rows(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    view.rows.table.sortByColumn(STATE, Qt.SortOrder.DescendingOrder)
    view.rows.table.setCurrentIndex(view.rows.model.index(0, REWARD))
    view.rows.table.selectionModel().select(
        QItemSelection(view.rows.model.index(0, REWARD), view.rows.model.index(2, REWARD)), QItemSelectionModel.SelectionFlag.Select
    )
    QGuiApplication.clipboard().setText("-7")
    press(qtbot, view, "paste")
    assert [row.reward for row in document.world.transitions if row.state == "s2"] == [-7, -7, -7]
    assert sum(row.reward == -7 for row in document.world.transitions) == 3


def test_selected_rows_select_their_states_everywhere(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    view.rows.table.selectRow(8)
    assert document.selection == {"s2"}
    document.select(["s1"])
    tinted = [row for row in range(10) if view.rows.model.index(row, 0).data(Qt.ItemDataRole.BackgroundRole)]
    assert tinted == [5, 6]


def test_matrices_show_sums_and_means(view: TransitionsView) -> None:
    view.buttons["P"].click()
    model = view.matrix.model
    assert [[model.index(row, column).data() for column in range(4)] for row in range(3)] == [
        ["0.7", "0.3", "", "1"], ["", "1", "", "1"], ["", "", "", ""]
    ]  # fmt: skip
    view.buttons["R"].click()
    assert [model.index(0, column).data() for column in range(4)] == ["10", "0", "", "7"]
    assert model.headerData(3, Qt.Orientation.Horizontal) == "Mean"


def test_typing_into_p_makes_changes_and_removes_outcomes(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    view.buttons["P"].click()
    view.action.setCurrentIndex(1)
    table = view.matrix.table
    type_in(qtbot, table, 0, 2, "0.5")
    type_in(qtbot, table, 0, 0, "0.5")
    assert [(row.next, row.probability) for row in document.world.transitions if (row.state, row.action) == ("s0", "a1")] == [
        ("s0", 0.5), ("s2", 0.5),
    ]  # fmt: skip
    type_in(qtbot, table, 0, 0, "0")
    assert [row.next for row in document.world.transitions if (row.state, row.action) == ("s0", "a1")] == ["s2"]
    assert view.matrix.model.wrong(0)
    type_in(qtbot, table, 0, 1, "2")
    assert "not 2" in view.fault.text()


def test_typing_into_r_needs_an_outcome(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    view.buttons["R"].click()
    type_in(qtbot, view.matrix.table, 0, 1, "-3")
    assert document.world.transitions[1].reward == -3
    type_in(qtbot, view.matrix.table, 0, 2, "1")
    assert view.fault.text() == "This outcome does not happen. Give it a probability first."


def test_outcomes_with_different_rewards_share_what_is_typed(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    world = document.world.model_copy(update={"transitions": (
        Transition(state="s0", action="a0", next="s1", probability=0.2, reward=1),
        Transition(state="s0", action="a0", next="s1", probability=0.6, reward=5),
    )})  # fmt: skip
    document.apply(world, "two rewards")
    view.buttons["P"].click()
    assert view.matrix.model.value(0, 1) == pytest.approx(0.8)
    type_in(qtbot, view.matrix.table, 0, 1, "0.4")
    assert [row.probability for row in document.world.transitions] == pytest.approx([0.1, 0.3])
    view.buttons["R"].click()
    assert view.matrix.model.value(0, 1) == pytest.approx(4)


def test_too_many_states_for_a_matrix_are_said(view: TransitionsView, document: OpenWorld) -> None:
    document.open(open_world("make:random-walk?states=300"), "walk")
    view.buttons["P"].click()
    assert view.matrix.pages.currentWidget() is view.matrix.hint
    assert "302 states make a matrix too large to read" in view.matrix.hint.text()


def test_states_and_actions_are_added_renamed_and_deleted(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    before = document.world
    states, actions = view.names.state_list, view.names.action_list
    qtbot.mouseClick(states.add_button, Qt.MouseButton.LeftButton)
    write(qtbot, open_editor(states.table), "home")
    assert document.world.states == ("s0", "s1", "s2", "home")
    type_in(qtbot, states.table, 0, 0, "school")
    assert document.world.transitions[0].state == "school"
    assert document.world.start == {"school": 1.0}
    type_in(qtbot, states.table, 1, 0, "home")
    assert view.fault.text() == "There is a state 'home' already. Choose another name."
    qtbot.keyClick(open_editor(states.table), KEY.Key_Escape)
    states.table.selectRow(1)
    qtbot.mouseClick(states.remove_button, Qt.MouseButton.LeftButton)
    assert "s1" not in document.world.states
    actions.table.selectAll()
    qtbot.mouseClick(actions.remove_button, Qt.MouseButton.LeftButton)
    assert view.fault.text() == "A world needs at least one action. Add another action first."
    while document.stack.canUndo():
        document.stack.undo()
    assert document.world == before


def test_start_probabilities_are_typed_and_normalised(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    table = view.names.state_list.table
    type_in(qtbot, table, 1, START, "3/4")
    assert view.names.start.text() == "The start probabilities add up to 1.75."
    qtbot.mouseClick(view.names.normalise, Qt.MouseButton.LeftButton)
    assert document.world.start == pytest.approx({"s0": 4 / 7, "s1": 3 / 7})
    qtbot.mouseClick(view.names.anywhere, Qt.MouseButton.LeftButton)
    assert (document.world.start, view.names.start.text()) == ({}, "Episodes start anywhere.")


def test_what_a_program_makes_is_read_until_it_is_made_a_table(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    document.open(made("make:random-walk?states=5"), "walk")
    assert view.fixed.isVisible()
    assert not view.rows.actions_["remove"].isEnabled()
    expected = document.world.compile()
    qtbot.mouseClick(view.make_table, Qt.MouseButton.LeftButton)
    assert isinstance(document.world, TableWorld)
    assert document.world.compile().probability.tolist() == expected.probability.tolist()
    assert not view.fixed.isVisible()
    document.stack.undo()
    assert view.fixed.isVisible()


def test_a_grid_is_edited_and_stays_a_grid(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    document.open(GridWorld(map=("S.G",)), "grid")
    place = next(row for row in range(8) if texts(view, row)[:2] == ["0,0", "right"])
    type_in(qtbot, view.rows.table, place, PROBABILITY, "0.5")
    assert isinstance(document.world, GridWorld)
    assert document.world.transitions == (Transition(state="0,0", action="right", next="0,1", probability=0.5),)
    assert texts(view, place)[SUM] == "0.5 ≠ 1"
    type_in(qtbot, view.rows.table, place, ACTION, "jump")
    assert view.fault.text() == "There is no action 'jump'. Make the grid a table to add states and actions."
    qtbot.keyClick(open_editor(view.rows.table), KEY.Key_Escape)
    view.rows.table.selectRow(place)
    press(qtbot, view, "remove")
    assert document.world == GridWorld(map=("S.G",))


def test_a_grid_made_a_table_keeps_its_mdp(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    document.open(library_world("grid/russell-norvig-4x3"), "grid")
    expected = document.world.compile()
    qtbot.mouseClick(view.make_table, Qt.MouseButton.LeftButton)
    found = document.world.compile()
    for name in ("next_state", "probability", "reward", "terminated", "start", "outcome_offsets"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist()


@pytest.mark.parametrize("seed", range(5))
def test_any_edits_undone_are_no_edits_and_saved_are_kept(view: TransitionsView, document: OpenWorld, tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    before, model = document.world, view.rows.model
    values = {STATE: ["s0", "new", "s2"], ACTION: ["a0", "b"], NEXT: ["s1", "x"], PROBABILITY: ["0.5", "1", "-1"], REWARD: ["3", "x"]}
    for _ in range(40):
        rows = model.rowCount()
        column = draw.choice(list(values))
        if draw.random() < 0.5 and rows:
            model.setData(model.index(draw.randrange(rows), column), draw.choice(values[column]))
        elif rows:
            view.rows.table.selectRow(draw.randrange(rows))
            draw.choice([view.rows.add, view.rows.duplicate, view.rows.remove, view.rows.make_normal])()
        assert model.rowCount() == len(document.world.transitions)
    document.save(tmp_path / "world.json")
    assert load(tmp_path / "world.json") == document.world
    while document.stack.canUndo():
        document.stack.undo()
    assert document.world == before


def test_a_hundred_thousand_rows(view: TransitionsView, document: OpenWorld) -> None:
    walk = made("make:random-walk?states=50000")
    document.open(as_table(walk, walk.compile()), "walk")
    assert view.rows.model.rowCount() >= 100_000
    view.rows.table.sortByColumn(NEXT, Qt.SortOrder.DescendingOrder)
    index = view.rows.model.index(70_000, REWARD)
    assert view.rows.model.setData(index, "7")
    assert view.rows.model.index(70_000, REWARD).data() == "7"


def test_from_grid_to_table_to_graph_and_back_it_stays_one_process(qtbot: QtBot, studio: Studio) -> None:
    designer, document = studio.window.stage.designer, studio.document
    studio.worlds.open_library("grid/russell-norvig-4x3")
    expected = document.world.compile()
    qtbot.mouseClick(designer.buttons["transitions"], Qt.MouseButton.LeftButton)
    view = designer.views["transitions"]
    qtbot.waitUntil(lambda: view.make_table.width() > 0)
    qtbot.mouseClick(view.make_table, Qt.MouseButton.LeftButton)
    for name in ("graph", "transitions"):
        if name not in designer.shown:
            qtbot.mouseClick(designer.buttons[name], Qt.MouseButton.LeftButton)
    document.apply(table_edits.placed(document.world, {"0,0": (-3.0, 2.0)}), "move")
    qtbot.waitUntil(lambda: view.rows.table.visualRect(view.rows.model.index(0, REWARD)).isValid())
    reward = view.rows.model.rows.reward[0]
    type_in(qtbot, view.rows.table, 0, REWARD, "9")
    assert document.world.transitions[0].reward == 9
    type_in(qtbot, view.rows.table, 0, REWARD, str(reward))
    found = document.world.compile()
    for name in ("state_offsets", "pair_action", "outcome_offsets", "next_state", "probability", "reward", "terminated", "start"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist()


def test_a_matrix_of_probabilities_is_normalised_by_a_click(qtbot: QtBot, view: TransitionsView, document: OpenWorld) -> None:
    world = TableWorld(
        states=("a", "b"), actions=("go", "stay"),
        transitions=tuple(Transition(state=state, action=action, next=following, probability=0.25)
                          for state in ("a", "b") for action in ("go", "stay") for following in ("a", "b")),
    )  # fmt: skip
    document.open(world, "halves")
    view.show_page("P")
    view.action.setCurrentIndex(1)
    assert view.matrix.normalise.isVisible() and view.matrix.wrong.text() == "2 rows do not add up to 1"
    view.matrix.table.setCurrentIndex(view.matrix.model.index(1, 0))
    qtbot.mouseClick(view.matrix.normalise, Qt.MouseButton.LeftButton)
    assert [row.probability for row in document.world.transitions] == [0.25] * 6 + [0.5] * 2
    assert view.matrix.wrong.text() == "one row does not add up to 1"
    view.matrix.table.clearSelection()
    qtbot.mouseClick(view.matrix.normalise, Qt.MouseButton.LeftButton)
    assert not view.matrix.normalise.isVisible()
    view.action.setCurrentIndex(0)
    assert view.matrix.normalise.isVisible()
    view.show_page("R")
    assert not view.matrix.normalise.isVisible()
    document.stack.undo()
    document.stack.undo()
    assert document.world == world
