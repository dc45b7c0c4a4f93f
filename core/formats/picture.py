"""A grid from a picture: each cell takes the sign whose colour is nearest to that of the pixel in its middle.

Colours: white or clear floor, black or grey wall, blue start, green goal, red trap. What is read, and how large its cells are, is
told by `PictureSettings`; without a cell size, cells are the largest squares of one colour that make up the picture.
"""

import io
import math
import struct

import numpy as np
from numpy.typing import NDArray

from core.config import Config, setting
from core.errors import WorldError
from core.formats.format import Format, Found
from core.formats.grids import grid
from core.worlds.grid import LARGEST, Cell

COLOURS = {
    Cell.floor: ((255, 255, 255), (235, 235, 235)),
    Cell.wall: ((0, 0, 0), (70, 70, 70), (128, 128, 128)),
    Cell.start: ((0, 0, 255), (60, 120, 216), (0, 160, 255)),
    Cell.goal: ((0, 255, 0), (0, 128, 0), (60, 180, 75)),
    Cell.trap: ((255, 0, 0), (192, 0, 0), (255, 128, 0)),
}
"""Of each kind of cell, colours that mean it."""
MOST = 2**24
"""Pixels at most."""


class PictureSettings(Config):
    """How a picture is read."""

    cell: int = setting(0, "Cell size", "Pixels along one side of a cell; 0 to find it from the picture.", unit="pixels", ge=0, le=4096)


def read(data: bytes, where: str, settings: PictureSettings) -> Found:
    """The grid of a PNG; its size is looked at before it is decoded."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR" or len(data) < 33:
        raise WorldError("this is no PNG picture", where=where, remedy="Save the picture as PNG")
    width, height = struct.unpack(">II", data[16:24])
    if not 0 < width * height <= MOST:
        raise WorldError(f"the picture has {width:,} × {height:,} pixels, too many for a grid", where=where, remedy="Make it smaller")
    pixels = _pixels(data, where)
    signs = _signs(pixels)
    cell = settings.cell or _cell(signs)
    rows, columns = signs.shape[0] // cell, signs.shape[1] // cell
    if not rows or not columns:
        raise WorldError(f"the picture is smaller than one cell of {cell} pixels", where=where, remedy="Choose a smaller cell")
    if max(rows, columns) > LARGEST:
        what = f"cells of {cell} pixels make {rows:,} rows and {columns:,} columns; a map has at most {LARGEST:,}"
        raise WorldError(what, where=where, remedy="Give a larger cell size")
    middle = signs[cell // 2 : rows * cell : cell, cell // 2 : columns * cell : cell]
    kinds = [kind.value for kind in COLOURS]
    return Found(grid(where, map=tuple("".join(kinds[kind] for kind in row) for row in middle.tolist())))


def _pixels(data: bytes, where: str) -> NDArray[np.int64]:
    """[height, width, 3], on white where the picture is clear."""
    import pygame

    try:
        surface = pygame.image.load(io.BytesIO(data), "picture.png")
        pixels = pygame.image.tobytes(surface, "RGBA")
    except (pygame.error, ValueError, MemoryError):
        raise WorldError("the picture is damaged", where=where, remedy="Save it again as PNG") from None
    shape = (surface.get_height(), surface.get_width(), 4)
    values = np.frombuffer(pixels, np.uint8).reshape(shape).astype(np.int64)
    clear = values[:, :, 3:]
    return (values[:, :, :3] * clear + 255 * (255 - clear)) // 255


def _signs(pixels: NDArray[np.int64]) -> NDArray[np.int64]:
    """[height, width] the number of the nearest kind of `COLOURS`."""
    nearest = np.full(pixels.shape[:2], np.iinfo(np.int64).max)
    kinds = np.zeros(pixels.shape[:2], np.int64)
    for number, colours in enumerate(COLOURS.values()):
        for colour in colours:
            far = ((pixels - np.array(colour)) ** 2).sum(axis=2)
            kinds[far < nearest] = number
            nearest = np.minimum(far, nearest)
    return kinds


def _cell(signs: NDArray[np.int64]) -> int:
    """The largest side of squares of one kind that make up the picture; 1 where all of it is of one kind."""
    down = np.flatnonzero((signs[1:] != signs[:-1]).any(axis=1)) + 1
    across = np.flatnonzero((signs[:, 1:] != signs[:, :-1]).any(axis=0)) + 1
    places = [*down.tolist(), *across.tolist()]
    return math.gcd(*places, *signs.shape) if places else 1


FORMAT = Format(
    name="picture",
    title="Picture (PNG)",
    description="A grid from the colours of a picture: white floor, black wall, blue start, green goal, red trap.",
    extensions=(".png",),
    read=read,
    settings=PictureSettings,
    text=False,
    order=90,
)
