"""Asks how the learning is filmed: of what, how many pictures, how fast, and how they are spread over the run."""

import importlib.util

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QSpinBox, QWidget

from app.text import tr

KINDS = {"gif": "GIF", "mp4": "MP4"}


class AnimationDialog(QDialog):
    """`chosen` carries the kind of file, "gif" or "mp4"; the rest is asked of the dialog."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Export animation"))
        self.kind, self.shown, self.spread = QComboBox(), QComboBox(), QComboBox()
        for suffix, title in KINDS.items():
            if suffix == "gif" or importlib.util.find_spec("av") is not None:
                self.kind.addItem(title, suffix)
        self.shown.addItem(tr("The stage"), False)
        self.shown.addItem(tr("The whole window"), True)
        self.spread.addItem(tr("evenly"), False)
        self.spread.addItem(tr("more at the beginning"), True)
        self.spread.setToolTip(tr("Most is learnt early: pictures that lie closer there show more of it."))
        self.pictures, self.rate = QSpinBox(), QSpinBox()
        self.pictures.setRange(2, 2000)
        self.pictures.setValue(120)
        self.rate.setRange(1, 50)
        self.rate.setValue(12)
        self.rate.setSuffix(" " + tr("pictures/s"))
        self.length = QLabel()
        self.length.setProperty("muted", True)
        for spin in (self.pictures, self.rate):
            spin.valueChanged.connect(self._tell)
        form = QFormLayout(self)
        for title, field in (
            (tr("Kind"), self.kind), (tr("Shows"), self.shown), (tr("Pictures"), self.pictures), (tr("Spread"), self.spread),
            (tr("Speed"), self.rate), ("", self.length),
        ):  # fmt: skip
            form.addRow(title, field)
            field.setAccessibleName(title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)
        self._tell()

    def _tell(self) -> None:
        self.length.setText(tr("{seconds} seconds", seconds=f"{self.pictures.value() / self.rate.value():.1f}"))

    def _choose(self) -> None:
        self.chosen.emit(self.kind.currentData())
        self.accept()
