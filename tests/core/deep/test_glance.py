"""What members think of what they see, as compiled for a processor and by torch."""

import numpy as np
import pytest
import torch

from core.deep.engine.blueprint import Blueprint
from core.deep.engine.choice import expected, make_glance
from core.deep.engine.dense.glance import DenseGlance
from core.deep.engine.encoding import Encoding, OneHot, Vector
from core.deep.engine.glance import Glance
from core.deep.engine.objectives import Quantile
from core.deep.engine.settings import Dueling, Loss
from core.worlds.library import open_world
from tests.core.deep.networks import CPU, drawn


@pytest.mark.parametrize("one_hot", [False, True])
@pytest.mark.parametrize("copies", [1, 3])
def test_values_are_those_of_the_network(one_hot: bool, copies: int) -> None:
    """As seen first, and as seen anew."""
    mdp = open_world("grid/lecture-3x4").compile()
    encoding: Encoding = OneHot(mdp) if one_hot else Vector(5)
    network = drawn(Blueprint(encoding.shape, 4, (8,), dueling=Dueling.mean), 2, dtype=torch.float32)
    glance = make_glance(network, expected(Loss.huber, CPU), encoding, copies)
    assert type(glance) is DenseGlance
    for turn in range(2):
        seen = np.random.default_rng(turn).integers(0, mdp.states, glance.seen.shape)
        glance.seen[:] = seen
        wanted = network.forward(encoding.expand(torch.from_numpy(seen.astype(np.float32)))).outputs[..., 0]
        assert glance().shape == (2, copies, 4)
        np.testing.assert_array_equal(glance(), wanted.numpy())


def test_networks_with_noise_and_those_of_many_numbers_look_by_torch() -> None:
    noisy, plain = drawn(Blueprint((3,), 2, (8,), noise=0.5)), drawn(Blueprint((3,), 2, (8,), atoms=4), dtype=torch.float32)
    assert type(make_glance(noisy, expected(Loss.huber, CPU), Vector(3))) is Glance
    glance = make_glance(plain, Quantile(4, CPU), Vector(3))
    assert type(glance) is Glance
    glance.seen[:] = 1.0
    np.testing.assert_allclose(glance()[0, 0], plain.forward(torch.ones(1, 1, 3)).outputs[0, 0].mean(-1).numpy(), rtol=1e-6)
