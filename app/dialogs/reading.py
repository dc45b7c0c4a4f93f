"""Asks how a file is read where its format has settings, and shows what comes of them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from app.dialogs.fit import fit
from app.forms.form import ConfigForm
from app.sentences import told
from app.text import tr
from app.theme import theme
from core.errors import ValuescapeError
from core.formats.format import Format, Found
from core.formats.registry import read_data
from core.worlds.grid import Cell, GridWorld

LARGEST = 260
COLOURS = {Cell.wall: "wall", Cell.start: "start", Cell.goal: "goal", Cell.trap: "trap"}


class ReadingDialog(QDialog):
    """A form of the format's settings above the grid that they give.

    Args:
        data: the bytes of the file.
        where: its place, for what is wrong with it.
        format: one with settings.
    """

    read = Signal(object)
    """`Found`: what was read, with the settings on show."""

    def __init__(self, parent: QWidget, data: bytes, where: str, format: Format) -> None:
        super().__init__(parent)
        assert format.settings is not None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Import"))
        self.data, self.where, self.format = data, where, format
        self.found: Found | None = None
        description = QLabel(tr(format.description))
        description.setWordWrap(True)
        self.form = ConfigForm(format.settings, inner=True)
        self.form.changed.connect(self._read)
        self.shown, self.line = QLabel(), QLabel()
        self.shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.shown.setFixedHeight(round(LARGEST * theme.scale))
        self.line.setWordWrap(True)
        self.line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.take = buttons.addButton(tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for part in (description, self.form, self.shown, self.line, buttons):
            layout.addWidget(part)
        self.setMinimumWidth(round(420 * theme.scale))
        self._read()
        fit(self)

    def _read(self) -> None:
        try:
            self.found = read_data(self.data, self.where, self.format, self.form.value())
        except ValuescapeError as error:
            self.found = None
            self.shown.clear()
            self.line.setText(told(error.sentence))
        else:
            world = self.found.world
            if isinstance(world, GridWorld):
                self.shown.setPixmap(_small(world))
                self.line.setText(tr("{rows} rows and {columns} columns", rows=f"{world.rows:,}", columns=f"{world.columns:,}"))
        self.take.setEnabled(self.found is not None)

    def _take(self) -> None:
        self.read.emit(self.found)
        self.accept()


def _small(world: GridWorld) -> QPixmap:
    """The map with some pixels for each cell."""
    image = QImage(world.columns, world.rows, QImage.Format.Format_RGB32)
    for row, line in enumerate(world.map):
        for column, sign in enumerate(line):
            image.setPixelColor(column, row, theme.colour(COLOURS.get(Cell(sign), "cell")))
    side = round(LARGEST * theme.scale)
    times = max(1, side // max(world.rows, world.columns))
    size = (world.columns * times, world.rows * times)
    pixmap = QPixmap.fromImage(image).scaled(*size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation)
    return pixmap if max(size) <= side else pixmap.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
