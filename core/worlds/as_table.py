"""Any finite world as a table of transitions, to be shown and edited as one.

A grid's transitions come from its rules; those edited here become its own and stay with it. Other worlds that are no tables are
shown, and can be edited once they have been made one.
"""

from collections.abc import Iterable

import numpy as np

from core.errors import WorldError
from core.worlds import table_edits
from core.worlds.grid import GridWorld
from core.worlds.mdp import FiniteMDP
from core.worlds.table import TableWorld, Transition
from core.worlds.world import World


def as_table(world: World, mdp: FiniteMDP) -> TableWorld:
    """The world as a table that compiles to `mdp`, drawn where a grid has its cells.

    Args:
        world: finite; a table is returned as it is.
        mdp: what it compiles to.
    """
    if isinstance(world, TableWorld):
        return world
    places = {}
    if isinstance(world, GridWorld):
        grid = world.compiled
        across = (world.columns + 1) * grid.layer_of_state
        cells = np.stack([grid.cell_of_state[:, 1] + across, grid.cell_of_state[:, 0]], axis=1).astype(float)
        places = dict(zip(mdp.state_names, map(tuple, cells.tolist()), strict=True))
    return table_edits.table_of(mdp, **table_edits.words(world), places=places)


def with_outcomes(world: World, state: str, action: str, rows: Iterable[Transition]) -> World:
    """The world with these outcomes of an action in a state; a grid without rows goes back to what its rules make.

    Raises:
        WorldError: where the world is neither table nor grid.
    """
    if isinstance(world, TableWorld):
        return table_edits.with_outcomes(world, state, action, rows)
    if isinstance(world, GridWorld):
        kept = tuple(row for row in world.transitions if (row.state, row.action) != (state, action))
        return world.model_copy(update={"transitions": (*kept, *rows)})
    raise WorldError("The transitions of this world are made by a program", remedy="Make it a table first, then edit it")
