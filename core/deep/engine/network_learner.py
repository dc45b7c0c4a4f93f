"""What learners with networks share: K networks, their optimizer and timetables, snapshots, and members that diverge."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import devices
from core.deep.engine.actors import Actors
from core.deep.engine.average import Average
from core.deep.engine.blueprint import Blueprint
from core.deep.engine.crew import Crew
from core.deep.engine.device import Shared, to_numpy
from core.deep.engine.encoding import OneHot, States
from core.deep.engine.log import UpdateLog
from core.deep.engine.noise import make_network
from core.deep.engine.objectives import Objective
from core.deep.engine.optimizer import OPTIMIZERS
from core.deep.engine.seen import encoding_of
from core.deep.engine.settings import Clip, NetworkConfig
from core.deep.engine.timetable import Timetable
from core.errors import ValuescapeError
from core.learner import Behaviour, Budget, Counters, Learner, Progress, Snapshot, State, Task
from core.streams import Streams
from core.worlds.environment import Environment, make_environments
from core.worlds.gym import GymWorld
from core.worlds.mdp import state_values
from core.worlds.world import World

LARGEST_TABLE, LARGEST_VIEW = 20_000, 2_000_000
"""States of which a snapshot shows the values at most, and numbers that the network may read for it; one-hot it reads none."""
PART = 1_000
"""States of which values are asked at once."""
WATCH = 64
"""Updates between two looks for members that have diverged; counted from the first, so that it does not matter when a run was paused."""


def _action_names(world: World, actions: int) -> Sequence[str]:
    """Names of the actions where the world knows them, else their numbers."""
    names = world.actions if isinstance(world, GymWorld) and not world.finite else world.compile().action_names
    return names if len(names) == actions else [str(action) for action in range(actions)]


class NetworkLearner(Learner):
    """K independent networks learning in copies of a world; one unit is one step of every member with its updates.

    Args:
        task: what to learn.
        config: its settings.
        copies: environments of each member.

    Attributes:
        environments: [copies K], those of every member's first environment first.
        online: the networks that learn.
        shown: the networks that snapshots and greedy play read: their running average where the settings ask for one.
        objective: what their outputs mean.
        steps: units done.
        stopped: members that have diverged, and at which step.
    """

    actors: Actors | Crew
    objective: Objective

    def __init__(self, task: Task, config: NetworkConfig, copies: int = 1) -> None:
        self.task, self.members, self.discounts = task, task.members, task.discounts
        self._threads, self._clip, self._clip_by = config.threads, config.gradient_clip, config.clip_by
        self._averaging = config.averaging
        self.torch_device = devices.choose(task.device)
        self.device = devices.describe(self.torch_device, config.threads)
        self.streams = [Streams.spawn(task.seed, member) for member in range(self.members)]
        self.environments = make_environments(task.world, [streams.world for _ in range(copies) for streams in self.streams])
        self.encoding = encoding_of(self.environments[0], task.world, config.seen_as, self.torch_device)
        self.actions = self.environments[0].mask.size
        self.action_names = _action_names(task.world, self.actions)
        self.steps = self.updates = 0
        self.stopped: dict[int, int] = {}

    @contextmanager
    def _torch_set(self) -> Iterator[None]:
        """Torch as this run wants it: its threads, no records for autograd, which would cost an eighth of an update, and no numbers
        so small that processors take a slow path for them.

        Tensors made within are inference tensors: only within can they be written to.
        """
        if torch.get_num_threads() != self._threads:
            torch.set_num_threads(self._threads)
        torch.set_flush_denormal(True)
        try:
            with torch.inference_mode():
                yield
        finally:
            torch.set_flush_denormal(False)

    def _build_networks(self, blueprint: Blueprint, objective: Objective, batch: int) -> None:
        """Make the networks and all that an update of a minibatch of `batch` needs."""
        configs = [each for each in self.task.configs if isinstance(each, NetworkConfig)]
        self.objective = objective
        self.online = make_network(blueprint, self.members, self.torch_device)
        for member, streams in enumerate(self.streams):
            self.online.initialise(member, streams.initialisation)
        self.average = Average(blueprint, self.online.parameters, self._averaging) if self._averaging else None
        self.shown = self.average.network if self.average else self.online
        self.gradient = torch.zeros_like(self.online.parameters)
        self._gradients = self.online.lay(self.gradient)
        self.optimizer = OPTIMIZERS[configs[0].optimizer](self.online.parameters, self.gradient)
        self.epsilon = Timetable([each.epsilon for each in configs])
        self.learning_rate = Timetable([each.learning_rate for each in configs])
        self._rate = Shared((self.members, 1), self.torch_device)
        self._push_rate()
        self.log = UpdateLog(self.members, batch, objective, self.torch_device)

    def advance(self, budget: Budget) -> Progress:
        with self._torch_set():
            first, ended = self.steps, self.actors.least_episodes
            boundaries = 0
            while self.steps - first < budget.units and boundaries < budget.boundaries:
                self._step()
                boundaries = self.actors.least_episodes - ended
            rows = (*self.log.take_rows(), *self.actors.take_rows())
            return Progress(self.steps - first, boundaries, rows)

    @abstractmethod
    def _step(self) -> None:
        """One step of every member, and the updates that are due after it."""

    def _descend(self) -> Tensor:
        """Move the weights along the gradient, clipped; return its norm before, [K]."""
        norm: Tensor = torch.linalg.vector_norm(self.gradient, dim=1)
        if self._clip and self._clip_by is Clip.norm:
            self.gradient.mul_((self._clip / (norm + 1e-6)).clamp_(max=1.0)[:, None])
        elif self._clip:
            self.gradient.clamp_(-self._clip, self._clip)
        if not self.learning_rate.constant:
            self.learning_rate.update(self.steps, self.actors.episodes)
            self._push_rate()
        self.optimizer.step(self._rate)
        if self.average:
            self.average.follow(self.optimizer.count)
        return norm

    def _count_update(self) -> None:
        self.updates += 1
        if self.updates % WATCH == 0:
            self._stop_diverged()

    def _push_rate(self) -> None:
        """The members' learning rates; those that have stopped have none."""
        self._rate.array[:, 0] = self.learning_rate.values
        self._rate.array[list(self.stopped), 0] = 0.0
        self._rate.push()

    def _stop_diverged(self) -> None:
        """Let members whose values are no longer finite go no further; the others do not notice.

        Raises:
            ValuescapeError: where no member is left.
        """
        self.log.flush()
        for member in np.flatnonzero(~np.isfinite(self.log.newest).all(axis=1) & ~self.log.left_out).tolist():
            said = ValuescapeError(
                f"The values of member {member} grew beyond all bounds by step {self.steps}",
                remedy="Lower the learning rate, clip the gradients or choose the Huber loss",
            )
            if len(self.stopped) + 1 == self.members:
                raise said
            self._stop(member, self.steps)

    def _stop(self, member: int, step: int) -> None:
        self.stopped[member] = step
        self.log.left_out[member] = True
        self.actors.stopped.add(member)
        for tensor in (self.online.parameters, *self.optimizer.moments.values()):
            tensor[member].zero_()
        if self.average:
            self.average.stop(member)
        self._push_rate()

    @property
    def notices(self) -> tuple[str, ...]:
        """Which members diverged."""
        return tuple(f"Member {member} stopped: its values grew beyond all bounds by step {step}" for member, step in self.stopped.items())

    def snapshot(self, member: int = 0) -> Snapshot:
        environment = self.environments[member]
        metrics = dict(self.log.metrics(member))
        metrics["epsilon"] = float(self.epsilon.values[member])
        metrics["learning_rate"] = float(self.learning_rate.values[member])
        q = self._table(member)
        return Snapshot(
            Counters(units=self.steps, episodes=self.actors.episodes[member], updates=self.updates),
            values=None if q is None else state_values(q),
            q=q,
            state=environment.state,
            observation=environment.observation.copy(),
            action_values=self.action_values(environment, member),
            metrics=metrics,
            behaviour=None if q is None else Behaviour(metrics["epsilon"]),
        )

    def action_values(self, environment: Environment, member: int = 0) -> NDArray[np.float64]:
        q = self.values_of(environment.observation[None], member)[0]
        q[~environment.mask] = np.nan
        return q

    def values_of(self, observations: NDArray[np.float32], member: int = 0) -> NDArray[np.float64]:
        with self._torch_set():
            inputs = self.encoding.read(torch.from_numpy(observations).to(self.torch_device))
            return to_numpy(self.objective.values(self.shown.outputs(member, inputs))).astype(np.float64)

    def _table(self, member: int) -> NDArray[np.float64] | None:
        """[S, A] Q of every state, NaN where an action is unavailable; None where states are not listed or too many."""
        encoding = self.encoding
        if not isinstance(encoding, States) or encoding.mdp.states > LARGEST_TABLE:
            return None
        if not isinstance(encoding, OneHot) and encoding.numbers > LARGEST_VIEW:
            return None
        with self._torch_set():
            outputs = self.shown.table(member) if isinstance(encoding, OneHot) else self._outputs_of_states(encoding, member)
            q = to_numpy(self.objective.values(outputs)).astype(np.float64)
        q[~encoding.mdp.available] = np.nan
        return q

    def _outputs_of_states(self, encoding: States, member: int) -> Tensor:
        """[S, A, N] outputs of one member, some states at a time."""
        states = torch.arange(encoding.mdp.states, device=self.torch_device)[None, :, None]
        parts = (states[:, first : first + PART] for first in range(0, encoding.mdp.states, PART))
        return torch.cat([self.shown.outputs(member, encoding.expand(part)[0]) for part in parts])

    @property
    def _state_names(self) -> Sequence[str] | None:
        """Names of the states, where observations are state numbers."""
        return self.encoding.mdp.state_names if isinstance(self.encoding, States) else None

    def state(self) -> State:
        return {
            "steps": self.steps,
            "updates": self.updates,
            "online": to_numpy(self.online.parameters),
            "optimizer": self.optimizer.state(),
            "actors": self.actors.state(),
            "streams": {str(member): streams.state() for member, streams in enumerate(self.streams)},
            "epsilon": self.epsilon.values.copy(),
            "learning_rate": self.learning_rate.values.copy(),
            "figures": self.log.newest.copy(),
            "stopped": {str(member): step for member, step in self.stopped.items()},
        } | (self.average.state() if self.average else {})

    def restore(self, state: State) -> None:
        with self._torch_set():
            self._restore(state)

    def _restore(self, state: State) -> None:
        self.steps, self.updates = int(state["steps"]), int(state["updates"])
        self.online.parameters.copy_(torch.from_numpy(state["online"]))
        self.optimizer.restore(state["optimizer"])
        if self.average:
            self.average.restore(state)
        self.actors.restore(state["actors"])
        for member, streams in enumerate(self.streams):
            streams.restore(state["streams"][str(member)])
        self.epsilon.restore(state["epsilon"])
        self.learning_rate.restore(state["learning_rate"])
        for member, step in state["stopped"].items():
            self._stop(int(member), int(step))
        self.log.newest = np.array(state["figures"])

    def close(self) -> None:
        for environment in self.environments:
            environment.close()
