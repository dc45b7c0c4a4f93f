"""One plot on the screen: title, legend, curves, and numbers at the mouse."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QMenu, QMessageBox, QStackedLayout, QVBoxLayout, QWidget

from app.numbers import short
from app.plots import export
from app.plots.canvas import Canvas
from app.plots.curves import Curves, Series, mean_and_half, trailing_mean
from app.plots.header import Entry, Header
from app.plots.plot import Axis, Plot
from app.text import tr
from app.theme import theme
from core.history import Columns

WINDOWS = (1, 10, 100, 1000)
"""Choices of smoothing, in rows."""


class PlotView(QWidget):
    """Draws one `Plot`. Only works while it is visible."""

    changed = Signal()
    """The person chose another axis or smoothing."""

    def __init__(self, plot: Plot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = plot
        self.axis: Axis = plot.x[0]
        self.smoothing = plot.smoothing
        self.log_y = plot.log_y
        self._history: Mapping[str, Columns] = {}
        self._marked: int | None = None
        self._curves = Curves(self.axis.column, plot.y.column)
        self._header = Header(tr(plot.title), f"({tr(plot.y.unit)})" if plot.y.unit else "")
        self._canvas = Canvas()
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
        self.setAccessibleDescription(tr(plot.tooltip))
        self._header.setToolTip(tr(plot.tooltip))
        self._waiting.setToolTip(tr(plot.tooltip))
        self._canvas.pointed.connect(self._point)
        self._show_waiting()
        theme.changed.connect(self._use_theme)
        self._use_theme()

    def set_history(self, history: Mapping[str, Columns]) -> None:
        """Show this history; cheap where no row was added. While hidden, it only remembers it."""
        self._history = history
        if self.isVisible():
            self._follow()

    def clear(self) -> None:
        """Forget the run; the waiting sentence shows."""
        self._history = {}
        self._curves.clear()
        self._canvas.restart()
        self.mark(None)
        self._show_waiting()

    def mark(self, units: int | None) -> None:
        """Mark the last row before the moment after so many units of work; None takes the mark away."""
        self._marked = units
        columns = self._history.get(self.plot.channel)
        if units is None or columns is None or self.axis.column not in columns:
            self._canvas.mark_at(None)
            return
        before = np.flatnonzero(columns["step" if "step" in columns else "backups"] <= units)
        self._canvas.mark_at(float(columns[self.axis.column][before[-1]]) if len(before) else None)

    def reset_view(self) -> None:
        """Show all data again after zooming, and follow from now on."""
        self._canvas.reset()

    @property
    def waiting(self) -> bool:
        """Whether there is nothing to draw yet."""
        return self._pages.currentIndex() == 0

    def save_picture(self, path: Path) -> None:
        """Write what is shown as PNG; OSError where that fails."""
        export.save_picture(self, path)

    def save_table(self, path: Path) -> None:
        """Write every column of the channel as CSV; OSError where that fails."""
        export.save_table(self._history.get(self.plot.channel, {}), path)

    def menu(self) -> QMenu:
        """What can be done with this plot."""
        menu = QMenu(self)
        menu.addAction(tr("Reset view"), self.reset_view).setEnabled(not self._canvas.following)
        menu.addSeparator()
        if len(self.plot.x) > 1:
            across = menu.addMenu(tr("Horizontal axis"))
            for axis in self.plot.x:
                self._choice(across, tr(axis.label), axis == self.axis, lambda _=False, axis=axis: self.use(axis=axis))
        if self.plot.smoothing:
            means = menu.addMenu(tr("Smoothing"))
            for window in WINDOWS:
                text = tr("Mean of {count}", count=window) if window > 1 else tr("None")
                self._choice(means, text, window == self.smoothing, lambda _=False, window=window: self.use(smoothing=window))
        self._choice(menu, tr("Logarithmic axis"), self.log_y, lambda checked=False: self.use(log_y=checked))
        menu.addSeparator()
        menu.addAction(tr("Save picture…"), lambda: self._save("png", self.save_picture)).setEnabled(not self.waiting)
        menu.addAction(tr("Save data…"), lambda: self._save("csv", self.save_table)).setEnabled(not self.waiting)
        return menu

    def use(self, *, axis: Axis | None = None, smoothing: int | None = None, log_y: bool | None = None) -> None:
        """Choose another horizontal axis, smoothing or scale."""
        if axis is not None and axis != self.axis:
            self.axis = axis
            self._curves = Curves(axis.column, self.plot.y.column)
            self._canvas.restart()
        self.smoothing = self.smoothing if smoothing is None else smoothing
        self.log_y = self.log_y if log_y is None else log_y
        self._use_theme()
        self.mark(self._marked)
        self.changed.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()

    def _follow(self) -> None:
        columns = self._history.get(self.plot.channel)
        if columns is None or not self.plot.fits(columns):
            if not self.waiting:
                self._curves.clear()
            self._show_waiting()
            return
        if self.axis.column not in columns:
            self.axis = next(axis for axis in self.plot.x if axis.column in columns)
            self._curves = Curves(self.axis.column, self.plot.y.column)
        if self._curves.update(columns):
            self._draw()

    def _draw(self) -> None:
        members = [series for series in self._curves.ordered() if series.known]
        if not members:
            self._show_waiting()
            return
        self._pages.setCurrentIndex(1)
        self._canvas.show_curves(self._curves, self.smoothing, self.log_y)
        self._header.show_entries(self._newest(members), self._legend(len(members)))

    def _show_waiting(self) -> None:
        plot = self.plot
        self._waiting.setText(tr(plot.absent) if plot.absent and plot.missing(self._history) else tr(plot.waiting))
        self._pages.setCurrentIndex(0)
        self._header.show_entries("", ())
        self._header.show_readout("")

    def _newest(self, members: list[Series]) -> str:
        values = [trailing_mean(series.y, np.array([series.count - 1]), self.smoothing)[0] for series in members]
        return short(float(np.mean(values)))

    def _legend(self, members: int) -> tuple[Entry, ...]:
        main, faint, area = (self._canvas.colours[name] for name in ("main", "faint", "area"))
        if members > 1:
            entries = [Entry(tr("mean of {count} members", count=members), main, 2), Entry(tr("95 % band"), area, 0)]
            return (*entries, Entry(tr("each member"), faint, 1))
        if self.smoothing > 1:
            mean = tr("mean of {count} {rows}", count=self.smoothing, rows=tr(self.plot.counted))
            return Entry(mean, main, 2), Entry(tr("each"), faint, 1)
        return ()

    def _point(self, x: float | None) -> None:
        text = "" if x is None or self.waiting else self._at(x)
        self._header.show_readout(text)
        self._canvas.point_at(x if text else None)

    def _at(self, x: float) -> str:
        """What stands at a place, in words."""
        members = [series for series in self._curves.ordered() if series.count]
        rows = [min(max(int(np.searchsorted(series.x, x + 0.5, side="right")) - 1, 0), series.count - 1) for series in members]
        place = f"{tr(self.axis.label)} {short(float(members[0].x[rows[0]]))}"
        if len(members) == 1:
            raw, row = float(members[0].y[rows[0]]), np.array(rows)
            mean = float(trailing_mean(members[0].y, row, self.smoothing)[0])
            return f"{place}: {short(raw)}" + (f" · {tr('mean')} {short(mean)}" if self.smoothing > 1 else "")
        values = [trailing_mean(series.y, np.array([row]), self.smoothing) for series, row in zip(members, rows, strict=True)]
        mean_of, half = mean_and_half(np.stack(values))
        return f"{place}: {short(float(mean_of[0]))} ± {short(float(half[0]))}"

    def _choice(self, menu: QMenu, text: str, chosen: bool, act: Callable[..., None]) -> None:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(chosen)
        action.triggered.connect(act)

    def _save(self, suffix: str, write: Callable[[Path], None]) -> None:
        name, _ = QFileDialog.getSaveFileName(self, tr("Save"), f"{self.plot.name}.{suffix}", f"*.{suffix}")
        if not name:
            return
        try:
            write(Path(name).with_suffix(f".{suffix}"))
        except OSError as error:
            QMessageBox.warning(self, tr("Save"), str(error))

    def _use_theme(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.colour("panel"))
        self.setPalette(palette)
        font = self.font()
        font.setPointSizeF(8.6 * theme.scale)
        self._below.setFont(font)
        self._below.setText(tr(self.axis.label) + (f" ({tr(self.axis.unit)})" if self.axis.unit else ""))
        self._canvas.use_theme()
        self._header.updateGeometry()
        self._header.update()
        if self._curves.rows:
            self._draw()
        elif self.isVisible():
            self._follow()
