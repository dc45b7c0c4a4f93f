"""Everything a person can do, once: menus, toolbar, shortcuts, command palette and help are made from this table."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from app.icons import icon
from app.text import tr


@dataclass(frozen=True)
class ActionSpec:
    """One thing to do.

    Attributes:
        name: what handlers are bound to.
        menu: the menu it stands in.
        text: in menus and the palette.
        tip: what it does, as a tooltip.
        shortcut: keys, or nothing.
        icon: name of its icon, or nothing.
        checkable: whether it is on or off.
        separated: whether a line goes before it in the menu.
    """

    name: str
    menu: str
    text: str
    tip: str
    shortcut: str = ""
    icon: str = ""
    checkable: bool = False
    separated: bool = False


ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("new", "File", "New grid world", "Start with an empty grid.", "Ctrl+N", "new"),
    ActionSpec("generate", "File", "New from template …", "Make a world from numbers: an empty grid of any size, a maze, a random world.",
               "Ctrl+Shift+N", "generate"),
    ActionSpec("open", "File", "Open world …", "Open a world that was saved to a file.", "Ctrl+O", "open"),
    ActionSpec("save", "File", "Save", "Save the project that is open, else the world, to its file.", "Ctrl+S", "save"),
    ActionSpec("save_as", "File", "Save world as …", "Save the world to another file.", "Ctrl+Shift+S"),
    ActionSpec("open_project", "File", "Open project …", "Open worlds, runs, layout and notes that were saved in one file.", "Ctrl+Alt+O",
               "project", separated=True),
    ActionSpec("save_project", "File", "Save project …",
               "Keep worlds, runs, layout and notes in one file, to hand in, send or take along.", "Ctrl+Alt+S", "save-project"),
    ActionSpec("close_project", "File", "Close project", "Go on without it; the world and the run on the stage stay."),
    ActionSpec("import_world", "File", "Import …", "Open what another program made: maps, arrays, pictures, policies.", "Ctrl+I",
               separated=True),
    ActionSpec("open_environment", "File", "Open environment …", "Open a gymnasium environment of your own, from a file or a module.",
               "", "gym"),
    ActionSpec("export_world", "File", "Export …", "Write the world for another program, or as a gymnasium environment.", "Ctrl+E"),
    ActionSpec("export_picture", "File", "Export picture …", "Keep the drawing on the stage as PNG, SVG or PDF.", "Ctrl+Shift+E"),
    ActionSpec("export_animation", "File", "Export animation …", "Keep the whole of the learning as GIF or MP4."),
    ActionSpec("kept_runs", "File", "Runs …", "Every run that was kept: find, open, compare, note, export or delete them.", "Ctrl+L",
               separated=True),
    ActionSpec("open_run", "File", "Open run …", "Go on with a run that was kept in a folder.", "Ctrl+Shift+O"),
    ActionSpec("save_run", "File", "Save run …", "Keep what was learnt in a folder."),
    ActionSpec("keep_runs", "File", "Keep runs automatically",
               "Every minute of training, when it holds still, and as the studio closes; the newest 50 are kept.", checkable=True),
    ActionSpec("quit", "File", "Quit", "Close the studio.", "Ctrl+Q", separated=True),
    ActionSpec("undo", "Edit", "Undo", "Take back the last edit of the world.", "Ctrl+Z", "undo"),
    ActionSpec("redo", "Edit", "Redo", "Do again what was taken back.", "Ctrl+Shift+Z", "redo"),
    ActionSpec("history", "Edit", "History …", "Every edit as a list: go back to any of them.", "Ctrl+H", "history"),
    ActionSpec("problems", "Edit", "Problems …", "What is wrong with the world as it is drawn, and how to mend it.", "Ctrl+P"),
    ActionSpec("resize", "Edit", "Resize grid …", "Change the number of rows and columns.", separated=True),
    ActionSpec("copy_text", "Edit", "Copy world as text", "Put the whole world on the clipboard: a grid as rows of signs.", "Ctrl+Shift+C",
               separated=True),
    ActionSpec("paste_text", "Edit", "New world from clipboard", "Open a world that was copied as text.", "Ctrl+Shift+V"),
    ActionSpec("train", "Run", "Train", "Start to learn, pause, or go on.", "F5", "train"),
    ActionSpec("step", "Run", "Step", "One step of learning: a transition, or the backup of one state.", "F10", "step"),
    ActionSpec("step_far", "Run", "Step to the end of the episode", "Learn until the episode or sweep ends.", "Shift+F10", "step-far"),
    ActionSpec("back", "Run", "Step back", "Look at the moment before: nothing is lost, what was learnt later stays.", "F9", "back"),
    ActionSpec("back_far", "Run", "Back to the episode before", "Look at the end of the episode or sweep before.", "Shift+F9", "back-far"),
    ActionSpec("newest", "Run", "Back to the present", "Look at the newest of the run again.", "Ctrl+F9", "newest"),
    ActionSpec("branch", "Run", "Go on from here", "Learn on from the moment of the past on show; the run as it was is kept in a folder.",
               "", "branch"),
    ActionSpec("past_memory", "Run", "Memory of the past …",
               "How much memory a run's past may take: with more of it, more moments are reached at once."),
    ActionSpec("stop", "Run", "Stop", "End the run; what it learnt stays on show.", "Shift+F5", "stop"),
    ActionSpec("reset", "Run", "Reset", "Forget what was learnt and begin anew.", "Ctrl+R", "reset"),
    ActionSpec("next_term", "Run", "Next term of the update",
               "Light up one term after the other: in the equation, as a number, on the stage.", "F4", separated=True),
    ActionSpec("previous_term", "Run", "Previous term of the update", "The term before lights up again.", "Shift+F4"),
    ActionSpec("check_run", "Run", "Check this run", "Train it again from its settings and compare every number, to the bit.",
               separated=True),
    ActionSpec("printed", "Run", "What the environment prints …", "What environments of your own print, and where they broke down."),
    ActionSpec("watch", "Watch", "Play the episode", "Let the watched episode go on, or hold it still.", "F6", "watch"),
    ActionSpec("watch_step", "Watch", "Step of the episode", "One step of the watched episode.", "Shift+F6", "step"),
    ActionSpec("new_episode", "Watch", "New episode", "Begin another episode, at the start that is typed or at any.", "F7", "reset"),
    ActionSpec("steer", "Watch", "Play yourself", "Play with the keys; the agent then plays from the same start.",
               "F8", "steer", checkable=True, separated=True),
    ActionSpec("teach", "Watch", "Let the agent learn from it", "Every episode that you play to its end becomes part of the run.",
               "", "teach", checkable=True),
    ActionSpec("ask", "Watch", "Ask the agent", "Drag what is in the picture: what does the agent expect there, and what would it do?",
               "Ctrl+F8", "ask", checkable=True),
    ActionSpec("film", "Watch", "Record …", "Record the watched episode to a GIF or an MP4 file.", "", "film", separated=True),
    ActionSpec("fit", "View", "Fit to window", "Show the whole world.", "F", "fit"),
    ActionSpec("dark", "View", "Dark colours", "Switch between light and dark.", "Ctrl+D", "theme", checkable=True),
    ActionSpec("larger", "View", "Larger text", "For a projector or tired eyes.", "Ctrl++", separated=True),
    ActionSpec("smaller", "View", "Smaller text", "More on the screen.", "Ctrl+-"),
    ActionSpec("korean", "View", "한국어 / English", "Switch the language; takes effect at once.", checkable=True, separated=True),
    ActionSpec("reset_layout", "View", "Reset layout", "Put every panel back where it was at first."),
    ActionSpec("commands", "Help", "Find a command …", "Type what you want to do.", "Ctrl+K", "palette"),
    ActionSpec("shortcuts", "Help", "Keyboard shortcuts", "Every key there is.", "F1"),
    ActionSpec("about", "Help", "About Valuescape", "Version and device."),
)  # fmt: skip


class Actions:
    """A QAction for every row of the table, bound to its handler.

    Args:
        parent: the window, which the shortcuts work in.
        handlers: by name of the action.

    Raises:
        KeyError: where an action has no handler.
    """

    def __init__(self, parent: QWidget, handlers: dict[str, Callable[[], object]]) -> None:
        self.by_name: dict[str, QAction] = {}
        for spec in ACTIONS:
            action = QAction(parent)
            action.setObjectName(spec.name)
            action.setCheckable(spec.checkable)
            if spec.shortcut:
                action.setShortcut(QKeySequence(spec.shortcut))
            handler = handlers[spec.name]
            action.triggered.connect(lambda _checked=False, handler=handler: handler())
            parent.addAction(action)
            self.by_name[spec.name] = action
        self.restyle()

    def __getitem__(self, name: str) -> QAction:
        return self.by_name[name]

    def restyle(self) -> None:
        """Texts in the language and icons in the colours in use."""
        for spec in ACTIONS:
            action = self.by_name[spec.name]
            action.setText(tr(spec.text))
            action.setStatusTip(tr(spec.tip))
            self.explain(spec.name)
            if spec.icon:
                action.setIcon(icon(spec.icon))

    def explain(self, name: str, reason: str = "") -> None:
        """Let a tooltip say what an action does, or the reason why it is off."""
        action = self.by_name[name]
        keys = f" ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})" if not action.shortcut().isEmpty() else ""
        action.setToolTip(f"{action.text()}{keys}\n{reason or action.statusTip()}")

    def fill(self, bar: QMenuBar, more: dict[str, Iterable[QAction]], below: Mapping[str, QMenu] = MappingProxyType({})) -> None:
        """Build the menus; `more` adds actions made elsewhere (the panels) to a menu, `below` a menu below an action."""
        bar.clear()
        for title in dict.fromkeys(spec.menu for spec in ACTIONS):
            menu = bar.addMenu(tr(title))
            menu.setToolTipsVisible(False)
            for spec in ACTIONS:
                if spec.menu == title:
                    if spec.separated:
                        menu.addSeparator()
                    menu.addAction(self.by_name[spec.name])
                    if spec.name in below:
                        menu.addMenu(below[spec.name])
            if title in more:
                menu.addSeparator()
                menu.addActions(list(more[title]))
