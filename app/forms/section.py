"""A part of a page under a heading that folds it away."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.text import tr
from app.theme import theme

ARROW = 10
"""Pixels of the arrow at a text scale of 1."""
folded: dict[str, bool] = {}
"""Whether sections that a person folded or opened are folded, by name: while the studio runs, wherever they show again."""


class Section(QWidget):
    """Heading, note and body. The heading folds the body with a click or with the space bar; the note stands in for a folded body,
    or stays.

    Args:
        name: what its state is remembered by.
        title: of the heading.
        opened: whether it is open until a person folds it.
        lasting: whether the note stays when it is open.
    """

    def __init__(self, name: str, title: str, opened: bool = True, lasting: bool = False) -> None:
        super().__init__()
        self.name, self.opened, self.lasting = name, opened, lasting
        self.head = QToolButton()
        self.head.setText(title)
        self.head.setAccessibleName(title)
        self.head.setToolTip(tr("Fold or open (space bar)"))
        self.head.setCheckable(True)
        self.head.setProperty("section", True)
        self.head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.head.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.note = QLabel()
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        self.note.setContentsMargins(8, 0, 0, 0)
        self.body = QWidget()
        self.lines = QVBoxLayout(self.body)
        self.lines.setContentsMargins(0, 0, 0, 4)
        self.lines.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for part in (self.head, self.note, self.body):
            layout.addWidget(part)
        self.head.toggled.connect(self._show)
        self.head.clicked.connect(lambda opened: folded.__setitem__(name, not opened))
        self.recall()
        self._show(self.head.isChecked())
        theme.changed.connect(self._fit)
        self._fit()

    def recall(self) -> None:
        """Be folded or open as a person left it."""
        self.head.setChecked(not folded.get(self.name, not self.opened))

    def open(self) -> None:
        """Show the body for now."""
        self.head.setChecked(True)

    def tell(self, note: str) -> None:
        """What is said below the heading."""
        self.note.setText(note)
        self.head.setAccessibleDescription(note)
        self._show(self.head.isChecked())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.recall()

    def _fit(self) -> None:
        """Let the arrow grow with the text."""
        side = round(ARROW * theme.scale)
        self.head.setIconSize(QSize(side, side))

    def _show(self, opened: bool) -> None:
        self.head.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        self.body.setVisible(opened)
        self.note.setVisible((self.lasting or not opened) and bool(self.note.text()))
