"""Makes a world from numbers: an empty grid of any size, a maze, a random world, whatever a generator offers."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from app.dialogs.fit import begin_at
from app.forms.form import ConfigForm
from app.sentences import told
from app.stage.ground import Ground
from app.stage.hit import Placement
from app.text import language, tr
from app.theme import theme
from core.config import Config, setting
from core.errors import ConfigError, ValuescapeError
from core.worlds.generated import described
from core.worlds.generator import Generator, generators
from core.worlds.grid import GridWorld
from core.worlds.world import World, opened

PICTURE = 220
"""Pixels of the picture's side at text size 1."""
SHOWN = 200
"""Cells of a grid along one side up to which a picture of it is made while its numbers are typed."""


class EmptyGrid(Config):
    """Numbers of a grid to draw on."""

    rows: int = setting(8, "Rows", "Cells from top to bottom.", unit="cells", ge=1, le=200)
    columns: int = setting(10, "Columns", "Cells from left to right.", unit="cells", ge=2, le=200)


def empty(config: EmptyGrid) -> GridWorld:
    """Start at the lower left, goal at the lower right, and floor."""
    rows = ("." * config.columns,) * (config.rows - 1)
    return GridWorld(map=(*rows, "S" + "." * (config.columns - 2) + "G"), discount=0.95)


EMPTY = Generator(
    name="empty", title="Empty grid", title_ko="빈 그리드", description="Floor with a start and a goal, to draw on.",
    description_ko="출발 칸과 목표만 있는 바닥. 여기에 그려 나간다.", config=EmptyGrid, make=empty, discount=0.95,
)  # fmt: skip


class GenerateDialog(QDialog):
    """Kinds of worlds at the left, the numbers of the one that is chosen and a picture of it at the right.

    Attributes:
        world: what was made when the dialog was accepted.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("New from template"))
        begin_at(self, QSize(760, 480) * theme.scale)
        self.world: World | None = None
        self.generators = {found.name: found for found in (EMPTY, *generators().values())}
        self.forms: dict[str, ConfigForm] = {}
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Kind"))
        for found in self.generators.values():
            item = QListWidgetItem(found.title_ko if language() == "ko" else found.title)
            item.setData(Qt.ItemDataRole.UserRole, found.name)
            item.setSizeHint(QSize(0, round(28 * theme.scale)))
            self.list.addItem(item)
        self.list.currentItemChanged.connect(lambda *_: self._chosen())
        self.description = QLabel()
        self.description.setWordWrap(True)
        self.description.setProperty("muted", True)
        self.place = QVBoxLayout()
        self.error = QLabel()
        self.error.setProperty("error", True)
        self.error.setWordWrap(True)
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setMinimumSize(QSize(round(PICTURE * theme.scale), round(PICTURE * theme.scale)))
        self.another = QPushButton(tr("Another seed"))
        self.another.setToolTip(tr("The next number: another world of the same kind."))
        self.another.clicked.connect(self._next_seed)
        self.rest = QTimer(self)
        self.rest.setSingleShot(True)
        self.rest.setInterval(200)
        self.rest.timeout.connect(self._draw)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.create_button = self.buttons.addButton(tr("Create"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.make)
        self.buttons.rejected.connect(self.reject)
        numbers = QWidget()
        column = QVBoxLayout(numbers)
        column.addWidget(self.description)
        column.addLayout(self.place)
        column.addWidget(self.another, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(numbers)
        row = QHBoxLayout()
        row.addWidget(self.list, 2)
        row.addWidget(scroll, 3)
        row.addWidget(self.picture, 2)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(self.error)
        layout.addWidget(self.buttons)
        self.list.setCurrentRow(0)

    @property
    def generator(self) -> Generator:
        """The kind that is chosen."""
        return self.generators[str(self.list.currentItem().data(Qt.ItemDataRole.UserRole))]

    @property
    def form(self) -> ConfigForm:
        """Its numbers."""
        return self.forms[self.generator.name]

    def choose(self, name: str) -> None:
        """Turn to a kind by its name."""
        self.list.setCurrentRow(list(self.generators).index(name))

    def make(self) -> None:
        """Make the world and close; say what is at fault where that cannot be."""
        try:
            self.world = self._made()
        except ValuescapeError as error:
            self.error.setText(told(error.sentence))
        else:
            self.accept()

    def _made(self) -> World:
        found, config = self.generator, self.form.value()
        if isinstance(config, EmptyGrid):
            return empty(config).model_copy(update={"title": tr("New grid world")})
        plain = found.config()
        names = [name for name in found.config.model_fields if getattr(config, name) != getattr(plain, name)]
        world = opened(described(found, config, [f"{name}={config.model_dump(mode='json')[name]}" for name in names]))
        if not isinstance(world, GridWorld):
            world.compile()
        return world

    def _chosen(self) -> None:
        found = self.generator
        if found.name not in self.forms:
            self.forms[found.name] = ConfigForm(found.config)
            self.forms[found.name].changed.connect(self.rest.start)
            self.place.addWidget(self.forms[found.name])
        for name, form in self.forms.items():
            form.setVisible(name == found.name)
        self.another.setVisible("seed" in found.config.model_fields)
        self.description.setText(found.description_ko if language() == "ko" else found.description)
        self._draw()

    def _next_seed(self) -> None:
        config = self._typed()
        if config is not None:
            self.form.set_value(config.model_copy(update={"seed": config.model_dump()["seed"] + 1}))
            self._draw()

    def _typed(self) -> Config | None:
        try:
            return self.form.value()
        except ConfigError:
            return None

    def _draw(self) -> None:
        """A picture of the grid that the numbers make, where it is small enough to be made at once."""
        self.rest.stop()
        self.error.clear()
        self.picture.clear()
        config = self._typed()
        sides = [] if config is None else [getattr(config, name) for name in ("rows", "columns") if hasattr(config, name)]
        if config is None or not sides or max(sides) > SHOWN:
            return
        world = self.generator.make(config)
        if isinstance(world, GridWorld):
            self.picture.setPixmap(_picture(world, round(PICTURE * theme.scale)))


def _picture(world: GridWorld, side: int) -> QPixmap:
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    place = Placement.fit(world.rows, world.columns, side - 2, side - 2, 40.0).moved(1, 1)
    painter = QPainter(pixmap)
    painter.fillRect(round(place.left), round(place.top), round(place.cell * place.columns), round(place.cell * place.rows),
                     theme.colour("cell"))  # fmt: skip
    Ground().draw(painter, world, place, side, side, 1.0)
    painter.end()
    return pixmap
