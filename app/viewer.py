"""Lets the newest policy play greedily in an environment of its own, with a picture of every step.

Lives in the worker's thread: an environment is made, drawn and closed where it is used. It draws from no stream of the
run, so that a watched run and an unwatched one give the same numbers.
"""

from collections.abc import Iterator

from app.frames import ViewerFrame
from core.learner import Learner
from core.runs.evaluation import Moment, evaluation_stream, play
from core.worlds.environment import Environment, make_environment
from core.worlds.world import World


class Viewer:
    """Endless greedy episodes.

    Args:
        world: where to play.
        seed: of the starts.
    """

    def __init__(self, world: World, seed: int) -> None:
        self.environment: Environment = make_environment(world, evaluation_stream(seed), render=True)
        self.episode: Iterator[Moment] | None = None

    def frame(self, learner: Learner, member: int = 0) -> ViewerFrame:
        """Play one step and show it."""
        if self.episode is None:
            self.episode = play(learner, self.environment, member)
        moment = next(self.episode)
        if moment.ended:
            self.episode = None
        return ViewerFrame(
            picture=self.environment.render(),
            observation=self.environment.observation,
            action_values=moment.action_values,
            action=moment.action,
            reward=moment.reward,
            episode_return=moment.episode_return,
            step=moment.step,
            ended=moment.ended,
        )

    def close(self) -> None:
        self.environment.close()
