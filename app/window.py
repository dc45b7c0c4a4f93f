"""The window: library on the left, transport on top, stage in the middle, agent on the right, plots below."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QTabWidget, QVBoxLayout, QWidget

from app.actions import Actions
from app.counts import far
from app.dialogs.history import HistoryDialog
from app.docks import make_docks, reset_docks, scale_docks
from app.document import OpenWorld
from app.panels.agent import AgentPanel
from app.panels.compare import RunsPanel
from app.panels.explanation import ExplanationPanel
from app.panels.library import LibraryPanel, title_of
from app.panels.problems import Problems
from app.panels.slices import SlicesPage
from app.panels.status import StatusLine
from app.panels.timeline import TimelineBar
from app.panels.transport import Transport
from app.panels.world import WorldPanel
from app.picture import Picture, Status
from app.plots.plot_board import PlotBoard
from app.stage.play_bar import PlayBar
from app.stage.stage import Stage
from app.stage.table_view import ActionValueTable
from app.text import tr
from app.theme import theme
from core.errors import WorldError
from core.worlds.gym import GymWorld
from core.worlds.world import World

SIZE = QSize(1360, 860)


class Window(QMainWindow):
    """Lays out the views and hands them what there is to show. What to do is decided by `app.studio`.

    Args:
        document: the open world, which the stage edits.
        handlers: what each action does.
        closing: asked before the window closes.
    """

    dropped = Signal(Path)
    """A file was dropped on the window."""

    def __init__(self, document: OpenWorld, handlers: dict[str, Callable[[], object]], closing: Callable[[], bool]) -> None:
        super().__init__()
        self.document = document
        self.closing: Callable[[], bool] | None = closing
        self.picture: Picture | None = None
        self.turn = 0
        self.world_name = ""
        self.described = "", "step", "episode"
        self.expected = "step", "episode"
        self.actions_ = Actions(self, handlers)
        self.stage = Stage(document, self.actions_)
        self.library = LibraryPanel()
        self.agent = AgentPanel()
        self.world_panel = WorldPanel()
        self.explanation = ExplanationPanel()
        self.plots = PlotBoard()
        self.runs = RunsPanel()
        self.table = ActionValueTable()
        self.slices = SlicesPage()
        self.transport = Transport(self.actions_)
        self.status = StatusLine()
        self.problems = Problems(document, self)
        self.status.insertPermanentWidget(3, self.problems.button)
        self.inspector = QTabWidget()
        self.below = QTabWidget()
        for tabs in (self.inspector, self.below):
            tabs.setDocumentMode(True)
        self.inspector.addTab(self.agent, tr("Agent"))
        self.inspector.addTab(self.world_panel, tr("World"))
        self.inspector.addTab(self.explanation, tr("Update"))
        self.inspector.setTabToolTip(2, tr("The last update of the learner, term by term."))
        self.below.addTab(self.plots, tr("Plots"))
        self.below.addTab(self.table, tr("Action values"))
        self.below.setTabToolTip(1, tr("Q(s, a): what each action is expected to earn from each state on."))
        self.below.addTab(self.slices, tr("Slices"))
        self.below.addTab(self.runs, tr("Runs"))
        self.below.setTabToolTip(self.below.indexOf(self.runs), tr("Runs of before, to compare them in the plots and in a table."))
        self.runs.chosen.connect(self.plots.compare)
        self.below.setTabToolTip(2, tr("Values and best actions over two numbers of the observation."))
        self.timeline = TimelineBar(self.actions_)
        self.playing = PlayBar(self.actions_)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stage, 1)
        column.addWidget(self.playing)
        column.addWidget(self.timeline)
        self.setCentralWidget(centre)
        self.addToolBar(self.transport)
        self.setStatusBar(self.status)
        self.docks = make_docks(self, self.library, self.inspector, self.below)
        self.recent = QMenu(tr("Recent projects"), self)
        self.actions_.fill(self.menuBar(), {"View": [dock.toggleViewAction() for dock in self.docks]}, {"open_project": self.recent})
        self.stage.said.connect(self.status.hover.setText)
        self.stage.settled.connect(self._settled)
        self.stage.designer.region_changed.connect(self.world_panel.set_region)
        self.stage.designer.changed.connect(self._hide_double)
        for signal, name in ((document.stack.canUndoChanged, "undo"), (document.stack.canRedoChanged, "redo")):
            signal.connect(self.actions_[name].setEnabled)
        self.actions_["undo"].setEnabled(document.stack.canUndo())
        self.actions_["redo"].setEnabled(document.stack.canRedo())
        self.explanation.state_requested.connect(self._show_state)
        self.explanation.state_pointed.connect(self.stage.designer.point_at)
        theme.changed.connect(self.restyle)
        self.setAcceptDrops(True)
        self.resize(SIZE)
        self.reset_layout()
        self.restyle()

    def show_world(self, world: World, name: str) -> None:
        """Show another world, or the same after an edit; what stands around the stage follows when it is compiled."""
        self.world_name = name
        self.world_panel.set_world(world, self.document.original)
        self.stage.show_world(world)

    def steer(self) -> None:
        """Let the person play, or the agent again."""
        if isinstance(self.document.world, GymWorld):
            self.stage.play.steer()
        else:
            self.playing.steer(self.stage.designer.mdp)

    def _settled(self) -> None:
        """The world on the stage is compiled: bring what stands around it up to date."""
        world = self.document.world
        self.library.mark(self.world_name)
        self.agent.set_world(world, self.world_name)
        self.explanation.set_world(world)
        self.world_panel.tell()
        self.actions_["resize"].setEnabled(world.kind == "grid")
        mapped = isinstance(world, GymWorld) and not world.finite and world.screen is None
        self.below.setTabVisible(2, mapped)
        self.slices.set_world(world if isinstance(world, GymWorld) and mapped else None)
        self._hide_double()
        if world.finite:
            with suppress(WorldError):  # the stage has said it
                self.table.set_mdp(world.compile())

    def show_picture(self, picture: Picture, force: bool = False) -> None:
        """Show the newest on the stage; while training faster than eyes follow, the rest does in `show_measurements`.

        While the run holds still, its plots follow one a frame; all at once with `force`.
        """
        self.picture = picture
        self.stage.show_picture(picture)
        self.playing.show_frame(picture.viewer)
        if picture.viewer is not None and self.slices.isVisible():
            self.slices.show_frame(picture.viewer)
        running = self.transport.status is Status.running
        if picture.steady or force or not running:
            self._tell(picture)
        if force or not running:
            self.picture = None
            if force:
                self.plots.set_history(picture.history, picture.snapshot)
            else:
                self.plots.hold(picture.history, picture.snapshot, (picture.run, picture.position))
            self.plots.mark(picture.position.units if picture.position.past else None)
            self.table.set_snapshot(picture.snapshot)
            self.explanation.show_explanation(picture.explanation, picture.snapshot.counters.units > 0)

    def show_measurements(self) -> None:
        """Bring one of the views around the stage up to date, each in its turn: no frame draws everything."""
        picture = self.picture
        if picture is None:
            return
        self.turn = (self.turn + 1) % 4
        if self.turn % 2 and not picture.steady:
            self._tell(picture)
        if self.turn == 0 and self.table.isVisible():
            self.table.set_snapshot(picture.snapshot)
        elif self.turn == 2 and self.explanation.isVisible():
            self.explanation.show_explanation(picture.explanation, picture.snapshot.counters.units > 0)
        else:
            self.plots.follow(picture.history, picture.snapshot)

    def _tell(self, picture: Picture) -> None:
        """Show how far the run is."""
        self.status.show_picture(picture)
        self.timeline.show_position(picture.position)

    def _show_state(self, number: int) -> None:
        """Select a state, by its number, in every view and in the tables."""
        mdp = self.stage.designer.mdp
        if mdp is not None and number < mdp.states:
            self.document.select([str(mdp.state_names[number])])
            self.table.select_state(number)
            self.stage.designer.show_state(number)

    def show_history(self) -> None:
        """Every edit of the open world as a list."""
        shown = self.findChild(HistoryDialog)
        dialog = shown if shown is not None else HistoryDialog(self, self.document.stack)
        dialog.show()
        dialog.raise_()

    def adopt(self, other: "Window") -> None:
        """Take the place of another window: its size, layout, choices and what is typed in it."""
        self.resize(other.size())
        self.move(other.pos())
        self.restoreState(other.saveState())
        self.agent.adopt(other.agent)
        self.plots.adopt(other.plots)
        self.runs.adopt(other.runs)
        self.transport.set_speed(other.transport.speed)
        for tabs, others in ((self.inspector, other.inspector), (self.below, other.below)):
            tabs.setCurrentIndex(others.currentIndex())
        self.stage.designer.adopt(other.stage.designer)
        self.stage.play.adopt(other.stage.play)
        self.playing.adopt(other.playing, self.stage.designer.mdp)
        self.slices.adopt(other.slices)
        self.describe(*other.described)
        self.expect(*other.expected)

    def clear(self) -> None:
        """Forget the run."""
        self.picture = None
        self.stage.clear()
        self.playing.leave()
        self.slices.clear()
        self.plots.clear()
        self.table.set_snapshot(None)
        self.explanation.show_explanation(None)

    def follow(self, status: Status) -> None:
        """Show where the run is in its life."""
        self.transport.follow(status)
        self.status.follow(status)
        self.world_panel.follow(status)
        self.stage.play.tell(status)
        self.timeline.follow(status)

    def describe(self, device: str, unit: str, boundary: str) -> None:
        """Name what the learner counts and where it computes."""
        self.described = device, unit, boundary
        self.status.describe(device, unit, boundary)
        self.expect(unit, boundary)

    def expect(self, unit: str, boundary: str) -> None:
        """Name the next steps after what the learner in use, or the one chosen for the next run, counts."""
        self.expected = unit, boundary
        self.transport.set_unit(unit)
        self.timeline.describe(unit, boundary)
        self.actions_["step_far"].setText(far(boundary))

    def retitle(self, world: World, project: str, modified: bool) -> None:
        """Name the world and the project in the title, with the mark for unsaved changes."""
        self.setWindowTitle(" – ".join(filter(None, (f"{title_of(world)}[*]", project, "Valuescape"))))
        self.setWindowModified(modified)

    def restyle(self) -> None:
        """Follow a change of colours or text size."""
        scale_docks(self.docks)
        self.actions_.restyle()
        self.transport.follow(self.transport.status)
        self.stage.play.controls.refresh()
        self.expect(*self.expected)
        self.actions_["dark"].setChecked(theme.mode == "dark")
        self.actions_["korean"].setChecked(tr("Train") != "Train")

    def reset_layout(self) -> None:
        """Put every panel back where it was at first."""
        reset_docks(self, self.docks)

    def retire(self) -> None:
        """Close without asking: another window has taken over."""
        self.closing = None
        theme.changed.disconnect(self.restyle)
        self.close()
        self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.closing is None or self.closing():
            event.accept()
        else:
            event.ignore()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().urls() and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.dropped.emit(Path(event.mimeData().urls()[0].toLocalFile()))

    def _hide_double(self) -> None:
        """The action values stand below where states can be listed, unless they are on the stage."""
        staged = "values" in self.stage.designer.shown and self.stage.currentWidget() is self.stage.designer
        self.below.setTabVisible(1, self.document.world.finite and not staged)
