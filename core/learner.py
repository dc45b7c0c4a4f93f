"""The contract of every algorithm, planners included.

`advance` does work, `snapshot` shows it, `state` and `restore` keep it, `explain` tells the last update.
One step and a million go through the same `advance`; so pausing, stepping, resuming and the headless twin agree.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.config import Config, setting
from core.demonstration import Demonstration, Passage
from core.history import Rows
from core.worlds.environment import Environment
from core.worlds.world import World

State = dict[str, Any]
"""A tree of dicts with text keys whose leaves are numpy arrays, numbers, texts, booleans or None."""

UNBOUNDED = 2**62


class Budget(NamedTuple):
    """How much work `advance` may do.

    Attributes:
        units: units of work per member at most: environment steps, or for planners single backups (or whole solves, where a
            planner has nothing smaller).
        boundaries: stop at the latest when the slowest member has ended this many more episodes (planners: sweeps); where
            members can stop by themselves, those ahead wait for it.
    """

    units: int
    boundaries: int = UNBOUNDED


@dataclass(frozen=True, slots=True)
class Progress:
    """What an `advance` did.

    Attributes:
        units: units of work done by each member; less than the budget at a boundary or at the end.
        boundaries: episodes (sweeps) that the slowest member has ended in this call.
        rows: what was measured.
        finished: nothing is left to do (a planner has converged).
    """

    units: int
    boundaries: int
    rows: tuple[Rows, ...] = ()
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Counters:
    """How far one member has come since the start of the run."""

    units: int = 0
    episodes: int = 0
    updates: int = 0
    sweeps: int = 0


class Behaviour(NamedTuple):
    """How actions are drawn from what is known: with probability epsilon any available one, otherwise by value.

    Attributes:
        epsilon: from 0 to 1.
        temperature: of the softmax over values; 0 takes the best one.
        scores: [S, A] float64, what is compared in the place of q; None for q itself.
    """

    epsilon: float
    temperature: float = 0.0
    scores: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """An immutable picture of one member for views; arrays are copies, read-only.

    Attributes:
        counters: how far it is.
        values: [S] float64, estimated V(s); None where states cannot be listed.
        q: [S, A] float64, estimated Q(s, a), NaN where an action is unavailable.
        visits: [S] int64, how often each state was updated.
        tries: [P] int64, how often the action of each pair was taken; None where nobody counts it.
        symbol: what q holds: "Q" for expected returns, "H" for preferences, of which only differences count.
        state: the agent's state in a finite world.
        observation: [D] float32, what the agent sees.
        action_values: [A] float64, Q at the agent's state or observation.
        metrics: the newest figures by name, such as epsilon, residual or loss.
        traces: [S] or [S, A] float64, eligibility traces, NaN where an action is unavailable; None where the learner has none.
        behaviour: how the agent acts while it learns; None where it does not act, or not by values.
        priorities: [N] float64, of transitions that lie in the memory, evenly chosen where there are many; None where all are drawn alike.
    """

    counters: Counters
    values: NDArray[np.float64] | None = None
    q: NDArray[np.float64] | None = None
    visits: NDArray[np.int64] | None = None
    state: int | None = None
    observation: NDArray[np.float32] | None = None
    action_values: NDArray[np.float64] | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    tries: NDArray[np.int64] | None = None
    symbol: str = "Q"
    traces: NDArray[np.float64] | None = None
    behaviour: Behaviour | None = None
    priorities: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """One number of an update: its symbol, its meaning, its value and the state it came from."""

    symbol: str
    meaning: str
    value: float
    state: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The last update as terms of its equation.

    Attributes:
        equation: as textbooks print it.
        formula: an arithmetic expression over the names in `terms`, whose value is `result`.
        terms: by name, in the order of the equation.
        result: the number that was stored.
        state, action: what was updated, by number; None where states cannot be listed, or where it is no single action.
        following: the states that were looked up, with their weights: probabilities in a backup, 1 for a sample.
        error: how far the target was from the value before, the TD error; of a planner, how far the value moved. None without a target.
        observation, next_observation: of a transition whose states cannot be listed.
    """

    equation: str
    formula: str
    terms: Mapping[str, Term]
    result: float
    state: int | None = None
    action: int | None = None
    following: tuple[tuple[int, float], ...] = ()
    error: float | None = None
    observation: tuple[float, ...] = ()
    next_observation: tuple[float, ...] = ()


class LearnerConfig(Config):
    """What every algorithm can be told."""

    varies: ClassVar[tuple[str, ...]] = ()
    """Settings that may differ from member to member."""

    discount: float | None = setting(
        None,
        "Discount",
        "How much a reward one step later is worth: 0 only the next reward counts, 1 all count alike. Left empty: the world's own.",
        symbol="γ",
        ge=0,
        le=1,
    )

    @property
    def teachable(self) -> bool:
        """Whether the learner can learn from what somebody else did: off-policy, and from each step apart."""
        return False


@dataclass(frozen=True)
class Task:
    """Everything that a learner is built from.

    Attributes:
        world: where it learns.
        config: the algorithm's own settings.
        seed: root of every random stream.
        members: independent learners trained side by side.
        device: "auto", "cpu", "cuda", "cuda:1", "mps"; deep learners and planners that sweep look at it.
        variants: where members differ, the settings of each; they agree with `config` in all but what `varies`.
    """

    world: World
    config: LearnerConfig
    seed: int = 0
    members: int = 1
    device: str = "auto"
    variants: tuple[LearnerConfig, ...] = ()

    @property
    def configs(self) -> tuple[LearnerConfig, ...]:
        """[K] the settings of each member."""
        return self.variants or (self.config,) * self.members

    @property
    def discount(self) -> float:
        """The discount to learn with: the settings' own, else the world's."""
        return self.world.discount if self.config.discount is None else self.config.discount

    @property
    def discounts(self) -> tuple[float, ...]:
        """[K] the discount of each member."""
        return tuple(self.world.discount if config.discount is None else config.discount for config in self.configs)


class Learner(ABC):
    """An algorithm at work on one task. Made, used and closed in one thread."""

    unit: str = "step"
    """What `Budget.units` counts: "step"; planners: "backup" or "solve"."""
    boundary: str = "episode"
    """What `Budget.boundaries` counts: "episode"; planners: "sweep", "iteration", "stage" or "solve"."""
    device: str = "CPU"
    """Where the work is done, as a person reads it."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should know that does not end the run, such as that a member has diverged."""
        return ()

    @abstractmethod
    def advance(self, budget: Budget) -> Progress:
        """Do at most `budget` of work. The split into calls does not change any result."""

    @abstractmethod
    def snapshot(self, member: int = 0) -> Snapshot:
        """One member as it stands."""

    @abstractmethod
    def state(self) -> State:
        """Everything that decides what happens next."""

    @abstractmethod
    def restore(self, state: State) -> None:
        """Go on as the learner did whose `state()` this was."""

    @abstractmethod
    def action_values(self, environment: Environment, member: int = 0) -> NDArray[np.float64]:
        """[A] Q in the environment's present state; NaN where an action is unavailable."""

    def values_of(self, observations: NDArray[np.float32], member: int = 0) -> NDArray[np.float64] | None:
        """[N, A] Q in observations [N, D], of unavailable actions, too; None where values are not functions of observations."""
        return None

    def explain(self, member: int = 0) -> Explanation | None:
        """The last update; None before the first."""
        return None

    def where(self, member: int = 0) -> tuple[int, int | None]:
        """Episodes ended so far, and the agent's state in a finite world: what `snapshot` says, for much less."""
        shot = self.snapshot(member)
        return shot.counters.episodes, shot.state

    def check(self, shown: Demonstration) -> None:
        """WorldError where the world knows no such step."""
        raise NotImplementedError

    def take_in(self, shown: Sequence[Passage], first: bool = True) -> None:
        """Learn from what somebody else did, every member alike, as far as that is due at once. No step, episode or row is counted, and
        where the agent stands stays the same.

        Args:
            shown: steps of a demonstration that was checked, in a row: how it is split changes no number.
            first: whether it begins with these.
        """
        raise NotImplementedError

    def close(self) -> None:  # noqa: B027
        """Let go of environments and device memory."""


class Planner(Learner):
    """A learner that knows the world and can prove how close it is."""

    unit = "backup"
    boundary = "sweep"
    aim: str = "the optimal one"
    """What each value comes close to, as a person reads it."""

    @property
    @abstractmethod
    def error_bound(self) -> float:
        """How far any value can be from the one aimed at, rounding included; inf where that is not known."""

    @property
    @abstractmethod
    def converged(self) -> bool:
        """Whether the bound asked for is met, or as close as floating point allows."""
