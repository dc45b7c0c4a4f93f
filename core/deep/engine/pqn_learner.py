"""PQN at work: K members, each in N environments, that act, learn from what they just did, and forget it."""

import numpy as np

from core.deep.engine.blueprint import blueprint_of
from core.deep.engine.choice import expected, make_glance
from core.deep.engine.crew import Crew
from core.deep.engine.explanation import LastUpdate
from core.deep.engine.last_return import LastReturn
from core.deep.engine.learnt import Learnt
from core.deep.engine.minibatch import Minibatch, split
from core.deep.engine.network_learner import NetworkLearner
from core.deep.engine.pqn_settings import PQNConfig
from core.deep.engine.rollout import Futures, Rollout
from core.learner import Explanation, State, Task


class PQNLearner(NetworkLearner):
    """K networks, each acting in N environments.

    One unit is one step of one environment of every member, so that steps and episodes count what the world was asked for, as they do
    for every other learner. The environments take turns: before the first of them steps, the actions of all are chosen, as one batch.
    """

    actors: Crew

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, PQNConfig)
        self.config = config = task.config
        super().__init__(task, config, config.environments)
        with self._torch_set():
            self.rollout = Rollout(
                self.members, config.environments, config.rollout, self.encoding.stored, self.actions, config.minibatches,
                [streams.replay for streams in self.streams], self.torch_device, self.discounts,
            )  # fmt: skip
            blueprint = blueprint_of(config, self.encoding.shape, self.actions, bool(self.encoding.frames))
            self._build_networks(blueprint, expected(config.loss, self.torch_device))
            self._glance = make_glance(self.online, self.objective, self.encoding, config.environments)
        self.actors = Crew(self.environments, self.streams, self.encoding, self.discounts, Learnt.by(config))
        self._chosen: list[list[int]] = [[-1] * self.members for _ in range(config.environments)]
        self.last: LastReturn | None = None

    def _step(self) -> None:
        turn = self.steps % self.config.environments
        if turn == 0:
            self._choose()
        self.steps += 1
        self.actors.step(turn, self._chosen[turn], self.rollout, self.steps)
        if self.rollout.full:
            self._learn()

    def _choose(self) -> None:
        """The next action in every environment."""
        self.epsilon.update(self.steps, self.actors.episodes)
        self._chosen = self.actors.explore(self.epsilon.values)
        if any(-1 in actions for actions in self._chosen):
            self.actors.see(self._glance.seen)
            self.actors.exploit(self._chosen, self._glance())
        self.actors.expect(self._chosen)

    def _learn(self) -> None:
        """Learn from the rollout. What follows each transition is estimated once, by the weights that acted."""
        _, next_observation, *_, blocked = split(self.rollout.rows, self.rollout.stored)
        outputs = self.online.forward(self.encoding.expand(next_observation)).outputs
        best = self.objective.best(outputs, outputs, blocked)
        known = self.rollout.futures(best, self.config.trace_decay)
        for _ in range(self.config.epochs):
            for batch, following in self.rollout.epoch(known):
                self._update(batch, following)

    def _update(self, batch: Minibatch, following: Futures) -> None:
        """Learn from one minibatch of every member."""
        self._begin_update()
        through = self.online.forward(self.encoding.expand(batch.observation))
        taught = self.objective.teach(through.outputs, batch.action, following.mixed, batch.reward, batch.factor)
        self.online.backward(through, taught.slope, self._gradients)
        norm = self._descend(self._rate)
        beside = {"epsilon": self.epsilon.values, "step_size": self.learning_rate.values}
        self.log.add(self.updates, taught.taken, taught, norm, self.steps, beside)
        self.last = LastReturn(LastUpdate(batch, taught.taken, following.best), following.ahead)
        self._count_update()

    def state(self) -> State:
        return super().state() | {
            "rollout": self.rollout.state(),
            "chosen": np.array(self._chosen),
            "last": None if self.last is None else self.last.state(),
        }

    def _restore(self, state: State) -> None:
        super()._restore(state)
        self.rollout.restore(state["rollout"])
        self._chosen = np.asarray(state["chosen"]).tolist()
        self.last = None if state["last"] is None else LastReturn.restored(state["last"], self.torch_device)

    def explain(self, member: int = 0) -> Explanation | None:
        if self.last is None or member in self.stopped:
            return None
        return self.last.explain(member, self.discounts[member], self.config.trace_decay, self.action_names, self._state_names)
