"""A page of an inspector: parts below one another, scrolled where they do not fit."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem
from PySide6.QtWidgets import QLayout, QScrollArea, QVBoxLayout, QWidget


def fill_page(page: QWidget, parts: Iterable[QWidget | QLayout]) -> None:
    """Lay the parts out in an empty widget."""
    inner = QWidget()
    layout = QVBoxLayout(inner)
    layout.setContentsMargins(10, 8, 10, 10)
    layout.setSpacing(8)
    for part in parts:
        if isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)
    layout.addStretch(1)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(inner)
    outer = QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(scroll)


def heading_item(text: str) -> QStandardItem:
    """A line in a list that names those below it and cannot be chosen."""
    item = QStandardItem(text)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    font = item.font()
    font.setBold(True)
    item.setFont(font)
    return item
