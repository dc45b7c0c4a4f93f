"""What there is to see of the watched episodes at one moment; immutable, it crosses from the worker to the window."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.runs.evaluation import Reckoning
from core.worlds.gym import Quantity
from core.worlds.poses import Handle, State


@dataclass(frozen=True, slots=True)
class Posed:
    """The state that a person may change.

    Attributes:
        quantities: name, unit and bounds of each number.
        state: the numbers.
        handles: what can be dragged in the picture.
        whole: whether the numbers are whole.
    """

    quantities: tuple[Quantity, ...]
    state: State
    handles: tuple[Handle, ...]
    whole: bool


@dataclass(frozen=True, slots=True, eq=False)
class Companion:
    """A member that plays beside others.

    Attributes:
        member: its number.
        picture: [height, width, 3] uint8; None where the world has none.
        episode_return, step, ended: of its episode.
        last_return: of the episode before; None in the first.
    """

    member: int
    picture: NDArray[np.uint8] | None
    episode_return: float
    step: int
    ended: bool
    last_return: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """Returns of a person and the agent, who began in the same states: the last ones and the best; None before the first."""

    you: float | None = None
    your_best: float | None = None
    agent: float | None = None
    agents_best: float | None = None

    def with_yours(self, value: float) -> "Score":
        """After an episode of the person."""
        return Score(value, value if self.your_best is None else max(self.your_best, value), None, self.agents_best)

    def with_agents(self, value: float) -> "Score":
        """After the agent's from the same state."""
        return Score(self.you, self.your_best, value, value if self.agents_best is None else max(self.agents_best, value))


@dataclass(frozen=True, slots=True, eq=False)
class SliceMap:
    """Values over two numbers of the observation, the others held.

    Attributes:
        x, y: which numbers.
        low, high: bounds of both.
        values: [rows, columns] float64, the largest Q; rows from the lowest y.
        actions: [rows, columns] int64, the action that has it.
        held: [D] float32, the observation whose other numbers are held.
    """

    x: int
    y: int
    low: tuple[float, float]
    high: tuple[float, float]
    values: NDArray[np.float64]
    actions: NDArray[np.int64]
    held: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class ViewerFrame:
    """A moment of a watched episode.

    Attributes:
        picture: [height, width, 3] uint8; None where the world has none.
        observation: [D] float32, now.
        action_values: [A] float64, Q now; at the end of an episode those before its last step.
        action: the one chosen now; at the end of an episode the last one.
        reward: of the last step.
        episode_return: sum of the rewards so far.
        step: steps of this episode.
        ended: whether the episode has ended.
        discounted: sum of the discounted rewards so far.
        explores: whether the action was drawn at random.
        episode: number of the episode, from 1.
        last_return: of the episode before; None in the first.
        reckoning: of the newest episode that has ended.
        seed: of the start.
        member, members: who plays, and how many there are.
        playing: whether it goes on by itself.
        steered: whether a person plays.
        waiting: whether it begins when the person presses a key.
        score: of the person and the agent.
        posed: the state, where a person may change it.
        company: the members side by side; none where only one is shown.
        slice: the newest map of values.
        filmed: pictures recorded so far; None when nothing is recorded.
        state: where the player is, in a world whose states are listed.
        trail: states of this episode so far, the present one last, while a person plays in such a world.
        teaching: whether the agent learns from what the person plays.
        invited: folder of the kept run whose policy plays; None for the run on show.
    """

    picture: NDArray[np.uint8] | None
    observation: NDArray[np.float32]
    action_values: NDArray[np.float64]
    action: int
    reward: float
    episode_return: float
    step: int
    ended: bool
    discounted: float = 0.0
    explores: bool = False
    episode: int = 1
    last_return: float | None = None
    reckoning: Reckoning | None = None
    seed: int = 0
    member: int = 0
    members: int = 1
    playing: bool = True
    steered: bool = False
    waiting: bool = False
    score: Score = Score()
    posed: Posed | None = None
    company: tuple[Companion, ...] = ()
    slice: SliceMap | None = None
    filmed: int | None = None
    state: int | None = None
    trail: tuple[int, ...] = ()
    teaching: bool = False
    invited: Path | None = None
