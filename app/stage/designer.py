"""The views of a finite world, one or several side by side: whatever is edited in one is seen in all."""

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QSplitter, QToolButton, QVBoxLayout, QWidget

from app.document import OpenWorld
from app.icons import icon
from app.stage.arms_view import ArmsView
from app.stage.aside import NOTHING, Aside
from app.stage.graph.graph_view import GraphView
from app.stage.grid_editor import GridEditor
from app.stage.transitions.view import TransitionsView
from app.stage.values_view import ValuesView
from app.stage.view import View
from app.text import tr
from app.theme import theme
from core.learner import Snapshot
from core.worlds.mdp import FiniteMDP
from core.worlds.world import World

VIEWS: tuple[type[View], ...] = (GridEditor, GraphView, TransitionsView, ArmsView, ValuesView)
"""From left to right; the first that suits a world and is a good first view of it is shown."""


ICON = 16
NARROWEST = 235
"""Pixels that a view needs at a text scale of 1: three stand side by side on 1366 x 768, and at 1.5 on 1920 x 1080."""


class Designer(QWidget):
    """A button for each view that suits the world; those pressed are shown. `said` carries what the views say."""

    said = Signal(str)
    region_changed = Signal(object)
    """Other cells of a grid are selected: a `Region` or None."""
    changed = Signal()
    """Other views are shown."""

    def __init__(self, document: OpenWorld) -> None:
        super().__init__()
        self.views = {kind.name: kind(document) for kind in VIEWS}
        self.chosen: dict[str, list[str]] = {}
        self.world: World | None = None
        self.mdp: FiniteMDP | None = None
        self.snapshot: Snapshot | None = None
        self.aside = NOTHING
        self.bar = QWidget()
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(6, 4, 6, 2)
        row.setSpacing(2)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.room = Room(self.splitter)
        self.buttons: dict[str, QToolButton] = {}
        for name, view in self.views.items():
            button = QToolButton()
            button.setText(tr(view.title))
            button.setToolTip(tr(view.tip) + "\n" + tr("Press several of these to see them side by side."))
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.clicked.connect(lambda _checked=False, name=name: self.toggle(name))
            row.addWidget(button)
            self.buttons[name] = button
            view.said.connect(self.said)
            view.region_changed.connect(self.region_changed)
            self.splitter.addWidget(view)
            view.hide()
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self.room, 1)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def shown(self) -> list[str]:
        """Names of the views on show, from left to right."""
        return [name for name, view in self.views.items() if not view.isHidden()]

    def toggle(self, name: str) -> None:
        """Show a view or take it away; one always stays."""
        shown = [other for other in self.shown if other != name] if name in self.shown else [*self.shown, name]
        if shown and self.world is not None:
            self.chosen[self.world.kind] = shown
        self._show(shown or self.shown)
        self.room.keep_in_sight(self.views[name if name in shown else self.shown[0]])

    def set_world(self, world: World, mdp: FiniteMDP | None) -> None:
        """Show a finite world in the views last chosen for its kind; `mdp` is None where it does not compile yet."""
        begins, focused = self.world is None, QApplication.focusWidget()
        self.world, self.mdp, self.snapshot, self.aside = world, mdp, None, NOTHING
        suitable = [name for name, view in self.views.items() if view.suits(world, mdp)]
        for name, button in self.buttons.items():
            button.setVisible(name in suitable)
        self.bar.setVisible(len(suitable) > 1)
        first = next((name for name in suitable if self.views[name].prefers(world, mdp)), suitable[0])
        self._show([name for name in self.chosen.get(world.kind, []) if name in suitable] or [first])
        for name in self.shown:
            self.views[name].set_world(world, mdp)
        if begins or (focused is not None and focused in self.buttons.values() and focused.isHidden()):
            self.views[self.shown[0]].setFocus()

    def sketch(self, world: World) -> None:
        """Show an edit in those views on show that do not wait for the compiled world; `set_world` follows when hands rest."""
        self.world, self.mdp, self.snapshot, self.aside = world, None, None, NOTHING
        for name in self.shown:
            if not self.views[name].waits:
                self.views[name].set_world(world, None)

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        """Hand what is known to the views on show."""
        self.snapshot = snapshot
        for name in self.shown:
            self.views[name].set_snapshot(snapshot)

    def set_aside(self, aside: Aside) -> None:
        """Hand what is told beside the snapshot to the views on show."""
        self.aside = aside
        for name in self.shown:
            self.views[name].set_aside(aside)

    def point_at(self, state: int | None) -> None:
        """Mark a state for as long as somebody points at a term that came from it; None for none."""
        self.set_aside(replace(self.aside, pointed=state))

    def show_state(self, state: int) -> None:
        """Bring a state into view in the views on show."""
        for name in self.shown:
            self.views[name].show_state(state)

    def fit(self) -> None:
        """Show the whole world."""
        for name in self.shown:
            self.views[name].fit()

    def adopt(self, other: "Designer") -> None:
        """Show the same views with the same tools."""
        for name, view in self.views.items():
            view.adopt(other.views[name])
        self.choose(other.chosen)

    def choose(self, chosen: dict[str, list[str]]) -> None:
        """Show these views of each kind of world; those that do not suit it are left out."""
        self.chosen = {kind: list(names) for kind, names in chosen.items()}
        if self.world is not None:
            self.set_world(self.world, self.mdp)

    def _show(self, names: list[str]) -> None:
        """Show these; where the keyboard was in one that goes, it is in the first of them then."""
        focused = QApplication.focusWidget()
        same = names == self.shown
        lost = focused is not None and any(view.isAncestorOf(focused) for name, view in self.views.items() if name not in names)
        for name, view in self.views.items():
            appears = name in names and view.isHidden()
            view.setVisible(name in names)
            self.buttons[name].setChecked(name in names)
            if appears and self.world is not None and view.suits(self.world, self.mdp):
                view.set_world(self.world, self.mdp)
                view.set_snapshot(self.snapshot)
                view.set_aside(self.aside)
        if lost:
            self.views[self.shown[0]].setFocus()
        if not same:
            self.splitter.setSizes([self.splitter.width()] * len(self.views))
            self.room.updateGeometry()
        self.changed.emit()

    def _restyle(self) -> None:
        for view in self.views.values():
            view.setMinimumWidth(round(NARROWEST * theme.scale))
        for name, view in self.views.items():
            self.buttons[name].setIcon(icon(view.icon))
            self.buttons[name].setIconSize(QSize(ICON, ICON) * theme.scale)


class Room(QScrollArea):
    """Where views stand side by side: as wide as they need at least, so that several may reach beyond it, and are scrolled across."""

    def __init__(self, views: QSplitter) -> None:
        super().__init__()
        self.views = views
        self.setWidget(views)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._kept: QWidget | None = None
        self.horizontalScrollBar().rangeChanged.connect(self._keep, Qt.ConnectionType.QueuedConnection)  # once all have their places
        self.horizontalScrollBar().actionTriggered.connect(lambda _: self.keep_in_sight(None))

    def keep_in_sight(self, view: QWidget | None) -> None:
        """Scroll to a view, also once it has its place, until a person scrolls; None for none."""
        self._kept = view
        QTimer.singleShot(0, self, self._keep)

    def _keep(self) -> None:
        if self._kept is not None:
            self.ensureWidgetVisible(self._kept, 0, 0)

    def minimumSizeHint(self) -> QSize:
        """Room for one view."""
        high = self.views.minimumSizeHint().height() + self.horizontalScrollBar().sizeHint().height()
        return QSize(round(NARROWEST * theme.scale), high)
