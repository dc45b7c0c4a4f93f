"""The head of a plot keeps its title whole by writing its newest number in fewer digits."""

from pytestqt.qtbot import QtBot

from app.numbers import short
from app.plots.header import Header


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
