"""Finds the plots: one module of this package with a PLOT each."""

import importlib
import pkgutil
from functools import cache

from app.plots.plot import Plot


@cache
def plots() -> dict[str, Plot]:
    """Every plot by name, in the order of the board."""
    package = __name__.rpartition(".")[0]
    parent = importlib.import_module(package)
    found = []
    for module in pkgutil.iter_modules(parent.__path__, package + "."):
        plot = getattr(importlib.import_module(module.name), "PLOT", None)
        if isinstance(plot, Plot):
            found.append(plot)
    return {plot.name: plot for plot in sorted(found, key=lambda plot: (plot.order, plot.name))}


def defaults(family: str) -> tuple[Plot, ...]:
    """The plots shown for a family of algorithms unless the person chooses others."""
    return tuple(plot for plot in plots().values() if family in plot.families)
