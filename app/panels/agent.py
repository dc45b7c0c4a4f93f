"""The agent: which algorithm, with which settings, from which seed, how many members, for how long, on which device."""

from contextlib import suppress

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from app.forms.fields import read_number
from app.forms.form import ConfigForm
from app.panels.page import fill_page
from app.sentences import told
from app.text import tr
from core.errors import ConfigError
from core.registry import FAMILIES, Algorithm, algorithms, family
from core.runs.session import MOST_MEMBERS, RunSpec, unsuitable
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
        self.device = QComboBox()
        self.device.addItems(DEVICES)
        self.device.setToolTip(tr("Where networks are trained and huge worlds planned. auto: CUDA, then MPS, then the processor."))
        run = self.run = QFormLayout()
        run.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        labels = (tr("Seed"), tr("Members"), tr("Step limit"), tr("Device"))
        for label, field in zip(labels, (self.seed, self.members, self.limit, self.device), strict=True):
            run.addRow(label, field)
            field.setAccessibleName(label)
        self.error = QLabel()
        self.error.setProperty("error", True)
        self.error.setWordWrap(True)
        self.error.hide()
        fill_page(self, (self.choice, self.summary, self.form_place, _heading(tr("Run")), run, self.error))
        for signal in (self.seed.valueChanged, self.members.valueChanged, self.limit.textChanged, self.device.currentIndexChanged):
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
        for name, form in other.forms.items():
            self.choose(name)
            with suppress(ConfigError):
                self.form.set_value(form.value())
        self.choose(other.algorithm.name)
        self.seed.setValue(other.seed.value())
        self.members.setValue(other.members.value())
        self.limit.setText(other.limit.text())
        self.device.setCurrentText(other.device.currentText())

    def set_world(self, world: World) -> None:
        """Offer what suits the world; switch to an algorithm that does if the present one does not."""
        self.world = world
        model = self.choice.model()
        assert isinstance(model, QStandardItemModel)
        for name, algorithm in algorithms().items():
            item = model.item(self.choice.findData(name))
            reason = unsuitable(algorithm, world)
            item.setEnabled(reason is None)
            item.setToolTip(told(reason) if reason else tr(algorithm.summary))
        if unsuitable(self.algorithm, world):
            suiting = [name for name, algorithm in algorithms().items() if not unsuitable(algorithm, world)]
            usual = "tabular" if world.finite else "deep"
            self.choose(next((name for name in suiting if family(name) == usual), suiting[0]))
        for form in self.forms.values():
            form.set_inherited("discount", world.discount)

    def spec(self, world: World, name: str) -> RunSpec:
        """The run that is set up; ConfigError says which field is at fault, which is marked, too."""
        self.error.hide()
        try:
            config = self.form.value().model_dump(mode="json", exclude_defaults=True)
            return RunSpec(
                world=world,
                world_name=name,
                algorithm=self.algorithm.name,
                config=config,
                seed=0 if self.plans else self.seed.value(),
                members=1 if self.plans else self.members.value(),
                device=self.device.currentText() if self.chooses_device else "auto",
                steps=self._steps(),
            )
        except ConfigError as error:
            self.error.setText(error.sentence)
            self.error.show()
            raise

    def _steps(self) -> int | None:
        text = self.limit.text().strip()
        if not text:
            return None
        try:
            steps = int(read_number(text, whole=True))
        except ValueError:
            steps = 0
        if steps < 1:
            what = tr("'{given}' is not a number of steps", given=self.limit.text())
            raise ConfigError(what, where=self.limit.accessibleName(), remedy=tr("Write a number such as 50000"))
        return steps

    def _chosen(self) -> None:
        algorithm = self.algorithm
        if algorithm.name not in self.forms:
            form = self.forms[algorithm.name] = ConfigForm(algorithm.config)
            form.changed.connect(self.changed)
            self.form_place.addWidget(form)
            if self.world is not None:
                form.set_inherited("discount", self.world.discount)
        for name, form in self.forms.items():
            form.setVisible(name == algorithm.name)
        self.summary.setText(tr(algorithm.summary))
        self.summary.setToolTip(algorithm.source)
        for field in (self.seed, self.members):
            self.run.setRowVisible(field, not self.plans)
        self.run.setRowVisible(self.device, self.chooses_device)
        self._name_limit()
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
        self.limit.setPlaceholderText(f"{self.algorithm.limit:,}" if self.algorithm.limit else tr("until it is finished"))

    def _model(self) -> QStandardItemModel:
        model = QStandardItemModel(self)
        for group in FAMILIES:
            members = [algorithm for algorithm in algorithms().values() if family(algorithm.name) == group]
            if members:
                heading = QStandardItem(tr(FAMILY_TITLES[group]))
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                font = heading.font()
                font.setBold(True)
                heading.setFont(font)
                model.appendRow(heading)
            for algorithm in members:
                item = QStandardItem(tr(algorithm.title))
                item.setData(algorithm.name, Qt.ItemDataRole.UserRole)
                model.appendRow(item)
        return model


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
