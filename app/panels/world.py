"""The world in words: its title and description, and what of it can be changed in a form: rules of a grid, limits of a person's own
environment, how an agent meets a game.
"""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.counts import counted
from app.forms.form import ConfigForm
from app.panels.cells import CellsSection
from app.panels.chain_facts import chain_facts
from app.panels.library import description_of, title_of
from app.panels.page import fill_page
from app.picture import Status
from app.stage.stage import slow
from app.text import tr
from core.config import Config
from core.errors import ConfigError, WorldError
from core.worlds.grid import GridRules, GridWorld
from core.worlds.gym import GymWorld, Limits
from core.worlds.screen import Screen
from core.worlds.shapes import Region
from core.worlds.world import World

HELD = "This cannot change in the middle of a run: press Reset first."
LEARNT = "Clipped rewards and lost lives are settings of the agent."


class WorldPanel(QWidget):
    """Shows the open world; `edited` carries the world with what was changed in its form, once typing rests.

    Attributes:
        form, limits, game: of the rules of a grid, of the limits of an environment whose code is not gymnasium's, and of how an agent
            meets a game.
        active: whether a run goes on, or can: what it was begun with stays as it is.
    """

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.world: World | None = None
        self.original: World | None = None
        self.title = QLabel()
        self.title.setProperty("heading", True)
        self.title.setWordWrap(True)
        self.description = QLabel()
        self.description.setProperty("muted", True)
        self.description.setWordWrap(True)
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.cells = CellsSection()
        self.region: Region | None = None
        self.form, self.limits, self.game = self.forms = ConfigForm(GridRules), ConfigForm(Limits), ConfigForm(Screen)
        self.note = QLabel()
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        self.active = False
        self.settle = QTimer(self)
        self.settle.setSingleShot(True)
        self.settle.setInterval(250)
        self.settle.timeout.connect(self._edit)
        for form in self.forms:
            form.changed.connect(self.settle.start)
        fill_page(self, (self.title, self.description, self.facts, self.cells, self.note, *self.forms))

    def set_world(self, world: World, original: World) -> None:
        """Show a world, and mark the rules that differ from those it was opened with."""
        if original is not self.original:
            self.settle.stop()
        self.world, self.original = world, original
        self.title.setText(title_of(world))
        self.description.setText(description_of(world))
        self.description.setVisible(bool(self.description.text()))
        self.tell()
        self.set_region(self.region)
        shown = self._form(world)
        for form in self.forms:
            form.setVisible(form is shown)
        self._hold()
        if shown is not None and not self.settle.isActive() and _settings(shown, world) != self._typed(shown):
            shown.blockSignals(True)
            shown.set_value(_settings(shown, world))
            shown.blockSignals(False)
        if shown is not None and self._form(original) is shown:
            shown.set_defaults(_settings(shown, original))

    def set_region(self, region: Region | None) -> None:
        """Show what is said of the selected cells."""
        self.region = region
        self.cells.show_for(self.world if isinstance(self.world, GridWorld) else None, region)

    def tell(self) -> None:
        """Say how large the world is, as far as it is compiled."""
        if self.world is not None:
            self.facts.setText(_facts(self.world))

    def follow(self, status: Status) -> None:
        """A run goes on, or none: how an environment is met cannot change in its middle."""
        self.active = status.active
        self._hold()

    def _hold(self) -> None:
        """Let the form of an environment be filled in, or say why not."""
        for form in (self.limits, self.game):
            form.setEnabled(not self.active)
        shown = None if self.world is None else self._form(self.world)
        held = self.active and shown in (self.limits, self.game)
        self.note.setText(tr(HELD) if held else tr(LEARNT) if shown is self.game else "")
        self.note.setVisible(bool(self.note.text()))

    def flush(self) -> None:
        """Take what is being typed as an edit now."""
        if self.settle.isActive():
            self.settle.stop()
            self._edit()

    def _form(self, world: World) -> ConfigForm | None:
        """In which the world can be changed."""
        if isinstance(world, GridWorld):
            return self.form
        if not isinstance(world, GymWorld):
            return None
        return self.game if world.screen is not None else self.limits if world.source else None

    @staticmethod
    def _typed(form: ConfigForm) -> Config | None:
        try:
            return form.value()
        except ConfigError:
            return None

    def _edit(self) -> None:
        form = None if self.world is None else self._form(self.world)
        if form is None or self.world is None:
            return
        typed = self._typed(form)
        if typed is not None and typed != _settings(form, self.world):
            self.edited.emit(self.world.model_copy(update={"screen": typed} if isinstance(typed, Screen) else dict(typed)))


def _settings(form: ConfigForm, world: World) -> Config:
    """What a form would say of the world."""
    if isinstance(world, GymWorld) and world.screen is not None:
        return world.screen
    return form.model(**{name: getattr(world, name) for name in form.model.model_fields})


def _facts(world: World) -> str:
    if isinstance(world, GymWorld):
        lines = [world.id]
        if world.source:
            lines.append(tr("Code: {source}", source=world.source))
        if (screen := world.screen) is not None:
            lines.append(tr("Observation: the newest {stack} pictures, grey, {side} × {side}", stack=screen.stack, side=screen.side))
            lines.append(tr("{rate:g} steps a second in real time", rate=round(screen.rate, 1)))
        if world.observation:
            seen = [tr(quantity.name) + (f" [{tr(quantity.unit)}]" if quantity.unit else "") for quantity in world.observation]
            lines.append(tr("Observation: {seen}", seen=", ".join(seen)))
        if world.actions:
            lines.append(tr("Actions: {actions}", actions=", ".join(tr(action) for action in world.actions)))
        if world.solved is not None:
            lines.append(tr("Solved at a mean return of {value:g}", value=world.solved))
        return "\n".join(lines)
    if isinstance(world, GridWorld):
        return _grid_facts(world)
    states, actions = counted(len(world.states), "state"), counted(len(world.actions), "action")
    lines = [tr("{states}, {actions}, discount {discount:g}", states=states, actions=actions, discount=world.discount)]
    try:
        return "\n".join(lines + chain_facts(world.compile()))
    except WorldError:
        return lines[0]


def _grid_facts(world: GridWorld) -> str:
    """Cells that are no walls, sets of keys and states; a large world with keys tells its states once it is compiled."""
    cells = f"{world.rows} × {world.columns}"
    if slow(world) and "compiled" not in vars(world):
        return tr("{cells} cells", cells=cells)
    try:
        grid = world.compiled
    except WorldError:
        return tr("{cells} cells", cells=cells)
    if len(grid.held) > 1:
        return tr("{cells} cells, {sets} sets of keys, {states} states", cells=cells, sets=len(grid.held), states=f"{grid.mdp.states:,}")
    return tr("{cells} cells, {states} states", cells=cells, states=f"{grid.mdp.states:,}")
