"""What a person changes while a run goes on: taken up at once where a run can, else said to be for the next."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from app.conductor import Conductor
from app.forms.words import in_words
from app.numbers import short
from app.sentences import told
from app.text import tr
from core.errors import ConfigError
from core.registry import algorithm
from core.runs.spec import Change, RunSpec, unchangeable
from core.schedules import Schedule
from core.worlds.table import TableWorld
from core.worlds.world import World

REST = 300
"""Milliseconds after the last key before settings are taken up."""


class Changes(QObject):
    """Compares what is set with what the run has.

    Args:
        conductor: of the run.
        wanted: the spec as it is set now; ConfigError where a field is at fault.

    Attributes:
        running: the spec in force; None where there is no run.
        made: units of work before each change, and what it was.
    """

    said = Signal(str)
    taken_up = Signal()

    def __init__(self, conductor: Conductor, wanted: Callable[[], RunSpec]) -> None:
        super().__init__()
        self.conductor, self.wanted = conductor, wanted
        self.running: RunSpec | None = None
        self.made: list[tuple[int, str]] = []
        self.settle = QTimer(self)
        self.settle.setSingleShot(True)
        self.settle.setInterval(REST)
        self.settle.timeout.connect(self._consider)
        conductor.changed.connect(self._changed)
        conductor.taught.connect(self._taught)

    def begin(self, spec: RunSpec | None, made: Sequence[tuple[int, str]] = ()) -> None:
        """Another run with this spec in force, in which so much was changed before, or none."""
        self.settle.stop()
        self.running = spec
        self.made = list(made)

    def edited(self) -> None:
        """Settings were edited; they are looked at once typing rests."""
        if self.running is not None and self.conductor.status.active:
            self.settle.start()

    def takes_up(self, world: World) -> bool:
        """Hand an edited world to the run if it can go on in it; whether it does. Where states are drawn is nothing to a run."""
        if self.running is not None and _redrawn(self.running.world, world):
            return True
        if self.running is None or not self.conductor.status.active:
            return False
        after = self.running.model_copy(update={"world": world})
        try:
            reason = unchangeable(self.running, after)
        except ConfigError:
            return False
        if reason is None:
            self.running = after
            self.conductor.change(after.config, world, tr("Rules of the world"))
        return reason is None

    def back_to(self, units: int) -> None:
        """The run went on from a moment of the past: what was changed later is undone."""
        self.made = [change for change in self.made if change[0] <= units]

    def _consider(self) -> None:
        before = self.running
        if before is None or not self.conductor.status.active:
            return
        try:
            after = self.wanted()
        except ConfigError:
            return
        after = after.model_copy(update={"world": before.world, "world_name": before.world_name})
        if after == before:
            return
        elsewhere = after.model_copy(update={"config": before.config}) != before
        reason = None if elsewhere else unchangeable(before, after)
        if elsewhere or reason:
            why = told(reason) if reason else ""
            later = tr("The new settings are used by the next run: press Reset, then Train.")
            self.said.emit(f"{why[:1].upper()}{why[1:]}. {later}" if why else later)
            return
        self.running = after
        self.conductor.change(after.config, None, _what(before, after))

    def _changed(self, units: int, what: str, sentence: str) -> None:
        if sentence:
            self.said.emit(told(sentence))
            return
        self.made.append((units, what))
        self.said.emit(tr("The run goes on with the change: {what}", what=what))
        self.taken_up.emit()

    def _taught(self, units: int, total: float, sentence: str) -> None:
        if sentence:
            self.said.emit(told(sentence))
            return
        self.made.append((units, tr("Shown by you, return {value}", value=short(total))))
        self.said.emit(tr("The agent has learnt from your episode, return {value}", value=short(total)))
        self.taken_up.emit()


def named(change: Change) -> str:
    """What was done to a run that was kept."""
    if change.device is not None:
        return tr("On the processor from here on")
    return tr("Settings changed") if change.shown is None else tr("Shown by you, return {value}", value=short(change.shown.total))


def _what(before: RunSpec, after: RunSpec) -> str:
    """The settings that differ, with their new values."""
    old, new = before.settings(), after.settings()
    parts = []
    for name, info in algorithm(after.algorithm).config.model_fields.items():
        value = getattr(new, name)
        if value != getattr(old, name):
            shown = in_words(value.text()) if isinstance(value, Schedule) else tr("the world's own") if value is None else f"{value:g}"
            parts.append(f"{tr(info.title or name)} {shown}")
    return ", ".join(parts)


def _redrawn(one: World, other: World) -> bool:
    """Whether two tables differ at most in where their states are drawn."""
    return isinstance(one, TableWorld) and isinstance(other, TableWorld) and one.model_copy(update={"places": other.places}) == other
