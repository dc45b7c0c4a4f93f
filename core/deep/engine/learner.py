"""DQN at work: K members that act, remember and learn as one batch."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray

from core import devices
from core.deep.engine.actors import Actors
from core.deep.engine.blueprint import blueprint_of
from core.deep.engine.device import Shared, to_numpy
from core.deep.engine.encoding import OneHot, encoding_of
from core.deep.engine.explanation import LastUpdate
from core.deep.engine.log import UpdateLog
from core.deep.engine.minibatch import Minibatch
from core.deep.engine.network import Network
from core.deep.engine.noise import NoisyNetwork, make_network
from core.deep.engine.objectives import make_objective
from core.deep.engine.optimizer import OPTIMIZERS
from core.deep.engine.prioritised import PrioritisedReplay
from core.deep.engine.replay import Replay
from core.deep.engine.settings import Clip, DQNConfig, TargetClock, TargetUpdate
from core.deep.engine.targets import best_action, gradient_at, outputs_of
from core.deep.engine.timetable import Timetable
from core.errors import ValuescapeError
from core.learner import Budget, Counters, Explanation, Learner, Progress, Snapshot, State, Task
from core.streams import Streams
from core.worlds.environment import Environment, make_environment
from core.worlds.gym import GymWorld
from core.worlds.mdp import state_values
from core.worlds.world import World

LARGEST_TABLE = 20_000
"""States of which a snapshot shows the values at most."""
WATCH = 64
"""Updates between two looks for members that have diverged; counted from the first, so that it does not matter when a run was paused."""


def _action_names(world: World, actions: int) -> Sequence[str]:
    """Names of the actions where the world knows them, else their numbers."""
    names = world.actions if isinstance(world, GymWorld) and not world.finite else world.compile().action_names
    return names if len(names) == actions else [str(action) for action in range(actions)]


class DeepQLearner(Learner):
    """K independent networks learning in K copies of a world; one unit is one step of every member with its updates."""

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, DQNConfig)
        self.task, self.config, self.discounts = task, task.config, task.discounts
        self.members = members = task.members
        self.torch_device = devices.choose(task.device)
        self.device = devices.describe(self.torch_device, self.config.threads)
        self.streams = [Streams.spawn(task.seed, member) for member in range(members)]
        self.environments = [make_environment(task.world, streams.world) for streams in self.streams]
        self.encoding = encoding_of(self.environments[0])
        self.actions = self.environments[0].mask.size
        self.action_names = _action_names(task.world, self.actions)
        self.steps = self.updates = 0
        self.stopped: dict[int, int] = {}
        with self._torch_set():
            self._build()
        self.actors = Actors(self.environments, self.streams, self.encoding)

    @contextmanager
    def _torch_set(self) -> Iterator[None]:
        """Torch as this run wants it: its threads, no records for autograd, which would cost an eighth of an update, and no numbers
        so small that processors take a slow path for them.

        Tensors made within are inference tensors: only within can they be written to.
        """
        if torch.get_num_threads() != self.config.threads:
            torch.set_num_threads(self.config.threads)
        torch.set_flush_denormal(True)
        try:
            with torch.inference_mode():
                yield
        finally:
            torch.set_flush_denormal(False)

    def _build(self) -> None:
        config, members, device = self.config, self.members, self.torch_device
        self.objective = make_objective(config, device)
        blueprint = blueprint_of(config, (self.encoding.size,), self.actions)
        self.online = make_network(blueprint, members, device)
        for member, streams in enumerate(self.streams):
            self.online.initialise(member, streams.initialisation)
        self.target = self.online
        if config.target_update is not TargetUpdate.none:
            self.target = make_network(blueprint, members, device)
            self.target.parameters.copy_(self.online.parameters)
        self.gradient = torch.zeros_like(self.online.parameters)
        self._gradients = self.online.lay(self.gradient)
        self.optimizer = OPTIMIZERS[config.optimizer](self.online.parameters, self.gradient)
        self.replay = self._make_replay()
        configs = [each for each in self.task.configs if isinstance(each, DQNConfig)]
        self.epsilon = Timetable([each.epsilon for each in configs])
        self.importance = Timetable([each.importance for each in configs])
        self.learning_rate = Timetable([each.learning_rate for each in configs])
        self._rate = Shared((members, 1), device)
        self._push_rate()
        self._seen = Shared((members, 1, self.encoding.size), device)
        self.log = UpdateLog(members, self.replay.minibatch.action.shape[1] if config.replay else 1, self.objective, device)
        self.last: LastUpdate | None = None

    def _make_replay(self) -> Replay:
        config = self.config
        rings = (
            self.members, config.buffer_size if config.replay else config.n_step, self.encoding.stored, self.actions, config.batch_size,
            [streams.replay for streams in self.streams], self.torch_device, self.discounts, config.n_step,
        )  # fmt: skip
        return PrioritisedReplay(*rings, alpha=config.priority) if config.replay and config.prioritised else Replay(*rings)

    def advance(self, budget: Budget) -> Progress:
        with self._torch_set():
            first, ended = self.steps, self.actors.least_episodes
            boundaries = 0
            while self.steps - first < budget.units and boundaries < budget.boundaries:
                self._step()
                boundaries = self.actors.least_episodes - ended
            rows = (*self.log.take_rows(), *self.actors.take_rows())
            return Progress(self.steps - first, boundaries, rows)

    def _step(self) -> None:
        """One step of every member, and the updates that are due after it."""
        config, actors = self.config, self.actors
        self.epsilon.update(self.steps, actors.episodes)
        actions = actors.explore(self.epsilon.values)
        self._renew_noise(self.online)
        if -1 in actions:
            self._seen.array[:, 0] = actors.seen
            actors.exploit(actions, self.objective.values(self.online.forward(self._seen.push()).outputs[:, 0]).cpu().numpy())
        self.steps += 1
        before = list(actors.episodes)
        actors.step(actions, self.replay, self.steps)
        if not config.replay:
            self._update(self.replay.newest())
        elif self.steps >= config.learning_starts and self.steps % config.train_every == 0:
            for _ in range(config.updates_per_train):
                self._update(self._sample())
        if config.target_update is TargetUpdate.hard:
            self._copy_target(before)

    def _copy_target(self, episodes_before: list[int]) -> None:
        """Copy the weights of the members whose time has come."""
        every = self.config.target_every
        if self.config.target_clock is TargetClock.episode:
            for member, (before, now) in enumerate(zip(episodes_before, self.actors.episodes, strict=True)):
                if now > before and now % every == 0:
                    self.target.parameters[member].copy_(self.online.parameters[member])
        elif self.steps % every == 0:
            self.target.parameters.copy_(self.online.parameters)

    def _sample(self) -> Minibatch:
        if isinstance(self.replay, PrioritisedReplay):
            self.importance.update(self.steps, self.actors.episodes)
            return self.replay.sample(self.importance.values)
        return self.replay.sample()

    def _noisy(self) -> dict[str, NoisyNetwork]:
        """The networks with noise, by name."""
        networks = {"online": self.online} if self.target is self.online else {"online": self.online, "target": self.target}
        return {name: network for name, network in networks.items() if isinstance(network, NoisyNetwork)}

    def _renew_noise(self, *networks: Network) -> None:
        if self.config.noisy:
            for network in networks:
                network.renew([streams.exploration for streams in self.streams])

    def _update(self, batch: Minibatch) -> None:
        """Learn from one minibatch of every member."""
        config, online, objective = self.config, self.online, self.objective
        observation, next_observation = self.encoding.expand(batch.observation), self.encoding.expand(batch.next_observation)
        self._renew_noise(online, *([] if self.target is online else [self.target]))
        following = self.target.forward(next_observation).outputs
        by = online.forward(next_observation).outputs if config.double and self.target is not online else following
        following = outputs_of(following, best_action(objective.values(by), batch.blocked))
        through = online.forward(observation)
        action = batch.action.long()
        taken = outputs_of(through.outputs, action)
        lesson = objective.learn(taken, following, batch.reward, batch.factor, batch.weights)
        online.backward(through, gradient_at(through.outputs, action, lesson.gradient), self._gradients)
        norm = torch.linalg.vector_norm(self.gradient, dim=1)
        if config.gradient_clip and config.clip_by is Clip.norm:
            self.gradient.mul_((config.gradient_clip / (norm + 1e-6)).clamp_(max=1.0)[:, None])
        elif config.gradient_clip:
            self.gradient.clamp_(-config.gradient_clip, config.gradient_clip)
        if not self.learning_rate.constant:
            self.learning_rate.update(self.steps, self.actors.episodes)
            self._push_rate()
        self.optimizer.step(self._rate.tensor)
        if config.target_update is TargetUpdate.soft:
            self.target.parameters.lerp_(online.parameters, config.target_rate)
        if isinstance(self.replay, PrioritisedReplay):
            self.replay.reprioritise(lesson.surprise)
        taken_q, following_q = (objective.values(outputs)[..., None] for outputs in (taken, following))
        self.log.add(self.updates, taken_q, lesson, norm, self.steps, self.epsilon.values)
        self.last = LastUpdate(batch, taken_q, following_q)
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
        for tensor in (self.online.parameters, self.target.parameters, *self.optimizer.moments.values()):
            tensor[member].zero_()
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
        )

    def action_values(self, environment: Environment, member: int = 0) -> NDArray[np.float64]:
        with self._torch_set():
            observation = torch.from_numpy(environment.observation[None]).to(self.torch_device)
            q = to_numpy(self.objective.values(self.online.outputs(member, observation)))[0].astype(np.float64)
        q[~environment.mask] = np.nan
        return q

    def _table(self, member: int) -> NDArray[np.float64] | None:
        """[S, A] Q of every state, NaN where an action is unavailable; None where states are not listed or too many."""
        if not isinstance(self.encoding, OneHot) or self.encoding.size > LARGEST_TABLE:
            return None
        with self._torch_set():
            q = to_numpy(self.objective.values(self.online.table(member))).astype(np.float64)
        q[~self.encoding.mdp.available] = np.nan
        return q

    def state(self) -> State:
        return {
            "steps": self.steps,
            "updates": self.updates,
            "online": to_numpy(self.online.parameters),
            "target": to_numpy(self.target.parameters),
            "optimizer": self.optimizer.state(),
            "replay": self.replay.state(),
            "actors": self.actors.state(),
            "streams": {str(member): streams.state() for member, streams in enumerate(self.streams)},
            "epsilon": self.epsilon.values.copy(),
            "learning_rate": self.learning_rate.values.copy(),
            "noise": {name: network.noise.state() for name, network in self._noisy().items()},
            "figures": self.log.newest.copy(),
            "stopped": {str(member): step for member, step in self.stopped.items()},
            "last": None if self.last is None else self.last.state(),
        }

    def restore(self, state: State) -> None:
        with self._torch_set():
            self._restore(state)

    def _restore(self, state: State) -> None:
        self.steps, self.updates = int(state["steps"]), int(state["updates"])
        self.online.parameters.copy_(torch.from_numpy(state["online"]))
        self.target.parameters.copy_(torch.from_numpy(state["target"]))
        self.optimizer.restore(state["optimizer"])
        self.replay.restore(state["replay"])
        self.actors.restore(state["actors"])
        for member, streams in enumerate(self.streams):
            streams.restore(state["streams"][str(member)])
        self.epsilon.values[:] = state["epsilon"]
        self.learning_rate.values[:] = state["learning_rate"]
        for name, network in self._noisy().items():
            network.noise.restore(state["noise"][name])
        for member, step in state["stopped"].items():
            self._stop(int(member), int(step))
        self.log.newest = np.array(state["figures"])
        self.last = None if state["last"] is None else LastUpdate.restored(state["last"], self.torch_device)

    def explain(self, member: int = 0) -> Explanation | None:
        if self.last is None or member in self.stopped:
            return None
        states = self.encoding.mdp.state_names if isinstance(self.encoding, OneHot) else None
        target = self.target is not self.online
        return self.last.explain(member, self.discounts[member], self.config.double, target, self.action_names, states)

    def close(self) -> None:
        for environment in self.environments:
            environment.close()
