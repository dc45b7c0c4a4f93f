"""A question with its answers as buttons, which keeps nobody waiting."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask(
    parent: QWidget, name: str, title: str, text: str, more: str, answers: Mapping[str, Callable[[], object]], otherwise: str,
    closed: Callable[[], object] = lambda: None,
) -> QMessageBox:  # fmt: skip
    """Open the question; returns it.

    Args:
        parent: the window.
        name: of the box.
        title, text, more: what is asked, and what there is to know.
        answers: what each button does, the first one by default.
        otherwise: the button that does nothing, as Escape does.
        closed: called where nothing was chosen.
    """
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setObjectName(name)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(title)
    box.setText(text)
    box.setInformativeText(more)
    for place, (answer, act) in enumerate(answers.items()):
        button = box.addButton(answer, QMessageBox.ButtonRole.ActionRole if place else QMessageBox.ButtonRole.AcceptRole)
        button.clicked.connect(lambda _=False, act=act: act())
        if not place:
            box.setDefaultButton(button)
    box.setEscapeButton(box.addButton(otherwise, QMessageBox.ButtonRole.RejectRole))
    box.rejected.connect(closed)
    box.open()
    return box
