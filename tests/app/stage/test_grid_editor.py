"""Drawing on the grid: tools, strokes and keys change the open world as they say, and every stroke undoes as one."""

from collections.abc import Iterator
from itertools import pairwise
from threading import get_ident

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.actions import ACTIONS, Actions
from app.document import OpenWorld
from app.stage.grid_editor import GridEditor
from app.stage.grid_view import GridView
from app.stage.overlays import overlays
from app.stage.stage import Stage
from app.stage.tools import SHAPES, TOOLS, Tool
from app.theme import theme
from core.worlds.grid import Cell, GridWorld
from core.worlds.library import library_world
from core.worlds.table import TableWorld, Transition

LEFT, RIGHT, MIDDLE, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.NoButton
FIRST = GridWorld(map=("S...", "....", "...G"))


@pytest.fixture
def document(qapp: QApplication) -> OpenWorld:
    return OpenWorld()


@pytest.fixture
def stage(qtbot: QtBot, document: OpenWorld) -> Stage:
    owner = QWidget()
    stage = Stage(document, Actions(owner, {spec.name: lambda: None for spec in ACTIONS}))
    stage.owner = owner  # goes when the stage goes
    qtbot.addWidget(stage)
    stage.resize(800, 600)
    document.changed.connect(lambda: stage.show_world(document.world))
    document.open(FIRST, "first")
    with qtbot.waitExposed(stage):
        stage.show()
    stage.resize(800, 600)
    stage.designer.views["grid"].view.setFocus()
    QApplication.processEvents()
    return stage


@pytest.fixture
def editor(stage: Stage) -> GridEditor:
    return stage.designer.views["grid"]


@pytest.fixture
def view(editor: GridEditor) -> GridView:
    return editor.view


@pytest.fixture
def normal_text() -> Iterator[None]:
    yield
    theme.use("light")


def pixel(view: GridView, row: int, column: int) -> QPoint:
    return view.rect_of(row, column).center().toPoint()


def move(view: GridView, point: QPoint, held: Qt.MouseButton = NONE) -> None:
    where = QPointF(point)
    event = QMouseEvent(QEvent.Type.MouseMove, where, QPointF(view.mapToGlobal(point)), NONE, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view, event)


def stroke(view: GridView, *cells: tuple[int, int], button: Qt.MouseButton = LEFT, ctrl: bool = False) -> None:
    """Press in the first cell, pass through the others, release in the last."""
    modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    QTest.mousePress(view, button, modifier, pixel(view, *cells[0]))
    for cell in cells[1:]:
        move(view, pixel(view, *cell), button)
    QTest.mouseRelease(view, button, modifier, pixel(view, *cells[-1]))


def wheel(view: GridView, point: QPoint, turn: int) -> None:
    event = QWheelEvent(
        QPointF(point), QPointF(view.mapToGlobal(point)), QPoint(), QPoint(0, turn), NONE, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def shown_map(document: OpenWorld) -> tuple[str, ...]:
    assert isinstance(document.world, GridWorld)
    return document.world.map


@pytest.mark.parametrize(("title", "sign"), [(tool.title, tool.cell) for tool in TOOLS if tool.cell is not None])
def test_every_tool_paints_its_cell(document: OpenWorld, editor: GridEditor, title: str, sign: str) -> None:
    document.open(GridWorld(map=("GT", "#G")), "full")
    editor.tools[title].trigger()
    cell = (0, 0) if sign != "G" else (0, 1)
    stroke(editor.view, cell)
    assert shown_map(document)[cell[0]][cell[1]] == sign
    assert sum(new != old for new, old in zip("".join(shown_map(document)), "GT#G", strict=True)) == 1
    assert editor.tools[title].isChecked()


def test_selecting_paints_nothing(document: OpenWorld, editor: GridEditor) -> None:
    editor.tools["Wall"].trigger()
    editor.tools["Select"].trigger()
    stroke(editor.view, (0, 0), (2, 2))
    assert document.world == FIRST and document.stack.count() == 0
    assert not editor.tools["Wall"].isChecked()


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.title)
def test_a_key_picks_a_tool(editor: GridEditor, qtbot: QtBot, tool: Tool) -> None:
    editor.use(TOOLS[(TOOLS.index(tool) + 1) % len(TOOLS)])
    editor.window().activateWindow()
    qtbot.waitUntil(editor.window().isActiveWindow)
    QTest.keyClick(editor.view, tool.key.lower())
    assert editor.tool is tool and editor.tools[tool.title].isChecked()
    assert sum(action.isChecked() for action in editor.tools.values()) == 1


def test_the_keys_of_tools_and_actions_differ() -> None:
    keys = [tool.key for tool in (*TOOLS, *SHAPES)] + [spec.shortcut for spec in ACTIONS if spec.shortcut]
    assert len(set(keys)) == len(keys)


def test_the_right_button_erases_with_every_tool(document: OpenWorld, editor: GridEditor) -> None:
    for tool in (tool for tool in TOOLS if tool.cell is not None or tool.title == "Select"):
        document.open(GridWorld(map=("TTT", "###", "..G")), "full")
        editor.tools[tool.title].trigger()
        stroke(editor.view, (0, 0), (0, 2), button=RIGHT)
        assert shown_map(document) == ("...", "###", "..G"), tool.title


def test_a_fast_stroke_leaves_no_gaps_and_undoes_as_one(document: OpenWorld, editor: GridEditor) -> None:
    document.open(GridWorld(map=(".........",) * 5), "wide")
    editor.tools["Wall"].trigger()
    stroke(editor.view, (0, 0), (4, 8))
    rows = shown_map(document)
    drawn = [(row, column) for column in range(9) for row in range(5) if rows[row][column] == "#"]
    assert [column for _, column in drawn] == list(range(9))
    assert drawn[0] == (0, 0) and drawn[-1] == (4, 8)
    assert all(abs(later[0] - earlier[0]) <= 1 for earlier, later in pairwise(drawn))
    assert document.stack.count() == 1 and document.stack.undoText() == "Paint wall"
    document.stack.undo()
    assert shown_map(document) == (".........",) * 5


def test_two_strokes_undo_one_by_one(document: OpenWorld, editor: GridEditor) -> None:
    editor.tools["Wall"].trigger()
    stroke(editor.view, (1, 0), (1, 1))
    stroke(editor.view, (1, 2), (1, 3))
    assert shown_map(document) == ("S...", "####", "...G")
    document.stack.undo()
    assert shown_map(document) == ("S...", "##..", "...G")
    document.stack.undo()
    assert document.world == FIRST and not document.modified


def test_moving_without_a_button_paints_nothing(document: OpenWorld, editor: GridEditor) -> None:
    editor.tools["Wall"].trigger()
    for cell in ((0, 1), (1, 1), (2, 1)):
        move(editor.view, pixel(editor.view, *cell))
    stroke(editor.view, (1, 1))
    move(editor.view, pixel(editor.view, 1, 3))
    assert shown_map(document) == ("S...", ".#..", "...G")


def test_beside_the_grid_nothing_is_painted(document: OpenWorld, editor: GridEditor) -> None:
    editor.tools["Wall"].trigger()
    QTest.mouseClick(editor.view, LEFT, pos=QPoint(2, 2))
    assert document.world == FIRST


def test_a_new_start_moves_the_old_one_unless_ctrl_is_held(document: OpenWorld, editor: GridEditor) -> None:
    editor.tools["Start"].trigger()
    stroke(editor.view, (1, 2))
    assert shown_map(document) == ("....", "..S.", "...G")
    stroke(editor.view, (2, 0), ctrl=True)
    assert shown_map(document) == ("....", "..S.", "S..G")
    stroke(editor.view, (0, 3))
    assert shown_map(document) == ("...S", "....", "...G")
    document.stack.undo()
    assert shown_map(document) == ("....", "..S.", "S..G")


def test_a_start_is_dragged_as_one_edit(document: OpenWorld, editor: GridEditor) -> None:
    editor.tools["Start"].trigger()
    stroke(editor.view, (0, 0), (0, 3), (1, 3))
    assert shown_map(document) == ("....", "...S", "...G")
    document.stack.undo()
    assert document.world == FIRST


def test_the_last_goal_and_the_last_start_may_go(document: OpenWorld, editor: GridEditor) -> None:
    editor.tools["Erase"].trigger()
    stroke(editor.view, (2, 3))
    stroke(editor.view, (0, 0))
    assert shown_map(document) == ("....",) * 3
    assert editor.view.grid is not None


def test_the_last_free_cell_stays_and_it_is_said_why(qtbot: QtBot, document: OpenWorld, stage: Stage) -> None:
    document.open(GridWorld(map=("G.",)), "small")
    stage.designer.views["grid"].tools["Wall"].trigger()
    stroke(stage.designer.views["grid"].view, (0, 0))
    refused: list[str] = []
    stage.designer.views["grid"].said.connect(refused.append)
    with qtbot.waitSignal(stage.said) as caught:
        QTest.mouseClick(stage.designer.views["grid"].view, LEFT, pos=pixel(stage.designer.views["grid"].view, 0, 1))
    sentence = "That would leave nothing but walls. Leave at least one cell free."
    assert refused == caught.args == [sentence]
    assert shown_map(document) == ("#.",)
    stage.designer.views["grid"].tools["Goal"].trigger()
    stroke(stage.designer.views["grid"].view, (0, 1))
    assert shown_map(document) == ("#G",)


def test_arrows_move_the_marker_and_stop_at_the_edge(view: GridView) -> None:
    places = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Left,
                Qt.Key.Key_Up):  # fmt: skip
        QTest.keyClick(view, key)
        places.append(view.at)
    assert places == [(0, 0), (0, 1), (1, 1), (2, 1), (2, 1), (2, 0), (2, 0), (1, 0)]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_paints_at_the_marker(document: OpenWorld, editor: GridEditor, key: Qt.Key) -> None:
    editor.tools["Trap"].trigger()
    QTest.keyClick(editor.view, key)
    assert document.world == FIRST
    for step in (Qt.Key.Key_Right, Qt.Key.Key_Right, key, Qt.Key.Key_Down, key):
        QTest.keyClick(editor.view, step)
    assert shown_map(document) == ("ST..", ".T..", "...G")
    document.stack.undo()
    assert shown_map(document) == ("ST..", "....", "...G")


def test_keys_of_other_alphabets_do_no_harm(document: OpenWorld, view: GridView) -> None:
    for key in (0x3141, 0xAC00, 0x0424, 0):
        QApplication.sendEvent(view, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, ""))
    assert document.world == FIRST and view.at is None


def test_the_marker_leaves_a_cell_that_is_no_more(document: OpenWorld, editor: GridEditor) -> None:
    editor.tools["Wall"].trigger()
    move(editor.view, pixel(editor.view, 2, 2))
    document.open(GridWorld(map=("...", "...", "...")), "as large")
    assert editor.view.at == (2, 2)
    document.open(GridWorld(map=("S.G",)), "smaller")
    assert editor.view.at is None
    QTest.keyClick(editor.view, Qt.Key.Key_Return)
    assert shown_map(document) == ("S.G",)


def test_the_wheel_zooms_about_the_pointer_and_fit_undoes_it(stage: Stage, view: GridView) -> None:
    before, point = view.place, pixel(view, 1, 2)
    wheel(view, point, 240)
    assert view.place.cell > before.cell * 1.2
    middle = view.rect_of(1, 2).center()
    assert (middle.x(), middle.y()) == pytest.approx((point.x(), point.y()), abs=1)
    wheel(view, point, -240)
    assert view.place.cell == pytest.approx(before.cell)
    wheel(view, QPoint(1, 1), 480)
    stage.resize(820, 620)
    assert view.place.cell > before.cell
    stage.fit()
    stage.resize(800, 600)
    QApplication.processEvents()
    assert view.place == before


def test_the_middle_button_moves_the_grid_and_paints_nothing(document: OpenWorld, editor: GridEditor) -> None:
    editor.tools["Wall"].trigger()
    view, before = editor.view, editor.view.place
    start = pixel(view, 1, 1)
    QTest.mousePress(view, MIDDLE, pos=start)
    move(view, start + QPoint(30, -20), MIDDLE)
    QTest.mouseRelease(view, MIDDLE, pos=start + QPoint(30, -20))
    move(view, start)
    assert view.place == before.moved(30, -20)
    assert document.world == FIRST


def test_painting_keeps_the_zoom_and_another_size_fits_anew(document: OpenWorld, editor: GridEditor) -> None:
    wheel(editor.view, pixel(editor.view, 1, 1), 120)
    zoomed = editor.view.place
    editor.tools["Wall"].trigger()
    stroke(editor.view, (1, 1))
    assert editor.view.place == zoomed
    document.open(GridWorld(map=(".........",) * 9), "larger")
    assert editor.view.rect().contains(editor.view.rect_of(8, 8).toRect())


def test_a_grid_makes_room_for_the_legend_of_larger_text(qtbot: QtBot, normal_text: None) -> None:
    view = GridView()
    qtbot.addWidget(view)
    view.resize(500, 750)
    view.set_world(FIRST)
    view.show()
    theme.use("light")
    before = view.place
    theme.use("light", 2.0)
    assert view.place.cell < before.cell
    assert view.width() - view.rect_of(0, FIRST.columns - 1).right() > 66 * 2.0


def test_the_cell_under_the_mouse_is_described(qtbot: QtBot, stage: Stage) -> None:
    view = stage.designer.views["grid"].view
    with qtbot.waitSignal(stage.said) as caught:
        move(view, pixel(view, 2, 3))
    assert caught.args == ["row 2, column 3: goal   reward +1"]
    with qtbot.waitSignal(stage.said) as caught:
        QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert caught.args == [""] and view.at is None


def test_what_is_laid_over_the_grid_is_chosen_in_the_menu(editor: GridEditor) -> None:
    actions = editor.overlay_actions
    listed = [action.text() for action in editor.overlay_menu.actions() if not action.isSeparator()]
    assert listed == [action.text() for action in actions.values()] + ["Colour range"]
    assert {actions[overlay.name].text() for overlay in overlays()} == {overlay.title for overlay in overlays()}
    for overlay in overlays():
        action = actions[overlay.name]
        assert action.isChecked() == overlay.shown == (overlay.name in editor.view.shown)
        action.trigger()
        assert (overlay.name in editor.view.shown) != overlay.shown
        action.trigger()
        assert (overlay.name in editor.view.shown) == overlay.shown
        for other in overlays():
            actions[other.name].setChecked(other.shown)


def test_each_kind_of_world_has_its_page(document: OpenWorld, stage: Stage) -> None:
    pages = {
        "mdp/three-state": "graph", "mdp/gambler-100": "values", "gym:CartPole-v1": None, "grid/maze-21x21": "grid",
        "grid/lecture-3x4": "grid",
    }  # fmt: skip
    for name, page in pages.items():
        document.open(library_world(name), name)
        assert stage.currentWidget() is (stage.designer if page else stage.play)
        assert page is None or stage.designer.shown == [page]
    assert stage.designer.views["grid"].view.world is document.world


# When an edit is compiled


def test_an_edit_of_a_large_grid_is_compiled_in_another_thread(
    qtbot: QtBot, document: OpenWorld, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    document.open(GridWorld(map=("." * 60,) * 60), "large")
    assert stage.designer.mdp is not None and not stage.unsettled
    threads: list[int] = []
    compile_ = GridWorld.compile
    monkeypatch.setattr(GridWorld, "compile", lambda world: (threads.append(get_ident()), compile_(world))[1])
    with qtbot.waitSignal(stage.settled):
        document.apply(document.world.painted([(3, 3)], Cell.wall), "paint")
        assert stage.unsettled and stage.designer.mdp is None and not threads
    assert stage.designer.mdp is document.world.compile() and stage.designer.mdp.states == 3599
    assert threads and threads[0] != get_ident()


def test_an_edit_made_while_the_one_before_is_compiled_counts(qtbot: QtBot, document: OpenWorld, stage: Stage) -> None:
    document.open(GridWorld(map=("." * 60,) * 60), "large")
    first = document.world.painted([(3, 3)], Cell.wall)
    with qtbot.waitSignal(stage.settled):
        document.apply(first, "paint")
        document.apply(first.painted([(3, 4)], Cell.wall), "paint")
        stage._take(first, first.compile(), None)
        assert stage.unsettled
    assert stage.designer.mdp is not None and stage.designer.mdp.states == 3598


def test_what_does_not_compile_is_said_until_it_does(document: OpenWorld, stage: Stage) -> None:
    said: list[str] = []
    world = TableWorld(states=("a", "b"), actions=("go",), transitions=(Transition(state="a", action="go", next="b"),))
    document.open(world, "table")
    stage.said.connect(said.append)
    document.apply(world.model_copy(update={"transitions": (Transition(state="a", action="go", next="b", probability=0.5),)}), "edit")
    assert said[-1].startswith("Probabilities of state 'a', action 'go' add up to 0.5")
    document.stack.undo()
    assert said[-1] == ""


# Where the keyboard is, and room for tools


def test_the_keyboard_is_in_the_grid_from_the_start_and_follows_the_view(qtbot: QtBot, document: OpenWorld, stage: Stage) -> None:
    designer = stage.designer
    designer.toggle("transitions")
    designer.toggle("grid")
    assert designer.shown == ["transitions"]
    assert stage.focusWidget() is designer.views["transitions"].rows.table
    designer.toggle("grid")
    designer.toggle("transitions")
    assert stage.focusWidget() is designer.views["grid"].view


def test_tools_lie_beside_each_other_where_there_is_no_room_below(qtbot: QtBot, editor: GridEditor) -> None:
    column = editor.column
    for height, across in ((700, 3), (260, 5), (700, 3)):
        column.setFixedHeight(height)
        qtbot.waitUntil(lambda across=across: column.across == across and not column.verticalScrollBar().isVisible())
        rights = [button.geometry().right() for _, buttons in column.groups for button in buttons]
        assert max(rights) < column.viewport().width()
