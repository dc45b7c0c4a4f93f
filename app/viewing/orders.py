"""What a person may order of the watched episodes; immutable, it crosses from the window to the worker."""

from dataclasses import dataclass
from pathlib import Path

from core.worlds.poses import State


@dataclass(frozen=True, slots=True)
class Play:
    """Go on by itself, or hold still."""

    on: bool


@dataclass(frozen=True, slots=True)
class OneStep:
    """Hold still after one step."""


@dataclass(frozen=True, slots=True)
class Pace:
    """So many times as fast as real time."""

    times: float


@dataclass(frozen=True, slots=True)
class Explore:
    """Take any action with this probability."""

    epsilon: float


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin a new episode; this and all that follow with this seed, or each with its own where it is None."""

    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """Show `count` members, the first of them in front."""

    first: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class Steer:
    """Let a person play, or the agent again.

    Attributes:
        on: whether the person plays.
        idle: the action while no key is held; None for the last one.
        turns: whether the world waits for each key.
    """

    on: bool
    idle: int | None = None
    turns: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """The action whose key is held now; None for no key."""

    action: int | None


@dataclass(frozen=True, slots=True)
class Teach:
    """Whether the agent learns from what the person plays."""

    on: bool


@dataclass(frozen=True, slots=True)
class Drag:
    """Drag a handle to a place in the picture, in shares of its width and height; the episode holds still."""

    handle: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Put:
    """Begin an episode in a state, and hold still."""

    state: State


@dataclass(frozen=True, slots=True)
class Slice:
    """Map values over two numbers of the observation.

    Attributes:
        x, y: which.
        zero: whether the others are held at zero, rather than at what is seen now.
    """

    x: int
    y: int
    zero: bool = False


@dataclass(frozen=True, slots=True)
class NoSlice:
    """Map nothing."""


@dataclass(frozen=True, slots=True)
class Film:
    """Record to a file from a new episode on; until stopped where `episodes` is 0."""

    path: Path
    episodes: int = 1


@dataclass(frozen=True, slots=True)
class Invite:
    """Watch the policy of a run that was kept, in its own world; None for the run on show."""

    folder: Path | None


@dataclass(frozen=True, slots=True)
class Cut:
    """Stop recording."""


Order = Play | OneStep | Pace | Explore | Begin | Show | Steer | Hold | Teach | Drag | Put | Slice | NoSlice | Film | Cut | Invite
