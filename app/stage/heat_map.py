"""Action values as a picture: a column for each state, a row for each action, the best one dotted; numbers at the mouse.

States that do not fit side by side go on below, in strips. Where there is no room for all of them even so, cells are left out evenly.
"""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QHelpEvent, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.numbers import short
from app.stage.legend import WIDTH, paint_legend
from app.stage.values_model import ActionValueModel
from app.text import tr
from app.theme import theme

LARGEST = 36
"""Pixels of a cell at most, at text size 1."""
GAP = 10.0
"""Pixels between strips."""
DOTTED = 7
"""Pixels from which on a cell has lines around it, and the best a dot."""


@dataclass(frozen=True)
class Strips:
    """How cells are laid out.

    Attributes:
        across: states in a strip.
        strips: how many.
        cell: width of a cell, and its height where there is room.
        height: of a cell.
        every: only every so many states are drawn.
    """

    across: int
    strips: int
    cell: float
    height: float
    every: int


def strips_of(states: int, actions: int, width: float, height: float, largest: float, gap: float) -> Strips:
    """The largest cells with which all states fit; below a pixel, states are left out."""
    best = None
    for strips in range(1, max(int(height / (actions + gap)), 1) + 1):
        across = -(-states // strips)
        cell = min(width / across, largest, (height - (strips - 1) * gap) / strips / actions)
        if best is None or cell > best.cell:
            best = Strips(across, strips, cell, cell, 1)
    assert best is not None
    if best.cell >= 1.0:
        return best
    tall = max(min(height / actions, largest), 1.0)
    strips = max(int((height + gap) / (actions * tall + gap)), 1)
    every = -(-states // (strips * max(int(width), 1)))
    return Strips(-(-states // (every * strips)), strips, 1.0, tall, every)


class HeatMap(QWidget):
    """Paints the action values of a model of values; a click selects a state."""

    picked = Signal(int)
    """The state that was clicked."""

    def __init__(self, model: ActionValueModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.selected = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Action values as a picture"))
        self.setAccessibleDescription(tr("The table beside it has the same numbers."))
        model.dataChanged.connect(self._changed)
        model.modelReset.connect(self._changed)
        theme.changed.connect(self._changed)

    @property
    def room(self) -> QRectF:
        """Where cells are: right of the actions' names, left of the legend."""
        mdp = self.model.mdp
        names = [self.fontMetrics().horizontalAdvance(tr(name)) for name in (mdp.action_names[:40] if mdp else ())]
        left = min(max(names, default=0) + 18, self.width() // 3)
        top = self.fontMetrics().height() + 8
        return QRectF(left, top, max(self.width() - left - (WIDTH + 14) * theme.scale, 20.0), max(self.height() - top - 8, 10.0))

    @property
    def layout_(self) -> Strips:
        """How cells are laid out now."""
        mdp, room = self.model.mdp, self.room
        assert mdp is not None
        return strips_of(mdp.states, mdp.actions, room.width(), room.height(), LARGEST * theme.scale, GAP)

    def cell(self, state: int, action: int) -> QRectF:
        """Where a pair is."""
        strips, room, mdp = self.layout_, self.room, self.model.mdp
        assert mdp is not None
        strip, place = divmod(state // strips.every, strips.across)
        top = room.top() + strip * (mdp.actions * strips.height + GAP)
        return QRectF(room.left() + place * strips.cell, top + action * strips.height, strips.cell, strips.height)

    def pair_at(self, place: QPointF) -> tuple[int, int] | None:
        """State and action there; None beside the cells."""
        mdp, room = self.model.mdp, self.room
        if mdp is None or not mdp.states:
            return None
        strips = self.layout_
        across = int((place.x() - room.left()) // strips.cell)
        strip, below = divmod(place.y() - room.top(), mdp.actions * strips.height + GAP)
        state, action = (int(strip) * strips.across + across) * strips.every, int(below // strips.height)
        inside = 0 <= across < strips.across and 0 <= strip < strips.strips and 0 <= action < mdp.actions and state < mdp.states
        return (state, action) if inside else None

    def told(self, state: int, action: int) -> str:
        """A pair and its number, in words."""
        mdp, known = self.model.mdp, self.model.snapshot
        assert mdp is not None
        pair = f"{tr(str(mdp.state_names[state]))}, {tr(mdp.action_names[action])}"
        if not mdp.available[state, action]:
            return f"{pair}: {tr('This action is not available here.')}"
        if known is None or known.q is None:
            return pair
        best = f" ({tr('best')})" if self.model.best[state, action] else ""
        return f"{pair}: {known.symbol} = {short(float(known.q[state, action]))}{best}"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("panel"))
        mdp, known = self.model.mdp, self.model.snapshot
        if mdp is None or not mdp.states:
            return
        strips, room = self.layout_, self.room
        q = np.full((mdp.states, mdp.actions), np.nan) if known is None or known.q is None else known.q
        places = np.clip((0.5 + 0.5 * np.nan_to_num(q) / self.model.extent) * 255, 0, 255).astype(int)
        colours = theme.value_table()[places]
        raised = theme.colour("raised")
        colours[np.isnan(q)] = raised.getRgb() if known is not None and known.q is not None else theme.colour("cell").getRgb()
        colours[~mdp.available] = theme.colour("panel").getRgb()
        for strip in range(strips.strips):
            first = strip * strips.across * strips.every
            part = np.ascontiguousarray(colours[first : first + strips.across * strips.every : strips.every].transpose(1, 0, 2))
            if part.shape[1]:
                image = QImage(part.data, part.shape[1], part.shape[0], 4 * part.shape[1], QImage.Format.Format_RGBA8888)
                top = room.top() + strip * (mdp.actions * strips.height + GAP)
                painter.drawImage(QRectF(room.left(), top, part.shape[1] * strips.cell, part.shape[0] * strips.height), image)
        if strips.cell >= DOTTED:
            self._paint_lines(painter)
            if known is not None and known.q is not None:
                self._paint_best(painter)
        self._paint_names(painter, room)
        if self.selected >= 0:
            painter.setPen(theme.colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.cell(self.selected, 0).united(self.cell(self.selected, mdp.actions - 1)))
        down = max(28 * theme.scale - 0.14 * self.height(), 0.0)  # room for the title above the bar
        painter.translate(0, down)
        paint_legend(painter, self.width(), self.height() - 1.3 * down, self.model.extent, f"{known.symbol if known else 'Q'}(s, a)")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pair = self.pair_at(event.position())
        if pair is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPosition().toPoint(), self.told(*pair), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        pair = self.pair_at(event.position())
        if pair is not None and event.button() is Qt.MouseButton.LeftButton:
            self.select(pair[0])
            self.picked.emit(pair[0])

    def select(self, state: int) -> None:
        """Frame a state; -1 for none."""
        self.selected = state
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            return True  # numbers are shown as the mouse moves
        return super().event(event)

    def _paint_lines(self, painter: QPainter) -> None:
        """Between the cells."""
        mdp, strips, room = self.model.mdp, self.layout_, self.room
        assert mdp is not None
        painter.setPen(theme.colour("panel"))
        tall, wide = mdp.actions * strips.height, strips.across * strips.cell
        for strip in range(strips.strips):
            top = room.top() + strip * (tall + GAP)
            for place in range(strips.across + 1):
                painter.drawLine(QPointF(room.left() + place * strips.cell, top), QPointF(room.left() + place * strips.cell, top + tall))
            for action in range(mdp.actions + 1):
                painter.drawLine(
                    QPointF(room.left(), top + action * strips.height), QPointF(room.left() + wide, top + action * strips.height)
                )

    def _paint_best(self, painter: QPainter) -> None:
        """A dot in the cell of each best action that there is a choice of."""
        mdp = self.model.mdp
        assert mdp is not None
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour("panel"))
        painter.setBrush(theme.colour("text"))
        choice = self.model.best & mdp.available & (mdp.available.sum(axis=1) > 1)[:, None]
        strips = self.layout_
        radius = min(strips.cell, strips.height) / 7
        for state, action in np.argwhere(choice).tolist():
            if state % strips.every == 0:
                painter.drawEllipse(self.cell(state, action).center(), radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_names(self, painter: QPainter, room: QRectF) -> None:
        """Of actions beside the first strip, of the first and the last state above it."""
        mdp, strips = self.model.mdp, self.layout_
        assert mdp is not None
        font = QFont(self.font())
        font.setPointSizeF(8.6 * theme.scale)
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        step = max(1, round(painter.fontMetrics().height() / strips.height + 0.4))
        for strip in range(strips.strips):
            top = room.top() + strip * (mdp.actions * strips.height + GAP)
            for action in range(0, mdp.actions, step):
                place = QRectF(0, top + action * strips.height, room.left() - 8, strips.height * min(step, mdp.actions - action))
                painter.drawText(place, right, tr(mdp.action_names[action]))
        wide = strips.across * strips.cell
        last = min(strips.across * strips.every, mdp.states) - 1
        above = QRectF(room.left(), 2, max(wide, 120.0), room.top() - 4)
        first_name, last_name = tr(str(mdp.state_names[0])), tr(str(mdp.state_names[last]))
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, first_name)
        metrics = painter.fontMetrics()
        if last and metrics.horizontalAdvance(first_name) + metrics.horizontalAdvance(last_name) + 20 < above.width():
            painter.drawText(above, right, last_name)

    def _changed(self, *_: object) -> None:
        self.update()
