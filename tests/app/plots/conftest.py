"""Widgets of these tests live until Qt deletes them, from parent to child: Python lets go of a plot's parts in no order."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def held(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[QWidget]]:
    widgets: list[QWidget] = []
    add = qtbot.addWidget

    def keep(widget: QWidget, **more: Any) -> None:
        widgets.append(widget)
        add(widget, **more)

    monkeypatch.setattr(qtbot, "addWidget", keep)
    yield widgets
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
