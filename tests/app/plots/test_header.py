"""The head of a plot keeps its title whole by writing its newest number in fewer digits."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.numbers import short
from app.plots.header import Entry, Header


def test_digits_go_before_the_title_is_cut(qtbot: QtBot) -> None:
    header = Header("Exploration ε", "")
    qtbot.addWidget(header)
    assert header.newest == ""
    header.show_entries(tuple(short(0.0402381, digits) for digits in (4, 3, 2)), ())
    header.resize(400, 40)
    assert header.newest == "0.04024"
    widths = range(400, 60, -1)
    seen = []
    for width in widths:
        header.resize(width, 40)
        seen.append(header.newest)
    assert list(dict.fromkeys(seen)) == ["0.04024", "0.0402", "0.04"]


def test_a_new_number_is_painted_over_the_old_one_and_the_legend_stays(qtbot: QtBot) -> None:
    header = Header("Return", "")
    header.setAutoFillBackground(True)
    qtbot.addWidget(header)
    header.resize(300, header.sizeHint().height())
    legend = Entry("mean of 100 episodes", QColor("red"), 2, "main"), Entry("each", QColor("blue"), 1, "faint")
    header.show_entries(("123.4",), legend)
    header.show()
    QApplication.processEvents()
    painted = list[QRect]()
    paint = header.paintEvent
    header.paintEvent = lambda event: (painted.append(event.rect()), paint(event))  # type: ignore[assignment, method-assign]
    for newest in ("−7", "88.8"):
        header.show_entries((newest,), legend)
        QApplication.processEvents()
        screen = header.screen().grabWindow(header.winId()).toImage()
        assert painted.pop().height() < header.height() and not painted
        assert screen == header.grab().toImage().convertToFormat(screen.format())
        painted.clear()
    assert header.entry_at(header.place_of("faint").center()) == legend[1]
