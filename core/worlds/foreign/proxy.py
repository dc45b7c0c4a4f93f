"""An environment that lives in another process, as gymnasium's others are used."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from core.errors import EnvironmentFailure
from core.worlds.foreign.host import Host

if TYPE_CHECKING:
    from core.worlds.gym import GymWorld

MOST = 2**24
"""Numbers of an observation, or actions, at most."""


class ProxyEnv(gymnasium.Env[Any, Any]):
    """Asks the environment in its process; every call may raise EnvironmentFailure.

    Args:
        world: which.
        host: the process, which may have other environments of the same world.
        render: whether it returns pictures.
    """

    def __init__(self, world: "GymWorld", host: Host, render: bool = False) -> None:
        self.name, self.host = world.id, host
        self.render_mode = "rgb_array" if render else None
        self._number, told, bounds = host.make(render)
        self._begun = False
        self.metadata = {"render_modes": ["rgb_array"], "render_fps": told.get("rate")}
        try:
            self.action_space = _space(told["actions"])
            self.observation_space = _space(told["seen"], bounds)
        except (LookupError, TypeError, ValueError, AssertionError) as error:
            host.close(self._number)
            raise EnvironmentFailure(f"its spaces cannot be used ({error})", where=self.name) from None
        shown = self.observation_space
        host.shows(np.dtype(shown.dtype or np.int64), tuple(shown.shape or ()))

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[NDArray[Any], dict[str, Any]]:
        first, self._begun = not self._begun, True
        return self.host.reset(self._number, int(seed or 0), first=first), {}

    def replay(self, seed: int, actions: Sequence[int]) -> NDArray[Any]:
        """Begin the episode of a seed and take its actions, in one message; what is observed then."""
        first, self._begun = not self._begun, True
        return self.host.reset(self._number, seed, actions, first)

    def expect(self, action: int) -> None:
        """The next step will be with this action."""
        self.host.expect(self._number, action)

    def step(self, action: Any) -> tuple[NDArray[Any], float, bool, bool, dict[str, Any]]:
        stepped = self.host.step(self._number, int(action))
        return *stepped, {}

    def render(self) -> Any:
        return self.host.render(self._number) if self.render_mode else None

    def close(self) -> None:
        self.host.close(self._number)


def _space(told: dict[str, Any], bounds: list[NDArray[Any]] | None = None) -> gymnasium.Space[Any]:
    """A space as the process describes it; of a kind that cannot be used, one that has its name and text."""
    kind = str(told["kind"])
    if kind == "Discrete":
        if not 0 < int(told["n"]) <= MOST:
            raise ValueError(f"{told['n']} are too many")
        return gymnasium.spaces.Discrete(int(told["n"]), start=int(told["start"]))
    if kind == "Box" and bounds is not None:
        low, high = bounds
        if low.size > MOST:
            raise ValueError(f"{low.size} numbers are too many")
        return gymnasium.spaces.Box(low, high, low.shape, low.dtype.type)
    return Unknown(kind, str(told.get("text", kind)))


class Unknown(gymnasium.Space[Any]):
    """A space that nobody here can use."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__()
        self.kind, self.text = kind, text

    def __repr__(self) -> str:
        return self.text
