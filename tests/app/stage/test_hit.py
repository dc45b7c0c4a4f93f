"""Cells and points lead to each other, a zoom keeps the point under the mouse, a line has no gaps."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.stage.hit import Placement
from core.worlds.shapes import line

sides = st.integers(1, 60)
pixels = st.floats(-500, 2500)
placements = st.builds(
    Placement, rows=sides, columns=sides, cell=st.floats(2, 400), left=st.floats(-3000, 1500), top=st.floats(-3000, 1500)
)
cells = st.tuples(st.integers(-40, 40), st.integers(-40, 40))


@given(st.integers(1, 1000), st.integers(1, 1000), st.floats(40, 3000), st.floats(40, 2000), st.floats(20, 450))
def test_a_fitted_grid_is_centred_and_as_large_as_there_is_room(
    rows: int, columns: int, width: float, height: float, largest: float
) -> None:
    place = Placement.fit(rows, columns, width, height, largest)
    assert 1 <= place.cell <= largest
    assert place.left + place.cell * columns / 2 == pytest.approx(width / 2)
    assert place.top + place.cell * rows / 2 == pytest.approx(height / 2)
    if place.cell > 1:
        assert place.left >= -1e-6 and place.top >= -1e-6
    larger = place.cell + 1
    assert larger > largest or larger * columns > width or larger * rows > height


@given(placements, st.data())
def test_a_point_in_a_cell_leads_to_the_cell(place: Placement, data: st.DataObject) -> None:
    row, column = data.draw(st.integers(0, place.rows - 1)), data.draw(st.integers(0, place.columns - 1))
    across, down = data.draw(st.floats(0.01, 0.99)), data.draw(st.floats(0.01, 0.99))
    x, y = place.corner(row, column)
    assert place.cell_at(x + across * place.cell, y + down * place.cell) == (row, column)
    assert place.cell_at(*place.center(row, column)) == (row, column)


@given(placements, pixels, pixels)
def test_a_point_has_a_cell_exactly_where_the_grid_is(place: Placement, x: float, y: float) -> None:
    right, bottom = place.corner(place.rows, place.columns)
    assume(min(abs(x - place.left), abs(x - right), abs(y - place.top), abs(y - bottom)) > 1e-6)
    found = place.cell_at(x, y)
    assert (found is not None) == (place.left < x < right and place.top < y < bottom)
    if found is not None:
        left, top = place.corner(*found)
        assert left - 1e-6 <= x <= left + place.cell + 1e-6 and top - 1e-6 <= y <= top + place.cell + 1e-6


@given(placements, st.floats(0.05, 20), pixels, pixels)
def test_a_zoom_keeps_the_point_and_goes_the_way_it_was_turned(place: Placement, factor: float, x: float, y: float) -> None:
    zoomed = place.zoomed(factor, x, y)
    assert (zoomed.rows, zoomed.columns) == (place.rows, place.columns)
    assert (x - zoomed.left) / zoomed.cell == pytest.approx((x - place.left) / place.cell, abs=1e-6)
    assert (y - zoomed.top) / zoomed.cell == pytest.approx((y - place.top) / place.cell, abs=1e-6)
    assert zoomed.cell >= place.cell if factor >= 1 else zoomed.cell <= place.cell
    assert 2 <= zoomed.cell <= 400


@given(placements, st.floats(0.2, 5), pixels, pixels)
def test_zooming_in_and_out_again_comes_back(place: Placement, factor: float, x: float, y: float) -> None:
    assume(2 <= place.cell * factor <= 400)
    back = place.zoomed(factor, x, y).zoomed(1 / factor, x, y)
    assert (back.cell, back.left, back.top) == pytest.approx((place.cell, place.left, place.top), abs=1e-5)


@pytest.mark.parametrize("cell", [1.0, 450.0])
def test_a_grid_fitted_beyond_the_limits_of_the_zoom_does_not_jump(cell: float) -> None:
    place = Placement(10, 10, cell, 0, 0)
    assert place.zoomed(0.9, 5, 5).cell <= cell <= place.zoomed(1.1, 5, 5).cell


@given(placements, st.floats(-900, 900), st.floats(-900, 900))
def test_moving_shifts_every_cell_and_back(place: Placement, dx: float, dy: float) -> None:
    moved = place.moved(dx, dy)
    assert moved.corner(3, 2) == pytest.approx((place.corner(3, 2)[0] + dx, place.corner(3, 2)[1] + dy), abs=1e-6)
    back = moved.moved(-dx, -dy)
    assert (back.cell, back.left, back.top) == pytest.approx((place.cell, place.left, place.top), abs=1e-6)


@given(placements, st.floats(100, 2000), st.floats(100, 2000))
def test_the_cells_in_view_are_those_that_lie_in_it(place: Placement, width: float, height: float) -> None:
    first_row, end_row, first_column, end_column = place.visible(width, height)
    for first, end, count, start, room in (
        (first_row, end_row, place.rows, place.top, height),
        (first_column, end_column, place.columns, place.left, width),
    ):
        for number in range(count):
            near, far = start + number * place.cell, start + (number + 1) * place.cell
            if far > 1e-6 and near < room - 1e-6:
                assert first <= number < end
            elif far < -1e-6 or near > room + 1e-6:
                assert not first <= number < end


@given(cells, cells)
def test_a_line_is_connected_and_ends_right(start: tuple[int, int], end: tuple[int, int]) -> None:
    way = list(line(start, end))
    assert way[0] == start and way[-1] == end
    assert len(way) == max(abs(end[0] - start[0]), abs(end[1] - start[1])) + 1
    for (row, column), (next_row, next_column) in pairwise(way):
        assert max(abs(next_row - row), abs(next_column - column)) == 1


@given(cells, cells)
def test_a_line_stays_close_to_the_straight_way(start: tuple[int, int], end: tuple[int, int]) -> None:
    (row, column), rows, columns = start, end[0] - start[0], end[1] - start[1]
    length = max(abs(rows), abs(columns), 1)
    for passed_row, passed_column in line(start, end):
        assert abs((passed_row - row) * columns - (passed_column - column) * rows) <= length
