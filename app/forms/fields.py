"""An editor for each kind of setting. `field_for` finds the one that fits; a new kind is one more entry in `KINDS`."""

import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from app.forms.limits import Limits
from app.numbers import exact
from app.text import tr
from app.theme import theme


class Field(QWidget):
    """One setting. `edited` when the person changes it; `wide` ones stand on lines of their own, `small` ones never."""

    edited = Signal()
    wide = False
    small = False

    def __init__(self, editor: QWidget) -> None:
        super().__init__()
        self.editor = editor
        layout: QBoxLayout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(editor)
        self.setFocusProxy(editor)

    def get(self) -> Any:
        """What is typed, for pydantic to check; ValueError with a sentence where it cannot even be read."""
        raise NotImplementedError

    def put(self, value: Any) -> None:
        """Show a value."""
        raise NotImplementedError

    def inherit(self, text: str) -> None:
        """Say what an empty field stands for."""

    def mark(self, wrong: bool) -> None:
        """Show or hide that what is typed is at fault."""
        self.editor.setStyleSheet(f"border: 1px solid {theme.colours.trap}; border-radius: 3px; padding: 2px;" if wrong else "")


class NoWheel(QObject):
    """Keeps the wheel for scrolling: a form that scrolls under the mouse must not change its settings."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


class FlagField(Field):
    """Yes or no."""

    small = True

    def __init__(self) -> None:
        self.box = QCheckBox()
        super().__init__(self.box)
        self.box.clicked.connect(self.edited)

    def get(self) -> bool:
        return self.box.isChecked()

    def put(self, value: Any) -> None:
        self.box.setChecked(bool(value))

    def mark(self, wrong: bool) -> None:
        """A tick is never at fault by itself."""


class ChoiceField(Field):
    """One of a few; with `optional`, the first choice is none."""

    def __init__(self, choices: Sequence[Any], optional: bool = False) -> None:
        self.combo = QComboBox()
        self.choices = [None, *choices] if optional else list(choices)
        super().__init__(self.combo)
        self.combo.addItems([tr("automatic") if choice is None else words(choice) for choice in self.choices])
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(4)
        self.combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._still = NoWheel(self)
        self.combo.installEventFilter(self._still)
        self.combo.activated.connect(self.edited)

    def get(self) -> Any:
        return self.choices[self.combo.currentIndex()]

    def put(self, value: Any) -> None:
        self.combo.setCurrentIndex(self.choices.index(value))

    def inherit(self, text: str) -> None:
        if self.choices[0] is None:
            self.combo.setItemText(0, text)


class TextField(Field):
    """A line of text; with `optional`, nothing stands for None."""

    def __init__(self, optional: bool = False) -> None:
        self.line = QLineEdit()
        self.optional = optional
        super().__init__(self.line)
        self.line.textEdited.connect(lambda _: self.edited.emit())
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if optional:
            self.line.setPlaceholderText(tr("automatic"))

    def get(self) -> Any:
        text = self.line.text().strip()
        return None if self.optional and not text else self.read(text)

    def put(self, value: Any) -> None:
        text = "" if value is None else self.write(value)
        self.line.setText(text)
        self.line.setCursorPosition(0)

    def read(self, text: str) -> Any:
        """The value of a text; ValueError with a sentence where it has none."""
        return text

    def write(self, value: Any) -> str:
        """The text of a value."""
        return str(value)

    def inherit(self, text: str) -> None:
        self.line.setPlaceholderText(text)


class NumberField(TextField):
    """A number; 1e-4 and 50,000 are understood. The arrow keys step through 1, 2, 5, 10 or by ones."""

    def __init__(self, whole: bool, limits: Limits, optional: bool = False) -> None:
        super().__init__(optional)
        self.whole, self.limits = whole, limits
        self.line.installEventFilter(self)

    def read(self, text: str) -> float:
        value = read_number(text, self.whole)
        if not self.limits.allow(value):
            raise ValueError(tr("Must be {bounds}.", bounds=self.limits.words()))
        return value

    def write(self, value: Any) -> str:
        return f"{int(value):,}" if 1e4 <= abs(value) < 1e12 and value == int(value) else exact(value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if event.key() == Qt.Key.Key_Up else -1)
            return True
        return super().eventFilter(watched, event)

    def _step(self, direction: int) -> None:
        try:
            value = read_number(self.line.text().strip(), self.whole)
        except ValueError:
            return
        new = stepped(value, direction, self.whole)
        if self.limits.allow(new):
            self.line.setText(self.write(new))
            self.edited.emit()


class NumbersField(TextField):
    """Numbers or names separated by commas."""

    def __init__(self, item: Any, limits: Limits) -> None:
        super().__init__()
        self.item, self.limits = item, limits

    def read(self, text: str) -> Any:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if self.item not in (int, float):
            return tuple(parts)
        values = tuple(read_number(part, self.item is int) for part in parts)
        if not all(self.limits.allow(value) for value in values):
            raise ValueError(tr("Each must be {bounds}.", bounds=self.limits.words()))
        return values

    def write(self, value: Any) -> str:
        return ", ".join(exact(part) if isinstance(part, float) else str(part) for part in value)


def read_number(text: str, whole: bool) -> float:
    """A number as people type it; ValueError with a sentence otherwise."""
    plain = text.replace("−", "-").replace("_", "").replace(" ", "")
    parts = plain.split(",")
    if len(parts) > 1 and all(len(part.partition(".")[0]) == 3 for part in parts[1:]):
        plain = "".join(parts)
    try:
        value = float(plain)
        if value != value or value in (float("inf"), float("-inf")):
            raise ValueError
    except ValueError:
        example = (
            tr("'{given}' is not a whole number.", given=text)
            if whole
            else tr("'{given}' is not a number. Write it like 0.1 or 1e-4.", given=text)
        )
        raise ValueError(example if text else tr("A number is missing here.")) from None
    if whole and value != int(value):
        raise ValueError(tr("'{given}' is not a whole number.", given=text))
    return int(value) if whole else value


def stepped(value: float, direction: int, whole: bool) -> float:
    """The next number up or down: 1, 2, 5, 10, ... on either side of zero, whole numbers below 10 by ones."""
    if whole and abs(value) < 10 and abs(value + direction) <= 10:
        return int(value + direction)
    grows = direction if value > 0 else -direction
    if value == 0:
        return 0.01 * direction
    size, ladder = abs(value), [factor * 10.0**power for power in range(-12, 13) for factor in (1, 2, 5)]
    near = [step for step in ladder if (step > size * 1.0001 if grows > 0 else step < size * 0.9999)]
    new = (min(near) if grows > 0 else max(near)) if near else size
    new = float(f"{new:g}") * (1 if value > 0 else -1)
    return int(new) if whole else new


def words(choice: Any) -> str:
    """A choice as a person reads it."""
    text = str(choice.value if isinstance(choice, Enum) else choice)
    return tr(text.replace("_", " ").replace("-", " ")) if isinstance(choice, str | Enum) else text


@dataclass(frozen=True)
class Kind:
    """A declared type taken apart: `type | None`, with pydantic's `metadata`."""

    type: Any
    optional: bool
    metadata: tuple[Any, ...]

    @property
    def limits(self) -> Limits:
        return Limits.of(self.metadata)

    @classmethod
    def of(cls, annotation: Any, metadata: Sequence[Any] = ()) -> "Kind":
        """Take off Annotated and Optional, however they are nested."""
        if get_origin(annotation) is Annotated:
            return cls.of(get_args(annotation)[0], (*metadata, *get_args(annotation)[1:]))
        if get_origin(annotation) in (Union, types.UnionType):
            options = [option for option in get_args(annotation) if option is not type(None)]
            inner = cls.of(options[0] if len(options) == 1 else str, metadata)
            return cls(inner.type, len(options) < len(get_args(annotation)), inner.metadata)
        return cls(annotation, False, tuple(metadata))


def _numbers(kind: Kind) -> Field:
    item = Kind.of(get_args(kind.type)[0]) if get_args(kind.type) else Kind.of(str)
    return NumbersField(item.type, item.limits)


def _is(*classes: type) -> Callable[[Kind], bool]:
    return lambda kind: isinstance(kind.type, type) and issubclass(kind.type, classes)


KINDS: list[tuple[Callable[[Kind], bool], Callable[[Kind], Field]]] = [
    (lambda kind: kind.type is bool and not kind.optional, lambda _: FlagField()),
    (lambda kind: kind.type is bool, lambda _: ChoiceField((True, False), optional=True)),
    (lambda kind: get_origin(kind.type) is Literal, lambda kind: ChoiceField(get_args(kind.type), kind.optional)),
    (_is(Enum), lambda kind: ChoiceField(list(kind.type), kind.optional)),
    (_is(int), lambda kind: NumberField(True, kind.limits, kind.optional)),
    (_is(float), lambda kind: NumberField(False, kind.limits, kind.optional)),
    (lambda kind: get_origin(kind.type) is tuple, _numbers),
    (lambda kind: True, lambda kind: TextField(kind.optional)),
]
"""What each kind of setting is edited with; the first that fits. Other modules put theirs in front."""


def field_for(info: FieldInfo) -> Field:
    """The editor that fits a declared field."""
    kind = Kind.of(info.annotation, info.metadata)
    return next(make for fits, make in KINDS if fits(kind))(kind)
