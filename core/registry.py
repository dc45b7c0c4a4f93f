"""Finds what lies in folders: an algorithm is one module with an ALGORITHM, found because it is there."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from core.errors import UnknownName
from core.learner import Learner, LearnerConfig, Task

Needs = Literal["bandit", "finite", "any"]

FAMILIES = {"planning": "core.planning", "tabular": "core.tabular", "linear": "core.linear", "deep": "core.deep"}
"""Where algorithms are looked for, in the order that menus show them."""


@dataclass(frozen=True)
class Algorithm:
    """What the studio knows of an algorithm before it runs.

    Attributes:
        name: as typed on the command line.
        title: as shown.
        summary: one sentence for a student.
        source: paper or book it is from.
        config: its settings.
        build: makes the learner; heavy imports happen here.
        needs: "bandit" if there must be but one state to act in, "finite" if it reads or counts every state, "any" if
            observations are enough.
        limit: how long a run goes unless told otherwise, in units (steps; planners: 0, until converged).
        order: smaller comes first in its family's menu; equal ones by module.
        learns: whether it does; else it only plays what it was given.
    """

    name: str
    title: str
    summary: str
    source: str
    config: type[LearnerConfig]
    build: Callable[[Task], Learner]
    needs: Needs = "any"
    limit: int = 0
    order: int = 100
    learns: bool = True


@cache
def algorithms() -> dict[str, Algorithm]:
    """Every algorithm by name. Importing a module of a family must stay cheap: no torch, no numba."""
    found: dict[str, Algorithm] = {}
    for package in FAMILIES.values():
        parent = importlib.import_module(package)
        modules = [module.name for module in pkgutil.iter_modules(parent.__path__, package + ".") if not module.ispkg]
        members = [getattr(importlib.import_module(name), "ALGORITHM", None) for name in modules]
        known = sorted((member for member in members if member is not None), key=lambda member: member.order)
        found |= {algorithm.name: algorithm for algorithm in known}
    return found


def algorithm(name: str) -> Algorithm:
    """The algorithm of that name; UnknownName with the nearest ones otherwise."""
    try:
        return algorithms()[name]
    except KeyError:
        raise UnknownName("algorithm", name, algorithms()) from None


def family(name: str) -> str:
    """The folder an algorithm lies in: planning, tabular, linear or deep."""
    return algorithm(name).config.__module__.split(".")[1]
