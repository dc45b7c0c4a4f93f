"""What belongs to a project: its name and note, worlds, runs. Everything ticked is saved in one file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.dialogs.fit import begin_at
from app.dialogs.kept_runs_model import ALGORITHM, NAME, SCORE, STEPS, WHEN, WORLD, text_of
from app.numbers import MB
from app.panels.library import title_of
from app.text import tr
from app.theme import theme
from core.runs.library import Entry
from core.worlds.world import World

NUMBERS, RIGHT = range(3, 6), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
"""Columns of the list of runs."""
BATCH = 40
"""Runs read between two looks at what the person does."""
ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Chosen:
    """What a person wants to belong to a project.

    Attributes:
        name, note: what is said of it.
        worlds: parts that stay.
        runs: folders of runs.
        elsewhere: whether it is to be saved to another file.
    """

    name: str
    note: str
    worlds: tuple[str, ...]
    runs: tuple[Path, ...]
    elsewhere: bool


class ProjectDialog(QDialog):
    """Shows what belongs to the open project, or is proposed for a new one.

    Args:
        name, note: what is said of it.
        shown: title of the world on show, which always belongs to it.
        worlds: the other worlds in it, by part.
        present: whether a run is on show, which always belongs to it.
        inside: its folder of runs; None for a new project, which gets the runs in this world.
        runs: every run there is, read little by little.
        here: whether a run is of the world on show.
        saved: whether the project has a file.
    """

    chosen_ = Signal(object)
    """`Chosen`."""

    def __init__(
        self, parent: QWidget, name: str, note: str, shown: World, worlds: dict[str, World], present: bool, inside: Path | None,
        runs: Iterator[Entry], here: "Here", saved: bool,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("project")
        self.setWindowTitle(tr("Project"))
        self.inside, self.here = inside, here
        self.name, self.note = QLineEdit(name), QPlainTextEdit(note)
        self.name.setPlaceholderText(tr("What it is called"))
        self.note.setPlaceholderText(tr("What is to be said of it"))
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(round(70 * theme.scale))
        self.worlds = QListWidget()
        self.worlds.setAccessibleName(tr("Worlds"))
        self._add_world("", tr("{world} (on show)", world=title_of(shown)))
        for part, world in worlds.items():
            self._add_world(part, title_of(world))
        self.worlds.setFixedHeight(round(min(26 * self.worlds.count() + 8, 110) * theme.scale))
        self.runs = QTreeWidget()
        self.runs.setAccessibleName(tr("Kept runs"))
        self.runs.setRootIsDecorated(False)
        self.runs.setHeaderLabels([tr("Run"), tr("World"), tr("Algorithm"), tr("Steps"), tr("Score"), tr("Size")])
        self.runs.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.runs.header().setStretchLastSection(False)
        self.runs.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.runs.setSortingEnabled(False)
        for column in NUMBERS:
            self.runs.headerItem().setTextAlignment(column, RIGHT)
        if present:
            self._add_fixed(tr("The run on show"))
        self.every = QCheckBox(tr("Show runs in other worlds, too"))
        self.every.toggled.connect(self._narrow)
        self.told = QLabel()
        self.told.setProperty("muted", True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.save = buttons.addButton(tr("Save") if saved else tr("Save …"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.save.setDefault(True)
        self.save.clicked.connect(lambda: self._accept(not saved))
        self.elsewhere = buttons.addButton(tr("Save as …"), QDialogButtonBox.ButtonRole.ActionRole)
        self.elsewhere.setVisible(saved)
        self.elsewhere.clicked.connect(lambda: self._accept(True))
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(tr("Name"), self.name)
        form.addRow(tr("Note"), self.note)
        form.addRow(tr("Worlds"), self.worlds)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(QLabel(tr("Kept runs")))
        layout.addWidget(self.runs, 1)
        layout.addWidget(self.every)
        layout.addWidget(self.told)
        layout.addWidget(buttons)
        self.runs.itemChanged.connect(self._tell)
        self.reading = runs
        self.timer = QTimer(self)
        self.timer.timeout.connect(self._read)
        self.timer.start(0)
        begin_at(self, QSize(760, 560) * theme.scale)
        self._tell()

    @property
    def ticked(self) -> list[Path]:
        """The folders of the runs ticked."""
        return [item.data(0, ROLE).folder for item in self._items() if item.checkState(0) is Qt.CheckState.Checked]

    def _accept(self, elsewhere: bool) -> None:
        rows = [self.worlds.item(row) for row in range(self.worlds.count())]
        worlds = tuple(row.data(ROLE) for row in rows if row.data(ROLE) and row.checkState() is Qt.CheckState.Checked)
        while self.timer.isActive():
            self._read()
        found = Chosen(self.name.text().strip(), self.note.toPlainText().strip(), worlds, tuple(self.ticked), elsewhere)
        self.accept()
        self.chosen_.emit(found)

    def _read(self) -> None:
        entries = [entry for entry, _ in zip(self.reading, range(BATCH), strict=False)]
        for entry in entries:
            self._add_run(entry)
        if not entries:
            self.timer.stop()
        self._tell()

    def _add_world(self, part: str, title: str) -> None:
        item = QListWidgetItem(title)
        item.setData(ROLE, part)
        item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled if part else Qt.ItemFlag.NoItemFlags)
        item.setCheckState(Qt.CheckState.Checked)
        self.worlds.addItem(item)

    def _add_fixed(self, text: str) -> None:
        item = QTreeWidgetItem([text])
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setCheckState(0, Qt.CheckState.Checked)
        self.runs.addTopLevelItem(item)

    def _add_run(self, entry: Entry) -> None:
        if entry.problem is not None:
            return
        mine, here = entry.folder.parent == self.inside, self.here(entry)
        name = text_of(entry, NAME) or text_of(entry, WHEN)
        columns = [text_of(entry, column) for column in (WORLD, ALGORITHM, STEPS, SCORE)]
        item = QTreeWidgetItem([name, *columns, size_text(size_of(entry.folder))])
        for column in NUMBERS:
            item.setTextAlignment(column, RIGHT)
        item.setData(0, ROLE, entry)
        item.setToolTip(0, entry.notes.note or entry.folder.name)
        item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        ticked = mine or (self.inside is None and here)
        item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.runs.addTopLevelItem(item)
        item.setHidden(not (mine or here or self.every.isChecked()))

    def _items(self) -> list[QTreeWidgetItem]:
        items = [self.runs.topLevelItem(row) for row in range(self.runs.topLevelItemCount())]
        return [item for item in items if item is not None and item.data(0, ROLE) is not None]

    def _narrow(self, every: bool) -> None:
        for item in self._items():
            entry = item.data(0, ROLE)
            item.setHidden(not (every or entry.folder.parent == self.inside or self.here(entry)))

    def _tell(self, *_: object) -> None:
        size = sum(size_of(folder) for folder in self.ticked)
        text = tr("{count} runs chosen, {size}", count=f"{len(self.ticked):,}", size=size_text(size))
        self.told.setText(text if self._items() or self.timer.isActive() else tr("No run was kept in this world yet."))


class Here:
    """Whether a run is of the world on show, by its name and title."""

    def __init__(self, world: World, name: str) -> None:
        self.title, self.name = world.title, name

    def __call__(self, entry: Entry) -> bool:
        return entry.world == self.title and (not self.name or entry.world_name in (self.name, ""))


def size_of(folder: Path) -> int:
    """Bytes of the files in a run's folder."""
    try:
        return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    except OSError:
        return 0


def size_text(size: int) -> str:
    """A size as people read it."""
    return f"{size / MB:.1f} MB" if size >= MB else f"{max(1, round(size / 2**10)) if size else 0} kB"
