"""How a graph is drawn, without a window: arrows meet circles, labels stay off them, texts read back."""

import cmath
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.stage.graph.curves import Curve, angle_between, spread, widest
from app.stage.graph.drawing import DETAILED, OUTCOMES, Drawing, Sizes
from app.stage.graph.moving import Moving, followed
from app.stage.graph.outcome_text import full, label, parse, total
from app.stage.graph.paint import in_two
from app.stage.graph.routing import draw
from core.errors import WorldError
from core.worlds.as_table import as_table
from core.worlds.layouts import complete
from core.worlds.library import library_world, names, open_world
from core.worlds.table import TableWorld, Transition
from core.worlds.table_edits import with_state

FINITE = [name for name in names() if not name.startswith("gym:")]
LECTURE = ["mdp/three-state", "mdp/seoul-busan", "mdp/double-loop", "mdp/random-walk-19", "grid/lecture-3x4"]


def drawing_of(world: TableWorld, scale: float = 1.0) -> Drawing:
    simple = len(world.states) > DETAILED or len(world.transitions) > OUTCOMES
    return draw(world, complete(world), Sizes(scale, simple), lambda text: 7.0 * scale * len(text))


def table(name: str) -> TableWorld:
    world = library_world(name)
    return as_table(world, world.compile())


@pytest.mark.parametrize("name", FINITE)
def test_every_arrow_ends_at_the_border_of_the_next_state_and_points_at_its_middle(name: str) -> None:
    drawing = drawing_of(table(name))
    if drawing.sizes.simple:
        radii = [min(abs(end - state.at) for state in drawing.states.values()) for _, end in list(drawing.lines.values())[:200]]
        assert np.allclose(radii, drawing.sizes.radius)
        return
    assert len(drawing.arrows) == len(table(name).transitions)
    for arrow in drawing.arrows.values():
        centre = drawing.states[arrow.row.next].at
        assert abs(arrow.curve.d - centre) == pytest.approx(drawing.sizes.radius)
        assert abs(angle_between(arrow.curve.heading, (centre - arrow.curve.d) / abs(centre - arrow.curve.d))) < 1e-6
        assert arrow.curve.a == drawing.nodes[arrow.pair].at


@pytest.mark.parametrize("scale", [1.0, 1.6])
@pytest.mark.parametrize("name", LECTURE)
def test_labels_and_nodes_of_lecture_worlds_cover_no_circle_and_no_other_label(name: str, scale: float) -> None:
    drawing = drawing_of(table(name), scale)
    boxes = [thing.box for things in (drawing.nodes, drawing.arrows) for thing in things.values() if thing.box]
    assert boxes
    for box in boxes:
        for state in drawing.states.values():
            nearest = complex(min(max(state.at.real, box[0]), box[2]), min(max(state.at.imag, box[1]), box[3]))
            assert abs(nearest - state.at) > 0.95 * drawing.sizes.radius
    for n, box in enumerate(boxes):
        for other in boxes[n + 1 :]:
            assert not (box[0] < other[2] - 1 and other[0] < box[2] - 1 and box[1] < other[3] - 1 and other[1] < box[3] - 1)
    for node in drawing.nodes.values():
        assert all(abs(node.at - state.at) > drawing.sizes.radius for state in drawing.states.values())


def test_arrows_there_and_back_part_and_arrows_go_around_states_in_between() -> None:
    rows = [("a", "go", "b"), ("b", "go", "a"), ("a", "over", "c")]
    world = TableWorld(
        states=("a", "b", "c"),
        actions=("go", "over"),
        transitions=tuple(Transition(state=state, action=action, next=following) for state, action, following in rows),
        places={"a": (0, 0), "b": (1, 0), "c": (2, 0)},
    )
    drawing = drawing_of(world)
    there, back, over = drawing.arrows.values()
    assert all(there.curve.distance(point) > 10 for point in back.curve.points(9)[2:-2])
    middle = drawing.states["b"].at
    assert over.curve.distance(middle) > drawing.sizes.radius
    assert drawing.states["c"].terminal and not drawing.states["b"].terminal


def test_parallel_outcomes_and_loops_part() -> None:
    rows = [Transition(state="a", action="go", next=following, probability=0.25, reward=reward) for following, reward in
            (("b", 1), ("b", 2), ("a", 3), ("a", 4))]  # fmt: skip
    drawing = drawing_of(TableWorld(states=("a", "b"), actions=("go",), transitions=tuple(rows)))
    ends = [arrow.curve.d for arrow in drawing.arrows.values()]
    assert min(abs(one - other) for n, one in enumerate(ends) for other in ends[n + 1 :]) > 5


def test_a_curve_knows_its_distance_and_heading() -> None:
    straight = Curve(0j, 1 + 0j, 2 + 0j, 3 + 0j)
    assert straight.at(0.5) == 1.5 and straight.heading == 1
    assert straight.distance(1 + 2j) == pytest.approx(2) and straight.distance(5 + 0j) == pytest.approx(2)


def test_angles_are_spread_apart_and_gaps_found() -> None:
    found = spread([0.0, 0.0, 0.1], 0.5)
    assert np.diff(sorted(((angle + math.pi) % (2 * math.pi)) for angle in found)).min() > 0.49
    assert spread([1.0], 0.5) == [1.0]
    assert abs(spread([1.0], 0.5, fixed=[1.1], fixed_gap=0.4)[0] - 1.1) >= 0.4 - 1e-9
    assert cmath.exp(1j * widest([0.0, 0.5, -0.5], 0.0)) == pytest.approx(-1)


def test_outcomes_are_written_as_a_lecture_does() -> None:
    row = Transition(state="a", action="b", next="c", probability=0.7, reward=10)
    assert (label(row, alone=False), full(row)) == ("0.7, +10", "0.7, +10")
    certain = Transition(state="a", action="b", next="c", reward=-50)
    assert (label(certain, alone=True), label(certain, alone=False), full(certain)) == ("−50", "1, −50", "1, −50")
    plain = Transition(state="a", action="b", next="c")
    assert (label(plain, alone=True), full(plain)) == ("", "1, 0")
    assert full(Transition(state="a", action="b", next="c", probability=1 / 3, ends=True)) == "0.3333333333333333, 0, ends"
    assert (total(0.9), total(0.999), total(1.0001), total(1.5)) == ("0.90", "0.999", "1.0001", "1.50")


@given(st.floats(1e-12, 1), st.floats(-1e9, 1e9), st.booleans())
def test_what_is_written_reads_back(probability: float, reward: float, ends: bool) -> None:
    row = Transition(state="a", action="b", next="c", probability=probability, reward=reward, ends=ends)
    assert parse(full(row), Transition(state="a", action="b", next="c")) == row


@pytest.mark.parametrize(
    ("text", "probability", "reward"),
    [
        ("0.7, +10", 0.7, 10),
        ("0.7", 0.7, 5),
        ("+3", 0.5, 3),
        ("−2.5", 0.5, -2.5),
        (".25,-1", 0.25, -1),
        ("1/4", 0.25, 5),
        ("0.2，4", 0.2, 4),
    ],
)
def test_what_is_left_out_stays(text: str, probability: float, reward: float) -> None:
    row = parse(text, Transition(state="a", action="b", next="c", probability=0.5, reward=5))
    assert (row.probability, row.reward) == (probability, reward)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1.5", "A probability lies above 0 and up to 1, not 1.5. A reward alone is written with its sign: +1.5."),
        ("0, 3", "A probability lies above 0 and up to 1, not 0."),
        ("much", "'much' is not a number. Write them as 0.7, +10."),
        ("", "'' is not a number. Write them as 0.7, +10."),
        ("1/0", "'1/0' is not a number. Write them as 0.7, +10."),
        ("0.5, nan", "'nan' is not a number. Write them as 0.7, +10."),
        ("0.5, inf", "'inf' is not a number. Write them as 0.7, +10."),
        ("0.5, 1e10", "The reward 1e+10 is too large."),
        ("0.5, 1, 2", "This is more than a probability and a reward. Write them as 0.7, +10."),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(WorldError) as caught:
        parse(text, Transition(state="a", action="b", next="c"))
    assert caught.value.sentence == said


# What moves, and what an edit changes


def garnet() -> TableWorld:
    world = open_world("make:garnet?states=40&actions=2&branching=2&seed=1")
    return as_table(world, world.compile())


def width(text: str) -> float:
    return 7.0 * len(text)


def sound(drawing: Drawing, world: TableWorld) -> None:
    """Every outcome has its arrow, from its node to the border of the next state, and a label where it says something."""
    assert len(drawing.arrows) == len(world.transitions) and list(drawing.states) == list(world.states)
    for arrow in drawing.arrows.values():
        assert abs(arrow.curve.d - drawing.states[arrow.row.next].at) == pytest.approx(drawing.sizes.radius)
        assert arrow.curve.a == drawing.nodes[arrow.pair].at and bool(arrow.text) == (arrow.box is not None)


def test_only_the_arrows_of_states_that_move_are_laid_anew() -> None:
    world = garnet()
    places = complete(world)
    drawing = draw(world, places, Sizes(), width, careful=False)
    moved = {world.states[3]: (9.0, 9.0)}
    moving = Moving(drawing, world, places, frozenset(moved), width, str)
    dirty = moving.to(moved)
    sound(moving.drawing, world)
    assert moving.drawing.states[world.states[3]].at == complex(9, 9) * drawing.sizes.spacing
    assert 0 < len(moving.pairs) < len(drawing.nodes) / 2
    for pair, node in drawing.nodes.items():
        assert (moving.drawing.nodes[pair] is node) == (pair not in moving.pairs)
    for arrow in moving.drawing.arrows.values():
        if arrow.pair in moving.pairs:
            for point in arrow.curve.points(9):
                assert dirty[0] <= point.real <= dirty[2] and dirty[1] <= point.imag <= dirty[3]


def test_a_drawing_follows_edits_of_numbers_outcomes_and_places() -> None:
    world = garnet()
    places = complete(world)
    drawing = draw(world, places, Sizes(), width, careful=False)
    first, second, *rest = world.transitions
    fewer = world.model_copy(update={"transitions": (first.model_copy(update={"reward": 77.0}), *rest)})
    elsewhere = places | {world.states[-1]: (5.0, -3.0)}
    found = followed(drawing, (world, places), (fewer, elsewhere), width, str, careful=False)
    assert found is not None
    sound(found, fewer)
    assert "+77" in found.arrows[first.state, first.action, 0].text and (second.state, second.action, 1) not in found.arrows
    assert followed(drawing, (world, places), (world.model_copy(update={"title": "x"}), places), width, str, careful=False) is drawing


def test_a_drawing_is_laid_anew_where_states_come_or_go_or_end() -> None:
    world = table("mdp/three-state")
    places = complete(world)
    drawing = draw(world, places, Sizes(), width)
    over = world.model_copy(update={"transitions": tuple(row for row in world.transitions if row.state != world.states[0])})
    for other in (over, world.model_copy(update={"start": {world.states[1]: 1.0}}), with_state(world, "new", (3, 3))):
        assert followed(drawing, (world, places), (other, complete(other)), width, str, careful=True) is None


def test_long_names_stand_in_two_lines_as_even_as_can_be() -> None:
    assert in_two("left end") == ("left", "end")
    assert in_two("the far right end") == ("the far", "right end")
    assert in_two("terminal") == ("terminal",)
