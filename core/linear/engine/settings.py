"""Settings that learners on linear features share. Forms and the command line read them before anything is built.

The defaults are a compromise between CartPole and mountain car, tried on ten seeds each (tests/core/linear/test_learns.py). What did
not do: exploring at a constant 0.05 costs mountain car 25 steps an episode; ending it at 0 lets policies on CartPole collapse late,
at 0.02 costs Q-learning its steadiness there; a constant step size of 0.1 is too slow for Q-learning on mountain car, of 0.3 leaves
greedy policies on CartPole shaky; 4 tiles per dimension are too coarse for both.
"""

from enum import StrEnum

from core.config import setting
from core.learner import LearnerConfig
from core.schedules import Kind, LearningRate, Probability, Schedule


class Features(StrEnum):
    tiles = "tiles"
    fourier = "fourier"


class LinearConfig(LearnerConfig):
    """How observations become features, and how weights move. A world of numbered states has one feature a state instead."""

    features: Features = setting(
        Features.tiles,
        "Features",
        "What the values are sums of. tiles: which tile of each of several shifted grids the observation lies in; fourier: cosine waves "
        "over the whole range of observations.",
    )
    tilings: int = setting(
        16,
        "Tilings",
        "Tiles only: shifted grids laid over each other. More can tell nearer observations apart, and take longer.",
        unit="tilings",
        ge=1,
        le=256,
    )
    tiles: int = setting(
        8,
        "Tiles per dimension",
        "Tiles only: into how many tiles the range of each number of the observation is cut. Fewer generalise further.",
        unit="tiles",
        ge=1,
        le=256,
    )
    weights: int = setting(
        1 << 17,
        "Weights per action",
        "Tiles only: where the tiles are more than these, they share weights by hashing.",
        unit="weights",
        ge=16,
        le=1 << 24,
    )
    order: int = setting(
        3,
        "Fourier order",
        "Fourier only: how many half waves fit into the range of each number of the observation at most. Higher ones tell finer "
        "differences; their number grows quickly.",
        ge=0,
        le=64,
    )
    step_size: LearningRate = setting(
        Schedule(kind=Kind.linear, start=0.3, end=0.1, duration=200_000),
        "Step size",
        "Share of its error that the value of the situation at hand is moved by on each update, however many features it has.",
        symbol="α",
    )
    epsilon: Probability = setting(
        Schedule(kind=Kind.linear, start=0.1, end=0.01, duration=50_000),
        "Exploration",
        "Probability of a random action instead of the best one known.",
        symbol="ε",
    )
    initial_value: float = setting(
        0.0,
        "Initial value",
        "Q of every action before anything is known; above the best return it makes the agent curious.",
        ge=-1e6,
        le=1e6,
    )
