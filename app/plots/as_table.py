"""The numbers behind a plot as a table, for those who cannot see it and those who want to know exactly."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QDialog, QLabel, QTableView, QVBoxLayout

from app.numbers import short
from app.plots.curves import Floats
from app.text import tr
from app.theme import theme

if TYPE_CHECKING:
    from app.plots.plot_view import PlotView

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class NumbersModel(QAbstractTableModel):
    """Equally long columns of numbers by name."""

    def __init__(self, columns: list[tuple[str, Floats]]) -> None:
        super().__init__()
        self.columns = columns

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self.columns[0][1])

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if role == Role.DisplayRole:
            return short(float(self.columns[index.column()][1][index.row()]), 6)
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        across = orientation is Qt.Orientation.Horizontal
        return self.columns[section][0] if across and role in (Role.DisplayRole, Role.ToolTipRole) else None


class PlotTable(QDialog):
    """The lines of a plot as they are when it is opened."""

    def __init__(self, view: "PlotView") -> None:
        super().__init__(view)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = tr(view.plot.title)
        self.setWindowTitle(title)
        said = QLabel(tr(view.plot.tooltip))
        said.setWordWrap(True)
        said.setProperty("muted", True)
        self.model = NumbersModel(view.table())
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setAccessibleName(title)
        self.view.setAccessibleDescription(tr(view.plot.tooltip))
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(round(24 * theme.scale))
        self.view.resizeColumnsToContents()
        self.view.horizontalHeader().setStretchLastSection(True)
        layout = QVBoxLayout(self)
        layout.addWidget(said)
        layout.addWidget(self.view, 1)
        self.resize(QSize(560, 480) * theme.scale)
        if self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(self.model.rowCount() - 1, 0))
