"""What is told of a network before it is made is what the learner then has."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.deep.dqn import DQNConfig, build
from core.deep.engine.anatomy import NetworkFacts, anatomy, written
from core.deep.engine.inspection import MOMENTS, inspect
from core.deep.engine.learner import DeepQLearner
from core.deep.engine.optimizer import OPTIMIZERS
from core.deep.engine.prioritised import PrioritisedReplay
from core.learner import Task
from core.registry import algorithm
from core.worlds.library import library_world
from core.worlds.size import Size
from tests.core.deep.test_anatomy import EVERY, NATURE

CARTPOLE = Size(4, 2, finite=False)
GRID = Size(11, 4, finite=True)


def facts(size: Size, members: int = 1, **settings: Any) -> NetworkFacts:
    found = inspect(DQNConfig(**settings), size, members)
    assert found is not None
    return found


def test_needs_neither_torch_nor_gymnasium() -> None:
    code = "import sys, core.deep.engine.inspection; sys.exit('torch' in sys.modules or 'gymnasium' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=False).returncode == 0


def test_every_optimizer_keeps_as_many_averages_as_is_told() -> None:
    for name, optimizer in OPTIMIZERS.items():
        assert MOMENTS.get(name, 2) == len(optimizer.keeps), name


def test_the_shipped_dqn_by_hand() -> None:
    found = facts(CARTPOLE)
    assert found.parameters == (4 + 1) * 256 + (256 + 1) * 256 + (256 + 1) * 2 == 67_586
    assert found.memory.parameters == found.memory.target == 4 * 67_586 and found.memory.optimizer == 4 * 4 * 67_586
    assert found.memory.replay == 50_000 * 4 * (4 + 4 + 4 + 2) and found.memory.noise == 0
    assert facts(GRID).memory.replay == 50_000 * 4 * (1 + 1 + 4 + 4)


def test_learners_without_a_network_have_none() -> None:
    assert inspect(algorithm("sarsa").config(), GRID) is None


@pytest.mark.parametrize("world", ["grid/lecture-3x4", "gym:CartPole-v1"])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"dueling": "mean", "noisy": True, "layer_norm": True, "distribution": "categorical", "atoms": 7},
        {"dueling": "max", "distribution": "quantile", "atoms": 5, "widths": (), "optimizer": "rmsprop"},
        {"prioritised": True, "n_step": 3, "optimizer": "amsgrad"},
        {"replay": False, "target_update": "none", "optimizer": "sgd"},
        {"replay": False, "n_step": 4, "prioritised": True, "noisy": True, "target_update": "none"},
        {"averaging": 0.01, "noisy": True, "layer_norm": True},
    ],
    ids=lambda settings: " ".join(settings) or "defaults",
)
def test_memory_is_what_the_learner_takes(world: str, settings: dict[str, Any]) -> None:
    settings = {"widths": (6, 8), "buffer_size": 30} | settings
    opened = library_world(world)
    learner = build(Task(opened, DQNConfig(**settings), members=2, device="cpu"))
    assert isinstance(learner, DeepQLearner)
    try:
        told = facts(GRID if world.startswith("grid") else CARTPOLE, 2, **settings)
        network, target, optimizer, replay = learner.online, learner.target, learner.optimizer, learner.replay
        assert network.parameters.shape == (2, told.parameters)
        assert told.memory.parameters == network.parameters.nbytes
        assert told.memory.target == (target.parameters.nbytes if target is not network else 0)
        assert told.memory.average == (learner.average.network.parameters.nbytes if learner.average else 0)
        assert told.memory.optimizer == sum(part.nbytes for part in (learner.gradient, optimizer._work, *optimizer.moments.values()))
        trees = replay.trees.nbytes if isinstance(replay, PrioritisedReplay) else 0
        assert told.memory.replay == replay.rows.nbytes + replay._track.nbytes + trees
        noisy = {id(net): net for net in (network, target) if hasattr(net, "noise")}.values()
        assert told.memory.noise == sum(net.noise.values.nbytes + net._noisy.nbytes for net in noisy)  # type: ignore[attr-defined]
    finally:
        learner.close()


def test_the_sums_add_up_to_the_parameters() -> None:
    for blueprint in [NATURE, *EVERY]:
        for layer in anatomy(blueprint):
            assert eval(layer.sums.replace("·", "*") or "0") == layer.parameters


def test_the_places_of_kernels_are_told_with_the_formula() -> None:
    layers = [layer for layer in anatomy(NATURE) if layer.convolution]
    assert layers[0].places == ("⌊(84 − 8 + 2 · 0) / 4⌋ + 1 = 20",) * 2
    assert [layer.outputs[1] for layer in layers] == [20, 9, 7] and layers[0].sums == "32 · 4 · 8 · 8 + 32"


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (999_400, "999 kB"), (999_600, "1 MB"), (4_550_000, "4.55 MB"), (2e13, "20 TB")],
)
def test_bytes_as_a_person_reads_them(size: int, words: str) -> None:
    assert written(size) == words
