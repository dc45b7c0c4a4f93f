"""What colours the states of a graph: values, or another of the numbers that may colour the cells of a grid."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.stage.aside import Aside
from app.stage.colour_range import ColourRange
from app.stage.overlays import VALUES, Overlay, overlays
from app.stage.shade import Known, Shade, largest
from app.text import tr
from core.learner import Snapshot


class Shading(QObject):
    """The choice, and the ranges that a person has fixed. `changed` where states look different.

    Attributes:
        chosen: whose numbers they are.
        menu: to choose, and to fix the range.
        missing: why nothing is to be seen, where something could be expected.
    """

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        choices = [overlay for overlay in overlays() if overlay.shade is not None]
        self.chosen: Overlay = choices[0]
        self.ranges: dict[str, float] = {}
        self.missing = ""
        self.menu = QMenu(parent)
        self.menu.setToolTipsVisible(True)
        self.group = QActionGroup(self)
        for overlay in choices:
            action = self.menu.addAction(tr(overlay.title))
            action.setCheckable(True)
            action.setChecked(overlay is self.chosen)
            action.setToolTip(tr(overlay.tip))
            action.setData(overlay.name)
            action.triggered.connect(lambda _checked=False, overlay=overlay: self.choose(overlay))
            self.group.addAction(action)
        self.menu.addSeparator()
        self.range = ColourRange(parent)
        self.range.chosen.connect(self.fix)
        self.menu.addMenu(self.range)

    def button(self) -> QToolButton:
        """Opens the menu."""
        button = QToolButton()
        button.setText(tr("Show"))
        button.setToolTip(tr("What colours the states: values, updates, errors, traces or the distance to V*."))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(self.menu)
        return button

    def choose(self, overlay: Overlay) -> None:
        """Have states coloured by other numbers."""
        self.chosen = overlay
        for action in self.group.actions():
            action.setChecked(action.data() == overlay.name)
        self.changed.emit()

    def adopt(self, other: "Shading") -> None:
        """Colour as another does."""
        self.ranges = dict(other.ranges)
        self.choose(other.chosen)

    def fix(self, span: float | None) -> None:
        """Keep the colours on show as they are with this largest value; None has them adapt."""
        if span is None:
            self.ranges.pop(self.chosen.scale, None)
        else:
            self.ranges[self.chosen.scale] = span
        self.changed.emit()

    def shade(self, snapshot: Snapshot | None, aside: Aside, states: int) -> Shade | None:
        """The numbers of the states; None where they are not known."""
        if snapshot is None:
            self.missing = ""
            return None
        span = self.ranges.get(VALUES, largest(snapshot.values))
        overlay = self.chosen
        found = overlay.shade(Known(snapshot, aside, states, span, self.ranges)) if overlay.shade is not None else None
        self.missing = tr(overlay.missing) if found is None and overlay.missing else ""
        if found is not None:
            self.range.offer(found.symbol, found.span, found.symbol in self.ranges)
        return found

    @property
    def note(self) -> str:
        """What stands below the legend."""
        return tr("fixed") if self.chosen.scale in self.ranges else ""
