"""Every planner against printed answers, exact arithmetic and one another; every bound against the exact distance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ConfigError, WorldError
from core.learner import UNBOUNDED, Budget, Task
from core.planning.backward_induction import BackwardInduction, BackwardInductionConfig
from core.planning.policy_iteration import PolicyIteration
from core.planning.prioritised_sweeping import PrioritisedSweeping
from core.registry import algorithms, family
from core.runs.solve import solve
from core.streams import Streams
from core.worlds.build import from_rows
from core.worlds.copies import make_environment
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from core.worlds.mdp import FiniteMDP, greedy
from tests.core.planning.drawn import distance, drawn, exact_policy_values, exact_values, planned, planner, values_of

CONTROL: list[tuple[str, dict[str, object]]] = [
    ("value-iteration", {}),
    ("value-iteration", {"order": "gauss-seidel"}),
    ("value-iteration", {"bound": "span"}),
    ("q-value-iteration", {}),
    ("policy-iteration", {"evaluation": "direct"}),
    ("policy-iteration", {"evaluation": "iterative"}),
    ("modified-policy-iteration", {}),
    ("modified-policy-iteration", {"evaluation_sweeps": 40}),
    ("prioritised-sweeping", {}),
    ("linear-programme", {}),
]
HOW = ("iterative", "direct")
EVALUATION: list[dict[str, object]] = [{"policy": policy, "method": how} for policy in ("uniform", "first") for how in HOW]
NAMES = ["-".join([method, *map(str, chosen.values())]) for method, chosen in CONTROL]
control = pytest.mark.parametrize(("method", "chosen"), CONTROL, ids=NAMES)
seeds, discounts = st.integers(0, 10**6), st.sampled_from([0.0, 0.3, 0.9, 0.99, 0.999])


def test_every_planner_of_optimal_values_is_tested_here() -> None:
    planning = {name for name in algorithms() if family(name) == "planning"}
    assert {name for name, _ in CONTROL} | {"policy-evaluation", "backward-induction"} == planning
    assert next(iter(algorithms())) == "value-iteration"


@control
def test_three_states(method: str, chosen: dict[str, object]) -> None:
    found = solve(open_world("mdp/three-state"), "x", method, chosen)
    expected = [[18.9189189189, 17.0270270270, 13.6216216216], [0, None, -4.8797148797], [None, 50.1336501337, None]]
    for row, wanted in zip(found["q"], expected, strict=True):
        assert [value is None for value in row] == [value is None for value in wanted]
        assert [value for value in row if value is not None] == pytest.approx([value for value in wanted if value is not None], abs=1e-9)
    assert found["policy"] == [0, 0, 1] and found["converged"] and found["iterations"] >= 1
    assert found["residual"] < 1e-9 and found["error_bound"] <= 1.01e-10


@control
def test_printed_answers(method: str, chosen: dict[str, object]) -> None:
    lecture = solve(open_world("grid/lecture-3x4"), "x", method, chosen)
    assert lecture["values"] == pytest.approx([0.81, 0.9, 1, 0, 0.729, 0.9, 1, 0.6561, 0.729, 0.81, 0.729], abs=1e-9)
    russell = solve(open_world("grid/russell-norvig-4x3"), "x", method, chosen)
    printed = [0.812, 0.868, 0.918, 0.762, 0.660, 0.705, 0.655, 0.611, 0.388]
    assert sorted(round(value, 3) for value in russell["values"] if value) == sorted(printed)
    assert russell["values"][0] == pytest.approx(0.8115582192, abs=1e-8)
    assert russell["converged"] and russell["error_bound"] == np.inf and russell["gamma"] == 1
    frozen = solve(open_world("gym:FrozenLake-v1"), "x", method, chosen)
    assert frozen["values"][0] == pytest.approx(0.5420259320, abs=2e-10)


def agree(seed: int, discount: float) -> None:
    """Each planner is as close to V*, known exactly, as it says, at its end and on the way; so all agree."""
    mdp = drawn(seed, discount, ending=0.2 if seed % 2 else 0.0)
    first = planned(mdp, "policy-iteration")
    assert isinstance(first, PolicyIteration)
    exact = exact_values(mdp, discount, first.policy)
    for method, chosen in CONTROL:
        made = planner(mdp, method, **chosen)
        for _ in range(3):
            made.advance(Budget(10**6, boundaries=1 + seed % 3))
            assert distance(values_of(made), exact) <= made.error_bound, (method, chosen)
        made.advance(Budget(UNBOUNDED))
        assert made.converged and made.error_bound <= 1e-6, (method, chosen, made.error_bound)
        assert distance(values_of(made), exact) <= made.error_bound, (method, chosen)


@given(seeds, discounts)
def test_methods_agree_within_their_proven_bounds(seed: int, discount: float) -> None:
    agree(seed, discount)


@pytest.mark.slow
@settings(max_examples=1000)
@given(seeds, discounts)
def test_methods_agree_within_their_proven_bounds_on_a_thousand_worlds(seed: int, discount: float) -> None:
    agree(seed, discount)


@given(seeds)
def test_methods_agree_at_discount_1_where_every_policy_ends(seed: int) -> None:
    mdp = drawn(seed, 1.0, ending=1)
    found = [planned(mdp, method, **chosen) for method, chosen in CONTROL]
    assert all(made.converged and made.error_bound == np.inf for made in found)
    for made in found[1:]:
        np.testing.assert_allclose(values_of(made), values_of(found[0]), rtol=1e-9, atol=1e-8)


@given(seeds, discounts, st.integers(0, 40))
def test_a_bound_holds_in_the_middle_of_a_sweep(seed: int, discount: float, units: int) -> None:
    mdp = drawn(seed, discount)
    first = planned(mdp, "policy-iteration")
    assert isinstance(first, PolicyIteration)
    exact = exact_values(mdp, discount, first.policy)
    for method, chosen in CONTROL:
        made = planner(mdp, method, **chosen)
        made.advance(Budget(units))
        assert distance(values_of(made), exact) <= made.error_bound, (method, chosen)


@settings(max_examples=30)
@given(seeds, st.sampled_from([0.0, 0.9, 0.999, 1.0]))
def test_a_policy_is_worth_what_exact_arithmetic_says(seed: int, discount: float) -> None:
    mdp = drawn(seed, discount, ending=1 if discount == 1 else 0.2)
    sizes = np.diff(mdp.state_offsets)
    first = np.zeros(mdp.pairs)
    first[mdp.state_offsets[:-1][sizes > 0]] = 1
    weights = {"uniform": np.repeat(1 / np.maximum(sizes, 1), sizes), "first": first}
    for chosen in EVALUATION:
        made = planned(mdp, "policy-evaluation", **chosen)
        off = distance(values_of(made), exact_policy_values(mdp, weights[str(chosen["policy"])], discount))
        assert made.converged and off <= made.error_bound, chosen
        assert off <= 1e-7
        assert np.isfinite(made.error_bound) == (discount < 1 or chosen["method"] == "direct")


def test_a_policy_that_never_ends_is_refused_at_discount_1() -> None:
    world = GridWorld(map=("S.G",), discount=1.0)
    with pytest.raises(WorldError, match=r"this policy never ends an episode from state '0,0'\. Lower the discount"):
        solve(world, "x", "policy-evaluation", {"policy": "first"})
    assert solve(world, "x", "policy-evaluation", {"policy": "first", "discount": 0.9})["values"] == [0, 0, 0]
    found = solve(world, "x", "policy-evaluation", {"method": "direct"})
    assert found["values"] == pytest.approx([1, 1, 0]) and found["error_bound"] < 1e-12 and found["aim"] == "the policy's own"


def test_policy_iteration_says_where_discount_1_has_no_values() -> None:
    with pytest.raises(WorldError, match="no policy ends an episode from state '0,0'"):
        solve(GridWorld(map=("S.",), discount=1.0), "x", "policy-iteration", {})
    with pytest.raises(WorldError, match="rewards can be collected for ever from state"):
        solve(GridWorld(map=("S.G",), discount=1.0, living_reward=1), "x", "policy-iteration", {})
    for rows, reward in ((("S.",), 0.0), (("S.G",), 1.0)):
        with pytest.raises(WorldError, match="The linear programme has no solution"):
            solve(GridWorld(map=rows, discount=1.0, living_reward=reward), "x", "linear-programme", {})


def test_ties_do_not_lead_policy_iteration_astray() -> None:
    """At discount 1 and without a cost of living, every way that ends is as good as every other: wandering for ever ties with them."""
    world = GridWorld(map=("S...", ".#..", "...G"), discount=1.0, slip=0.1)
    found = solve(world, "x", "policy-iteration", {})
    assert found["values"][:-1] == pytest.approx([1.0] * 10) and found["iterations"] == 1


@given(seeds, st.sampled_from([0.5, 0.99]))
def test_policy_iteration_only_gets_better(seed: int, discount: float) -> None:
    made = planner(drawn(seed, discount), "policy-iteration")
    before = np.full(len(values_of(made)), -np.inf)
    while not made.advance(Budget(10**6, boundaries=1)).finished:
        assert (values_of(made) >= before - 1e-9).all()
        before = values_of(made)
    assert made.snapshot().metrics["policy changes"] == 0


@given(seeds, st.integers(0, 60))
def test_priorities_are_bellman_errors_in_a_heap(seed: int, units: int) -> None:
    made = planner(drawn(seed, 0.95), "prioritised-sweeping")
    assert isinstance(made, PrioritisedSweeping)
    done = made.advance(Budget(units))
    mdp, heap, priority = made.mdp, made.heap, made.priority
    pairs = mdp.expected_reward + 0.95 * np.add.reduceat(mdp.continuation * made.values[mdp.next_state], mdp.outcome_offsets[:-1])
    np.testing.assert_allclose(made.pair_values, pairs, rtol=1e-13, atol=1e-13)
    best = np.where(mdp.absorbing, 0.0, np.nan_to_num(np.nanmax(np.where(mdp.available, mdp.q_table(pairs), -1e300), axis=1)))
    np.testing.assert_allclose(priority[~mdp.absorbing], np.abs(best - made.values)[~mdp.absorbing], atol=1e-12)
    assert all(priority[heap[at]] <= priority[heap[(at - 1) // 2]] for at in range(1, mdp.states))
    assert (heap[made.place] == np.arange(mdp.states)).all() and made.visits.sum() == done.units


def test_prioritised_sweeping_follows_the_news_and_equals_value_iteration() -> None:
    """In a corridor each backup settles one state, from the goal outwards; sweeps in the wrong order need length times as many."""
    mdp = GridWorld(map=("S" + "." * 48 + "G",), discount=0.99).compile()
    news, swept = planned(mdp, "prioritised-sweeping"), planned(mdp, "value-iteration")
    np.testing.assert_allclose(values_of(news), values_of(swept), atol=1e-12)
    assert news.snapshot().counters.units == 49
    assert swept.snapshot().counters.units == 50 * 50


def test_the_order_of_a_corridor_decides_how_fast_news_travels_in_place() -> None:
    mdp = GridWorld(map=("G" + "." * 48 + "S",), discount=0.99).compile()
    assert planned(mdp, "value-iteration").snapshot().counters.sweeps == 50
    assert planned(mdp, "value-iteration", order="gauss-seidel").snapshot().counters.sweeps == 2


@given(seeds)
def test_modified_policy_iteration_without_evaluation_is_value_iteration(seed: int) -> None:
    mdp = drawn(seed, 0.9)
    modified, plain = planned(mdp, "modified-policy-iteration", evaluation_sweeps=0), planned(mdp, "value-iteration", bound="span")
    assert np.array_equal(values_of(modified), values_of(plain)) and modified.error_bound == plain.error_bound
    assert np.array_equal(greedy(modified.snapshot().q), greedy(planned(mdp, "q-value-iteration").snapshot().q))  # type: ignore[arg-type]


def by_recursion(mdp: FiniteMDP, steps: int) -> np.ndarray:
    values = np.zeros(mdp.states)
    for _ in range(steps):
        pairs = mdp.expected_reward + mdp.discount * np.add.reduceat(mdp.continuation * values[mdp.next_state], mdp.outcome_offsets[:-1])
        values = np.where(mdp.absorbing, 0.0, np.max(np.nan_to_num(mdp.q_table(pairs), nan=-1e300), axis=1))
    return values


@given(seeds, st.sampled_from([0.0, 0.9, 1.0]), st.integers(1, 12))
def test_backward_induction_knows_every_stage(seed: int, discount: float, steps: int) -> None:
    mdp = drawn(seed, discount)
    made = planned(mdp, "backward-induction", horizon=steps)
    assert isinstance(made, BackwardInduction)
    for stage in range(steps + 1):
        np.testing.assert_allclose(made.stages[stage], by_recursion(mdp, steps - stage), rtol=1e-12, atol=1e-12)
    assert made.converged and 0 <= made.error_bound < 1e-10 and made.snapshot().counters.sweeps == steps


def test_frozen_lake_in_100_steps() -> None:
    found = solve(open_world("gym:FrozenLake-v1"), "x", "backward-induction", {"discount": 1.0, "horizon": 100})
    assert found["values"][0] == pytest.approx(0.7442, abs=5e-5)
    assert found["aim"] == "the best within the horizon" and found["error_bound"] < 1e-12


def test_the_greedy_action_depends_on_the_time_left() -> None:
    environment = make_environment(open_world("grid/lecture-3x4"), Streams.spawn(0, 0).world)
    environment.restore({"state": 0, "length": 0})
    late = BackwardInduction(Task(open_world("grid/lecture-3x4"), BackwardInductionConfig(horizon=3, discount=1.0)))
    late.advance(Budget(10**6))
    assert np.nanmax(late.action_values(environment)) == 1
    environment.restore({"state": 0, "length": 1})
    assert np.nanmax(late.action_values(environment)) == 0
    environment.restore({"state": 0, "length": 50})
    assert np.nanmax(late.action_values(environment)) == 0


def test_too_many_stages_are_refused() -> None:
    with pytest.raises(ConfigError, match="horizon: the values of all stages would take more than 1 GiB"):
        solve(GridWorld(map=("." * 200,) * 199 + ("." * 199 + "G",)), "x", "backward-induction", {"horizon": 1_000_000})


@pytest.mark.parametrize(("method", "chosen", "units"), [
    ("linear-programme", {}, [1]), ("policy-evaluation", {"method": "direct"}, [1]), ("policy-iteration", {}, [1, 1 + 11, 2 + 11]),
    ("value-iteration", {}, [11, 22, 33]), ("q-value-iteration", {}, [40, 80, 120]), ("modified-policy-iteration", {}, [11, 77, 143]),
])  # fmt: skip
def test_what_a_unit_and_a_boundary_are(method: str, chosen: dict[str, object], units: list[int]) -> None:
    mdp = open_world("grid/lecture-3x4").compile()
    made = planner(mdp, method, **chosen)
    if method == "policy-iteration":
        seen = [made.advance(Budget(most)).units for most in (1, 11, 1)]
        assert (np.cumsum(seen).tolist(), made.snapshot().counters.sweeps) == (units, 1)
    else:
        for total in units:
            made.advance(Budget(10**6, boundaries=1))
            assert made.snapshot().counters.units == total


def test_a_world_with_nothing_but_zeros_is_done_at_once() -> None:
    mdp = GridWorld(map=("S..",), discount=0.9).compile()
    for method, chosen in CONTROL:
        made = planned(mdp, method, **chosen)
        assert made.converged and made.error_bound == 0 and not values_of(made).any()


def test_the_span_knows_when_all_values_only_rise_together() -> None:
    """Two states that follow one another at random: after one sweep both gain the same, and go on to, 20,000 times and more."""
    rows = {"state": [0, 0, 1, 1], "action": [0] * 4, "next_state": [0, 1, 0, 1], "probability": [0.5] * 4, "reward": [1, 1, 3, 3]}
    mdp = from_rows(["a", "b"], ["go"], **rows, terminated=[False] * 4, discount=0.999)
    norm, span = (planned(mdp, "value-iteration", bound=bound, tolerance=1e-8) for bound in ("norm", "span"))
    assert values_of(span) == pytest.approx([1999.0, 2001.0], abs=span.error_bound) and span.error_bound <= 1e-8
    assert span.snapshot().counters.sweeps == 2 and norm.snapshot().counters.sweeps > 20_000
    explanation = span.explain()
    assert explanation is not None and explanation.result == pytest.approx(3 + 0.999 * 2)
    q = span.snapshot().q
    assert q is not None and q[:, 0].tolist() == values_of(span).tolist()
