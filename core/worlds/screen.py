"""How an agent meets a game of the Arcade Learning Environment: what it sees of the screen, and how often it acts.

All of it is done by gymnasium's own wrappers: AtariPreprocessing, which follows Machado et al. (2018), then FrameStackObservation. The
games come with the package ale-py.
"""

import importlib.util
from typing import TYPE_CHECKING, Any

from core.config import Config, setting
from core.worlds.cartridges import remember_starts

if TYPE_CHECKING:
    import gymnasium

ALE = "ALE/"
"""What ids of its environments begin with."""
PACKAGES = {"ale_py": "ale-py", "cv2": "opencv-python-headless"}
"""What is imported, and what pip calls it; AtariPreprocessing resizes with OpenCV."""
FRAMES_A_SECOND = 60.0
"""Of the console."""


class Screen(Config):
    """Settings of a game; the defaults are those of Machado et al. (2018)."""

    frame_skip: int = setting(
        4,
        "Frame skip",
        "Frames for which an action is held; of the last two the agent sees the brighter pixels.",
        unit="frames",
        ge=1,
        le=60,
    )
    side: int = setting(84, "Screen size", "Rows and columns that the grey picture is resized to.", unit="pixels", ge=8, le=210)
    stack: int = setting(
        4,
        "Frame stack",
        "How many of the newest pictures the agent sees at once; one alone does not tell which way the ball flies.",
        unit="frames",
        ge=1,
        le=16,
    )
    sticky: float = setting(0.25, "Sticky actions", "Probability that the console repeats its last action for a frame.", ge=0, le=1)
    noops: int = setting(
        30, "No-op start", "An episode begins after 1 to so many frames in which nothing is done; 0: at once.", unit="frames", ge=0, le=1000
    )

    @property
    def shape(self) -> tuple[int, int, int]:
        """(frames, rows, columns) of an observation."""
        return self.stack, self.side, self.side

    @property
    def rate(self) -> float:
        """Steps a second in real time."""
        return FRAMES_A_SECOND / self.frame_skip


def missing() -> tuple[str, ...]:
    """What pip would have to install before a game runs here."""
    return tuple(name for module, name in PACKAGES.items() if importlib.util.find_spec(module) is None)


def register() -> None:
    """Make the games known to gymnasium."""
    import ale_py

    ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)  # else it greets on the error stream


def make_game(identifier: str, screen: Screen, step_limit: int, **arguments: Any) -> "gymnasium.Env[Any, Any]":
    """The game as the agent meets it: observations are [frames, rows, columns] uint8, rewards and ends the game's own.

    Args:
        identifier: of the environment.
        screen: how it is met.
        step_limit: steps after which an episode is truncated; 0 for the game's own limit, 108,000 frames.
        arguments: for gymnasium.make.
    """
    import gymnasium
    from gymnasium.wrappers import AtariPreprocessing, FrameStackObservation, TimeLimit

    given = {"frameskip": 1, "obs_type": "grayscale", "repeat_action_probability": screen.sticky}
    game = gymnasium.make(identifier, **arguments | given)
    remember_starts(game.unwrapped, (identifier, repr(arguments | given)))
    seen = AtariPreprocessing(game, noop_max=screen.noops, frame_skip=screen.frame_skip, screen_size=screen.side)
    stacked = FrameStackObservation(seen, screen.stack)
    return TimeLimit(stacked, step_limit) if step_limit else stacked


def action_names(meanings: list[str]) -> tuple[str, ...]:
    """ALE's names as words: UPRIGHTFIRE is "up right fire"."""
    return tuple(
        "nothing" if meaning == "NOOP" else " ".join(word for word in ("up", "down", "left", "right", "fire") if word.upper() in meaning)
        for meaning in meanings
    )
