"""The numbers of every line at the mouse, in a corner of the canvas, and what was changed there."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.plots.layer import MAIN, Group
from app.theme import theme

MOST = 12
"""Lines shown at most."""
SIDE = 16
"""Pixels between it and the sides of the canvas."""
STROKES = {0: "━━", 1: "╍╍", 2: "┅┅"}


class Readout(QLabel):
    """Lies over a canvas and lets the mouse through. It keeps to the side where the mouse is not."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.hide()
        canvas.installEventFilter(self)

    def show_lines(self, lines: Sequence[tuple[Group, str]], said: str = "") -> None:
        """A row for each group with its number, and what was changed; nothing hides it."""
        if not lines and not said:
            self.hide()
            return
        font = self.font()
        font.setPointSizeF(8.6 * theme.scale)
        self.setFont(font)
        parent, metrics = self.parentWidget(), self.fontMetrics()
        room = max((parent.width() if parent else 0) - metrics.horizontalAdvance("━━ 0.00000 ± 0.000") - 30, 24)
        names = [metrics.elidedText(group.name, Qt.TextElideMode.ElideRight, room) for group, _ in lines[:MOST]]
        rows = [
            f"<tr><td style='color:{group.tone(MAIN).name()}'>{stroke(group)}&nbsp;</td><td>{escape(name)}&nbsp;</td>"
            f"<td align='right'>{escape(value)}</td></tr>"
            for (group, value), name in zip(lines, names, strict=False)
        ]
        changed = f"<p>{escape(said)}</p>" if said else ""
        self.setText(f"<table cellspacing=0>{''.join(rows)}</table>{changed}" if rows else escape(said))
        panel, border = theme.colour("panel"), theme.colour("border").name()
        self.setStyleSheet(f"background: rgba({panel.red()},{panel.green()},{panel.blue()},225); border: 1px solid {border}; padding: 3px;")
        self.setWordWrap(False)
        self.adjustSize()
        most = (parent.width() if parent else 0) - 2 * SIDE
        if self.width() > most > 0:  # what was changed may be long
            self.setWordWrap(True)
            self.resize(most, self.heightForWidth(most))
        self._place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def _place(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        mouse = parent.mapFromGlobal(self.cursor().pos())
        right = parent.width() - self.width() - SIDE
        self.move(max(right if mouse.x() < parent.width() / 2 else min(60, right), 0), 8)


def stroke(group: Group) -> str:
    """How a group's line is drawn, in letters."""
    return STROKES.get(0 if not group.dash else 1 if group.dash[0] > 2 else 2, "━━")
