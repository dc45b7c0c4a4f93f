"""Wedges of action values: as pixels they are where they are as shapes."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.stage.hit import Placement
from app.stage.overlays import Scene
from app.stage.overlays.q_triangles import paint
from app.stage.wedges import DISC, division
from core.learner import Counters, Snapshot
from core.worlds.grid import GridWorld, Moves

Floats = NDArray[np.float64]


def scene_of(moves: Moves, side: float, ratio: float) -> Scene:
    """Every action of every cell another value; walls, a goal, and a cell whose way up is closed."""
    world = GridWorld(map=("..#", ".G.", "..."), moves=moves)
    grid = world.compiled
    mdp = grid.mdp
    q = np.where(mdp.available, np.linspace(-1, 1, mdp.states * mdp.actions).reshape(mdp.states, -1), np.nan)
    place = Placement(3, 3, side, 7.3, 4.6)
    return Scene(world, grid, Snapshot(Counters(), q=q), place, 1.0, (0, 3, 0, 3), screen=((150, 140), ratio))


def painted(scene: Scene, ratio: float) -> Floats:
    """[H, W, 3] the colours of the pixels."""
    image = QImage(round(150 * ratio), round(140 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(0xFF123456)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter, scene)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[:, :, :3].astype(float)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("side", [19.0, 27.4, 41.0])
@pytest.mark.parametrize("moves", Moves)
def test_pixels_lie_where_shapes_do(qapp: QApplication, moves: Moves, side: float, ratio: float) -> None:
    """All but the pixels at lines, which are smoothed in other ways."""
    scene = scene_of(moves, side, ratio)
    apart = np.abs(painted(scene, ratio) - painted(replace(scene, screen=None), ratio)).max(axis=2) > 3
    assert apart.mean() < (0.5 + 1.6 * len(moves.names)) / side
    for _ in range(round(ratio) + 1):  # what is left of it where nothing alike lies around
        apart &= np.all([np.roll(apart, shift, axis=(0, 1)) for shift in ((0, 1), (0, -1), (1, 0), (-1, 0))], axis=0)
    assert apart.mean() < 0.002


def test_where_there_is_no_action_there_is_no_colour(qapp: QApplication) -> None:
    scene = scene_of(Moves.four, 40.0, 1.0)
    pixels = painted(scene, 1.0)
    ground = np.array([0x56, 0x34, 0x12])
    assert (pixels[25, 7 + 80 + 20] == ground).all()
    assert (pixels[4 + 40 + 10, 7 + 40 + 20] == ground).all()
    assert (pixels[135, 5] == ground).all() and (pixels[2, 60] == ground).all()
    assert (pixels[4 + 10, 7 + 20] != ground).any()


@pytest.mark.parametrize("moves", [Moves.four_or_stay, Moves.eight_or_stay])
def test_staying_is_a_disc_in_the_middle(moves: Moves) -> None:
    owner, covered = division(moves.names, 100, 100.0)
    stay = moves.names.index("stay")
    share = (owner == stay).mean()
    assert share == pytest.approx(np.pi * DISC**2, rel=0.03)
    assert owner[50, 50] == stay and not covered[50, 50]
    assert {owner[2, 50], owner[50, 97], owner[97, 50], owner[50, 2]} == {
        moves.names.index(name) for name in ("up", "right", "down", "left")
    }
