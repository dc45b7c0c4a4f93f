"""Members at play on the device: actions, steps of the world and what is remembered of them, without asking the device in between.

Elsewhere every step waits twice: for the values by which members choose, and for what their environments answer. Here a stretch of steps is
planned on the host, which knows all random numbers beforehand: each is drawn from the stream that it would have come from, in the same
order. The device is asked once, when the stretch is done. So a run has the same numbers either way, to the bit on a processor; there, it
pays off where members are many.

This takes a world that steps as tensors. CartPole does (`poles`).
"""

from collections import deque
from collections.abc import Callable, Sequence
from copy import deepcopy

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.deep.engine.actors import Actors
from core.deep.engine.captured import Captured, Record
from core.deep.engine.dqn_settings import DQNConfig, TargetClock, TargetUpdate
from core.deep.engine.minibatch import GOES_ON, TERMINATED
from core.deep.engine.poles import REWARD, SHORTEST, Poles, start
from core.deep.engine.replay import Replay
from core.learner import Task
from core.schedules import Clock
from core.worlds.gym import GymWorld
from core.worlds.gym_environment import GymEnvironment

Values = Callable[[Tensor], Tensor]

FEWEST = 16
"""Members from which on it pays off on a processor."""
LONGEST = 64
"""Steps of a stretch at most."""
MOST = 1 << 21
"""Places of minibatches that are drawn ahead at most."""


def suits(task: Task, device: torch.device) -> bool:
    """Whether members can play on the device: in this world, and with settings that need to know nothing of them in between."""
    world, config = task.world, task.config
    if not isinstance(world, GymWorld) or world.id != "CartPole-v1" or world.source or world.arguments or not isinstance(config, DQNConfig):
        return False
    schedules = [schedule for each in task.configs if isinstance(each, DQNConfig) for schedule in (each.epsilon, each.learning_rate)]
    by_steps = all(schedule.per is Clock.step for schedule in schedules)
    by_steps &= config.target_update is not TargetUpdate.hard or config.target_clock is TargetClock.step
    plain = config.replay and not config.prioritised and not config.noisy
    return by_steps and plain and (device.type == "cuda" or (device.type == "cpu" and task.members >= FEWEST))


class Fleet:
    """K members at play.

    Args:
        actors: whose environments stand where the fleet is whenever a stretch is done.
        replay: receives every step.
        device: where the play is.
        record: makes recordings for the device.
    """

    def __init__(self, actors: Actors, replay: Replay, device: torch.device, record: Record | None) -> None:
        self._actors, self._replay = actors, replay
        self._environments = [each for each in actors.environments if isinstance(each, GymEnvironment)]
        members, spec = len(self._environments), self._environments[0].env.spec
        assert spec is not None and spec.max_episode_steps is not None
        self.poles = Poles(members, spec.max_episode_steps, device)
        self._drawn = torch.empty(0, members, dtype=torch.int64, device=device)
        self._chosen = torch.empty(members, dtype=torch.int64, device=device)
        self._starts = torch.zeros(LONGEST // SHORTEST + 1, members, 4, dtype=torch.float64, device=device)
        self._next = torch.zeros(members, dtype=torch.int64, device=device)
        self._members = torch.arange(members, device=device)
        self._factor = torch.tensor(actors.discounts, dtype=torch.float32, device=device)
        self._reward = torch.full((members, 1), actors.learnt.reward(REWARD), device=device)
        self._open = torch.zeros(members, actors.environments[0].mask.size, device=device)
        self._act: Captured[tuple[Tensor]] = Captured((self.poles.state, self.poles.lengths, self._next), record)
        self._ahead: list[deque[tuple[int, NDArray[np.float64]]]] = []
        self._turn = 0
        self._lost = True

    @property
    def trouble(self) -> str:
        """Why steps are not replayed, as a sentence; empty where nothing went wrong."""
        return self._act.trouble

    def plan(self, chances: NDArray[np.float64]) -> None:
        """Draw what a stretch needs; `chances` [T, K] of a random action at each step."""
        if self._lost:
            self._find()
        actions = self._open.shape[1]
        streams = [streams.exploration.random for streams in self._actors.streams]
        drawn = [_explored(draw, own, actions) for draw, own in zip(streams, chances.T.tolist(), strict=True)]
        self._drawn = torch.from_numpy(np.array(drawn).T.copy()).to(self._chosen.device)
        needed = len(chances) // SHORTEST + 1
        for stream, waiting in zip(self._streams, self._ahead, strict=True):
            while len(waiting) < needed:
                seed = int(stream.integers(2**31))
                waiting.append((seed, start(seed)))
        starts = np.array([[waiting[number][1] for waiting in self._ahead] for number in range(needed)])
        self._starts[:needed].copy_(torch.from_numpy(starts))
        self._next.zero_()
        self._turn = 0

    def leave(self) -> None:
        """Be told that the environments were put elsewhere."""
        self._lost, self._drawn = True, self._drawn[:0]

    @property
    def under_way(self) -> bool:
        """Whether steps that were planned are still to be taken."""
        return self._turn < len(self._drawn)

    def step(self, values: Values) -> None:
        """One step of every member, by Q [K, A] of what each sees, [K, 1, 4]."""
        self._chosen.copy_(self._drawn[self._turn])
        self._turn += 1
        self._replay.put(self._act(lambda: self._work(values))[0])

    def _work(self, values: Values) -> tuple[Tensor]:
        """A step of every member as a row of the replay, [K, R]."""
        seen = self.poles.seen
        action = torch.where(self._chosen < 0, values(seen[:, None]).argmax(1), self._chosen)
        ended = self.poles.step(action)
        factor = self._factor * (ended != TERMINATED)
        row = torch.cat((seen, self.poles.seen, action[:, None].float(), self._reward, ended[:, None], factor[:, None], self._open), 1)
        over = ended != GOES_ON
        self.poles.begin(over, self._starts[self._next, self._members])
        self._next.add_(over)
        return (row,)

    def settle(self, step: int) -> None:
        """Ask the device how the stretch went, and put actors and environments there.

        Args:
            step: the number of steps taken, those of the stretch included.
        """
        actors = self._actors
        taken, ended = self._replay.lately(self._turn)
        actors.follow(ended, REWARD, step - self._turn + 1)
        actors.seen[:] = self.poles.seen.cpu().numpy()
        over = ended.T != GOES_ON
        for member, (environment, played, ends) in enumerate(zip(self._environments, taken.T.tolist(), over.any(1).tolist(), strict=True)):
            seed, actions, begun = environment.episode_seed, environment.actions, 0
            for last in np.flatnonzero(over[member]).tolist() if ends else ():
                self._ahead[member].popleft()
                seed, actions, begun = int(actors.streams[member].world.integers(2**31)), [], last + 1
            actions += played[begun:]
            environment.stand(seed, actions, actors.seen[member].copy())
        self._drawn, self._turn = self._drawn[:0], 0

    def _find(self) -> None:
        """Go to where the environments are."""
        self._streams = [deepcopy(streams.world) for streams in self._actors.streams]
        self._ahead = [deque() for _ in self._streams]
        self.poles.repeat([each.episode_seed for each in self._environments], [each.actions for each in self._environments])
        self._lost = False


def _explored(draw: Callable[[], float], chances: Sequence[float], actions: int) -> list[int]:
    """A random action with each of these chances, else -1."""
    return [int(draw() * actions) if draw() < chance else -1 for chance in chances]
