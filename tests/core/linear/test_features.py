"""Features against values worked out by hand: tiles, Fourier waves, one per state, and the ranges that they divide."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from numpy.typing import NDArray

from core.errors import ConfigError
from core.learner import Task
from core.linear.engine.bounds import LARGEST, bounds_of, watched
from core.linear.engine.features import Basis, basis_of, encode
from core.linear.engine.fourier import coefficients, rates
from core.linear.engine.settings import Features, LinearConfig
from core.linear.engine.tiles import direct_size, tile_indices
from core.linear.sarsa_lambda import ALGORITHM, SarsaLambdaConfig
from core.worlds.copies import make_environment
from core.worlds.gym import GymWorld, Quantity
from core.worlds.library import open_world
from core.worlds.world import World


def tiles_of(point: list[float], tilings: int, tiles: int, hashed: int = 0) -> list[int]:
    index = np.full(tilings, -1, np.int64)
    tile_indices(np.array(point), tilings, tiles, hashed, index)
    return index.tolist()


def features_of(basis: Basis, observation: list[float], state: int = -1) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    slots = len(basis.rates)
    index, value = np.full(slots, -1, np.int64), np.full(slots, np.nan)
    encode(basis, np.array(observation, np.float32), state, index, value)
    return index, value


def basis_in(world: World, **settings: object) -> tuple[Basis, int]:
    environment = make_environment(world, np.random.default_rng(0))
    try:
        return basis_of(LinearConfig.model_validate(settings), world, environment)
    finally:
        environment.close()


def test_tiles_by_hand() -> None:
    # Two tilings of two tiles over a square: 3 x 3 tiles each. The second is shifted by (1, 3) mod 2 = (1, 1) halves of a tile.
    assert tiles_of([0.0, 0.0], 2, 2) == [0, 9]
    assert tiles_of([0.3, 0.3], 2, 2) == [0, 9 + 3 + 1]
    assert tiles_of([0.6, 0.2], 2, 2) == [3, 9 + 3]
    assert tiles_of([1.0, 1.0], 2, 2) == [6 + 2, 9 + 6 + 2]
    # Four tilings are shifted by (0, 0), (1, 3), (2, 2) and (3, 1) quarters, so that not all lie along the diagonal.
    assert tiles_of([0.2, 0.2], 4, 2) == [0, 9 + 1, 18, 27 + 3]


def test_neighbours_share_tiles_and_strangers_do_not() -> None:
    def shared(first: list[float], second: list[float]) -> int:
        return len(set(tiles_of(first, 8, 8)) & set(tiles_of(second, 8, 8)))

    middle = [0.5 + 1e-9, 0.5 + 1e-9]
    along = [shared(middle, [0.5 + 1e-9 + step / 64, 0.5 + 1e-9]) for step in range(10)]
    assert along == [8, 7, 6, 5, 4, 3, 2, 1, 0, 0]
    assert shared([0.1, 0.1], [0.9, 0.9]) == 0


@pytest.mark.parametrize(("tilings", "tiles", "dimensions"), [(1, 1, 1), (8, 8, 2), (16, 4, 4), (5, 3, 3)])
def test_every_corner_is_in_range_and_every_tiling_has_one_tile(tilings: int, tiles: int, dimensions: int) -> None:
    size = direct_size(tilings, tiles, dimensions)
    for corner in product((0.0, 0.5, 1.0), repeat=dimensions):
        index = tiles_of(list(corner), tilings, tiles)
        assert [place * tilings // size for place in index] == list(range(tilings))
        assert all(0 <= place < 100 for place in tiles_of(list(corner), tilings, tiles, hashed=100))


def test_hashing_spreads_tiles_evenly() -> None:
    points = np.random.default_rng(0).random((4_000, 6))
    counts = np.bincount(np.concatenate([tiles_of(point.tolist(), 1, 40, hashed=64) for point in points]), minlength=64)
    # 4,000 balls in 64 urns: chi squared has mean 63 and deviation 11.
    assert ((counts - 62.5) ** 2 / 62.5).sum() < 63 + 5 * 11.3


def test_fourier_features_by_hand() -> None:
    vectors = coefficients(2, 2)
    assert vectors.tolist() == [[a, b] for a in range(3) for b in range(3)]
    basis = Basis(2, np.array([-1.0, 0.0]), np.array([0.5, 0.1]), 0, 0, 0, vectors, rates(vectors))
    index, value = features_of(basis, [0.0, 2.5])
    assert index.tolist() == list(range(9))
    root = np.sqrt(0.5)
    # s = (1/2, 1/4): cos of pi (a / 2 + b / 4).
    np.testing.assert_allclose(value, [1, root, 0, 0, -root, -1, -1, -root, 0], atol=1e-15)
    constant = 1 + 0.5 * (1 + 1 / 2 + 1 + 1 / np.sqrt(2) + 1 / np.sqrt(5) + 1 / 2 + 1 / np.sqrt(5) + 1 / np.sqrt(8))
    np.testing.assert_allclose(basis.rates[[0, 1, 2, 8]] * constant, [1, 1, 1 / 2, 1 / np.sqrt(8)])


def test_on_average_alpha_is_the_share_of_the_error_that_is_mended() -> None:
    vectors = coefficients(3, 2)
    grid = (np.arange(200) + 0.5) / 200
    points = np.stack(np.meshgrid(grid, grid), -1).reshape(-1, 2)
    assert (np.cos(np.pi * points @ vectors.T) ** 2 @ rates(vectors)).mean() == pytest.approx(1.0)


@given(some.lists(some.floats(-1e9, 1e9, width=32), min_size=4, max_size=4))
def test_what_lies_outside_is_clipped(observation: list[float]) -> None:
    low, high = CARTPOLE.low, CARTPOLE.low + 1 / CARTPOLE.scale
    clipped = np.clip(np.array(observation, np.float32), low, high)
    inside, _ = features_of(CARTPOLE, observation)
    assert ((inside >= 0) & (inside < direct_size(16, 8, 4))).all()
    edge = np.isclose(clipped, low) | np.isclose(clipped, high)
    if edge.all():
        again, _ = features_of(CARTPOLE, (clipped + (clipped - (low + high) / 2)).tolist())
        assert inside.tolist() == again.tolist()


CARTPOLE, _ = basis_in(open_world("gym:CartPole-v1"))


def test_ranges_come_from_the_file_then_the_space_then_from_watching() -> None:
    for name, low in (("MountainCar-v0", [-1.2, -0.07]), ("CartPole-v1", [-2.4, -3.0, -0.2095, -3.5])):
        world = open_world(f"gym:{name}")
        environment = make_environment(world, np.random.default_rng(0))
        np.testing.assert_allclose(bounds_of(world, environment)[0], low, rtol=1e-6)
        environment.close()
    bare = GymWorld(id="CartPole-v1")
    environment = make_environment(bare, np.random.default_rng(0))
    low, high = bounds_of(bare, environment)
    environment.close()
    least, most = watched(bare)
    np.testing.assert_allclose(low, [-4.8, least[1], -0.41887903, least[3]])
    np.testing.assert_allclose(high, [4.8, most[1], 0.41887903, most[3]])
    assert (np.abs(low) < LARGEST).all() and 1 < most[1] < 10 and 1 < most[3] < 15


def test_a_world_file_may_declare_one_side_alone() -> None:
    world = GymWorld(id="MountainCar-v0", observation=(Quantity(name="x", low=-1.0), Quantity(name="v")))
    environment = make_environment(world, np.random.default_rng(0))
    low, high = bounds_of(world, environment)
    environment.close()
    np.testing.assert_allclose([*low, *high], [-1.0, -0.07, 0.6, 0.07], rtol=1e-6)


def test_numbered_states_have_a_feature_each() -> None:
    for name, states in (("grid/lecture-3x4", 11), ("gym:FrozenLake-v1", 16)):
        basis, features = basis_in(open_world(name))
        assert features == states or features == open_world(name).compile().states
        index, value = features_of(basis, [], state=5)
        assert (index.tolist(), value.tolist(), basis.rates.tolist()) == ([5], [1.0], [1.0])


def test_where_tiles_need_more_weights_than_there_are_they_share() -> None:
    direct, size = basis_in(open_world("gym:MountainCar-v0"), tilings=8, tiles=8)
    assert (direct.hashed, size) == (0, 8 * 81)
    shared, size = basis_in(open_world("gym:Acrobot-v1"), tilings=8, tiles=8, weights=5000)
    assert (shared.hashed, size) == (5000, 5000)


def test_too_many_waves_are_refused_with_a_sentence() -> None:
    with pytest.raises(ConfigError, match=r"order: order 9 would need 1,000,000 Fourier features for the 6 numbers"):
        ALGORITHM.build(Task(open_world("gym:Acrobot-v1"), SarsaLambdaConfig(features=Features.fourier, order=9)))


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="visits are not counted here"):
        LinearConfig.model_validate({"epsilon": "power(1, 0, 10, per=visit)"})
    with pytest.raises(ValueError, match="features that are 0 or 1"):
        SarsaLambdaConfig.model_validate({"features": "fourier", "trace": "replacing"})
