"""What is wrong with the world as it is drawn: a button in the status line, and above it the list, in which a click shows and mends."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from app.checking import Checking
from app.counts import counted
from app.document import OpenWorld
from app.sentences import told
from app.text import tr
from app.theme import theme
from core.worlds.checks import ERROR, HINT, WARNING, Problem

SIGNS = {ERROR: "✕", WARNING: "▲", HINT: "●"}
COLOURS = {ERROR: "trap", WARNING: "warning", HINT: "muted"}
MEANINGS = {
    ERROR: "It cannot be trained on like this.",
    WARNING: "This is hardly meant.",
    HINT: "This may be as you mean it.",
}
MOST = 40
"""Entries shown at most."""


class Entry(QFrame):
    """One problem: its sign, its sentence, and how to mend it."""

    chosen = Signal(object)
    mended = Signal(object)

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("entry", True)
        sentence = told(problem.sentence)
        self.setAccessibleName(sentence)
        if problem.states:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip(tr(MEANINGS[problem.level]) + "\n" + tr("Click to see where."))
        else:
            self.setToolTip(tr(MEANINGS[problem.level]))
        sign = QLabel(SIGNS[problem.level])
        sign.setStyleSheet(f"color: {theme.colour(COLOURS[problem.level]).name()}")
        sign.setFixedWidth(round(18 * theme.scale))
        words = QLabel(sentence[:1].upper() + sentence[1:])
        words.setWordWrap(True)
        for label, side in ((sign, Qt.AlignmentFlag.AlignHCenter), (words, Qt.AlignmentFlag.AlignLeft)):
            label.setAlignment(Qt.AlignmentFlag.AlignTop | side)
            label.setContentsMargins(0, 0 if problem.fix is None else round(5 * theme.scale), 0, 0)  # level with the button's text
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(sign)
        row.addWidget(words, 1)
        self.mend = QPushButton()
        if problem.fix is not None:
            self.mend.setText(told(problem.fix.title))
            self.mend.setToolTip(tr("Mend it like this; Undo takes it back."))
            self.mend.clicked.connect(lambda: self.mended.emit(problem))
            row.addWidget(self.mend, 0, Qt.AlignmentFlag.AlignTop)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self.problem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.problem)
        else:
            super().keyPressEvent(event)


class ProblemList(QFrame):
    """The entries, over the lower right corner of the window. It stays open while the world is mended."""

    chosen = Signal(object)
    mended = Signal(object)

    def __init__(self, over: QMainWindow) -> None:
        super().__init__(over)
        self.over = over
        self.setObjectName("problems")
        self.setAccessibleName(tr("Problems"))
        self.entries: list[Entry] = []
        self.before: QWidget | None = None
        """Where the keyboard was before it came here."""
        title = QLabel(tr("Problems"))
        title.setProperty("heading", True)
        close = QToolButton()
        close.setText("✕")
        close.setToolTip(tr("Close the list (Esc)."))
        close.setAccessibleName(tr("Close"))
        close.setAutoRaise(True)
        close.clicked.connect(self.hide)
        above = QHBoxLayout()
        above.setContentsMargins(12, 4, 4, 0)
        above.addWidget(title, 1)
        above.addWidget(close)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 6)
        layout.setSpacing(0)
        layout.addLayout(above)
        layout.addWidget(self.area, 1)
        self.hide()
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_problems(self, found: Sequence[Problem]) -> None:
        """List these."""
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(4, 0, 4, 0)
        column.setSpacing(0)
        self.entries = [Entry(problem) for problem in found[:MOST]]
        for entry in self.entries:
            entry.chosen.connect(self.chosen)
            entry.mended.connect(self.mended)
            column.addWidget(entry)
        if not found or len(found) > MOST:
            rest = QLabel(tr("Nothing is wrong with this world.") if not found else tr("and {count} more", count=len(found) - MOST))
            rest.setProperty("muted", True)
            rest.setMargin(8)
            column.addWidget(rest)
        column.addStretch(1)
        self.area.setWidget(body)
        self.place()

    def set_stale(self, stale: bool) -> None:
        """Whether the world has changed since: nothing is mended by what is said of another."""
        for entry in self.entries:
            entry.mend.setEnabled(not stale)

    def place(self) -> None:
        """Lie in the lower right corner of the window, as high as the entries are."""
        over, below = self.over, self.over.statusBar().height()
        width = min(round(460 * theme.scale), over.width() - 16)
        entries = self.area.widget()
        tall = 0 if entries is None else max(entries.heightForWidth(width - 2), entries.minimumSizeHint().height())
        height = min(tall + round(40 * theme.scale) + 8, (over.height() - below) // 2)
        self.setGeometry(over.width() - width - 8, over.height() - below - height - 4, width, height)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the size of the window, whose every event goes through here from now on: not while the list is hidden."""
        self.over.installEventFilter(self)
        self.place()
        super().showEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self.place()
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the keyboard where it was."""
        self.over.removeEventFilter(self)
        before, self.before = self.before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _restyle(self) -> None:
        panel, border, raised, accent = (theme.colour(name).name() for name in ("panel", "border", "raised", "accent"))
        self.setStyleSheet(
            f"#problems {{ background: {panel}; border: 1px solid {border}; border-radius: 8px; }}"
            f"QFrame[entry=\"true\"] {{ border-radius: 6px; border: 1px solid transparent; }}"
            f"QFrame[entry=\"true\"]:hover {{ background: {raised}; }}"
            f"QFrame[entry=\"true\"]:focus {{ border-color: {accent}; }}"
            f"QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; }}"
        )  # fmt: skip


class Problems(QObject):
    """Follows the open world: `button` for the status line, and `list`, which opens over the window.

    Args:
        document: the open world.
        window: what the list lies in.
    """

    def __init__(self, document: OpenWorld, window: QMainWindow) -> None:
        super().__init__(window)
        self.document = document
        self.checking = Checking(document, self)
        self.list = ProblemList(window)
        self.button = QToolButton()
        self.button.setAutoRaise(True)
        self.button.hide()
        self.button.clicked.connect(self._pressed)
        self.checking.done.connect(self._tell)
        self.checking.skipped.connect(self._skip)
        self.checking.stale.connect(lambda: self.list.set_stale(True))
        self.list.chosen.connect(self._show)
        self.list.mended.connect(self._mend)
        theme.changed.connect(self._tell)

    def refuse(self, found: Sequence[Problem]) -> None:
        """Open the list with the errors for which a run was refused."""
        self.list.show_problems(found)
        self.list.show()
        self.list.raise_()
        self.checking.check()

    def browse(self) -> None:
        """Open the list, whatever was found."""
        if not self.checking.current:
            self.checking.check()
        self.list.show_problems(self.checking.found)
        self.list.show()
        self.list.raise_()
        self.list.before = QApplication.focusWidget()
        self.list.setFocus()

    def _pressed(self) -> None:
        if self.list.isVisible():
            self.list.hide()
        else:
            self.browse()

    def _tell(self) -> None:
        """Count what was found, in the colour of the worst."""
        found = self.checking.found
        self.button.setVisible(bool(found))
        if found:
            worst = found[0].level
            self.button.setText(f"{SIGNS[worst]} {counted(len(found), 'problem')}")
            self.button.setStyleSheet(f"color: {theme.colour(COLOURS[worst]).name()}; padding: 1px 8px")
            self.button.setToolTip("\n".join(told(problem.sentence) for problem in found[:5]) + "\n" + tr("Click for the list."))
        if self.list.isVisible():
            self.list.show_problems(found)

    def _skip(self) -> None:
        self.button.setText(tr("Not checked"))
        self.button.setStyleSheet(f"color: {theme.colour('muted').name()}; padding: 1px 8px")
        self.button.setToolTip(tr("This world is too large to be looked through after every edit. Click to do it now."))
        self.button.show()
        self.list.hide()

    def _show(self, problem: Problem) -> None:
        if problem.states:
            self.document.select(problem.states)

    def _mend(self, problem: Problem) -> None:
        if problem.fix is not None and problem in self.checking.found and self.checking.current:
            self.document.apply(problem.fix.make(), told(problem.fix.title))
