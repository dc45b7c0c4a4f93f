"""Finds the plots: one module of this package with a PLOT each."""

import importlib
import pkgutil
from functools import cache

from app.plots.plot import Plot
from core.registry import Algorithm, family
from core.runs.spec import is_bandit
from core.worlds.world import World


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


def kind_of(algorithm: Algorithm, world: World) -> str:
    """What a run records: the algorithm's family; of tables, "prediction" where a policy is only evaluated and "bandit" on a bandit; "play"
    where nothing is learned."""
    if not algorithm.learns:
        return "play"
    found = family(algorithm.name)
    if found == "tabular":
        return "bandit" if is_bandit(world) else "prediction" if "policy" in algorithm.config.model_fields else found
    return found


def defaults(kind: str) -> tuple[Plot, ...]:
    """The plots shown for a kind of run unless the person chooses others."""
    return tuple(plot for plot in plots().values() if kind in plot.families)
