"""The environment of a world whose code runs in a process of its own."""

from typing import Any

import numpy as np

from core.worlds.foreign.proxy import ProxyEnv
from core.worlds.gym_environment import GymEnvironment


class ForeignEnvironment(GymEnvironment):
    """As any other, but for what crosses at once instead of step by step."""

    env: ProxyEnv
    slow = True

    @property
    def held(self) -> bool:
        return self.env.host.held

    def expect(self, action: int) -> None:
        self.env.expect(action + self._first_action)

    def restore(self, position: dict[str, Any]) -> None:
        self.episode_seed = int(position["episode_seed"])
        actions = np.asarray(position["actions"], np.int64)
        self.actions = actions.tolist()
        self.observation = self._vector(self.env.replay(self.episode_seed, (actions + self._first_action).tolist()))
