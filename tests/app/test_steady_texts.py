"""Texts that change many times a second: what stands beside them stays where it is, and nothing is laid out anew."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.steady import SteadyButton, SteadyLabel


class Layouts(QObject):
    """Counts how often a widget is asked to lay out what it holds."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.LayoutRequest
        return False


@pytest.mark.parametrize("kind", [SteadyLabel, SteadyButton])
def test_only_a_text_wider_than_all_before_moves_its_neighbours(qtbot: QtBot, kind: type[SteadyLabel | SteadyButton]) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    layout = QHBoxLayout(row)
    steady, beside = kind(), QLabel("beside")
    layout.addWidget(steady)
    layout.addWidget(beside, 1)
    layouts = Layouts(row)
    row.show()

    def say(text: str) -> int:
        before = layouts.count
        steady.setText(text)
        QApplication.processEvents()
        return layouts.count - before

    assert say("1,234 steps") > 0
    place, width = beside.x(), steady.width()
    plain = (QLabel if kind is SteadyLabel else QToolButton)(text="1,234 steps")
    qtbot.addWidget(plain)
    assert width == plain.sizeHint().width()
    assert say("1 step") == say("1,235 steps") == say("9 steps") == 0
    assert beside.x() == place and steady.width() == width and steady.text() == "9 steps"
    assert say("1,234,567 steps") > 0
    assert beside.x() > place
    assert say("") > 0
    assert steady.width() == 0 and beside.x() < place
    assert say("1 step") > 0
    assert 0 < steady.width() < width


def test_it_grows_with_its_font(qtbot: QtBot) -> None:
    label = SteadyLabel()
    qtbot.addWidget(label)
    label.setText("1,234 steps")
    width = label.width()
    font = label.font()
    font.setPointSizeF(2 * font.pointSizeF())
    label.setFont(font)
    assert label.width() > 1.5 * width
