"""Settings of DQN and all that is made of it. Needs no torch."""

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from core.config import setting
from core.deep.engine.settings import EXPLORATION, RETURN, NetworkConfig
from core.schedules import Kind, Probability, Schedule

REPLAY, TARGET = "Replay", "Target network"


class TargetUpdate(StrEnum):
    none = "none"
    hard = "hard"
    soft = "soft"


class TargetClock(StrEnum):
    step = "step"
    episode = "episode"


class Distribution(StrEnum):
    none = "none"
    categorical = "categorical"
    quantile = "quantile"


class DQNConfig(NetworkConfig):
    """Settings of DQN."""

    n_step: int = setting(
        1,
        "Steps of return",
        "Rewards that are added up before the network's own estimate takes over. More bring news faster, and more chance.",
        unit="steps",
        symbol="n",
        ge=1,
        le=100,
        section=RETURN,
    )
    distribution: Distribution = setting(
        Distribution.none,
        "Distribution",
        "Learn how returns are distributed, not only their mean. Categorical (C51): probabilities of fixed returns. Quantile (QR-DQN): the "
        "returns at fixed probabilities.",
        section=RETURN,
    )
    atoms: int = setting(
        51,
        "Atoms",
        "Numbers by which a distribution is described.",
        when={"distribution": ("categorical", "quantile")},
        ge=2,
        le=512,
        section=RETURN,
    )
    lowest: float = setting(
        -100.0,
        "Lowest return",
        "Returns below are taken for this one.",
        when={"distribution": ("categorical",)},
        ge=-1e6,
        le=1e6,
        section=RETURN,
    )
    highest: float = setting(
        100.0,
        "Highest return",
        "Returns above are taken for this one.",
        when={"distribution": ("categorical",)},
        ge=-1e6,
        le=1e6,
        section=RETURN,
    )
    noisy: bool = setting(
        False,
        "Noisy layers",
        "Explore by noise on the weights, whose size is learned, in place of random actions: set Exploration to 0.",
        section=EXPLORATION,
    )
    noise: float = setting(
        0.5, "Noise", "Size of the noise at the beginning.", symbol="σ₀", when={"noisy": ("True",)}, gt=0, le=10, section=EXPLORATION
    )
    replay: bool = setting(
        True,
        "Experience replay",
        "Learn from transitions drawn out of a memory. Without it, from the newest one alone, once.",
        section=REPLAY,
    )
    batch_size: int = setting(
        64,
        "Batch size",
        "Transitions replayed in one update. A larger batch gives a steadier gradient and takes longer.",
        unit="transitions",
        when={"replay": ("True",)},
        ge=1,
        le=8192,
        section=REPLAY,
    )
    buffer_size: int = setting(
        50_000,
        "Replay buffer",
        "The most recent transitions that are kept for replay. A small one forgets quickly and its samples resemble each other.",
        unit="transitions",
        when={"replay": ("True",)},
        ge=1,
        le=10_000_000,
        section=REPLAY,
    )
    learning_starts: int = setting(
        1_000,
        "Learning starts",
        "Steps that only fill the replay buffer before the first update.",
        unit="steps",
        when={"replay": ("True",)},
        ge=1,
        le=10_000_000,
        section=REPLAY,
    )
    train_every: int = setting(
        2,
        "Train every",
        "Environment steps between two trainings.",
        unit="steps",
        when={"replay": ("True",)},
        ge=1,
        le=1_000_000,
        section=REPLAY,
    )
    updates_per_train: int = setting(
        1,
        "Updates per training",
        "Minibatches learned from at each training.",
        unit="updates",
        when={"replay": ("True",)},
        ge=1,
        le=1_000,
        section=REPLAY,
    )
    prioritised: bool = setting(
        False, "Prioritised replay", "Replay more often what was predicted worst.", when={"replay": ("True",)}, section=REPLAY
    )
    priority: float = setting(
        0.6,
        "Priority exponent",
        "How much the error decides what is replayed: 0 not at all, 1 in proportion.",
        symbol="α",
        when={"replay": ("True",), "prioritised": ("True",)},
        ge=0,
        le=1,
        section=REPLAY,
    )
    importance: Probability = setting(
        Schedule(kind=Kind.linear, start=0.4, end=1.0, duration=50_000),
        "Importance weights",
        "How far the bias of replaying some more often is undone: 0 not at all, 1 fully.",
        symbol="β",
        when={"replay": ("True",), "prioritised": ("True",)},
        section=REPLAY,
    )
    target_update: TargetUpdate = setting(
        TargetUpdate.hard,
        "Target network",
        "How the target network follows: hard copies the weights now and then, soft moves a little with every update; none: there is no "
        "target network, the learning one sets its own goals.",
        section=TARGET,
    )
    target_every: int = setting(
        200,
        "Copy target every",
        "Steps or episodes between two copies.",
        when={"target_update": ("hard",)},
        ge=1,
        le=10_000_000,
        section=TARGET,
    )
    target_clock: TargetClock = setting(
        TargetClock.step, "Copies counted in", "Steps, or each member's own episodes.", when={"target_update": ("hard",)}, section=TARGET
    )
    target_rate: float = setting(
        0.005,
        "Target rate",
        "The share of the way to the learning network that each update goes.",
        symbol="τ",
        when={"target_update": ("soft",)},
        gt=0,
        le=1,
        section=TARGET,
    )
    double: bool = setting(
        True,
        "Double DQN",
        "The learning network chooses the next action and the target network values it, which curbs overestimation.",
        when={"target_update": ("hard", "soft")},
        section=TARGET,
    )

    @property
    def teachable(self) -> bool:
        return self.replay

    @property
    def minibatch(self) -> int:
        """Transitions of one update."""
        return self.batch_size if self.replay else 1

    @property
    def capacity(self) -> int:
        """Transitions that are kept."""
        return self.buffer_size if self.replay else self.n_step

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.lowest >= self.highest:
            raise ValueError(f"the lowest return, {self.lowest:g}, must lie below the highest, {self.highest:g}")
        return self
