"""Settings in which members differ: a line of values for each, and how many members that makes."""

from collections.abc import Sequence
from typing import Any

from pydantic.fields import FieldInfo
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit

from app.forms.row import shown
from app.forms.section import Section
from app.text import tr
from core.config import read_value
from core.errors import ConfigError
from core.learner import LearnerConfig
from core.registry import Algorithm
from core.runs.spec import RunSpec
from core.schedules import Schedule

EXAMPLES = {"learning_rate": "0.001; 0.0003; 0.0001", "epsilon": "0.1; linear(1, 0.05, 5000)", "discount": "0.9; 0.99"}


class VaryForm(Section):
    """A line for each setting that the algorithm's members may differ in; hidden where there is none.

    `edited` when the person typed. Every value is tried with as many members as are asked for.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__("Vary", tr("Members that differ"), opened=False, lasting=True)
        self.lines_of: dict[str, dict[str, QLineEdit]] = {}
        self.form = QFormLayout()
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.lines.addLayout(self.form)
        self.algorithm: Algorithm | None = None

    @property
    def typed(self) -> dict[str, QLineEdit]:
        """The lines of the algorithm in use, by setting."""
        return self.lines_of.get(self.algorithm.name, {}) if self.algorithm is not None else {}

    def show_for(self, algorithm: Algorithm, seeds: int) -> None:
        """Show the lines of this algorithm, each of whose values so many seeds will try."""
        self.algorithm = algorithm
        if algorithm.name not in self.lines_of:
            self.lines_of[algorithm.name] = {name: self._line(algorithm.config, name) for name in algorithm.config.varies}
        for learner, lines in self.lines_of.items():
            for line in lines.values():
                self.form.setRowVisible(line, learner == algorithm.name)
        self.setVisible(bool(algorithm.config.varies))
        self.tell_of(seeds)

    def tell_of(self, seeds: int) -> None:
        """Say how many members there will be."""
        try:
            values = self.values()
        except ConfigError as error:
            self.tell(error.sentence)
            return
        tried = count(values)
        self.tell(
            tr("{values} values × {seeds} seeds = {members} members", values=tried, seeds=seeds, members=tried * seeds) if values else ""
        )

    def values(self) -> dict[str, list[Any]]:
        """What was typed, by setting; ConfigError where lines have different numbers of values."""
        found = {name: [read_value(part) for part in line.text().split(";")] for name, line in self.typed.items() if line.text().strip()}
        if len({len(values) for values in found.values()}) > 1:
            counts = ", ".join(f"{line.accessibleName()}: {len(found[name])}" for name, line in self.typed.items() if name in found)
            raise ConfigError(tr("every line needs as many values ({counts})", counts=counts), where=tr("Members that differ"))
        return found

    def put(self, spec: RunSpec) -> int:
        """Show how members of a run differ; return how many seeds each value has."""
        seeds = seeds_each(list(spec.vary.values()), spec.members)
        for name, line in self.typed.items():
            line.setText("; ".join(written(value) for value in spec.vary.get(name, ())[::seeds]))
        return seeds

    def adopt(self, other: "VaryForm") -> None:
        """Take over what was typed for the algorithm in use."""
        for name, line in self.typed.items():
            line.setText(other.lines_of.get(self.algorithm.name if self.algorithm else "", {}).get(name, line).text())

    def _line(self, config: type[LearnerConfig], name: str) -> QLineEdit:
        info, line = config.model_fields[name], QLineEdit()
        line.setPlaceholderText(EXAMPLES.get(name, ""))
        line.setToolTip(tr("Values with ; between them. The members differ in this setting, in place of what stands above."))
        title = tr(info.title or name)
        line.setAccessibleName(title)
        line.textChanged.connect(lambda _: self.edited.emit())
        self.form.addRow(f"{title} {_symbol(info)}".strip(), line)
        return line


def count(values: dict[str, list[Any]]) -> int:
    """How many values each setting has; 1 where none differs."""
    return len(next(iter(values.values()))) if values else 1


def repeated(values: dict[str, list[Any]], seeds: int) -> dict[str, tuple[Any, ...]]:
    """The value of each member where so many seeds try each."""
    return {name: tuple(value for value in each for _ in range(seeds)) for name, each in values.items()}


def seeds_each(varied: Sequence[Sequence[Any]], members: int) -> int:
    """The largest number of members in a row that are alike everywhere."""
    if not varied:
        return members
    each = list(zip(*varied, strict=True))
    sizes = (size for size in range(members, 0, -1) if members % size == 0)
    return next(size for size in sizes if all(each[at] == each[at - at % size] for at in range(members)))


def written(value: Any) -> str:
    """A value as it is typed."""
    return value if isinstance(value, str) else value.text() if isinstance(value, Schedule) else shown(value)


def labels_of(spec: RunSpec) -> tuple[str, ...]:
    """What each member is called where members differ, such as "α 0.001"; none where they do not."""
    if not spec.vary:
        return ()
    infos = type(spec.settings()).model_fields
    names = {name: _symbol(infos[name]) or tr(infos[name].title or name) for name in spec.vary}
    return tuple(", ".join(f"{names[name]} {shown(getattr(each, name))}" for name in spec.vary) for each in spec.variants())


def _symbol(info: FieldInfo) -> str:
    extra = info.json_schema_extra
    return str(extra.get("symbol") or "") if isinstance(extra, dict) else ""
