"""Shows what a policy file holds, and asks where it is to play."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from app.forms.fields import words
from app.numbers import short
from app.panels.library import title_of
from app.sentences import told
from app.text import tr
from app.theme import theme
from core.deep.engine.settings import Activation
from core.errors import ValuescapeError
from core.policies.kind import Policy
from core.policies.playing import EPISODES, fits, spec_for, worlds_for
from core.policies.registry import read_policy
from core.worlds.library import open_world
from core.worlds.world import World


class PolicyDialog(QDialog):
    """What was found in a file, above the choice of a world, an activation where the file says none, and how long it plays.

    Args:
        path: the file.
        policy: what is in it.
        world: the one that is open, offered where it fits.
        name: its library name or file.
    """

    accepted_ = Signal(object)
    """The `RunSpec` in which the policy plays."""

    def __init__(self, parent: QWidget, path: Path, policy: Policy, world: World, name: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Import policy"))
        self.path, self.policy, self.open_ = path, policy, (world, name)
        said = QLabel(tr("The policy plays greedily and learns nothing: watch it, and compare its returns with those of other runs."))
        said.setProperty("muted", True)
        said.setWordWrap(True)
        self.network, self.training = _shown(policy.network.layers), _shown(_training(policy))
        self.world = QComboBox()
        for known in worlds_for(policy):
            self.world.addItem(_title(known), known)
        if fits(policy, world) and self.world.findData(name) < 0:
            self.world.addItem(title_of(world), None)
        self.activation = QComboBox()
        for each in Activation:
            self.activation.addItem(words(each), each)
        self.activation.setCurrentIndex(self.activation.findData(policy.network.activation))
        self.activation.setEnabled(not policy.activation_known)
        self.activation.setToolTip(tr("What bends the numbers between two layers. Files of weights alone do not say it."))
        self.activation.currentIndexChanged.connect(self._read_again)
        self.episodes = QSpinBox()
        self.episodes.setRange(1, 100_000)
        self.episodes.setValue(EPISODES)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        rows = ((tr("From"), _shown(policy.network.source)), (tr("Network"), self.network), (tr("Trained with"), self.training),
                (tr("World"), self.world), (tr("Activation"), self.activation), (tr("Episodes"), self.episodes))  # fmt: skip
        for title, part in rows:
            form.addRow(title, part)
            part.setAccessibleName(title)
        self.line = QLabel()
        self.line.setProperty("error", True)
        self.line.setWordWrap(True)
        self.line.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.play = buttons.addButton(tr("Play"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.play.setEnabled(self.world.count() > 0)
        if not self.world.count():
            self._say(tr("No world of the library shows {inputs} numbers and has {actions} actions. Open the one it was trained in first.",
                         inputs=policy.network.inputs, actions=policy.network.actions))  # fmt: skip
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        for widget in (said, form, self.line, buttons):
            layout.addLayout(widget) if isinstance(widget, QFormLayout) else layout.addWidget(widget)
        layout.insertStretch(2, 1)
        self.setMinimumWidth(round(440 * theme.scale))

    def _read_again(self) -> None:
        """With another activation."""
        try:
            self.policy = read_policy(self.path, self.activation.currentData())
            self.network.setText(self.policy.network.layers)
        except ValuescapeError as error:
            self._say(told(error.sentence))

    def _take(self) -> None:
        name = self.world.currentData()
        try:
            world, name = self.open_ if name is None else (open_world(name), name)
            spec = spec_for(self.policy, world, name, self.episodes.value())
        except ValuescapeError as error:
            self._say(told(error.sentence))
            return
        self.accept()
        self.accepted_.emit(spec)

    def _say(self, sentence: str) -> None:
        self.line.setText(sentence)
        self.line.show()


def _title(name: str) -> str:
    try:
        return f"{title_of(open_world(name))} ({name})"
    except ValuescapeError:
        return name


def _training(policy: Policy) -> str:
    """Settings as their program names them."""
    told = [f"{name} {short(value) if isinstance(value, int | float) else value}" for name, value in policy.network.said.items()]
    return ", ".join(told) or "–"


def _shown(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
