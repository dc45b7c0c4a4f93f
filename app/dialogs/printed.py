"""What the environment prints, while it does."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app.dialogs.fit import begin_at
from app.dialogs.fixed import fixed_font
from app.text import tr
from app.theme import theme
from core.worlds.foreign.printed import KEPT, newest

AGAIN = 500
"""Milliseconds between two looks."""


class PrintedDialog(QDialog):
    """The last of what the newest processes of environments print; it may stay open."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("What the environment prints"))
        begin_at(self, QSize(620, 400) * theme.scale)
        self.text, self.line = QPlainTextEdit(), QLabel()
        self.text.setReadOnly(True)
        self.text.setFont(fixed_font())
        self.text.setAccessibleName(tr("What the environment prints"))
        self.line.setProperty("muted", True)
        self.line.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(self.line)
        self._shown = (0, 0)
        self._timer = QTimer(self, interval=AGAIN)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        self.refresh()

    def refresh(self) -> None:
        """Show what was printed since."""
        told = [printed for printed in newest() if printed.count]
        shown = len(told), sum(printed.count for printed in told)
        if shown == self._shown and self.line.text():
            return
        self._shown = shown
        bar = self.text.verticalScrollBar()
        followed = bar.value() >= bar.maximum() - 4
        self.text.setPlainText("\n".join(printed.text for printed in told))
        if followed:
            bar.setValue(bar.maximum())
        self.line.setText(
            tr("{count} bytes so far; the last {kept} of each process are kept.", count=f"{shown[1]:,}", kept=f"{KEPT:,}")
            if told
            else tr("Nothing yet. What environments of your own print, and where they broke down, is shown here.")
        )
