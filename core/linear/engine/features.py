"""Features of an observation: tiles, Fourier waves, or one a state where states are numbered.

All three are told the same way, by n slots: which feature each slot holds, and its value. Tiles and states have few slots, all
of value 1, among many features; the Fourier basis has every feature in a slot of its own.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled
from core.errors import ConfigError
from core.linear.engine.bounds import bounds_of
from core.linear.engine.fourier import coefficients, fourier_values, rates
from core.linear.engine.settings import Features, LinearConfig
from core.linear.engine.tiles import direct_size, tile_indices
from core.worlds.environment import Environment
from core.worlds.world import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STATES, TILES, FOURIER = range(3)
MOST_WAVES = 20_000
"""Fourier features at most."""
MOST_NUMBERS = 64
"""Numbers of an observation at most; tiles over more would never be visited twice."""


class Basis(NamedTuple):
    """As kernels read it.

    Attributes:
        kind: STATES, TILES or FOURIER.
        low: [D] float64, lowest value of each number of the observation.
        scale: [D] float64, one over the width of its range.
        tilings: of tile coding.
        tiles: per dimension.
        hashed: weights that tiles share by hashing; 0 where each has its own.
        vectors: [F, D] float64 of the Fourier basis, else [0, D].
        rates: [n] float64, step size of each slot as a multiple of alpha.
    """

    kind: int
    low: Floats
    scale: Floats
    tilings: int
    tiles: int
    hashed: int
    vectors: Floats
    rates: Floats


def basis_of(settings: LinearConfig, world: World, environment: Environment) -> tuple[Basis, int]:
    """The features of what the environment shows, and how many they are (F).

    Raises:
        ConfigError: where an observation has too many numbers for them.
    """
    size = environment.observation.size
    none = np.empty(0)
    if environment.state is not None:
        return Basis(STATES, none, none, 0, 0, 0, np.empty((0, 0)), np.ones(1)), size
    if size > MOST_NUMBERS:
        raise ConfigError(f"an observation of {size} numbers is too large for linear features", remedy="Choose DQN")
    if settings.features is Features.fourier:
        count = (settings.order + 1) ** size
        if count > MOST_WAVES:
            what = f"order {settings.order} would need {count:,} Fourier features for the {size} numbers of an observation"
            raise ConfigError(what, where="order", remedy=f"Choose a lower order, with at most {MOST_WAVES:,}, or tiles")
    low, high = bounds_of(world, environment)
    scale = 1.0 / (high - low)
    if settings.features is Features.fourier:
        vectors = coefficients(settings.order, size)
        return Basis(FOURIER, low, scale, 0, 0, 0, vectors, rates(vectors)), len(vectors)
    tilings, tiles = settings.tilings, settings.tiles
    direct = direct_size(tilings, tiles, size)
    hashed = 0 if direct <= settings.weights else settings.weights
    return Basis(TILES, low, scale, tilings, tiles, hashed, np.empty((0, size)), np.full(tilings, 1.0 / tilings)), hashed or direct


def initial_weights(basis: Basis, features: int, actions: int, value: float) -> Floats:
    """[A, F] weights that give every action `value` everywhere."""
    if basis.kind == FOURIER:
        weights = np.zeros((actions, features))
        weights[:, 0] = value
        return weights
    return np.full((actions, features), value / len(basis.rates))


@compiled
def encode(basis: Basis, observation: NDArray[np.float32], state: int, index: Ints, value: Floats) -> None:
    """Write the features of an observation [D] into `index` [n] and `value` [n]; `state` is its number where states have one."""
    kind, low, scale, tilings, tiles, hashed, vectors, _ = basis
    if kind == 0:
        index[0], value[0] = state, 1.0
        return
    scaled = np.empty(len(low))
    for number in range(len(low)):
        scaled[number] = min(max((observation[number] - low[number]) * scale[number], 0.0), 1.0)
    if kind == 1:
        tile_indices(scaled, tilings, tiles, hashed, index)
        value[:] = 1.0
    else:
        for slot in range(len(index)):
            index[slot] = slot
        fourier_values(scaled, vectors, value)
