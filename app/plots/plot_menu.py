"""The menu of a plot: axes, members, smoothing, lines, and files."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox

from app.dialogs.saving import ask_where
from app.plots.as_table import PlotTable
from app.plots.figure import PAPER, PROJECTOR, SUFFIXES, Size
from app.plots.grouping import CHOICES
from app.text import tr

if TYPE_CHECKING:
    from app.plots.plot_view import PlotView

WINDOWS = (1, 10, 100, 1000)
"""Choices of smoothing, in rows."""


def menu_of(view: "PlotView") -> QMenu:
    """What can be done with a plot."""
    menu = QMenu(view)
    menu.addAction(tr("Reset view"), view.reset_view).setEnabled(view.zoomed)
    menu.addSeparator()
    if len(view.plot.x) > 1:
        across = menu.addMenu(tr("Horizontal axis"))
        for axis in view.plot.x:
            _choice(across, tr(axis.label), axis == view.axis, lambda _=False, axis=axis: view.use(axis=axis))
    if view.members > 1 or any(len(group.members) > 1 for _, group in view.groups):
        together = menu.addMenu(tr("Members together"))
        for statistic, title in CHOICES.items():
            chosen = statistic is view.look.statistic
            _choice(together, tr(title), chosen, lambda _=False, statistic=statistic: view.use(statistic=statistic))
    if view.plot.smoothing:
        means = menu.addMenu(tr("Smoothing"))
        for window in WINDOWS:
            text = tr("Mean of {count}", count=window) if window > 1 else tr("None")
            _choice(means, text, window == view.smoothing, lambda _=False, window=window: view.use(smoothing=window))
    entries = view.legend
    if entries:
        lines = menu.addMenu(tr("Lines"))
        for entry in entries:
            if entry.key:
                _choice(lines, entry.text, not entry.hidden, lambda _=False, key=entry.key: view.toggle(key))
    _choice(menu, tr("Logarithmic horizontal axis"), view.look.log_x, lambda checked=False: view.use(log_x=checked))
    _choice(menu, tr("Logarithmic vertical axis"), view.log_y, lambda checked=False: view.use(log_y=checked))
    menu.addSeparator()
    shown = not view.waiting
    menu.addAction(tr("Show as table"), lambda: PlotTable(view).show()).setEnabled(shown)
    menu.addAction(tr("Save picture for paper…"), lambda: save_picture(view, PAPER)).setEnabled(shown)
    menu.addAction(tr("Save picture for projector…"), lambda: save_picture(view, PROJECTOR)).setEnabled(shown)
    menu.addAction(tr("Save data…"), lambda: save_data(view)).setEnabled(shown)
    return menu


def save_picture(view: "PlotView", size: Size) -> None:
    """Ask where, as PNG, SVG or PDF, and write it."""
    kinds = ";;".join(f"{suffix.upper()} (*.{suffix})" for suffix in SUFFIXES)
    name, kind = QFileDialog.getSaveFileName(view, tr("Save"), f"{view.plot.name}-{size.name}.png", kinds)
    if name:
        path = Path(name)
        suffix = path.suffix.lower().lstrip(".")
        if suffix not in SUFFIXES:
            path = path.with_name(f"{path.name}.{kind.partition(' ')[0].lower() or SUFFIXES[0]}")
        _write(view, lambda: view.save_picture(path, size))


def save_data(view: "PlotView") -> None:
    """Ask where, and write the numbers as CSV."""
    path = ask_where(view, tr("Save"), view.plot.name, "csv")
    if path is not None:
        _write(view, lambda: view.save_table(path))


def _write(view: "PlotView", write: Callable[[], None]) -> None:
    try:
        write()
    except OSError as error:
        QMessageBox.warning(view, tr("Save"), str(error))


def _choice(menu: QMenu, text: str, chosen: bool, act: Callable[..., None]) -> None:
    action = menu.addAction(text)
    action.setCheckable(True)
    action.setChecked(chosen)
    action.triggered.connect(act)
