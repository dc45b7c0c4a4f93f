"""One line of a form: label, editor, unit, and below them what is wrong."""

from html import escape
from typing import Any

from pydantic.fields import FieldInfo
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.forms.fields import Field, Kind, words
from app.forms.words import in_words
from app.numbers import exact
from app.text import tr
from app.theme import theme
from core.config import Config
from core.schedules import Schedule


class Row(QWidget):
    """Label and editor side by side, or one above the other where the form is narrow."""

    restored = Signal()
    """The person asked for this setting's default."""

    def __init__(self, name: str, info: FieldInfo, field: Field) -> None:
        super().__init__()
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        title = tr(info.title or name.replace("_", " ").capitalize())
        symbol, unit = str(extra.get("symbol") or ""), str(extra.get("unit") or "")
        self.name, self.field = name, field
        self.label = QLabel(f"{title} {symbol}".strip())
        self.label.setWordWrap(True)
        self.label.setBuddy(field)
        self.unit = QLabel(tr(unit))
        self.unit.setProperty("muted", True)
        self.unit.setVisible(bool(unit))
        self.error = QLabel()
        self.error.setProperty("error", True)
        self.error.setWordWrap(True)
        self.error.hide()
        self.back = QToolButton()
        self.back.setText("↺")
        self.back.setToolTip(tr("Back to the default: {value}", value=shown(info.get_default(call_default_factory=True))))
        self.back.setAccessibleName(tr("Back to the default"))
        self.back.setStyleSheet("QToolButton { padding: 0px 3px; }")
        self.back.hide()
        self.back.clicked.connect(self.restored)
        tip = tooltip(name, info)
        for widget in (self.label, field):
            widget.setToolTip(tip)
        field.editor.setAccessibleName(title)
        field.editor.setAccessibleDescription(tr(info.description or ""))
        self._head, self._tail = QWidget(), QWidget()
        head, tail = QHBoxLayout(self._head), QHBoxLayout(self._tail)
        for box, parts in ((head, (self.label, self.back)), (tail, (field, self.unit))):
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(6)
            box.addWidget(parts[0], 1)
            box.addWidget(parts[1], 0)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(2)
        self._line.addWidget(self._head, 42)
        self._line.addWidget(self._tail, 58)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self._line)
        layout.addWidget(self.error)
        self.stack(False)
        self._changed = False
        theme.changed.connect(self._restyle)

    def stack(self, stacked: bool) -> None:
        """Put the editor below its label."""
        below = self.field.wide or (stacked and not self.field.small)
        self._line.setDirection(QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight)
        across = QSizePolicy.Policy.Preferred if below else QSizePolicy.Policy.Ignored
        for part in (self._head, self._tail):
            part.setSizePolicy(across, QSizePolicy.Policy.Preferred)

    def say(self, fault: str) -> None:
        """Mark the setting with a sentence; empty takes the mark away."""
        self.error.setText(fault)
        self.error.setVisible(bool(fault))
        self.field.mark(bool(fault))

    def distinguish(self, changed: bool) -> None:
        """Mark whether the value differs from its default."""
        self._changed = changed
        self._restyle()
        self.back.setVisible(changed)

    def _restyle(self) -> None:
        """Another style sheet takes away what was set on a font."""
        font = self.label.font()
        font.setBold(self._changed)
        self.label.setFont(font)


def shown(value: Any) -> str:
    """A value in words, for a tooltip."""
    if value is None:
        return tr("automatic")
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, Schedule):
        return in_words(value.text())
    if isinstance(value, int | float):
        return exact(value)
    if isinstance(value, tuple):
        return ", ".join(shown(part) for part in value)
    if isinstance(value, Config):
        return type(value).__name__
    return words(value)


def tooltip(name: str, info: FieldInfo) -> str:
    """What a setting means, its bounds and default, and its name on the command line."""
    bounds = Kind.of(info.annotation, info.metadata).limits.words()
    facts = [tr("Default: {value}", value=shown(info.get_default(call_default_factory=True)))]
    if bounds:
        facts.insert(0, bounds[:1].upper() + bounds[1:])
    return f"<p>{escape(tr(info.description or ''))}</p><p>{'<br>'.join(escape(fact) for fact in facts)}<br><code>{escape(name)}</code></p>"
