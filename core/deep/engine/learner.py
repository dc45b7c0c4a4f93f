"""DQN at work: K members that act, remember and learn as one batch."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.deep.engine.actors import Actors
from core.deep.engine.blueprint import blueprint_of
from core.deep.engine.captured import Captured
from core.deep.engine.choice import make_glance, make_objective, make_teaching
from core.deep.engine.device import to_numpy
from core.deep.engine.dqn_settings import DQNConfig, TargetClock, TargetUpdate
from core.deep.engine.explanation import LastUpdate
from core.deep.engine.fleet import LONGEST, MOST, Fleet, suits
from core.deep.engine.learnt import Learnt
from core.deep.engine.minibatch import Minibatch
from core.deep.engine.network import Network
from core.deep.engine.network_learner import WATCH, NetworkLearner
from core.deep.engine.noise import NoisyNetwork, make_network
from core.deep.engine.objectives import Taught
from core.deep.engine.prioritised import PrioritisedReplay
from core.deep.engine.replay import Replay
from core.deep.engine.sum_tree import Floats
from core.deep.engine.timetable import Timetable
from core.demonstration import Demonstration, Passage
from core.learner import Explanation, Snapshot, State, Task
from core.worlds.environment import Outcome


class Updated(NamedTuple):
    """What an update came to.

    Attributes:
        taken: [K, B, 1] Q(s, a) before it.
        following: [K, B, 1] the target network's value of the best next action.
        taught: by the minibatch.
        norm: [K] of the gradients.
    """

    taken: Tensor
    following: Tensor
    taught: Taught
    norm: Tensor


class DeepQLearner(NetworkLearner):
    """K networks, each acting in an environment of its own."""

    actors: Actors

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, DQNConfig)
        self.config = task.config
        self.learnt = Learnt.by(task.config)
        super().__init__(task, task.config)
        with self._torch_set():
            self._build()
        self.actors = Actors(self.environments, self.streams, self.encoding, self.discounts, learnt=self.learnt)
        self.fleet: Fleet | None = None
        if suits(task, self.torch_device):
            with self._torch_set():
                self.fleet = Fleet(self.actors, self.replay, self.torch_device, self._record)

    def _build(self) -> None:
        config, members, device = self.config, self.members, self.torch_device
        blueprint = blueprint_of(config, self.encoding.shape, self.actions, bool(self.encoding.frames))
        self.replay = self._make_replay()
        self._build_networks(blueprint, make_objective(config, device))
        self.target = self.online
        if config.target_update is not TargetUpdate.none:
            self.target = make_network(blueprint, members, device)
            self.target.parameters.copy_(self.online.parameters)
        self._glance = make_glance(self.online, self.objective, self.encoding)
        self._teach = make_teaching(self.online, self.target, self.objective, self.encoding, self._gradients, config.double)
        self.importance = Timetable([each.importance for each in self.task.configs if isinstance(each, DQNConfig)])
        self.last: LastUpdate | None = None
        changed = {id(each): each for each in (self.online.parameters, self.target.parameters, *self.optimizer.moments.values())}
        self._captured: Captured[Updated] = Captured(list(changed.values()), self._record)

    def _make_replay(self) -> Replay:
        config = self.config
        rings = (
            self.members, config.capacity, self.encoding.stored, self.actions, config.batch_size,
            [streams.replay for streams in self.streams], self.torch_device, self.discounts, config.n_step,
        )  # fmt: skip
        stack = self.encoding.frames
        chosen = config.replay and config.prioritised
        return PrioritisedReplay(*rings, alpha=config.priority, stack=stack) if chosen else Replay(*rings, stack=stack)

    def _step(self) -> None:
        """One step of every member, and the updates that are due after it."""
        config, actors = self.config, self.actors
        self.epsilon.update(self.steps, actors.episodes)
        before = list(actors.episodes)
        self.steps += 1
        if self.fleet and self.fleet.under_way:
            self.fleet.step(self._values)
        else:
            self._act()
        for _ in range(self._due(self.steps)):
            self._update(self._sample() if config.replay else self.replay.newest())
        if config.target_update is TargetUpdate.hard:
            self._copy_target(before)

    def _act(self) -> None:
        """One step of every environment."""
        actors = self.actors
        actions = actors.explore(self.epsilon.values)
        self._renew_noise(self.online)
        if -1 in actions:
            self._glance.seen[:, 0] = actors.seen
            actors.exploit(actions, self._glance()[:, 0])
        actors.step(actions, self.replay, self.steps)

    def _values(self, seen: Tensor) -> Tensor:
        """[K, A] Q of what each member sees, [K, 1, stored]."""
        return self._glance.values(seen)[:, 0]

    def _due(self, step: int) -> int:
        """Updates after a step."""
        config = self.config
        if not config.replay:
            return 1
        return config.updates_per_train if step >= config.learning_starts and step % config.train_every == 0 else 0

    def _go(self, most: int) -> None:
        """A step, or where members play on the device a stretch of them, up to where somebody looks for members that have diverged."""
        if self.fleet is None or self.stopped:
            self._step()
            return
        chances, filled = list[NDArray[np.float64]](), list[int]()
        room = min(WATCH - self.updates % WATCH, MOST // (self.members * self.config.minibatch))
        for steps in range(1, 1 + min(most, LONGEST, self.config.capacity)):
            due = self._due(self.steps + steps)
            if chances and len(filled) + max(due, 1) > room:
                break
            self.epsilon.update(self.steps + steps - 1, self.actors.episodes)
            chances.append(self.epsilon.values.copy())
            filled += [min(self.replay.count + steps, self.config.capacity)] * due
        self.fleet.plan(np.array(chances))
        self.replay.draw_ahead(filled)
        for _ in chances:
            self._step()
        self.fleet.settle(self.steps)

    def check(self, shown: Demonstration) -> None:
        self.environments[0].check(shown)

    def take_in(self, shown: Sequence[Passage], first: bool = True) -> None:
        """Put it into the replay, to be drawn like what the agent did."""
        replay, store, sight = self.replay, self.encoding.store, self.environments[0].sight
        with self._torch_set():
            if first:
                replay.part()
            for passage in shown:
                before, after = sight(passage.before), sight(passage.after)
                learnt = self.learnt.of(Outcome(passage.reward, passage.terminated, passage.truncated), passage.lost)
                begins, ends = store(before), store(after)
                for member in range(self.members):
                    replay.begin(member, begins)
                    replay.end(member, ends, passage.action, *learnt, after.mask)
                    if passage.terminated or passage.truncated:
                        replay.over(member)
                replay.commit()

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
        self._renew_noise(self.online, *([] if self.target is self.online else [self.target]))
        self._begin_update()
        replayed = batch is self.replay.minibatch and self._steady
        self._note(batch, self._captured(lambda: self._learn(batch)) if replayed else self._learn(batch))

    def _learn(self, batch: Minibatch) -> Updated:
        """What an update does to tensors."""
        config, objective = self.config, self.objective
        following, taught = self._teach(batch)
        norm = self._descend(self._rate)
        if config.target_update is TargetUpdate.soft:
            self.target.parameters.lerp_(self.online.parameters, config.target_rate)
        return Updated(objective.means(taught.taken), objective.means(following), taught, norm)

    def _note(self, batch: Minibatch, done: Updated) -> None:
        """Keep what an update came to."""
        if isinstance(self.replay, PrioritisedReplay):
            self.replay.reprioritise(done.taught.surprise)
        self.log.add(self.updates, done.taken, done.taught, done.norm, self.steps, self._figures())
        self.last = LastUpdate(batch, done.taken, done.following)
        self._count_update()

    @property
    def _steady(self) -> bool:
        """Whether an update is the same work as the one before, but for what lies in tensors."""
        return self.optimizer.steady and self.learning_rate.alike and not self.stopped

    def _figures(self) -> dict[str, Floats]:
        """[K] what is known without asking the device, by name."""
        figures = {"epsilon": self.epsilon.values, "step_size": self.learning_rate.values}
        return figures | self.replay.figures() if isinstance(self.replay, PrioritisedReplay) else figures

    def snapshot(self, member: int = 0) -> Snapshot:
        shot = super().snapshot(member)
        return replace(shot, priorities=self.replay.spread(member)) if isinstance(self.replay, PrioritisedReplay) else shot

    def _stop(self, member: int, step: int) -> None:
        super()._stop(member, step)
        self.target.parameters[member].zero_()

    def state(self) -> State:
        return super().state() | {
            "target": to_numpy(self.target.parameters),
            "replay": self.replay.state(),
            "noise": {name: network.noise.state() for name, network in self._noisy().items()},
            "last": None if self.last is None else self.last.state(),
        }

    def _restore(self, state: State) -> None:
        super()._restore(state)
        if self.fleet:
            self.fleet.leave()
        self.target.parameters.copy_(torch.from_numpy(state["target"]))
        self.replay.restore(state["replay"])
        for name, network in self._noisy().items():
            network.noise.restore(state["noise"][name])
        self.last = None if state["last"] is None else LastUpdate.restored(state["last"], self.torch_device)

    @property
    def notices(self) -> tuple[str, ...]:
        trouble = self._captured.trouble or (self.fleet.trouble if self.fleet else "")
        return super().notices + ((trouble,) if trouble else ())

    def explain(self, member: int = 0) -> Explanation | None:
        if self.last is None or member in self.stopped:
            return None
        target = self.target is not self.online
        return self.last.explain(member, self.discounts[member], self.config.double, target, self.action_names, self._state_names)
