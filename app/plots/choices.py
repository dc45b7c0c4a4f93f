"""How a person wants a plot to be drawn, as plain values that can be kept."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from app.plots.lines import Look
from app.plots.plot import Axis, Plot
from core.runs.statistics import Statistic

KEPT = ("main", "area", "faint", "beside 0", "beside 1")
"""Lines of the legend that every run has: only of these it is kept that they are hidden."""
LONGEST = 100_000
"""Rows of smoothing at most."""


def written(plot: Plot, axis: Axis, look: Look, hidden: Iterable[str]) -> dict[str, Any]:
    """What differs from how the plot is drawn at first."""
    found = {
        "axis": axis.column, "smoothing": look.smoothing, "log_x": look.log_x, "log_y": look.log_y, "statistic": look.statistic.value,
        "hidden": sorted(set(hidden) & set(KEPT)),
    }  # fmt: skip
    usual = {
        "axis": plot.x[0].column, "smoothing": plot.smoothing, "log_x": plot.log_x, "log_y": plot.log_y, "statistic": Statistic.mean.value,
        "hidden": [],
    }  # fmt: skip
    return {name: value for name, value in found.items() if value != usual[name]}


def read(plot: Plot, kept: Mapping[str, Any]) -> tuple[Axis, Look, frozenset[str]]:
    """Axis, look and hidden lines; whatever cannot be read is as at first."""
    axis = next((axis for axis in plot.x if axis.column == kept.get("axis")), plot.x[0])
    look = first_look(plot)
    smoothing, statistic, hidden = kept.get("smoothing"), kept.get("statistic"), kept.get("hidden")
    if plot.smoothing and isinstance(smoothing, int) and 0 < smoothing <= LONGEST:
        look = replace(look, smoothing=smoothing)
    if statistic in {each.value for each in Statistic}:
        look = replace(look, statistic=Statistic(statistic))
    for name in ("log_x", "log_y"):
        if isinstance(kept.get(name), bool):
            look = replace(look, **{name: kept[name]})
    return axis, look, frozenset(key for key in hidden if key in KEPT) if isinstance(hidden, list) else frozenset()


def first_look(plot: Plot) -> Look:
    """How a plot is drawn unless a person wants otherwise."""
    return Look(plot.smoothing, log_x=plot.log_x, log_y=plot.log_y, bars=plot.bars)
