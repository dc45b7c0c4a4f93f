"""What gymnasium draws, taken from its screen by whole pixels.

Its environments copy their pygame screen channel by channel and backwards, which is three quarters of a picture's time (1.7 of 2.2 ms for
the pole). While one of them draws, the screen that it is about to copy is remembered, and copied here: 0.03 ms, the same numbers.
"""

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint32]
"""[H, W], each 0xffRRGGBB."""
MASKS = 0xFF0000, 0xFF00, 0xFF
"""Where red, green and blue lie in a pixel that can be taken whole."""
OPAQUE = np.uint32(0xFF000000)

_turn = threading.Lock()


def render(env: Any) -> NDArray[np.uint8] | None:
    """[H, W, 3] red, green, blue: what the environment's own `render` returns; None where that is no picture."""
    if not type(env.unwrapped).__module__.startswith("gymnasium.envs."):
        picture = env.render()
        return picture if isinstance(picture, np.ndarray) else None
    import pygame

    taken: list[pygame.Surface] = []
    copied = pygame.surfarray.pixels3d

    def take(surface: pygame.Surface) -> NDArray[np.uint8]:
        if surface.get_bitsize() != 32 or surface.get_masks()[:3] != MASKS:
            return copied(surface)
        taken.append(surface)
        return np.empty((*surface.get_size(), 0), np.uint8)

    with _turn:
        pygame.surfarray.pixels3d = take
        try:
            picture = env.render()
        finally:
            pygame.surfarray.pixels3d = copied
    if not isinstance(picture, np.ndarray):
        return None
    return picture if picture.size else _colours(pygame.surfarray.pixels2d(taken[-1]).T | OPAQUE)


def whole_pixels(picture: NDArray[np.uint8]) -> Pixels:
    """The same by whole pixels, without copying where it was taken so."""
    taken = picture.base
    if isinstance(taken, np.ndarray) and taken.dtype == np.uint32 and _lies_in(taken, picture):
        return taken
    pixels = np.full(picture.shape[:2], OPAQUE)
    _colours(pixels)[:] = picture
    return pixels


def _colours(pixels: Pixels) -> NDArray[np.uint8]:
    """[H, W, 3] red, green and blue of whole pixels, in their memory."""
    return pixels.view(np.uint8).reshape(*pixels.shape, 4)[..., 2::-1]


def _lies_in(pixels: Pixels, picture: NDArray[np.uint8]) -> bool:
    """Whether a picture is all of these pixels, neither mirrored nor with its colours in another order."""
    return pixels.shape == picture.shape[:2] and picture.strides == _colours(pixels).strides
