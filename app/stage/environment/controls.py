"""What can be done with the watched episode, in a row below its picture."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QIntValidator, QResizeEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QMenu, QSpinBox, QToolButton, QWidget

from app.actions import Actions
from app.forms.fields import NoWheel
from app.icons import icon
from app.stage.environment.policy_button import PolicyButton
from app.stage.flow import Flow
from app.text import tr
from app.theme import theme
from app.viewing.frames import ViewerFrame
from app.viewing.orders import Begin, Explore, Pace, Show
from core.worlds.gym import GymWorld
from core.worlds.poses import expected

PACES = {0.25: "Slow", 1.0: "Real time", 4.0: "Fast", 16.0: "Very fast"}
"""Multiples of real time."""
COUNTS = (1, 4, 9)
NARROW = 460
"""Pixels at a text scale of 1 below which buttons have no words, so that two lines are enough."""
WORDY = "steer", "teach", "ask"
EPISODES = {1: "One episode", 3: "Three episodes", 10: "Ten episodes", 0: "Until I stop"}
"""How many to record."""


class Controls(QWidget):
    """Follows the newest frame; `ordered` carries what the person wants, `filming` for how many episodes to record."""

    ordered = Signal(object)
    filming = Signal(int)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.actions_ = actions
        self.frame: ViewerFrame | None = None
        self.posable = False
        self.buttons = {name: self._button(name) for name in ("watch", "watch_step", "new_episode", "steer", "teach", "ask", "film")}
        self.start = QLineEdit()
        self.start.setPlaceholderText(tr("any start"))
        self.start.setValidator(QIntValidator(0, 2**31 - 1, self))
        self.start.setToolTip(tr("Seed of the start: with a number, every episode begins the same way; left empty, each has its own."))
        self.start.returnPressed.connect(self.begin)
        self.pace = QComboBox()
        for times in PACES:
            self.pace.addItem(tr(PACES[times]), times)
        self.pace.setCurrentIndex(1)
        self.pace.setToolTip(tr("How fast the episode goes. In real time it goes as fast as the environment says it should."))
        self.pace.currentIndexChanged.connect(lambda _: self.ordered.emit(Pace(self.pace.currentData())))
        self.epsilon = QDoubleSpinBox()
        self.epsilon.setRange(0, 1)
        self.epsilon.setSingleStep(0.05)
        self.epsilon.setPrefix("ε = ")
        self.epsilon.setToolTip(tr("Probability of a random action in what is watched; with 0 the policy is greedy."))
        self.epsilon.valueChanged.connect(lambda value: self.ordered.emit(Explore(value)))
        self.member = QSpinBox()
        self.member.setPrefix(tr("Member") + " ")
        self.member.setToolTip(tr("Which of the members plays."))
        self.count = QComboBox()
        for count in COUNTS:
            self.count.addItem(tr("one picture") if count == 1 else tr("{count} side by side", count=count), count)
        self.count.setToolTip(tr("Watch several members side by side, from the same starts."))
        self.member.valueChanged.connect(lambda _: self._show())
        self.count.currentIndexChanged.connect(lambda _: self._show())
        self.policy = PolicyButton()
        self.policy.ordered.connect(self.ordered)
        self.told = QLabel()
        self.told.setProperty("muted", True)
        self.start.setAccessibleName(tr("Start"))
        self.pace.setAccessibleName(tr("Speed"))
        self.epsilon.setAccessibleName(tr("Exploration"))
        self.count.setAccessibleName(tr("Members"))
        self._still = NoWheel(self)
        for box in (self.pace, self.epsilon, self.member, self.count):
            box.installEventFilter(self._still)
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.menu = QMenu(self)
        for episodes in EPISODES:
            self.menu.addAction(self._film_action(episodes))
        self.buttons["film"].setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row = Flow(self)
        left = [self.buttons[name] for name in ("watch", "watch_step", "new_episode")]
        right = [self.buttons[name] for name in ("steer", "teach", "ask", "film")]
        for widget in (*left, self.policy, self.start, self.pace, self.epsilon, self.member, self.count, *right, self.told):
            row.addWidget(widget)
        self.setAccessibleName(tr("The watched episode"))
        self.follow(None)
        theme.changed.connect(self._restyle)
        self._restyle()

    def begin(self) -> None:
        """Begin a new episode, at the start that is typed."""
        self.ordered.emit(Begin(int(self.start.text()) if self.start.text() else None))

    def set_world(self, world: GymWorld | None) -> None:
        """Another environment is on the stage, or a finite world, of which no episode is watched."""
        self.posable = world is not None and expected(world)
        for name in ("watch", "new_episode", "film"):
            self.actions_[name].setEnabled(world is not None)
        self.follow(None)

    def follow(self, frame: ViewerFrame | None) -> None:
        """Show how the episode stands."""
        self.frame = frame
        playing, steered = frame is not None and frame.playing, frame is not None and frame.steered
        members = 1 if frame is None else frame.members
        watch, film = self.actions_["watch"], self.actions_["film"]
        if watch.data() != playing:
            watch.setData(playing)
            watch.setText(tr("Pause the episode") if playing else tr("Play the episode"))
            watch.setIcon(icon("pause" if playing else "watch"))
        filming = frame is not None and frame.filmed is not None
        if film.data() != filming:
            film.setData(filming)
            film.setText(tr("Stop recording") if filming else tr("Record …"))
            film.setIcon(icon("stop" if filming else "film"))
            self.buttons["film"].setMenu(None if filming else self.menu)  # type: ignore[arg-type]
        told = tr("{count} pictures recorded", count=f"{frame.filmed:,}") if frame is not None and frame.filmed is not None else ""
        if told != self.told.text():
            self.told.setText(told)
            self.told.setVisible(bool(told))
        self.actions_["watch_step"].setEnabled(not steered and watch.isEnabled())
        self._follow_ask(self.posable if frame is None else frame.posed is not None, steered)
        for box in (self.pace, self.epsilon, self.member, self.count):
            box.setEnabled(not steered)
        for box in (self.member, self.count):
            box.setVisible(members > 1)
        self.buttons["teach"].setVisible(steered)
        self.policy.follow(frame)
        if self.member.maximum() != members:
            self.member.blockSignals(True)
            self.member.setRange(1, members)
            self.member.blockSignals(False)
        self.start.setPlaceholderText(tr("any start") if frame is None else str(frame.seed))

    def refresh(self) -> None:
        """Name the actions for what they do now: they have been named anew."""
        for name in ("watch", "film", "ask"):
            self.actions_[name].setData(None)
        self.follow(self.frame)

    def adopt(self, other: "Controls") -> None:
        """Take over what stands in another one."""
        for mine, theirs in ((self.pace, other.pace), (self.count, other.count)):
            mine.blockSignals(True)
            mine.setCurrentIndex(theirs.currentIndex())
            mine.blockSignals(False)
        for box, value in ((self.epsilon, other.epsilon.value()), (self.member, other.member.value())):
            box.blockSignals(True)
            if box is self.member:
                self.member.setMaximum(other.member.maximum())
            box.setValue(value)  # type: ignore[arg-type]
            box.blockSignals(False)
        self.start.setText(other.start.text())

    def _follow_ask(self, posable: bool, steered: bool) -> None:
        """Offer to set the state where that can be done; else say why not."""
        ask = self.actions_["ask"]
        ask.setEnabled(posable and not steered)
        reason = tr("First let the agent play again.") if steered else ""
        if not posable:
            reason = tr("The state of this environment cannot be set.")
        if ask.data() != reason:
            ask.setData(reason)
            self.actions_.explain("ask", reason)

    def _show(self) -> None:
        self.ordered.emit(Show(self.member.value() - 1, self.count.currentData()))

    def _film_action(self, episodes: int) -> QAction:
        action = QAction(tr(EPISODES[episodes]), self.menu)
        action.triggered.connect(lambda _checked=False: self.filming.emit(episodes))
        return action

    def _button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self.actions_[name])
        button.setAutoRaise(True)
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._word()

    def _word(self) -> None:
        """Put words on the buttons that have room for them."""
        wide = self.width() >= NARROW * theme.scale
        for name, button in self.buttons.items():
            worded = wide and name in WORDY
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon if worded else Qt.ToolButtonStyle.ToolButtonIconOnly)

    def _restyle(self) -> None:
        side = round(16 * theme.scale)
        for button in self.buttons.values():
            button.setIconSize(QSize(side, side))
        self._word()
        self.start.setFixedWidth(self.start.fontMetrics().horizontalAdvance("2147483647") + 16)
        self.refresh()
