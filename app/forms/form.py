"""A form from any configuration: label, editor, unit, tooltip and check of every field come from its declaration."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from app.forms.fields import KINDS, Field, Kind, field_for
from app.forms.row import Row, shown
from app.forms.schedule import ScheduleField
from app.forms.section import Section
from app.forms.shown import ShownField
from app.sentences import told
from app.text import tr
from app.theme import theme
from core.config import Config, build, matters, sections
from core.deep.engine.brought import Layers
from core.errors import ConfigError
from core.schedules import Bounds, Schedule

NARROW = 26
"""Below so many characters of width, editors stand below their labels."""


class ConfigForm(QWidget):
    """Edits one `Config`; a field at fault is marked with a sentence, a field changed from its default with bold type.

    Many settings stand under headings, which say how many are changed where they are folded.

    Args:
        model: which configuration.
        inner: part of another form, without a button of its own.
    """

    changed = Signal()
    """The person changed something; what is typed may be at fault."""

    def __init__(self, model: type[Config], parent: QWidget | None = None, *, inner: bool = False) -> None:
        super().__init__(parent)
        self.model = model
        self.rows: dict[str, Row] = {}
        self.sections: dict[str, Section] = {}
        self._plain = model()
        self._given: dict[str, Any] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self._places = sections(model)
        for section, names in self._places.items():
            lines = layout
            if section:
                self.sections[section] = Section(section, tr(section))
                layout.addWidget(self.sections[section])
                lines = self.sections[section].lines
            for name in names:
                lines.addWidget(self._row(name))
        self.defaults = QPushButton(tr("Reset to defaults"))
        self.defaults.setToolTip(tr("Put every setting back to what it was at first."))
        self.defaults.clicked.connect(self.reset)
        self.defaults.setVisible(not inner)
        layout.addWidget(self.defaults)
        layout.addStretch(1)
        theme.changed.connect(self._reflow)
        self.set_value(self._plain)

    def _row(self, name: str) -> Row:
        info = self.model.model_fields[name]
        row = self.rows[name] = Row(name, info, field_for(info))
        row.field.edited.connect(self._edited)
        row.restored.connect(lambda: self._restore(name))
        return row

    def value(self) -> Config:
        """The settings as typed; ConfigError names the field at fault. Every field at fault is marked."""
        values, faults = self._read()
        fault = ConfigError(faults[0][1].rstrip("."), where=faults[0][0]) if faults else None
        if fault is None:
            try:
                return build(self.model, values)
            except ConfigError as error:
                fault = ConfigError(told(error.what), where=error.where, remedy=error.remedy)
                self._say((error.where or "").partition(".")[0], fault.what)
        raise fault

    def set_value(self, config: Config) -> None:
        """Show settings; `changed` is not emitted."""
        for name, row in self.rows.items():
            row.field.put(getattr(config, name))
            row.say("")
        self._mark(config)

    def set_defaults(self, config: Config) -> None:
        """What fields are compared with and put back to, where that is not the declared default."""
        self._plain = config
        self._compare()

    def set_given(self, values: dict[str, Any]) -> None:
        """What is settled elsewhere, such as by the world: these settings are hidden, and others shown as if they had these values."""
        values = {name: value for name, value in values.items() if name in self.rows}
        if values != self._given:
            self._given = values
            self._compare()

    def set_inherited(self, name: str, value: Any) -> None:
        """What an empty field stands for, such as the world's own discount."""
        if name in self.rows:
            self.rows[name].field.inherit(tr("world's own: {value}", value=f"{value:.2f}" if round(value, 2) == value else shown(value)))

    def reset(self) -> None:
        """Back to the defaults."""
        self.set_value(self._plain)
        self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._reflow()

    def _reflow(self) -> None:
        stacked = self.width() < NARROW * QFontMetrics(self.font()).averageCharWidth()
        for row in self.rows.values():
            row.stack(stacked)

    def _restore(self, name: str) -> None:
        self.rows[name].field.put(getattr(self._plain, name))
        self._edited()

    def _read(self) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        values: dict[str, Any] = {}
        faults: list[tuple[str, str]] = []
        for name, row in self.rows.items():
            try:
                values[name] = row.field.get()
                row.say("")
            except ConfigError as error:
                faults.append((f"{name}.{error.where}", error.what))
                row.say("")
                self._open(name)
            except ValueError as error:
                faults.append((name, str(error)))
                row.say(str(error))
                self._open(name)
        return values, faults

    def _say(self, name: str, what: str) -> None:
        if name in self.rows:
            self.rows[name].say(what[:1].upper() + what[1:] + ("" if what.endswith(".") else "."))
            self._open(name)

    def _open(self, name: str) -> None:
        """A fault is not folded away."""
        for title, section in self.sections.items():
            if name in self._places[title]:
                section.open()

    def _edited(self) -> None:
        self._compare()
        self.changed.emit()

    def _compare(self) -> None:
        try:
            self._mark(self.value())
        except ConfigError:
            self._mark_readable()

    def _mark(self, config: Config) -> None:
        given = config.model_copy(update=self._given)
        looked_at = {name for name in self.rows if name not in self._given and matters(given, name)}
        for name, row in self.rows.items():
            row.distinguish(getattr(config, name) != getattr(self._plain, name))
            row.setVisible(name in looked_at)
        for title, section in self.sections.items():
            names = [name for name in self._places[title] if name in looked_at]
            changed = sum(getattr(config, name) != getattr(self._plain, name) for name in names)
            section.setVisible(bool(names))
            section.tell(tr("{count} changed", count=changed) if changed else "")
        self.defaults.setEnabled(config != self._plain)

    def _mark_readable(self) -> None:
        """While one setting is at fault, the others are compared as they are typed."""
        self.defaults.setEnabled(True)
        for name, row in self.rows.items():
            try:
                typed = row.field.get()
            except (ValueError, ConfigError):
                continue
            default = getattr(self._plain, name)
            row.distinguish((default.model_dump() if isinstance(default, Config) and isinstance(typed, dict) else default) != typed)


class ConfigField(Field):
    """Settings within settings, as a form with a line at its side."""

    wide = True

    def __init__(self, model: type[Config]) -> None:
        frame = QFrame()
        super().__init__(frame)
        self.form = ConfigForm(model, inner=True)
        self.form.changed.connect(self.edited)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(12, 2, 0, 2)
        layout.addWidget(self.form)
        self.setFocusProxy(next(iter(self.form.rows.values())).field)

    def get(self) -> Any:
        return self.form.value()

    def put(self, value: Any) -> None:
        self.form.set_value(value)

    def mark(self, wrong: bool) -> None:
        """The inner form marks the field at fault itself."""


def _config(kind: Kind) -> bool:
    return isinstance(kind.type, type) and issubclass(kind.type, Config)


def _schedule(kind: Kind) -> Field:
    bounds = next((part for part in kind.metadata if isinstance(part, Bounds)), None)
    return ScheduleField(visits=bounds is None or bounds.visits)


KINDS[:0] = [
    (lambda kind: _config(kind) and issubclass(kind.type, Layers), lambda _: ShownField()),
    (lambda kind: _config(kind) and issubclass(kind.type, Schedule), _schedule),
    (_config, lambda kind: ConfigField(kind.type)),
]
