"""Sweeps on many cores and on tensors against sweeps on one core."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.learner import UNBOUNDED, Budget
from core.planning.engine import passes, rivals
from core.planning.engine.passes import Passes
from core.planning.engine.planner import TablePlanner
from core.planning.engine.tensors import TensorPasses
from core.worlds.library import open_world
from core.worlds.mdp import FiniteMDP
from tests.core.planning.drawn import drawn, planner

METHODS: list[tuple[str, dict[str, object]]] = [
    ("value-iteration", {}),
    ("value-iteration", {"bound": "span"}),
    ("q-value-iteration", {}),
    ("policy-evaluation", {}),
    ("policy-iteration", {"evaluation": "iterative"}),
    ("modified-policy-iteration", {}),
]
NAMES = ["-".join([name, *map(str, chosen.values())]) for name, chosen in METHODS]
methods = pytest.mark.parametrize(("method", "chosen"), METHODS, ids=NAMES)


def on_tensors(mdp: FiniteMDP, discount: float, device: str) -> Passes:
    """Tensors on the processor in the place of a GPU."""
    return TensorPasses(mdp, discount, torch.device("cpu")) if device == "cuda" else Passes(mdp, discount)


@pytest.fixture(autouse=True)
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.planning.engine.planner.make_passes", on_tensors)


@methods
def test_any_number_of_cores_gives_the_same_numbers(method: str, chosen: dict[str, object]) -> None:
    mdp = open_world("make:field?rows=20&columns=30&slip=0.2").compile()
    one, three = planner(mdp, method, discount=0.9, **chosen), planner(mdp, method, discount=0.9, **chosen)
    assert isinstance(one, TablePlanner) and isinstance(three, TablePlanner)
    one.passes.threads, three.passes.threads = 1, 3
    for units in (UNBOUNDED, 7, 1000, UNBOUNDED):
        one.advance(Budget(units, 5))
        three.advance(Budget(units, 5))
        for name, array in one.state().items():
            np.testing.assert_array_equal(array, three.state()[name], name)


@methods
@given(seed=st.integers(0, 10**6), units=st.lists(st.integers(1, 30), min_size=1, max_size=4), ends=st.sampled_from([0.0, 0.2]))
def test_tensors_give_what_kernels_give(method: str, chosen: dict[str, object], seed: int, units: list[int], ends: float) -> None:
    mdp = drawn(seed, 0.9, ends)
    here, there = planner(mdp, method, **chosen), planner(mdp, method, device="cuda", **chosen)
    assert isinstance(here, TablePlanner) and isinstance(there, TablePlanner) and isinstance(there.passes, TensorPasses)
    for some in (*units, UNBOUNDED):
        here.advance(Budget(some))
        there.advance(Budget(some))
        a, b = here.snapshot(), there.snapshot()
        for one, other in ((a.values, b.values), (a.q, b.q)):
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=2e-10 if here.over else 1e-12)
        assert a.counters == b.counters or here.over
    assert there.over


@methods
def test_tensors_go_on_from_what_was_kept(method: str, chosen: dict[str, object]) -> None:
    mdp = drawn(3, 0.9)
    whole, first, second = (planner(mdp, method, device="cuda", **chosen) for _ in range(3))
    whole.advance(Budget(50))
    first.advance(Budget(23))
    second.restore(first.state())
    second.advance(Budget(27))
    for name, array in whole.state().items():
        np.testing.assert_array_equal(array, second.state()[name], name)


def test_tensors_explain_what_they_did() -> None:
    made = planner(drawn(3, 0.9), "value-iteration", device="cuda")
    made.advance(Budget(10))
    explanation = made.explain()
    assert explanation is not None
    terms = {name: term.value for name, term in explanation.terms.items()}
    assert terms["r"] + terms["gamma"] * terms["v_next"] == pytest.approx(explanation.result)


@pytest.mark.parametrize("world", ["make:field?rows=20&columns=30&slip=0.2", "grid/four-rooms-10x10", "make:garnet?states=200"])
@pytest.mark.parametrize("cores", [1, 3])
def test_leaving_out_what_cannot_change_changes_no_bit(monkeypatch: pytest.MonkeyPatch, world: str, cores: int) -> None:
    monkeypatch.setattr(passes, "BLOCK", 16)
    mdp = open_world(world).compile()
    careful, whole = (planner(mdp, "value-iteration", discount=0.9) for _ in range(2))
    assert isinstance(careful, TablePlanner) and isinstance(whole, TablePlanner)
    careful.passes.threads = cores
    left_out = 0
    for units in [UNBOUNDED] * 30 + [37, UNBOUNDED, 5 * mdp.states, UNBOUNDED]:
        careful.advance(Budget(units, 1))
        whole.passes._moved = None
        whole.advance(Budget(units, 1))
        left_out += int((~careful.passes._awake()).sum())
        for name, array in whole.state().items():
            np.testing.assert_array_equal(array, careful.state()[name], name)
    assert left_out > 0 or "garnet" in world


@pytest.mark.parametrize(
    "world", ["make:garnet?states=200&actions=6&branching=5", "make:field?rows=9&columns=9&slip=0.2", "mdp/three-state"]
)
@pytest.mark.parametrize("cores", [1, 3])
def test_looking_at_rivals_only_changes_no_bit(monkeypatch: pytest.MonkeyPatch, world: str, cores: int) -> None:
    monkeypatch.setattr(rivals, "FEW", 1)
    monkeypatch.setattr(rivals, "MANY", 0)
    mdp = open_world(world).compile()
    choosy, whole = (planner(mdp, "modified-policy-iteration", discount=0.9, evaluation_sweeps=2) for _ in range(2))
    assert isinstance(choosy, TablePlanner) and isinstance(whole, TablePlanner)
    choosy.passes.threads = cores
    monkeypatch.setattr(whole.passes, "_challenged", lambda _: False)
    left_out, looks = 0, {5: 3 * mdp.states + 7, 11: 2}
    for iteration in range(20):
        for made in (choosy, whole):
            made.advance(Budget(looks.get(iteration, UNBOUNDED), 1))
        known = choosy.passes._rivals
        left_out += known is not None and known.guessed
        if iteration % 2:
            for name, array in whole.state().items():
                np.testing.assert_array_equal(array, choosy.state()[name], name)
    assert left_out > 5 and whole.over == choosy.over
