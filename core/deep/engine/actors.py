"""K members acting, each in an environment of its own: epsilon-greedy choice, one step, bookkeeping of episodes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.deep.engine.encoding import Encoding
from core.deep.engine.learnt import AS_IT_IS, Learnt
from core.deep.engine.minibatch import GOES_ON
from core.deep.engine.replay import Replay
from core.deep.engine.targets import BLOCKED
from core.history import EPISODES, Rows
from core.streams import Streams
from core.worlds.environment import Environment


class Actors:
    """Environments and where each member stands in its episode.

    Args:
        environments: one of each member.
        streams: of each member.
        encoding: how observations are stored.
        discounts: [K] gamma of each member.
        beside: other actors of the same members, together with whom episodes are counted.
        learnt: how an outcome is learnt from.

    Attributes:
        seen: [K, stored] float32, what each member observes now, as it is kept.
        episodes: ended so far, of each member.
        lengths: steps of the current episode, of each member.
        returns: undiscounted sum of its rewards, of each member.
        weights: sum over its steps k of gamma^(steps since k), of each member.
        seen_returns: sum over its steps of the discounted return from there on, so far and as it is learnt, of each member.
        stopped: members that act no more.
    """

    def __init__(
        self, environments: Sequence[Environment], streams: Sequence[Streams], encoding: Encoding, discounts: Sequence[float],
        beside: "Actors | None" = None, learnt: Learnt = AS_IT_IS,
    ) -> None:  # fmt: skip
        self.environments, self.streams, self.encoding, self.discounts = environments, streams, encoding, discounts
        self.learnt = learnt
        members = len(environments)
        self.seen = np.zeros((members, encoding.stored), np.float32)
        self._blocked = np.zeros((members, environments[0].mask.size), np.float32)
        self.lengths, self.returns = [0] * members, [0.0] * members
        self.weights, self.seen_returns = [0.0] * members, [0.0] * members
        self.episodes: list[int] = beside.episodes if beside else [0] * members
        self.stopped: set[int] = beside.stopped if beside else set()
        self._ended: list[tuple[int, int, int, float, int, float]] = beside._ended if beside else []
        for member in range(members):
            self._look(member)

    def explore(self, epsilon: Sequence[float] | NDArray[np.float64]) -> list[int]:
        """A random available action of each member with probability epsilon, else -1."""
        actions = []
        for streams, environment, chance in zip(self.streams, self.environments, epsilon, strict=True):
            draw = streams.exploration.random
            if draw() < chance:
                available = np.flatnonzero(environment.mask)
                actions.append(int(available[int(draw() * len(available))]))
            else:
                actions.append(-1)
        return actions

    def exploit(self, actions: list[int], q: NDArray[np.float32]) -> None:
        """Put the first best available action by q [K, A] wherever `actions` holds -1."""
        for member, best in enumerate((q - BLOCKED * self._blocked).argmax(1).tolist()):
            if actions[member] < 0:
                actions[member] = best

    def expect(self, actions: Sequence[int]) -> None:
        """Tell every environment its next action, so that those of another process are asked together."""
        for member, (environment, action) in enumerate(zip(self.environments, actions, strict=True)):
            if member not in self.stopped:
                environment.expect(action)

    def step(self, actions: Sequence[int], replay: Replay, step: int) -> None:
        """Step every environment, hand the transitions to `replay`, begin the next episode where one ended.

        Args:
            actions: of each member.
            replay: receives one transition of every member.
            step: the number of steps taken when this one is done.
        """
        self.expect(actions)
        for member, (environment, action) in enumerate(zip(self.environments, actions, strict=True)):
            if member in self.stopped:
                continue
            replay.begin(member, self.encoding.store(environment))
            lives = environment.lives
            outcome = environment.step(action)
            learnt = self.learnt.of(outcome, environment.lives < lives)
            replay.end(member, self.encoding.store(environment), action, *learnt, environment.mask)
            self.lengths[member] += 1
            self.returns[member] += outcome.reward
            self.weights[member] = 1.0 + self.discounts[member] * self.weights[member]
            self.seen_returns[member] += learnt.reward * self.weights[member]
            if learnt.terminated:
                self.weights[member] = 0.0
            if outcome.terminated or outcome.truncated:
                replay.over(member)
                length = self.lengths[member]
                seen = self.seen_returns[member] / length
                self._ended.append((self.episodes[member], member, step, self.returns[member], length, seen))
                self.episodes[member] += 1
                self.lengths[member] = 0
                self.returns[member] = self.weights[member] = self.seen_returns[member] = 0.0
                environment.reset()
            self._look(member)
        replay.commit()

    def follow(self, ended: NDArray[np.float32], reward: float, step: int) -> None:
        """Count steps that every member took elsewhere.

        Args:
            ended: [T, K] whether each was the last of its episode, as of `Minibatch`.
            reward: of each.
            step: the number of steps taken when the first of them was done.
        """
        learnt, discounts = self.learnt.reward(reward), np.array(self.discounts)
        lengths, returns, weights, seen = (np.array(each) for each in (self.lengths, self.returns, self.weights, self.seen_returns))
        for number, over in enumerate(ended != GOES_ON, step):
            lengths += 1
            returns += reward
            weights = 1.0 + discounts * weights
            seen += learnt * weights
            for member in np.flatnonzero(over).tolist():
                length = int(lengths[member])
                row = (self.episodes[member], member, number, float(returns[member]), length, float(seen[member]) / length)
                self._ended.append(row)
                self.episodes[member] += 1
            for each in (lengths, returns, weights, seen):
                each[over] = 0
        self.lengths, self.returns, self.weights, self.seen_returns = (each.tolist() for each in (lengths, returns, weights, seen))

    @property
    def least_episodes(self) -> int:
        """Episodes that the slowest member that still acts has ended."""
        return min(count for member, count in enumerate(self.episodes) if member not in self.stopped)

    def take_rows(self) -> list[Rows]:
        """The episodes that ended since the last call; `discounted` is the mean over an episode's steps of the discounted return seen from
        there to its end, which is what mean Q should come to."""
        if not self._ended:
            return []
        names = ("episode", "member", "step", "return", "length", "discounted")
        columns = {name: np.array(column) for name, column in zip(names, zip(*self._ended, strict=True), strict=True)}
        self._ended.clear()
        return [Rows(EPISODES, columns)]

    def _look(self, member: int) -> None:
        environment = self.environments[member]
        self.seen[member] = self.encoding.store(environment)
        np.logical_not(environment.mask, out=self._blocked[member])

    def state(self) -> dict[str, Any]:
        """Everything but the random streams, which belong to the learner."""
        return {
            "positions": {str(member): environment.position() for member, environment in enumerate(self.environments)},
            "episodes": np.array(self.episodes),
            "lengths": np.array(self.lengths),
            "returns": np.array(self.returns),
            "weights": np.array(self.weights),
            "seen_returns": np.array(self.seen_returns),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        self._ended.clear()
        for member, environment in enumerate(self.environments):
            environment.restore(state["positions"][str(member)])
            self._look(member)
        self.episodes[:] = np.asarray(state["episodes"]).tolist()
        for name in ("lengths", "returns", "weights", "seen_returns"):
            setattr(self, name, np.asarray(state[name]).tolist())
