"""The selected cells of a grid: what they are and what is said of them, to be changed."""

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.forms.fields import read_number
from app.sentences import told
from app.stage.marks import percent, signed
from app.stage.option_strip import WINDS
from app.text import tr
from core.errors import WorldError
from core.worlds.clip import name
from core.worlds.grid import Cell, GridWorld
from core.worlds.grid_edits import blown, valued
from core.worlds.shapes import Place, Region


class CellsSection(QWidget):
    """Fields for the selected cells; an empty one leaves them to their kind or to the rules of the world.

    Signals:
        edited: the world with other cells, and what was done as the history says it.
    """

    edited = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.world: GridWorld | None = None
        self.region: Region | None = None
        self.title = QLabel()
        self.title.setProperty("heading", True)
        self.kind = QComboBox()
        for cell in Cell:
            letter = f" {cell.value}" if cell.family in ("key", "door", "portal") else ""
            self.kind.addItem(tr(cell.family).capitalize() + letter, cell.value)
        self.kind.activated.connect(self._kind_chosen)
        self.reward, self.slip, self.weight = QLineEdit(), QLineEdit(), QLineEdit()
        self.way = QComboBox()
        self.way.addItem(tr("calm"), "")
        for way, arrow in WINDS.items():
            self.way.addItem(f"{arrow} {tr(way)}", way)
        self.strength = QLineEdit()
        wind = QHBoxLayout()
        wind.addWidget(self.way, 1)
        wind.addWidget(self.strength)
        self.form = QFormLayout()
        self.form.setContentsMargins(0, 0, 0, 0)
        tips = (
            (tr("Kind"), self.kind, tr("What the cell is.")),
            (tr("Reward"), self.reward, tr("What entering the cell earns, in place of that of its kind.")),
            (tr("Slip"), self.slip, tr("Probability from 0 to 0.5 of going astray to each side when leaving the cell.")),
            (tr("Start weight"), self.weight, tr("How often episodes start here, compared with 1 for other starts.")),
        )
        for label, field, tip in tips:
            field.setToolTip(tip)
            field.setAccessibleName(label)
            self.form.addRow(label, field)
        self.form.insertRow(3, tr("Wind"), wind)
        for field, tip in ((self.way, tr("Where the wind blows.")), (self.strength, tr("Cells that the wind carries."))):
            field.setToolTip(tip)
            field.setAccessibleName(tip)
        for line, field_name in ((self.reward, "rewards"), (self.slip, "slips"), (self.weight, "starts")):
            line.editingFinished.connect(lambda line=line, field_name=field_name: self._typed(line, field_name))
        self.way.activated.connect(lambda _: self._wind())
        self.strength.editingFinished.connect(self._wind)
        self.error = QLabel()
        self.error.setProperty("error", True)
        self.error.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.title)
        layout.addLayout(self.form)
        layout.addWidget(self.error)
        self.hide()

    def show_for(self, world: GridWorld | None, region: Region | None) -> None:
        """Show cells of a world; nothing where none are selected."""
        self.world, self.region = world, region
        inside = world is not None and region is not None
        if world is not None and region is not None:
            inside = region.top + region.rows <= world.rows and region.left + region.columns <= world.columns
        self.setVisible(inside)
        self.error.hide()
        if world is None or region is None or not inside:
            return
        cells = region.cells()
        if len(cells) == 1:
            self.title.setText(tr("Cell in row {row}, column {column}", row=region.top, column=region.left))
        else:
            self.title.setText(tr("{rows} × {columns} cells selected", rows=region.rows, columns=region.columns))
        kinds = {world.map[row][column] for row, column in cells}
        self.kind.setCurrentIndex(self.kind.findData(kinds.pop()) if len(kinds) == 1 else -1)
        names = [name(cell) for cell in cells]
        pays = {world.model_copy(update={"rewards": {}}).reward(*cell) for cell in cells[:1000]}
        _put(
            self.reward,
            _same(world.rewards, names),
            signed(pays.pop()) if len(pays) == 1 else tr("that of its kind"),
            "{:g}",
        )
        _put(self.slip, _same(world.slips, names), tr("the world's: {value}", value=percent(world.slip)), "{:g}")
        _put(self.weight, _same(world.starts, names), "1", "{:g}")
        starts = any(world.map[row][column] == Cell.start for row, column in cells)
        self.form.setRowVisible(self.weight, starts)
        wind = _same(world.winds, names)
        way, _, strength = ("" if wind is MIXED else wind or "").partition(" ")
        self.way.setCurrentIndex(-1 if wind is MIXED else self.way.findData(way))
        self.strength.setText(strength)
        self.strength.setEnabled(bool(way))

    def _cells(self) -> list[Place]:
        return [] if self.region is None else self.region.cells()

    def _kind_chosen(self) -> None:
        cell = Cell(str(self.kind.currentData()))
        self._edit(lambda world: world.painted(self._cells(), cell), tr("Paint {cell}", cell=tr(cell.family)))

    def _typed(self, line: QLineEdit, field: str) -> None:
        if not line.isModified():
            return
        line.setModified(False)
        texts = {"rewards": tr("Change rewards"), "slips": tr("Change slips"), "starts": tr("Change start weights")}
        try:
            value = read_number(line.text(), whole=False) if line.text().strip() else None
        except ValueError as error:
            self._say(str(error))
            return
        self._edit(lambda world: valued(world, field, self._cells(), value), texts[field])

    def _wind(self) -> None:
        way = str(self.way.currentData() or "")
        try:
            strength = int(read_number(self.strength.text() or "1", whole=True))
        except ValueError as error:
            self._say(str(error))
            return
        if self.way.currentIndex() >= 0:
            self._edit(lambda world: blown(world, self._cells(), way or "up", strength if way else 0), tr("Change wind"))

    def _edit(self, make: Callable[[GridWorld], GridWorld], text: str) -> None:
        if self.world is None:
            return
        try:
            changed = make(self.world)
        except WorldError as error:
            self._say(told(error.sentence))
            return
        self.error.hide()
        if changed is not self.world:
            self.edited.emit(changed, text)

    def _say(self, what: str) -> None:
        self.error.setText(what)
        self.error.show()


MIXED: Any = ...
"""Said of cells of which different things are said."""


def _same(values: dict[str, Any], names: Iterable[str]) -> Any:
    """What is said of all of them; None where nothing is."""
    found = {values.get(known) for known in names} if values else {None}
    return found.pop() if len(found) == 1 else MIXED


def _put(line: QLineEdit, value: Any, default: str, form: str) -> None:
    """Show a value, or what counts without one."""
    if line.hasFocus() and line.isModified():
        return
    line.setText("" if value is None or value is MIXED else form.format(value))
    line.setPlaceholderText(tr("different ones") if value is MIXED else default)
