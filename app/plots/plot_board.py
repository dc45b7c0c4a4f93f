"""The panel of plots: up to four side by side, chosen by the kind of run or by the person."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from app.plots.overlay import Overlay
from app.plots.plot import Plot
from app.plots.plot_view import PlotView
from app.plots.registry import defaults, plots
from app.text import tr
from app.theme import theme
from core.history import Columns

MOST = 4
"""Plots shown at once at most."""
NARROWEST = 170
"""Pixels that a plot needs at a text scale of 1; those on the right that have no room are left out."""


class PlotBoard(QWidget):
    """Shows the plots of one run. Views are made when first shown and kept."""

    chosen = Signal(tuple)
    """The names of the plots, after the person chose others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views: dict[str, PlotView] = {}
        self._names: tuple[str, ...] = ()
        self._own: dict[str, tuple[str, ...]] = {}
        self._kind = ""
        self._turn = 0
        self._marked: int | None = None
        self._changes: tuple[tuple[int, str], ...] = ()
        self._overlays: tuple[Overlay, ...] = ()
        self._history: Mapping[str, Columns] = {}
        self._row = QHBoxLayout()
        self._row.setSpacing(1)
        self._hint = QLabel(tr("No plot is chosen. Choose one with the button on the right."), alignment=Qt.AlignmentFlag.AlignCenter)
        self._hint.setProperty("muted", True)
        self._hint.setWordWrap(True)
        self._row.addWidget(self._hint, 1)
        self._button = ChooseButton(self)
        side = QVBoxLayout()
        side.setContentsMargins(0, 4, 4, 4)
        side.addWidget(self._button)
        side.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setSpacing(0)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._row, 1)
        layout.addLayout(side)
        self.setAutoFillBackground(True)
        theme.changed.connect(self._use_theme)
        self._use_theme()

    def show_for(self, kind: str) -> None:
        """Show what suits a kind of run (see `app.plots.registry.kind_of`), or what the person chose for it last."""
        self._kind = kind
        self._show(self._own.get(kind, tuple(plot.name for plot in defaults(kind)[:MOST])))

    def adopt(self, other: "PlotBoard") -> None:
        """Show what another board shows, and take over what the person chose there."""
        self._own = dict(other._own)
        self.show_for(other._kind)

    def set_history(self, history: Mapping[str, Columns]) -> None:
        """Hand the newest history to the plots that are shown."""
        self._history = history
        if self.isVisible():
            for view in self.shown():
                view.set_history(history)

    def follow(self, history: Mapping[str, Columns]) -> None:
        """Hand the newest history to one plot in turn: while a run goes on, no frame draws all of them."""
        self._history = history
        shown = self.shown()
        if shown and self.isVisible():
            self._turn = (self._turn + 1) % len(shown)
            shown[self._turn].set_history(history)

    def mark(self, units: int | None) -> None:
        """Mark the moment after so many units of work; None takes the mark away."""
        self._marked = units
        for view in self.shown():
            view.mark(units)

    def annotate(self, changes: Sequence[tuple[int, str]]) -> None:
        """Say where the person changed something: units of work before, and what."""
        self._changes = tuple(changes)
        for view in self.shown():
            view.annotate(self._changes)

    def compare(self, overlays: Sequence[Overlay]) -> None:
        """Draw these earlier runs beside the present one."""
        self._overlays = tuple(overlays)
        for view in self.shown():
            view.compare(self._overlays)

    def clear(self) -> None:
        """Forget the run."""
        self._history = {}
        self._marked = None
        self._changes = ()
        for view in self._views.values():
            view.clear()

    def choose(self, names: Sequence[str]) -> None:
        """Show these plots, for this kind of run from now on."""
        known = plots()
        self._own[self._kind] = tuple(name for name in names if name in known)[:MOST]
        self._show(self._own[self._kind])
        self.chosen.emit(self._names)

    def shown(self) -> list[PlotView]:
        """The views that have room, from the left."""
        return [self._views[name] for name in self._names if not self._views[name].isHidden()]

    def menu(self) -> QMenu:
        """Every plot that the run may record, with a mark at those chosen; with four chosen, one must go before another comes."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for plot in plots().values():
            if self._kind and self._kind not in plot.recorded:
                continue
            action = menu.addAction(tr(plot.title))
            action.setToolTip(tr(plot.tooltip))
            action.setCheckable(True)
            action.setChecked(plot.name in self._names)
            action.setEnabled(action.isChecked() or len(self._names) < MOST)
            action.triggered.connect(lambda checked=False, plot=plot: self._toggle(plot, checked))
        menu.addSeparator()
        menu.addAction(tr("Reset all views"), self.reset_views)
        menu.addAction(tr("Usual plots"), self._forget_choice)
        return menu

    def reset_views(self) -> None:
        """Undo every zoom."""
        for view in self._views.values():
            view.reset_view()

    def sizeHint(self) -> QSize:
        return QSize(900, round(210 * theme.scale))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, round(120 * theme.scale))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _toggle(self, plot: Plot, show: bool) -> None:
        names = {*self._names, plot.name} if show else set(self._names) - {plot.name}
        self.choose([name for name in plots() if name in names])

    def _forget_choice(self) -> None:
        self._own.pop(self._kind, None)
        self.show_for(self._kind)
        self.chosen.emit(self._names)

    def _show(self, names: tuple[str, ...]) -> None:
        self._names = names
        for view in self._views.values():
            self._row.removeWidget(view)
            view.hide()
        for name in names:
            if name not in self._views:
                self._views[name] = PlotView(plots()[name], self)
            self._row.addWidget(self._views[name], 1)
        self._arrange()

    def _arrange(self) -> None:
        """Show as many as have room, each with the newest history."""
        room = max(1, int((self.width() - self._button.sizeHint().width()) / (NARROWEST * theme.scale)))
        self._hint.setVisible(not self._names)
        for place, name in enumerate(self._names):
            view = self._views[name]
            if place < room:
                view.set_history(self._history)
                view.mark(self._marked)
                view.annotate(self._changes)
                if view.overlays != self._overlays:
                    view.compare(self._overlays)
            view.setVisible(place < room)

    def _use_theme(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.colour("panel"))
        self.setPalette(palette)
        self._arrange()


class ChooseButton(QToolButton):
    """Three lines that open the list of plots."""

    def __init__(self, board: PlotBoard) -> None:
        super().__init__(board)
        self._board = board
        self.setToolTip(tr("Choose plots"))
        self.setAccessibleName(tr("Choose plots"))
        self.clicked.connect(self._open)

    def sizeHint(self) -> QSize:
        side = round(26 * theme.scale)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(self.rect(), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text" if self.underMouse() else "muted"))
        unit = self.width() / 26
        for row, width in enumerate((12, 12, 8)):
            painter.drawRoundedRect(round(7 * unit), round((8 + 4.5 * row) * unit), round(width * unit), max(1, round(1.6 * unit)), 1, 1)

    def _open(self) -> None:
        self._board.menu().popup(self.mapToGlobal(self.rect().bottomLeft()))
