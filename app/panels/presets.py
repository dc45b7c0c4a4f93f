"""Which preset the settings of an algorithm are, and the list to choose one from. A world that has a usual one begins with it."""

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.forms.fields import NoWheel
from app.forms.form import ConfigForm
from app.panels.library import title_of
from app.panels.page import heading_item
from app.text import language, tr
from app.theme import theme
from core.config import Config
from core.errors import ConfigError
from core.presets import Preset, names, preset, usual
from core.registry import Algorithm
from core.worlds.library import library_world

NAME = Qt.ItemDataRole.UserRole
LINK = "preset:"
DEFAULTS, OWN = "", "*"
"""What stands for a preset's name where none is chosen: settings as shipped, and settings that a person changed."""


def worded(found: Preset, field: str) -> str:
    """A preset's title, description or deviations in the language in use."""
    return str((getattr(found, f"{field}_ko") if language() == "ko" else "") or getattr(found, field))


class PresetChoice(QWidget):
    """A list of presets that fills a form. What the person typed stays in the list as "Own settings" when another is chosen.

    `chosen` carries the preset that was filled in, or that the person's own settings were changed from; None for the shipped defaults.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.algorithm: Algorithm | None = None
        self.form: ConfigForm | None = None
        self.world = ""
        self.last: dict[str, str] = {}
        """The preset chosen last, by algorithm."""
        self.own: dict[str, tuple[Config, str]] = {}
        """What the person set, and the preset it was changed from, by algorithm."""
        self.entered: dict[str, str] = {}
        """The world for which an algorithm's settings were seen to, by algorithm."""
        self.picked: dict[tuple[str, str], str] = {}
        """The preset chosen last, by algorithm and world."""
        self.combo = QComboBox()
        self.combo.setAccessibleName(tr("Preset"))
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(8)
        self.combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._still = NoWheel(self)
        self.combo.installEventFilter(self._still)
        self.combo.activated.connect(self._choose)
        label = QLabel(tr("Preset"))
        label.setBuddy(self.combo)
        self.note = QLabel()
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.RichText)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard)
        self.note.linkActivated.connect(lambda name: self._use(name.removeprefix(LINK)))
        line = QHBoxLayout()
        line.addWidget(label)
        line.addWidget(self.combo, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.note)
        theme.changed.connect(self._restyle)

    @property
    def current(self) -> str:
        """The preset that the settings are, else `DEFAULTS` or `OWN`."""
        return str(self.combo.currentData())

    @property
    def base(self) -> Preset | None:
        """The preset that the settings are or were changed from; None: the shipped defaults."""
        assert self.algorithm is not None
        last = self.last.get(self.algorithm.name, DEFAULTS)
        return preset(last) if last else None

    def show_for(self, algorithm: Algorithm, form: ConfigForm, world: str) -> bool:
        """Offer an algorithm's presets, those for the open world first; hidden where there is none.

        On entering a world the form gets the preset that was chosen there before, else the usual one, unless the person's own settings
        stand there. Where the usual one of the world before stood, it gives way to the defaults.

        Returns:
            Whether the form was filled.
        """
        self.algorithm, self.form, self.world = algorithm, form, world
        before = self.entered.get(algorithm.name)
        filled = before != world and self._enter(before)
        self.follow()
        return filled

    def keep_in(self, world: str) -> None:
        """Take what the form shows for what belongs to a world that is about to be entered."""
        assert self.algorithm is not None
        self.entered[self.algorithm.name] = world
        self.follow()

    @property
    def usual(self) -> str | None:
        """The preset with which the algorithm begins in the open world."""
        assert self.algorithm is not None
        return usual(self.algorithm.name, self.world)

    def _enter(self, before: str | None) -> bool:
        assert self.algorithm is not None and self.form is not None
        learner = self.algorithm.name
        self.entered[learner] = self.world
        name = self._name_of(self._typed())
        if name == OWN:
            return False
        left = before is not None and name == usual(learner, before)
        wanted = self.picked.get((learner, self.world), self.usual or (DEFAULTS if left else name))
        if wanted == name:
            return False
        self.last[learner] = wanted
        self.form.set_value(preset(wanted).settings() if wanted else self.algorithm.config())
        return True

    def follow(self) -> None:
        """Find out again which preset the form shows."""
        assert self.algorithm is not None and self.form is not None
        typed = self._typed()
        name = self._name_of(typed)
        if name != OWN:
            self.last[self.algorithm.name] = name
        elif typed is not None:
            self.own[self.algorithm.name] = typed, self.last.get(self.algorithm.name, DEFAULTS)
        self._fill(name)
        self._tell()

    def adopt(self, other: "PresetChoice") -> None:
        """Take over what is chosen and typed in another list."""
        self.last, self.own, self.entered, self.picked = dict(other.last), dict(other.own), dict(other.entered), dict(other.picked)

    def _typed(self) -> Config | None:
        """What the form holds, unless something in it is at fault."""
        assert self.form is not None
        try:
            return self.form.value()
        except ConfigError:
            return None

    def _offered(self) -> list[str]:
        """The algorithm's presets: for the open world, for any, for others."""
        assert self.algorithm is not None
        found = [name for name in names() if preset(name).algorithm == self.algorithm.name]
        return sorted(found, key=lambda name: (self._suits(name), name))

    def _suits(self, name: str) -> int:
        world = preset(name).world
        return 0 if world == self.world else 1 if world is None else 2

    def _name_of(self, typed: Config | None) -> str:
        """Which preset settings are. The one chosen last comes first, since two may set the same."""
        assert self.algorithm is not None
        if typed is None:
            return OWN
        last = self.last.get(self.algorithm.name, DEFAULTS)
        known = {DEFAULTS: self.algorithm.config()} | {name: preset(name).settings() for name in self._offered()}
        return next((name for name in (last, *known) if known.get(name) == typed), OWN)

    def _fill(self, current: str) -> None:
        assert self.algorithm is not None
        model = QStandardItemModel(self.combo)
        if current == OWN or self.algorithm.name in self.own:
            model.appendRow(_item(tr("Own settings"), OWN, tr("What you set yourself.")))
        model.appendRow(_item(tr("Shipped defaults"), DEFAULTS, tr("Every setting as the algorithm comes.")))
        headings = (tr("For this world"), tr("For every world"), tr("For other worlds"))
        before = None
        for name in self._offered():
            if (group := self._suits(name)) != before:
                model.appendRow(heading_item(headings[group]))
                before = group
            model.appendRow(_item(worded(preset(name), "title"), name, _tip(preset(name))))
        self.combo.setModel(model)
        self.combo.setCurrentIndex(self.combo.findData(current))
        self.combo.view().setMinimumWidth(self.combo.view().sizeHintForColumn(0) + 24)
        self.setVisible(bool(self._offered()))

    def _tell(self) -> None:
        """Beneath the list: where the settings are not what its name promises, or what else there is."""
        assert self.algorithm is not None
        base, lines = self.base, []
        found = base if self.current != OWN else None
        if found is not None:
            if found.world not in (None, self.world):
                lines.append(tr("Meant for {world}.", world=title_of(library_world(found.world or ""))))
            if found.deviates:
                lines.append(tr("Not as in its source: {what}", what=worded(found, "deviates")))
        elif self.current == OWN:
            lines.append(tr("Changed from “{preset}”.", preset=worded(base, "title") if base else tr("Shipped defaults")))
        said = " ".join(lines)
        self.note.setText(" ".join(filter(None, (escape(said), self._offer()))))
        self.note.setVisible(bool(self.note.text()))
        self.combo.setToolTip(self.combo.currentData(Qt.ItemDataRole.ToolTipRole))
        self.combo.setAccessibleDescription(worded(found, "description") if found else said)

    def _restyle(self) -> None:
        """Lay the note out anew: a link keeps the colour that it was laid out in."""
        said = self.note.text()
        self.note.clear()
        self.note.setText(said)

    def _offer(self) -> str:
        """A link to the world's usual preset, or from it to the defaults; empty where there is none."""
        if self.usual is None:
            return ""
        if self.current == self.usual:
            return f'{escape(tr("Chosen for this world."))} <a href="{LINK}{DEFAULTS}">{escape(tr("Use the shipped defaults"))}</a>'
        title = worded(preset(self.usual), "title")
        return f'<a href="{LINK}{self.usual}">{escape(tr("Use “{preset}”, made for this world", preset=title))}</a>'

    def _choose(self, row: int) -> None:
        self._use(str(self.combo.itemData(row)))

    def _use(self, name: str) -> None:
        """Fill the form with a preset, the defaults or what the person set."""
        assert self.algorithm is not None and self.form is not None
        if name == OWN:
            config, base = self.own.get(self.algorithm.name, (None, DEFAULTS))
            if config is None:
                return
        else:
            config, base = preset(name).settings() if name else self.algorithm.config(), name
            self.picked[self.algorithm.name, self.world] = name
        self.last[self.algorithm.name] = base
        self.form.set_value(config)
        self._fill(name)
        self._tell()
        self.chosen.emit(self.base)


def _tip(found: Preset) -> str:
    lines = [worded(found, "description")]
    if found.deviates:
        lines.append(tr("Not as in its source: {what}", what=worded(found, "deviates")))
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _item(text: str, name: str, tip: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setData(name, NAME)
    item.setToolTip(tip)
    return item
