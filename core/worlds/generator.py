"""Finds what lies in core/worlds/generators: a generator makes a world of any size from a few numbers.

The same numbers give the same world on every platform: chance comes from numpy's PCG64 and a seed among the numbers.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from core.config import Config
from core.errors import UnknownName
from core.worlds.grid import GridWorld
from core.worlds.mdp import FiniteMDP

FOLDER = "core.worlds.generators"


@dataclass(frozen=True)
class Generator:
    """What is known of a generator before it makes anything.

    Attributes:
        name: as typed after `make:`.
        title: as shown, and title_ko the same in Korean.
        description: one or two sentences with the source, and description_ko the same in Korean.
        config: its numbers.
        make: the world of such a config: a grid where it can be drawn, else a table. Its discount and step limit do not
            count, the document's do. Heavy imports happen here.
        discount: the document's own unless told otherwise.
        step_limit: likewise, in steps; 0 for none.
    """

    name: str
    title: str
    title_ko: str
    description: str
    description_ko: str
    config: type[Config]
    make: Callable[[Any], GridWorld | FiniteMDP]
    discount: float = 0.99
    step_limit: int = 1000


@cache
def generators() -> dict[str, Generator]:
    """Every generator by name. Importing one must stay cheap: no scipy, no numba, no gymnasium."""
    folder = importlib.import_module(FOLDER)
    modules = [importlib.import_module(f"{FOLDER}.{module.name}") for module in pkgutil.iter_modules(folder.__path__)]
    return {module.GENERATOR.name: module.GENERATOR for module in modules}


def generator(name: str) -> Generator:
    """The generator of that name; UnknownName with the nearest ones otherwise."""
    try:
        return generators()[name]
    except KeyError:
        raise UnknownName("generator", name, generators()) from None
