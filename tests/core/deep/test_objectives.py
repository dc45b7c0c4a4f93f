"""Objectives by hand on tiny batches, and their gradients against autograd."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from core.deep.engine.objectives import Categorical, Expected, Objective, Quantile
from core.deep.engine.settings import Loss

CPU = torch.device("cpu")


def column(*numbers: float) -> Tensor:
    """[1, B, 1]."""
    return torch.tensor(numbers).view(1, -1, 1)


def test_expected_by_hand() -> None:
    """delta = 2 - (1 + 0.9 * 3) = -1.7 and 1 - 5 = -4 after the end."""
    for loss, gradient in ((Loss.squared, [-1.7, -4.0]), (Loss.huber, [-0.5, -0.5])):
        lesson = Expected(loss).learn(column(2, 1), column(3, 7), column(1, 5), column(0.9, 0))
        assert lesson.td_error.flatten().tolist() == pytest.approx([-1.7, -4.0])
        assert lesson.gradient.flatten().tolist() == pytest.approx(gradient)
        weighted = Expected(loss).learn(column(2, 1), column(3, 7), column(1, 5), column(0.9, 0), column(1.0, 0.5))
        assert weighted.gradient.flatten().tolist() == pytest.approx([gradient[0], gradient[1] / 2])
    assert Expected(Loss.huber).loss_of(lesson.td_error).flatten().tolist() == pytest.approx([1.2, 3.5])
    assert Expected(Loss.squared).loss_of(lesson.td_error).flatten().tolist() == pytest.approx([2.89, 16.0])


def test_categorical_projection_by_hand() -> None:
    """Places 0, 1, 2. Of 0.5 + 0.9 z = 0.5, 1.4, 2.3 the last is cut off at 2; after the end all mass is at the reward, 1.25."""
    objective = Categorical(3, 0.0, 2.0, CPU)
    p_next = torch.tensor([[[0.2, 0.5, 0.3], [0.2, 0.5, 0.3]]])
    target = objective.project(p_next, column(0.5, 1.25), column(0.9, 0.0))
    assert target[0, 0].tolist() == pytest.approx([0.1, 0.1 + 0.3, 0.2 + 0.3])
    assert target[0, 1].tolist() == pytest.approx([0.0, 0.75, 0.25])


def test_categorical_by_hand() -> None:
    """Equal logits: p = 1/2 each at -1 and 1, Q = 0. The target after the end with reward 1 has all mass at 1."""
    objective = Categorical(2, -1.0, 1.0, CPU)
    lesson = objective.learn(torch.zeros(1, 1, 2), torch.zeros(1, 1, 2), column(1.0), column(0.0))
    assert lesson.gradient.flatten().tolist() == pytest.approx([0.5, -0.5])
    assert lesson.td_error.item() == pytest.approx(-1.0)
    assert lesson.loss is not None
    assert lesson.loss.item() == pytest.approx(0.6931472)
    assert objective.values(torch.tensor([[0.0, 0.0], [0.0, 1.0986123]])).tolist() == pytest.approx([0.0, 0.5])


def test_quantile_by_hand() -> None:
    """Quantiles 0 and 3 at 1/4 and 3/4, targets 0.5 and 1.5: u = 0.5, 1.5 and -2.5, -1.5."""
    lesson = Quantile(2, CPU).learn(torch.tensor([[[0.0, 3.0]]]), torch.tensor([[[-1.0, 1.0]]]), column(1.0), column(0.5))
    assert lesson.gradient.flatten().tolist() == pytest.approx([-(0.25 * 0.5 + 0.25 * 1) / 2, (0.25 * 1 + 0.25 * 1) / 2])
    assert lesson.loss is not None
    assert lesson.loss.item() == pytest.approx((0.25 * 0.125 + 0.25 * 1.0) / 2 + (0.25 * 2.0 + 0.25 * 1.0) / 2)
    assert lesson.td_error.item() == pytest.approx(1.5 - 1.0)


OBJECTIVES = {
    "huber": lambda: Expected(Loss.huber),
    "squared": lambda: Expected(Loss.squared),
    "categorical": lambda: Categorical(7, -3.0, 4.0, CPU),
    "quantile": lambda: Quantile(5, CPU),
}


@pytest.mark.parametrize("name", OBJECTIVES)
@given(seed=st.integers(0, 10**6), weighted=st.booleans())
def test_the_gradient_is_that_of_the_mean_weighted_loss(name: str, seed: int, weighted: bool) -> None:
    objective: Objective = OBJECTIVES[name]()
    stream = torch.Generator().manual_seed(seed)
    taken, following = (3 * torch.randn(2, 4, objective.atoms, generator=stream) for _ in range(2))
    reward = torch.randn(2, 4, 1, generator=stream)
    factor = (torch.rand(2, 4, 1, generator=stream) * 1.4 - 0.3).clamp(0, 1)
    weights = torch.rand(2, 4, 1, generator=stream) if weighted else None
    taken.requires_grad_(True)
    lesson = objective.learn(taken, following, reward, factor, weights)
    loss = objective.loss_of(lesson.td_error) if lesson.loss is None else lesson.loss
    assert loss is not None and loss.shape == (2, 4, 1) and (loss.detach() >= 0).all()
    (loss * (1.0 if weights is None else weights)).mean(1).sum().backward()
    torch.testing.assert_close(lesson.gradient.detach(), taken.grad, rtol=1e-4, atol=1e-6)
    expected = objective.values(taken.detach()) - (reward + factor * objective.values(following)[..., None])[..., 0]
    torch.testing.assert_close(lesson.td_error.detach()[..., 0], expected)


@given(seed=st.integers(0, 10**6))
def test_a_projection_keeps_the_mass_and_inside_the_places_the_mean(seed: int) -> None:
    objective = Categorical(11, -5.0, 5.0, CPU)
    stream = torch.Generator().manual_seed(seed)
    p = torch.randn(1, 6, 11, generator=stream).softmax(-1)
    reward, factor = torch.randn(1, 6, 1, generator=stream).clamp(-1, 1), torch.rand(1, 6, 1, generator=stream) * 0.8
    target = objective.project(p, reward, factor)
    torch.testing.assert_close(target.sum(-1), torch.ones(1, 6))
    assert (target >= -1e-7).all()
    mean = lambda q: (q * objective.places).sum(-1, keepdim=True)  # noqa: E731
    torch.testing.assert_close(mean(target), reward + factor * mean(p), rtol=1e-4, atol=1e-5)
