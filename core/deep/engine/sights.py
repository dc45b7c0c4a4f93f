"""What was seen in the transitions of a minibatch, where their rows do not hold it: stacks of pictures, put together when drawn."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.deep.engine.device import Shared
from core.deep.engine.frames import Frames


class Sights:
    """The observations of B transitions of every member.

    Args:
        frames: the pictures.
        batch: B.
        device: where they are wanted.

    Attributes:
        before: [K, B, stack size] uint8, what was seen before the first step of each; overwritten by `bring`.
        after: the same after the last step of each.
        newest: number of the newest transition, from 0 through all that were ever stored.
    """

    def __init__(self, frames: Frames, batch: int, device: torch.device) -> None:
        self._frames = frames
        shape = (frames.members, batch, frames.stack * frames.size)
        self._before, self._after = (Shared(shape, device, torch.uint8) for _ in range(2))
        self.before: Tensor = self._before.tensor
        self.after: Tensor = self._after.tensor
        self.newest = -1

    def bring(self, places: NDArray[np.int64], newest: int) -> None:
        """Bring what was seen in the transitions at places [1 or 2, K, B], of which the newest lies at `newest`: the first row has
        those at which transitions begin, the last row those at which they end."""
        frames = self._frames
        numbers = (self.newest - (newest - places) % frames.capacity).tolist()
        whole = (*self._before.array.shape[:2], frames.stack, frames.size)
        before, after = (each.array.reshape(whole) for each in (self._before, self._after))
        for member, (first, last) in enumerate(zip(numbers[0], numbers[-1], strict=True)):
            for which, (begin, end) in enumerate(zip(first, last, strict=True)):
                frames.seen(member, begin, before[member, which])
                frames.seen_after(member, end, after[member, which])
        self._before.push()
        self._after.push()
