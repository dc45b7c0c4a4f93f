"""The still of a table: headings, cells with their colours and alignments, the rows that are on show in their order."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QLineF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app.stage.values_model import Index, Role
from app.stills.still import Still
from app.text import tr
from app.theme import theme

MOST_ROWS, MOST_COLUMNS = 300, 210
"""Rows and columns drawn at most; how many more there are is said below."""
MARGIN, BESIDE = 12.0, 9.0
WIDEST = 260.0
"""Pixels of a column at most, at a text scale of 1."""
ACROSS, DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
LEVEL = Qt.AlignmentFlag.AlignVCenter


def still_of_table(model: QAbstractItemModel, title: str = "", named: bool = False, tint: Callable[[Index], QColor | None] | None = None,
                   ink: Callable[[QColor], QColor] = QColor) -> Still:  # fmt: skip
    """What a model shows.

    Args:
        title: stands above it.
        named: whether rows have headings.
        tint: the colour of a cell where the model tells none.
        ink: a colour that can be read on another one.
    """
    plain, bold = font(), font(bold=True)
    high, body = round(25 * theme.scale), round(23 * theme.scale)
    rows, columns = min(model.rowCount(), MOST_ROWS), min(model.columnCount(), MOST_COLUMNS)
    headings = [str(model.headerData(column, ACROSS) or "") for column in range(columns)]
    names = [str(model.headerData(row, DOWN) or "") for row in range(rows)] if named else []
    texts = [[_text(model, model.index(row, column)) for column in range(columns)] for row in range(rows)]
    measure, strong = QFontMetricsF(plain).horizontalAdvance, QFontMetricsF(bold).horizontalAdvance

    def wide(heading: str, cells: list[str]) -> float:
        return min(max(strong(heading), *(strong(text) for text in cells), 0.0), WIDEST * theme.scale) + 2 * BESIDE

    widths = [wide(headings[column], [line[column] for line in texts]) for column in range(columns)]
    left = MARGIN + (wide("", names) if named else 0.0)
    top = MARGIN + (high if title else 0)
    more = _more(model.rowCount() - rows, model.columnCount() - columns)
    width = max(left + sum(widths), MARGIN + strong(title), MARGIN + measure(more)) + MARGIN
    size = QSizeF(width, top + high + rows * body + (high if more else 0) + MARGIN)

    def drawn(painter: QPainter) -> None:
        painter.fillRect(QRectF(MARGIN / 2, MARGIN / 2, width - MARGIN, size.height() - MARGIN), theme.colour("panel"))
        _write(painter, bold, theme.colour("text"), QRectF(MARGIN, MARGIN, width, high), LEVEL, title)
        for row, name in enumerate(names):
            box = QRectF(MARGIN, top + high + row * body, left - MARGIN, body)
            _write(painter, bold, theme.colour("muted"), box, LEVEL | Qt.AlignmentFlag.AlignRight, name)
        x = left
        for column, across in enumerate(widths):
            side = Qt.AlignmentFlag(model.index(0, column).data(Role.TextAlignmentRole) or LEVEL) if rows else LEVEL
            _write(painter, bold, theme.colour("muted"), QRectF(x, top, across, high), side, headings[column])
            for row in range(rows):
                index, box = model.index(row, column), QRectF(x, top + high + row * body, across, body)
                ground = index.data(Role.BackgroundRole) or (tint(index) if tint is not None else None)
                if ground is not None:
                    painter.fillRect(box.adjusted(1, 1, -1, -1), ground)
                best = index.data(Role.FontRole)
                colour = index.data(Role.ForegroundRole) or (ink(ground) if ground is not None else theme.colour("text"))
                _write(painter, bold if best is not None else plain, colour, box, side, texts[row][column])
            x += across
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawLines([QLineF(MARGIN, y, width - MARGIN, y) for y in (top + high + row * body for row in range(rows + 1))])
        _write(painter, plain, theme.colour("muted"), QRectF(MARGIN, top + high + rows * body, width, high), LEVEL, more)

    return Still(size, drawn)


def font(bold: bool = False) -> QFont:
    """The window's font in pixels, so that a picture is the same on every screen."""
    made = QFont()
    made.setPixelSize(round(13 * theme.scale))
    made.setBold(bold)
    return made


def _text(model: QAbstractItemModel, index: Index) -> str:
    """What stands in a cell, a tick where that is a box."""
    box = index.data(Role.CheckStateRole)
    if box is not None:
        return "✓" if Qt.CheckState(box) is Qt.CheckState.Checked else ""
    return str(index.data(Role.DisplayRole) or "")


def _more(rows: int, columns: int) -> str:
    """What there is no room for."""
    told = [tr("and {count} more rows", count=f"{rows:,}")] if rows else []
    return ", ".join([*told, *([tr("and {count} more columns", count=f"{columns:,}")] if columns else [])])


def _write(painter: QPainter, font: QFont, colour: QColor, box: QRectF, side: Qt.AlignmentFlag, text: str) -> None:
    painter.setFont(font)
    painter.setPen(colour)
    room = box.adjusted(BESIDE, 0, -BESIDE, 0)
    painter.drawText(room, side, QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width() + 1))
