"""What this program is, and of what it is made."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app.text import tr
from core.system import versions

NAMES = {"python": "Python", "numpy": "NumPy", "numba": "Numba", "torch": "PyTorch", "gymnasium": "Gymnasium"}
SHORT = 12
"""Letters of a commit that tell it from others."""


def show_about(parent: QWidget) -> QMessageBox:
    """Open the dialog without blocking; returns it."""
    found = versions()
    number, commit = found.pop("valuescape", ""), found.pop("commit", "")
    lines = {NAMES.get(name, tr("System")): version for name, version in found.items()}
    if commit:
        known, *changed = commit.split("-")
        lines[tr("Commit")] = "-".join([known[:SHORT], *changed])
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setObjectName("about")
    box.setWindowTitle(tr("About Valuescape"))
    box.setText(f"<b>Valuescape {number}</b><br>{tr('See reinforcement learning happen.')}")
    rows = "".join(f"<tr><td>{name}</td><td style='padding-left: 16px'>{version}</td></tr>" for name, version in lines.items())
    box.setInformativeText(f"<table>{rows}</table>")
    box.open()
    return box
