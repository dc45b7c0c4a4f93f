"""The panel of plots: up to four side by side, chosen by the kind of run or by the person."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from app.plots.choose_button import ChooseButton
from app.plots.overlay import Overlay
from app.plots.plot import Plot
from app.plots.plot_view import PlotView
from app.plots.present import channels_of
from app.plots.registry import defaults, plots
from app.text import tr
from app.theme import theme
from core.history import Columns
from core.learner import Snapshot

MOST = 4
"""Plots shown at once at most."""
NARROWEST = 170
"""Pixels that a plot needs at a text scale of 1; those on the right that have no room are left out."""


class PlotBoard(QWidget):
    """Shows the plots of one run. Views are made when first shown and kept."""

    chosen = Signal()
    """The person chose other plots, or another way to draw one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views: dict[str, PlotView] = {}
        self._names: tuple[str, ...] = ()
        self._own: dict[str, tuple[str, ...]] = {}
        self._kind = ""
        self._behind: dict[str, None] = {}
        self._moment: object = None
        self._marked: int | None = None
        self._changes: tuple[tuple[int, str], ...] = ()
        self._labels: tuple[str, ...] = ()
        self._overlays: tuple[Overlay, ...] = ()
        self._take({}, None)
        self._drawn: dict[str, dict[str, Any]] = {}
        self._row = QHBoxLayout()
        self._row.setSpacing(1)
        self._hint = QLabel(tr("No plot is chosen. Choose one with the button on the right."), alignment=Qt.AlignmentFlag.AlignCenter)
        self._hint.setProperty("muted", True)
        self._hint.setWordWrap(True)
        self._row.addWidget(self._hint, 1)
        self._button = ChooseButton(self, self.menu)
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
        self._show(self._chosen_for(kind))

    def adopt(self, other: "PlotBoard") -> None:
        """Show what another board shows, and take over what the person chose there."""
        self.recall(other.choices)
        self.show_for(other._kind)

    @property
    def choices(self) -> dict[str, Any]:
        """What the person chose: plots by the kind of run, and how each is drawn; plain values, to be kept."""
        drawn = self._drawn | {name: view.chosen for name, view in self._views.items()}
        own = {kind: list(names) for kind, names in self._own.items()}
        return {"plots": own, "drawn": {name: how for name, how in drawn.items() if how}}

    def recall(self, choices: Mapping[str, Any]) -> None:
        """Take over what was chosen once; whatever cannot be read is as at first."""
        own, drawn, known = choices.get("plots"), choices.get("drawn"), plots()
        if isinstance(own, dict):
            lists = {str(kind): [name for name in names if name in known] for kind, names in own.items() if isinstance(names, list)}
            self._own = {kind: tuple(names[:MOST]) for kind, names in lists.items()}
        if isinstance(drawn, dict):
            self._drawn = {name: how for name, how in drawn.items() if name in known and isinstance(how, dict)}
        for name, view in self._views.items():
            view.recall(self._drawn.get(name, {}))
        self._show(self._chosen_for(self._kind))

    def set_history(self, history: Mapping[str, Columns], snapshot: Snapshot | None = None) -> None:
        """Hand the newest history, and what is known now, to the plots that are shown."""
        self._take(history, snapshot)
        self._bring_all()

    def follow(self, history: Mapping[str, Columns], snapshot: Snapshot | None = None) -> None:
        """Hand them to one plot in turn: while a run goes on, no frame draws all of them."""
        self._take(history, snapshot)
        self.catch_up()

    def hold(self, history: Mapping[str, Columns], snapshot: Snapshot | None, moment: object) -> None:
        """Have them for the plots, one with each `catch_up`.

        Args:
            history, snapshot: of a run that holds still.
            moment: tells them from others, so that the same again are not drawn again.
        """
        if moment != self._moment:
            self._take(history, snapshot)
            self._moment = moment

    @property
    def behind(self) -> bool:
        """Whether a plot that is seen has to catch up."""
        return bool(self._behind) and self.isVisible()

    def catch_up(self) -> bool:
        """Bring the plot up to date that has waited longest; whether there was one to be seen."""
        while self._behind and self.isVisible():
            name = next(iter(self._behind))
            del self._behind[name]
            view = self._views[name]
            if name in self._names and not view.isHidden():
                view.set_history(self._history)
                view.mark(self._marked)
                return True
        return False

    def _bring_all(self) -> None:
        while self.catch_up():
            pass

    def _take(self, history: Mapping[str, Columns], snapshot: Snapshot | None) -> None:
        self._behind |= dict.fromkeys(self._names)
        self._moment = None
        self._measured = history
        self._snapshot = snapshot
        self._present: Mapping[str, Columns] | None = None

    @property
    def _history(self) -> Mapping[str, Columns]:
        """What was measured, and what is known now where a plot that is shown asks for it."""
        if not any(plots()[name].bars for name in self._names):
            return self._measured
        if self._present is None:
            self._present = channels_of(self._snapshot)
        return {**self._measured, **self._present}

    def mark(self, units: int | None) -> None:
        """Mark the moment after so many units of work; None takes the mark away."""
        self._marked = units
        for view in self.shown():
            view.mark(units)

    def annotate(self, changes: Sequence[tuple[int, str]]) -> None:
        """Say where the person changed something: units of work before, and what."""
        self._changes = tuple(changes)
        self._moment = None
        for view in self.shown():
            view.annotate(self._changes)

    def name_members(self, labels: Sequence[str]) -> None:
        """Tell members apart by these labels, one for each; none: by nothing."""
        self._labels = tuple(labels)
        for view in self.shown():
            view.name_members(self._labels)

    def compare(self, overlays: Sequence[Overlay]) -> None:
        """Draw these earlier runs beside the present one."""
        if tuple(overlays) == self._overlays:
            return
        self._overlays = tuple(overlays)
        for view in self.shown():
            view.compare(self._overlays)

    def clear(self) -> None:
        """Forget the run."""
        self._take({}, None)
        self._behind.clear()
        self._marked = None
        self._changes = ()
        for view in self._views.values():
            view.clear()

    def choose(self, names: Sequence[str]) -> None:
        """Show these plots, for this kind of run from now on."""
        known = plots()
        self._own[self._kind] = tuple(name for name in names if name in known)[:MOST]
        self._show(self._own[self._kind])
        self.chosen.emit()

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

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._bring_all()

    def _toggle(self, plot: Plot, show: bool) -> None:
        names = {*self._names, plot.name} if show else set(self._names) - {plot.name}
        self.choose([name for name in plots() if name in names])

    def _forget_choice(self) -> None:
        self._own.pop(self._kind, None)
        self.show_for(self._kind)
        self.chosen.emit()

    def _chosen_for(self, kind: str) -> tuple[str, ...]:
        return self._own.get(kind, tuple(plot.name for plot in defaults(kind)[:MOST]))

    def _show(self, names: tuple[str, ...]) -> None:
        self._names = names
        for view in self._views.values():
            self._row.removeWidget(view)
            view.hide()
        for name in names:
            if name not in self._views:
                view = self._views[name] = PlotView(plots()[name], self)
                view.recall(self._drawn.get(name, {}))
                view.changed.connect(self.chosen)
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
                view.name_members(self._labels)
                if view.overlays != self._overlays:
                    view.compare(self._overlays)
            view.setVisible(place < room)

    def _use_theme(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.colour("panel"))
        self.setPalette(palette)
        self._arrange()
