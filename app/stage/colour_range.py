"""How far the colours of a scale reach: as far as what is on show, or as far as a person has said, so that two moments can be compared."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from app.text import tr

LEAST, MOST = 1e-6, 1e9
"""Between these a range may be fixed."""


class ColourRange(QMenu):
    """Adapt, keep as it is, or type a number. `chosen` carries the largest value of the scale, None for one that adapts.

    Attributes:
        scale: what the legend stands for.
        span: its largest value now.
        fixed: whether a person has said so.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("Colour range"), parent)
        self.setToolTipsVisible(True)
        self.scale, self.span, self.fixed = "V(s)", 1.0, False
        self.adapting = self.addAction(tr("Adapt the range"))
        self.adapting.setToolTip(tr("The largest number on show gets the strongest colour, moment by moment."))
        self.keeping = self.addAction(tr("Fix the range"))
        self.keeping.setToolTip(tr("Colours mean the same from now on, whatever comes: moments can be compared."))
        self.asking = self.addAction(tr("Fix the range at …"))
        for action in (self.adapting, self.keeping):
            action.setCheckable(True)
        self.adapting.triggered.connect(lambda: self.chosen.emit(None))
        self.keeping.triggered.connect(lambda: self.chosen.emit(self.span))
        self.asking.triggered.connect(self._ask)
        self.offer(self.scale, self.span, self.fixed)

    def offer(self, scale: str, span: float, fixed: bool) -> None:
        """The legend stands for another scale, or reaches elsewhere."""
        self.scale, self.span, self.fixed = scale, span, fixed
        self.adapting.setChecked(not fixed)
        self.keeping.setChecked(fixed)

    def _ask(self) -> None:
        title, label = tr("Colour range"), tr("Largest size of {what}", what=self.scale)
        value, accepted = QInputDialog.getDouble(self.parentWidget(), title, label, self.span, LEAST, MOST, 4)
        if accepted:
            self.chosen.emit(value)
