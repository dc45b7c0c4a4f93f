"""The timeline under the stage: drag it to any moment of the run and back, or go on from there."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QStyle, QToolButton, QWidget

from app.actions import Actions
from app.counts import counted
from app.numbers import MB
from app.picture import Position, Status
from app.steady import SteadyButton
from app.text import tr
from app.theme import theme
from core.runs.timeline import Wish

ROOM = 620
"""Pixels at a text scale of 1 from which everything is said in full."""
WIDE = 900
"""Likewise where the moment on show takes room, too."""
PLACES = 100_000
"""Places of the slider."""


class Track(QSlider):
    """A slider that goes where it is clicked."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, PLACES)
        self.setPageStep(PLACES // 20)
        self.setSingleStep(PLACES // 200)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown() and event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def _follow(self, event: QMouseEvent) -> None:
        handle = self.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength, None, self)
        place = QStyle.sliderValueFromPosition(0, PLACES, round(event.position().x() - handle / 2), self.width() - handle)
        self.setValue(place)  # which tells that the slider moved


class TimelineBar(QWidget):
    """Shows where in its past a run is looked at. `wished` carries the moment that the person wants to see."""

    wished = Signal(object)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.actions_ = actions
        self.unit, self.boundary = "step", "episode"
        self.position = Position(0, 0, 0, 0, 0, 0)
        self.track = Track()
        self.track.setAccessibleName(tr("Timeline"))
        self.track.sliderMoved.connect(lambda place: self._wish(place, exactly=False))
        self.track.sliderReleased.connect(lambda: self._wish(self.track.value()))
        self.track.actionTriggered.connect(lambda _: self._wish(self.track.sliderPosition()))
        self.label = QLabel()
        self.label.setProperty("muted", True)
        self.memory = SteadyButton()
        self.memory.setAutoRaise(True)
        self.memory.setProperty("muted", True)
        self.memory.clicked.connect(self.actions_["past_memory"].trigger)
        self.buttons: list[QToolButton] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(2)
        for name in ("back_far", "back"):
            row.addWidget(self._button(name))
        row.addWidget(self.track, 1)
        row.addWidget(self.label)
        row.addWidget(self.memory)
        for name in ("newest", "branch"):
            row.addWidget(self._button(name))
        self.setAccessibleName(tr("Timeline"))
        self.follow(Status.idle)
        theme.changed.connect(self._restyle)
        self._restyle()

    def describe(self, unit: str, boundary: str) -> None:
        """Name what the run counts."""
        self.unit, self.boundary = unit, boundary
        self._tell()

    def follow(self, status: Status) -> None:
        """There is a past once there is a run."""
        if status in (Status.idle, Status.preparing):
            self.show_position(Position(0, 0, 0, 0, 0, 0))
        self.setEnabled(status not in (Status.idle, Status.preparing, Status.failed))

    def show_position(self, position: Position) -> None:
        """Move to the moment on show; a slider that is being dragged stays where the hand is."""
        self.position = position
        if not self.track.isSliderDown():
            coming = position.coming
            units = position.units if coming is None or coming.units is None else coming.units
            place = round(PLACES * units / position.newest) if position.newest else PLACES
            self.track.blockSignals(True)
            self.track.setValue(place)
            self.track.blockSignals(False)
        for name in ("back", "back_far"):
            self.actions_[name].setEnabled(position.units > 0)
        for name in ("newest", "branch"):
            self.actions_[name].setEnabled(position.past)
        self._tell()

    def _wish(self, place: int, exactly: bool = True) -> None:
        if not self.position.newest:
            return
        units = round(place / PLACES * self.position.newest)
        self.wished.emit(Wish(newest=True) if place == PLACES else Wish(units, exactly=exactly))

    def _tell(self) -> None:
        here = self.position
        units = counted(tr("{here} of {all}", here=f"{here.units:,}", all=f"{here.newest:,}"), self.unit)
        parts = dict.fromkeys((units,) if self.narrow or here.coming is not None else (units, counted(here.boundaries, self.boundary)))
        text = " · ".join(parts) if here.past else tr("now")
        if here.coming is not None:
            text += " · " + tr("{share} % of the way there", share=int(100 * here.coming.share))
        self.label.setText(text if here.newest else "")
        size, memory = _megabytes(here.size), _megabytes(here.memory)
        self.memory.setText(tr("{size} of {memory} MB", size=size, memory=memory))
        wide = self.width() >= (WIDE if here.past else ROOM) * theme.scale
        self.memory.setVisible(here.newest > 0 and here.coming is None and wide)
        takes = tr("The past takes {size} of {memory} MB.", size=size, memory=memory)
        self.memory.setAccessibleName(takes)
        self.memory.setToolTip(f"{takes}\n{self.actions_['past_memory'].statusTip()}")
        drag = tr("Drag to any moment of the run. Everything shows what it was then; what was learnt later stays.")
        self.track.setToolTip(f"{drag}\n{takes}" if here.newest else drag)

    def _button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self.actions_[name])
        button.setAutoRaise(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.buttons.append(button)
        return button

    @property
    def narrow(self) -> bool:
        """Whether there is only room for the slider and the least of words."""
        return self.width() < ROOM * theme.scale

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if self.narrow else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        self.buttons[-1].setToolButtonStyle(style)
        self._tell()

    def _restyle(self) -> None:
        self.track.setMinimumWidth(round(100 * theme.scale))
        side = round(16 * theme.scale)
        for button in self.buttons:
            button.setIconSize(QSize(side, side))
        self._tell()


def _megabytes(size: int) -> str:
    return f"{size / MB:,.0f}" if size >= 10 * MB or not size else f"{max(size / MB, 0.1):.1f}"
