"""The agent: which algorithm, with which settings, from which seed, how many members, for how long, on which device."""

from contextlib import suppress

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from app.forms.fields import read_number
from app.forms.form import ConfigForm
from app.panels.network import NetworkInspector
from app.panels.page import fill_page, heading_item
from app.panels.presets import PresetChoice
from app.panels.vary import VaryForm, count, repeated
from app.sentences import told
from app.text import tr
from core.errors import ConfigError
from core.presets import Preset
from core.registry import FAMILIES, Algorithm, algorithms, family
from core.runs.spec import MOST_MEMBERS, RunSpec, is_game, unsuitable
from core.worlds.gym import GymWorld
from core.worlds.library import GYM
from core.worlds.world import World

FAMILY_TITLES = {
    "planning": "Planning in a known world",
    "tabular": "Tabular learning",
    "linear": "Linear function approximation",
    "deep": "Deep learning",
}
DEVICES = ("auto", "cpu", "cuda", "mps")


class AgentPanel(QWidget):
    """Makes the spec of the next run. `changed` when anything in it changes."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.world: World | None = None
        self.world_name = ""
        self.forms: dict[str, ConfigForm] = {}
        self.choice = QComboBox()
        self.choice.setAccessibleName(tr("Algorithm"))
        self.choice.setModel(self._model())
        self.choice.currentIndexChanged.connect(self._chosen)
        self.summary = _muted()
        self.form_place = QVBoxLayout()
        self.form_place.setContentsMargins(0, 0, 0, 0)
        self.seed = _spin(0, 2**31 - 1, 0, tr("Root of every random stream: the same seed gives the same run."))
        self.members = _spin(1, MOST_MEMBERS, 1, tr("Independent learners trained side by side, each with its own random streams."))
        self.limit = QLineEdit()
        self.episodes = QLineEdit()
        self.filled = "", ""
        """The limits as a preset left them."""
        self.device = QComboBox()
        self.device.addItems(DEVICES)
        self.device.setToolTip(tr("Where networks are trained and huge worlds planned. auto: CUDA, then MPS, then the processor."))
        run = self.run = QFormLayout()
        run.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        labels = (tr("Seed"), tr("Members"), tr("Step limit"), tr("Episode limit"), tr("Device"))
        for label, field in zip(labels, (self.seed, self.members, self.limit, self.episodes, self.device), strict=True):
            run.addRow(label, field)
            field.setAccessibleName(label)
        self.episodes.setToolTip(tr("The run ends by itself when every member has ended this many episodes."))
        self.episodes.setPlaceholderText(tr("no limit"))
        self.episodes.textChanged.connect(lambda _: self._name_limit())
        self.vary = VaryForm()
        self.vary.edited.connect(self._members_changed)
        self.members.valueChanged.connect(self._members_changed)
        self.presets = PresetChoice()
        self.presets.chosen.connect(self._preset_chosen)
        self.error = QLabel()
        self.error.setProperty("error", True)
        self.error.setWordWrap(True)
        self.error.hide()
        self.network = NetworkInspector()
        self.changed.connect(self._inspect)
        parts = (self.choice, self.summary, self.presets, self.form_place, self.network, _heading(tr("Run")), run, self.vary, self.error)
        fill_page(self, parts)
        numbers = (self.seed.valueChanged, self.members.valueChanged, self.limit.textChanged, self.episodes.textChanged)
        for signal in (*numbers, self.device.currentIndexChanged):
            signal.connect(lambda *_: self.changed.emit())
        self._chosen()

    @property
    def algorithm(self) -> Algorithm:
        return algorithms()[str(self.choice.currentData())]

    @property
    def form(self) -> ConfigForm:
        """The settings of the algorithm in use."""
        return self.forms[self.algorithm.name]

    @property
    def plans(self) -> bool:
        """Whether the algorithm is a planner, to which chance is nothing: seed and members do not apply."""
        return family(self.algorithm.name) == "planning"

    @property
    def chooses_device(self) -> bool:
        """Whether the algorithm may work elsewhere than on the processor."""
        return family(self.algorithm.name) in ("planning", "deep")

    def choose(self, name: str) -> None:
        """Switch to an algorithm by name."""
        self.choice.setCurrentIndex(self.choice.findData(name))

    def adopt(self, other: "AgentPanel") -> None:
        """Take over what is chosen and typed in another panel; settings at fault stay at their defaults."""
        self.presets.adopt(other.presets)
        for name, form in other.forms.items():
            self.choose(name)
            with suppress(ConfigError):
                self.form.set_value(form.value())
        self.choose(other.algorithm.name)
        self.seed.setValue(other.seed.value())
        self.members.setValue(other.members.value())
        self.vary.adopt(other.vary)
        self.limit.setText(other.limit.text())
        self.episodes.setText(other.episodes.text())
        self.filled = other.filled
        self._offer_presets()
        self.device.setCurrentText(other.device.currentText())
        self._inspect()

    def set_world(self, world: World, name: str = "") -> None:
        """Offer what suits the world of this library name; switch to an algorithm that does if the present one does not."""
        self.world, self.world_name = world, name
        model = self.choice.model()
        assert isinstance(model, QStandardItemModel)
        for name, algorithm in algorithms().items():
            item = model.item(self.choice.findData(name))
            reason = unsuitable(algorithm, world)
            item.setEnabled(reason is None)
            item.setToolTip(told(reason) if reason else tr(algorithm.summary))
        if unsuitable(self.algorithm, world):
            suiting = [name for name, algorithm in algorithms().items() if not unsuitable(algorithm, world)]
            usual = "q-learning" if world.finite else "dqn"
            self.choose(usual if usual in suiting else suiting[0])
        for form in self.forms.values():
            self._settle(form, world)
        self._offer_presets()
        self.network.set_world(world)
        self._inspect()

    def spec(self, world: World, name: str) -> RunSpec:
        """The run that is set up; ConfigError says which field is at fault, which is marked, too."""
        self.error.hide()
        try:
            config = self.form.value().model_dump(mode="json", exclude_defaults=True)
            varied, seeds = self.vary.values(), self.members.value()
            spec = RunSpec(
                world=world,
                world_name=name,
                algorithm=self.algorithm.name,
                config=config,
                seed=0 if self.plans else self.seed.value(),
                members=1 if self.plans else self._all_members,
                device=self.device.currentText() if self.chooses_device else "auto",
                steps=self._count(self.limit),
                episodes=None if self.plans else self._count(self.episodes),
                vary=repeated(varied, seeds),
            )
            spec.variants()
            return spec
        except ConfigError as error:
            self.error.setText(error.sentence)
            self.error.show()
            raise

    def show_spec(self, spec: RunSpec) -> None:
        """Set everything up as a run has it."""
        self.choose(spec.algorithm)
        self.form.set_value(spec.settings())
        self.seed.setValue(min(spec.seed, self.seed.maximum()))
        self.members.setValue(self.vary.put(spec))
        self.limit.setText(f"{spec.steps:,}" if spec.steps else "")
        self.episodes.setText(f"{spec.episodes:,}" if spec.episodes else "")
        self.filled = self._limits
        self.device.setCurrentText(spec.device)
        self.presets.keep_in(_known_as(spec.world, spec.world_name))

    def _count(self, limit: QLineEdit) -> int | None:
        text = limit.text().strip()
        if not text:
            return None
        try:
            count = int(read_number(text, whole=True))
        except ValueError:
            count = 0
        if count < 1:
            number = tr("'{given}' is not a number of episodes") if limit is self.episodes else tr("'{given}' is not a number of steps")
            raise ConfigError(number.format(given=limit.text()), where=limit.accessibleName(), remedy=tr("Write a number such as 50000"))
        return count

    def _preset_chosen(self, preset: Preset | None) -> None:
        """Let the run be as long as a preset says. Limits that a person typed only give way to those of a preset."""
        if preset is not None and preset.members is not None:
            self.members.setValue(preset.members)
        if self._limits == self.filled or (preset is not None and (preset.steps or preset.episodes)):
            self._limit_to(preset)
        self.changed.emit()

    @property
    def _limits(self) -> tuple[str, str]:
        return self.limit.text(), self.episodes.text()

    def _limit_to(self, preset: Preset | None) -> None:
        steps, episodes = (preset.steps, preset.episodes) if preset is not None else (None, None)
        self.filled = f"{steps:,}" if steps else "", f"{episodes:,}" if episodes else ""
        self.limit.setText(self.filled[0])
        self.episodes.setText(self.filled[1])

    def _offer_presets(self) -> None:
        filled = self.presets.show_for(self.algorithm, self.form, _known_as(self.world, self.world_name))
        if filled and self._limits == self.filled:
            self._limit_to(self.presets.base)

    def _edited(self) -> None:
        """A setting was changed by hand; one that was put back to the defaults takes a preset's limits with it."""
        self.presets.follow()
        if self.presets.base is None and self._limits == self.filled:
            self._limit_to(None)
        self.changed.emit()

    def _chosen(self) -> None:
        algorithm = self.algorithm
        if algorithm.name not in self.forms:
            form = self.forms[algorithm.name] = ConfigForm(algorithm.config)
            form.changed.connect(self._edited)
            self.form_place.addWidget(form)
            if self.world is not None:
                self._settle(form, self.world)
        for name, form in self.forms.items():
            form.setVisible(name == algorithm.name)
        self.summary.setText(tr(algorithm.summary))
        self.summary.setToolTip(algorithm.source)
        for field in (self.seed, self.members, self.episodes):
            self.run.setRowVisible(field, not self.plans)
        self.run.setRowVisible(self.device, self.chooses_device)
        self.vary.show_for(algorithm, self.members.value())
        self._offer_presets()
        if self._limits == self.filled:
            self._limit_to(self.presets.base)
        self._name_limit()
        self.changed.emit()

    def _settle(self, form: ConfigForm, world: World) -> None:
        """Tell a form what the world brings: its discount, and for games that they are seen as pictures."""
        form.set_inherited("discount", world.discount)
        form.set_given({"seen_as": "picture"} if is_game(world) else {})

    def _inspect(self) -> None:
        self.network.show_for(self.form, self._all_members)

    @property
    def _all_members(self) -> int:
        """As many seeds as are asked for, of each value that is tried."""
        try:
            return self.members.value() * count(self.vary.values())
        except ConfigError:
            return self.members.value()

    def _members_changed(self, *_: object) -> None:
        self.vary.tell_of(self.members.value())
        self.changed.emit()

    def _name_limit(self) -> None:
        """Steps for learners, backups for planners."""
        label = self.run.labelForField(self.limit)
        assert isinstance(label, QLabel)
        title, tip = tr("Step limit"), tr("The run ends by itself after this many steps of every member. Empty: the algorithm's own limit.")
        if self.plans:
            title, tip = tr("Backup limit"), tr("Planning ends by itself after this many backups. Empty: when it is finished.")
        label.setText(title)
        self.limit.setAccessibleName(title)
        self.limit.setToolTip(tip)
        limit = f"{self.algorithm.limit:,}" if self.algorithm.limit else tr("until it is finished")
        self.limit.setPlaceholderText(tr("no limit") if self.episodes.text().strip() and not self.plans else limit)

    def _model(self) -> QStandardItemModel:
        model = QStandardItemModel(self)
        for group in FAMILIES:
            members = [algorithm for algorithm in algorithms().values() if family(algorithm.name) == group]
            if members:
                model.appendRow(heading_item(tr(FAMILY_TITLES[group])))
            for algorithm in members:
                item = QStandardItem(tr(algorithm.title))
                item.setData(algorithm.name, Qt.ItemDataRole.UserRole)
                model.appendRow(item)
        return model


def _known_as(world: World | None, name: str) -> str:
    """The name by which presets know a world: an environment's, wherever its document is."""
    return f"{GYM}{world.id}" if isinstance(world, GymWorld) else name


def _muted() -> QLabel:
    label = QLabel()
    label.setProperty("muted", True)
    label.setWordWrap(True)
    return label


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("heading", True)
    return label


def _spin(low: int, high: int, value: int, tip: str) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(low, high)
    spin.setValue(value)
    spin.setToolTip(tip)
    return spin
