"""What is on the stage as a picture in a file: PNG, SVG or PDF."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from app.text import tr
from app.theme import theme
from core.errors import WorldError
from core.files import replacing

KINDS = {"png": "PNG", "svg": "SVG", "pdf": "PDF"}
"""Pictures by their extension."""
SHARPEST = 8
"""Pixels of a PNG for each of the drawing at most, along one side."""
LARGEST = 16_384
"""Pixels of a PNG along one side at most."""


@dataclass(frozen=True)
class Still:
    """A drawing that can be painted at any size.

    Attributes:
        size: in pixels at scale 1.
        paint: draws it from (0, 0) on, without its ground.
    """

    size: QSizeF
    paint: Callable[[QPainter], None]

    def pixels(self, scale: float) -> QSize:
        """The size of a PNG."""
        return (self.size * scale).toSize()

    def image(self, scale: float) -> QImage:
        """As pixels."""
        image = QImage(self.pixels(scale), QImage.Format.Format_RGB32)
        image.fill(theme.colour("stage"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        self.paint(painter)
        painter.end()
        return image

    def data(self, kind: str, scale: float, title: str) -> QByteArray:
        """The bytes of a file.

        Args:
            kind: one of `KINDS`.
            scale: pixels of a PNG for each of the drawing; others have none.
            title: what the file says that it shows.
        """
        found = QBuffer()
        found.open(QIODevice.OpenModeFlag.WriteOnly)
        if kind == "png":
            QImageWriter(found, QByteArray(b"png")).write(self.image(scale))
        elif kind == "svg":
            svg = QSvgGenerator()
            svg.setOutputDevice(found)
            svg.setResolution(96)
            svg.setTitle(title)
            svg.setSize(self.size.toSize())
            svg.setViewBox(QRectF(0, 0, self.size.width(), self.size.height()))
            self._draw(QPainter(svg), 1.0)
        else:
            pdf = QPdfWriter(found)
            pdf.setTitle(title)
            pdf.setPageSize(QPageSize(self.size * 0.75, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
            pdf.setPageMargins(QMarginsF())
            self._draw(QPainter(pdf), pdf.resolution() / 96)
        return found.data()

    def save(self, path: Path, scale: float, title: str) -> None:
        """Write a file of the kind that its extension tells; WorldError where that is not possible, and nothing changes."""
        kind = path.suffix.lower().removeprefix(".")
        if max(self.pixels(scale).width(), self.pixels(scale).height()) > LARGEST and kind == "png":
            what = tr("the picture would have more than {most} pixels along one side", most=f"{LARGEST:,}")
            raise WorldError(what, where=str(path), remedy=tr("Choose a smaller scale, or SVG"))
        try:
            with replacing(path) as file:
                file.write(self.data(kind, scale, title).data())
        except OSError as error:
            what = tr("the picture cannot be saved ({reason})", reason=error.strerror)
            raise WorldError(what, where=str(path), remedy=tr("Choose another folder")) from None

    def _draw(self, painter: QPainter, scale: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        painter.fillRect(QRectF(0, 0, self.size.width(), self.size.height()), theme.colour("stage"))
        painter.setPen(Qt.PenStyle.NoPen)
        self.paint(painter)
        painter.end()
