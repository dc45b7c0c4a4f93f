"""The strip above the grid: the tool in use and what is chosen for it."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QSpinBox,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from app.icons import icon
from app.stage.tools import Options, Tool
from app.text import tr
from app.theme import theme
from core.worlds.grid import KEYS, STRONGEST

WINDS = {"up": "↑", "right": "→", "down": "↓", "left": "←"}
ICON = 16
PASSINGS = {"wall": "Wall", "one way": "One way"}


class OptionStrip(QWidget):
    """The name of the tool and its choices, which stand in a line of their own where there is little room.

    Signals:
        chosen: `Options`, by the person.

    Args:
        commands: what is done with a selected region: title, tooltip, keys, icon and what to call.
        tools: offered at the name of the tool where there is no room for them beside the grid.
        layers, overlays: at the end.
    """

    chosen = Signal(object)

    def __init__(self, commands: list[tuple[str, str, str, Callable[[], None]]], tools: QMenu, layers: QWidget, overlays: QWidget) -> None:
        super().__init__()
        self.options = Options()
        self.title, self.picker = QLabel(), QToolButton()
        self.title.setProperty("heading", True)
        self.picker.setMenu(tools)
        self.picker.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.picker.setToolTip(tr("What to draw with, and in which shape."))
        self.layers = layers
        self.pages = QStackedWidget()
        self.pages.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # else the widest page claims its width
        self.reward = _number(-1e9, 1e9, 4, 1.0, tr("What entering the cell earns."))
        self.slip = _number(0, 50, 2, 5.0, tr("Probability of going astray to each side, in percent."))
        self.slip.setSuffix(" %")
        self.weight = _number(0, 1e9, 3, 1.0, tr("How often episodes start here, compared with 1 for other starts."))
        self.strength = QSpinBox()
        self.strength.setRange(1, STRONGEST)
        self.strength.setToolTip(tr("Cells that the wind carries."))
        self.way = QComboBox()
        for way, arrow in WINDS.items():
            self.way.addItem(f"{arrow} {tr(way)}", way)
        self.way.setToolTip(tr("Where the wind blows."))
        self.letter = QComboBox()
        self.letter.addItems([f"{key} / {key.upper()}" for key in KEYS])
        self.letter.setToolTip(tr("A key opens the doors of its letter."))
        self.passing = QComboBox()
        for passing in PASSINGS:
            self.passing.addItem(tr(PASSINGS[passing]), passing)
        self.passing.setToolTip(tr("Nobody crosses a wall. One way: it is crossed from the side on which you click."))
        self.buttons: dict[str, QToolButton] = {}
        region = QWidget()
        row = QHBoxLayout(region)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for title, tip, name, call in commands:
            button = self.buttons[name] = QToolButton()
            button.setAutoRaise(True)
            button.setProperty("square", True)
            button.setToolTip(f"{title}\n{tip}")
            button.setAccessibleName(title)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, call=call: call())
            row.addWidget(button)
        row.addStretch(1)
        self.places = {
            "": self.pages.addWidget(QWidget()),
            "region": self.pages.addWidget(region),
            "reward": self._page((tr("Reward"), self.reward)),
            "slip": self._page((tr("Slip"), self.slip)),
            "weight": self._page((tr("Start weight"), self.weight)),
            "wind": self._page((tr("Direction"), self.way), (tr("Strength"), self.strength)),
            "letter": self._page((tr("Letter"), self.letter)),
            "passing": self._page((tr("Kind"), self.passing)),
        }
        for changed in (self.reward.valueChanged, self.slip.valueChanged, self.weight.valueChanged, self.strength.valueChanged,
                        self.way.currentIndexChanged, self.letter.currentIndexChanged, self.passing.currentIndexChanged):  # fmt: skip
            changed.connect(self._choose)
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(8, 2, 6, 2)
        self.grid.setHorizontalSpacing(10)
        self.grid.setVerticalSpacing(2)
        self.grid.setColumnStretch(1, 1)
        self.grid.addWidget(self.title, 0, 0)
        self.grid.addWidget(self.picker, 0, 0)
        self.grid.addWidget(overlays, 0, 3)
        self.folded = False
        self.fold(False)
        self.put(self.options)
        theme.changed.connect(self._restyle)
        self._restyle()

    def fold(self, folded: bool) -> None:
        """Take little room, and offer the tools, or not."""
        self.folded = folded
        self.title.setVisible(not folded)
        self.picker.setVisible(folded)
        for line, (part, place) in enumerate(((self.pages, 1), (self.layers, 2)), 1):
            self.grid.addWidget(part, *((line, 0, 1, 4) if folded else (0, place)))
        self._spare()

    def show_for(self, tool: Tool) -> None:
        """Name a tool and offer its choices."""
        for name in (self.title, self.picker):
            name.setText(tr(tool.title))
        self.pages.setCurrentIndex(self.places[tool.option or ("region" if tool.icon == "select" else "")])
        self._spare()

    def _spare(self) -> None:
        """Give no line to a tool without choices."""
        self.pages.setVisible(not self.folded or self.pages.currentIndex() != self.places[""])

    def put(self, options: Options) -> None:
        """Show choices without telling of them."""
        self.blockSignals(True)
        self.reward.setValue(options.reward)
        self.slip.setValue(100 * options.slip)
        self.weight.setValue(options.weight)
        self.way.setCurrentIndex(self.way.findData(options.wind[0]))
        self.strength.setValue(options.wind[1])
        self.letter.setCurrentIndex(KEYS.index(options.letter))
        self.passing.setCurrentIndex(self.passing.findData(options.passing))
        self.blockSignals(False)
        self.options = options

    def _choose(self, *_: object) -> None:
        if not self.signalsBlocked():
            self.options = Options(
                self.reward.value(), self.slip.value() / 100, self.weight.value(),
                (str(self.way.currentData()), self.strength.value()), KEYS[self.letter.currentIndex()], str(self.passing.currentData()),
            )  # fmt: skip
            self.chosen.emit(self.options)

    def _page(self, *fields: tuple[str, QWidget]) -> int:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        for label, field in fields:
            if label not in (tr("Reward"), tr("Slip")):  # the tool is named so already
                row.addWidget(QLabel(label))
            row.addWidget(field)
            field.setAccessibleName(label)
        row.addStretch(1)
        return self.pages.addWidget(page)

    def _restyle(self) -> None:
        for name, button in self.buttons.items():
            button.setIcon(icon(name))
            button.setIconSize(QSize(ICON, ICON) * theme.scale)


def _number(least: float, most: float, decimals: int, step: float, tip: str) -> QDoubleSpinBox:
    """A number that shows no zeros behind its last digit."""
    field = PlainSpinBox()
    field.setRange(least, most)
    field.setDecimals(decimals)
    field.setSingleStep(step)
    field.setToolTip(tip)
    field.setMinimumWidth(round(90 * theme.scale))
    return field


class PlainSpinBox(QDoubleSpinBox):
    """A number that shows no zeros behind its last digit."""

    def textFromValue(self, value: float) -> str:
        text = super().textFromValue(value)
        point = self.locale().decimalPoint()
        return text.rstrip("0").rstrip(point) if point in text else text
