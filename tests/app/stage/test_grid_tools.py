"""Every tool, shape and command of the grid, by clicking what a person clicks: the world says what was drawn, undo takes it back."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document import OpenWorld
from app.stage.grid_editor import GridEditor
from core.worlds.clip import clipped
from core.worlds.grid import GridWorld
from core.worlds.grid_edits import everything
from core.worlds.shapes import Region
from core.worlds.table import Transition
from core.worlds.world import dump, parse

LEFT, RIGHT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.NoButton
CTRL, SHIFT, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
PLAIN = Qt.KeyboardModifier.NoModifier
FIELD = GridWorld(map=(".....",) * 4)


class Hands:
    """Work the grid in cells."""

    def __init__(self, editor: GridEditor) -> None:
        self.editor, self.view, self.document = editor, editor.view, editor.document

    @property
    def world(self) -> GridWorld:
        assert isinstance(self.document.world, GridWorld)
        return self.document.world

    def open(self, world: GridWorld) -> None:
        self.document.open(world, "test")
        self.editor.set_world(world, world.compile())

    def take(self, tool: str, shape: str = "Freehand") -> None:
        self.editor.tools[tool].trigger()
        self.editor.shapes[shape].trigger()

    def point(self, row: int, column: int, across: float = 0.5, down: float = 0.5) -> QPoint:
        box = self.view.rect_of(row, column)
        return QPoint(round(box.left() + across * box.width()), round(box.top() + down * box.height()))

    def move(self, point: QPoint, held: Qt.MouseButton = NONE, keys: Qt.KeyboardModifier = PLAIN) -> None:
        event = QMouseEvent(QEvent.Type.MouseMove, QPointF(point), QPointF(self.view.mapToGlobal(point)), NONE, held, keys)
        QApplication.sendEvent(self.view, event)

    def stroke(self, *points: QPoint, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = PLAIN) -> None:
        QTest.mousePress(self.view, button, keys, points[0])
        for point in points[1:]:
            self.move(point, button, keys)
        QTest.mouseRelease(self.view, button, keys, points[-1])

    def cells(self, *cells: tuple[int, int], button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = PLAIN) -> None:
        self.stroke(*(self.point(*cell) for cell in cells), button=button, keys=keys)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = PLAIN) -> None:
        QTest.keyClick(self.view, key, keys)


@pytest.fixture
def hands(qtbot: QtBot) -> Hands:
    document = OpenWorld()
    editor = GridEditor(document)
    qtbot.addWidget(editor)
    editor.resize(900, 640)
    document.changed.connect(lambda: editor.set_world(document.world, None))
    with qtbot.waitExposed(editor):
        editor.show()
    editor.document = document
    hands = Hands(editor)
    hands.open(FIELD)
    QApplication.processEvents()
    editor.view.setFocus()
    return hands


# Shapes


def test_a_line_is_drawn_when_the_button_is_let_go(hands: Hands) -> None:
    hands.take("Wall", "Line")
    QTest.mousePress(hands.view, LEFT, PLAIN, hands.point(0, 0))
    hands.move(hands.point(3, 3), LEFT)
    assert hands.world == FIELD and hands.view.preview is not None
    assert list(hands.view.preview.cells) == [(0, 0), (1, 1), (2, 2), (3, 3)]
    QTest.mouseRelease(hands.view, LEFT, PLAIN, hands.point(3, 3))
    assert hands.world.map == ("#....", ".#...", "..#..", "...#.")
    assert hands.document.stack.count() == 1 and hands.document.stack.undoText() == "Paint wall"


def test_a_rectangle_has_an_edge_or_is_filled(hands: Hands) -> None:
    hands.take("Ice", "Rectangle")
    hands.cells((0, 0), (2, 3))
    assert hands.world.map == ("~~~~.", "~..~.", "~~~~.", ".....")
    hands.document.stack.undo()
    hands.take("Sticky", "Filled rectangle")
    hands.cells((2, 3), (1, 1))
    assert hands.world.map == (".....", ".%%%.", ".%%%.", ".....")


def test_a_fill_stops_at_other_cells_and_shows_where_it_would_go(hands: Hands) -> None:
    hands.open(GridWorld(map=("..#..", "..#..", "..#.G", "..#..")))
    hands.take("Trap", "Fill")
    hands.move(hands.point(0, 0))
    assert hands.view.preview is not None and len(hands.view.preview.cells) == 8
    hands.cells((1, 0))
    assert hands.world.map == ("TT#..", "TT#..", "TT#.G", "TT#..")
    assert hands.document.stack.count() == 1


def test_escape_gives_up_a_line(hands: Hands) -> None:
    hands.take("Wall", "Line")
    QTest.mousePress(hands.view, LEFT, PLAIN, hands.point(0, 0))
    hands.move(hands.point(0, 3), LEFT)
    hands.key(Qt.Key.Key_Escape)
    QTest.mouseRelease(hands.view, LEFT, PLAIN, hands.point(0, 3))
    assert (hands.world == FIELD and hands.view.preview is None) or not hands.view.preview.cells


def test_the_right_button_erases_in_the_shape(hands: Hands) -> None:
    hands.open(GridWorld(map=("GGG", "GSG", "GGG")))
    hands.take("Wall", "Rectangle")
    hands.cells((0, 0), (2, 2), button=RIGHT)
    assert hands.world.map == ("...", ".S.", "...") and hands.document.stack.undoText() == "Erase"


# Brushes of values


def test_a_reward_brush_sets_and_the_right_button_takes_away(hands: Hands) -> None:
    hands.take("Reward")
    hands.editor.strip.reward.setValue(-2.5)
    hands.cells((0, 0), (0, 2))
    assert hands.world.rewards == {"0,0": -2.5, "0,1": -2.5, "0,2": -2.5}
    assert hands.document.stack.undoText() == "Set reward to −2.5"
    hands.cells((0, 1), button=RIGHT)
    assert hands.world.rewards == {"0,0": -2.5, "0,2": -2.5}


def test_a_slip_brush_is_in_percent(hands: Hands) -> None:
    hands.take("Slip", "Filled rectangle")
    hands.editor.strip.slip.setValue(25)
    hands.cells((0, 0), (1, 0))
    assert hands.world.slips == {"0,0": 0.25, "1,0": 0.25} and hands.document.stack.undoText() == "Set slip to 25 %"


def test_wind_has_a_direction_and_a_strength(hands: Hands) -> None:
    hands.take("Wind", "Line")
    hands.editor.strip.way.setCurrentIndex(hands.editor.strip.way.findData("left"))
    hands.editor.strip.strength.setValue(3)
    hands.cells((0, 1), (2, 1))
    assert hands.world.winds == dict.fromkeys(("0,1", "1,1", "2,1"), "left 3")


def test_a_start_has_a_weight(hands: Hands) -> None:
    hands.take("Start")
    hands.cells((0, 0))
    hands.editor.strip.weight.setValue(3)
    hands.cells((1, 1), keys=CTRL)
    assert hands.world.map[:2] == ("S....", ".S...") and hands.world.starts == {"1,1": 3.0}
    hands.cells((3, 3))
    assert hands.world.map == (".....", ".....", ".....", "...S.") and hands.world.starts == {"3,3": 3.0}


# Keys, doors, portals


def test_keys_and_doors_have_the_letter_that_is_chosen(hands: Hands) -> None:
    hands.take("Key")
    hands.editor.strip.letter.setCurrentIndex(2)
    hands.cells((0, 0))
    hands.take("Door")
    hands.cells((0, 1))
    assert hands.world.map[0] == "cC..." and hands.document.stack.undoText() == "Paint door C"


def test_portals_come_in_pairs_with_numbers_of_their_own(hands: Hands) -> None:
    hands.take("Portal")
    for cell in ((0, 0), (0, 4), (1, 0), (1, 4)):
        hands.cells(cell)
    assert hands.world.map[:2] == ("1...1", "2...2")
    hands.cells((0, 4), button=RIGHT)
    hands.cells((3, 3))
    assert hands.world.map == ("1....", "2...2", ".....", "...1.")
    hands.cells((2, 0), (2, 4))
    assert hands.world.map[2] == "3...."


def test_the_tenth_pair_of_portals_is_refused(qtbot: QtBot, hands: Hands) -> None:
    hands.open(GridWorld(map=("123456789", "123456789", ".........")))
    hands.take("Portal")
    with qtbot.waitSignal(hands.editor.said, check_params_cb=lambda line: line == "All nine portals are in use. Erase one first."):
        hands.cells((2, 2))
    assert hands.document.stack.count() == 0


# Fences


def test_a_fence_is_drawn_at_the_side_that_is_nearest(hands: Hands) -> None:
    hands.take("Fence")
    hands.stroke(hands.point(1, 1, 0.95, 0.5))
    hands.stroke(hands.point(1, 1, 0.5, 0.05))
    hands.stroke(hands.point(0, 0, 0.03, 0.5))
    assert hands.world.fences == {"1,1 right": "wall", "0,1 down": "wall"}
    hands.stroke(hands.point(1, 2, 0.05, 0.5), button=RIGHT)
    assert hands.world.fences == {"0,1 down": "wall"} and hands.document.stack.undoText() == "Remove fence"


def test_a_stroke_of_fences_keeps_its_direction(hands: Hands) -> None:
    hands.take("Fence")
    hands.stroke(hands.point(0, 1, 0.95, 0.5), hands.point(1, 1, 0.7, 0.05), hands.point(1, 1, 0.95, 0.5), hands.point(2, 1, 0.95, 0.5))
    assert hands.world.fences == {"0,1 right": "wall", "1,1 right": "wall", "2,1 right": "wall"}
    assert hands.document.stack.count() == 1


def test_a_one_way_fence_is_crossed_from_the_side_of_the_click(hands: Hands) -> None:
    hands.take("Fence")
    hands.editor.strip.passing.setCurrentIndex(1)
    hands.stroke(hands.point(1, 1, 0.95, 0.5))
    hands.stroke(hands.point(2, 2, 0.05, 0.5))
    hands.stroke(hands.point(1, 3, 0.5, 0.95))
    assert hands.world.fences == {"1,1 right": "right", "2,1 right": "left", "1,3 down": "down"}


def test_a_rectangle_of_fences_is_a_room(hands: Hands) -> None:
    hands.take("Fence", "Rectangle")
    hands.cells((1, 1), (2, 2))
    sides = {"0,1 down", "0,2 down", "2,1 down", "2,2 down", "1,0 right", "2,0 right", "1,2 right", "2,2 right"}
    assert hands.world.fences == dict.fromkeys(sides, "wall")


def test_alt_and_an_arrow_put_up_a_fence_and_take_it_down(hands: Hands) -> None:
    hands.take("Fence")
    hands.view.go_to((1, 1))
    hands.key(Qt.Key.Key_Right, ALT)
    assert hands.world.fences == {"1,1 right": "wall"} and hands.view.at == (1, 1)
    hands.key(Qt.Key.Key_Right, ALT)
    assert hands.world.fences == {}


# Selecting


def test_a_region_is_dragged_extended_and_let_go(hands: Hands) -> None:
    hands.take("Select")
    hands.cells((0, 0), (1, 2))
    assert hands.editor.selecting.region == hands.view.region == Region(0, 0, 2, 3)
    assert hands.document.selection == {"0,0", "0,1", "0,2", "1,0", "1,1", "1,2"}
    hands.cells((3, 4), keys=SHIFT)
    assert hands.editor.selecting.region == Region(0, 0, 4, 5)
    hands.cells((2, 2))
    assert hands.editor.selecting.region == Region(2, 2, 1, 1)
    hands.key(Qt.Key.Key_Escape)
    assert hands.editor.selecting.region is None and hands.document.selection == frozenset()


def test_a_region_is_moved_by_dragging_it(hands: Hands) -> None:
    hands.open(GridWorld(map=("S#...", ".G...", "....."), slips={"0,0": 0.2}))
    hands.take("Select")
    hands.cells((0, 0), (1, 1))
    hands.cells((1, 1), (2, 3))
    assert hands.world.map == (".....", "..S#.", "...G.") and hands.world.slips == {"1,2": 0.2}
    assert hands.editor.selecting.region == Region(1, 2, 2, 2)
    assert hands.document.stack.undoText() == "Move 2 × 2 cells"
    hands.key(Qt.Key.Key_Up, CTRL)
    assert hands.world.map == ("..S#.", "...G.", ".....")


def test_copy_and_paste_put_down_where_it_is_clicked(hands: Hands) -> None:
    hands.open(GridWorld(map=("S#...", ".G...", "....."), rewards={"0,1": 2.0}, winds={"1,1": "up 1"}))
    hands.take("Select")
    hands.cells((0, 0), (1, 1))
    hands.key(Qt.Key.Key_C, CTRL)
    hands.key(Qt.Key.Key_V, CTRL)
    hands.move(hands.point(1, 3))
    assert hands.view.preview is not None and hands.view.preview.clip is not None and hands.view.preview.clip[1] == (1, 3)
    hands.cells((1, 3))
    assert hands.world.map == ("S#...", ".G.S#", "....G") and hands.world.winds == {"1,1": "up 1", "2,4": "up 1"}
    assert hands.editor.selecting.region == Region(1, 3, 2, 2) and hands.document.stack.undoText() == "Paste 2 × 2 cells"


def test_cut_and_paste_by_keys_alone(hands: Hands) -> None:
    hands.open(GridWorld(map=("S#...", ".....")))
    hands.take("Select")
    hands.view.go_to((0, 0))
    hands.key(Qt.Key.Key_Right, SHIFT)
    assert hands.editor.selecting.region == Region(0, 0, 1, 2)
    hands.key(Qt.Key.Key_X, CTRL)
    assert hands.world.map == (".....", ".....")
    hands.key(Qt.Key.Key_V, CTRL)
    hands.key(Qt.Key.Key_Down)
    hands.key(Qt.Key.Key_Return)
    assert hands.world.map == (".....", ".S#..")


def test_escape_lets_go_of_a_copy(hands: Hands) -> None:
    hands.open(GridWorld(map=("S#...",)))
    hands.take("Select")
    hands.cells((0, 0))
    hands.key(Qt.Key.Key_C, CTRL)
    hands.key(Qt.Key.Key_V, CTRL)
    hands.key(Qt.Key.Key_Escape)
    hands.cells((0, 3))
    assert hands.world.map == ("S#...",) and hands.document.stack.count() == 0


def test_delete_clears_and_select_all_selects_all(hands: Hands) -> None:
    hands.open(GridWorld(map=("S~G",), rewards={"0,1": 1.0}, fences={"0,0 right": "wall"}))
    hands.take("Select")
    hands.key(Qt.Key.Key_A, CTRL)
    assert hands.editor.selecting.region == Region(0, 0, 1, 3)
    hands.key(Qt.Key.Key_Delete)
    assert hands.world == GridWorld(map=("...",))


@pytest.mark.parametrize(
    ("name", "map_"), [("mirror", ("#S.", "G..", "...")), ("flip", (".G.", "S#.", "...")), ("rotate", (".S.", "G#.", "..."))]
)
def test_buttons_turn_the_region(qtbot: QtBot, hands: Hands, name: str, map_: tuple[str, ...]) -> None:
    hands.open(GridWorld(map=("S#.", ".G.", "...")))
    hands.take("Select")
    hands.cells((0, 0), (1, 1))
    qtbot.mouseClick(hands.editor.strip.buttons[name], LEFT)
    assert hands.world.map == map_
    hands.document.stack.undo()
    assert hands.world.map == ("S#.", ".G.", "...")


def test_a_whole_grid_is_rotated_with_its_size(qtbot: QtBot, hands: Hands) -> None:
    hands.open(GridWorld(map=("S#.", "..G"), winds={"0,0": "up 1"}))
    hands.take("Select")
    hands.key(Qt.Key.Key_A, CTRL)
    qtbot.mouseClick(hands.editor.strip.buttons["rotate"], LEFT)
    assert hands.world.map == (".S", ".#", "G.") and hands.world.winds == {"0,1": "right 1"}
    assert hands.editor.selecting.region == Region(0, 0, 3, 2)


def test_states_selected_elsewhere_are_marked(hands: Hands) -> None:
    hands.take("Select")
    hands.cells((0, 0))
    hands.document.select({"1,1", "2,3"})
    assert hands.editor.selecting.region is None and hands.view.marked == {(1, 1), (2, 3)}
    assert hands.document.selection == {"1,1", "2,3"}


def test_a_region_that_is_no_more_is_let_go(hands: Hands) -> None:
    hands.take("Select")
    hands.cells((3, 4))
    hands.document.apply(GridWorld(map=("..", "..")), "Smaller")
    assert hands.editor.selecting.region is None


# Keys


def test_enter_begins_and_ends_a_rectangle(hands: Hands) -> None:
    hands.take("Goal", "Filled rectangle")
    hands.view.go_to((0, 0))
    hands.key(Qt.Key.Key_Return)
    assert hands.world == FIELD
    hands.key(Qt.Key.Key_Right)
    hands.key(Qt.Key.Key_Down)
    hands.key(Qt.Key.Key_Return)
    assert hands.world.map[:2] == ("GG...", "GG...")


def test_the_cursor_stays_in_sight_when_zoomed(hands: Hands) -> None:
    for _ in range(8):
        hands.key(Qt.Key.Key_Plus)
    for _ in range(9):
        hands.key(Qt.Key.Key_Right)
        hands.key(Qt.Key.Key_Down)
        assert hands.view.rect().contains(hands.view.rect_of(*hands.view.at).toRect().adjusted(1, 1, -1, -1)) or hands.view.place.cell > 300
    assert hands.view.at == (3, 4)


# Layers


def test_layers_are_offered_where_there_are_keys(hands: Hands) -> None:
    hands.open(GridWorld(map=("a.b", "..A")))
    choice = hands.editor.layers
    assert not choice.isHidden()
    assert [choice.list.itemText(row) for row in range(choice.list.count())] == [
        "follow the agent", "empty", "key a", "key b", "keys a, b"
    ]  # fmt: skip
    choice.list.setCurrentIndex(2)
    assert hands.view.layer == 1
    hands.open(FIELD)
    assert choice.isHidden() and hands.view.layer is None


def test_a_cell_tells_everything_that_is_said_of_it(qtbot: QtBot, hands: Hands) -> None:
    hands.open(GridWorld(map=("S1", "1."), slips={"0,0": 0.2}, winds={"0,0": "up 2"}, rewards={"0,0": 3.0}, starts={"0,0": 2.0},
                         transitions=(Transition(state="0,0", action="up", next="1,1"),)))  # fmt: skip
    told: list[str] = []
    hands.view.hovered.connect(told.append)
    hands.view.go_to((0, 0))
    hands.view.go_to((0, 1))
    assert told == [
        "row 0, column 0: start   reward +3   slip 20 %   wind up 2   start weight 2   1 own transitions",
        "row 0, column 1: portal 1   leads to 1,0",
    ]


def test_what_is_said_of_a_cell_is_true_after_painting_it(hands: Hands) -> None:
    hands.open(FIELD)
    told: list[str] = []
    hands.view.hovered.connect(told.append)
    hands.view.go_to((1, 1))
    hands.take("Wall")
    hands.cells((1, 1))
    assert told[-1].startswith("row 1, column 1: wall")
    hands.document.stack.undo()
    assert told[-1].startswith("row 1, column 1: ") and "wall" not in told[-1]


def test_a_copy_goes_to_another_world(hands: Hands) -> None:
    hands.open(GridWorld(map=("S#",)))
    hands.take("Select")
    hands.key(Qt.Key.Key_A, CTRL)
    hands.key(Qt.Key.Key_C, CTRL)
    hands.open(FIELD)
    assert hands.editor.selecting.copied == clipped(GridWorld(map=("S#",)), everything(GridWorld(map=("S#",))))
    hands.key(Qt.Key.Key_V, CTRL)
    hands.cells((3, 4))
    assert hands.world.map[3] == "....S"


# By keys alone


def press(hands: Hands, key: Qt.Key) -> None:
    QTest.keyPress(hands.view, key)


def let_go(hands: Hands, key: Qt.Key) -> None:
    QTest.keyRelease(hands.view, key)


def test_a_stroke_is_drawn_while_space_is_held_and_undoes_as_one(hands: Hands) -> None:
    hands.take("Wall")
    hands.view.go_to((1, 0))
    press(hands, Qt.Key.Key_Space)
    hands.key(Qt.Key.Key_Right)
    hands.key(Qt.Key.Key_Right)
    hands.key(Qt.Key.Key_Down)
    let_go(hands, Qt.Key.Key_Space)
    hands.key(Qt.Key.Key_Down)
    assert hands.world.map == (".....", "###..", "..#..", ".....")
    assert hands.document.stack.count() == 1


def test_a_stroke_of_backspace_erases_what_the_tool_draws(hands: Hands) -> None:
    hands.open(GridWorld(map=("####.",), rewards={"0,1": 2.0, "0,2": 3.0, "0,3": 4.0}))
    hands.take("Reward")
    hands.view.go_to((0, 1))
    press(hands, Qt.Key.Key_Backspace)
    hands.key(Qt.Key.Key_Right)
    let_go(hands, Qt.Key.Key_Backspace)
    assert hands.world.rewards == {"0,3": 4.0} and hands.world.map == ("####.",) and hands.document.stack.count() == 1
    hands.take("Wall")
    hands.key(Qt.Key.Key_Delete)
    assert hands.world.map == ("##.#.",)


@pytest.mark.parametrize(
    ("tool", "world"),
    [
        ("Wall", {"map": ("#.",)}),
        ("Start", {"map": ("S.",), "starts": {"0,0": 2.0}}),
        ("Goal", {"map": ("G.",)}),
        ("Trap", {"map": ("T.",)}),
        ("End", {"map": ("X.",)}),
        ("Ice", {"map": ("~.",)}),
        ("Sticky", {"map": ("%.",)}),
        ("Portal", {"map": ("1.",)}),
        ("Key", {"map": ("a.",)}),
        ("Door", {"map": ("A.",)}),
        ("Reward", {"map": ("..",), "rewards": {"0,0": 2.0}}),
        ("Slip", {"map": ("..",), "slips": {"0,0": 0.2}}),
        ("Wind", {"map": ("..",), "winds": {"0,0": "up 1"}}),
    ],
)
def test_every_tool_erases_by_a_key(hands: Hands, tool: str, world: dict[str, object]) -> None:
    hands.open(GridWorld.model_validate(world))
    hands.take(tool)
    hands.view.go_to((0, 0))
    hands.key(Qt.Key.Key_Backspace)
    assert hands.world == GridWorld(map=("..",))


def test_fences_are_drawn_and_erased_by_keys_where_the_cursor_faces(hands: Hands) -> None:
    hands.take("Fence")
    hands.view.go_to((0, 0))
    hands.key(Qt.Key.Key_Right)
    press(hands, Qt.Key.Key_Space)
    hands.key(Qt.Key.Key_Down)
    let_go(hands, Qt.Key.Key_Space)
    assert hands.world.fences == {"0,1 right": "wall", "1,1 right": "wall"}
    hands.key(Qt.Key.Key_Left)
    hands.key(Qt.Key.Key_Right)
    hands.key(Qt.Key.Key_Backspace)
    assert hands.world.fences == {"0,1 right": "wall"}


def test_a_rectangle_is_erased_by_two_presses_or_while_the_key_is_held(hands: Hands) -> None:
    hands.open(GridWorld(map=("####.", "####.")))
    hands.take("Wall", "Filled rectangle")
    hands.view.go_to((0, 0))
    hands.key(Qt.Key.Key_Backspace)
    hands.key(Qt.Key.Key_Down)
    hands.key(Qt.Key.Key_Backspace)
    assert hands.world.map == (".###.", ".###.")
    hands.view.go_to((0, 1))
    press(hands, Qt.Key.Key_Backspace)
    hands.key(Qt.Key.Key_Right)
    let_go(hands, Qt.Key.Key_Backspace)
    assert hands.world.map == ("...#.", ".###.")


def test_a_stroke_ends_where_the_keyboard_goes_elsewhere(hands: Hands) -> None:
    hands.take("Wall")
    hands.view.go_to((0, 0))
    press(hands, Qt.Key.Key_Space)
    hands.view.clearFocus()
    hands.view.setFocus()
    hands.key(Qt.Key.Key_Right)
    assert hands.world.map[0] == "#...."


def test_a_region_is_carried_by_keys(hands: Hands) -> None:
    hands.open(GridWorld(map=("S#...",)))
    hands.take("Select")
    hands.view.go_to((0, 0))
    hands.key(Qt.Key.Key_Right, SHIFT)
    press(hands, Qt.Key.Key_Space)
    hands.key(Qt.Key.Key_Right)
    hands.key(Qt.Key.Key_Right)
    let_go(hands, Qt.Key.Key_Space)
    assert hands.world.map == ("..S#.",)


# The clipboard of the system


def test_copied_cells_are_text_on_the_clipboard(hands: Hands) -> None:
    hands.open(GridWorld(map=("S#..", "G..."), rewards={"0,1": 2.0}))
    hands.take("Select")
    hands.cells((1, 0), (1, 1))
    hands.key(Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == "G.\n"
    hands.cells((0, 0), (0, 1))
    hands.key(Qt.Key.Key_C, CTRL)
    assert parse(QApplication.clipboard().text(), "") == GridWorld(map=("S#",), rewards={"0,1": 2.0})


def test_cells_of_other_programs_are_pasted(hands: Hands) -> None:
    QApplication.clipboard().setText("# #\n# #\n")
    hands.key(Qt.Key.Key_V, CTRL)
    hands.cells((1, 1))
    assert hands.world.map == (".....", ".##..", ".##..", ".....")
    QApplication.clipboard().setText(dump(GridWorld(map=("S.G",), fences={"0,0 right": "wall"})))
    hands.key(Qt.Key.Key_V, CTRL)
    hands.cells((3, 2))
    assert hands.world.map[3] == "..S.G" and hands.world.fences == {"3,2 right": "wall"}


def test_a_text_that_is_no_grid_is_refused(qtbot: QtBot, hands: Hands) -> None:
    told: list[str] = []
    hands.editor.said.connect(told.append)
    QApplication.clipboard().setText("Dear Sir or Madam")
    hands.key(Qt.Key.Key_V, CTRL)
    assert told == ["There are no cells on the clipboard: copy a region, or rows of signs such as S.#G."]
    assert hands.editor.selecting.clip is None
