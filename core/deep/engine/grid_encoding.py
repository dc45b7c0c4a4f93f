"""A grid's states as coordinates or as pictures. In the replay buffer they are numbers of states all the same."""

import torch
from torch import Tensor

from core.deep.engine.encoding import States
from core.worlds.grid import GridWorld
from core.worlds.grid_features import coordinates, planes


class Coordinates(States):
    """Row and column from -1 to 1, and which keys are held.

    Args:
        world: the grid.
        device: where the network reads.
    """

    def __init__(self, world: GridWorld, device: torch.device) -> None:
        self._known = torch.from_numpy(coordinates(world)).to(device)
        super().__init__(world.compile(), tuple(self._known.shape[1:]))

    def expand(self, stored: Tensor) -> Tensor:
        return self._known[stored[..., 0].long()]


class Picture(States):
    """Binary planes [C, rows, columns]: the agent's, and one for each kind of cell; keys that are held are gone from theirs.

    Args:
        world: the grid.
        device: where the network reads.
    """

    def __init__(self, world: GridWorld, device: torch.device) -> None:
        parts = planes(world)
        self._still, self._place = torch.from_numpy(parts.still).to(device), torch.from_numpy(parts.place).to(device)
        self._there = torch.from_numpy(~parts.gone).to(device).float() if parts.gone.any() else None
        super().__init__(world.compile(), (len(parts.still), world.rows, world.columns))

    def expand(self, stored: Tensor) -> Tensor:
        states = stored[..., 0].long()
        pictures = self._still.expand(*states.shape, *self._still.shape).clone()
        if self._there is not None:
            pictures *= self._there[states][..., None]
        pictures[..., 0, :].scatter_(2, self._place[states][..., None], 1.0)
        return pictures.view(*states.shape, *self.shape)
