"""What learners with networks share: K networks, their optimizer and timetables, snapshots, and members that diverge."""

from collections.abc import Sequence

import numpy as np
import torch

from core.deep.engine.average import Average
from core.deep.engine.blueprint import Blueprint
from core.deep.engine.captured import recorder
from core.deep.engine.choice import make_descent
from core.deep.engine.device import Shared, to_numpy
from core.deep.engine.log import UpdateLog
from core.deep.engine.noise import make_network
from core.deep.engine.objectives import Objective
from core.deep.engine.optimizer import OPTIMIZERS
from core.deep.engine.player import NetworkPlayer
from core.deep.engine.settings import NetworkConfig
from core.deep.engine.timetable import Timetable
from core.divergence import Stopped
from core.history import Rows
from core.learner import Behaviour, Counters, Snapshot, State, Task
from core.worlds.mdp import state_values

WATCH = 64
"""Updates between two looks for members that have diverged; counted from the first, so that it does not matter when a run was paused."""


class NetworkLearner(NetworkPlayer):
    """K independent networks learning in copies of a world; one unit is one step of every member with its updates.

    Args:
        task: what to learn.
        config: its settings.
        copies: environments of each member.

    Attributes:
        online: the networks that learn; `shown` is their running average where the settings ask for one.
        stopped: members that have diverged, and at which step.
    """

    def __init__(self, task: Task, config: NetworkConfig, copies: int = 1) -> None:
        super().__init__(task, config.threads, copies, config.seen_as)
        self._averaging = config.averaging
        self.updates = 0
        self.stopped = Stopped()
        self._record = recorder(self.torch_device)

    def _build_networks(self, blueprint: Blueprint, objective: Objective) -> None:
        """Make the networks and all that an update needs."""
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
        self._descend = make_descent(self.optimizer, configs[0].gradient_clip, configs[0].clip_by, self._record is not None)
        self.epsilon = Timetable([each.epsilon for each in configs])
        self.learning_rate = Timetable([each.learning_rate for each in configs])
        self._rate = Shared((self.members, 1), self.torch_device)
        self._push_rate()
        self.log = UpdateLog(self.members, objective, overwritten=self.torch_device.type != "cpu")

    def _take_rows(self) -> Sequence[Rows]:
        return self.log.take_rows()

    def _begin_update(self) -> None:
        """What an update needs that only Python knows: the learning rates of now, and its number."""
        if not self.learning_rate.constant:
            self.learning_rate.update(self.steps, self.actors.episodes)
            self._push_rate()
        self.optimizer.begin()

    def _count_update(self) -> None:
        if self.average:
            self.average.follow(self.optimizer.count)
        self.updates += 1
        if self.updates % WATCH == 0:
            self._stop_diverged()

    def _push_rate(self) -> None:
        """The members' learning rates; those that have stopped have none."""
        if self.learning_rate.alike and not self.stopped:
            self._rate.fill(float(self.learning_rate.values[0]))
            return
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
            self._stop(member, self.steps)
        self.stopped.check(self.members, "Lower the learning rate, clip the gradients or choose the Huber loss")

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
        return self.stopped.notices

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
            "stopped": self.stopped.state(),
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
        self.stopped.clear()
        self.actors.stopped.clear()
        self.log.left_out[:] = False
        self._push_rate()
        for member, step in state["stopped"].items():
            self._stop(int(member), int(step))
        self.log.newest = np.array(state["figures"])
