"""One matrix of one action."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from app.document import OpenWorld
from app.stage.transitions.editing import CellEditor, TypingTable
from app.stage.transitions.matrix_model import MOST, PROBABILITIES, MatrixModel
from app.text import tr
from app.theme import theme
from core.worlds.rows import Rows


class MatrixPage(QWidget):
    """A table of numbers with the states above and beside it, or why there is none."""

    refused = Signal(object)
    """WorldError, or None once that is over."""

    def __init__(self, document: OpenWorld) -> None:
        super().__init__()
        self.model = MatrixModel(document)
        self.model.refused.connect(self.refused)
        self.table = TypingTable()
        self.table.setModel(self.model)
        self.table.setItemDelegate(CellEditor(self.table, lambda _: (), self.model.try_text, self.refused.emit))
        self.table.setWordWrap(False)
        self.table.setAccessibleName(tr("Matrix"))
        self.table.setCornerButtonEnabled(False)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.hint = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.hint.setProperty("muted", True)
        self.hint.setWordWrap(True)
        self.hint.setMargin(24)
        self.wrong = QLabel()
        self.wrong.setProperty("error", True)
        self.wrong.setWordWrap(True)
        self.normalise = QPushButton(tr("Normalise"))
        self.normalise.setToolTip(tr("Divide probabilities by their sum: those of the selected rows, or all that do not add up."))
        self.normalise.clicked.connect(self.make_normal)
        below = QHBoxLayout()
        below.setContentsMargins(8, 4, 8, 4)
        below.addWidget(self.wrong, 1)
        below.addWidget(self.normalise)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addLayout(below)
        self.pages = QStackedLayout(self)
        self.pages.addWidget(body)
        self.pages.addWidget(self.hint)
        theme.changed.connect(self._fit)

    def set_rows(self, rows: Rows | None) -> None:
        """Show the matrix of the open world."""
        self.model.set_rows(rows)
        if rows is not None:
            self.hint.setText(
                tr("{states} states make a matrix too large to read; up to {most} are shown. The rows have all of it.",
                   states=f"{len(rows.states):,}", most=MOST)
            )  # fmt: skip
        self.pages.setCurrentIndex(0 if self.model.rows is not None else 1)
        self._fit()
        self._tell()

    def show_matrix(self, kind: str, action: int) -> None:
        """Probabilities or rewards, of an action by its number."""
        self.model.show_matrix(kind, action)
        self._tell()

    def make_normal(self) -> None:
        """Make the selected rows, or all, add up to 1."""
        faulty = self.model.faulty()
        chosen = {index.row() for index in self.table.selectionModel().selectedIndexes()}
        self.model.make_normal([state for state in faulty if state in chosen] or faulty)

    def _tell(self) -> None:
        """Offer to normalise where the rows of a matrix of probabilities do not add up."""
        count = len(self.model.faulty()) if self.model.kind == PROBABILITIES else 0
        self.wrong.setText(tr("{count} rows do not add up to 1", count=count) if count > 1
                           else tr("one row does not add up to 1") if count else "")  # fmt: skip
        self.wrong.setVisible(count > 0)
        self.normalise.setVisible(count > 0)

    def _fit(self) -> None:
        metrics, rows = self.table.fontMetrics(), self.model.rows
        longest = max((metrics.horizontalAdvance(tr(name)) for name in (rows.states if rows is not None else ())), default=0)
        self.table.horizontalHeader().setDefaultSectionSize(
            max(metrics.horizontalAdvance("−0.0000"), min(longest, 12 * metrics.height())) + 14
        )
        self.table.verticalHeader().setDefaultSectionSize(round(26 * theme.scale))
        self.table.viewport().update()
