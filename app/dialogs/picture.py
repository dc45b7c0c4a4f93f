"""Asks how the drawing on the stage is kept: which view, as what, with values or without, and how large."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from app.stills.still import KINDS, LARGEST, SHARPEST, Still
from app.text import tr
from app.theme import theme

SHOWN = QSize(320, 220)


class PictureDialog(QDialog):
    """Settings beside a small picture of what will be kept.

    Args:
        views: titles of the views on show, by name.
        still: the still of a view by its name, with values or without.
        values: whether values are known.
    """

    chosen = Signal(str)
    """The kind of picture; what it shows is `still`, how large `scale`."""

    def __init__(self, parent: QWidget, views: dict[str, str], still: Callable[[str, bool], Still], values: bool) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Export picture"))
        self._still = still
        self.view, self.kind = QComboBox(), QComboBox()
        for name, title in views.items():
            self.view.addItem(tr(title), name)
        for suffix, title in KINDS.items():
            self.kind.addItem(title, suffix)
        self.kind.setToolTip(tr("PNG is made of pixels; SVG and PDF stay sharp at any size."))
        self.values = QCheckBox(tr("With values and policy"))
        self.values.setChecked(values)
        self.values.setEnabled(values)
        self.values.setToolTip("" if values else tr("Nothing has been learnt yet."))
        self.scale = QSpinBox()
        self.scale.setRange(1, SHARPEST)
        self.scale.setValue(2)
        self.scale.setPrefix("× ")
        self.scale.setToolTip(tr("Pixels for each of the drawing, along one side."))
        self.shown, self.size_told = QLabel(), QLabel()
        self.shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.shown.setFixedSize(SHOWN * theme.scale)
        self.size_told.setProperty("muted", True)
        form = QFormLayout()
        if len(views) > 1:
            form.addRow(tr("View"), self.view)
        form.addRow(tr("Kind"), self.kind)
        form.addRow(tr("Scale"), self.scale)
        form.addRow("", self.size_told)
        form.addRow("", self.values)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        self.save = buttons.button(QDialogButtonBox.StandardButton.Save)
        layout = QVBoxLayout(self)
        layout.addWidget(self.shown)
        layout.addLayout(form)
        layout.addWidget(buttons)
        for changed in (self.view.currentIndexChanged, self.kind.currentIndexChanged, self.values.toggled, self.scale.valueChanged):
            changed.connect(self._show)
        self._show()

    @property
    def still(self) -> Still:
        """What will be kept."""
        return self._still(self.view.currentData(), self.values.isChecked())

    def _choose(self) -> None:
        self.chosen.emit(self.kind.currentData())
        self.accept()

    def _show(self, *_: object) -> None:
        still, pixels = self.still, self.kind.currentData() == "png"
        ratio = self.devicePixelRatioF()
        room = SHOWN * theme.scale
        fits = min(room.width() / still.size.width(), room.height() / still.size.height(), 1.0)
        pixmap = QPixmap.fromImage(still.image(fits * ratio))
        pixmap.setDevicePixelRatio(ratio)
        self.shown.setPixmap(pixmap)
        size = still.pixels(self.scale.value() if pixels else 1)
        fits_too = max(size.width(), size.height()) <= LARGEST
        unit = tr("{width} × {height} pixels", width=f"{size.width():,}", height=f"{size.height():,}")
        too_large = tr("{size}: too large, choose a smaller scale", size=unit)
        self.size_told.setText((unit if fits_too else too_large) if pixels else tr("Sharp at any size"))
        self.scale.setEnabled(pixels)
        self.save.setEnabled(fits_too or not pixels)
