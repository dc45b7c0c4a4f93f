"""Which part of a drawing is on the screen, and how large. Pure geometry, no Qt."""

from app.stage.graph.crowd import Box

LARGEST, SMALLEST = 5.0, 0.02
FITTED = 1.5
"""Zoom at most when all is shown: larger letters read no better."""


class Viewport:
    """Maps the scene, in which a drawing lies, to pixels of a widget.

    Attributes:
        zoom: pixels for one unit of the scene.
        origin: where the scene's origin lies, in pixels.
        fitted: whether all is shown, and is to stay so.
    """

    def __init__(self) -> None:
        self.zoom, self.origin, self.fitted = 1.0, 0j, True

    def pixel(self, at: complex) -> complex:
        """Where a point of the scene is on the screen."""
        return self.origin + at * self.zoom

    def scene(self, pixel: complex) -> complex:
        """The point of the scene under a pixel."""
        return (pixel - self.origin) / self.zoom

    def fit(self, bounds: Box, room: Box) -> None:
        """Show all of `bounds` within a box of the screen, in its middle."""
        left, top, right, bottom = bounds
        width, height = max(room[2] - room[0], 40.0), max(room[3] - room[1], 40.0)
        self.zoom = max(min(width / (right - left), height / (bottom - top), FITTED), SMALLEST)
        self.origin = complex(room[0] + width / 2, room[1] + height / 2) - complex(left + right, top + bottom) / 2 * self.zoom
        self.fitted = True

    def zoom_by(self, factor: float, pixel: complex) -> None:
        """Larger by a factor, a pixel staying where it is."""
        factor = min(max(self.zoom * factor, SMALLEST), LARGEST) / self.zoom
        self.origin = pixel + (self.origin - pixel) * factor
        self.zoom *= factor
        self.fitted = False

    def move(self, pixels: complex) -> None:
        """Moved by some pixels."""
        self.origin += pixels
        self.fitted = False

    def into_view(self, at: complex, edge: float, width: float, height: float) -> complex:
        """By how many pixels to move so that a point lies no nearer than `edge` to the border."""
        pixel = self.pixel(at)
        across = max(edge - pixel.real, 0.0) + min(width - edge - pixel.real, 0.0)
        return complex(across, max(edge - pixel.imag, 0.0) + min(height - edge - pixel.imag, 0.0))
