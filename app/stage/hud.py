"""The heads-up display beside an environment's picture: how the episode goes, what the agent expects, what it sees."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication, QImage, QPainter, QPolygonF

from app.numbers import short
from app.stage.lettering import lined
from app.text import tr
from app.theme import theme
from app.viewing.frames import ViewerFrame
from core.worlds.gym import GymWorld

LINE = 21
"""Height of a line at a text scale of 1."""
HEADING = 1.1
"""Lines that a heading takes."""
GAP = 0.5
"""Lines between two blocks."""
POINTS = 9.4
"""Size of the text at a text scale of 1."""
STRIP = 3.0
"""Lines that pictures take."""
BETWEEN = 4
"""Pixels between two of them."""


@dataclass(frozen=True)
class Line:
    """One line: a name, a number with its unit, and for actions a bar.

    Attributes:
        name: on the left.
        number: on the right.
        unit: after the number, muted.
        bar: from and to, as shares of the bar's room; None for no bar.
        zero: where the bar's room has its zero.
        chosen: the action that was taken.
        minor: left out first where room is short.
    """

    name: str
    number: str = ""
    unit: str = ""
    bar: tuple[float, float] | None = None
    zero: float = 0.0
    chosen: bool = False
    minor: bool = False


@dataclass(frozen=True)
class Block:
    """A heading, with a word on its right, and its lines; `strip` are grey pictures [N, rows, columns] uint8 side by side below it."""

    title: str
    lines: tuple[Line, ...]
    aside: str = ""
    strip: NDArray[np.uint8] | None = None


def blocks(frame: ViewerFrame, world: GymWorld, keys: Sequence[str] = ()) -> tuple[Block, ...]:
    """What is said about a step; `keys` stand before the actions that a person can take."""
    about = Block(tr("Action values"), action_lines(frame, world, keys), tr("drawn at random") if frame.explores else "Q(s, a)")
    if world.screen is not None and frame.observation.size == prod(world.screen.shape):
        pictures = frame.observation.astype(np.uint8).reshape(world.screen.shape)
        return how_it_goes(frame), about, Block(tr("What the agent sees"), (), strip=pictures)
    return how_it_goes(frame), about, Block(tr("Observation"), seen_lines(frame, world))


def how_it_goes(frame: ViewerFrame) -> Block:
    """The episode's sums; what was expected of the one before and what came, or the score of a person and the agent."""
    step = tr("step {step}", step=f"{frame.step:,}")
    sums = Line(tr("Reward"), short(frame.reward, 3), minor=True), Line(tr("Return so far"), short(frame.episode_return))
    aside = tr("ended at {step}", step=step) if frame.ended else step
    if frame.steered:
        score = frame.score
        yours = Line(tr("You: last, best"), f"{_known(score.you)},  {_known(score.your_best)}")
        agents = Line(tr("Agent: last, best"), f"{_known(score.agent)},  {_known(score.agents_best)}")
        return Block(tr("You play"), (*sums, yours, agents), aside)
    discounted = Line(tr("Discounted so far"), short(frame.discounted), minor=True)
    lines = [*sums, discounted, Line(tr("Last return"), _known(frame.last_return), minor=True)]
    if frame.reckoning is not None and len(frame.reckoning.came):
        expected, came = float(frame.reckoning.expected[0]), float(frame.reckoning.came[0])
        lines.append(Line(tr("Expected, got"), f"{short(expected, 3)},  {short(came, 3)}", tr("cut off") if frame.reckoning.cut else ""))
    else:
        lines.append(Line(tr("Expected, got"), "–"))
    return Block(tr("Episode {number}", number=f"{frame.episode:,}"), tuple(lines), aside)


def _known(value: float | None) -> str:
    return "–" if value is None else short(value)


def action_lines(frame: ViewerFrame, world: GymWorld, keys: Sequence[str] = ()) -> tuple[Line, ...]:
    """A bar from zero for each action, all on one scale."""
    values = frame.action_values
    low = float(np.fmin.reduce(values, initial=0.0))
    high = float(np.fmax.reduce(values, initial=0.0))
    span = (high - low) or 1.0
    zero = -low / span
    lines = []
    for action, value in enumerate(values.tolist()):
        name = tr(world.actions[action]) if action < len(world.actions) else tr("action {number}", number=action)
        name = f"{keys[action]}  {name}" if keys else name
        place = (value - low) / span
        bar = None if np.isnan(value) else (min(zero, place), max(zero, place))
        lines.append(Line(name, short(value), bar=bar, zero=zero, chosen=action == frame.action))
    return tuple(lines)


def seen_lines(frame: ViewerFrame, world: GymWorld) -> tuple[Line, ...]:
    """Name, value and unit of each number; of a one-hot observation only the state."""
    seen = frame.observation
    known = world.observation
    if len(seen) > max(len(known), 1) and np.count_nonzero(seen) == 1 and seen.max() == 1:
        return (Line(tr(known[0].name) if known else tr("state"), str(int(seen.argmax()))),)
    return tuple(
        Line(tr(known[place].name), short(value, 3), tr(known[place].unit)) if place < len(known) else Line(f"x{place}", short(value, 3))
        for place, value in enumerate(seen.tolist())
    )


def major(parts: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks without their minor lines."""
    return tuple(replace(part, lines=tuple(line for line in part.lines if not line.minor)) for part in parts)


def heights(parts: Sequence[Block]) -> tuple[float, ...]:
    """Lines that each block is high."""
    return tuple(HEADING + len(part.lines) + (STRIP if part.strip is not None else 0) for part in parts)


def needed(lines: Sequence[float], scale: float) -> float:
    """Pixels that blocks of such heights need below one another, at a text scale."""
    return LINE * scale * (sum(lines) + GAP * (len(lines) - 1))


class Hud:
    """Draws blocks into a room; what has no room is counted."""

    def __init__(self, painter: QPainter, shrink: float = 1.0) -> None:
        self.painter = painter
        self.points = POINTS * theme.scale * shrink
        self.line = LINE * theme.scale * shrink
        font = QFont(QGuiApplication.font())
        font.setPointSizeF(self.points)
        font.setBold(True)
        self._metrics = QFontMetricsF(font)

    def paint(self, block: Block, room: QRectF) -> float:
        """Draw a block from the top of the room; where the next may begin."""
        y = room.top()
        title = QRectF(room.left(), y, room.width(), self.line)
        self._text(block.title, title, "text", bold=True)
        if self._metrics.horizontalAdvance(f"{block.title}  {block.aside}") <= room.width():
            self._text(block.aside, title, "muted", right=True)
        y += HEADING * self.line
        if block.strip is not None:
            y += self._paint_strip(block.strip, QRectF(room.left(), y, room.width(), min(STRIP * self.line, room.bottom() - y)))
        fitting = int((room.bottom() - y) / self.line + 0.01)
        hidden = len(block.lines) > fitting
        lines = block.lines[: max(fitting - 1, 0)] if hidden else block.lines
        number = max((self._metrics.horizontalAdvance(line.number) for line in block.lines), default=0.0)
        name = max((self._metrics.horizontalAdvance(line.name) for line in block.lines), default=0.0)
        for line in lines:
            self._paint_line(line, QRectF(room.left(), y, room.width(), self.line), name, number)
            y += self.line
        if hidden and fitting > 0:
            more = tr("and {count} more", count=len(block.lines) - len(lines))
            self._text(more, QRectF(room.left(), y, room.width(), self.line), "muted")
            y += self.line
        return y + GAP * self.line

    def _paint_strip(self, strip: NDArray[np.uint8], room: QRectF) -> float:
        """Draw pictures side by side as large as they fit; their height."""
        count, rows, columns = strip.shape
        times = min((room.width() - BETWEEN * (count - 1)) / (count * columns), room.height() / rows)
        for place, picture in enumerate(strip):
            image = QImage(picture.tobytes(), columns, rows, columns, QImage.Format.Format_Grayscale8)
            left = room.left() + place * (times * columns + BETWEEN)
            self.painter.drawImage(QRectF(left, room.top(), times * columns, times * rows), image)
        return times * rows

    def _paint_line(self, line: Line, room: QRectF, widest_name: float, widest_number: float) -> None:
        unit = self._metrics.horizontalAdvance(line.unit + " ") if line.unit else 0.0
        right = room.right() - unit
        name = room.adjusted(0, 0, 0, 0)
        if line.bar is not None:
            mark = 0.75 * self.line
            width = min(widest_name + 4, 0.6 * (room.width() - mark - widest_number))
            name = QRectF(room.left() + mark, room.top(), width, room.height())
            bar = QRectF(name.right() + 6, room.top(), right - widest_number - name.right() - 14, room.height())
            if bar.width() > 10:
                self._paint_bar(line, bar.adjusted(0, 0.26 * self.line, 0, -0.26 * self.line))
        else:
            name.setRight(right - self._metrics.horizontalAdvance(line.number) - 6)
        if line.chosen:
            self._paint_mark(room)
        self._text(line.name, name, "text" if line.chosen else "muted", bold=line.chosen)
        self._text(line.number, QRectF(room.left(), room.top(), right - room.left(), room.height()), "text", line.chosen, right=True)
        if line.unit:
            self._text(line.unit, room, "muted", right=True)

    def _paint_bar(self, line: Line, room: QRectF) -> None:
        assert line.bar is not None
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(theme.colour("raised"))
        self.painter.drawRoundedRect(room, 2, 2)
        first, last = (room.left() + share * room.width() for share in line.bar)
        self.painter.setBrush(theme.colour("accent") if line.chosen else theme.colour("muted", 130))
        self.painter.drawRoundedRect(QRectF(first, room.top(), max(last - first, 1.5), room.height()), 2, 2)
        if 0 < line.zero < 1:
            zero = room.left() + line.zero * room.width()
            self.painter.fillRect(QRectF(zero - 0.5, room.top() - 2, 1, room.height() + 4), theme.colour("text"))

    def _paint_mark(self, room: QRectF) -> None:
        size, middle = 0.26 * self.line, room.center().y()
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(theme.colour("accent"))
        left = room.left() + 1
        self.painter.drawPolygon(
            QPolygonF([QPointF(left, middle - size), QPointF(left + 1.6 * size, middle), QPointF(left, middle + size)])
        )

    def _text(self, text: str, room: QRectF, colour: str, bold: bool = False, right: bool = False) -> None:
        self.painter.setPen(theme.colour(colour))
        lined(self.painter, text, room, self.points, bold, right)
