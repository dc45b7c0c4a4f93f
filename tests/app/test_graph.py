"""The graph on the stage, worked by mouse and keys at the places where things are drawn."""

import math
import random

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from app.picture import Status
from app.stage.graph.canvas import GraphCanvas, Part
from app.stage.graph.graph_view import GraphView
from app.studio import Studio
from core.learner import Counters, Snapshot
from core.worlds import table_edits
from core.worlds.grid import GridWorld
from core.worlds.library import library_world, names
from core.worlds.table import TableWorld, Transition
from tests.app.hands import Hands

LEFT = Qt.MouseButton.LeftButton


class Pen:
    """The hand that draws on a graph."""

    def __init__(self, qtbot: QtBot, studio: Studio) -> None:
        self.qtbot, self.studio = qtbot, studio
        designer = studio.window.stage.designer
        view = designer.views["graph"]
        assert isinstance(view, GraphView)
        if "graph" not in designer.shown:
            designer.toggle("graph")
        for name in designer.shown:
            if name != "graph":
                designer.toggle(name)
        self.view, self.canvas = view, view.canvas

    @property
    def world(self) -> TableWorld:
        world = self.studio.document.world
        assert isinstance(world, TableWorld)
        return world

    def at(self, point: complex) -> QPoint:
        return self.canvas.to_screen(point).toPoint()

    def state(self, name: str) -> QPoint:
        return self.at(self.canvas.drawing.states[name].at)

    def rim(self, name: str, towards: complex = 1 + 0j) -> QPoint:
        return self.at(self.canvas.drawing.states[name].at + 0.88 * self.canvas.drawing.sizes.radius * towards)

    def node(self, state: str, action: str) -> QPoint:
        return self.at(self.canvas.drawing.nodes[state, action].at)

    def label(self, state: str, action: str, number: int = 0) -> QPoint:
        left, top, right, bottom = self.canvas.drawing.label_box((state, action, number))
        return self.at(complex(left + right, top + bottom) / 2)

    def empty(self, x: float, y: float) -> QPoint:
        """A share of the canvas, where nothing may lie."""
        point = QPoint(round(x * self.canvas.width()), round(y * self.canvas.height()))
        assert self.canvas.part_at(QPointF(point)) is None
        return point

    def click(self, at: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.mouseClick(self.canvas, LEFT, keys, at)

    def point(self, at: QPoint) -> None:
        """Move the mouse there from nearby."""
        self.qtbot.mouseMove(self.canvas, at + QPoint(3, 3))
        self.qtbot.mouseMove(self.canvas, at)
        self.qtbot.waitUntil(lambda: self.canvas.under is not None)

    def double(self, at: QPoint) -> None:
        self.click(at)
        self.qtbot.mouseDClick(self.canvas, LEFT, pos=at)
        self.qtbot.mouseRelease(self.canvas, LEFT, pos=at)

    def drag(self, start: QPoint, end: QPoint, button: Qt.MouseButton = LEFT) -> None:
        self.qtbot.mousePress(self.canvas, button, pos=start)
        for share in (0.3, 0.7, 1.0):
            self.qtbot.mouseMove(self.canvas, start + (end - start) * share)
        self.qtbot.mouseRelease(self.canvas, button, pos=end)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.canvas, key, keys)

    def type(self, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
        """Type over what the open field holds."""
        field = self.canvas.field
        assert field.isVisible()
        field.selectAll()
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, key)

    def menu(self, at: QPoint, text: str) -> None:
        """Choose from the context menu at a place."""
        self.canvas.menu_asked.emit(QPointF(at), self.canvas.mapToGlobal(at))
        action = next(action for action in self.view.menu.actions() if action.text().split("\t")[0] == text)
        assert action.isEnabled()
        action.trigger()
        self.view.menu.close()

    def undo_all(self) -> None:
        while self.studio.document.stack.canUndo():
            self.studio.document.stack.undo()


@pytest.fixture
def blank(studio: Studio) -> TableWorld:
    world = TableWorld(title="Blank", states=("s0",), actions=("a0",), discount=0.5, places={"s0": (0, 0)})
    studio.document.open(world, "blank")
    return world


@pytest.fixture
def pen(qtbot: QtBot, studio: Studio, blank: TableWorld) -> Pen:
    return Pen(qtbot, studio)


def test_a_menu_that_is_closed_is_gone(pen: Pen, qtbot: QtBot) -> None:
    pen.canvas.menu_asked.emit(QPointF(pen.state("s0")), pen.canvas.mapToGlobal(pen.state("s0")))
    with qtbot.waitSignal(pen.view.menu.destroyed):
        pen.view.menu.close()


def opened(pen: Pen, name: str) -> None:
    pen.studio.worlds.open_library(name)
    designer = pen.studio.window.stage.designer
    if "graph" not in designer.shown:
        designer.toggle("graph")
    for other in designer.shown:
        if other != "graph":
            designer.toggle(other)


def test_a_world_is_drawn_labelled_normalised_and_all_of_it_undone(pen: Pen, blank: TableWorld) -> None:
    pen.double(pen.empty(0.8, 0.3))
    pen.double(pen.empty(0.8, 0.75))
    assert pen.world.states == ("s0", "s1", "s2")
    pen.drag(pen.rim("s0"), pen.state("s1"))
    assert pen.world.transitions == (Transition(state="s0", action="a0", next="s1"),)
    pen.type("0.7, +10")
    assert pen.world.transitions[0].probability == 0.7 and pen.world.transitions[0].reward == 10
    assert pen.canvas.drawing.arrows["s0", "a0", 0].text == "0.7, +10"
    pen.drag(pen.node("s0", "a0"), pen.state("s2"))
    pen.canvas.field.leave()
    assert [row.probability for row in pen.world.transitions] == [0.7, 0.3]
    pen.click(pen.label("s0", "a0", 0))
    pen.type("0.5")
    assert pen.canvas.drawing.nodes["s0", "a0"].wrong
    pen.menu(pen.node("s0", "a0"), "Normalise")
    assert [row.probability for row in pen.world.transitions] == [0.5 / 0.8, 0.3 / 0.8]
    assert [row.reward for row in pen.world.transitions] == [10, 0]
    pen.world.compile()
    assert pen.studio.document.stack.count() == 7
    pen.undo_all()
    assert pen.studio.document.world == blank


def test_an_arrow_that_ends_on_empty_ground_makes_a_state_there(pen: Pen, blank: TableWorld) -> None:
    pen.drag(pen.rim("s0"), pen.empty(0.85, 0.5))
    assert pen.world.states == ("s0", "s1") and [row.next for row in pen.world.transitions] == ["s1"]
    assert pen.studio.document.stack.count() == 1
    pen.drag(pen.rim("s0", 1j), pen.state("s0") + QPoint(0, 2))
    pen.canvas.field.leave()
    assert pen.world.actions == ("a0", "a1") and pen.world.transitions[-1] == Transition(state="s0", action="a1", next="s0")
    pen.undo_all()
    assert pen.studio.document.world == blank


def test_dragging_states_is_one_step_and_the_others_stay(pen: Pen) -> None:
    opened(pen, "mdp/three-state")
    before, shown = pen.world, dict(pen.canvas.places)
    assert not before.places
    start = pen.state("s1")
    pen.drag(start, start + QPoint(0, 90))
    assert pen.studio.document.stack.count() == 1
    assert pen.world.places["s0"] == shown["s0"] and pen.world.places["s1"][1] > 0.3
    assert pen.state("s1") == start + QPoint(0, 90)
    pen.view.snap.trigger()
    pen.drag(pen.state("s1"), pen.state("s1") + QPoint(13, 21))
    assert all((4 * part) % 1 == 0 for part in pen.world.places["s1"])
    pen.undo_all()
    assert pen.world == before


def test_labels_are_edited_in_place_and_mistakes_are_said(pen: Pen) -> None:
    opened(pen, "mdp/three-state")
    said: list[str] = []
    pen.view.said.connect(said.append)
    pen.click(pen.label("s1", "a2"))
    assert pen.canvas.field.text() == "1, −50"
    pen.type("2, -50")
    assert pen.canvas.field.isVisible() and said[-1].startswith("A probability lies above 0 and up to 1, not 2")
    assert pen.studio.document.stack.count() == 0
    pen.type("1, -60")
    assert not pen.canvas.field.isVisible() and table_edits.outcomes(pen.world, "s1", "a2")[0].reward == -60
    pen.click(pen.label("s1", "a2"))
    pen.type("junk", Qt.Key.Key_Escape)
    assert not pen.canvas.field.isVisible() and pen.studio.document.stack.count() == 1


def test_states_and_actions_are_renamed_in_place(pen: Pen) -> None:
    opened(pen, "mdp/three-state")
    pen.double(pen.state("s1"))
    pen.type("low ground")
    assert pen.world.states == ("s0", "low ground", "s2") and pen.studio.document.selection == {"low ground"}
    pen.double(pen.state("s0"))
    pen.type("s2")
    assert pen.canvas.field.isVisible(), "the name is taken"
    pen.type("", Qt.Key.Key_Escape)
    pen.double(pen.node("s0", "a1"))
    pen.type("wait")
    assert pen.world.actions == ("a0", "wait", "a2")
    pen.double(pen.node("low ground", "a0"))
    pen.type("wait")
    assert pen.world.actions == ("a0", "wait", "a2"), "an action that there is, is taken here only"
    assert table_edits.outcomes(pen.world, "low ground", "wait") and table_edits.outcomes(pen.world, "s0", "a0")
    pen.undo_all()
    assert pen.world == library_world("mdp/three-state")


def test_what_is_selected_is_deleted(pen: Pen) -> None:
    opened(pen, "mdp/three-state")
    pen.click(pen.node("s0", "a1"))
    pen.key(Qt.Key.Key_Delete)
    assert not table_edits.outcomes(pen.world, "s0", "a1")
    arrow = pen.canvas.drawing.arrows["s2", "a1", 0].curve
    pen.click(pen.at(arrow.at(0.75)))
    pen.key(Qt.Key.Key_Delete)
    assert [row.next for row in table_edits.outcomes(pen.world, "s2", "a1")] == ["s1", "s2"]
    pen.click(pen.state("s1"))
    pen.key(Qt.Key.Key_Delete)
    assert pen.world.states == ("s0", "s2") and not pen.studio.document.selection
    pen.undo_all()
    assert pen.world == library_world("mdp/three-state")


def test_starts_and_ends_are_marked(pen: Pen) -> None:
    opened(pen, "mdp/three-state")
    pen.menu(pen.state("s1"), "Start here, too")
    assert pen.world.start == {"s0": 0.5, "s1": 0.5} and pen.canvas.drawing.states["s1"].chance == "0.5"
    pen.menu(pen.state("s1"), "Start probability …")
    pen.type("0.2")
    assert pen.world.start == {"s0": 0.8, "s1": 0.2}
    pen.menu(pen.state("s0"), "No start here")
    assert pen.world.start == {"s1": 1.0}
    pen.menu(pen.empty(0.05, 0.9), "Start anywhere")
    assert pen.world.start == {}
    count = pen.studio.document.stack.count()
    pen.menu(pen.state("s2"), "Make terminal")
    assert pen.canvas.drawing.states["s2"].terminal and pen.studio.document.stack.count() == count + 1
    pen.world.compile()
    pen.undo_all()
    assert pen.world == library_world("mdp/three-state")


def test_selected_states_are_aligned_and_laid_out(pen: Pen) -> None:
    opened(pen, "mdp/seoul-busan")
    pen.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert pen.studio.document.selection == set(pen.world.states)
    pen.menu(pen.state("Seoul"), "Align top")
    assert {place[1] for place in pen.world.places.values()} == {-0.5}
    pen.view.layouts["circle"].trigger()
    assert len({round(math.hypot(*place), 1) for place in pen.world.places.values()}) == 1
    assert pen.studio.document.stack.count() == 2
    pen.undo_all()
    assert not pen.world.places


def test_probabilities_that_do_not_add_up_are_marked_and_training_says_so(pen: Pen, hands: Hands) -> None:
    opened(pen, "mdp/three-state")
    pen.click(pen.label("s0", "a0", 0))
    pen.type("0.6, +10")
    node = pen.canvas.drawing.nodes["s0", "a0"]
    assert node.wrong and node.text == "a0  Σ 0.90"
    pen.point(pen.node("s0", "a0"))
    assert "add up to 0.90" in pen.canvas.panel.text() and pen.canvas.panel.isVisible()
    hands.learner("q-learning")
    hands.press("train")
    assert pen.studio.runs.conductor.status is Status.idle
    assert "add up to 0.9" in pen.studio.window.status.currentMessage()
    pen.menu(pen.empty(0.05, 0.9), "Normalise all that do not add up")
    assert not pen.canvas.drawing.nodes["s0", "a0"].wrong


def test_outcomes_of_a_grid_stay_with_the_grid_and_new_states_ask_for_a_table(pen: Pen) -> None:
    opened(pen, "grid/lecture-3x4")
    grid = pen.studio.document.world
    pen.drag(pen.node("2,0", "right"), pen.state("2,0"))
    pen.type("0.25, -1")
    world = pen.studio.document.world
    assert isinstance(world, GridWorld) and len(world.transitions) == 2
    assert pen.canvas.drawing.nodes["2,0", "right"].wrong, "shown though it does not compile"
    pen.menu(pen.node("2,0", "right"), "Normalise")
    world = pen.studio.document.world
    assert isinstance(world, GridWorld) and [row.probability for row in world.transitions] == [0.8, 0.2]
    pen.click(pen.node("2,0", "right"))
    pen.key(Qt.Key.Key_Delete)
    assert pen.studio.document.world == grid, "back to the rules"
    pen.undo_all()
    pen.double(pen.empty(0.02, 0.5))
    assert pen.studio.document.world == grid and pen.view.message.isVisible()
    pen.qtbot.mouseClick(pen.view.offer_button, LEFT)
    assert pen.world.states == tuple(pen.canvas.drawing.states) and not pen.view.message.isVisible()
    assert pen.studio.window.stage.designer.shown == ["graph"]
    pen.double(pen.empty(0.02, 0.5))
    assert "s0" in pen.world.states
    pen.undo_all()
    assert pen.studio.document.world == grid


def test_a_world_made_by_a_program_is_laid_out_on_the_screen_only(pen: Pen) -> None:
    opened(pen, "mdp/random-walk-19")
    before = dict(pen.canvas.places)
    pen.view.layouts["circle"].trigger()
    assert pen.canvas.places != before and pen.studio.document.stack.count() == 0
    pen.drag(pen.state("10"), pen.state("10") + QPoint(40, 40))
    assert pen.view.message.isVisible() and pen.studio.document.stack.count() == 0


def test_selection_is_shared_and_the_keys_go_from_state_to_state(pen: Pen) -> None:
    opened(pen, "grid/lecture-3x4")
    document = pen.studio.document
    document.select(["1,2"])
    assert pen.canvas.current == "1,2"
    for key, state in (
        (Qt.Key.Key_Up, "0,2"),
        (Qt.Key.Key_Right, "0,3"),
        (Qt.Key.Key_Down, "1,3"),
        (Qt.Key.Key_Left, "1,2"),
        (Qt.Key.Key_Tab, "1,3"),
    ):
        pen.key(key)
        assert document.selection == {state}
    assert "1,3" in pen.canvas.accessibleDescription()
    pen.click(pen.state("0,0"))
    pen.click(pen.state("2,3"), Qt.KeyboardModifier.ControlModifier)
    assert document.selection == {"0,0", "2,3"}
    pen.key(Qt.Key.Key_Escape)
    assert not document.selection
    corner = pen.state("2,0")
    pen.drag(corner + QPoint(-50, 60), pen.state("1,0") + QPoint(60, -40))
    assert document.selection == {"1,0", "2,0"}


def test_a_world_is_drawn_with_keys_alone_but_for_arrows(pen: Pen, blank: TableWorld) -> None:
    pen.key(Qt.Key.Key_Tab)
    assert pen.canvas.current == "s0"
    pen.key(Qt.Key.Key_N)
    assert pen.world.places == {"s0": (0, 0), "s1": (1, 0)} and pen.studio.document.selection == {"s1"}
    pen.key(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert pen.world.places["s1"] == (1, 0.25)
    pen.key(Qt.Key.Key_Return)
    pen.type("goal")
    assert pen.world.states == ("s0", "goal") and pen.canvas.hasFocus()
    pen.key(Qt.Key.Key_A)
    assert pen.view.arrow_tool.isChecked()
    pen.drag(pen.state("s0"), pen.state("goal"))
    pen.type("+3")
    assert pen.world.transitions == (Transition(state="s0", action="a0", next="goal", reward=3),)
    pen.key(Qt.Key.Key_Return)
    pen.type("1, +4")
    assert pen.world.transitions[0].reward == 4
    pen.key(Qt.Key.Key_Delete)
    assert not pen.world.transitions
    pen.undo_all()
    assert pen.studio.document.world == blank


def test_arrows_are_drawn_by_keys(pen: Pen, blank: TableWorld) -> None:
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_N, Qt.Key.Key_Left, Qt.Key.Key_A, Qt.Key.Key_Return, Qt.Key.Key_Right):
        pen.key(key)
    assert pen.canvas.wire is not None
    pen.key(Qt.Key.Key_Return)
    assert pen.canvas.wire is None
    pen.type("0.5, +3")
    assert pen.world.transitions == (Transition(state="s0", action="a0", next="s1", probability=0.5, reward=3),)
    pen.key(Qt.Key.Key_PageUp)
    assert pen.canvas.chosen == {("s0", "a0")}
    pen.key(Qt.Key.Key_Return)
    pen.key(Qt.Key.Key_Return)
    pen.type("0.5, +1")
    assert [(row.next, row.reward) for row in pen.world.transitions] == [("s1", 3), ("s0", 1)]
    pen.key(Qt.Key.Key_PageDown)
    assert pen.canvas.chosen == {("s0", "a0")}
    pen.key(Qt.Key.Key_Left)
    pen.key(Qt.Key.Key_Return)
    pen.key(Qt.Key.Key_Escape)
    assert pen.canvas.wire is None and len(pen.world.transitions) == 2


def test_the_space_bar_turns_a_drag_into_moving_the_view(pen: Pen) -> None:
    opened(pen, "mdp/three-state")
    here = pen.state("s0")
    pen.qtbot.keyPress(pen.canvas, Qt.Key.Key_Space)
    pen.drag(here, here + QPoint(25, 10))
    pen.qtbot.keyRelease(pen.canvas, Qt.Key.Key_Space)
    assert pen.state("s0") == here + QPoint(25, 10) and pen.studio.document.stack.count() == 0


def test_the_view_is_moved_and_zoomed_and_fits_again(pen: Pen) -> None:
    opened(pen, "mdp/three-state")
    fitted, here = pen.canvas.zoom, pen.state("s0")
    pen.drag(pen.empty(0.5, 0.05), pen.empty(0.5, 0.05) + QPoint(30, 20), Qt.MouseButton.MiddleButton)
    assert pen.state("s0") == here + QPoint(30, 20)
    under = pen.canvas.to_scene(QPointF(100, 100))
    pen.canvas.zoom_by(1.5, QPointF(100, 100))
    assert pen.canvas.zoom == pytest.approx(1.5 * fitted) and abs(pen.canvas.to_scene(QPointF(100, 100)) - under) < 1e-6
    pen.studio.fit()
    assert (pen.canvas.zoom, pen.state("s0")) == (fitted, here)


def test_the_backup_under_the_mouse_is_told_with_its_numbers(pen: Pen, hands: Hands) -> None:
    opened(pen, "mdp/three-state")
    said: list[str] = []
    pen.view.said.connect(said.append)
    pen.point(pen.node("s0", "a0"))
    assert said[-1] == "Q(s0, a0) = 0.7·(10 + 0.9·V(s0)) + 0.3·0.9·V(s1)"
    import numpy as np

    q = np.array([[18.0, 17.0, 13.6], [0.0, np.nan, -4.8], [np.nan, 50.0, np.nan]])
    pen.view.set_snapshot(Snapshot(Counters(units=5), values=np.array([20.0, -1.0, 50.0]), q=q, state=1))
    told = pen.canvas.panel.text().split("\n")
    assert told[1:3] == ["= 0.7·(10 + 0.9·20) + 0.3·0.9·(−1)", "= 19.33"]
    assert told[3] == "The learner has 18 so far."
    pen.point(pen.state("s1"))
    pen.qtbot.waitUntil(lambda: pen.canvas.under == "s1")
    assert "V(s1) = −1" in pen.canvas.panel.text() and "Q(s1, a0) = −0.9" in pen.canvas.panel.text()
    assert pen.canvas.bold == {("s0", "a0"), ("s1", "a0"), ("s2", "a1")}
    assert pen.canvas.token.at(pen.canvas.drawing) is not None


def test_the_token_goes_along_the_arrow_that_was_taken_where_there_is_time(pen: Pen) -> None:
    opened(pen, "mdp/three-state")
    token, drawing = pen.canvas.token, pen.canvas.drawing
    token.last = -math.inf
    for units, state in ((1, 1), (2, 2)):
        pen.view.set_snapshot(Snapshot(Counters(units=units), state=state))
    assert token.arrow is not None and token.arrow.outcome == ("s1", "a2", 0) and not token.way, "no time to travel"
    token.last = -math.inf
    with pen.qtbot.waitSignal(token.travel.finished):
        pen.view.set_snapshot(Snapshot(Counters(units=3), state=0))
        assert token.arrow.outcome == ("s2", "a1", 0) and token.way
    assert abs(token.at(drawing) - drawing.states["s0"].at) < 1.2 * drawing.sizes.radius
    token.last = -math.inf
    pen.view.set_snapshot(Snapshot(Counters(units=4), state=1, metrics={"error bound": 1.0}))
    assert not token.way, "a planner goes from backup to backup, not along arrows"


def _anything(pen: Pen, rng: random.Random) -> None:
    """Some edit that a person could make now."""
    canvas: GraphCanvas = pen.canvas
    drawing, states = canvas.drawing, list(canvas.drawing.states)
    edits = pen.view.editing
    state, other = rng.choice(states), rng.choice(states)
    parts: list[Part] = [*drawing.nodes, *drawing.arrows]
    part = rng.choice(parts) if parts else None
    choice = rng.randrange(10)
    if choice == 0:
        edits.add_state((rng.uniform(-2, 2), rng.uniform(-2, 2)))
    elif choice in (1, 2):
        edits.link(state, other)
    elif choice == 3 and part is not None:
        edits.extend(part[:2], other)
    elif choice == 4 and drawing.arrows:
        edits.write(rng.choice(list(drawing.arrows)), f"{rng.randint(1, 9) / 10}, {rng.randint(-9, 9):+}")
    elif choice == 5 and len(states) > 1:
        edits.delete([state], [], [])
    elif choice == 6 and part is not None:
        edits.delete([], [part] if len(part) == 2 else [], [part] if len(part) == 3 else [])
    elif choice == 7:
        edits.move({state: (rng.uniform(-2, 2), rng.uniform(-2, 2))})
    elif choice == 8:
        rng.choice([lambda: edits.start_in(state), lambda: edits.end_in([state]), lambda: edits.start_in(state, 0.3)])()
    elif choice == 9:
        edits.normalise(list(drawing.nodes)[:3])


def test_any_sequence_of_edits_is_undone_and_redone(pen: Pen) -> None:
    for seed, name in enumerate(("mdp/three-state", "mdp/seoul-busan", "mdp/double-loop")):
        _edit_at_random(pen, name, seed)
        pen.studio.document.stack.setClean()


def _edit_at_random(pen: Pen, name: str, seed: int) -> None:
    opened(pen, name)
    rng, stack = random.Random(seed), pen.studio.document.stack
    before, worlds = pen.studio.document.world, []
    for _ in range(40):
        _anything(pen, rng)
        assert list(pen.canvas.drawing.states) == list(pen.world.states)
        assert len(pen.canvas.drawing.arrows) == len(pen.world.transitions)
        worlds.append(pen.world)
    after = pen.world
    pen.undo_all()
    assert pen.studio.document.world == before
    while stack.canRedo():
        stack.redo()
    assert pen.world == after and stack.count() > 25


def test_every_finite_world_of_the_library_opens_as_a_graph(pen: Pen) -> None:
    for name in names():
        if not name.startswith("gym:"):
            opened(pen, name)
            assert tuple(pen.canvas.drawing.states) == tuple(pen.studio.window.stage.designer.mdp.state_names), name
            assert not pen.canvas.grab().isNull()


def test_moving_states_leaves_the_run_and_what_it_learnt(pen: Pen, hands: Hands) -> None:
    opened(pen, "mdp/three-state")
    hands.learner("value-iteration")
    hands.press("train")
    hands.until(Status.finished)
    values = pen.canvas.shade.values.tolist()
    pen.drag(pen.state("s1"), pen.state("s1") + QPoint(0, 60))
    assert pen.world.places and pen.studio.runs.conductor.status is Status.finished
    assert pen.canvas.shade.values.tolist() == values
    pen.click(pen.label("s1", "a2"))
    pen.type("1, -60")
    assert pen.studio.runs.conductor.status is Status.idle and pen.canvas.shade is None
