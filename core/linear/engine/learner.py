"""What every learner on linear features does besides its update: members, episodes, snapshot, state, explanation.

All of a step but the environment's own is one kernel. Measured on one core, steps a second with tiles and the shipped settings,
beside those of the environment alone under random actions: CartPole 64,000 of 98,000, mountain car 52,000 of 80,000, Acrobot 22,000
of 29,000.
"""

from abc import abstractmethod
from collections.abc import Sequence
from itertools import chain
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from core.demonstration import Demonstration, Passage
from core.divergence import Stopped
from core.history import EPISODES, UPDATES, Rows
from core.learner import Behaviour, Budget, Counters, Explanation, Learner, Progress, Snapshot, State, Task, Term
from core.linear.engine import memory as at
from core.linear.engine.features import basis_of, encode, initial_weights
from core.linear.engine.memory import KEPT, LAST, Memory, begin, restore_traces, traces_of, values_in, values_of_all
from core.linear.engine.settings import LinearConfig
from core.streams import Streams
from core.worlds.copies import make_environments
from core.worlds.environment import Environment, Outcome, Sight
from core.worlds.gym import GymWorld
from core.worlds.mdp import state_values
from core.worlds.mdp_environment import MDPEnvironment

Floats = NDArray[np.float64]


class LinearLearner(Learner):
    """K independent sets of weights learning in K copies of a world; one unit is one step of every member.

    A subclass gives `learn`, the call of its kernel, and the words of its update.
    """

    traces: ClassVar[bool] = False
    """Whether weights have traces."""
    following: ClassVar[str]
    """Symbol of the value of what follows."""
    meaning: ClassVar[str]
    """What that value is."""

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, LinearConfig)
        self.settings, self.discount, self.members = task.config, task.discount, task.members
        self.streams = [Streams.spawn(task.seed, member) for member in range(self.members)]
        self.environments = make_environments(task.world, [streams.world for streams in self.streams])
        first = self.environments[0]
        actions = first.mask.size
        self.basis, features = basis_of(self.settings, task.world, first)
        self.mdp = first.mdp if isinstance(first, MDPEnvironment) else None
        named = self.mdp.action_names if self.mdp else task.world.actions if isinstance(task.world, GymWorld) else ()
        self.action_names = named if len(named) == actions else [str(action) for action in range(actions)]
        slots, traced = len(self.basis.rates), actions * features * self.traces
        schedules = np.stack([self.settings.step_size.encode(), self.settings.epsilon.encode()])
        self.stopped = Stopped()
        self.memories = [
            Memory(
                initial_weights(self.basis, features, actions, self.settings.initial_value),
                np.zeros((2, slots), np.int64), np.zeros((2, slots)), np.zeros(traced), np.zeros(traced, np.int64),
                np.zeros(5, np.int64), np.zeros(6), np.full(len(LAST), np.nan), schedules,
            )
            for _ in range(self.members)
        ]  # fmt: skip
        for member in range(self.members):
            self._begin(member)

    @abstractmethod
    def learn(self, memory: Memory, environment: Environment | Sight, outcome: Outcome, draw: float) -> int:
        """Call the kernel: learn from the step that led to where the environment is; return the next action, -1 where the TD error
        is not finite."""

    def advance(self, budget: Budget) -> Progress:
        before, ended = [int(memory.place[at.STEPS]) for memory in self.memories], self._slowest()
        rows: list[list[Rows]] = [[] for _ in range(self.members)]
        first, left, target = self.environments[0], budget.units, ended + budget.boundaries
        while left > 0 and self._slowest() < target and not first.held:
            part = 1 if first.slow else left
            for member in range(self.members):
                rows[member] += self._advance(member, part, target)
            self.stopped.check(self.members, "Lower the step size")
            left -= part
        done = max(int(memory.place[at.STEPS]) - start for memory, start in zip(self.memories, before, strict=True))
        return Progress(done, self._slowest() - ended, tuple(chain.from_iterable(rows)))

    def check(self, shown: Demonstration) -> None:
        self.environments[0].check(shown)

    def take_in(self, shown: Sequence[Passage], first: bool = True) -> None:
        sight = self.environments[0].sight
        steps = [(passage, sight(passage.before), sight(passage.after)) for passage in shown]
        for member, memory in enumerate(self.memories):
            if member in self.stopped:
                continue
            copy = memory._replace(**{name: getattr(memory, name).copy() for name in ("active", "value", "place", "totals", "last")})
            for passage, before, after in steps:
                state = -1 if before.state is None else before.state
                encode(self.basis, before.observation, state, copy.active[0], copy.value[0])
                copy.place[:] = memory.place
                copy.place[at.ACTION], copy.last[LAST.index("now")] = passage.action, state
                self.learn(copy, after, Outcome(passage.reward, passage.terminated, passage.truncated), 0.0)
            here = memory.last[LAST.index("now")]
            memory.last[:] = copy.last
            memory.last[LAST.index("now")] = here

    def _slowest(self) -> int:
        return min(int(memory.place[at.EPISODES]) for member, memory in enumerate(self.memories) if member not in self.stopped)

    def _advance(self, member: int, units: int, target: int) -> list[Rows]:
        """At most `units` steps of one member, until it has ended `target` episodes."""
        memory, environment, draw = self.memories[member], self.environments[member], self.streams[member].exploration.random
        waits = member in self.stopped or memory.place[at.EPISODES] >= target
        action, left = int(memory.place[at.ACTION]), 0 if waits else units
        rows: list[tuple[float, ...]] = []
        while left > 0:
            left -= 1
            outcome = environment.step(action)
            action = self.learn(memory, environment, outcome, draw())
            if action >= 0 and (outcome.terminated or outcome.truncated):
                last = memory.last[LAST.index("epsilon")], memory.last[LAST.index("step_size")]
                rows.append((*memory.place[:3].tolist(), *memory.totals[:3].tolist(), float(memory.totals[at.SEEN]), *map(float, last)))
                environment.reset()
                action = self._begin(member)
                left = left if memory.place[at.EPISODES] < target else 0
            if action < 0:
                self._stop(member)
                break
        return self._rows(member, rows)

    def _stop(self, member: int) -> None:
        """Nothing of its values is of use any more."""
        memory = self.memories[member]
        self.stopped[member] = int(memory.place[at.STEPS])
        memory.weights[:] = memory.trace[:] = memory.totals[:] = 0.0
        memory.place[at.TRACED] = memory.place[at.ACTION] = 0
        for name in ("q", "following", "error"):
            memory.last[LAST.index(name)] = np.nan

    @property
    def notices(self) -> tuple[str, ...]:
        return self.stopped.notices

    def _begin(self, member: int) -> int:
        """Begin an episode; return its first action."""
        memory, environment = self.memories[member], self.environments[member]
        state = -1 if environment.state is None else environment.state
        memory.last[LAST.index("now")] = state
        return begin(self.basis, memory, environment.observation, state, environment.mask, self.streams[member].exploration.random())

    @staticmethod
    def _rows(member: int, ended: list[tuple[float, ...]]) -> list[Rows]:
        """The ended episodes, and what their updates were like on average."""
        if not ended:
            return []
        step, episode, length, total, surprise, expected, seen, epsilon, alpha = np.array(ended).T
        step, length, members = step.astype(np.int64), length.astype(np.int64), np.full(len(ended), member)
        episodes = {
            "episode": episode.astype(np.int64) - 1, "member": members, "step": step, "return": total, "length": length,
            "discounted": seen / length,
        }  # fmt: skip
        updates = {
            "update": step, "member": members, "step": step, "td_error": surprise / length, "q_mean": expected / length, "epsilon": epsilon,
            "step_size": alpha,
        }  # fmt: skip
        return [Rows(EPISODES, episodes), Rows(UPDATES, updates)]

    def snapshot(self, member: int = 0) -> Snapshot:
        memory, environment = self.memories[member], self.environments[member]
        steps, episodes = memory.place[:2].tolist()
        q = self._table(member)
        last = dict(zip(LAST, memory.last.tolist(), strict=True))
        figures = {"epsilon": last["epsilon"], "step size": last["step_size"]} if steps else {}
        return Snapshot(
            Counters(units=steps, episodes=episodes, updates=steps),
            values=None if q is None else state_values(q),
            q=q,
            state=environment.state,
            observation=environment.observation.copy(),
            action_values=self.action_values(environment, member),
            metrics=figures,
            behaviour=Behaviour(last["epsilon"]) if q is not None and steps else None,
            traces=self._traces(member),
        )

    def _table(self, member: int) -> Floats | None:
        """[S, A] Q of every state, NaN where an action is unavailable; None where states are not listed."""
        return None if self.mdp is None else np.where(self.mdp.available, self.memories[member].weights.T, np.nan)

    def _traces(self, member: int) -> Floats | None:
        """[S, A] how much of the next TD error each value takes; None without traces, and where weights belong to no state alone."""
        trace = self.memories[member].trace
        if self.mdp is None or not len(trace):
            return None
        return np.where(self.mdp.available, trace.reshape(len(self.mdp.action_names), -1).T, np.nan)

    def action_values(self, environment: Environment, member: int = 0) -> Floats:
        state = -1 if environment.state is None else environment.state
        q = values_in(self.basis, self.memories[member].weights, environment.observation, state)
        q[~environment.mask] = np.nan
        return q

    def values_of(self, observations: NDArray[np.float32], member: int = 0) -> Floats:
        return values_of_all(self.basis, self.memories[member].weights, np.ascontiguousarray(observations, np.float32))

    def state(self) -> State:
        members: dict[str, Any] = {
            str(member): {name: getattr(self.memories[member], name).copy() for name in KEPT}
            | traces_of(self.memories[member])
            | {"streams": self.streams[member].state(), "position": self.environments[member].position()}
            for member in range(self.members)
        }
        return {"members": members} | ({"stopped": self.stopped.state()} if self.stopped else {})

    def restore(self, state: State) -> None:
        self.stopped.restore(state.get("stopped", {}))
        for member, (memory, environment) in enumerate(zip(self.memories, self.environments, strict=True)):
            kept = state["members"][str(member)]
            for name in KEPT:
                getattr(memory, name)[:] = kept[name]
            restore_traces(memory, kept)
            environment.restore(kept["position"])
            self.streams[member].restore(kept["streams"])
            place = -1 if environment.state is None else environment.state
            encode(self.basis, environment.observation, place, memory.active[0], memory.value[0])

    def explain(self, member: int = 0) -> Explanation | None:
        """The newest TD error."""
        last = dict(zip(LAST, self.memories[member].last.tolist(), strict=True))
        if np.isnan(last["error"]):
            return None
        state, next_state = (int(last[name]) if self.mdp else None for name in ("state", "next_state"))
        here = f" in '{self.mdp.state_names[state]}'" if self.mdp and state is not None else ""
        there = f" in '{self.mdp.state_names[next_state]}'" if self.mdp and next_state is not None else ""
        meaning = "nothing follows: the episode terminated" if last["terminated"] else f"{self.meaning}{there}"
        value = f"value of '{self.action_names[int(last['action'])]}'{here} before the update"
        terms = {
            "q": Term("Q(s, a; w)", value, last["q"], state),
            "r": Term("r", "reward received", last["reward"], next_state),
            "gamma": Term("γ", "discount", self.discount),
            "following": Term(self.following, meaning, last["following"], next_state),
        }
        equation, error = f"δ = r + γ {self.following} − Q(s, a; w)", last["error"]
        reached = () if next_state is None else ((next_state, 1.0),)
        return Explanation(equation, "r + gamma * following - q", terms, error, state, int(last["action"]), reached, error)

    def close(self) -> None:
        for environment in self.environments:
            environment.close()
