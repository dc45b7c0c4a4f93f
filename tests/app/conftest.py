"""The real studio, opened, and the hands to work it with."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app import text
from app.preferences import Preferences
from app.start import start
from app.studio import Studio
from app.theme import theme
from tests.app.hands import PATIENCE, Hands


@pytest.fixture
def qtbot(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[QtBot]:
    """pytest-qt's, with patience. Widgets live until Qt deletes them, from parent to child: Python lets go of parts in no order, and one
    that is collected while its own parts are painted ends the process."""
    for wait in ("waitUntil", "waitSignal", "waitExposed", "waitActive"):
        monkeypatch.setattr(qtbot, wait, partial(getattr(qtbot, wait), timeout=PATIENCE))
    alive: list[QWidget] = []
    add = qtbot.addWidget

    def keep(widget: QWidget, **options: object) -> None:
        alive.append(widget)
        add(widget, **options)

    monkeypatch.setattr(qtbot, "addWidget", keep)
    yield qtbot
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def studio(qtbot: QtBot, tmp_path: Path) -> Iterator[Studio]:
    preferences = Preferences(tmp_path / "studio.ini")
    preferences.language, preferences.mode = "en", "light"
    _, studio = start(tmp_path / "studio.ini")
    try:
        with qtbot.waitExposed(studio.window):
            studio.window.show()
        yield studio
    finally:
        studio.document.stack.setClean()
        with pytest.MonkeyPatch.context() as answers:
            answers.setattr(studio.kept, "may_leave", lambda: True)
            studio.close()
        studio.window.retire()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        text.use("en")
        theme.use("light")


@pytest.fixture
def hands(qtbot: QtBot, studio: Studio) -> Hands:
    return Hands(qtbot, studio)
