"""The viewer paints the picture where it says, keeps its shape, and says what the agent expects and sees."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.stage.environment_view import EnvironmentView
from app.stage.hud import GAP, LINE, Hud, action_lines, blocks, heights, major, needed, seen_lines
from app.theme import theme
from app.viewing.frames import Score, ViewerFrame
from core.runs.evaluation import Reckoning
from core.worlds.gym import GymWorld, Quantity
from core.worlds.library import library_world

WORLD = GymWorld(
    id="CartPole-v1",
    actions=("push left", "push right"),
    observation=(Quantity(name="cart position", unit="m"), Quantity(name="pole angle", unit="rad")),
)


def frame(picture: np.ndarray | None = None, *, ended: bool = False, step: int = 3, q: tuple[float, ...] = (-1.0, 3.0)) -> ViewerFrame:
    return ViewerFrame(
        picture=picture, observation=np.array([0.5, -0.25], np.float32), action_values=np.array(q), action=1, reward=1.0,
        episode_return=12.5, step=step, ended=ended,
    )  # fmt: skip


def quarters(height: int = 40, width: int = 60) -> np.ndarray:
    """Red, green, blue and white quarters."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[: height // 2, : width // 2, 0] = 255
    picture[: height // 2, width // 2 :, 1] = 255
    picture[height // 2 :, : width // 2, 2] = 255
    picture[height // 2 :, width // 2 :] = 255
    return picture


@pytest.fixture
def view(qtbot: QtBot) -> EnvironmentView:
    view = EnvironmentView()
    qtbot.addWidget(view)
    view.resize(700, 400)
    view.set_world(WORLD)
    view.show()
    QApplication.processEvents()
    return view


@pytest.mark.parametrize("size", [(700, 400), (420, 700), (300, 220)])
def test_a_picture_is_painted_upright_in_its_own_shape(view: EnvironmentView, size: tuple[int, int]) -> None:
    view.resize(*size)
    view.show_frame(frame(quarters()))
    place = view.picture_rect()
    assert view.rect().contains(place)
    assert place.width() / place.height() == pytest.approx(1.5, rel=0.05)
    image = view.grab().toImage()
    x, y = (place.left() + place.width() // 4, place.left() + 3 * place.width() // 4), (
        place.top() + place.height() // 4, place.top() + 3 * place.height() // 4)  # fmt: skip
    names = [[image.pixelColor(column, row).name() for column in x] for row in y]
    assert names == [["#ff0000", "#00ff00"], ["#0000ff", "#ffffff"]]


def test_a_picture_much_larger_than_its_place_is_averaged(view: EnvironmentView) -> None:
    stripes = np.zeros((900, 1200, 3), np.uint8)
    stripes[::2] = 255
    view.resize(360, 200)
    view.show_frame(frame(stripes))
    grey = view.grab().toImage().pixelColor(view.picture_rect().center()).red()
    assert 90 < grey < 165


@pytest.mark.parametrize("size", [(700, 400), (300, 220)])
def test_what_moves_in_a_picture_is_painted_alone_and_leaves_nothing_behind(view: EnvironmentView, size: tuple[int, int]) -> None:
    painted = list[int]()
    paint = view.paintEvent

    def watch(event: QPaintEvent) -> None:
        """Count the pixels of the picture; the numbers beside it come when it is time for them."""
        region = event.region().intersected(view.picture_rect())
        painted.extend(rect.width() * rect.height() for rect in region)
        paint(event)

    view.paintEvent = watch  # type: ignore[method-assign]
    view.resize(*size)
    view.show_frame(frame(quarters(400, 600)))
    QApplication.processEvents()
    for left, top in ((0, 0), (283, 190), (500, 100), (301, 11)):
        picture = quarters(400, 600)
        picture[top : top + 25, left : left + 30] = 90
        painted.clear()
        view.show_frame(frame(picture))
        QApplication.processEvents()
        assert 0 < sum(painted) < 0.9 * view.picture_rect().width() * view.picture_rect().height()
        screen = pixels(view.screen().grabWindow(view.winId()).toImage())
        np.testing.assert_allclose(screen, pixels(view.grab().toImage()), atol=2)
    painted.clear()
    view.show_frame(frame(picture.copy()))
    QApplication.processEvents()
    assert not painted


def pixels(image: QImage) -> np.ndarray:
    """[H, W, 4] as whole numbers that may be subtracted."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.array(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).astype(int)


def test_slices_and_read_only_pictures_are_taken(view: EnvironmentView) -> None:
    picture = quarters(80, 120)[::2, ::2]
    picture.flags.writeable = False
    view.show_frame(frame(picture))
    image = view.grab().toImage()
    place = view.picture_rect()
    assert image.pixelColor(place.left() + 3, place.top() + 3).name() == "#ff0000"


def test_bars_start_at_zero_and_mark_the_choice() -> None:
    left, right = action_lines(frame(q=(-1.0, 3.0)), WORLD)
    assert (left.name, left.number, left.bar, left.chosen) == ("push left", "−1", (0.0, 0.25), False)
    assert (right.name, right.number, right.bar, right.chosen) == ("push right", "3", (0.25, 1.0), True)
    nothing, third = action_lines(frame(q=(np.nan, 0.0, 2.0)), WORLD)[0::2]
    assert nothing.bar is None and nothing.number == "–"
    assert third.name == "action 2" and third.bar == (0.0, 1.0)
    assert [line.bar for line in action_lines(frame(q=(0.0, 0.0)), WORLD)] == [(0.0, 0.0), (0.0, 0.0)]


def test_what_is_seen_has_names_and_units() -> None:
    lines = seen_lines(frame(), WORLD)
    assert [(line.name, line.number, line.unit) for line in lines] == [("cart position", "0.5", "m"), ("pole angle", "−0.25", "rad")]
    one_hot = ViewerFrame(None, np.eye(16, dtype=np.float32)[5], np.zeros(2), 0, 0.0, 0.0, 1, False)
    assert [(line.name, line.number) for line in seen_lines(one_hot, GymWorld(id="FrozenLake-v1"))] == [("state", "5")]


def test_of_a_game_the_pictures_are_shown_that_the_agent_sees() -> None:
    world = library_world("gym:ALE/Pong-v5")
    assert isinstance(world, GymWorld)
    seen = np.repeat(np.array([10, 20, 30, 255], np.float32), 84 * 84)
    game = ViewerFrame(None, seen, np.zeros(6), 0, 0.0, 0.0, 1, False)
    *_, block = blocks(game, world)
    assert block.strip is not None and block.strip.shape == (4, 84, 84) and block.strip[:, 0, 0].tolist() == [10, 20, 30, 255]
    assert block.lines == () and major((block,))[0].strip is block.strip
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    painter = QPainter(image)
    bottom = Hud(painter).paint(block, QRectF(0, 0, 300, 200))
    painter.end()
    assert [image.pixelColor(round(300 * (place + 0.5) / 4), 40).red() for place in range(4)] == [10, 20, 30, 255]
    assert 60 < bottom - GAP * LINE <= 1.02 * needed(heights((block,)), 1.0)


def test_the_sums_of_an_episode_and_what_was_expected_are_told() -> None:
    reckoning = Reckoning(np.array([62.14, 3.0]), np.array([55.0, 1.0]), cut=True)
    told = replace(frame(), episode=2, last_return=9.0, discounted=8.25, reckoning=reckoning)
    how = blocks(told, WORLD)[0]
    assert how.title == "Episode 2" and how.aside == "step 3"
    assert [(line.name, line.number, line.unit) for line in how.lines] == [
        ("Reward", "1", ""), ("Return so far", "12.5", ""), ("Discounted so far", "8.25", ""), ("Last return", "9", ""),
        ("Expected, got", "62.1,  55", "cut off"),
    ]  # fmt: skip
    assert [line.name for line in major(blocks(told, WORLD))[0].lines] == ["Return so far", "Expected, got"]
    assert blocks(replace(told, explores=True), WORLD)[1].aside == "drawn at random"


def test_a_person_who_plays_sees_keys_and_score() -> None:
    told = replace(frame(), steered=True, score=Score(23.0, 57.0, None, 210.0))
    how, actions, _ = blocks(told, WORLD, ("←", "→"))
    assert how.title == "You play"
    assert [line.number for line in how.lines[2:]] == ["23,  57", "–,  210"]
    assert [line.name for line in actions.lines] == ["←  push left", "→  push right"]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_panel_and_empty_state_paint_in_every_look(view: EnvironmentView, mode: str, scale: float) -> None:
    theme.use(mode, scale)
    try:
        view.clear()
        empty = view.grab().toImage()
        assert empty.pixelColor(2, 2).name() == theme.colours.stage
        for shown in (frame(), frame(quarters()), frame(quarters(), q=tuple(range(30)))):
            view.show_frame(shown)
            image = view.grab().toImage()
            assert image != empty
    finally:
        theme.use("light")


def test_a_missing_package_is_named_instead(qtbot: QtBot) -> None:
    view = EnvironmentView()
    qtbot.addWidget(view)
    view.resize(500, 300)
    view.set_world(WORLD)
    there = view.grab().toImage()
    assert view.hint.startswith("Press Train")
    view.set_world(GymWorld(id="Missing-v0", package="no_such_package_at_all"))
    assert view.hint == "Missing-v0 needs the package 'no_such_package_at_all', which is not installed here."
    assert view.grab().toImage() != there
