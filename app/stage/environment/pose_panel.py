"""Sliders for the state that a person puts the environment into, beside what can be dragged in the picture."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from app.numbers import short
from app.text import tr
from app.viewing.frames import Posed
from app.viewing.orders import Put
from core.worlds.gym import Quantity

PLACES = 1000
"""Places of a slider whose number is not whole."""
ACROSS = 2
"""Sliders in a row."""


class PosePanel(QWidget):
    """One slider for each number of a state. `ordered` carries the state that the person sets."""

    ordered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.posed: Posed | None = None
        self.sliders: list[QSlider] = []
        self._numbers: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(10, 2, 10, 2)
        self._grid.setVerticalSpacing(1)
        self._grid.setHorizontalSpacing(8)

    def show_posed(self, posed: Posed | None) -> None:
        """Show the present state; a slider that is being dragged stays where the hand is."""
        if posed is None or posed is self.posed:
            return
        if self.posed is None or posed.quantities != self.posed.quantities:
            self._build(posed)
        self.posed = posed
        for quantity, number, slider, label in zip(posed.quantities, posed.state, self.sliders, self._numbers, strict=True):
            if not slider.isSliderDown():
                slider.blockSignals(True)
                slider.setValue(_place(quantity, number, posed.whole))
                slider.blockSignals(False)
            label.setText(f"{short(number, 3)} {tr(quantity.unit) if quantity.unit else ''}".rstrip())

    def _build(self, posed: Posed) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.sliders, self._numbers = [], []
        for place, quantity in enumerate(posed.quantities):
            name, number, slider = QLabel(tr(quantity.name)), QLabel(), QSlider(Qt.Orientation.Horizontal)
            name.setProperty("muted", True)
            number.setMinimumWidth(number.fontMetrics().horizontalAdvance("−0.0000 rad/s"))
            slider.setRange(round(quantity.low or 0) if posed.whole else 0, round(quantity.high or 0) if posed.whole else PLACES)
            slider.setMinimumWidth(60)
            slider.setAccessibleName(tr(quantity.name))
            slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            slider.valueChanged.connect(lambda _, place=place: self._order(place))
            row, column = divmod(place, ACROSS)
            for offset, widget in enumerate((name, slider, number)):
                self._grid.addWidget(widget, row, 3 * column + offset)
            self._grid.setColumnStretch(3 * column + 1, 1)
            self.sliders.append(slider)
            self._numbers.append(number)

    def _order(self, place: int) -> None:
        if self.posed is not None:
            value, one = self.sliders[place].value(), self.posed.quantities[place]
            low, high = one.low or 0.0, one.high or 0.0
            number = float(value) if self.posed.whole else low + value / PLACES * (high - low)
            self.ordered.emit(Put((*self.posed.state[:place], number, *self.posed.state[place + 1 :])))


def _place(one: Quantity, number: float, whole: bool) -> int:
    """Where the slider stands."""
    low, high = one.low or 0.0, one.high or 0.0
    return round(number) if whole else round(PLACES * (number - low) / (high - low))
