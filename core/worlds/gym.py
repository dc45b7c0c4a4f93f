"""Gymnasium environments as worlds: named by id, made on demand, headless, in the thread that uses them."""

import importlib.util
import os
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from core.config import Config, setting
from core.errors import EnvironmentFailure, MissingPart, UnknownName, WorldError
from core.worlds import build
from core.worlds.document import Document
from core.worlds.mdp import FiniteMDP

if TYPE_CHECKING:
    import gymnasium


class Quantity(Config):
    """One number of an observation."""

    name: str = setting(..., "Name", "What it measures.")
    unit: str = setting("", "Unit", "What it is counted in.")
    low: float | None = setting(None, "Low", "Lowest value that matters, where the environment's own bound is infinite or far too wide.")
    high: float | None = setting(None, "High", "Highest value that matters.")


class GymWorld(Document):
    """A gymnasium environment by id. With a table `P` of transitions it is a finite MDP, too."""

    kind: Literal["gym"] = setting("gym", "Kind", "A gymnasium environment.")
    id: str = setting(..., "Environment", "The id it is registered by, such as CartPole-v1.", pattern=r"^[A-Za-z0-9_./-]+$")
    arguments: dict[str, Any] = Field(default_factory=dict, title="Arguments", description="Passed to gymnasium.make.")
    observation: tuple[Quantity, ...] = setting((), "Observation", "Names and units of what the agent sees.")
    actions: tuple[str, ...] = setting((), "Actions", "Names of the actions.")
    package: str = setting("", "Package", "The Python package that it needs beyond gymnasium.")
    finite: bool = setting(False, "Finite", "Whether it has a table P of transitions.")
    solved: float | None = setting(None, "Solved at", "The mean return at which it counts as solved.")
    step_limit: int = setting(
        0, "Step limit", "Steps after which an episode is truncated; 0 for its own limit.", unit="steps", ge=0, le=1_000_000
    )

    def missing(self) -> str | None:
        """Why it cannot run on this machine, as a sentence; None if it can."""
        if self.package and importlib.util.find_spec(self.package) is None:
            return f"{self.id} needs the package '{self.package}', which is not installed here."
        return None

    def make(self, render: bool = False) -> "gymnasium.Env[Any, Any]":
        """Make it in this thread; with `render` it returns pictures. No window is ever opened.

        Raises:
            MissingPart: where its package is not installed.
            UnknownName: where gymnasium knows no such id.
            EnvironmentFailure: where its own code raises.
        """
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
        os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
        import gymnasium

        missing = self.missing()
        if missing:
            raise MissingPart(missing.rstrip("."), remedy=f"Install it with: python -m pip install {self.package}")
        if self.id not in gymnasium.registry:
            raise UnknownName("environment", self.id, gymnasium.registry)
        limit = {"max_episode_steps": self.step_limit} if self.step_limit else {}
        try:
            return gymnasium.make(self.id, render_mode="rgb_array" if render else None, disable_env_checker=True, **limit, **self.arguments)
        except Exception as error:
            raise EnvironmentFailure(f"it could not be made ({type(error).__name__}: {error})", where=self.id) from error

    def compile(self) -> FiniteMDP:
        """Its table of transitions, as far as its own `P` tells (that of a fickle Taxi says nothing of changed minds).

        Raises:
            WorldError: where it has no such table.
        """
        env = self.make()
        try:
            base = env.unwrapped
            table = getattr(base, "P", None)
            if not isinstance(table, dict):
                raise WorldError(
                    "its states cannot be listed", where=self.id, remedy="Choose a learner that works from observations, such as dqn"
                )
            start = getattr(base, "initial_state_distrib", None)
            if start is None:
                observation, _ = env.reset(seed=0)
                start = [float(state == observation) for state in range(len(table))]
            limit = env.spec.max_episode_steps if env.spec else None
            return build.from_gymnasium(table, action_names=self.actions, start=start, discount=self.discount, step_limit=limit or 0)
        finally:
            env.close()
