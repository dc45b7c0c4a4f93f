"""The transport: train, step, stop, reset and speed, on top of the window."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QSlider, QToolBar, QToolButton, QWidget

from app.actions import Actions
from app.counts import counted, planning
from app.icons import icon
from app.picture import Status
from app.text import tr
from app.theme import theme

SPEEDS: tuple[float | None, ...] = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000, 1_000_000, None)
"""Units a second that the slider offers; None is as fast as it goes."""


class Transport(QToolBar):
    """Follows the status of the run; `speed_changed` carries units a second or None."""

    speed_changed = Signal(object)

    def __init__(self, actions: Actions) -> None:
        super().__init__(tr("Transport"))
        self.setObjectName("transport")
        self.setMovable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.actions_ = actions
        self.unit = "step"
        for name in ("train", "step", "step_far", "stop", "reset"):
            self.addAction(actions[name])
        button = self.widgetForAction(actions["train"])
        assert isinstance(button, QToolButton)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setProperty("primary", True)
        self.addSeparator()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(SPEEDS) - 1)
        self.slider.setPageStep(1)
        self.slider.setFixedWidth(150)
        self.slider.setAccessibleName(tr("Speed"))
        self.slider.setToolTip(tr("How fast to learn: from one step a second to as fast as the machine goes."))
        self.slider.valueChanged.connect(self._speed)
        self.speed_label = QLabel()
        caption = QLabel(tr("Speed"))
        caption.setProperty("muted", True)
        for widget in (caption, self.slider, self.speed_label):
            self.addWidget(widget)
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(gap)
        for name in ("undo", "redo", "open", "save", "dark", "commands"):
            self.addAction(actions[name])
        self.set_speed(None)
        self.follow(Status.idle)
        theme.changed.connect(self._restyle)

    @property
    def speed(self) -> float | None:
        """Units a second; None for as fast as it goes."""
        return SPEEDS[self.slider.value()]

    def set_speed(self, speed: float | None) -> None:
        """Move the slider to the nearest speed that is not slower."""
        places = [place for place, offered in enumerate(SPEEDS) if speed is not None and offered is not None and offered >= speed]
        self.slider.setValue(places[0] if places else len(SPEEDS) - 1)
        self._speed()

    def set_unit(self, unit: str) -> None:
        """What a step is called: "step", or "backup" or "solve" for planners, which plan rather than train."""
        self.unit = unit
        self._restyle()

    def follow(self, status: Status) -> None:
        """Enable what can be done now and name the train button for what it does."""
        self.status = status
        actions = self.actions_
        actions["train"].setEnabled(status is not Status.preparing)
        running, fresh = status is Status.running, tr("Plan") if planning(self.unit) else tr("Train")
        actions["train"].setText(tr("Pause") if running else tr("Continue") if status is Status.paused else fresh)
        actions["train"].setIcon(icon("pause" if running else "train", "accent_text"))
        for name in ("step", "step_far"):
            actions[name].setEnabled(status is not Status.preparing)
        actions["stop"].setEnabled(status.active)
        actions["reset"].setEnabled(status is not Status.idle)
        actions["save_run"].setEnabled(status not in (Status.idle, Status.preparing))

    def _speed(self) -> None:
        self._label()
        self.speed_changed.emit(self.speed)

    def _label(self) -> None:
        self.speed_label.setText(tr("as fast as possible") if self.speed is None else self._rate(self.speed))
        width = self.speed_label.fontMetrics().horizontalAdvance
        self.speed_label.setMinimumWidth(max(width(tr("as fast as possible")), width(self._rate(1_000_000))) + 8)

    def _rate(self, speed: float) -> str:
        return tr("{rate}/s", rate=counted(round(speed), self.unit))

    def _restyle(self) -> None:
        self.setIconSize(QSize(20, 20) * theme.scale)
        self._label()
        self.follow(self.status)
