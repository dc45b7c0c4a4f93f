"""The grid on the stage with its tools: draw, select, and choose what is laid over it."""

from collections.abc import Callable, Iterable

from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout

from app.document import OpenWorld
from app.stage.aside import Aside
from app.stage.brushes import shape_of
from app.stage.drawing import Drawing
from app.stage.grid_keys import GridKeys
from app.stage.grid_view import GridView
from app.stage.layers import LayerChoice
from app.stage.option_strip import OptionStrip
from app.stage.overlays import Overlay, overlays
from app.stage.tool_column import ToolColumn
from app.stage.tools import BOX, PORTAL, SELECT, Options, Shape, Tool
from app.stage.view import View
from app.text import tr
from app.theme import theme
from core.learner import Snapshot
from core.worlds.clip import name as cell_name
from core.worlds.clip import place
from core.worlds.grid import KEYS, Cell, GridWorld
from core.worlds.mdp import FiniteMDP
from core.worlds.shapes import Place
from core.worlds.world import World

FOLDED = 420
"""Pixels at a text scale of 1 below which the tools have no room beside the grid."""


class GridEditor(View):
    """Tools, overlays and the grid."""

    name = "grid"
    title = "Grid"
    tip = "The world as a map of cells: paint it, and see what is known of each cell."
    icon = "grid"
    waits = False

    def __init__(self, document: OpenWorld) -> None:
        super().__init__(document)
        self.drawing = Drawing(document)
        self.selecting = self.drawing.selecting
        self.view = GridView()
        self.keys = GridKeys(self.drawing, self.view)
        self.column = ToolColumn(self, self.use, self.use_shape)
        self.tools, self.shapes = self.column.tools, self.column.shapes
        self.layers = LayerChoice()
        self.strip = OptionStrip(self._commands(), self.column.menu(self), self.layers, self._overlay_button())
        self._telling = False
        self.setFocusProxy(self.view)
        for signal, slot in (
            (self.view.hovered, self.said), (self.drawing.said, self.said), (self.view.pressed, self.drawing.press),
            (self.view.moved, self.drawing.move), (self.view.released, self.drawing.release), (self.view.left, self.drawing.leave),
            (self.drawing.previewed, self.view.set_preview), (self.selecting.previewed, self.view.set_preview),
            (self.selecting.changed, self._selected), (self.strip.chosen, self._choose), (document.selected, self._marked),
            (self.layers.chosen, self.view.set_layer),
        ):  # fmt: skip
            signal.connect(slot)
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.column)
        below.addWidget(self.view, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.strip)
        layout.addLayout(below, 1)
        theme.changed.connect(self._fold)
        self._show_used()

    @property
    def tool(self) -> Tool:
        """The tool in use."""
        return self.drawing.tool

    def use(self, tool: Tool) -> None:
        """Draw with another tool from now on."""
        if self.selecting.clip is not None:
            self.selecting.cancel()
        self.drawing.tool = tool
        self._show_used()

    def use_shape(self, shape: Shape) -> None:
        """Draw in another shape from now on."""
        self.drawing.shape = shape
        self._show_used()

    def suits(self, world: World, mdp: FiniteMDP | None) -> bool:
        return isinstance(world, GridWorld)

    def set_world(self, world: World, mdp: FiniteMDP | None) -> None:
        if not isinstance(world, GridWorld):
            return
        self.view.set_world(world)
        self.selecting.follow(world)
        if mdp is not None:
            keyed = any(key in row for row in world.map for key in KEYS)
            self.layers.offer(world.compiled if keyed else None)

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        self.view.set_snapshot(snapshot)

    def set_aside(self, aside: Aside) -> None:
        self.view.set_aside(aside)

    def show_state(self, state: int) -> None:
        row, column = self.view.world.compiled.cell_of_state[state].tolist()
        self.view.reveal((row, column))

    def fit(self) -> None:
        self.view.fit()

    def adopt(self, other: View) -> None:
        assert isinstance(other, GridEditor)
        self.drawing.options, self.drawing.shape = other.drawing.options, other.drawing.shape
        self.selecting.copied, self.selecting.written = other.selecting.copied, other.selecting.written
        self.strip.put(self.drawing.options)
        self.use(other.tool)
        self.selecting.select(other.selecting.region)
        for action, others in zip(self.overlay_actions.values(), other.overlay_actions.values(), strict=True):
            action.setChecked(others.isChecked())
        self.view.legend.ranges = dict(other.view.legend.ranges)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Leave the room to the grid where there is little: the tools are in a menu then."""
        folded = self.width() < FOLDED * theme.scale
        if folded != self.strip.folded:
            self.column.setVisible(not folded)
            self.strip.fold(folded)

    def _show_used(self) -> None:
        tool = self.drawing.tool
        self.column.show_used(tool, self.drawing.shape, tool not in (SELECT, PORTAL) and shape_of(tool, BOX) is BOX)
        self.strip.show_for(tool)
        self.view.set_preview(None)

    def _choose(self, options: Options) -> None:
        self.drawing.options = options

    def _selected(self) -> None:
        self.view.set_region(self.selecting.region)
        self.region_changed.emit(self.selecting.region)
        if not self._telling:
            self._telling = True
            self.document.select(self._states([] if self.selecting.region is None else self.selecting.region.cells()))
            self._telling = False

    def _states(self, cells: Iterable[Place]) -> list[str]:
        """The states of cells, with whatever keys in hand where that is known already."""
        world = self.view.world
        names = [cell_name(cell) for cell in cells if world.map[cell[0]][cell[1]] != Cell.wall]
        known = vars(world).get("compiled")
        if known is None or len(known.held) == 1:
            return names
        there = set(names)
        return [state for state in known.mdp.state_names if state.partition("+")[0] in there]

    def _marked(self) -> None:
        """Mark the cells of states that another view has selected."""
        if self._telling:
            return
        cells = set()
        if isinstance(self.document.world, GridWorld):
            for state in self.document.selection:
                row, column = place(state)
                if row < self.view.world.rows and column < self.view.world.columns:
                    cells.add((row, column))
        self._telling = True
        self.selecting.select(None)
        self._telling = False
        self.view.mark(frozenset(cells))

    def _commands(self) -> list[tuple[str, str, str, Callable[[], None]]]:
        selecting = self.selecting
        return [
            (
                tr("Copy"),
                tr("Put the selected cells and all that is said of them on the clipboard, as text for other programs (Ctrl+C)."),
                "copy",
                selecting.copy,
            ),
            (tr("Cut"), tr("Copy the cells and clear them (Ctrl+X)."), "cut", selecting.cut),
            (
                tr("Paste"),
                tr("Take the copy, or rows of signs from the clipboard, in the hand; a click puts them down (Ctrl+V)."),
                "paste",
                selecting.paste,
            ),
            (tr("Clear"), tr("Floor, without rewards, slips, winds and fences (Delete)."), "delete", selecting.delete),
            (tr("Mirror"), tr("Exchange left and right; winds and fences turn along."), "mirror", selecting.mirror),
            (tr("Flip"), tr("Exchange up and down; winds and fences turn along."), "flip", selecting.flip),
            (tr("Rotate"), tr("A quarter clockwise; winds and fences turn along."), "rotate", selecting.rotate),
        ]

    def _show_overlay(self, overlay: Overlay, shown: bool) -> None:
        """Switch one on or off, and off what cannot be on with it."""
        self.view.show_overlay(overlay.name, shown)
        for other in overlays():
            if shown and overlay.bars(other):
                self.overlay_actions[other.name].setChecked(False)

    def _overlay_button(self) -> QToolButton:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self.overlay_actions: dict[str, QAction] = {}
        for group in ("cell", "arrow", ""):
            for overlay in overlays():
                if overlay.place == group:
                    action = menu.addAction(tr(overlay.title))
                    action.setCheckable(True)
                    action.setChecked(overlay.shown)
                    action.setToolTip(tr(overlay.tip))
                    action.toggled.connect(lambda shown, overlay=overlay: self._show_overlay(overlay, shown))
                    self.overlay_actions[overlay.name] = action
            menu.addSeparator()
        menu.addMenu(self.view.legend.menu)
        self.overlay_menu = menu
        button = QToolButton()
        button.setText(tr("Show"))
        button.setToolTip(tr("What is laid over the grid: values, updates, errors, arrows, the agent and its way."))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)
        return button
