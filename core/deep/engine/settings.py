"""Settings that deep Q-learners share. Needs no torch: forms and the command line read them before anything is built."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from core.config import again, setting
from core.learner import LearnerConfig
from core.schedules import Kind, LearningRate, Probability, Schedule


class Activation(StrEnum):
    relu = "relu"
    elu = "elu"
    tanh = "tanh"
    silu = "silu"


class Dueling(StrEnum):
    none = "none"
    mean = "mean"
    max = "max"


class OptimizerName(StrEnum):
    adam = "adam"
    adamw = "adamw"
    amsgrad = "amsgrad"
    amsgradw = "amsgradw"
    nadam = "nadam"
    radam = "radam"
    rmsprop = "rmsprop"
    sgd = "sgd"


class Loss(StrEnum):
    huber = "huber"
    squared = "squared"


class TargetUpdate(StrEnum):
    none = "none"
    hard = "hard"
    soft = "soft"


class TargetClock(StrEnum):
    step = "step"
    episode = "episode"


class Clip(StrEnum):
    norm = "norm"
    value = "value"


class Distribution(StrEnum):
    none = "none"
    categorical = "categorical"
    quantile = "quantile"


RETURN, EXPLORATION, NETWORK = "Return", "Exploration", "Network"
REPLAY, TARGET, OPTIMISATION = "Replay", "Target network", "Optimisation"
"""Headings of the settings."""

Width = Annotated[int, Field(ge=1, le=4096)]


class NetworkConfig(LearnerConfig):
    """Settings of every learner with a network."""

    varies = ("learning_rate", "epsilon", "discount")

    discount: float | None = again(LearnerConfig, "discount", None, section=RETURN)
    epsilon: Probability = setting(
        Schedule(kind=Kind.linear, start=1.0, end=0.04, duration=8_000),
        "Exploration",
        "Probability of a random action instead of the one that the network values most.",
        symbol="ε",
        section=EXPLORATION,
    )
    widths: tuple[Width, ...] = setting(
        (256, 256),
        "Hidden layers",
        "Neurons in each hidden layer. More can represent finer differences between situations, and take longer.",
        unit="neurons",
        max_length=8,
        section=NETWORK,
    )
    activation: Activation = setting(
        Activation.relu,
        "Activation",
        "The bend between two layers; without one the network could only learn straight lines.",
        section=NETWORK,
    )
    layer_norm: bool = setting(
        False,
        "Layer norm",
        "Bring the numbers between two layers to mean 0 and deviation 1, which keeps learning without a target stable.",
        section=NETWORK,
    )
    dueling: Dueling = setting(
        Dueling.none,
        "Dueling",
        "Learn the value of a state and the advantages of actions apart; the mean, or the greatest, advantage is taken off in between.",
        section=NETWORK,
    )
    learning_rate: LearningRate = setting(
        Schedule(kind=Kind.linear, start=2e-3, end=5e-5, duration=50_000),
        "Learning rate",
        "How far the weights move on each update. Too large and the values swing or diverge, too small and learning crawls.",
        symbol="α",
        section=OPTIMISATION,
    )
    optimizer: OptimizerName = setting(
        OptimizerName.adam,
        "Optimizer",
        "How gradients become steps. SGD follows the gradient as it is; the others scale every weight's step by its recent gradients.",
        section=OPTIMISATION,
    )
    loss: Loss = setting(
        Loss.squared, "Loss", "What an error costs. Squared punishes large errors strongly; Huber only in proportion.", section=OPTIMISATION
    )
    gradient_clip: float = setting(
        10.0,
        "Gradient clipping",
        "Largest gradient allowed, so that no odd minibatch spoils the weights. 0 turns it off.",
        ge=0,
        le=1e6,
        section=OPTIMISATION,
    )
    clip_by: Clip = setting(
        Clip.norm,
        "Clip by",
        "Norm: a gradient that is too long is shortened. Value: each of its numbers is cut off for itself.",
        section=OPTIMISATION,
    )
    averaging: float = setting(
        0.0,
        "Averaging",
        "Show and play greedily a running average of the weights, which is calmer than the newest ones: the share that each update moves "
        "it, such as 0.001. 0: the newest weights. Learning is the same either way.",
        ge=0,
        le=1,
        section=OPTIMISATION,
    )
    threads: int = setting(
        1,
        "Threads",
        "Processor threads that torch may use. Small networks are fastest with one.",
        unit="threads",
        ge=1,
        le=256,
        section=OPTIMISATION,
    )


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
