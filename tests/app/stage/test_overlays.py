"""What is laid over a grid, pixel by pixel: colours, arrows, triangles and numbers say what the snapshot knows."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.stage.grid_view import GridView
from app.stage.hit import Placement
from app.stage.lettering import short
from app.stage.overlays import Scene, numbers, overlays
from app.stage.overlays.policy import best_actions
from app.theme import theme
from core.learner import Counters, Snapshot
from core.worlds.grid import GridWorld, Moves

Floats = NDArray[np.float64]
NAN = np.nan
SIDES = {"up": 0, "right": 1, "down": 2, "left": 3}


@pytest.fixture(params=["light", "dark"])
def mode(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    theme.use(request.param)
    yield request.param
    theme.use("light")


def show(
    qtbot: QtBot, map_: tuple[str, ...], *layers: str, values: object = None, q: object = None, state: int | None = None,
    size: tuple[int, int] = (500, 400),
) -> GridView:  # fmt: skip
    view = GridView()
    qtbot.addWidget(view)
    view.resize(*size)
    view.set_world(GridWorld(map=map_))
    view.show()
    view.shown = set(layers)
    states = len(GridWorld(map=map_).compile().state_names)
    v = np.zeros(states) if values is None else np.array(values, np.float64)
    view.set_snapshot(Snapshot(Counters(), values=v, q=None if q is None else np.array(q, np.float64), state=state))
    return view


def picture(view: GridView, *layers: str) -> QImage:
    view.shown = set(layers)
    return view.grab().toImage()


def at(image: QImage, box: QRectF, across: float, down: float) -> QColor:
    return image.pixelColor(int(box.left() + across * box.width()), int(box.top() + down * box.height()))


def tinted(value: float, span: float) -> QColor:
    return QColor(*theme.value_table()[int((0.5 + 0.5 * value / span) * 255)].tolist())


def alike(one: QColor, other: QColor, most: int) -> bool:
    return max(abs(a - b) for a, b in zip(one.getRgb(), other.getRgb(), strict=True)) <= most


def zoom(view: GridView, turn: int) -> None:
    where = QPointF(view.rect_of(1, 1).center())
    event = QWheelEvent(
        where,
        where,
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def ink(view: GridView, layer: str, row: int, column: int) -> NDArray[np.bool_]:
    """Which pixels of a cell the layer changes."""
    box = view.rect_of(row, column).toRect()
    changed = _bytes(picture(view, layer).copy(box)) != _bytes(picture(view).copy(box))
    return changed.any(axis=2)


def _bytes(image: QImage) -> NDArray[np.uint8]:
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return lines[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()


def halves(drawn: NDArray[np.bool_]) -> list[int]:
    """Ink in the upper, right, lower and left half of what is drawn about the middle of an arrow."""
    side = drawn.shape[0]
    middle, raised = side // 2, round(side * (0.4 if side >= 34 else 0.5))
    return [int(part.sum()) for part in (drawn[:raised], drawn[:, middle:], drawn[raised:], drawn[:, :middle])]


# Values


def test_values_have_the_colours_of_the_table(qtbot: QtBot, mode: str) -> None:
    view = show(qtbot, ("....",), values=[2.0, -2.0, 0.0, 1.0])
    image = picture(view, "values")
    found = [at(image, view.rect_of(0, column), 0.3, 0.3) for column in range(4)]
    assert [colour.name() for colour in found] == [tinted(value, 2.0).name() for value in (2.0, -2.0, 0.0, 1.0)]
    assert found[0].blue() > found[0].red() + 40
    assert found[1].red() > found[1].blue() + 40


def test_walls_and_goals_keep_their_own_colours(qtbot: QtBot, mode: str) -> None:
    view = show(qtbot, ("#.", "G."), values=[1.0, 5.0, -1.0], q=[[1.0] * 4, [NAN] * 4, [-1.0] * 4], state=0)
    every = picture(view, *(overlay.name for overlay in overlays()))
    assert at(every, view.rect_of(0, 0), 0.5, 0.5).name() == theme.colours.wall
    assert not ink(view, "values", 0, 0).any() and not ink(view, "values", 1, 0).any()
    assert ink(view, "values", 0, 1).any()


def test_the_span_follows_what_is_on_show(qtbot: QtBot) -> None:
    view = show(qtbot, ("..",), values=[0.5, -0.25], q=[[4.0, 0, 0, 0], [NAN] * 4])
    view.shown = {"values"}
    assert view.span == 0.5
    view.shown = {"values", "q"}
    assert view.span == 4.0
    view.set_snapshot(Snapshot(Counters(), values=np.zeros(2), q=np.full((2, 4), NAN)))
    assert view.span == 1.0
    view.set_snapshot(None)
    assert view.span == 1.0


def test_the_legend_runs_from_the_highest_to_the_lowest_colour(qtbot: QtBot, mode: str) -> None:
    view = show(qtbot, ("..",), values=[1.0, -1.0], size=(500, 400))
    image = picture(view)
    x = 500 - 66 + 12 + 6
    for y, value in ((60, 1), (128, 0.5), (200, 0), (272, -0.5), (340, -1)):
        assert alike(image.pixelColor(x, y), tinted(value, 1), 14), y
    assert alike(image.pixelColor(x, 30), theme.colour("stage"), 60)


# Arrows


@pytest.mark.parametrize("size", [(500, 400), (240, 160)], ids=["filled", "thin"])
@pytest.mark.parametrize("action", Moves.four.names)
def test_the_arrow_points_the_way_of_the_best_action(qtbot: QtBot, mode: str, action: str, size: tuple[int, int]) -> None:
    best, opposite = SIDES[action], (SIDES[action] + 2) % 4
    grid = (".....",) * 5
    q = np.zeros((25, 4))
    q[12, best] = 1.0
    view = show(qtbot, grid, q=q, size=size)
    this_way = halves(ink(view, "policy", 2, 2))
    assert this_way[best] > this_way[opposite] > 0
    q[12] = 0
    q[12, opposite] = 1.0
    view = show(qtbot, grid, q=q, size=size)
    that_way = halves(ink(view, "policy", 2, 2))
    assert that_way[best] < this_way[best] and that_way[opposite] > this_way[opposite]
    assert not ink(view, "policy", 0, 0).any()


@pytest.mark.parametrize("ties", [("up", "right"), ("left", "right"), ("up", "right", "down", "left"), ("down",)])
def test_equally_good_actions_have_an_arrow_each(qtbot: QtBot, ties: tuple[str, ...]) -> None:
    q = np.full((1, 4), -1.0)
    for action in ties:
        q[0, SIDES[action]] = 2.0
    view = show(qtbot, (".",), q=q)
    drawn = ink(view, "policy", 0, 0)
    side = drawn.shape[0]
    centre_row, centre_column = 0.4 * side, 0.5 * side
    rows, columns = np.nonzero(drawn)
    reach = min(0.26 * side, 30.0) * (0.75 if len(ties) > 1 else 0.35)
    far = {
        "up": bool((rows < centre_row - reach).any()), "right": bool((columns > centre_column + reach).any()),
        "down": bool((rows > centre_row + reach).any()), "left": bool((columns < centre_column - reach).any()),
    }  # fmt: skip
    pointed = {action for action, seen in far.items() if seen}
    if len(ties) > 1:
        assert pointed == set(ties)
    else:
        assert set(ties) <= pointed
        assert (rows.min() + rows.max()) / 2 == pytest.approx(centre_row, abs=2)


def test_the_best_action_is_the_largest_and_ties_are_relative() -> None:
    q = np.array([
        [1.0, 2.0, 0.0, NAN], [NAN] * 4, [0.0] * 4, [0.0, -1.0, 0.0, NAN], [1.0, 1.0 + 1e-6, 0.0, 0.0], [-3.0, -2.0, -2.0, -4.0],
    ])  # fmt: skip
    assert [np.flatnonzero(row).tolist() for row in best_actions(q)] == [[1], [], [], [0, 2], [1], [1, 2]]
    assert best_actions(np.array([[1e6, 1e6 + 1e-4, 0.0, 0.0]])).tolist() == [[True, True, False, False]]


@given(st.lists(st.lists(st.one_of(st.just(NAN), st.floats(-1e6, 1e6)), min_size=4, max_size=4), min_size=1, max_size=6))
def test_an_arrow_never_points_where_another_action_is_better(rows: list[list[float]]) -> None:
    q = np.array(rows)
    greedy = best_actions(q)
    assert not greedy[np.isnan(q)].any()
    for values, chosen in zip(q, greedy, strict=True):
        known = values[~np.isnan(values)]
        if known.size and (known != 0).any():
            assert chosen[np.nanargmax(values)]
            assert (known.max() - values[chosen] <= 1e-9 * max(1.0, np.nanmax(np.abs(q)))).all()


def test_nothing_known_draws_no_arrow(qtbot: QtBot) -> None:
    view = show(qtbot, ("..G",), q=[[0.0] * 4, [0.0, 0.0, 1.0, 0.0], [NAN] * 4])
    assert [bool(ink(view, "policy", 0, column).any()) for column in range(3)] == [False, True, False]


def test_values_alone_draw_neither_arrows_nor_triangles(qtbot: QtBot) -> None:
    view = show(qtbot, ("..G",), values=[0.5, -0.5, 0.0])
    assert not any(ink(view, layer, 0, column).any() for layer in ("policy", "q") for column in range(3))
    assert picture(view, "values") != picture(view)


# Triangles


def test_each_triangle_has_the_colour_of_its_action(qtbot: QtBot, mode: str) -> None:
    q = [[1.0, -1.0, 0.5, -0.25], [NAN, 0.75, NAN, NAN]]
    view = show(qtbot, ("..",), q=q)
    image = picture(view, "q")
    inside = ((0.3, 0.07), (0.94, 0.3), (0.3, 0.94), (0.07, 0.3))
    for state, row in enumerate(q):
        for (across, down), value in zip(inside, row, strict=True):
            expected = theme.colours.cell if np.isnan(value) else tinted(value, 1.0).name()
            assert at(image, view.rect_of(0, state), across, down).name() == expected


def test_triangles_cover_the_values_below_them(qtbot: QtBot) -> None:
    view = show(qtbot, ("..",), values=[-1.0, -1.0], q=[[1.0] * 4, [NAN] * 4])
    image = picture(view, "values", "q")
    assert at(image, view.rect_of(0, 0), 0.94, 0.3).name() == tinted(1.0, 1.0).name()
    assert at(image, view.rect_of(0, 1), 0.94, 0.3).name() == tinted(-1.0, 1.0).name()


# Eight moves and staying


def view_of(qtbot: QtBot, world: GridWorld, q: object, state: int | None = None, size: tuple[int, int] = (500, 400)) -> GridView:
    view = show(qtbot, world.map, size=size)
    view.set_world(world)
    mdp = world.compile()
    full = np.full((mdp.states, mdp.actions), -1.0)
    full[mdp.absorbing] = NAN
    for (row, action), value in dict(q).items():
        full[row, action] = value
    view.set_snapshot(Snapshot(Counters(), values=np.zeros(mdp.states), q=full, state=state))
    return view


@pytest.mark.parametrize(("cells", "side"), [(9, 16), (3, 120)])
@pytest.mark.parametrize(("action", "across", "down"), [(1, 1, -1), (3, 1, 1), (5, -1, 1), (7, -1, -1)])
def test_a_diagonal_arrow_points_into_its_corner(qtbot: QtBot, action: int, across: int, down: int, cells: int, side: int) -> None:
    """More ink at the tip, where the head is, than at the other end, and none in the other two corners."""
    world = GridWorld(map=("." * cells,) * cells, moves="eight")
    view = view_of(qtbot, world, {(cells + 1, action): 1.0}, size=(102 + cells * side, 36 + cells * side))
    assert view.place.cell == side
    drawn = ink(view, "policy", 1, 1)
    rows, columns = np.nonzero(drawn)
    middle_row, middle_column = (rows.min() + rows.max()) / 2, (columns.min() + columns.max()) / 2
    ahead = (rows - middle_row) * down + (columns - middle_column) * across
    assert (ahead > 0).sum() > (ahead < 0).sum()
    astray = (rows - middle_row) * down - (columns - middle_column) * across
    assert abs(astray).max() < abs(ahead).max()


def test_staying_is_a_disc(qtbot: QtBot) -> None:
    world = GridWorld(map=("..",), moves="four or stay")
    view = view_of(qtbot, world, {(0, 4): 1.0, (1, 0): 1.0})
    disc = ink(view, "policy", 0, 0)
    rows, columns = np.nonzero(disc)
    assert abs((rows.max() - rows.min()) - (columns.max() - columns.min())) <= 1
    assert ink(view, "policy", 0, 1).any() and not np.array_equal(disc, ink(view, "policy", 0, 1))


def test_eight_wedges_and_a_disc_have_the_colours_of_their_actions(qtbot: QtBot, mode: str) -> None:
    world = GridWorld(map=("..",), moves="eight or stay")
    values = [1.0, 0.75, 0.5, 0.25, -0.25, -0.5, -0.75, -1.0, 0.6]
    view = view_of(qtbot, world, {(0, action): value for action, value in enumerate(values)})
    image = picture(view, "q")
    places = [(0.5, 0.1), (0.9, 0.1), (0.93, 0.55), (0.9, 0.9), (0.5, 0.93), (0.1, 0.9), (0.07, 0.55), (0.1, 0.1), (0.5, 0.5)]
    box = view.rect_of(0, 0)
    for (across, down), value in zip(places, values, strict=True):
        near = [at(image, box, across + x, down) for x in (-0.02, 0.0, 0.02, 0.05)]
        assert tinted(value, 1.0).name() in [colour.name() for colour in near], value


def test_the_layer_that_is_chosen_is_shown_and_otherwise_the_agents(qtbot: QtBot) -> None:
    world = GridWorld(map=("a..",))
    names = list(world.compile().state_names)
    view = view_of(qtbot, world, {}, state=names.index("0,2+a"))
    values = np.array([1.0 if name.endswith("+a") else -1.0 for name in names])
    view.set_snapshot(Snapshot(Counters(), values=values, state=names.index("0,2+a")))
    view.shown = {"values"}
    box = view.rect_of(0, 1)
    assert at(view.grab().toImage(), box, 0.3, 0.3).name() == tinted(1.0, 1.0).name()
    view.set_layer(0)
    assert at(view.grab().toImage(), box, 0.3, 0.3).name() == tinted(-1.0, 1.0).name()
    view.set_layer(None)
    view.set_snapshot(Snapshot(Counters(), values=values, state=names.index("0,2")))
    assert at(view.grab().toImage(), box, 0.3, 0.3).name() == tinted(-1.0, 1.0).name()


def test_the_agent_shows_the_keys_in_its_hands(qtbot: QtBot) -> None:
    world = GridWorld(map=("a..",))
    names = list(world.compile().state_names)
    drawn = []
    for state in ("0,2", "0,2+a"):
        view = view_of(qtbot, world, {}, state=names.index(state))
        drawn.append(ink(view, "agent", 0, 2).sum())
    assert drawn[1] > drawn[0] > 0


# Numbers and agent


def test_numbers_stand_where_cells_are_large_enough(qtbot: QtBot) -> None:
    view = show(qtbot, ("...", "#.G"), values=[0.5, 1, 2, 3, 0])
    assert ink(view, "numbers", 0, 0).any() and not ink(view, "numbers", 1, 0).any()
    assert not ink(view, "numbers", 1, 2).any()
    small = show(qtbot, ("." * 10,), values=np.arange(10.0), size=(36 + 66 + 335, 200))
    assert small.place.cell == 33 and picture(small, "numbers") == picture(small)
    zoom(small, 100)
    assert small.place.cell > 34 and picture(small, "numbers") != picture(small)


def test_only_numbers_in_view_are_drawn(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    view = show(qtbot, ("." * 60,) * 60, values=np.arange(3600.0) / 100)
    zoom(view, 1600)
    drawn: list[str] = []
    original = numbers.fitted
    monkeypatch.setattr(numbers, "fitted", lambda painter, text, *rest: drawn.append(text) or original(painter, text, *rest))
    view.shown = {"numbers"}
    view.grab()
    top, bottom, left, right = view.place.visible(500, 400)
    assert len(drawn) == (bottom - top) * (right - left) < 100
    assert top <= 1 < bottom and left <= 1 < right and short(0.61) in drawn and short(35.99) not in drawn


@given(st.floats(2, 90), st.floats(-2000, 450), st.floats(-2000, 350))
def test_the_states_in_view_are_those_of_the_cells_in_view(cell: float, left: float, top: float) -> None:
    world = GridWorld(map=("..#..", ".#.#.", "....G") * 5)
    place = Placement(15, 5, cell, left, top)
    scene = Scene(world, world.compiled, Snapshot(Counters()), place, 1.0, place.visible(400, 300))
    seen = set(scene.seen().tolist())
    for state, (row, column) in enumerate(world.compiled.cell_of_state.tolist()):
        x, y = place.center(row, column)
        if 0 <= x < 400 and 0 <= y < 300:
            assert state in seen
        if not (-cell <= x < 400 + cell and -cell <= y < 300 + cell):
            assert state not in seen


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.814, "0.81"),
        (-12.345, "−12.3"),
        (1234.5, "1234"),
        (12_345, "12k"),
        (-0.001, "0.00"),
        (9.996, "10.0"),
        (99.96, "100"),
        (0, "0.00"),
    ],
)
def test_a_number_in_a_cell_is_short(value: float, text: str) -> None:
    assert short(value) == text


def test_the_agent_stands_in_its_cell_alone(qtbot: QtBot, mode: str) -> None:
    view = show(qtbot, ("..", ".."), state=2)
    assert [bool(ink(view, "agent", row, column).any()) for row in range(2) for column in range(2)] == [False, False, True, False]
    rows, columns = np.nonzero(ink(view, "agent", 1, 0))
    box = view.rect_of(1, 0)
    image = picture(view, "agent")
    assert image.pixelColor(round(box.left() + columns.mean()), round(box.top() + rows.mean())).name() == theme.colours.agent


# Sizes and mistakes


@pytest.mark.parametrize("size", [(900, 600), (240, 160)])
def test_a_large_grid_paints_in_tiny_cells(qtbot: QtBot, mode: str, size: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    rows = ["".join(rng.choice(list("......#GTS"), 100)) for _ in range(99)]
    world = GridWorld(map=(*rows, "." * 100))
    states = len(world.compile().state_names)
    values = rng.normal(size=states)
    values[-1] = 9.0
    view = show(qtbot, world.map, values=values, q=rng.normal(size=(states, 4)), state=3, size=size)
    assert view.place.cell < 7
    for layers in ([overlay.name for overlay in overlays()], ["policy"], ["q"], ["values"]):
        image = picture(view, *layers)
    assert alike(at(image, view.rect_of(99, 99), 0.5, 0.5), tinted(9.0, 9.0), 12)
    zoom(view, 1200)
    assert picture(view, *(overlay.name for overlay in overlays())) != picture(view)


def test_a_snapshot_of_another_world_is_not_painted(qtbot: QtBot) -> None:
    view = show(qtbot, ("..",))
    view.set_snapshot(Snapshot(Counters(), values=np.ones(7), q=np.ones((7, 4)), state=6))
    beside_the_legend = QRect(0, 0, 430, 400)
    every = picture(view, *(overlay.name for overlay in overlays()))
    assert every.copy(beside_the_legend) == picture(view).copy(beside_the_legend)


def test_the_legend_is_named_after_what_is_on_show(qtbot: QtBot) -> None:
    view = show(qtbot, ("..",), values=[1.0, 1.0], q=[[1.0] * 4, [0.5] * 4])
    named = []
    for layers in ((), ("values",), ("values", "q"), ("q",), ("visits",)):
        view.shown = set(layers)
        named.append(view.legend.title)
    assert named == ["V(s)", "V(s)", "Q(s, a)", "Q(s, a)", "N(s)"]


def test_a_new_world_forgets_what_was_known(qtbot: QtBot) -> None:
    view = show(qtbot, ("..",), values=[1.0, 1.0])
    view.set_world(GridWorld(map=("S.",)))
    assert view.snapshot is None
    assert picture(view, "values") == picture(view)


def test_a_cell_tells_what_is_known_of_it(qtbot: QtBot) -> None:
    view = show(qtbot, ("#.",), values=[0.5], q=[[0.5, -1.0, 0.25, 0.0]])
    told: list[str] = []
    view.hovered.connect(told.append)
    view.go_to((0, 1))
    view.go_to((0, 0))
    assert told == ["row 0, column 1: floor   V = 0.50   Q: up 0.50  right −1.00  down 0.25  left 0.00", "row 0, column 0: wall"]
