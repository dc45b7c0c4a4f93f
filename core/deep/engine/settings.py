"""Settings that deep Q-learners share. Needs no torch: forms and the command line read them before anything is built."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from core.config import setting
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
    rmsprop = "rmsprop"
    sgd = "sgd"


class Loss(StrEnum):
    huber = "huber"
    squared = "squared"


class TargetUpdate(StrEnum):
    hard = "hard"
    soft = "soft"


Width = Annotated[int, Field(ge=1, le=4096)]


class DQNConfig(LearnerConfig):
    """Settings of DQN."""

    learning_rate: LearningRate = setting(
        Schedule(kind=Kind.linear, start=2e-3, end=5e-5, duration=50_000),
        "Learning rate",
        "How far the weights move on each update. Too large and the values swing or diverge, too small and learning crawls.",
        symbol="α",
    )
    epsilon: Probability = setting(
        Schedule(kind=Kind.linear, start=1.0, end=0.04, duration=8_000),
        "Exploration",
        "Probability of a random action instead of the one that the network values most.",
        symbol="ε",
    )
    widths: tuple[Width, ...] = setting(
        (256, 256),
        "Hidden layers",
        "Neurons in each hidden layer. More can represent finer differences between situations, and take longer.",
        unit="neurons",
        max_length=8,
    )
    activation: Activation = setting(
        Activation.relu, "Activation", "The bend between two layers; without one the network could only learn straight lines."
    )
    optimizer: OptimizerName = setting(
        OptimizerName.adam,
        "Optimizer",
        "How gradients become steps. SGD follows the gradient as it is; the others scale every weight's step by its recent gradients.",
    )
    loss: Loss = setting(Loss.squared, "Loss", "What an error costs. Squared punishes large errors strongly; Huber only in proportion.")
    gradient_clip: float = setting(
        10.0, "Gradient clipping", "Longest gradient allowed; a longer one is shortened to this norm. 0 turns it off.", ge=0, le=1e6
    )
    batch_size: int = setting(
        64,
        "Batch size",
        "Transitions replayed in one update. A larger batch gives a steadier gradient and takes longer.",
        unit="transitions",
        ge=1,
        le=8192,
    )
    buffer_size: int = setting(
        50_000,
        "Replay buffer",
        "The most recent transitions that are kept for replay. A small one forgets quickly and its samples resemble each other.",
        unit="transitions",
        ge=1,
        le=10_000_000,
    )
    learning_starts: int = setting(
        1_000, "Learning starts", "Steps that only fill the replay buffer before the first update.", unit="steps", ge=1, le=10_000_000
    )
    train_every: int = setting(2, "Train every", "Environment steps between two trainings.", unit="steps", ge=1, le=1_000_000)
    updates_per_train: int = setting(
        1, "Updates per training", "Minibatches learned from at each training.", unit="updates", ge=1, le=1_000
    )
    target_update: TargetUpdate = setting(
        TargetUpdate.hard,
        "Target network",
        "How the target network follows: hard copies the weights every so many steps, soft moves a little with every update.",
    )
    target_every: int = setting(200, "Copy target every", "Hard only: steps between two copies.", unit="steps", ge=1, le=10_000_000)
    target_rate: float = setting(
        0.005, "Target rate", "Soft only: the share of the way to the learning network that each update goes.", symbol="τ", gt=0, le=1
    )
    double: bool = setting(
        True, "Double DQN", "The learning network chooses the next action and the target network values it, which curbs overestimation."
    )
    threads: int = setting(
        1, "Threads", "Processor threads that torch may use. Small networks are fastest with one.", unit="threads", ge=1, le=256
    )
