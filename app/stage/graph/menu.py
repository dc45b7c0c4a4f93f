"""The context menu of a graph: what can be done with what is selected."""

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QWidget

from app.stage.graph.drawing import Drawing, Pair, Part
from app.stage.graph.editing import Editing
from app.text import tr
from core.worlds.alignment import aligned, distributed
from core.worlds.table import TableWorld

Ask = Callable[[object], None]


def menu_of(
    parent: QWidget,
    part: Part | None,
    selection: list[str],
    drawing: Drawing,
    editing: Editing,
    ask: Ask,
    ask_start: Callable[[str], None],
    delete: Callable[[], None],
    add: Callable[[], None],
) -> QMenu:
    """The menu for a part under the mouse; None is empty ground."""
    menu = QMenu(parent)
    menu.setToolTipsVisible(True)

    def offer(text: str, tip: str, do: Callable[[], object], enabled: bool = True) -> None:
        action = menu.addAction(text)
        action.setToolTip(tip)
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked=False: do())

    if isinstance(part, str):
        _state(part, drawing, editing, ask, ask_start, offer)
    elif part is not None:
        _action(menu, part, drawing, editing, ask, offer)
    else:
        offer(tr("New state"), tr("A state without actions; draw arrows from its rim."), add)
        offer(tr("Start anywhere"), tr("Episodes start in any state that has actions, each as often."), editing.start_anywhere,
              bool(editing.shown and editing.shown.start))  # fmt: skip
    wrong = [pair for pair, node in drawing.nodes.items() if node.wrong]
    if wrong and not (isinstance(part, tuple) and part[:2] in wrong):
        offer(
            tr("Normalise all that do not add up"),
            tr("Divide the probabilities of each marked action by their sum."),
            lambda: editing.normalise(wrong),
        )
    if len(selection) > 1:
        menu.addSeparator()
        places = {state: editing.places[state] for state in selection}
        for text, do in (
            (tr("Align left"), lambda: editing.move(aligned(places, 0))),
            (tr("Align top"), lambda: editing.move(aligned(places, 1))),
            (tr("Distribute across"), lambda: editing.move(distributed(places, 0))),
            (tr("Distribute down"), lambda: editing.move(distributed(places, 1))),
        ):
            offer(text, tr("{count} selected states", count=len(selection)), do)
    if part is not None:
        menu.addSeparator()
        offer(tr("Delete") + "\tDel", tr("Take away what is selected; undo brings it back."), delete)
    return menu


def _state(state: str, drawing: Drawing, editing: Editing, ask: Ask, ask_start: Callable[[str], None], offer: Callable[..., None]) -> None:
    active = not drawing.states[state].terminal
    start = editing.shown.start if editing.shown is not None else {}
    starts = start.get(state, 0) > 0
    offer(tr("Rename …") + "\tEnter", tr("Another name for the state, everywhere."), lambda: ask(state))
    offer(tr("Start here only"), tr("Every episode starts in this state."), lambda: editing.start_in(state, alone=True),
          active and start != {state: 1.0})  # fmt: skip
    if starts:
        offer(tr("No start here"), tr("No episode starts in this state."), lambda: editing.start_in(state, 0.0), len(start) > 1)
    else:
        offer(tr("Start here, too"), tr("As often as in each other start on average."), lambda: editing.start_in(state), active)
    offer(
        tr("Start probability …"),
        tr("How many of all episodes start here; the other starts share the rest."),
        lambda: ask_start(state),
        starts,
    )
    offer(tr("Make terminal"), tr("Take away its actions: the episode ends here."), lambda: editing.end_in([state]), active)


def _action(menu: QMenu, part: tuple, drawing: Drawing, editing: Editing, ask: Ask, offer: Callable[..., None]) -> None:  # type: ignore[type-arg]
    pair: Pair = part[:2]
    if len(part) == 3:
        offer(tr("Edit outcome …") + "\tEnter", tr("Probability, reward: 0.7, +10"), lambda: ask(part))
    offer(
        tr("Rename action …"),
        tr("Another name for the action, everywhere; a name that there is takes that action here."),
        lambda: ask(pair),
    )
    if isinstance(editing.document.world, TableWorld):
        others = menu.addMenu(tr("Another action here"))
        free = [action for action in editing.document.world.actions if (pair[0], action) not in drawing.nodes]
        for action in free[:20]:
            others.addAction(tr(action)).triggered.connect(lambda _checked=False, action=action: editing.take_action(pair, action))
        others.setEnabled(bool(free))
    offer(tr("Normalise"), tr("Divide the probabilities of this action by their sum, so that they add up to 1."),
          lambda: editing.normalise([pair]), drawing.nodes[pair].wrong)  # fmt: skip
