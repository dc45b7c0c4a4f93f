"""The graph as a view of the stage: its bar, the drawing, and the offer to make a table of what is none."""

from functools import partial
from typing import cast

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolBar, QToolButton, QVBoxLayout, QWidget

from app.document import OpenWorld
from app.icons import icon
from app.popup import pop_up
from app.stage.arm_table import is_bandit
from app.stage.aside import Aside
from app.stage.graph.arrangements import ARRANGEMENTS
from app.stage.graph.canvas import GraphCanvas, Places
from app.stage.graph.crowd import around
from app.stage.graph.drawing import Part
from app.stage.graph.editing import Editing
from app.stage.graph.keys import Keys
from app.stage.graph.menu import menu_of
from app.stage.graph.mouse import Mouse
from app.stage.graph.outcome_text import full
from app.stage.view import View
from app.text import tr
from app.theme import theme
from core.errors import WorldError
from core.learner import Snapshot
from core.worlds import as_table, table_edits
from core.worlds.grid import GridWorld
from core.worlds.mdp import FiniteMDP
from core.worlds.table import TableWorld
from core.worlds.world import World

MOST_STATES, MOST_OUTCOMES = 2000, 20_000
GOOD_STATES, GOOD_OUTCOMES = 60, 300


class GraphView(View):
    """States as circles, actions as nodes, outcomes as arrows; drawn on to edit."""

    name = "graph"
    title = "Graph"
    tip = "States as circles and actions as arrows, as a lecture draws them: draw on it to edit."
    icon = "graph"

    def __init__(self, document: OpenWorld) -> None:
        super().__init__(document)
        self.original: World | None = None
        self.arranged: Places = {}
        self.editing = Editing(document)
        self.canvas = GraphCanvas(document)
        self.mouse, self.keys = Mouse(self.canvas, self.editing), Keys(self.canvas, self.editing)
        self.canvas.said.connect(self.said)
        self.editing.said.connect(self.said)
        self.editing.needs_table.connect(self._offer)
        self.mouse.asked.connect(self.ask)
        self.keys.asked.connect(self.ask)
        self.keys.arrows_toggled.connect(lambda: self.arrow_tool.toggle())
        self.canvas.menu_asked.connect(self._menu)
        self._make_bar()
        self._make_message()
        self.setFocusProxy(self.canvas)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self.message)
        layout.addWidget(self.canvas, 1)
        theme.changed.connect(self._restyle)
        self._restyle()

    def suits(self, world: World, mdp: FiniteMDP | None) -> bool:
        if mdp is not None:
            return mdp.states <= MOST_STATES and len(mdp.next_state) <= MOST_OUTCOMES
        if isinstance(world, TableWorld):
            return len(world.states) <= MOST_STATES and len(world.transitions) <= MOST_OUTCOMES
        return isinstance(world, GridWorld) and bool(world.transitions) and shown_table(world, None) is not None

    def prefers(self, world: World, mdp: FiniteMDP | None) -> bool:
        """Small worlds; and whatever is being edited here, which does not go away under the hand."""
        if not self.isHidden() and self.document.stack.canUndo():
            return True
        if mdp is None:
            return isinstance(world, TableWorld) and len(world.states) <= GOOD_STATES and len(world.transitions) <= GOOD_OUTCOMES
        return mdp.states <= GOOD_STATES and len(mdp.next_state) <= GOOD_OUTCOMES and not is_bandit(mdp)

    def set_world(self, world: World, mdp: FiniteMDP | None) -> None:
        table = shown_table(world, mdp)
        if table is None:
            return
        anew = self.document.original is not self.original
        self.original = self.document.original
        if anew:
            self.arranged = {}
        places = self._places(world, table, anew)
        self.editing.shown, self.editing.places = table, places
        self.message.hide()
        self.canvas.set_world(table, places, anew)

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        self.canvas.set_snapshot(snapshot)

    def set_aside(self, aside: Aside) -> None:
        self.canvas.set_aside(aside)

    def show_state(self, state: int) -> None:
        self.canvas.reveal(list(self.canvas.drawing.states)[state] if self.canvas.drawing is not None else "")

    def fit(self) -> None:
        self.canvas.fit()

    def adopt(self, other: View) -> None:
        assert isinstance(other, GraphView)
        self.arrow_tool.setChecked(other.arrow_tool.isChecked())
        self.snap.setChecked(other.snap.isChecked())
        self.arranged = other.arranged
        self.canvas.shading.adopt(other.canvas.shading)

    def ask(self, part: Part) -> None:
        """Edit the text of a part in place: the name of a state or action, or an outcome."""
        canvas, drawing = self.canvas, self.canvas.drawing
        if drawing is None or self.editing.shown is None:
            return
        if isinstance(part, str):
            at = drawing.states[part].at
            box = canvas.screen_box(around(at, 1.6 * drawing.sizes.radius, drawing.sizes.text))
            canvas.field.ask(
                part, box, tr("Name of the state"), tr("Enter keeps it, Escape does not."), partial(self.editing.rename_state, part)
            )
        elif len(part) == 2:
            node = drawing.nodes[part]
            box = canvas.screen_box(node.box or around(node.at, 60, 20))
            canvas.field.ask(
                part[1], box, tr("Name of the action"), tr("Enter keeps it, Escape does not."), partial(self.editing.rename_action, part)
            )
        elif part in drawing.arrows:
            tip = tr("Probability, reward: 0.7, +10") + "\n" + tr("What you leave out stays as it is.")
            box = canvas.screen_box(drawing.label_box(part))
            canvas.field.ask(full(drawing.arrows[part].row), box, tr("Probability and reward"), tip, partial(self.editing.write, part))

    def lay_out(self, name: str) -> None:
        """Put every state where a layout has it; of a world that is no table, on the screen only."""
        from core.worlds import layouts

        if self.editing.shown is None:
            return
        places = layouts.LAYOUTS[name](self.editing.shown)
        if isinstance(self.document.world, TableWorld):
            self.editing.move(places)
        else:
            self.arranged = places
            self.editing.places = places
            self.canvas.places = places
            self.canvas.redraw()
        self.canvas.fit()

    def _places(self, world: World, table: TableWorld, anew: bool) -> Places:
        """Where states are shown: their own places; those on show until now where they have none."""
        from core.worlds import layouts

        if self.arranged.keys() == set(table.states) and not isinstance(world, TableWorld):
            return self.arranged
        missing = [state for state in table.states if state not in table.places]
        if not missing:
            return {state: table.places[state] for state in table.states}
        known = {} if anew else {state: self.editing.places[state] for state in missing if state in self.editing.places}
        return layouts.complete(table_edits.placed(table, known) if known else table)

    def _menu(self, at: QPointF, on_screen: QPoint) -> None:
        canvas, drawing = self.canvas, self.canvas.drawing
        if drawing is None:
            return
        part = canvas.part_at(at)
        selection = [state for state in drawing.states if state in self.document.selection]

        def add() -> None:
            name = self.editing.add_state(canvas.place_of(canvas.to_scene(at)))
            if name is not None:
                canvas.go_to(name)

        self.menu = menu_of(
            self, part, selection, drawing, self.editing, lambda asked: self.ask(cast(Part, asked)), self._ask_start, self.keys.delete, add
        )
        pop_up(self.menu, on_screen)

    def _ask_start(self, state: str) -> None:
        canvas, drawing, shown = self.canvas, self.canvas.drawing, self.editing.shown
        if drawing is None or shown is None:
            return
        at = drawing.states[state].at + (drawing.states[state].start or -1) * 2.4 * drawing.sizes.radius

        def accept(text: str) -> None:
            try:
                probability = float(text)
            except ValueError:
                probability = -1.0
            if not 0 <= probability <= 1:
                raise WorldError(tr("'{word}' is no probability", word=text), remedy=tr("Write a number from 0 to 1"))
            self.editing.start_in(state, probability)

        box = QRect(canvas.to_screen(at).toPoint(), QSize(1, 1))
        canvas.field.ask(f"{shown.start.get(state, 0.0):g}", box, tr("Start probability"), tr("Enter keeps it, Escape does not."), accept)

    def _offer(self) -> None:
        self.canvas.redraw()
        self.message.show()

    def _make_table(self) -> None:
        if self.editing.shown is not None:
            shown = self.editing.shown
            self.editing.make_table(table_edits.placed(shown, self.editing.places))

    def _make_bar(self) -> None:
        self.bar = QToolBar()
        self.bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.arrow_tool = self.bar.addAction(tr("Draw arrows"))
        self.arrow_tool.setCheckable(True)
        drags = tr("Drag from a state to another for an action, from an action for another outcome.")
        by_keys = tr("By keys, Enter begins an arrow and ends it at the state that you go to.")
        self.arrow_tool.setToolTip("\n".join((tr("Draw arrows (A)"), drags, by_keys)))
        self.arrow_tool.toggled.connect(self._use_arrows)
        self.snap = self.bar.addAction(tr("Snap"))
        self.snap.setCheckable(True)
        self.snap.setToolTip(tr("States that are moved keep to a lattice."))
        self.snap.toggled.connect(lambda on: setattr(self.mouse, "snaps", on))
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.bar.addWidget(gap)
        self.layouts = {}
        for arrangement in ARRANGEMENTS:
            action = self.bar.addAction(tr(arrangement.title))
            action.setToolTip(tr(arrangement.tip))
            action.triggered.connect(lambda _checked=False, name=arrangement.name: self.lay_out(name))
            self.layouts[arrangement.name] = action
        self.bar.addWidget(self.canvas.shading.button())

    def _make_message(self) -> None:
        self.message = QFrame()
        self.message.setObjectName("offer")
        self.offer_text = QLabel(
            tr("This world is no table: what you drew needs one. As a table it keeps its states and transitions; undo brings it back.")
        )
        self.offer_text.setWordWrap(True)
        self.offer_button = QPushButton(tr("Make it a table"))
        self.offer_button.clicked.connect(self._make_table)
        close = QToolButton()
        close.setText("×")
        close.setAutoRaise(True)
        close.setAccessibleName(tr("Close"))
        close.clicked.connect(self.message.hide)
        row = QHBoxLayout(self.message)
        row.setContentsMargins(10, 6, 6, 6)
        row.addWidget(self.offer_text, 1)
        row.addWidget(self.offer_button)
        row.addWidget(close)
        self.message.hide()

    def _use_arrows(self, on: bool) -> None:
        self.mouse.arrows = self.keys.arrows = on

    def _restyle(self) -> None:
        self.bar.setIconSize(QSize(20, 20) * theme.scale)
        for arrangement in ARRANGEMENTS:
            self.layouts[arrangement.name].setIcon(icon(arrangement.icon))
        self.arrow_tool.setIcon(icon("arrow"))
        self.snap.setIcon(icon("lattice"))
        c = theme.colours
        self.message.setStyleSheet(f"QFrame#offer {{ background: {c.raised}; border-left: 4px solid {c.warning}; }}")


def shown_table(world: World, mdp: FiniteMDP | None) -> TableWorld | None:
    """A world as a table; a grid whose own transitions do not add up with these all the same; None where there is nothing to show."""
    if isinstance(world, TableWorld):
        return world
    if mdp is not None:
        return as_table.as_table(world, mdp)
    if not isinstance(world, GridWorld):
        return None
    bare = world.model_copy(update={"transitions": ()})
    try:
        table = as_table.as_table(bare, bare.compile())
        for pair in dict.fromkeys((row.state, row.action) for row in world.transitions):
            table = table_edits.with_outcomes(table, *pair, (row for row in world.transitions if (row.state, row.action) == pair))
        return TableWorld.model_validate(table.model_dump())
    except (WorldError, ValueError):
        return None
