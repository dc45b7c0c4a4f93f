"""Settings that all learners with a network share. Needs no torch: forms and the command line read them before anything is built."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

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


class Clip(StrEnum):
    norm = "norm"
    value = "value"


class SeenAs(StrEnum):
    one_hot = "one-hot"
    coordinates = "coordinates"
    picture = "picture"


RETURN, EXPLORATION, NETWORK, OPTIMISATION = "Return", "Exploration", "Network", "Optimisation"
"""Headings of the settings."""

Width = Annotated[int, Field(ge=1, le=4096)]
Channels = Annotated[int, Field(ge=1, le=512)]
Side = Annotated[int, Field(ge=1, le=64)]


class NetworkConfig(LearnerConfig):
    """Settings of every learner with a network."""

    varies = ("learning_rate", "epsilon", "discount")

    discount: float | None = again(LearnerConfig, "discount", None, section=RETURN)
    reward_clip: float = setting(
        0.0,
        "Reward clipping",
        "Larger rewards are learnt as this one, and smaller ones as its negative, so that games with other scores can be learnt alike. "
        "Plots and evaluation count rewards as they are. 0 turns it off.",
        ge=0,
        le=1e6,
        section=RETURN,
    )
    life_loss: bool = setting(
        False,
        "Lost lives end",
        "In a game with lives, learn as if nothing followed when one is lost. The game itself goes on, and returns are those of the whole "
        "game.",
        section=RETURN,
    )
    epsilon: Probability = setting(
        Schedule(kind=Kind.linear, start=1.0, end=0.04, duration=8_000),
        "Exploration",
        "Probability of a random action instead of the one that the network values most.",
        symbol="ε",
        section=EXPLORATION,
    )
    seen_as: SeenAs = setting(
        SeenAs.one_hot,
        "States seen as",
        "How the network sees the state of a finite world: one-hot, a 1 in its place among zeros; in a grid also as coordinates from −1 to "
        "1, or as a picture with a plane for each kind of cell. Environments show numbers of their own, games their screen as a picture.",
        section=NETWORK,
    )
    channels: tuple[Channels, ...] = setting(
        (16, 16),
        "Channels",
        "Planes that each convolution makes of a picture, before the hidden layers.",
        unit="channels",
        when={"seen_as": ("picture",)},
        max_length=8,
        section=NETWORK,
    )
    kernels: tuple[Side, ...] = setting(
        (),
        "Kernels",
        "Sides of the squares by which convolutions go over the picture, the last one for all that follow. Empty: 3 in a grid; 8, 4 and 3 "
        "on the screen of a game.",
        unit="pixels",
        when={"seen_as": ("picture",)},
        max_length=8,
        section=NETWORK,
    )
    strides: tuple[Side, ...] = setting(
        (),
        "Strides",
        "Pixels from one place of the square to the next, the last one for all that follow. Empty: 1 in a grid; 4, 2 and 1 on the screen "
        "of a game.",
        unit="pixels",
        when={"seen_as": ("picture",)},
        max_length=8,
        section=NETWORK,
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
        "Processor threads that networks may use. Small ones are fastest with one.",
        unit="threads",
        ge=1,
        le=256,
        section=OPTIMISATION,
    )
