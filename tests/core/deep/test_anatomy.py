"""A network's numbers: by hand, and against networks that were made."""

import subprocess
import sys
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import torch

from core.deep.engine.anatomy import anatomy, memory
from core.deep.engine.blueprint import Blueprint, Convolution, Kind
from core.deep.engine.noise import make_network
from core.deep.engine.optimizer import Adam
from core.deep.engine.settings import Activation, Dueling
from core.errors import ConfigError
from tests.core.deep.networks import CPU, drawn

NATURE = Blueprint((4, 84, 84), 6, (512,), convolutions=(Convolution(32, 8, 4), Convolution(64, 4, 2), Convolution(64, 3)))
PICTURE: dict[str, Any] = {"inputs": (2, 7, 6), "convolutions": (Convolution(3, 3, 2, 1), Convolution(2, 2))}
EVERY = [
    Blueprint(actions=3, widths=widths, activation=activation, atoms=atoms, layer_norm=norm, dueling=dueling, noise=noise, **shape)
    for shape, widths, activation, atoms, norm, dueling, noise in product(
        ({"inputs": (5,)}, PICTURE), ((), (4,), (4, 6)), (Activation.relu, Activation.silu), (1, 3), (False, True), Dueling, (0.0, 0.5)
    )
]


def test_needs_no_torch() -> None:
    code = "import sys, core.deep.engine.anatomy; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=False).returncode == 0


def test_the_network_of_mnih_et_al_by_hand() -> None:
    facts = anatomy(NATURE)
    assert [(layer.name, layer.outputs, layer.parameters) for layer in facts] == [
        ("convolution 1", (32, 20, 20), 4 * 8 * 8 * 32 + 32),
        ("activation 1", (32, 20, 20), 0),
        ("convolution 2", (64, 9, 9), 32 * 4 * 4 * 64 + 64),
        ("activation 2", (64, 9, 9), 0),
        ("convolution 3", (64, 7, 7), 64 * 3 * 3 * 64 + 64),
        ("activation 3", (64, 7, 7), 0),
        ("flatten 1", (3136,), 0),
        ("linear 1", (512,), 3136 * 512 + 512),
        ("activation 4", (512,), 0),
        ("linear 2", (6,), 512 * 6 + 6),
        ("action values 1", (6, 1), 0),
    ]
    assert sum(layer.parameters for layer in facts) == 1_687_206
    taken = memory(NATURE, members=2, batch=32, transition=2 * 84 * 84, capacity=1000)
    assert taken.parameters == taken.target == 2 * 4 * 1_687_206
    assert taken.optimizer == 4 * taken.parameters
    assert taken.replay == 2 * 1000 * 14_112
    assert taken.activations == 2 * 32 * 4 * (12_800 + 5_184 + 3_136 + 512 + 6)
    assert taken.total == 6 * taken.parameters + taken.replay + taken.activations


def test_dueling_noise_and_norm_by_hand() -> None:
    facts = anatomy(Blueprint((4,), 2, (8, 16), atoms=5, layer_norm=True, dueling=Dueling.max, noise=0.1))
    assert [(layer.name, layer.outputs, layer.parameters) for layer in facts] == [
        ("linear 1", (8,), 2 * (4 * 8 + 8)),
        ("layer norm 1", (8,), 16),
        ("activation 1", (8,), 0),
        ("linear 2", (32,), 2 * (8 * 32 + 32)),
        ("layer norm 2", (32,), 64),
        ("activation 2", (32,), 0),
        ("value and advantages 1", (15,), 2 * (16 * 5 + 5 + 16 * 10 + 10)),
        ("action values 1", (2, 5), 0),
    ]


@pytest.mark.parametrize("members", [1, 3])
def test_parameters_are_those_of_the_network_for_every_combination(members: int) -> None:
    for blueprint in EVERY:
        network = make_network(blueprint, members, CPU)
        facts, taken = anatomy(blueprint), memory(blueprint, members, 1, 0, 0)
        assert network.parameters.shape == (members, sum(layer.parameters for layer in facts)), blueprint
        assert taken.parameters == network.parameters.nbytes
        optimizer = Adam(network.parameters, torch.zeros_like(network.parameters))
        assert taken.optimizer == sum(part.nbytes for part in (optimizer.gradient, optimizer._work, *optimizer.moments.values()))
        assert len(facts) == len(network.layers)


def storages(tensors: Iterable[torch.Tensor]) -> dict[int, torch.UntypedStorage]:
    return {tensor.untyped_storage().data_ptr(): tensor.untyped_storage() for tensor in tensors}


@pytest.mark.parametrize("members", [1, 3])
def test_activations_are_what_the_forward_pass_takes_for_every_combination(members: int) -> None:
    for blueprint in EVERY:
        network = drawn(blueprint, members, dtype=torch.float32)
        x, views = torch.zeros(members, 7, *blueprint.inputs), network.lay(network.parameters).views
        given, taken = storages((x, *(view for own in views for view in own))), {}
        for number, (layer, own, facts) in enumerate(zip(network.layers, views, anatomy(blueprint), strict=True)):
            x, kept = layer.forward(x, own)
            assert x.shape == (members, 7, *facts.outputs)
            if facts.kind is Kind.convolution:  # it keeps a copy of weights and, the first one, of inputs
                kept = kept[:1] if number else ()
            taken |= storages((x, *kept))
        size = sum(storage.nbytes() for at, storage in taken.items() if at not in given)
        assert size == memory(blueprint, members, 7, 0, 0).activations, blueprint


def test_the_stride_may_leave_rows_unseen_and_says_so() -> None:
    facts = anatomy(Blueprint((1, 96, 8), 2, convolutions=(Convolution(4, 8, 4), Convolution(4, 4, 2, 2))))
    assert [(layer.outputs, layer.unseen) for layer in facts if layer.kind is Kind.convolution] == [
        ((4, 23, 1), (0, 0)),
        ((4, 12, 1), (1, 1)),
    ]
    assert torch.nn.functional.conv2d(torch.zeros(1, 4, 23, 1), torch.zeros(4, 4, 4, 4), stride=2, padding=2).shape[2:] == (12, 1)


def test_what_does_not_fit_is_said_in_a_sentence() -> None:
    with pytest.raises(ConfigError, match=r"convolutions.1: a kernel of 4 does not fit into 3 × 9 with padding 0. Choose a smaller"):
        anatomy(Blueprint((1, 8, 20), 2, convolutions=(Convolution(4, 4, 2), Convolution(4, 4, 2))))
    with pytest.raises(ConfigError, match=r"convolutions.0: convolutions need pictures; an observation here is 4 numbers"):
        anatomy(Blueprint((4,), 2, convolutions=(Convolution(4, 4),)))
