"""Pictures of environments as images, and what of them is drawn anew: while it is drawn, learners that live in Python wait."""

import numpy as np
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage

from core.worlds.rendering import Pixels


def image_of(pixels: Pixels) -> QImage:
    """A picture as an image of its own memory, in the format that is drawn fastest."""
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def differing(before: Pixels, now: Pixels, place: QRect) -> QRect:
    """The part of `place`, over which both pictures are stretched, where they differ; blended pixels at its edge belong to it."""
    differs = before != now
    rows = np.flatnonzero(differs.any(axis=1))
    if not rows.size:
        return QRect()
    columns = np.flatnonzero(differs[rows[0] : rows[-1] + 1].any(axis=0))
    height, width = differs.shape
    x, y = place.width() / width, place.height() / height
    left, top, right, bottom = x * columns[0], y * rows[0], x * (columns[-1] + 1), y * (rows[-1] + 1)
    edge = 1 + max(1.0, x, y)
    room = QRectF(place.x() + left - edge, place.y() + top - edge, right - left + 2 * edge, bottom - top + 2 * edge)
    return room.toAlignedRect() & place
