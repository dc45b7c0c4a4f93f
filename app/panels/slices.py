"""Slices: the largest value and the best action over two numbers of an observation, the others held."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QToolTip, QVBoxLayout, QWidget

from app.numbers import short
from app.text import tr
from app.theme import theme
from app.viewing.frames import SliceMap, ViewerFrame
from app.viewing.orders import NoSlice, Slice
from core.worlds.gym import GymWorld


class SlicesPage(QWidget):
    """Chooses what to map and shows the newest map. `ordered` carries the choice while the page is visible."""

    ordered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.world: GymWorld | None = None
        self.numbers = 0
        self.across, self.up, self.others = QComboBox(), QComboBox(), QComboBox()
        self.others.addItem(tr("as observed now"), False)
        self.others.addItem(tr("at zero"), True)
        self.maps = SliceMaps()
        form = QFormLayout()
        form.setContentsMargins(10, 10, 4, 10)
        for text, box in ((tr("Across"), self.across), (tr("Up"), self.up), (tr("The others"), self.others)):
            box.setAccessibleName(text)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(6)
            form.addRow(text, box)
            box.currentIndexChanged.connect(lambda _: self._order())
        note = QLabel(tr("What the agent expects, and what it would do, wherever two of the numbers that it sees are changed."))
        note.setWordWrap(True)
        note.setProperty("muted", True)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addWidget(note)
        column.addStretch(1)
        self.side = side
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(side)
        row.addWidget(self.maps, 1)
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_world(self, world: GymWorld | None) -> None:
        """Offer the numbers of another environment's observation."""
        self.world, self.numbers = world, 0
        self._fill(() if world is None else tuple(tr(quantity.name) for quantity in world.observation))
        self.maps.show_map(None, None, None)

    def show_frame(self, frame: ViewerFrame) -> None:
        """Show the newest map."""
        if self.world is None:
            return
        if len(frame.observation) != self.numbers:
            names = [tr(quantity.name) for quantity in self.world.observation]
            self._fill(tuple(names[place] if place < len(names) else f"x{place}" for place in range(len(frame.observation))))
        self.maps.show_map(frame.slice, frame.observation, self.world)

    def clear(self) -> None:
        """Forget the run."""
        self.maps.show_map(None, None, self.world)

    def adopt(self, other: "SlicesPage") -> None:
        """Take over what is chosen in another one."""
        for mine, theirs in ((self.across, other.across), (self.up, other.up), (self.others, other.others)):
            if theirs.currentIndex() < mine.count():
                mine.setCurrentIndex(theirs.currentIndex())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._order()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.ordered.emit(NoSlice())

    def _fill(self, names: tuple[str, ...]) -> None:
        self.numbers = len(names)
        for place, box in enumerate((self.across, self.up)):
            before = box.currentText()
            box.blockSignals(True)
            box.clear()
            box.addItems(names)
            box.setCurrentIndex(max(names.index(before), 0) if before in names else min(place, len(names) - 1))
            box.blockSignals(False)
        self._order()

    def _order(self) -> None:
        if self.isVisible() and self.across.currentIndex() >= 0:
            self.ordered.emit(Slice(self.across.currentIndex(), self.up.currentIndex(), self.others.currentData()))

    def _restyle(self) -> None:
        self.side.setFixedWidth(round(235 * theme.scale))


class SliceMaps(QWidget):
    """Two maps side by side, each with its legend."""

    def __init__(self) -> None:
        super().__init__()
        self.map: SliceMap | None = None
        self.present: NDArray[np.float32] | None = None
        self.world: GymWorld | None = None
        self._images: list[QImage] = []
        self._places: list[QRectF] = []
        self.setMouseTracking(True)
        self.setMinimumSize(QSize(240, 150))
        self.setAccessibleName(tr("Slices"))
        theme.changed.connect(self._colour)

    def show_map(self, newest: SliceMap | None, present: NDArray[np.float32] | None, world: GymWorld | None) -> None:
        """Show a map and where the present observation lies on it."""
        changed = newest is not self.map
        self.map, self.present, self.world = newest, present, world
        if changed:
            self._colour()
        if self.isVisible():
            self.update()

    def action_colour(self, action: int) -> QColor:
        """The colour of an action, for as many as there are; then they come again, paler."""
        series = theme.colours.series
        colour = QColor(series[action % len(series)])
        return colour.lighter(100 + 40 * (action // len(series)))

    def _colour(self) -> None:
        self._images = []
        if self.map is not None:
            low, high = float(self.map.values.min()), float(self.map.values.max())
            place = np.clip((self.map.values - low) / ((high - low) or 1.0) * 255, 0, 255).astype(np.uint8)
            used = range(int(self.map.actions.max()) + 1)
            palette = np.array([self.action_colour(action).getRgb() for action in used], np.uint8)
            self._images = [_image(theme.value_table()[place]), _image(palette[self.map.actions])]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("panel"))
        if self.map is None or self.world is None:
            painter.setPen(theme.colour("muted"))
            room = QRectF(self.rect()).adjusted(20, 20, -20, -20)
            hint = tr("The maps appear as soon as an agent plays.")
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, hint)
            return
        narrow = 26 * theme.scale  # what the first legend needs less than the second
        half = (self.width() - narrow) / 2
        self._places = []
        for number, title in enumerate((tr("Largest value, max Q"), tr("Best action"))):
            self._paint_map(painter, QRectF(number * half, 0, half + number * narrow, self.height()), number, title, self.map)

    def _paint_map(self, painter: QPainter, room: QRectF, number: int, title: str, newest: SliceMap) -> None:
        line = painter.fontMetrics().height()
        legend = 70 * theme.scale
        if number:
            named = max(painter.fontMetrics().horizontalAdvance(self._action(action)) for action in np.unique(newest.actions).tolist())
            legend = min(max(96 * theme.scale, named + line + 14), 0.42 * room.width())
        left = 1.3 * line + painter.fontMetrics().horizontalAdvance("−0.000")
        place = QRectF(room.left() + left, 1.6 * line, room.width() - left - legend - 14, room.height() - 4.6 * line)
        self._places.append(place)
        painter.setPen(theme.colour("text"))
        painter.drawText(QRectF(place.left(), 0.2 * line, place.width() + legend, 1.3 * line), Qt.AlignmentFlag.AlignLeft, title)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, number == 0)
        painter.drawImage(place, self._images[number])
        painter.setPen(theme.colour("border"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place)
        self._paint_axes(painter, place, newest, line)
        self._paint_present(painter, place, newest)
        side = QRectF(place.right() + 10, place.top(), legend - 10, place.height())
        if number == 0:
            self._paint_scale(painter, side, newest, line)
        else:
            self._paint_actions(painter, side, newest, line)

    def _paint_axes(self, painter: QPainter, place: QRectF, newest: SliceMap, line: float) -> None:
        painter.setPen(theme.colour("muted"))
        row = QRectF(place.left(), place.bottom() + 2, place.width(), line)
        column = QRectF(place.left() - 200, 0, 195, line)
        for value, across, align in ((newest.low[0], row, Qt.AlignmentFlag.AlignLeft), (newest.high[0], row, Qt.AlignmentFlag.AlignRight)):
            painter.drawText(across, align, short(value, 3))
        for value, y in ((newest.low[1], place.bottom() - line), (newest.high[1], place.top())):
            painter.drawText(column.translated(0, y), Qt.AlignmentFlag.AlignRight, short(value, 3))
        painter.setPen(theme.colour("text"))
        name = self._fitted(painter, newest.x, 1.5 * place.width())
        below = row.adjusted(-0.25 * place.width(), line, 0.25 * place.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, name)
        painter.save()
        painter.translate(place.left() - 1.1 * line - painter.fontMetrics().horizontalAdvance("−0.000"), place.center().y())
        painter.rotate(-90)
        name = self._fitted(painter, newest.y, place.height())
        painter.drawText(QRectF(-place.height() / 2, 0, place.height(), line), Qt.AlignmentFlag.AlignHCenter, name)
        painter.restore()

    def _paint_present(self, painter: QPainter, place: QRectF, newest: SliceMap) -> None:
        if self.present is None or max(newest.x, newest.y) >= len(self.present):
            return
        (left, bottom), (right, top) = newest.low, newest.high
        x, y = float(self.present[newest.x]), float(self.present[newest.y])
        at = QPointF(
            place.left() + min(max((x - left) / (right - left), 0.0), 1.0) * place.width(),
            place.bottom() - min(max((y - bottom) / (top - bottom), 0.0), 1.0) * place.height(),
        )
        painter.setPen(QPen(theme.colour("window"), 2))
        painter.setBrush(theme.colour("text"))
        painter.drawEllipse(at, 5 * theme.scale, 5 * theme.scale)

    def _paint_scale(self, painter: QPainter, side: QRectF, newest: SliceMap, line: float) -> None:
        bar = QRectF(side.left(), side.top(), 12 * theme.scale, side.height())
        painter.drawImage(bar, _image(theme.value_table()[:, None]))
        painter.setPen(theme.colour("border"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
        painter.setPen(theme.colour("muted"))
        low, high = float(newest.values.min()), float(newest.values.max())
        for value, y in ((high, bar.top()), ((low + high) / 2, bar.center().y() - line / 2), (low, bar.bottom() - line)):
            painter.drawText(QRectF(bar.right() + 6, y, side.width(), line), Qt.AlignmentFlag.AlignLeft, short(value, 3))

    def _paint_actions(self, painter: QPainter, side: QRectF, newest: SliceMap, line: float) -> None:
        for row, action in enumerate(np.unique(newest.actions).tolist()):
            top = side.top() + 1.25 * row * line
            painter.setPen(theme.colour("border"))
            painter.setBrush(self.action_colour(action))
            painter.drawRoundedRect(QRectF(side.left(), top + 0.2 * line, 0.7 * line, 0.7 * line), 2, 2)
            painter.setPen(theme.colour("text"))
            room = QRectF(side.left() + line, top, side.width() - line, 1.1 * line)
            text = painter.fontMetrics().elidedText(self._action(action), Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft, text)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = next((place for place in self._places if place.contains(event.position())), None)
        if self.map is None or place is None:
            QToolTip.hideText()
            return
        rows, columns = self.map.values.shape
        across, up = (event.position().x() - place.left()) / place.width(), (place.bottom() - event.position().y()) / place.height()
        row, column = min(int(up * rows), rows - 1), min(int(across * columns), columns - 1)
        (left, bottom), (right, top) = self.map.low, self.map.high
        x, y = left + column / (columns - 1) * (right - left), bottom + row / (rows - 1) * (top - bottom)
        lines = (
            f"{self._name(self.map.x)}: {short(x, 3)}", f"{self._name(self.map.y)}: {short(y, 3)}",
            f"max Q: {short(float(self.map.values[row, column]))}", self._action(int(self.map.actions[row, column])),
        )  # fmt: skip
        QToolTip.showText(event.globalPosition().toPoint(), "\n".join(lines), self)

    def _fitted(self, painter: QPainter, number: int, room: float) -> str:
        """The name of a number of the observation, without its unit where that has no room."""
        metrics, name = painter.fontMetrics(), self._name(number)
        if metrics.horizontalAdvance(name) > room:
            name = name.rpartition(" (")[0] or name
        return metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(room))

    def _name(self, place: int) -> str:
        known = () if self.world is None else self.world.observation
        if place >= len(known):
            return f"x{place}"
        return f"{tr(known[place].name)} ({tr(known[place].unit)})" if known[place].unit else tr(known[place].name)

    def _action(self, action: int) -> str:
        world = self.world
        return tr(world.actions[action]) if world is not None and action < len(world.actions) else tr("action {number}", number=action)


def _image(pixels: NDArray[np.uint8]) -> QImage:
    """[H, W, 4] RGBA from the lowest row up, as an image of its own memory."""
    flat = np.ascontiguousarray(pixels[::-1])
    return QImage(flat.data, flat.shape[1], flat.shape[0], 4 * flat.shape[1], QImage.Format.Format_RGBA8888).copy()
