"""Cells divided among their actions: one wedge towards each side, or side and corner; a disc in the middle for staying.

On the screen all wedges are one image, which costs the same whatever the cells: `Mosaic` says once which pixel belongs to which pair; new
values then take a single look-up of their colours.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from app.stage.hit import Placement
from core.worlds.grid import WAYS
from core.worlds.grid_compiler import GridMDP
from core.worlds.mdp import Floats, Ints

DISC = 0.14
"""Radius of the disc for staying, as a share of the cell's side."""
FINER = 3
"""Parts of each pixel's side in which it is looked up whose it is; odd, so that a pixel's middle is that of a part."""

Colours = NDArray[np.uint32]
"""Premultiplied ARGB, as in `QImage.Format_ARGB32_Premultiplied`."""


def wedge(way: str, among: int) -> list[tuple[float, float]]:
    """The corners (x, y) of a move's wedge in a cell of side 1: the part of the cell that lies towards it.

    Args:
        way: the move.
        among: 4 or 8 moves.
    """
    down, right = WAYS[way]
    angle, half = math.atan2(down, right), math.pi / among
    corners = [angle - half, angle + half]
    if among == 8 and down and right:
        corners.insert(1, angle)
    return [(0.5, 0.5), *(_edge(corner) for corner in corners)]


def _edge(angle: float) -> tuple[float, float]:
    """Where a ray from the middle meets the edge."""
    across, down = math.cos(angle), math.sin(angle)
    scale = 0.5 / max(abs(across), abs(down))
    return 0.5 + across * scale, 0.5 + down * scale


@lru_cache(maxsize=8)
def division(actions: tuple[str, ...], parts: int, side: float, line: float = 1.0) -> tuple[Ints, Floats]:
    """A cell in `parts` × `parts` points: [P, P] the action to which each belongs, -1 for none, and how much of it is covered by the lines
    between wedges, `line` pixels wide where the cell has `side` of them."""
    place = (np.arange(parts) + 0.5) / parts - 0.5
    across, down = np.meshgrid(place, place)
    ways = [WAYS.get(action) for action in actions]
    moves = 8 if any(way is not None and all(way) for way in ways) else 4
    angle = np.arctan2(down, across) * moves / (2 * math.pi)
    sector = np.round(angle).astype(int) % moves
    of_sector = np.full(moves, -1)
    for action, way in enumerate(ways):
        if way is not None:
            of_sector[round(math.atan2(*way) * moves / (2 * math.pi)) % moves] = action
    owner = of_sector[sector]
    radius = np.hypot(across, down)
    apart = radius * np.abs(np.sin((np.abs(angle - np.round(angle)) - 0.5) * 2 * math.pi / moves))
    staying = next((action for action, way in enumerate(ways) if way is None), None)
    if staying is not None:
        owner[radius < DISC] = staying
        apart = np.where(radius < DISC, np.inf, apart)
        apart = np.minimum(apart, np.abs(radius - DISC))
    return owner, np.clip(0.5 + 0.5 * line - apart * side, 0.0, 1.0)


@dataclass(frozen=True, eq=False)
class Mosaic:
    """The pixels of a view.

    Attributes:
        left, top: where they begin, in pixels of the screen.
        pair: [H, W] for each pixel state times actions plus action; one more than any for none.
        lines: [H, W] the lines between wedges.
    """

    left: int
    top: int
    pair: Ints
    lines: Colours

    def paint(self, painter: QPainter, colours: Colours, ratio: float) -> None:
        """Draw the wedges in these colours [S A], and the lines over them."""
        for pixels in (np.append(colours, np.uint32(0)).take(self.pair), self.lines):
            height, width = pixels.shape
            image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
            image.setDevicePixelRatio(ratio)
            painter.drawImage(QPointF(self.left / ratio, self.top / ratio), image)


@lru_cache(maxsize=1)
def mosaic(
    grid: GridMDP, layer: int, actions: tuple[str, ...], place: Placement, size: tuple[int, int], ratio: float, line: str
) -> Mosaic:  # fmt: skip
    """The pixels of a view of that size, `ratio` pixels of the screen for each of them; `line` is the colour between wedges. The newest is
    kept."""
    left, top = max(round(place.left * ratio), 0), max(round(place.top * ratio), 0)
    right = min(round((place.left + place.cell * place.columns) * ratio), round(size[0] * ratio))
    bottom = min(round((place.top + place.cell * place.rows) * ratio), round(size[1] * ratio))
    side = place.cell * ratio
    parts = FINER * math.ceil(side)
    owner, covered = division(actions, parts, side, ratio)
    column, across = _places(left, right, place.left * ratio, side, parts, place.columns)
    row, down = _places(top, bottom, place.top * ratio, side, parts, place.rows)
    states, of_action = grid.mdp.states, len(actions)
    first = grid.layers[layer][row[:, None], column] * of_action
    action = owner[down[:, None], across]
    none = states * of_action
    pair = np.where((first < 0) | (action < 0), none, first + action)
    pair[~np.append(grid.mdp.available.ravel(), False)[pair]] = none
    lines = _premultiplied(line, covered)[down[:, None], across]
    lines[pair == none] = 0
    return Mosaic(left, top, pair, lines)


def _places(first: int, end: int, origin: float, side: float, parts: int, cells: int) -> tuple[Ints, Ints]:
    """[N] of pixels in a row: the cell in which each lies, and in which part of it."""
    place = (np.arange(first, end) + 0.5 - origin) / side
    cell = np.clip(np.floor(place).astype(int), 0, cells - 1)
    return cell, np.clip(((place - cell) * parts).astype(int), 0, parts - 1)


def _premultiplied(colour: str, share: Floats) -> Colours:
    """One colour [...], as opaque as each share."""
    parts = QColor(colour)
    found = np.zeros(share.shape, np.uint32)
    for value, shift in ((parts.red(), 16), (parts.green(), 8), (parts.blue(), 0), (255, 24)):
        found |= np.round(share * value * parts.alphaF()).astype(np.uint32) << np.uint32(shift)
    return found


def argb(table: NDArray[np.uint8]) -> Colours:
    """[N] opaque colours of a table [N, 4] RGBA."""
    parts = table.astype(np.uint32)
    return np.asarray((parts[:, 0] << 16) | (parts[:, 1] << 8) | parts[:, 2] | np.uint32(0xFF000000), np.uint32)
