"""The legend of a grid: what its colours stand for, how far they reach, and why there may be none."""

from collections.abc import Callable, Collection

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.stage.colour_range import ColourRange
from app.stage.legend import legend_bar, paint_shades
from app.stage.overlays import VALUES, Overlay, Scene, overlays
from app.stage.shade import Shade
from app.text import tr
from app.theme import theme


class GridLegend:
    """Knows which overlays are on, and keeps what a person has fixed.

    Attributes:
        shown: names of the overlays that are on.
        ranges: largest values of colours that a person has fixed, by their scale.
        menu: to fix them; `prepare` is called before it opens.
    """

    def __init__(self, view: QWidget, shown: Callable[[], Collection[str]], span: Callable[[], float]) -> None:
        self.view, self.span = view, span
        self._shown = shown
        self.ranges: dict[str, float] = {}
        self.menu = ColourRange(view)
        self.menu.chosen.connect(self.fix)

    @property
    def on(self) -> list[Overlay]:
        """The overlays that are switched on, in painting order."""
        shown = self._shown()
        return [overlay for overlay in overlays() if overlay.name in shown]

    @property
    def scale(self) -> str:
        """What colours stand for."""
        return next((overlay.scale for overlay in reversed(self.on) if overlay.place == "cell"), VALUES)

    @property
    def title(self) -> str:
        """What stands above it: the last of the overlays that colour cells covers those before."""
        return next((overlay.symbol or overlay.scale for overlay in reversed(self.on) if overlay.place == "cell"), VALUES)

    def fix(self, span: float | None) -> None:
        """Keep the colours on show as they are with this largest value; None has them adapt."""
        if span is None:
            self.ranges.pop(self.scale, None)
        else:
            self.ranges[self.scale] = span
        self.view.update()

    def shade(self, scene: Scene | None) -> Shade:
        """What the legend stands for: the colours of cells, or of action values; while nothing is known, what would be on show."""
        scale = self.scale
        if scene is not None and scene.shade is not None and scene.shade.symbol == scale:
            return scene.shade
        kind = next((overlay for overlay in self.on if overlay.scale == scale), None)
        span = self.span() if scale == VALUES else self.ranges.get(scale, 1.0)
        return Shade(np.zeros(0), scale, span, kind is None or kind.signed, kind is not None and kind.counts)

    def paint(self, painter: QPainter, scene: Scene | None) -> None:
        """At the right edge; at the top, why there may be nothing to see."""
        shade, width, height = self.shade(scene), self.view.width(), self.view.height()
        self.menu.offer(shade.symbol, shade.span, shade.symbol in self.ranges)
        note = tr("fixed") if shade.symbol in self.ranges else ""
        paint_shades(painter, width, height, self.title, shade.marks(), shade.signed, note)
        missing = [tr(overlay.missing) for overlay in self.on if overlay.missing and scene is not None and not overlay.tells(scene)]
        if missing:
            self._say(painter, "  ".join(missing), QRectF(12, 6, width - 24, height))

    def _say(self, painter: QPainter, text: str, room: QRectF) -> None:
        """On a ground of its own, as cells may lie behind."""
        painter.setFont(self.view.font())
        wrapped = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        place = painter.boundingRect(room, wrapped, text)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("panel", 235))
        painter.drawRoundedRect(place.adjusted(-8, -4, 8, 4), 6, 6)
        painter.setPen(theme.colour("text"))
        painter.drawText(place, wrapped, text)

    def holds(self, at: QPointF) -> bool:
        """Whether a point of the view lies on the legend."""
        bar, scale = legend_bar(self.view.width(), self.view.height()), theme.scale
        return bar.adjusted(-12 * scale, -28 * scale, 60 * scale, 28 * scale).contains(at)
