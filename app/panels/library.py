"""The library: every world that comes with the studio, one click away."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.icons import icon
from app.sentences import told
from app.text import language, tr
from app.theme import theme
from core.worlds.gym import GymWorld
from core.worlds.library import library_world, names
from core.worlds.world import World

GROUPS = {"grid": "Grid worlds", "mdp": "Decision processes", "gym": "Environments"}
ICONS = {"grid": "grid", "mdp": "table", "gym": "gym"}
NAME, ICON = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


def title_of(world: World) -> str:
    """A world's title in the language in use."""
    return (world.title_ko if language() == "ko" else "") or world.title or tr("Untitled")


def description_of(world: World) -> str:
    """A world's description in the language in use."""
    return (world.description_ko if language() == "ko" else "") or world.description


def group_of(name: str) -> str:
    """Where a world stands in the library: the folder of its file."""
    return name.replace(":", "/").partition("/")[0]


class LibraryPanel(QWidget):
    """A tree of worlds with a filter; `chosen` carries the library name, `member_chosen` the part of the project that is open."""

    chosen = Signal(str)
    member_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._part: str | None = None
        self._marked = ""
        self._rows: dict[str, tuple[str, str]] = {}
        self._project: QTreeWidgetItem | None = None
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("Filter worlds"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName(tr("Filter worlds"))
        self.filter.textChanged.connect(self._narrow)
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(10)
        self.tree.setAccessibleName(tr("Library"))
        self.tree.itemClicked.connect(self._choose)
        enter = QShortcut(QKeySequence(Qt.Key.Key_Return), self.tree, context=Qt.ShortcutContext.WidgetShortcut)
        enter.activated.connect(lambda: self._choose(self.tree.currentItem()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 8)
        layout.addWidget(self.filter)
        layout.addWidget(self.tree)
        self._fill()
        theme.changed.connect(self._restyle)

    def show_project(self, members: dict[str, World], part: str | None) -> None:
        """Show the worlds of a project, by part, above all others, and which of them is open."""
        self._part = part
        rows = {member: (title_of(world), str(world.kind)) for member, world in members.items()}
        if rows != self._rows:
            self._rows = rows
            if self._project is not None:
                self.tree.takeTopLevelItem(0)
            self._project = group = self._group(tr("Project"), 0) if rows else None
            for member, (title, kind) in rows.items():
                item = QTreeWidgetItem([title])
                item.setData(0, NAME, member)
                item.setData(0, ICON, kind)
                item.setIcon(0, icon(kind, "muted"))
                item.setToolTip(0, tr("{world}, in the project", world=title))
                if group is not None:
                    group.addChild(item)
            if group is not None:
                group.setExpanded(True)
            self._narrow(self.filter.text())
        self.mark(self._marked)

    def mark(self, name: str) -> None:
        """Show which world is open."""
        self._marked = name
        name = self._part or name
        for item in self._items():
            if item.data(0, NAME) == name:
                self.tree.setCurrentItem(item)
                return
        self.tree.clearSelection()
        self.tree.setCurrentIndex(QModelIndex())

    def item(self, name: str) -> QTreeWidgetItem:
        """The row of a library name."""
        return next(item for item in self._items() if item.data(0, NAME) == name)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.tree.doItemsLayout()  # rows were measured before the style sheet was known

    def _fill(self) -> None:
        groups: dict[str, QTreeWidgetItem] = {}
        for name in names():
            world, where = library_world(name), group_of(name)
            if where not in groups:
                groups[where] = self._group(tr(GROUPS[where]), self.tree.topLevelItemCount())
            item = QTreeWidgetItem([title_of(world)])
            item.setData(0, NAME, name)
            item.setData(0, ICON, ICONS[where])
            item.setIcon(0, icon(ICONS[where], "muted"))
            missing = world.missing() if isinstance(world, GymWorld) else None
            item.setToolTip(0, told(missing) if missing else f"{description_of(world)}\n({name})")
            item.setDisabled(missing is not None)
            groups[where].addChild(item)
        self.tree.expandAll()

    def _group(self, title: str, place: int) -> QTreeWidgetItem:
        group = QTreeWidgetItem([title])
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.tree.insertTopLevelItem(place, group)
        return group

    def _items(self) -> list[QTreeWidgetItem]:
        groups = [self.tree.topLevelItem(row) for row in range(self.tree.topLevelItemCount())]
        items = [group.child(row) for group in groups if group for row in range(group.childCount())]
        return [item for item in items if item]

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        name = item.data(0, NAME) if item is not None else None
        if item is not None and name and not item.isDisabled():
            (self.member_chosen if name in self._rows else self.chosen).emit(name)

    def _narrow(self, text: str) -> None:
        for item in self._items():
            item.setHidden(text.casefold() not in f"{item.text(0)} {item.data(0, NAME)}".casefold())

    def _restyle(self) -> None:
        for item in self._items():
            item.setIcon(0, icon(item.data(0, ICON), "muted"))
