"""Single layers against torch and against what is known of them."""

import pytest
import torch
from torch import Tensor

from core.deep.engine.blueprint import Blueprint, Convolution, Kind
from core.deep.engine.head import Duel
from core.deep.engine.layers import BENDS, THIN, Convolve, Layer, LayerNorm, Linear
from core.deep.engine.settings import Activation, Dueling
from tests.core.deep.networks import ACTIVATIONS


def normal(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(sum(shape)))


@pytest.mark.parametrize("activation", list(Activation))
def test_activations_and_their_slopes_are_torchs(activation: Activation) -> None:
    bend, z = BENDS[activation], normal(200).mul_(3).requires_grad_()
    expected = ACTIVATIONS[activation](z)
    slope = normal(200) + 1
    before = z.detach().clone()
    y = bend.forward(before)
    torch.testing.assert_close(y, expected)
    assert (before is y) == (not bend.by_input)
    found = bend.backward(slope.clone(), before if bend.by_input else y)
    torch.testing.assert_close(found, *torch.autograd.grad((expected * slope).sum(), z))


@pytest.mark.parametrize("outputs", [1, THIN - 1, THIN, 20])
@pytest.mark.parametrize("batch", [1, 5])
def test_linear_layers_are_torchs_for_each_member(batch: int, outputs: int) -> None:
    x, weight, bias, slope = normal(3, batch, 6), normal(3, 6, outputs), normal(3, 1, outputs), normal(3, batch, outputs)
    layer, into = Linear(), (torch.empty_like(weight), torch.empty_like(bias))
    y, kept = layer.forward(x, (weight, bias))
    back = layer.backward(slope.clone(), kept, (weight, bias), into, True)
    own = [part.clone().requires_grad_() for part in (x, weight, bias)]
    expected = own[0] @ own[1] + own[2]
    torch.testing.assert_close(y, expected)
    torch.testing.assert_close((back, *into), torch.autograd.grad((expected * slope).sum(), own))


@pytest.mark.parametrize(("kernel", "stride", "padding"), [(3, 1, 0), (3, 2, 1), (2, 3, 0), (4, 2, 2)])
@pytest.mark.parametrize("members", [1, 3])
def test_convolutions_are_torchs_for_each_member(members: int, kernel: int, stride: int, padding: int) -> None:
    blueprint = Blueprint((2, 9, 8), 2, convolutions=(Convolution(5, kernel, stride, padding),))
    part = blueprint.parts()[0]
    x, weight, bias = normal(members, 4, 2, 9, 8), normal(members, 5, 2, kernel, kernel), normal(members, 5)
    layer = Convolve(part)
    y, kept = layer.forward(x, (weight, bias))
    assert y.shape == (members, 4, *part.outputs)
    slope, into = normal(*y.shape), (torch.empty_like(weight), torch.empty_like(bias))
    back = layer.backward(slope.clone(), kept, (weight, bias), into, True)
    for member in range(members):
        own = [part[member].clone().requires_grad_() for part in (x, weight, bias)]
        expected = torch.nn.functional.conv2d(*own, stride=stride, padding=padding)
        torch.testing.assert_close(y[member], expected)
        gradients = torch.autograd.grad((expected * slope[member]).sum(), own)
        torch.testing.assert_close((back[member], into[0][member], into[1][member]), gradients)


@pytest.mark.parametrize("shape", [(6,), (3, 4, 5)])
def test_a_normalised_layer_has_mean_0_and_deviation_1_before_gain_and_shift(shape: tuple[int, ...]) -> None:
    blueprint = Blueprint(shape, 2, (6,), convolutions=(Convolution(2, 2),) if len(shape) == 3 else (), layer_norm=True)
    part = next(part for part in blueprint.parts() if part.kind is Kind.layer_norm)
    x = 5 + 3 * normal(2, 7, *part.inputs)
    gain, shift = torch.full((2, 1, *part.inputs), 2.0).double(), torch.full((2, 1, *part.inputs), 0.5).double()
    y = LayerNorm(part).forward(x, (gain, shift))[0].flatten(2)
    torch.testing.assert_close(y.mean(2), torch.full((2, 7), 0.5).double())
    torch.testing.assert_close(y.std(2, correction=0), torch.full((2, 7), 2.0).double(), rtol=1e-3, atol=0.0)


def test_each_stream_is_normalised_for_itself() -> None:
    part = next(p for p in Blueprint((3,), 2, (4,), layer_norm=True, dueling=Dueling.mean).parts() if p.kind is Kind.layer_norm)
    x, ones = normal(1, 5, 8), torch.ones(1, 1, 8).double()
    y = LayerNorm(part).forward(x, (ones, 0 * ones))[0]
    other = LayerNorm(part).forward(torch.cat((x[..., :4], 9 * x[..., 4:] + 1), 2), (ones, 0 * ones))[0]
    torch.testing.assert_close(other, y, rtol=1e-3, atol=1e-3)


def duel(dueling: Dueling, atoms: int) -> Layer:
    return Duel(Blueprint((3,), 4, atoms=atoms, dueling=dueling).parts()[-1], dueling)


@pytest.mark.parametrize("atoms", [1, 3])
@pytest.mark.parametrize("dueling", [Dueling.mean, Dueling.max])
def test_the_value_is_what_dueling_says_and_advantages_only_count_among_themselves(dueling: Dueling, atoms: int) -> None:
    x = normal(2, 6, 5 * atoms)
    q, _ = duel(dueling, atoms).forward(x, ())
    assert q.shape == (2, 6, 4, atoms)
    level = q.mean(2) if dueling is Dueling.mean else q.amax(2)
    torch.testing.assert_close(level, x[..., :atoms])
    lifted, risen = x.clone(), x.clone()
    lifted[..., atoms:] += 7.0
    risen[..., :atoms] += 7.0
    torch.testing.assert_close(duel(dueling, atoms).forward(lifted, ())[0], q)
    torch.testing.assert_close(duel(dueling, atoms).forward(risen, ())[0], q + 7.0)


def test_dueling_by_hand() -> None:
    x = torch.tensor([[[10.0, 1.0, 2.0, 6.0, 3.0]]])
    slope = torch.tensor([[[[1.0], [0.0], [0.0], [3.0]]]])
    mean, kept = duel(Dueling.mean, 1).forward(x, ())
    assert mean.flatten().tolist() == [8.0, 9.0, 13.0, 10.0]
    assert duel(Dueling.mean, 1).backward(slope.clone(), kept, (), (), True).flatten().tolist() == [4.0, 0.0, -1.0, -1.0, 2.0]
    best, kept = duel(Dueling.max, 1).forward(x, ())
    assert best.flatten().tolist() == [5.0, 6.0, 10.0, 7.0]
    assert duel(Dueling.max, 1).backward(slope.clone(), kept, (), (), True).flatten().tolist() == [4.0, 1.0, 0.0, -4.0, 3.0]
