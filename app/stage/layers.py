"""Which keys are in the agent's hands where values are shown: one layer of states for every set of them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from app.text import tr
from core.worlds.grid_compiler import GridMDP


class LayerChoice(QWidget):
    """A list of the sets of keys that a world has; hidden where there are none. `chosen` carries the layer or None for the agent's."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.held: tuple[str, ...] = ()
        self.list = QComboBox()
        self.list.setToolTip(tr("With which keys in hand values and arrows are shown: every set of keys has states of its own."))
        label = QLabel(tr("Hands"))
        label.setBuddy(self.list)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self.list)
        self.list.currentIndexChanged.connect(lambda _: self.chosen.emit(self.layer))
        self.hide()

    @property
    def layer(self) -> int | None:
        """The layer that is chosen; None for that of the agent."""
        return self.list.currentIndex() - 1 if self.list.currentIndex() > 0 else None

    def offer(self, grid: GridMDP | None) -> None:
        """Offer the layers of a compiled grid; what was chosen stays where it is still there."""
        held = grid.held if grid is not None else ()
        if held != self.held:
            chosen = self.held[self.layer] if self.layer is not None else None
            self.held = held
            self.list.blockSignals(True)
            self.list.clear()
            self.list.addItem(tr("follow the agent"))
            self.list.addItems([words(keys) for keys in held])
            self.list.setCurrentIndex(held.index(chosen) + 1 if chosen in held else 0)
            self.list.blockSignals(False)
            self.chosen.emit(self.layer)
        self.setVisible(len(held) > 1)


def words(keys: str) -> str:
    """A set of keys."""
    if not keys:
        return tr("empty")
    return tr("key {key}", key=keys) if len(keys) == 1 else tr("keys {keys}", keys=", ".join(keys))
