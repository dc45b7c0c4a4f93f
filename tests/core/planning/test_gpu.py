"""Planning on a GPU, where there is one: `python -m tests gpu`."""

import time
from collections.abc import Callable

import numpy as np
import pytest
import torch

from core.learner import UNBOUNDED, Budget
from core.planning.engine.planner import TablePlanner
from core.planning.engine.tensors import TensorPasses
from core.worlds.library import open_world
from tests.core.planning.drawn import planner

pytestmark = pytest.mark.gpu


@pytest.fixture(autouse=True)
def gpu() -> None:
    if not torch.cuda.is_available():
        pytest.skip("there is no CUDA device")


def took(work: Callable[[], object], times: int = 20) -> float:
    """Seconds of one turn, all work of the device done."""
    work()
    torch.cuda.synchronize()
    began = time.perf_counter()
    for _ in range(times):
        work()
    torch.cuda.synchronize()
    return (time.perf_counter() - began) / times


@pytest.mark.parametrize("method", ["value-iteration", "q-value-iteration", "policy-evaluation", "modified-policy-iteration"])
def test_a_gpu_plans_what_the_processor_plans(method: str) -> None:
    mdp = open_world("make:garnet?states=2000&actions=4&branching=5").compile()
    here, there = (planner(mdp, method, device=device, discount=0.9, tolerance=1e-8) for device in ("cpu", "cuda"))
    assert isinstance(there, TablePlanner) and isinstance(there.passes, TensorPasses)
    for made in (here, there):
        assert made.advance(Budget(UNBOUNDED)).finished
    np.testing.assert_allclose(there.snapshot().values, here.snapshot().values, rtol=0, atol=2e-8)  # type: ignore[arg-type]


@pytest.mark.timeout(900)
def test_a_sweep_over_ten_million_states_moves_at_half_of_the_copy_bandwidth() -> None:
    """What a sweep has to move at least: every outcome's index, weight and value looked up; every pair's reward, offset and Q, written and
    read; every state's offset, value and choice. A copy moves each byte twice."""
    mdp = open_world("make:garnet?states=10000000&actions=2&branching=2").compile()
    made = planner(mdp, "value-iteration", device="cuda", discount=0.999, tolerance=1e-12)
    sweep = took(lambda: made.advance(Budget(UNBOUNDED, 1)))
    moved = len(mdp.next_state) * (4 + 8 + 8) + mdp.pairs * (8 + 4 + 16) + mdp.states * (8 + 16 + 16)
    whole = torch.empty(1 << 27, dtype=torch.float64, device="cuda")
    other = torch.empty_like(whole)
    copy = 2 * whole.nbytes / took(lambda: other.copy_(whole))
    assert moved / sweep >= copy / 2, f"{moved / sweep / 1e9:.0f} of {copy / 1e9:.0f} GB/s"
