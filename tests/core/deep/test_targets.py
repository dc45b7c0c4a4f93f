"""Choosing and picking actions, against values worked out by hand."""

import torch

from core.deep.engine.targets import best_action, gradient_at, outputs_of

Q = torch.tensor([[[1.0, 5.0, 3.0], [2.0, -1.0, 2.0]]])


def test_the_best_action_is_the_first_of_the_greatest() -> None:
    assert best_action(Q, torch.zeros(1, 2, 3)).flatten().tolist() == [1, 0]


def test_unavailable_actions_never_count() -> None:
    assert best_action(Q, torch.tensor([[[0.0, 1.0, 0.0], [1.0, 0.0, 1.0]]])).flatten().tolist() == [2, 1]


def test_outputs_of_an_action_and_gradients_at_it() -> None:
    action = torch.tensor([[[2], [0]]])
    assert outputs_of(Q[..., None], action).flatten().tolist() == [3.0, 2.0]
    pairs = torch.stack([Q, -Q], 3)
    assert outputs_of(pairs, action).tolist() == [[[3.0, -3.0], [2.0, -2.0]]]
    spread = gradient_at(pairs, action, torch.tensor([[[7.0, 8.0], [9.0, 6.0]]]))
    assert spread.tolist() == [[[[0, 0], [0, 0], [7, 8]], [[9, 6], [0, 0], [0, 0]]]]
    assert gradient_at(Q[..., None], action, torch.tensor([[[7.0], [9.0]]])).flatten().tolist() == [0, 0, 7, 9, 0, 0]
