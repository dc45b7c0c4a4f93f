"""The state of the environment in front, as far as a person may set it."""

from typing import Any

from app.viewing.frames import Posed
from core.worlds.environment import Environment
from core.worlds.gym_environment import GymEnvironment
from core.worlds.poses import Pose, State, pose_for, within


class Posing:
    """What a person may do to one environment.

    Attributes:
        pose: how; None where nobody knows.
    """

    def __init__(self, environment: Environment) -> None:
        self.pose: Pose | None = None
        if isinstance(environment, GymEnvironment):
            self.pose = pose_for(environment)

    def posed(self, environment: Environment) -> Posed | None:
        """The state now."""
        if self.pose is None:
            return None
        bare = _bare(environment)
        state = self.pose.read(bare)
        return Posed(self.pose.quantities(bare), state, self.pose.handles(bare, state), self.pose.whole)

    def dragged(self, environment: Environment, handle: int, x: float, y: float) -> State | None:
        """The state with one handle at another place in the picture."""
        if self.pose is None:
            return None
        bare = _bare(environment)
        return self.pose.drag(bare, self.pose.read(bare), handle, x, y)

    def fitting(self, environment: Environment, state: State) -> State:
        """The nearest state that there is."""
        assert self.pose is not None
        return within(self.pose.quantities(_bare(environment)), state)


def _bare(environment: Environment) -> Any:
    """Without what is wrapped around it."""
    assert isinstance(environment, GymEnvironment)
    return environment.env.unwrapped
