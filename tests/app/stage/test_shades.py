"""What colours the cells, and what is drawn upon them: colours against the legend, ranges, the way of an episode, the newest update."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from app.document import OpenWorld
from app.stage.aside import Aside
from app.stage.grid_editor import GridEditor
from app.stage.grid_painting import scene_of
from app.stage.grid_view import GridView
from app.stage.legend import legend_bar, paint_shades
from app.stage.overlays import overlays
from app.stage.overlays.behaviour import chances
from app.stage.shade import Shade
from app.theme import theme
from core.learner import Behaviour, Counters, Explanation, Snapshot
from core.runs.trail import Trail
from core.worlds.grid import GridWorld
from tests.app.stage.test_overlays import alike, at, ink, picture

NAN = np.nan
ROW = GridWorld(map=("....",))


def shown(qtbot: QtBot, *layers: str, aside: Aside | None = None, world: GridWorld = ROW, **known: object) -> GridView:
    view = GridView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.set_world(world)
    view.show()
    view.shown = set(layers)
    states = world.compile().states
    view.set_snapshot(replace(Snapshot(Counters(), values=np.zeros(states)), **known))
    view.set_aside(aside or Aside())
    return view


def colours(view: GridView, layer: str) -> list[QColor]:
    image = picture(view, layer)
    return [at(image, view.rect_of(0, column), 0.5, 0.5) for column in range(4)]


def legend(view: GridView, share: float) -> QColor:
    """The colour of the legend at a share of its height from the bottom."""
    bar = legend_bar(view.width(), view.height())
    y = min(max(bar.bottom() - share * bar.height(), bar.top() + 2), bar.bottom() - 3)
    return view.grab().toImage().pixelColor(int(bar.center().x()), int(y))


def explained(**parts: object) -> Explanation:
    return replace(Explanation("V ← r", "r", {}, 0.0), **parts)


def test_counts_are_coloured_by_their_logarithm(qtbot: QtBot) -> None:
    view = shown(qtbot, "visits", visits=np.array([0, 1, 15, 255]))
    found = colours(view, "visits")
    assert found[0].name() == theme.colours.cell
    for colour, share in zip(found[1:], (1 / 8, 4 / 8, 1.0), strict=True):
        assert alike(colour, legend(view, share), 6)
    assert [text for _, text in view.legend.shade(scene_of(view, (0, 1, 0, 4))).marks()] == ["255", "15", "0"]


def test_errors_of_the_episode_have_the_colours_of_the_legend_and_the_newest_one_stands_alone_otherwise(qtbot: QtBot) -> None:
    trail = Trail(np.array([0, 1, 2]), np.array([0.5, -1.0, NAN, NAN]))
    newest = explained(state=2, error=0.25)
    view = shown(qtbot, "td-errors", aside=Aside(newest, trail=trail))
    found = colours(view, "td-errors")
    for colour, value in zip(found, (0.5, -1.0, 0.25), strict=False):
        assert alike(colour, legend(view, 0.5 + 0.5 * value), 8), value
    assert found[3].name() == theme.colours.cell
    view.set_aside(Aside(newest, steady=False))
    alone = colours(view, "td-errors")
    assert [colour.name() == theme.colours.cell for colour in alone] == [True, True, False, True]
    assert alike(alone[2], legend(view, 1.0), 6)


@pytest.mark.parametrize("pairs", [False, True])
def test_traces_of_states_or_of_their_largest_action(qtbot: QtBot, pairs: bool) -> None:
    of_states = np.array([0.0, 0.25, 0.5, 1.0])
    traces = np.stack([of_states, of_states / 2, np.zeros(4), np.full(4, NAN)], axis=1) if pairs else of_states
    view = shown(qtbot, "traces", traces=traces)
    found = colours(view, "traces")
    assert found[0].name() == theme.colours.cell
    for colour, share in zip(found[1:], of_states[1:], strict=True):
        assert alike(colour, legend(view, share), 6)


def test_the_gap_is_what_is_missing_to_the_goal(qtbot: QtBot) -> None:
    view = shown(qtbot, "gap", aside=Aside(goal=np.array([1.0, 1.0, 0.0, 0.5])), values=np.array([0.0, 2.0, 0.0, 0.0]))
    for colour, value in zip(colours(view, "gap"), (1.0, -1.0, 0.0, 0.5), strict=True):
        assert alike(colour, legend(view, 0.5 + 0.5 * value), 8), value


def test_what_is_not_known_is_said(qtbot: QtBot) -> None:
    view = shown(qtbot, "traces")
    top = QPoint(0, 0), QPoint(view.width(), 30)
    without = picture(view).copy(top[0].x(), top[0].y(), top[1].x(), top[1].y())
    for layer in ("traces", "gap", "visits", "td-errors", "behaviour"):
        assert picture(view, layer).copy(0, 0, view.width(), 30) != without, layer
    assert picture(view, "values").copy(0, 0, view.width(), 30) == without


def test_numbers_are_those_of_the_colours(qtbot: QtBot) -> None:
    view = shown(qtbot, "numbers", visits=np.array([3, 3, 0, 0]), values=np.full(4, 0.5))
    assert all(ink(view, "numbers", 0, column).any() for column in range(4))
    view.shown = {"visits", "numbers"}
    with_numbers = view.grab().toImage()
    plain = picture(view, "visits")
    changed = [with_numbers.copy(view.rect_of(0, column).toRect()) != plain.copy(view.rect_of(0, column).toRect()) for column in range(4)]
    assert changed == [True, True, False, False]


# Ranges


def test_small_numbers_are_written_in_digits_that_count() -> None:
    small = Shade(np.zeros(0), "z(s)", 0.008, signed=False)
    assert [small.text(value) for value in (0.008, 0.0064, -0.00512, 0.0)] == ["0.008", "0.0064", "−0.0051", "0.00"]
    assert small.marks()[0] == (1.0, "0.008")
    assert Shade(np.zeros(0), "V(s)", 1.0).text(0.0064) == "0.01"


def test_a_fixed_range_keeps_its_colours_and_an_adapting_one_does_not(qtbot: QtBot) -> None:
    view = shown(qtbot, "values", values=np.array([1.0, 0.5, 0.0, -1.0]))
    before = colours(view, "values")
    view.legend.menu.keeping.trigger()
    view.set_snapshot(Snapshot(Counters(), values=np.array([1.0, 4.0, 0.0, -1.0])))
    after = colours(view, "values")
    assert after[0].name() == before[0].name() and after[1].name() == before[0].name()
    view.legend.menu.adapting.trigger()
    assert colours(view, "values")[0].name() != before[0].name()
    assert view.span == 4.0


def test_a_range_is_typed_in_from_the_menu_of_the_legend(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    view = shown(qtbot, "visits", visits=np.array([1, 2, 3, 4]))
    view.grab()
    asked: list[float] = []
    monkeypatch.setattr(QInputDialog, "getDouble", lambda *rest: (asked.append(rest[3]) or 100.0, True))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=legend_bar(500, 400).center().toPoint())
    menu = view.legend.menu
    assert menu.isVisible() and menu.adapting.isChecked() and not menu.keeping.isChecked()
    menu.asking.trigger()
    menu.close()
    assert asked == [4.0] and view.legend.ranges == {"N(s)": 100.0}
    view.grab()
    assert menu.keeping.isChecked()


def test_colours_that_say_different_things_are_not_on_together(qtbot: QtBot) -> None:
    document = OpenWorld()
    document.open(ROW, "row")
    editor = GridEditor(document)
    qtbot.addWidget(editor)
    actions = editor.overlay_actions
    assert set(actions) == {overlay.name for overlay in overlays()}
    actions["q"].setChecked(True)
    assert actions["values"].isChecked()
    actions["visits"].setChecked(True)
    assert not actions["values"].isChecked() and not actions["q"].isChecked() and editor.view.legend.scale == "N(s)"
    actions["behaviour"].setChecked(True)
    assert not actions["policy"].isChecked() and actions["visits"].isChecked() and actions["numbers"].isChecked()
    other = GridEditor(document)
    qtbot.addWidget(other)
    editor.view.legend.ranges = {"N(s)": 7.0}
    other.adopt(editor)
    assert other.view.shown == editor.view.shown and other.view.legend.ranges == {"N(s)": 7.0}


# Way, update and behaviour


def test_the_way_goes_through_the_cells_of_the_trail_alone(qtbot: QtBot) -> None:
    world = GridWorld(map=("...", "..."))
    view = shown(qtbot, "path", world=world, aside=Aside(trail=Trail(np.array([0, 1, 4]), np.full(6, NAN))))
    drawn = [[bool(ink(view, "path", row, column).any()) for column in range(3)] for row in range(2)]
    assert drawn == [[True, True, False], [False, True, False]]
    halves = ink(view, "path", 0, 1)
    side = halves.shape[0]
    assert halves[side // 2 :].sum() > 2 * halves[: side // 2 - 4].sum()


def test_the_newest_update_is_outlined_with_what_it_looked_up(qtbot: QtBot) -> None:
    world = GridWorld(map=("...", "...", "..."))
    told = explained(state=4, action=1, following=((5, 0.8), (1, 0.2)))
    view = shown(qtbot, "backup", world=world, aside=Aside(told))
    marked = {(row, column) for row in range(3) for column in range(3) if ink(view, "backup", row, column)[4:-4, 4:-4].any()}
    assert marked == {(1, 1), (1, 2), (0, 1)}
    box = view.rect_of(1, 1)
    image = picture(view, "backup")
    assert image.pixelColor(int(box.left()) + 2, int(box.center().y())).name() == theme.colours.accent
    assert at(image, box, 0.93, 0.53).name() == theme.colours.accent, "the wedge points right"
    assert at(image, box, 0.07, 0.53).name() == theme.colours.cell
    view.set_aside(Aside(told, steady=False))
    assert not ink(view, "backup", 1, 1).any()
    view.set_aside(Aside(told, steady=False, pointed=8))
    assert ink(view, "backup", 2, 2).all(axis=None) and not ink(view, "backup", 1, 1)[4:-4, 4:-4].any()


def test_an_arrow_is_as_long_as_its_action_is_likely(qtbot: QtBot) -> None:
    q = np.tile([1.0, 0.0, 0.0, -1.0], (4, 1))
    for temperature in (0.2, 1.0, 50.0):
        behaviour = Behaviour(0.0, temperature)
        view = shown(qtbot, "behaviour", q=q, behaviour=behaviour)
        drawn = ink(view, "behaviour", 0, 0)
        side = drawn.shape[0]
        rows, columns = np.nonzero(drawn)
        reach = {"up": side / 2 - rows.min(), "right": columns.max() - side / 2}
        likely = chances(behaviour, q[:1], np.ones((1, 4), bool))[0]
        assert reach["up"] == pytest.approx(0.44 * side * likely[0], abs=4)
        assert reach["right"] == pytest.approx(max(0.44 * side * likely[1], 0.06 * side), abs=5)


def test_chances_are_those_of_the_strategy() -> None:
    available = np.array([[True, True, True, False]])
    q = np.array([[1.0, 0.0, 1.0, NAN]])
    assert chances(Behaviour(0.0), q, available).tolist() == [[0.5, 0.0, 0.5, 0.0]]
    assert chances(Behaviour(0.3), q, available)[0] == pytest.approx([0.45, 0.1, 0.45, 0])
    assert chances(Behaviour(1.0), None, available)[0] == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0])
    soft = np.exp([1.0, 0.0, 1.0]) / np.exp([1.0, 0.0, 1.0]).sum()
    assert chances(Behaviour(0.0, 1.0), q, available)[0] == pytest.approx([*soft, 0])
    assert chances(Behaviour(0.0, scores=np.array([[0.0, np.inf, 0.0, NAN]])), q, available)[0].tolist() == [0, 1, 0, 0]


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_numbers_beside_the_bar_are_not_cut_at_the_edge(scale: float) -> None:
    theme.use("light", scale)
    try:
        image = QImage(round(300 * scale), round(300 * scale), QImage.Format.Format_RGB32)
        image.fill(theme.colour("stage"))
        painter = QPainter(image)
        paint_shades(painter, image.width(), image.height(), "δ", [(1.0, "2.5·10⁻¹¹"), (0.0, "−2.5·10⁻¹¹")])
        painter.end()
        edge = {image.pixelColor(image.width() - 1, y).name() for y in range(image.height())}
        inside = {image.pixelColor(round(image.width() - 12 * scale), y).name() for y in range(image.height())}
    finally:
        theme.use("light")
    assert edge == {theme.colours.stage} and len(inside) > 2
