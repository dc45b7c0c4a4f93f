"""The grid on the stage with its tools above: paint, and choose what is laid over it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QActionGroup, QGuiApplication, QIcon, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QVBoxLayout, QWidget

from app.document import OpenWorld
from app.icons import icon
from app.sentences import told
from app.stage.grid_view import GridView
from app.stage.ground import cell_sign
from app.stage.overlays import overlays
from app.stage.tools import TOOLS, Tool
from app.stage.view import View
from app.text import tr
from app.theme import theme
from core.errors import WorldError
from core.learner import Snapshot
from core.worlds.grid import Cell, GridWorld
from core.worlds.mdp import FiniteMDP
from core.worlds.world import World


class GridEditor(View):
    """Tools, overlays and the grid."""

    name = "grid"
    title = "Grid"
    tip = "The world as a map of cells: paint it, and see what is known of each cell."
    icon = "grid"

    def __init__(self, document: OpenWorld) -> None:
        super().__init__(document)
        self.view = GridView()
        self.view.hovered.connect(self.said)
        self.view.touched.connect(self._touch)
        self.view.released.connect(self._end_stroke)
        self.stroke = 0
        self.tool = TOOLS[0]
        self.bar = QToolBar()
        self.bar.setIconSize(QSize(20, 20))
        self.bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        group = QActionGroup(self)
        self.tools = {}
        for tool in TOOLS:
            action = self.bar.addAction(tr(tool.title))
            action.setCheckable(True)
            action.setShortcut(QKeySequence(tool.key))
            action.setToolTip(f"{tr(tool.title)} ({tool.key})\n{tr(tool.tip)}")
            action.triggered.connect(lambda _checked=False, tool=tool: self.use(tool))
            group.addAction(action)
            self.tools[tool.title] = action
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.bar.addWidget(gap)
        self.bar.addWidget(self._overlay_button())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self.view, 1)
        self.use(self.tool)
        theme.changed.connect(self._restyle)
        self._restyle()

    def use(self, tool: Tool) -> None:
        """Paint with another tool from now on."""
        self.tool = tool
        self.tools[tool.title].setChecked(True)
        self.view.preview = tool.cell
        self.view.update()

    def suits(self, world: World, mdp: FiniteMDP | None) -> bool:
        return isinstance(world, GridWorld)

    def set_world(self, world: World, mdp: FiniteMDP | None) -> None:
        if isinstance(world, GridWorld):
            self.view.set_world(world)

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        self.view.set_snapshot(snapshot)

    def fit(self) -> None:
        self.view.fit()

    def adopt(self, other: View) -> None:
        assert isinstance(other, GridEditor)
        self.use(other.tool)
        for action, others in zip(self.overlay_menu.actions(), other.overlay_menu.actions(), strict=True):
            action.setChecked(others.isChecked())

    def _touch(self, row: int, column: int, button: Qt.MouseButton) -> None:
        cell = Cell.floor if button is Qt.MouseButton.RightButton else self.tool.cell
        world = self.document.world
        if cell is None or not isinstance(world, GridWorld):
            return
        try:
            self.document.apply(_painted(world, row, column, cell), tr("Paint {cell}", cell=tr(cell.family)), self.stroke)
        except WorldError as error:
            self.said.emit(told(error.sentence))

    def _end_stroke(self) -> None:
        self.stroke += 1

    def _overlay_button(self) -> QToolButton:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for overlay in overlays():
            action = menu.addAction(tr(overlay.title))
            action.setCheckable(True)
            action.setChecked(overlay.shown)
            action.setToolTip(tr(overlay.tip))
            action.toggled.connect(lambda shown, name=overlay.name: self.view.show_overlay(name, shown))
        self.overlay_menu = menu
        button = QToolButton()
        button.setText(tr("Show"))
        button.setToolTip(tr("What is laid over the grid: values, arrows, action values, the agent."))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)
        return button

    def _restyle(self) -> None:
        for tool in TOOLS:
            self.tools[tool.title].setIcon(_tool_icon(tool))


def _painted(world: GridWorld, row: int, column: int, cell: Cell) -> GridWorld:
    """A new start moves the old one, unless Ctrl is held."""
    if cell is Cell.start and not QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier:
        starts = [
            (r, c) for r, line in enumerate(world.map) for c, sign in enumerate(line) if sign == Cell.start and (r, c) != (row, column)
        ]
        world = world.painted(starts, Cell.floor)
    return world.painted([(row, column)], cell)


def _tool_icon(tool: Tool) -> QIcon:
    if tool.cell is None:
        return icon("palette")
    pixmap = QPixmap(40, 40)
    pixmap.fill(theme.colour("cell"))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.colour("border"))
    painter.drawRect(0, 0, 39, 39)
    painter.scale(2, 2)
    cell_sign(painter, tool.cell, GridWorld(map=("S.G",)), QRectF(1, 1, 18, 18))
    painter.end()
    return QIcon(pixmap)
