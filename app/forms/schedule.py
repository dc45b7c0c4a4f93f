"""Edits a schedule: its shape, the numbers that the shape uses, and a picture of the value over time."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.forms.curve import Curve
from app.forms.fields import ChoiceField, Field, TextField, field_for
from app.sentences import told
from app.text import tr
from core.points import Points, ordered, read_points, write_points
from core.schedules import Clock, Kind, Schedule

USED = {
    Kind.constant: ("start",),
    Kind.linear: ("start", "end", "duration", "per"),
    Kind.exponential: ("start", "end", "duration", "per"),
    Kind.power: ("start", "end", "duration", "exponent", "per"),
    Kind.harmonic: (),
    Kind.piecewise: ("points", "per"),
}
"""What each shape looks at, in the order of the form."""


class PointsField(TextField):
    """Times and the values at them, such as 0:1, 5000:0.1."""

    def read(self, text: str) -> Points:
        try:
            return ordered(read_points(text.split(",")))
        except ValueError as error:
            raise ValueError(told(str(error)) + ".") from None

    def write(self, value: Any) -> str:
        return write_points(value)


class ScheduleEditor(QWidget):
    """A constant takes one line; the other shapes show their numbers in two columns and a picture.

    Args:
        visits: offer what counts visits.
    """

    edited = Signal()

    def __init__(self, visits: bool = True) -> None:
        super().__init__()
        infos = Schedule.model_fields
        self.shapes = ChoiceField([kind for kind in Kind if visits or kind is not Kind.harmonic])
        self.clocks = ChoiceField([clock for clock in Clock if visits or clock is not Clock.visit])
        self.points = PointsField()
        chosen: dict[str, Field] = {"kind": self.shapes, "per": self.clocks, "points": self.points}
        self.fields = {name: chosen.get(name) or field_for(info) for name, info in infos.items()}
        if visits:
            self._explain_harmonic()
        self.labels = {name: QLabel(tr(info.title or name)) for name, info in infos.items()}
        self.curve = Curve()
        self._shown: Kind | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)
        for name, field in self.fields.items():
            self.labels[name].setProperty("muted", True)
            self.labels[name].setBuddy(field)
            for widget in (self.labels[name], field):
                widget.setToolTip(f"<p>{tr(infos[name].description or '')}</p>")
            field.editor.setAccessibleName(tr(infos[name].title or name))
            field.edited.connect(self._edited)
        self.setFocusProxy(self.fields["kind"])
        self.put(Schedule())

    @property
    def kind(self) -> Kind:
        """The shape that is chosen."""
        return Kind(self.fields["kind"].get())

    def get(self) -> dict[str, Any]:
        """The fields as typed, those that the shape does not use as they were last in order; ValueError names the one at fault."""
        values: dict[str, Any] = {"kind": self.kind}
        fault = ""
        for name in (*USED[Kind.power], "points"):
            field = self.fields[name]
            try:
                values[name] = field.get()
                field.mark(False)
            except ValueError as error:
                used = name in USED[self.kind]
                field.mark(used)
                fault = fault or (f"{self.labels[name].text()}: {error}" if used else "")
        if fault:
            raise ValueError(fault)
        return values if self.kind is Kind.piecewise else values | {"points": ()}

    def put(self, schedule: Schedule) -> None:
        """Show a schedule."""
        for name, field in self.fields.items():
            value = getattr(schedule, name)
            field.put(value if field is not self.clocks or value in self.clocks.choices else Clock.step)
            field.mark(False)
        self._arrange()
        self.curve.show_schedule(schedule)

    def _edited(self) -> None:
        if self.kind is not self._shown and self.kind is Kind.piecewise and not self.points.line.text():
            self._begin_with_what_was_shown()
        self._arrange()
        try:
            self.curve.show_schedule(Schedule.model_validate(self.get()))
        except ValueError:
            self.curve.show_schedule(None)
        self.edited.emit()

    def _begin_with_what_was_shown(self) -> None:
        """Two points of the shape that was chosen before, to be edited."""
        if (shown := self.curve.schedule) is not None:
            self.points.put(tuple((time, float(f"{shown.value(time):.2g}")) for time in (0.0, shown.duration)))

    def _explain_harmonic(self) -> None:
        place = self.shapes.choices.index(Kind.harmonic)
        self.shapes.combo.setItemText(place, "1/N(s, a)")
        self.shapes.combo.setItemData(place, tr("One over the visits so far: values are means."), Qt.ItemDataRole.ToolTipRole)

    def _arrange(self) -> None:
        """Lay out what the shape uses."""
        kind = self.kind
        if kind is self._shown:
            return
        self._shown = kind
        for widget in (*self.fields.values(), *self.labels.values(), self.curve):
            self._grid.removeWidget(widget)
            widget.setParent(self)
            widget.hide()
        plain = kind is Kind.constant
        self.labels["start"].setText(tr("Value") if plain else tr("Start"))
        self._grid.addWidget(self.fields["kind"], 0, 0, 1, 1 if plain else 2)
        self.fields["kind"].show()
        place = 0
        for name in USED[kind]:
            row, column = (0, 1) if plain else (1 + 2 * (place // 2), place % 2)
            whole = column == 0 and name in ("points", "per")
            place += 2 if whole else 1
            if not plain:
                self._grid.addWidget(self.labels[name], row, column)
                self.labels[name].show()
            self._grid.addWidget(self.fields[name], row if plain else row + 1, column, 1, 2 if whole else 1)
            self.fields[name].show()
        if not plain:
            self._grid.addWidget(self.curve, 7, 0, 1, 2)
            self.curve.show()
        self.updateGeometry()


class ScheduleField(Field):
    """A value over time."""

    wide = True

    def __init__(self, visits: bool = True) -> None:
        self.schedule = ScheduleEditor(visits)
        super().__init__(self.schedule)
        self.schedule.edited.connect(self.edited)

    def get(self) -> dict[str, Any]:
        return self.schedule.get()

    def put(self, value: Any) -> None:
        self.schedule.put(value)

    def mark(self, wrong: bool) -> None:
        """The editor marks the number at fault itself."""
