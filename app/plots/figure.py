"""A plot as a picture for print or for a wall: white, in vectors where the file can hold them, sized in points.

Painted in tenths of a point, so that one drawing serves pixels, SVG and PDF.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPageSize, QPaintDevice, QPainter, QPdfWriter, QPen
from PySide6.QtSvg import QSvgGenerator

from app.plots.axis import marks, texts
from app.plots.curves import Floats
from app.plots.layer import AREA, FAINT, MAIN, Group, around, path_of
from app.plots.lines import Line, Look, lines_of
from app.text import tr
from app.theme import LIGHT

TENTHS = 720
"""Tenths of a point in an inch."""
MM = TENTHS / 25.4
SUFFIXES = ("png", "svg", "pdf")


@dataclass(frozen=True)
class Size:
    """A kind of picture; lengths in tenths of a point.

    Attributes:
        name: unique.
        width, height: of the whole.
        text: height of the type.
        line: width of the bold lines.
        dpi: of pixels.
        titled: whether the title stands above; in print, a caption says it.
    """

    name: str
    width: float
    height: float
    text: int
    line: float
    dpi: int
    titled: bool


PAPER = Size("paper", 90 * MM, 60 * MM, 80, 10, 300, False)
PROJECTOR = Size("projector", 9600, 5400, 240, 32, 144, True)


@dataclass(frozen=True, eq=False)
class Figure:
    """What is to be drawn.

    Attributes:
        title, across, up: of the whole and of its axes, with units.
        groups: as on the canvas.
        look: how lines are made.
        whole: whether places are whole numbers.
        x, y: ranges, in the coordinates of the axes.
        changes: places where something was changed.
    """

    title: str
    across: str
    up: str
    groups: Sequence[Group]
    look: Look
    whole: bool
    x: tuple[float, float]
    y: tuple[float, float]
    changes: Sequence[float] = ()

    def save(self, path: Path, size: Size) -> None:
        """Write it as PNG, SVG or PDF, by the name of the file; OSError where that fails."""
        self._try(path)
        suffix = path.suffix.lower()
        if suffix == ".svg":
            svg = QSvgGenerator()
            svg.setFileName(str(path))
            svg.setResolution(TENTHS)
            svg.setSize(QSize(round(size.width), round(size.height)))
            svg.setViewBox(QRectF(0, 0, size.width, size.height))
            svg.setTitle(self.title)
            self._on(svg, size, 1.0)
        elif suffix == ".pdf":
            pdf = QPdfWriter(str(path))
            pdf.setPageSize(
                QPageSize(QSizeF(size.width / MM, size.height / MM), QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch)
            )
            pdf.setPageMargins(QMarginsF(0, 0, 0, 0))
            pdf.setResolution(TENTHS)
            pdf.setTitle(self.title)
            self._on(pdf, size, 1.0)
        else:
            scale = size.dpi / TENTHS
            image = QImage(round(size.width * scale), round(size.height * scale), QImage.Format.Format_RGB32)
            image.setDotsPerMeterX(round(size.dpi / 0.0254))
            image.setDotsPerMeterY(round(size.dpi / 0.0254))
            image.fill(Qt.GlobalColor.white)
            self._on(image, size, scale)
            if not image.save(str(path)):
                raise OSError(tr("{path} cannot be written", path=path))

    @staticmethod
    def _try(path: Path) -> None:
        try:
            path.touch()
        except OSError as error:
            raise OSError(tr("{path} cannot be written", path=path)) from error

    def _on(self, device: QPaintDevice, size: Size, scale: float) -> None:
        painter = QPainter(device)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        self.draw(painter, size)
        painter.end()

    def draw(self, painter: QPainter, size: Size) -> None:
        """Paint it into a rectangle of that size, from the origin."""
        font = QFont(painter.font())
        font.setPixelSize(size.text)
        font.setBold(False)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        line, air = metrics.height(), 0.4 * size.text
        # A mark every three lines of text upwards, every seven digits across.
        up = _ticks(self.y, (size.height - 4 * line) / (2.6 * line), self.look.log_y, False)
        wide = max((metrics.horizontalAdvance(text) for _, text in up), default=0.0)
        entries = [group for group in self.groups if group.parts and group.name]
        breadth = size.width - 6 * line
        rows = _rows(entries, [_swatch(size) + metrics.horizontalAdvance(group.name) for group in entries], breadth)
        head = (line + air) * (size.titled + len(rows)) + 0.5 * line
        frame = QRectF(line + wide + 3 * air, head, 0, 0)
        frame.setRight(size.width - 2 * line)
        frame.setBottom(size.height - 2 * line - 2.5 * air)
        across = _ticks(self.x, frame.width() / (7 * metrics.horizontalAdvance("0")), self.look.log_x, self.whole)
        painter.fillRect(QRectF(0, 0, size.width, size.height), Qt.GlobalColor.white)
        place = _Place(frame, self.x, self.y)
        painter.setPen(QPen(QColor("#e3e6ec"), 0.4 * size.line))
        for x, _ in across:
            painter.drawLine(QPointF(place.x(x), frame.top()), QPointF(place.x(x), frame.bottom()))
        for y, _ in up:
            painter.drawLine(QPointF(frame.left(), place.y(y)), QPointF(frame.right(), place.y(y)))
        self._draw_lines(painter, place, size)
        self._mask(painter, frame, size)
        ink, soft = QColor(LIGHT.text), QColor(LIGHT.muted)
        painter.setPen(QPen(soft, 0.5 * size.line))
        painter.drawLine(frame.bottomLeft(), frame.bottomRight())
        painter.drawLine(frame.bottomLeft(), frame.topLeft())
        painter.setPen(ink)
        for x, text in across:
            room = QRectF(place.x(x) - 5 * size.text, frame.bottom() + air, 10 * size.text, line)
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)
        for y, text in up:
            room = QRectF(0, place.y(y) - line, frame.left() - air, 2 * line)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        below = QRectF(frame.left(), frame.bottom() + line + 1.5 * air, frame.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.across)
        painter.save()
        painter.translate(0.5 * air, frame.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-size.height / 2, 0, size.height, line), Qt.AlignmentFlag.AlignHCenter, self.up)
        painter.restore()
        if size.titled:
            font.setBold(True)
            painter.setFont(font)
            painter.drawText(QRectF(frame.left(), air, frame.width(), line), Qt.AlignmentFlag.AlignLeft, self.title)
            font.setBold(False)
            painter.setFont(font)
        for number, row in enumerate(reversed(rows), 1):
            self._draw_legend(painter, row, QRectF(frame.left(), frame.top() - number * (line + air), breadth, line), size)

    def _draw_lines(self, painter: QPainter, place: "_Place", size: Size) -> None:
        low, high = ((10 ** self.x[0], 10 ** self.x[1]) if self.look.log_x else self.x)  # fmt: skip
        for group in reversed(self.groups):
            lines = lines_of(group.members, low, high, 1000, self.look, len(self.groups)).on(self.look)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if FAINT in group.parts:
                for line in lines.faint:
                    painter.setPen(QPen(group.tone(FAINT, paper=True), 0.4 * size.line))
                    painter.drawPath(path_of(place.both(line)))
            if AREA in group.parts and lines.area is not None:
                x, edges = place.across(lines.main[0]), [place.along(edge) for edge in lines.area]
                painter.fillPath(around(x, *edges), group.tone(AREA, paper=True))
            if MAIN in group.parts:
                painter.setPen(bold_pen(group, size.line))
                painter.drawPath(path_of(place.both(lines.main)))
            if group.parts:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(group.tone(MAIN, paper=True))
                for left, top in zip(*place.both(lines.marked(FAINT in group.parts)), strict=True):
                    if np.isfinite(left + top):
                        painter.drawEllipse(QPointF(float(left), float(top)), 1.3 * size.line, 1.3 * size.line)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(LIGHT.text), 0.5 * size.line, Qt.PenStyle.DotLine))
        for change in self.changes:
            across = place.x(float(np.log10(max(change, 1e-12))) if self.look.log_x else change)
            painter.drawLine(QPointF(across, place.frame.top()), QPointF(across, place.frame.bottom()))

    @staticmethod
    def _mask(painter: QPainter, frame: QRectF, size: Size) -> None:
        """Cover what lies outside of the frame: SVG knows no clipping."""
        white = Qt.GlobalColor.white
        painter.fillRect(QRectF(0, 0, frame.left(), size.height), white)
        painter.fillRect(QRectF(frame.right(), 0, size.width - frame.right(), size.height), white)
        painter.fillRect(QRectF(0, 0, size.width, frame.top()), white)
        painter.fillRect(QRectF(0, frame.bottom(), size.width, size.height), white)

    @staticmethod
    def _draw_legend(painter: QPainter, groups: Sequence[Group], room: QRectF, size: Size) -> None:
        """One row; a name that would not fit is cut."""
        metrics = QFontMetricsF(painter.font())
        left = room.left()
        for group in groups:
            painter.setPen(bold_pen(group, size.line))
            painter.drawLine(QPointF(left, room.center().y()), QPointF(left + 3 * size.text, room.center().y()))
            painter.setPen(QColor(LIGHT.text))
            text = QRectF(left + 3.5 * size.text, room.top(), max(room.right() - left - 3.5 * size.text, 0.0), room.height())
            name = metrics.elidedText(group.name, Qt.TextElideMode.ElideRight, text.width())
            painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            left += _swatch(size) + metrics.horizontalAdvance(name)


def _swatch(size: Size) -> float:
    """Width of a legend's line with the air around it."""
    return 4.5 * size.text


def bold_pen(group: Group, width: float) -> QPen:
    """Of a bold line, as wide in print as it is told."""
    pen = group.pen(MAIN, width)
    pen.setCosmetic(False)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setColor(group.tone(MAIN, paper=True))
    return pen


def _rows(groups: Sequence[Group], widths: Sequence[float], room: float) -> list[list[Group]]:
    """Groups as rows of a legend that fit."""
    rows: list[list[Group]] = []
    left = math.inf
    for group, width in zip(groups, widths, strict=True):
        if left + width > room and left > 0:
            rows.append([])
            left = 0.0
        rows[-1].append(group)
        left += width
    return rows


class _Place:
    """Where numbers lie in the frame."""

    def __init__(self, frame: QRectF, x: tuple[float, float], y: tuple[float, float]) -> None:
        self.frame = frame
        self._x, self._y = x, y

    def across(self, x: Floats) -> Floats:
        return self.frame.left() + (x - self._x[0]) / (self._x[1] - self._x[0]) * self.frame.width()

    def along(self, y: Floats) -> Floats:
        return self.frame.bottom() - (y - self._y[0]) / (self._y[1] - self._y[0]) * self.frame.height()

    def both(self, line: Line) -> Line:
        return self.across(line[0]), self.along(line[1])

    def x(self, x: float) -> float:
        return float(self.across(np.array([x]))[0])

    def y(self, y: float) -> float:
        return float(self.along(np.array([y]))[0])


def _ticks(between: tuple[float, float], intervals: float, log: bool, whole: bool) -> list[tuple[float, str]]:
    """Places and texts of the marks of an axis."""
    return [
        (place, text)
        for spacing, places in marks(*between, intervals, log, whole)
        for place, text in zip(places, texts(places, spacing, log), strict=True)
    ]
