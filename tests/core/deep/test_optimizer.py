"""Every optimizer against its namesake in torch.optim, with a learning rate of its own for each member."""

from collections.abc import Callable
from functools import partial

import pytest
import torch

from core.deep.engine.device import Shared
from core.deep.engine.optimizer import OPTIMIZERS
from core.deep.engine.settings import OptimizerName

RATES = (0.01, 0.003)
TORCH: dict[OptimizerName, Callable[..., torch.optim.Optimizer]] = {
    OptimizerName.adam: torch.optim.Adam,
    OptimizerName.adamw: torch.optim.AdamW,
    OptimizerName.amsgrad: partial(torch.optim.Adam, amsgrad=True),
    OptimizerName.amsgradw: partial(torch.optim.AdamW, amsgrad=True),
    OptimizerName.nadam: torch.optim.NAdam,
    OptimizerName.radam: torch.optim.RAdam,
    OptimizerName.rmsprop: torch.optim.RMSprop,
    OptimizerName.sgd: torch.optim.SGD,
}


def shared(*rates: float) -> Shared:
    """[K, 1] learning rates, pushed."""
    made = Shared((len(rates), 1), torch.device("cpu"))
    made.array[:, 0] = rates
    made.push()
    return made


@pytest.mark.parametrize("rates", [RATES, RATES[:1] * 2], ids=["own rates", "one rate"])
@pytest.mark.parametrize("name", list(OptimizerName))
def test_steps_equal_those_of_torch(name: OptimizerName, rates: tuple[float, ...]) -> None:
    start = torch.randn(2, 40, generator=torch.Generator().manual_seed(1))
    noise = torch.Generator().manual_seed(2)
    parameters, gradient = start.clone(), torch.zeros(2, 40)
    ours = OPTIMIZERS[name](parameters, gradient)
    twins = [torch.nn.Parameter(row.clone()) for row in start]
    theirs = [TORCH[name]([twin], lr=rate) for twin, rate in zip(twins, rates, strict=True)]
    for _ in range(60):
        gradient.copy_(torch.randn(2, 40, generator=noise))
        ours.step(shared(*rates))
        for twin, optimizer, row in zip(twins, theirs, gradient, strict=True):
            twin.grad = row.clone()
            optimizer.step()
    torch.testing.assert_close(parameters, torch.stack([twin.detach() for twin in twins]), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", list(OptimizerName))
def test_a_restored_optimizer_goes_on_to_the_bit(name: OptimizerName) -> None:
    def steps(optimizer_parameters: torch.Tensor, count: int, state: dict[str, object] | None = None) -> dict[str, object]:
        gradient = torch.zeros(2, 9)
        optimizer = OPTIMIZERS[name](optimizer_parameters, gradient)
        if state is not None:
            optimizer.restore(state)
        for _ in range(count):
            gradient.copy_(torch.full((2, 9), 1.0 + optimizer.count) * torch.arange(9.0))
            optimizer.step(shared(0.01, 0.01))
        return optimizer.state()

    straight, stopped = torch.ones(2, 9), torch.ones(2, 9)
    steps(straight, 7)
    steps(stopped, 4, steps(stopped, 3))
    assert torch.equal(straight, stopped)
