"""What is done to the open world in its graph. Every edit is one step to undo; what cannot be is said in a sentence."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, Signal

from app.document import OpenWorld
from app.sentences import told
from app.stage.graph.drawing import Outcome, Pair
from app.stage.graph.outcome_text import parse
from app.text import tr
from core.errors import ValuescapeError, WorldError
from core.worlds import as_table, table_edits
from core.worlds.grid import GridWorld
from core.worlds.table import TableWorld, Transition
from core.worlds.world import World

Places = Mapping[str, tuple[float, float]]


class Editing(QObject):
    """Edits of the open world, which is shown as a table.

    Attributes:
        shown: the table on show: the open world itself, or what it compiles to.
        places: of every state on show.
    """

    said = Signal(str)
    needs_table = Signal()
    """The edit is one that only a table can take."""

    def __init__(self, document: OpenWorld) -> None:
        super().__init__()
        self.document = document
        self.shown: TableWorld | None = None
        self.places: Places = {}

    # States

    def add_state(self, place: tuple[float, float], source: str | Pair | None = None) -> str | None:
        """A new state, and an arrow to it from a state or an action if one is given; its name."""
        world = self._table()
        if world is None:
            return None
        name = _unused("s", world.states)

        def make() -> World:
            made = table_edits.with_state(self._settled(world), name, place)
            return made if source is None else self._linked(made, source, name)[0]

        return name if self._apply(make, tr("Add a state")) else None

    def rename_state(self, old: str, new: str) -> None:
        """Raises WorldError where the name is taken."""
        world = self._table()
        if world is not None:
            self.document.apply(table_edits.renamed_state(self._settled(world), old, new), tr("Rename state"))
            self.document.select([new])

    def move(self, places: Places) -> None:
        """Draw states elsewhere."""
        world = self._table()
        if world is not None:
            self._apply(lambda: table_edits.placed(self._settled(world), places), tr("Move states"))

    def start_in(self, state: str, probability: float | None = None, alone: bool = False) -> None:
        """Begin episodes in a state: there alone, with a probability (0 for never), or as often as in each other start."""
        world = self._table()
        if world is None:
            return
        others = {} if alone else {name: chance for name, chance in world.start.items() if name != state and chance > 0}
        share = 1 / (len(others) + 1) if probability is None else probability
        rest = sum(others.values())
        start = {name: chance / rest * (1 - share) for name, chance in others.items()}
        start |= {state: share if others else 1.0} if share > 0 else {}
        self._apply(
            lambda: table_edits.started(world, {name: chance for name, chance in start.items() if chance > 0}), tr("Change the start")
        )

    def start_anywhere(self) -> None:
        """Begin episodes in any state that has actions, each as often."""
        world = self._table()
        if world is not None:
            self._apply(lambda: table_edits.started(world, {}), tr("Change the start"))

    def end_in(self, states: Iterable[str]) -> None:
        """Make states terminal: their actions go, and nothing starts there."""
        world = self._table()
        if world is None:
            return
        over = set(states)
        rows = tuple(row for row in world.transitions if row.state not in over)
        start = {name: chance for name, chance in world.start.items() if name not in over}
        whole = sum(start.values())
        fields = {"transitions": rows, "start": {name: chance / whole for name, chance in start.items()} if whole > 0 else {}}
        self._apply(lambda: self._settled(world).model_copy(update=fields), tr("Make terminal"))

    # Actions and outcomes

    def link(self, state: str, following: str) -> Outcome | None:
        """A new action of a state, the first that it does not have yet, and where it leads; the new outcome."""
        world = self._table()
        if world is None:
            return None
        made, outcome = self._linked(self._settled(world), state, following)
        return outcome if self._apply(lambda: made, tr("Add an action")) else None

    def extend(self, pair: Pair, following: str) -> Outcome | None:
        """Another outcome of an action, with the probability that is left, if any; the new outcome."""
        if self.shown is None:
            return None
        rows = table_edits.outcomes(self.shown, *pair)
        row = Transition(state=pair[0], action=pair[1], next=following, probability=_left(rows))
        return (*pair, len(rows)) if self._put(pair, (*rows, row), tr("Add outcome")) else None

    def write(self, outcome: Outcome, text: str) -> None:
        """Change an outcome to what was typed; raises WorldError where that cannot be read."""
        if self.shown is not None:
            state, action, number = outcome
            rows = list(table_edits.outcomes(self.shown, state, action))
            rows[number] = parse(text, rows[number])
            self._put((state, action), rows, tr("Change outcome"))

    def normalise(self, pairs: Iterable[Pair]) -> None:
        """Divide probabilities by their sum, so that they add up to 1."""

        def make() -> World:
            world: World = self.document.world
            for state, action in pairs:
                assert self.shown is not None
                rows = table_edits.outcomes(table_edits.normalised(self.shown, state, action), state, action)
                world = as_table.with_outcomes(world, state, action, rows)
            return world

        self._apply(make, tr("Normalise"))

    def rename_action(self, pair: Pair, new: str) -> None:
        """Give an action another name everywhere; or, where there is an action of that name, take that one in this state."""
        world = self._table()
        if world is None:
            return
        if new in world.actions:
            self.take_action(pair, new)
        else:
            self.document.apply(table_edits.renamed_action(world, pair[1], new), tr("Rename action"))

    def take_action(self, pair: Pair, action: str) -> None:
        """Let another action, perhaps a new one, have these outcomes in this state."""
        world = self._table()
        if world is None or action == pair[1]:
            return
        if action not in world.actions:
            world = table_edits.with_action(world, action)
        if table_edits.outcomes(world, pair[0], action):
            raise WorldError(tr("{state} has the action {action} already", state=tr(pair[0]), action=tr(action)))
        rows = tuple(row.model_copy(update={"action": action}) if (row.state, row.action) == pair else row for row in world.transitions)
        self.document.apply(world.model_copy(update={"transitions": rows}), tr("Change action"))

    def delete(self, states: Iterable[str], pairs: Iterable[Pair], outcomes: Iterable[Outcome]) -> None:
        """Take away states with their arrows, actions with their outcomes, and single outcomes."""
        gone_states, gone_pairs, gone = set(states), set(pairs), set(outcomes)
        world = self.document.world
        if self.shown is None or not (gone_states or gone_pairs or gone):
            return
        if isinstance(world, GridWorld) and not gone_states:
            own = {(row.state, row.action) for row in world.transitions}
            if gone_pairs <= own:
                self._apply(lambda: self._trimmed(gone_pairs, gone), tr("Delete"))
                return
        table = self._table()
        if table is not None and self._apply(lambda: self._cut(table, gone_states, gone_pairs, gone), tr("Delete")):
            self.document.select(())

    # The whole

    def make_table(self, table: TableWorld) -> None:
        """Put the table on show in the place of a world that is none."""
        self._apply(lambda: table, tr("Make it a table"))

    def _cut(self, world: TableWorld, states: set[str], pairs: set[Pair], outcomes: set[Outcome]) -> World:
        world = self._settled(world)
        counts: dict[Pair, int] = {}
        kept = []
        for row in world.transitions:
            pair = row.state, row.action
            number = counts[pair] = counts.get(pair, -1) + 1
            if pair not in pairs and (*pair, number) not in outcomes:
                kept.append(row)
        world = world.model_copy(update={"transitions": tuple(kept)})
        for state in states:
            world = table_edits.without_state(world, state)
        return world

    def _trimmed(self, pairs: set[Pair], outcomes: set[Outcome]) -> World:
        """A grid whose pairs are back to its rules, or have fewer outcomes."""
        assert self.shown is not None
        world = self.document.world
        for pair in pairs | {outcome[:2] for outcome in outcomes}:
            rows = table_edits.outcomes(self.shown, *pair)
            left = [row for number, row in enumerate(rows) if pair not in pairs and (*pair, number) not in outcomes]
            world = as_table.with_outcomes(world, *pair, left)
        return world

    def _linked(self, world: TableWorld, source: str | Pair, following: str) -> tuple[TableWorld, Outcome]:
        if isinstance(source, tuple):
            rows = table_edits.outcomes(world, *source)
            row = Transition(state=source[0], action=source[1], next=following, probability=_left(rows))
            return table_edits.with_outcomes(world, *source, (*rows, row)), (*source, len(rows))
        used = {row.action for row in world.transitions if row.state == source}
        action = next((action for action in world.actions if action not in used), None)
        if action is None:
            action = _unused("a", world.actions)
            world = table_edits.with_action(world, action)
        row = Transition(state=source, action=action, next=following)
        return table_edits.with_outcomes(world, source, action, (row,)), (source, action, 0)

    def _put(self, pair: Pair, rows: Iterable[Transition], text: str) -> bool:
        """Other outcomes of an action; of a grid, too."""
        if not isinstance(self.document.world, TableWorld | GridWorld):
            self.needs_table.emit()
            return False
        return self._apply(lambda: as_table.with_outcomes(self.document.world, *pair, rows), text)

    def _settled(self, world: TableWorld) -> TableWorld:
        """With every state kept where it is on show, so that an edit does not lay out the others anew."""
        missing = {state: place for state, place in self.places.items() if state in world.states and state not in world.places}
        return table_edits.placed(world, missing) if missing else world

    def _table(self) -> TableWorld | None:
        """The open world, if it is a table; else the offer to make it one."""
        if isinstance(self.document.world, TableWorld):
            return self.document.world
        self.needs_table.emit()
        return None

    def _apply(self, make: Callable[[], World], text: str) -> bool:
        try:
            self.document.apply(make(), text)
        except ValuescapeError as error:
            self.said.emit(told(error.sentence))
            return False
        return True


def _left(rows: Iterable[Transition]) -> float:
    """The probability that is missing to 1; one half where none is."""
    left = 1 - sum(row.probability for row in rows)
    return round(left, 12) if left > 1e-9 else 0.5


def _unused(letter: str, names: Iterable[str]) -> str:
    taken = set(names)
    return next(name for number in range(len(taken) + 1) if (name := f"{letter}{number}") not in taken)
