"""The order of panels is read from where they lie, and put back; hand-drawn cases."""

from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow
from pytestqt.qtbot import QtBot

from app.dock_order import order_of, put_in_order

A, B, C = QRect(0, 0, 10, 30), QRect(10, 0, 20, 10), QRect(10, 10, 20, 20)


@pytest.mark.parametrize(
    ("rects", "order"),
    [
        ({}, None),
        ({"a": A}, "a"),
        ({"b": B, "a": A}, {"across": ["a", "b"]}),
        ({"c": C, "b": B, "a": A}, {"across": ["a", {"down": ["b", "c"]}]}),
        ({"a": QRect(0, 0, 5, 5), "b": QRect(5, 0, 5, 5), "c": QRect(0, 5, 10, 5)}, {"down": [{"across": ["a", "b"]}, "c"]}),
        ({"b": A, "a": A}, {"down": ["a", "b"]}),
    ],
)
def test_an_order_is_read(rects: dict[str, QRect], order: Any) -> None:
    assert order_of(rects) == order


@pytest.mark.parametrize(
    "order",
    [
        {"down": ["a", "b", "c"]},
        {"down": ["c", "a", "b"]},
        {"across": ["b", {"down": ["c", "a"]}]},
        {"down": [{"across": ["c", "b"]}, "a"]},
        {"across": [{"down": ["a", "c"]}, "b"]},
    ],
)
def test_an_order_is_put_back(order: Any, qtbot: QtBot) -> None:
    window, docks = windowed(qtbot)
    put_in_order(window, order, docks)
    QApplication.processEvents()
    assert order_of({name: dock.geometry() for name, dock in docks.items()}) == order


@pytest.mark.parametrize(
    "order", [None, 7, "a", [], {"down": 3}, {"around": ["a", "b"]}, {"down": ["a", "a", "x"]}, {"down": ["a"], "across": []}]
)
def test_what_is_no_order_changes_nothing(order: Any, qtbot: QtBot) -> None:
    window, docks = windowed(qtbot)
    before = {name: dock.geometry() for name, dock in docks.items()}
    put_in_order(window, order, docks)
    QApplication.processEvents()
    assert {name: dock.geometry() for name, dock in docks.items()} == before


def test_an_order_within_itself_ends(qtbot: QtBot) -> None:
    window, docks = windowed(qtbot)
    endless: dict[str, Any] = {"down": ["a"]}
    endless["down"].append(endless)
    put_in_order(window, endless, docks)


def windowed(qtbot: QtBot) -> tuple[QMainWindow, dict[str, QDockWidget]]:
    """A window with three docks on its left."""
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(700, 600)
    docks = {}
    for name in "abc":
        docks[name] = QDockWidget(name, window)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks[name])
    window.show()
    QApplication.processEvents()
    return window, docks
