"""One plot on the screen: title, legend, curves, and numbers at the mouse."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QLabel, QMenu, QStackedLayout, QVBoxLayout, QWidget

from app.numbers import short
from app.plots import choices, export
from app.plots.canvas import Canvas
from app.plots.curves import Floats
from app.plots.figure import Figure, Size
from app.plots.grouping import Keyed, at, grouped, legend, row_at, written
from app.plots.header import Entry, Header
from app.plots.output import figure_of, table_of, with_unit
from app.plots.overlay import Overlay
from app.plots.plot import Axis, Plot
from app.plots.plot_menu import menu_of
from app.plots.readout import Readout
from app.plots.trace import Trace
from app.popup import pop_up
from app.text import tr
from app.theme import theme
from core.history import Columns
from core.runs.statistics import Statistic


class PlotView(QWidget):
    """Draws one `Plot`. Only works while it is visible."""

    changed = Signal()
    """The person chose another axis, smoothing or way to draw, or hid a line."""

    def __init__(self, plot: Plot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = plot
        self.axis, self.look, self.hidden = choices.read(plot, {})
        self.overlays: tuple[Overlay, ...] = ()
        self._others: list[Trace] = []
        self.groups: list[Keyed] = []
        self._history: Mapping[str, Columns] = {}
        self._marked: int | None = None
        self._changes: tuple[tuple[int, str], ...] = ()
        self._labels: tuple[str, ...] = ()
        self._header = Header(tr(plot.title), f"({tr(plot.y.unit)})" if plot.y.unit else "")
        self._canvas = Canvas()
        self._readout = Readout(self._canvas)
        self._below = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._below.setProperty("muted", True)
        self._waiting = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._waiting.setProperty("muted", True)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._canvas, 1)
        column.addWidget(self._below)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._waiting)
        self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setSpacing(0)
        layout.setContentsMargins(10, 4, 10, 4)
        layout.addWidget(self._header)
        layout.addLayout(self._pages, 1)
        self.setAutoFillBackground(True)
        self.setAccessibleName(tr(plot.title))
        self.setAccessibleDescription(f"{tr(plot.tooltip)} {tr('Its menu shows the numbers as a table.')}")
        self._header.setToolTip(f"{tr(plot.tooltip)}\n{tr('A click on a line of the legend hides it.')}")
        self._waiting.setToolTip(tr(plot.tooltip))
        self._canvas.pointed.connect(self._point)
        self._header.clicked.connect(self.toggle)
        self._aim()
        self._show_waiting()
        theme.changed.connect(self._use_theme)
        self._use_theme()

    @property
    def smoothing(self) -> int:
        """Rows over which means trail."""
        return self.look.smoothing

    @property
    def log_y(self) -> bool:
        return self.look.log_y

    @property
    def members(self) -> int:
        """How many the present run has."""
        return len(self._traces[0].members)

    def set_history(self, history: Mapping[str, Columns]) -> None:
        """Show this history; cheap where no row was added. While hidden, it only remembers it."""
        self._history = history
        if self.isVisible():
            self._follow()

    def compare(self, overlays: Sequence[Overlay]) -> None:
        """Draw these earlier runs, too."""
        known = {overlay.number: trace for overlay, trace in zip(self.overlays, self._others, strict=True)}
        self.overlays = tuple(overlays)
        self._others = [known.get(overlay.number) or self._trace() for overlay in overlays]
        self._canvas.restart()
        if self.isVisible():
            self._follow(anew=True)

    def clear(self) -> None:
        """Forget the run; the waiting sentence shows."""
        self._history = {}
        for trace in self._traces:
            trace.clear()
        self._canvas.restart()
        self.mark(None)
        self.annotate(())
        self._show_waiting()
        if self.overlays and self.isVisible():
            self._follow(anew=True)

    def mark(self, units: int | None) -> None:
        """Mark the last row before the moment after so many units of work; None takes the mark away."""
        self._marked = units
        self._canvas.mark_at(None if units is None else self._traces[0].place(self._history, units))

    def annotate(self, changes: Sequence[tuple[int, str]]) -> None:
        """Dotted lines where the person changed something, after so many units of work; the text shows at the mouse."""
        self._changes = tuple(changes)
        placed = [(self._traces[0].place(self._history, units), text) for units, text in changes]
        self._canvas.annotate([(0.0 if x is None else x, text) for x, text in placed])

    def name_members(self, labels: Sequence[str]) -> None:
        """Draw members of one label as one line with its name; the labels of all members, or none."""
        if self._labels != tuple(labels):
            self._labels = tuple(labels)
            self._canvas.restart()
            if self.isVisible():
                self._follow(anew=True)

    def reset_view(self) -> None:
        """Show all data again after zooming, and follow from now on."""
        self._canvas.reset()

    @property
    def zoomed(self) -> bool:
        """Whether there is a view to reset."""
        return not self._canvas.following

    @property
    def waiting(self) -> bool:
        """Whether there is nothing to draw yet."""
        return self._pages.currentIndex() == 0

    @property
    def legend(self) -> tuple[Entry, ...]:
        """What stands for which line."""
        return legend(self.groups, self.look, self.hidden)

    def figure(self) -> Figure:
        """What is shown, for a file."""
        return figure_of(self.plot, self.axis, self._canvas, self.groups)

    def save_picture(self, path: Path, size: Size) -> None:
        """Write what is shown as PNG, SVG or PDF; OSError where that fails."""
        self.figure().save(path, size)

    def save_table(self, path: Path) -> None:
        """Write every column of the channel as CSV, of earlier runs that are shown, too; OSError where that fails."""
        runs = [(tr("this run"), self.plot.source(self._history))]
        runs += [(overlay.name, self.plot.source(overlay.history)) for overlay in self.overlays]
        export.save_table([(name, columns) for name, columns in runs if columns is not None], path)

    def table(self) -> list[tuple[str, Floats]]:
        """The numbers behind the picture: the places on the axis, then a column for each line and for the ends of each band."""
        return table_of(self.axis, self._canvas, self.groups)

    def menu(self) -> QMenu:
        """What can be done with this plot."""
        return menu_of(self)

    def use(
        self, *, axis: Axis | None = None, smoothing: int | None = None, log_y: bool | None = None, log_x: bool | None = None,
        statistic: Statistic | None = None,
    ) -> None:  # fmt: skip
        """Choose another horizontal axis, smoothing, scale or statistic."""
        self._turn_to(axis or self.axis)
        given = {"smoothing": smoothing, "log_y": log_y, "log_x": log_x, "statistic": statistic}
        self.look = replace(self.look, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
        self._show_choices()
        self.changed.emit()

    @property
    def chosen(self) -> dict[str, Any]:
        """What a person chose otherwise than it is at first, to be kept."""
        return choices.written(self.plot, self.axis, self.look, self.hidden)

    def recall(self, kept: Mapping[str, Any]) -> None:
        """Draw as it was chosen once."""
        axis, self.look, self.hidden = choices.read(self.plot, kept)
        self._turn_to(axis)
        self._show_choices()

    def toggle(self, key: str) -> None:
        """Hide a line of the legend, or show it again."""
        self.hidden ^= {key}
        self._draw()
        self.changed.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        pop_up(self.menu(), event.globalPos())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()

    def _trace(self) -> Trace:
        channels = (self.plot.channel, self.plot.elsewhere) if self.plot.elsewhere else (self.plot.channel,)
        return Trace(channels, self.plot.y.column, self.axis, self.plot.bars)

    def _turn_to(self, axis: Axis) -> None:
        if axis != self.axis:
            self.axis = axis
            self._aim()
            self._canvas.restart()

    def _show_choices(self) -> None:
        self._use_theme()
        self.mark(self._marked)
        self.annotate(self._changes)

    def _aim(self) -> None:
        """Follow the columns anew, over the axis in use."""
        self._traces = [self._trace(), *(Trace((line.channel,), line.column, self.axis) for line in self.plot.also)]
        self._others = [self._trace() for _ in self.overlays]

    def _follow(self, anew: bool = False) -> None:
        told = [trace.update(self._history) for trace in self._traces]
        told += [trace.update(overlay.history) for trace, overlay in zip(self._others, self.overlays, strict=True)]
        if any(told) or anew or (self.waiting and self._history):
            self._draw()
            if self._changes and any(told):
                self.annotate(self._changes)

    def _draw(self) -> None:
        mine, *beside = (trace.members for trace in self._traces)
        others = [(overlay, trace.members) for overlay, trace in zip(self.overlays, self._others, strict=True)]
        labels = [self._labels[number] for number in self._traces[0].numbers if number < len(self._labels)]
        self.groups = grouped(
            self.plot, mine, beside if mine else (), others, self.look, self.hidden, labels if len(labels) == len(mine) else ()
        )
        self.groups = [(key, group) for key, group in self.groups if group.members]
        if not self.groups:
            self._show_waiting()
            return
        self._pages.setCurrentIndex(1)
        self._canvas.show_groups([group for _, group in self.groups], self.look, self.axis.whole)
        _, first = self.groups[0]
        value = at(first, np.inf, self.look)[1][0] if mine and not self.plot.bars else None
        newest = () if value is None else tuple(short(value, digits) for digits in (4, 3, 2))
        self._header.show_entries(newest, self.legend)

    def _show_waiting(self) -> None:
        plot = self.plot
        self._waiting.setText(tr(plot.absent) if plot.absent and plot.missing(self._history) else tr(plot.waiting))
        self._pages.setCurrentIndex(0)
        self._header.show_entries((), ())
        self._header.show_readout("")

    def _point(self, x: float | None) -> None:
        text = "" if x is None or self.waiting else self._at(x)
        self._header.show_readout(text)
        self._canvas.point_at(x if text else None)
        lines = [(group, written(at(group, x, self.look)[1])) for _, group in self.groups if group.parts] if text and x is not None else []
        said = self._canvas.changes_near(x) if text and x is not None else ""
        self._readout.show_lines(lines if len(lines) > 1 else [], said)

    def _at(self, x: float) -> str:
        """What stands at a place, in words."""
        shown = [group for _, group in self.groups if group.parts]
        if not shown:
            return ""
        place, values = at(shown[0], x, self.look)
        text = f"{tr(self.axis.label)} {short(place)}"
        if len(shown) > 1:
            return text
        if len(values) == 1 and self.smoothing > 1:
            raw = float(shown[0].members[0].y[row_at(shown[0].members[0], x)])
            return f"{text}: {short(raw)} · {tr('mean')} {short(values[0])}"
        return f"{text}: {written(values)}"

    def _use_theme(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.colour("panel"))
        self.setPalette(palette)
        font = self.font()
        font.setPointSizeF(8.6 * theme.scale)
        self._below.setFont(font)
        self._below.setText(with_unit(self.axis))
        self._canvas.use_theme()
        self._header.updateGeometry()
        self._header.update()
        if self.isVisible():
            self._follow(anew=bool(self.groups))
