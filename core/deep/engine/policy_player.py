"""K members that play a network and learn nothing."""

from dataclasses import replace
from math import prod

import numpy as np
import torch

from core.deep.engine.actors import Actors
from core.deep.engine.blueprint import Blueprint
from core.deep.engine.brought import Brought
from core.deep.engine.choice import make_glance, make_objective
from core.deep.engine.dqn_settings import Distribution, DQNConfig
from core.deep.engine.explanation import LastUpdate
from core.deep.engine.network import Network
from core.deep.engine.player import NetworkPlayer
from core.deep.engine.replay import Replay
from core.deep.engine.settings import SeenAs
from core.deep.engine.targets import outputs_of
from core.deep.engine.timetable import Timetable
from core.deep.policy import UNTRAINED, PolicyConfig
from core.learner import Behaviour, Counters, Explanation, Snapshot, State, Task
from core.worlds.mdp import state_values


class PolicyPlayer(NetworkPlayer):
    """K times the same network, each in an environment of its own."""

    actors: Actors

    def __init__(self, task: Task) -> None:
        config = task.config
        assert isinstance(config, PolicyConfig)
        brought = config.network
        super().__init__(task, threads=1, seen_as=SeenAs.one_hot if brought is None else brought.seen_as)
        inputs = prod(self.encoding.shape)
        if brought is not None:
            brought.fits(inputs, self.actions)
        with self._torch_set():
            blueprint = brought.blueprint if brought else Blueprint((inputs,), self.actions, UNTRAINED)
            self.shown = Network(blueprint, self.members, self.torch_device)
            for member, streams in enumerate(self.streams):
                if brought is None:
                    self.shown.initialise(member, streams.initialisation)
                else:
                    self.shown.put(member, torch.from_numpy(brought.parameters))
            self.objective = make_objective(_meaning(brought), self.torch_device)
            self._last = Replay(
                self.members, 1, self.encoding.stored, self.actions, 1, [streams.replay for streams in self.streams], self.torch_device,
                self.discounts,
            )  # fmt: skip
            self._glance = make_glance(self.shown, self.objective, self.encoding)
        self.epsilon = Timetable([config.epsilon] * self.members)
        self.actors = Actors(self.environments, self.streams, self.encoding, self.discounts)

    def _step(self) -> None:
        self.epsilon.update(self.steps, self.actors.episodes)
        actions = self.actors.explore(self.epsilon.values)
        if -1 in actions:
            self._glance.seen[:, 0] = self.actors.seen
            self.actors.exploit(actions, self._glance()[:, 0])
        self.steps += 1
        self.actors.step(actions, self._last, self.steps)

    def snapshot(self, member: int = 0) -> Snapshot:
        environment, q, epsilon = self.environments[member], self._table(member), float(self.epsilon.values[member])
        return Snapshot(
            Counters(units=self.steps, episodes=self.actors.episodes[member]),
            values=None if q is None else state_values(q),
            q=q,
            state=environment.state,
            observation=environment.observation.copy(),
            action_values=self.action_values(environment, member),
            metrics={"epsilon": epsilon},
            behaviour=None if q is None else Behaviour(epsilon),
        )

    def explain(self, member: int = 0) -> Explanation | None:
        """How well its values agree with its last step."""
        if not self.steps:
            return None
        with self._torch_set():
            batch = self._last.newest()
            following = self.shown.forward(self.encoding.expand(batch.next_observation)).outputs
            following = self.objective.best(following, following, batch.blocked)
            taken = outputs_of(self.shown.forward(self.encoding.expand(batch.observation)).outputs, batch.action.long())
            last = LastUpdate(batch, self.objective.means(taken), self.objective.means(following))
            told = last.explain(member, self.discounts[member], False, False, self.action_names, self._state_names)
        here = f" in '{self._state_names[told.state]}'" if self._state_names and told.state is not None else ""
        meaning = f"value of '{self.action_names[told.action or 0]}'{here}"
        return replace(told, terms={**told.terms, "q": replace(told.terms["q"], meaning=meaning)})

    def state(self) -> State:
        return {
            "steps": self.steps,
            "last": self._last.state(),
            "actors": self.actors.state(),
            "streams": {str(member): streams.state() for member, streams in enumerate(self.streams)},
            "epsilon": self.epsilon.values.copy(),
            "online": self.shown.parameters.detach().cpu().numpy().copy(),
        }

    def restore(self, state: State) -> None:
        with self._torch_set():
            self.steps = int(state["steps"])
            self._last.restore(state["last"])
            self.actors.restore(state["actors"])
            for member, streams in enumerate(self.streams):
                streams.restore(state["streams"][str(member)])
            self.epsilon.restore(state["epsilon"])
            self.shown.parameters.copy_(torch.from_numpy(np.array(state["online"])))


def _meaning(brought: Brought | None) -> DQNConfig:
    """The settings from which an objective knows what outputs mean."""
    if brought is None or brought.distribution is Distribution.none:
        return DQNConfig()
    return DQNConfig(distribution=brought.distribution, atoms=brought.atoms, lowest=brought.lowest, highest=brought.highest)
