"""Targets, losses and their gradients, against values worked out by hand."""

import pytest
import torch

from core.deep.engine.settings import Loss
from core.deep.engine.targets import best_next, loss_gradient, loss_value, td_target

TARGET_Q = torch.tensor([[[1.0, 5.0, 3.0], [2.0, -1.0, 0.0]]])
ONLINE_Q = torch.tensor([[[9.0, 0.0, 4.0], [0.0, 7.0, 8.0]]])
ALL = torch.zeros(1, 2, 3)


def test_the_best_next_value_is_the_target_networks_greatest() -> None:
    assert best_next(TARGET_Q, ALL).flatten().tolist() == [5.0, 2.0]


def test_double_chooses_by_the_learning_network_and_values_by_the_target_network() -> None:
    assert best_next(TARGET_Q, ALL, ONLINE_Q).flatten().tolist() == [1.0, 0.0]


def test_unavailable_actions_never_count() -> None:
    blocked = torch.tensor([[[0.0, 1.0, 0.0], [1.0, 0.0, 1.0]]])
    assert best_next(TARGET_Q, blocked).flatten().tolist() == [3.0, -1.0]
    blocked = torch.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]])
    assert best_next(TARGET_Q, blocked, ONLINE_Q).flatten().tolist() == [3.0, 2.0]


@pytest.mark.parametrize("double", [False, True])
def test_termination_ends_the_target_even_where_no_action_is_left(double: bool) -> None:
    reward, factor = torch.tensor([[[0.5], [-1.0]]]), torch.tensor([[[0.0], [0.9]]])
    blocked = torch.tensor([[[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]])
    following = best_next(TARGET_Q, blocked, TARGET_Q if double else None)
    target = td_target(reward, factor, following)
    assert target.flatten().tolist() == pytest.approx([0.5, -1.0 + 0.9 * 2.0])


def test_losses_by_hand() -> None:
    error = torch.tensor([[[-3.0], [0.5]]])
    assert loss_value(Loss.huber, error).flatten().tolist() == [2.5, 0.125]
    assert loss_value(Loss.squared, error).flatten().tolist() == [9.0, 0.25]


@pytest.mark.parametrize("loss", list(Loss))
def test_the_loss_gradient_is_that_of_the_mean_loss(loss: Loss) -> None:
    error = torch.tensor([[[-3.0], [0.5], [0.0], [1.5]], [[1.0], [-0.2], [8.0], [-1.0]]], requires_grad=True)
    loss_value(loss, error).mean(1).sum().backward()
    assert error.grad is not None
    torch.testing.assert_close(loss_gradient(loss, error.detach()), error.grad)
