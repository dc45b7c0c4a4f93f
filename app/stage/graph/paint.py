"""Paints a drawing: lines and nodes, labels, and the circles that show what is known. The painter is in units of the scene."""

from collections.abc import Collection, Iterable
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from app.stage.graph.crowd import Box
from app.stage.graph.curves import Curve, turned, unit
from app.stage.graph.drawing import Arrow, Drawing, Node, Outcome, Pair, State
from app.stage.shade import Shade
from app.text import tr
from app.theme import theme

THIN, BOLD = 1.3, 2.8


def font(pixels: float, bold: bool = False) -> QFont:
    """The window's font at a size in units of the scene."""
    made = QFont()
    made.setPixelSize(max(1, round(pixels)))
    made.setBold(bold)
    return made


def text_width(text: str, pixels: float, bold: bool = False) -> float:
    """How wide a label is."""
    return _width(text, round(pixels), bold, QFont().family())


@lru_cache(maxsize=20_000)
def _width(text: str, pixels: int, bold: bool, family: str) -> float:
    return QFontMetricsF(font(pixels, bold)).horizontalAdvance(text)


def rect(box: Box) -> QRectF:
    return QRectF(box[0], box[1], box[2] - box[0], box[3] - box[1])


def point(at: complex) -> QPointF:
    return QPointF(at.real, at.imag)


def path(curve: Curve) -> QPainterPath:
    drawn = QPainterPath(point(curve.a))
    drawn.cubicTo(point(curve.b), point(curve.c), point(curve.d))
    return drawn


def paint_lines(painter: QPainter, drawing: Drawing, colour: QColor | None = None, width: float = THIN,
                only: Collection[Pair] | None = None) -> None:  # fmt: skip
    """The lines from states to actions and on to what follows, with nodes and heads; all of them, or of some actions only."""
    sizes, scale = drawing.sizes, drawing.sizes.scale
    colour = colour or theme.colour("muted")
    painter.setPen(QPen(colour, width * scale, c=Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if sizes.simple:
        paint_straight(painter, drawing.lines.values())
        return
    nodes = [node for node in drawing.nodes.values() if only is None or node.pair in only]
    arrows = [arrow for arrow in drawing.arrows.values() if only is None or arrow.pair in only]
    for node in nodes:
        painter.drawLine(point(drawing.states[node.pair[0]].at + node.way * sizes.radius), point(node.at))
    for arrow in arrows:
        painter.drawPath(path(arrow.curve))
    paint_heads(painter, arrows, colour, sizes.head * (1.2 if width > THIN else 1))
    for node in nodes:
        paint_node(painter, node, colour, sizes.node * (1.25 if width > THIN else 1))


def paint_straight(painter: QPainter, lines: Iterable[tuple[complex, complex]]) -> None:
    """Thin lines without heads, as they stand for many arrows."""
    pen = QPen(_mixed("muted", "stage", 0.4), 1)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.drawLines([QLineF(start.real, start.imag, end.real, end.imag) for start, end in lines])


def paint_heads(painter: QPainter, arrows: Iterable[Arrow], colour: QColor, head: float) -> None:
    """A filled head at the end of each arrow; a bar behind it where the episode ends there."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for arrow in arrows:
        paint_head(painter, arrow.curve.d, arrow.curve.heading, head)
        if arrow.row.ends:
            painter.setPen(QPen(colour, head * 0.25))
            middle, across = arrow.curve.d - arrow.curve.heading * head * 1.5, turned(arrow.curve.heading, 1.5708) * head * 0.7
            painter.drawLine(point(middle - across), point(middle + across))
            painter.setPen(Qt.PenStyle.NoPen)


def paint_head(painter: QPainter, tip: complex, heading: complex, head: float) -> None:
    side = turned(heading, 1.5708) * head * 0.42
    painter.drawPolygon(
        QPolygonF([point(tip), point(tip - heading * head + side), point(tip - heading * head * 0.75), point(tip - heading * head - side)])
    )


def paint_node(painter: QPainter, node: Node, colour: QColor, radius: float) -> None:
    """A filled dot; a marked diamond where the probabilities do not add up."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("trap") if node.wrong else colour)
    if node.wrong:
        size = radius * 1.7
        painter.drawPolygon(QPolygonF([point(node.at + step * size) for step in (1, 1j, -1, -1j)]))
    else:
        painter.drawEllipse(point(node.at), radius, radius)


def paint_labels(painter: QPainter, drawing: Drawing, bold: Collection[Pair] = (), only: Collection[Pair] | None = None) -> None:
    """Names of actions and labels of outcomes, of all or of some actions, each on a ground of its own that no line crosses out."""
    ground = theme.colour("stage", 215)
    plain = font(drawing.sizes.text)
    strong = font(drawing.sizes.text, bold=True)
    text, muted, wrong = theme.colour("text"), theme.colour("muted"), theme.colour("trap")
    painter.setBrush(ground)
    for label, box, colour, used in [
        *(
            (node.text, node.box, wrong if node.wrong else muted, strong if node.wrong or node.pair in bold else plain)
            for node in drawing.nodes.values()
            if only is None or node.pair in only
        ),
        *((arrow.text, arrow.box, text, plain) for arrow in drawing.arrows.values() if only is None or arrow.pair in only),
    ]:
        if box is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            inner = rect(box).adjusted(0, drawing.sizes.text * 0.12, 0, -drawing.sizes.text * 0.12)
            painter.drawRoundedRect(inner, 3, 3)
            painter.setFont(used)
            painter.setPen(colour)
            painter.drawText(rect(box).adjusted(-20, -4, 20, 4), Qt.AlignmentFlag.AlignCenter, label)


def paint_states(painter: QPainter, drawing: Drawing, shade: Shade | None, written: bool, larger: float = 1.0,
                 only: Collection[str] | None = None) -> None:  # fmt: skip
    """The circles: coloured, and with a number where one is known; terminal ones have a second ring, starts an arrow.

    Args:
        shade: the numbers, in the order of the drawing's states.
        written: whether names and numbers can be read.
        larger: how much larger than labels they are written.
        only: names of those to paint; None for all.
    """
    sizes = drawing.sizes
    line = QPen(theme.colour("text"), 1.6 * sizes.scale)
    ground, ended = theme.colour("cell"), theme.colour("raised")
    known = np.zeros(len(drawing.states), bool) if shade is None else ~np.isnan(shade.values)
    colours = [] if shade is None else [QColor(*each) for each in shade.colours(shade.values).tolist()]
    for number, state in enumerate(drawing.states.values()):
        if only is not None and state.name not in only:
            continue
        painter.setPen(line)
        painter.setBrush(ended if state.terminal else colours[number] if known[number] else ground)
        painter.drawEllipse(point(state.at), sizes.radius, sizes.radius)
        if state.terminal:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(point(state.at), sizes.radius * 0.86, sizes.radius * 0.86)
        if state.start is not None and not sizes.simple:
            _paint_start(painter, state, drawing)
        if written:
            shown = bool(known[number]) and not state.terminal
            _name(painter, state, drawing, shown, larger)
            if shown and shade is not None:
                painter.setFont(font(sizes.text * 0.96 * larger))
                box = QRectF(state.at.real - sizes.radius, state.at.imag + sizes.radius * 0.02, 2 * sizes.radius, sizes.radius * 0.72)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shade.text(float(shade.values[number])))


def paint_ring(painter: QPainter, state: State, radius: float, colour: QColor, width: float, dashed: bool = False) -> None:
    """A ring around a state: selected, current, or where an arrow may begin."""
    painter.setPen(QPen(colour, width, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
    painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
    painter.drawEllipse(point(state.at), radius, radius)


def paint_chosen(painter: QPainter, drawing: Drawing, parts: Collection[Pair | Outcome]) -> None:
    """Actions and outcomes in the accent: selected, or under the mouse."""
    accent = theme.colour("accent")
    pairs = {part for part in parts if len(part) == 2} & drawing.nodes.keys()
    if pairs:
        paint_lines(painter, drawing, accent, 2.2, pairs)
    for outcome in {part for part in parts if len(part) == 3} & drawing.arrows.keys():
        arrow = drawing.arrows[outcome]
        painter.setPen(QPen(accent, 2.6 * drawing.sizes.scale))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path(arrow.curve))
        paint_heads(painter, [arrow], accent, drawing.sizes.head * 1.15)


def paint_wire(painter: QPainter, drawing: Drawing, start: complex, end: complex) -> None:
    """An arrow that is being drawn."""
    accent = theme.colour("accent")
    painter.setPen(QPen(accent, 2.4 * drawing.sizes.scale, Qt.PenStyle.DashLine))
    painter.drawLine(point(start), point(end))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(accent)
    paint_head(painter, end, unit(end - start), drawing.sizes.head * 1.3)


def _mixed(name: str, other: str, share: float) -> QColor:
    """A colour as if it lay with an opacity of `share` over another, which is much quicker than having it lie there."""
    one, two = theme.colour(name), theme.colour(other)
    parts = ((one.red(), two.red()), (one.green(), two.green()), (one.blue(), two.blue()))
    return QColor(*(round(a * share + b * (1 - share)) for a, b in parts))


def _paint_start(painter: QPainter, state: State, drawing: Drawing) -> None:
    assert state.start is not None
    sizes, colour = drawing.sizes, theme.colour("start")
    tip, tail = state.at + state.start * (sizes.radius + 1), state.at + state.start * sizes.radius * 2
    painter.setPen(QPen(colour, 2 * sizes.scale, c=Qt.PenCapStyle.RoundCap))
    painter.drawLine(point(tail), point(tip - unit(tip - tail) * sizes.head * 0.6))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    paint_head(painter, tip, unit(tip - tail), sizes.head * 1.1)
    if state.chance:
        painter.setPen(colour)
        painter.setFont(font(sizes.text))
        middle = state.at + state.start * sizes.radius * 2.5
        painter.drawText(QRectF(middle.real - 40, middle.imag - 12, 80, 24), Qt.AlignmentFlag.AlignCenter, state.chance)


def _name(painter: QPainter, state: State, drawing: Drawing, raised: bool, larger: float) -> None:
    """The name, where it is long in two lines or smaller, and at last cut short."""
    sizes, room = drawing.sizes, (1.5 if state.terminal else 1.7) * drawing.sizes.radius
    pixels = sizes.text * 1.08 * larger
    name = tr(state.name)
    lines = (name,) if raised or text_width(name, pixels, bold=True) <= room else in_two(name)
    if len(lines) > 1:  # above and below the middle, a circle is narrower
        pixels, room = 0.85 * pixels, 0.85 * room
    while pixels > 0.72 * sizes.text and max(text_width(line, pixels, bold=True) for line in lines) > room:
        pixels -= 1
    used = font(pixels, bold=True)
    metrics = QFontMetricsF(used)
    text = "\n".join(metrics.elidedText(line, Qt.TextElideMode.ElideRight, room * 1.05) for line in lines)
    painter.setFont(used)
    painter.setPen(theme.colour("text"))
    top = state.at.imag - sizes.radius * (0.68 if raised else 1)
    painter.drawText(
        QRectF(state.at.real - sizes.radius, top, 2 * sizes.radius, sizes.radius * (0.72 if raised else 2)),
        Qt.AlignmentFlag.AlignCenter,
        text,
    )


def in_two(name: str) -> tuple[str, ...]:
    """The words of a name in two lines, the longer one as short as can be; one word stays as it is."""
    words = name.split()
    ways = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return min(ways, key=lambda lines: max(map(len, lines))) if ways else (name,)
