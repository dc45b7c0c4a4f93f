"""The tools and shapes at the left of the grid: a button each, in groups, with the key that picks it in the tooltip."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QMenu, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.icons import icon
from app.stage.ground import Look, draw_look
from app.stage.signs import ground_of
from app.stage.tools import SHAPES, TOOLS, Shape, Tool
from app.text import tr
from app.theme import theme
from core.worlds.grid import GridWorld

ACROSS, WIDE = 3, 5
"""Buttons beside each other; and where there is no room below for all of them, but beside."""
ICON, RULE = 22, 11
"""Pixels of a picture on a button, and of what lies between two groups."""
SAMPLE = GridWorld(map=("S.G",))


class ToolColumn(QScrollArea):
    """Buttons for tools and shapes.

    Args:
        owner: the widget in which their keys work.
        picked: told of the tool that is picked.
        shaped: told of the shape that is picked.
    """

    def __init__(self, owner: QWidget, picked: Callable[[Tool], None], shaped: Callable[[Shape], None]) -> None:
        super().__init__()
        self.tools: dict[str, QAction] = {}
        self.shapes: dict[str, QAction] = {}
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(3)
        groups: list[list[QAction]] = []
        together = QActionGroup(self)
        for tool in TOOLS:
            action = self._action(owner, together, tool.title, tool.tip, tool.key)
            action.triggered.connect(lambda _checked=False, tool=tool: picked(tool))
            self.tools[tool.title] = action
            while len(groups) <= tool.group:
                groups.append([])
            groups[tool.group].append(action)
        beside = QActionGroup(self)
        for shape in SHAPES:
            action = self._action(owner, beside, shape.title, shape.tip, shape.key)
            action.triggered.connect(lambda _checked=False, shape=shape: shaped(shape))
            self.shapes[shape.title] = action
        self.across = ACROSS
        self.groups = [(QGridLayout(), [_button(action) for action in actions]) for actions in (*groups, list(self.shapes.values()))]
        for grid, buttons in self.groups:
            grid.setSpacing(2)
            grid.setColumnStretch(WIDE, 1)
            _arrange(grid, buttons, self.across)
            if column.count():
                column.addWidget(_rule())
            column.addLayout(grid)
        column.addStretch(1)
        self.setWidget(inner)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().rangeChanged.connect(lambda *_: self._widen())
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_used(self, tool: Tool, shape: Shape, shaped: bool) -> None:
        """Press the buttons of what is in use; shapes are grey where the tool has none."""
        self.tools[tool.title].setChecked(True)
        self.shapes[shape.title].setChecked(True)
        for action in self.shapes.values():
            action.setEnabled(shaped)

    def menu(self, owner: QWidget) -> QMenu:
        """The same by name."""
        menu = QMenu(owner)
        menu.setToolTipsVisible(True)
        for _, buttons in self.groups:
            menu.addSeparator()
            menu.addActions([button.defaultAction() for button in buttons])
        return menu

    def _action(self, owner: QWidget, group: QActionGroup, title: str, tip: str, key: str) -> QAction:
        action = QAction(tr(title), self)
        action.setCheckable(True)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setToolTip(f"{tr(title)} ({key})\n{tr(tip)}")
        owner.addAction(action)
        group.addAction(action)
        return action

    def _restyle(self) -> None:
        for tool in TOOLS:
            self.tools[tool.title].setIcon(_tool_icon(tool))
        for shape in SHAPES:
            self.shapes[shape.title].setIcon(icon(shape.icon))
        size = QSize(round(ICON * theme.scale), round(ICON * theme.scale))
        for button in self.findChildren(QToolButton):
            button.setIconSize(size)
        self._widen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        across = next((across for across in (ACROSS, WIDE) if self._high(across) <= self.height()), ACROSS)
        if across != self.across:
            self.across = across
            for grid, buttons in self.groups:
                _arrange(grid, buttons, across)
            self._widen()

    def _high(self, across: int) -> int:
        """Pixels that all buttons take up, with so many beside each other."""
        rows = sum(-(-len(buttons) // across) for _, buttons in self.groups)
        return rows * (self._side + 2) + len(self.groups) * RULE

    @property
    def _side(self) -> int:
        """Of a button, in pixels."""
        return self.groups[0][1][0].sizeHint().width()

    def _widen(self) -> None:
        """Make room for the scroll bar where not all buttons fit."""
        bar = self.verticalScrollBar()
        width = self.across * (self._side + 2) + 14
        self.setFixedWidth(width + (bar.sizeHint().width() if bar.maximum() else 0))


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setAutoRaise(True)
    button.setProperty("square", True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _arrange(grid: QGridLayout, buttons: list[QToolButton], across: int) -> None:
    for place, button in enumerate(buttons):
        grid.addWidget(button, place // across, place % across)


def _rule() -> QFrame:
    rule = QFrame()
    rule.setFrameShape(QFrame.Shape.HLine)
    rule.setProperty("rule", True)
    return rule


def _tool_icon(tool: Tool) -> QIcon:
    if tool.cell is None:
        return icon(tool.icon)
    pixmap = QPixmap(44, 44)
    pixmap.fill(theme.colour("cell"))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(2, 2)
    box = QRectF(0, 0, 22, 22)
    colour = ground_of(tool.cell, SAMPLE)
    if colour is not None:
        painter.fillRect(box, colour)
    draw_look(painter, Look(tool.cell), SAMPLE, box)
    painter.setPen(theme.colour("border"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(0.5, 0.5, 21, 21))
    painter.end()
    return QIcon(pixmap)
