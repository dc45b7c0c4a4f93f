"""One step of a watched episode, as the viewer shows it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class ViewerFrame:
    """A moment of a greedy episode.

    Attributes:
        picture: [height, width, 3] uint8; None where the world has none.
        observation: [D] float32, after the step.
        action_values: [A] float64, Q before the step.
        action: the action taken.
        reward: of this step.
        episode_return: sum of the rewards so far.
        step: steps of this episode.
        ended: whether the episode ended with this step.
    """

    picture: NDArray[np.uint8] | None
    observation: NDArray[np.float32]
    action_values: NDArray[np.float64]
    action: int
    reward: float
    episode_return: float
    step: int
    ended: bool
