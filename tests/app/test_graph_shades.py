"""What colours the states of a graph: any of the numbers that may colour the cells of a grid, one at a time."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from app.picture import Status
from app.stage.graph.canvas import GraphCanvas
from app.stage.graph.graph_view import GraphView
from app.stills.of_view import still_of
from app.studio import Studio
from app.theme import theme
from tests.app.hands import Hands


@pytest.fixture
def view(studio: Studio, hands: Hands) -> GraphView:
    """Three states that Q(λ) has learnt."""
    hands.library("mdp/three-state")
    hands.learner("q-lambda", limit=400)
    hands.press("train")
    hands.until(Status.finished)
    found = studio.window.stage.designer.views["graph"]
    assert isinstance(found, GraphView) and not found.isHidden()
    return found


def choose(canvas: GraphCanvas, title: str) -> None:
    next(action for action in canvas.shading.group.actions() if action.text() == title).trigger()


def colour_of(canvas: GraphCanvas, state: str) -> QColor:
    """Inside the circle, away from the name and the number."""
    drawing = canvas.drawing
    assert drawing is not None
    at = canvas.to_screen(drawing.states[state].at - 0.8j * drawing.sizes.radius)
    return canvas.grab().toImage().pixelColor(at.toPoint())


def test_each_choice_has_its_numbers_its_colours_and_its_legend(view: GraphView) -> None:
    canvas, known = view.canvas, view.canvas.snapshot
    assert known is not None and known.visits is not None and known.values is not None
    goal = canvas.aside.goal
    assert goal is not None
    gap = goal - known.values
    wanted = {
        "Value colours": ("V(s)", known.values),
        "Updates of each state": ("N(s)", known.visits),
        "Distance to V*": ("V* − V", gap),
    }
    for title, (symbol, numbers) in wanted.items():
        choose(canvas, title)
        shade = canvas.shade
        assert shade is not None and shade.symbol == symbol
        np.testing.assert_allclose(shade.values, numbers)
        for number, state in enumerate(canvas.drawing.states):  # type: ignore[union-attr]
            assert colour_of(canvas, state).getRgb() == tuple(shade.colours(shade.values)[number].tolist()), (title, state)


def test_errors_and_traces_colour_where_there_are_some_and_leave_the_rest(view: GraphView) -> None:
    canvas = view.canvas
    for title, symbol in (("TD errors", "δ"), ("Eligibility traces", "z(s)")):
        choose(canvas, title)
        shade = canvas.shade
        assert shade is not None and shade.symbol == symbol
        for number, state in enumerate(canvas.drawing.states):  # type: ignore[union-attr]
            if np.isnan(shade.values[number]):
                assert colour_of(canvas, state).name() == theme.colours.cell


def test_what_is_not_known_is_said(studio: Studio, hands: Hands, view: GraphView) -> None:
    choose(view.canvas, "Eligibility traces")
    hands.learner("q-learning", limit=50)
    hands.press("train")
    hands.until(Status.finished)
    assert view.canvas.shade is None and view.canvas.shading.missing == "This learner has no eligibility traces."
    choose(view.canvas, "Value colours")
    assert view.canvas.shade is not None and view.canvas.shading.missing == ""


def test_a_fixed_range_stays_and_another_window_takes_it_over(studio: Studio, view: GraphView) -> None:
    choose(view.canvas, "Updates of each state")
    view.canvas.shading.range.chosen.emit(5.0)
    shade = view.canvas.shade
    assert shade is not None and shade.span == 5.0 and view.canvas.shading.note
    studio.rebuild()
    other = studio.window.stage.designer.views["graph"]
    assert isinstance(other, GraphView) and other.canvas.shading.chosen.name == "visits" and other.canvas.shading.ranges == {"N(s)": 5.0}


def test_the_still_has_the_colours_on_show(view: GraphView) -> None:
    plain = still_of(view, view.canvas.snapshot).image(1.0)
    choose(view.canvas, "Updates of each state")
    assert still_of(view, view.canvas.snapshot).image(1.0) != plain
