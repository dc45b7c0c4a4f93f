"""Plots say why there is nothing to draw: not yet, or not with this learner on this world. Clicked in the real studio."""

import math

import pytest

from app.numbers import short
from app.picture import Status
from app.plots.axis import marks, texts, within_decade
from app.plots.plot import LEARNING, PLANNING
from app.plots.plot_view import PlotView
from app.plots.registry import kind_of, plots
from app.studio import Studio
from core.registry import algorithms
from core.worlds.library import library_world
from tests.app.hands import PATIENCE, Hands


def view(studio: Studio, name: str) -> PlotView:
    return next(each for each in studio.window.plots.shown() if each.plot.name == name)


def offered(studio: Studio) -> set[str]:
    return {action.text() for action in studio.window.plots.menu().actions() if action.isCheckable()}


@pytest.fixture
def hands(hands: Hands) -> Hands:
    hands.studio.window.resize(1900, 1000)
    return hands


def test_the_kind_of_a_run_is_its_family_but_for_bandits_and_given_policies() -> None:
    grid, bandit = library_world("grid/lecture-3x4"), library_world("mdp/ten-armed-testbed")
    kinds = {name: kind_of(algorithm, grid) for name, algorithm in algorithms().items() if algorithm.needs != "bandit"}
    assert set(kinds.values()) == {*PLANNING, *LEARNING} - {"bandit"}
    assert {name for name, kind in kinds.items() if kind == "prediction"} == {"td-0", "n-step-td", "td-lambda", "monte-carlo-prediction"}
    assert kind_of(algorithms()["q-learning"], bandit) == kind_of(algorithms()["thompson-sampling"], bandit) == "bandit"


def test_a_planner_shows_its_bound_and_its_changes_of_policy(studio: Studio, hands: Hands) -> None:
    hands.learner("value-iteration")
    hands.press("train")
    hands.until(Status.finished)
    shown = studio.window.plots.shown()
    assert [each.plot.name for each in shown] == ["residual", "error-bound", "policy-changes"] and not any(each.waiting for each in shown)
    assert studio.runs.last is not None
    assert studio.runs.last.history["sweeps"]["error_bound"][-1] <= 1e-10 and view(studio, "policy-changes")._header.newest == "0"
    assert offered(studio) == {"Bellman residual", "Error bound", "Policy changes", "Rate"}


def test_at_discount_one_the_bound_says_why_it_is_not_there(studio: Studio, hands: Hands) -> None:
    hands.library("grid/russell-norvig-4x3")
    hands.learner("value-iteration")
    bound = view(studio, "error-bound")
    assert bound.waiting and "once planning runs" in bound._waiting.text()
    hands.press("train")
    hands.until(Status.finished)
    assert bound.waiting and "at discount 1" in bound._waiting.text()
    hands.press("reset")
    assert "once planning runs" in bound._waiting.text()


def test_learners_offer_only_what_they_record(studio: Studio, hands: Hands) -> None:
    hands.learner("td-0")
    assert not offered(studio) & {"Exploration ε", "Gap to optimal", "Regret", "Loss", "Gradient norm", "Bellman residual"}
    assert {each.plot.name for each in studio.window.plots.shown()} == {"return", "length", "value-error"}
    hands.learner("q-learning")
    assert {"Exploration ε", "Gap to optimal", "Regret"} <= offered(studio) and "Loss" not in offered(studio)
    hands.library("mdp/ten-armed-testbed")
    hands.learner("thompson-sampling", limit=500)
    assert {each.plot.name for each in studio.window.plots.shown()} == {"return", "gap", "value-error", "regret"}
    assert "Episode length" not in offered(studio)
    studio.window.plots.choose(("epsilon",))
    hands.press("train")
    hands.until(Status.finished)
    assert "explores in a way of its own" in view(studio, "epsilon")._waiting.text()


def test_a_world_too_large_for_the_truth_says_so(studio: Studio, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.runs.truth.MOST_STATES", 5)
    hands.learner("q-learning", limit=2000)
    gap = view(studio, "gap")
    assert "once training runs" in gap._waiting.text()
    hands.press("train")
    hands.until(Status.finished)
    hands.qtbot.waitUntil(lambda: "too large" in gap._waiting.text(), timeout=PATIENCE)


@pytest.mark.parametrize("low, high", [(85.0, 90.0), (4.2, 4.3), (1.0, 9.0), (0.0011, 0.0019)])
def test_a_range_within_a_decade_has_marks(low: float, high: float) -> None:
    places = within_decade(math.log10(low), math.log10(high), 3)
    assert 2 <= len(places) <= 6 and all(low * 0.999 <= 10**place <= high * 1.001 for place in places)
    assert all(len(short(10**place)) <= 9 for place in places)


@pytest.mark.parametrize("low, high, intervals", [(-0.95, 1.2, 1.0), (-1.9, 1.2, 1.6), (0.3, 1.9, 1.2), (100.0, 290.0, 1.0)])
def test_an_axis_with_room_for_few_has_more_than_one(low: float, high: float, intervals: float) -> None:
    ((_, places),) = marks(low, high, intervals)
    assert 2 <= len(places) <= 5 and all(low <= place <= high for place in places)
    ((spacing, places),) = marks(low, high, intervals, whole=True)
    assert spacing >= 1 and all(place % 1 == 0 for place in places)


def test_thousands_are_written_alike_along_an_axis() -> None:
    assert texts([0.0, 5000.0, 10_000.0, 15_000.0], 5000.0) == ["0", "5k", "10k", "15k"]
    assert texts([0.0, 2500.0, 5000.0], 2500.0) == ["0", "2,500", "5,000"]


def test_one_number_among_many_missing_ones_is_seen(studio: Studio, hands: Hands) -> None:
    """Backward induction proves something only at its end."""
    hands.learner("backward-induction")
    hands.press("train")
    hands.until(Status.finished)
    bound = view(studio, "error-bound")
    x, y = bound._canvas.layers[0].dots
    assert not bound.waiting and x.tolist() == [99] and len(y) == 1


def test_every_plot_says_what_keeps_it_empty() -> None:
    assert {name for name, plot in plots().items() if plot.channel == "truth" and not plot.absent} == set()
