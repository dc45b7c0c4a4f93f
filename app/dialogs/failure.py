"""Tells that something failed: what a person can mend in one sentence, a bug with a report to copy."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from app.picture import Failure
from app.sentences import told
from app.text import tr


def show_failure(parent: QWidget, failure: Failure) -> QMessageBox:
    """Open the dialog without blocking; returns it."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setObjectName("failure")
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(tr("The run has stopped"))
    sentence = told(failure.sentence)
    box.setText(sentence if not failure.report else tr("Something went wrong that should not have: this is a bug in Valuescape."))
    more = [sentence] if failure.report else []
    if failure.kept is not None:
        more.append(tr("The run was kept in {folder}", folder=failure.kept))
    box.setInformativeText("\n\n".join(more))
    if failure.details:
        box.setDetailedText(failure.details)
    if failure.report:
        box.setDetailedText(failure.report)
        copy = box.addButton(tr("Copy report"), QMessageBox.ButtonRole.ActionRole)
        copy.clicked.disconnect()
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(failure.report))
    box.addButton(QMessageBox.StandardButton.Close)
    box.open()
    return box
