"""A picture of a schedule: its value over time."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.numbers import short
from app.text import tr
from app.theme import theme
from core.schedules import Clock, Kind, Schedule

UNITS = {Clock.step: "steps", Clock.episode: "episodes", Clock.visit: "visits"}
SPAN = {Kind.constant: 1.0, Kind.linear: 1.5, Kind.exponential: 4.0, Kind.power: 10.0}
"""How many durations the picture covers."""


class Curve(QWidget):
    """The value over time, with the numbers at both ends and the time that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.schedule: Schedule | None = None
        self.setAccessibleName(tr("Value over time"))
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(160, round(62 * theme.scale))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, round(62 * theme.scale))

    def show_schedule(self, schedule: Schedule | None) -> None:
        """Draw another one; None draws an empty frame."""
        self.schedule = schedule
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 4.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("raised", 150))
        painter.drawRoundedRect(frame, 4, 4)
        if self.schedule is None:
            return
        font = QFont(self.font())
        font.setPointSizeF(8 * theme.scale)
        painter.setFont(font)
        line = painter.fontMetrics().height()
        longest = horizon(self.schedule)
        drawn = samples(self.schedule)
        values = [value for _, value in drawn]
        top, bottom = max(*values, 0.0), min(*values, 0.0)
        room = frame.adjusted(8, 0.5 * line, -8, -line - 4)
        height = (top - bottom) or 1.0

        def at(time: float, value: float) -> QPointF:
            return QPointF(room.left() + room.width() * time / longest, room.bottom() - (value - bottom) / height * room.height())

        points = [at(*sample) for sample in drawn]
        painter.setPen(QPen(theme.colour("grid"), 1))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        painter.setBrush(theme.colour("accent", 30))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF([room.bottomLeft(), *points, room.bottomRight()]))
        painter.setPen(QPen(theme.colour("accent"), 2))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(theme.colour("accent"))
        for point in self.schedule.points:
            painter.drawEllipse(at(*point), 2, 2)
        painter.setPen(theme.colour("muted"))
        below = QRectF(room.left(), room.bottom() + 1, room.width(), line + 2)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "0")
        end = f"{short(longest)} {tr(UNITS[self.schedule.clock or Clock.step])}"
        painter.drawText(below, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, end)
        text = f"{short(values[0], 3)} → {short(values[-1], 3)}"
        free = Qt.AlignmentFlag.AlignTop if points[-1].y() > room.center().y() else Qt.AlignmentFlag.AlignBottom
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | free, text)


def horizon(schedule: Schedule) -> float:
    """The time that the picture of a schedule covers: all that happens, and a bit of what follows."""
    if schedule.kind is Kind.harmonic:
        return 10.0
    if schedule.kind is Kind.piecewise:
        return 1.25 * schedule.points[-1][0] or 1.0
    return SPAN[schedule.kind] * schedule.duration


def samples(schedule: Schedule) -> list[tuple[float, float]]:
    """Times up to the horizon, those of all points among them, and the values at them."""
    longest = horizon(schedule)
    times = {longest * part / 120 for part in range(121)} | {time for time, _ in schedule.points}
    return [(time, schedule.value(time)) for time in sorted(times)]
