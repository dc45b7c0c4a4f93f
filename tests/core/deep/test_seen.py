"""Grids as coordinates and as pictures: what the network reads, what is told of it before, and that it learns from it."""

from typing import Any

import numpy as np
import pytest
import torch

from core.deep.dqn import build
from core.deep.engine.dqn_settings import DQNConfig
from core.deep.engine.grid_encoding import Coordinates, Picture
from core.deep.engine.inspection import inspect
from core.deep.engine.learner import DeepQLearner
from core.deep.engine.pqn_settings import PQNConfig
from core.deep.engine.settings import SeenAs
from core.deep.pqn import build as build_pqn
from core.errors import ConfigError
from core.learner import Budget, Task
from core.runs.evaluation import evaluate
from core.worlds.grid import GridWorld
from core.worlds.library import library_world
from core.worlds.size import size_of
from core.worlds.world import World
from tests.core.deep.networks import CPU

LECTURE, LOCKED = library_world("grid/lecture-3x4"), GridWorld(title="Locked", map=("SaAG", "#...", "...."))
KINDS = [SeenAs.coordinates, SeenAs.picture]


def learner(world: World, seen_as: SeenAs, members: int = 1, **settings: Any) -> DeepQLearner:
    given = {"widths": (16,), "channels": (4, 3), "batch_size": 8, "buffer_size": 200, "learning_starts": 8, "train_every": 1}
    made = build(Task(world, DQNConfig(seen_as=seen_as, **(given | settings)), members=members, device="cpu"))
    assert isinstance(made, DeepQLearner)
    return made


def test_a_picture_is_still_planes_and_the_agent_in_its_cell() -> None:
    world = GridWorld(title="Small", map=("S.#", "..G"))
    picture = Picture(world, CPU)
    seen = picture.expand(torch.tensor([[[0.0], [3.0]]]))
    assert seen.shape == (1, 2, *picture.shape) and picture.shape == (3, 2, 3)
    assert seen[0, 0].tolist() == [[[1, 0, 0], [0, 0, 0]], [[0, 0, 1], [0, 0, 0]], [[0, 0, 0], [0, 0, 1]]]
    assert seen[0, 1, 0].tolist() == [[0, 0, 0], [0, 1, 0]] and torch.equal(seen[0, 0, 1:], seen[0, 1, 1:])


@pytest.mark.parametrize("kind", [Coordinates, Picture])
def test_no_two_states_look_alike_keys_included(kind: type[Coordinates | Picture]) -> None:
    encoding = kind(LOCKED, CPU)
    seen = encoding.expand(torch.arange(encoding.mdp.states)[None, :, None])[0].flatten(1)
    assert len(torch.unique(seen, dim=0)) == encoding.mdp.states
    shown = torch.eye(encoding.mdp.states)
    assert torch.equal(encoding.read(shown).flatten(1), seen)


@pytest.mark.parametrize("seen_as", KINDS)
@pytest.mark.parametrize("world", [LECTURE, LOCKED], ids=["lecture", "keys"])
def test_what_is_told_of_the_network_is_what_the_learner_has(world: World, seen_as: SeenAs) -> None:
    made, size = learner(world, seen_as, members=2), size_of(world)
    assert size is not None
    told = inspect(made.config, size, 2)
    assert told is not None
    assert told.memory.parameters == made.online.parameters.nbytes and told.memory.replay == made.replay.rows.nbytes
    assert told.layers[0].inputs == made.encoding.shape
    kinds = [layer.kind.value for layer in told.layers]
    assert (kinds.count("convolution"), kinds.count("flatten")) == ((2, 1) if seen_as is SeenAs.picture else (0, 0))
    made.close()


@pytest.mark.parametrize("seen_as", KINDS)
def test_the_table_of_a_snapshot_is_what_the_network_says_state_by_state(seen_as: SeenAs) -> None:
    made = learner(LOCKED, seen_as, members=2)
    made.advance(Budget(30))
    shot = made.snapshot(1)
    assert shot.q is not None and shot.action_values is not None
    mdp = LOCKED.compile()
    alone = made.values_of(np.eye(mdp.states, dtype=np.float32), 1)
    np.testing.assert_allclose(shot.q[mdp.available], alone[mdp.available], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(shot.action_values, shot.q[shot.state], rtol=1e-5, atol=1e-6)
    made.close()


@pytest.mark.parametrize("seen_as", KINDS)
def test_a_restored_learner_goes_on_to_the_bit(seen_as: SeenAs) -> None:
    one, other = learner(LOCKED, seen_as), learner(LOCKED, seen_as)
    one.advance(Budget(25))
    other.restore(one.state())
    for each in (one, other):
        each.advance(Budget(20))
    assert torch.equal(one.online.parameters, other.online.parameters)
    one.close()
    other.close()


@pytest.mark.parametrize("seen_as", KINDS)
def test_it_finds_the_way(seen_as: SeenAs) -> None:
    settings = {"learning_rate": 3e-3, "epsilon": "linear(1, 0.1, 1000)", "discount": 0.9, "widths": (32,), "learning_starts": 64}
    made = learner(LECTURE, seen_as, **settings, batch_size=32, buffer_size=2000, target_every=50)
    made.advance(Budget(2500))
    assert evaluate(made, LECTURE, 5) == [1.0] * 5
    made.close()


@pytest.mark.parametrize("seen_as", KINDS)
def test_pqn_sees_them_too(seen_as: SeenAs) -> None:
    settings = PQNConfig(seen_as=seen_as, widths=(8,), channels=(2,), environments=3, rollout=4, minibatches=2, epochs=1)
    made = build_pqn(Task(LECTURE, settings, members=2, device="cpu"))
    made.advance(Budget(40))
    assert made.snapshot(1).counters.updates > 0
    made.close()


@pytest.mark.parametrize("seen_as", KINDS)
def test_states_without_a_place_cannot_be_seen_so_and_environments_are_seen_as_they_are(seen_as: SeenAs) -> None:
    table = library_world("mdp/three-state")
    with pytest.raises(ConfigError, match="only the states of a grid have places"):
        learner(table, seen_as)
    size = size_of(table)
    assert size is not None
    with pytest.raises(ConfigError, match="seen_as: only the states of a grid"):
        inspect(DQNConfig(seen_as=seen_as), size)
    cartpole = learner(library_world("gym:CartPole-v1"), seen_as)
    assert cartpole.encoding.shape == (4,)
    cartpole.close()
