"""The size of a world is known before its environment is made, and is the environment's."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from core.worlds.copies import make_environment
from core.worlds.gym import GymWorld
from core.worlds.library import library_world, names, open_world
from core.worlds.size import Size, size_of, size_seen


@pytest.mark.parametrize("name", [*names(), "make:garnet?states=7&actions=3", "make:maze?rows=9&columns=9"])
def test_it_is_that_of_the_environment(name: str) -> None:
    world = open_world(name)
    if isinstance(world, GymWorld) and world.missing():
        pytest.skip(str(world.missing()))
    with closing(make_environment(world, np.random.default_rng(0))) as environment:
        told = size_of(world)
        assert told is not None and told[:3] == size_seen(environment)[:3]


def test_grids_and_tables_by_hand() -> None:
    assert size_of(library_world("grid/lecture-3x4")) == Size(11, 4, finite=True, coordinates=2, picture=(4, 3, 4))
    assert size_of(library_world("mdp/three-state")) == Size(3, 3, finite=True)
    assert size_of(library_world("gym:CartPole-v1")) == Size(4, 2, finite=False)


def test_what_no_document_tells_is_not_made_up() -> None:
    assert size_of(GymWorld(id="CartPole-v1")) is None
    assert size_of(GymWorld(id="NoSuch-v0", finite=True)) is None


def test_asking_makes_no_environment() -> None:
    code = """
import sys
from core.worlds import library, size
sys.exit(size.size_of(library.library_world('gym:LunarLander-v3')) is None or 'gymnasium' in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=False).returncode == 0
