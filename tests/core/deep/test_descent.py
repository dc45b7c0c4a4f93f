"""The norm of the gradients, their clipping and the step, as compiled for a processor and by torch."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from core.deep.engine.choice import make_descent
from core.deep.engine.dense.descent import DenseDescent
from core.deep.engine.descent import Descent
from core.deep.engine.optimizer import OPTIMIZERS, Adam
from core.deep.engine.settings import Clip, OptimizerName
from tests.core.deep.test_optimizer import shared

ADAMS = [name for name, kind in OPTIMIZERS.items() if issubclass(kind, Adam)]


@settings(deadline=None)
@given(
    name=some.sampled_from(ADAMS),
    by=some.sampled_from(Clip),
    most=some.sampled_from([0.0, 0.5, 3.0, 100.0]),
    members=some.integers(1, 3),
    width=some.integers(1, 40),
    seed=some.integers(0, 10**6),
)
def test_a_compiled_step_is_that_of_torch(name: OptimizerName, by: Clip, most: float, members: int, width: int, seed: int) -> None:
    """Over twenty steps, along gradients some of which are clipped, with a learning rate of its own for each member."""
    stream = torch.Generator().manual_seed(seed)
    start = torch.randn(members, width, generator=stream)
    own = shared(*(0.01 / (1 + member) for member in range(members)))
    ways = mine, theirs = [OPTIMIZERS[name](start.clone(), torch.zeros(members, width)) for _ in range(2)]
    ours, plain = make_descent(mine, most, by, recorded=False), Descent(theirs, most, by, recorded=False)
    assert type(ours) is DenseDescent
    for _ in range(20):
        gradient = torch.randn(members, width, generator=stream)
        for optimizer in ways:
            optimizer.gradient.copy_(gradient)
            optimizer.begin()
        torch.testing.assert_close(ours(own), plain(own))
        torch.testing.assert_close(mine.gradient, theirs.gradient)
    torch.testing.assert_close(mine.parameters, theirs.parameters, rtol=1e-4, atol=1e-5)
    for moment, other in zip(mine.moments.values(), theirs.moments.values(), strict=True):
        torch.testing.assert_close(moment, other)


@pytest.mark.parametrize("recorded", [False, True])
def test_gradients_are_clipped_to_a_length_or_each_entry_by_itself(recorded: bool) -> None:
    for by, first, second in ((Clip.norm, [1.5, 2.0], [0.3, 0.4]), (Clip.value, [2.5, 2.5], [0.3, 0.4])):
        for make in (make_descent, Descent):
            optimizer = Adam(torch.zeros(2, 2), torch.tensor([[3.0, 4.0], [0.3, 0.4]]))
            optimizer.begin()
            norm = make(optimizer, 2.5, by, recorded)(shared(0.1, 0.0))
            torch.testing.assert_close(norm, torch.tensor([5.0, 0.5]))
            torch.testing.assert_close(optimizer.gradient, torch.tensor([first, second]))
            torch.testing.assert_close(optimizer.parameters, torch.tensor([[-0.1, -0.1], [0.0, 0.0]]))


def test_one_member_whose_gradient_is_not_finite_leaves_the_others_alone() -> None:
    for make in (make_descent, Descent):
        optimizer = Adam(torch.ones(3, 2), torch.tensor([[torch.nan, 1.0], [torch.inf, 1.0], [3.0, 4.0]]))
        optimizer.begin()
        norm = make(optimizer, 1.0, Clip.norm, False)(shared(0.1, 0.1, 0.1))
        assert torch.isnan(norm[0]) and torch.isinf(norm[1]) and norm[2] == 5.0
        assert torch.isnan(optimizer.parameters[0]).all() and torch.isnan(optimizer.parameters[1, 0])
        torch.testing.assert_close(optimizer.parameters[2], torch.tensor([0.9, 0.9]))


def test_optimizers_that_nobody_compiled_step_by_torch() -> None:
    for name in set(OPTIMIZERS) - set(ADAMS):
        optimizer = OPTIMIZERS[name](torch.zeros(1, 2), torch.zeros(1, 2))
        assert type(make_descent(optimizer, 1.0, Clip.norm, False)) is Descent
