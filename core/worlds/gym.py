"""Gymnasium environments as worlds: named by id, made on demand, headless, in the thread that uses them.

Where a world names a `source`, its code is not gymnasium's own: it runs in a process of its own, once that was allowed, and reading or
showing the document runs none of it.
"""

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, model_validator

from core.config import Config, again, setting
from core.errors import EnvironmentFailure, MissingPart, UnknownName, WorldError
from core.worlds import build, screen
from core.worlds.document import Document
from core.worlds.mdp import FiniteMDP
from core.worlds.screen import ALE, Screen

if TYPE_CHECKING:
    import gymnasium

    from core.worlds.foreign.host import Host

REMEDY = "Install it with: python -m pip install"


OWN = "gymnasium", "ale_py"
"""Packages whose environments run in the process that uses them."""


class Quantity(Config):
    """One number of an observation."""

    name: str = setting(..., "Name", "What it measures.")
    unit: str = setting("", "Unit", "What it is counted in.")
    low: float | None = setting(None, "Low", "Lowest value that matters, where the environment's own bound is infinite or far too wide.")
    high: float | None = setting(None, "High", "Highest value that matters.")


class Limits(Config):
    """What a person may set of an environment from elsewhere."""

    step_limit: int = setting(
        0, "Step limit", "Steps after which an episode is truncated; 0 for its own limit.", unit="steps", ge=0, le=1_000_000
    )
    step_seconds: float = setting(
        10.0, "Time for a step", "A step that takes longer is taken to hang, and ends its process.", unit="s", gt=0, le=86_400
    )
    start_seconds: float = setting(
        60.0, "Time for a start", "The same for loading and making it, its first reset and a picture.", unit="s", gt=0, le=86_400
    )
    memory_gib: float = setting(
        0.0,
        "Memory limit",
        "Its process is ended where it takes more, with all that it has started; 0 for a quarter of this machine's memory.",
        unit="GiB",
        ge=0,
        le=65_536,
    )


class GymWorld(Document):
    """A gymnasium environment by id. With a table `P` of transitions it is a finite MDP, too."""

    kind: Literal["gym"] = setting("gym", "Kind", "A gymnasium environment.")
    id: str = setting(..., "Environment", "The id it is registered by, such as CartPole-v1.", pattern=r"^[A-Za-z0-9_./-]+$")
    arguments: dict[str, Any] = Field(default_factory=dict, title="Arguments", description="Passed to gymnasium.make.")
    observation: tuple[Quantity, ...] = setting((), "Observation", "Names and units of what the agent sees.")
    actions: tuple[str, ...] = setting((), "Actions", "Names of the actions.")
    package: str = setting("", "Package", "The Python package that it needs beyond gymnasium.")
    screen: Screen | None = Field(
        default=None, title="Screen", description="How the agent meets a game of the Arcade Learning Environment."
    )
    finite: bool = setting(False, "Finite", "Whether it has a table P of transitions.")
    solved: float | None = setting(None, "Solved at", "The mean return at which it counts as solved.")
    step_limit: int = again(Limits, "step_limit", 0)
    source: str = setting(
        "", "Code", "A Python file, or a module, that holds the environment; empty for those that gymnasium knows.", max_length=4096
    )
    sha256: str = setting("", "Hash of the code", "Code with another hash does not run; empty for any.", pattern=r"^([0-9a-f]{64})?$")
    step_seconds: float = again(Limits, "step_seconds", 10.0)
    start_seconds: float = again(Limits, "start_seconds", 60.0)
    memory_gib: float = again(Limits, "memory_gib", 0.0)

    @model_validator(mode="after")
    def _foreign_is_never_finite(self) -> Self:
        if self.source and self.finite:
            raise ValueError("states of an environment with code of its own cannot be listed")
        return self

    @model_validator(mode="after")
    def _screens_are_of_games(self) -> Self:
        if self.screen is not None and (self.source or not self.id.startswith(ALE)):
            raise ValueError(f"only games, whose ids begin with {ALE}, have a screen")
        return self

    @property
    def pinned(self) -> Self:
        """The same with the code that there is now and no other; EnvironmentFailure where there is none."""
        if not self.source or self.sha256:
            return self
        from core.worlds.foreign.code import code_of

        return self.model_copy(update={"sha256": code_of(self.source).sha256})

    @property
    def unpinned(self) -> Self:
        """The same with whatever code there is now."""
        return self.model_copy(update={"sha256": ""}) if self.sha256 else self

    def located(self, folder: Path) -> Self:
        """With the file of its code, if it is named from a folder, named in full."""
        return self if not self._in_file or Path(self.source).is_absolute() else self._with(str(folder.resolve() / self.source))

    def beside(self, folder: Path) -> Self:
        """With the file of its code, if it lies in a folder, named from there."""
        path = Path(self.source)
        inside = self._in_file and path.is_absolute() and path.is_relative_to(folder.resolve())
        return self._with(path.relative_to(folder.resolve()).as_posix()) if inside else self

    @property
    def _in_file(self) -> bool:
        return self.source.endswith(".py")

    def _with(self, source: str) -> Self:
        return self.model_copy(update={"source": source})

    def missing(self) -> str | None:
        """Why it cannot run on this machine, as a sentence; None if it can."""
        if self.screen is not None and (needed := screen.missing()):
            return f"{self.id} needs the extra for Atari, which is not installed here. {REMEDY} {' '.join(needed)}"
        package = self.package.partition(".")[0]  # to look for a module in it would import it
        if package and importlib.util.find_spec(package) is None:
            return f"{self.id} needs the package '{self.package}', which is not installed here."
        return None

    def host(self) -> "Host | None":
        """A process for environments of this world; None where it needs none. It starts with the first environment."""
        if not self.source:
            return None
        from core.worlds.foreign.host import Host

        return Host(self)

    def make(self, render: bool = False, host: "Host | None" = None) -> "gymnasium.Env[Any, Any]":
        """Make it in this thread; with `render` it returns pictures. No window is ever opened.

        Args:
            render: whether it returns pictures.
            host: the process that its code runs in, if it needs one; None for one of its own.

        Raises:
            MissingPart: where its package is not installed.
            UnknownName: where gymnasium knows no such id.
            EnvironmentFailure: where its own code raises.
        """
        if self.source:
            from core.worlds.foreign.proxy import ProxyEnv

            host = host or self.host()
            assert host is not None
            return ProxyEnv(self, host, render)
        if package := plugin_of(self.id):
            what = f"its code is that of the package '{package}', which runs in a process of its own"
            raise EnvironmentFailure(what, where=self.id, remedy=f"Open it as gym:{self.id}")
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
        os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
        import gymnasium

        missing = self.missing()
        if missing:
            what, _, remedy = missing.partition(". ")
            raise MissingPart(what.rstrip("."), remedy=remedy or f"{REMEDY} {self.package}")
        if self.screen is not None:
            screen.register()
        if self.id not in gymnasium.registry:
            raise UnknownName("environment", self.id, gymnasium.registry)
        arguments: dict[str, Any] = self.arguments | {"render_mode": "rgb_array" if render else None, "disable_env_checker": True}
        try:
            if self.screen is not None:
                return screen.make_game(self.id, self.screen, self.step_limit, **arguments)
            if self.step_limit:
                arguments["max_episode_steps"] = self.step_limit
            return gymnasium.make(self.id, **arguments)
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


def plugin_of(identifier: str) -> str:
    """The package that brings the environment of an id to gymnasium; nothing for gymnasium's own, and for those that this very program has
    registered."""
    import gymnasium

    spec = gymnasium.registry.get(identifier)
    place = spec.entry_point if spec is not None else None
    package = place.partition(":")[0].partition(".")[0] if isinstance(place, str) else ""
    return "" if package in OWN else package
