"""Several environments of each of K members, stepped one after the other."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.deep.engine.actors import Actors
from core.deep.engine.encoding import Encoding
from core.deep.engine.learnt import AS_IT_IS, Learnt
from core.deep.engine.replay import Replay
from core.history import Rows
from core.streams import Streams
from core.worlds.environment import Environment


class Crew:
    """N ranks of actors, each with one environment of every member; episodes are counted together.

    All environments of a member draw from the one world stream that it has, in turn.

    Args:
        environments: [N K], those of the first rank first.
        streams: of each member.
        encoding: how observations are stored.
        discounts: [K] gamma of each member.
        learnt: as of actors.

    Attributes:
        ranks: N.
        episodes: ended so far, of each member, in all its environments.
        stopped: members that act no more.
    """

    def __init__(
        self, environments: Sequence[Environment], streams: Sequence[Streams], encoding: Encoding, discounts: Sequence[float],
        learnt: Learnt = AS_IT_IS,
    ) -> None:  # fmt: skip
        members = len(streams)
        first = Actors(environments[:members], streams, encoding, discounts, learnt=learnt)
        others = range(members, len(environments), members)
        self.ranks = [first, *(Actors(environments[at : at + members], streams, encoding, discounts, first, learnt) for at in others)]
        self.episodes, self.stopped = first.episodes, first.stopped

    def see(self, seen: NDArray[np.float32]) -> None:
        """Write what every environment shows into `seen` [K, N, stored]."""
        for number, rank in enumerate(self.ranks):
            seen[:, number] = rank.seen

    def explore(self, epsilon: Sequence[float] | NDArray[np.float64]) -> list[list[int]]:
        """[N][K] a random available action with probability epsilon, else -1."""
        return [rank.explore(epsilon) for rank in self.ranks]

    def exploit(self, actions: list[list[int]], q: NDArray[np.float32]) -> None:
        """Put the first best available action by q [K, N, A] wherever `actions` holds -1."""
        for number, rank in enumerate(self.ranks):
            rank.exploit(actions[number], q[:, number])

    def expect(self, actions: list[list[int]]) -> None:
        """Tell every environment its next action, [N][K]."""
        for number, rank in enumerate(self.ranks):
            rank.expect(actions[number])

    def step(self, turn: int, actions: Sequence[int], replay: Replay, step: int) -> None:
        """Step one environment of every member, as `Actors.step` does."""
        self.ranks[turn].step(actions, replay, step)

    @property
    def least_episodes(self) -> int:
        """Episodes that the slowest member that still acts has ended."""
        return self.ranks[0].least_episodes

    def take_rows(self) -> list[Rows]:
        """The episodes that ended since the last call, in any environment."""
        return self.ranks[0].take_rows()

    def state(self) -> dict[str, Any]:
        return {str(number): rank.state() for number, rank in enumerate(self.ranks)}

    def restore(self, state: Mapping[str, Any]) -> None:
        for number, rank in enumerate(self.ranks):
            rank.restore(state[str(number)])
