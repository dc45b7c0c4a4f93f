"""In which order panels stand beside and below one another, as plain values: names, and lists of them told to lie across or down."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

WAYS = {"across": Qt.Orientation.Horizontal, "down": Qt.Orientation.Vertical}


def order_of(rects: dict[str, QRect]) -> Any:
    """How rectangles that do not overlap lie: a name, or {"across": [...]} from left to right, or {"down": [...]}; None for none."""
    if len(rects) < 2:
        return next(iter(rects), None)
    for way in WAYS:
        groups = _apart(rects, way)
        if len(groups) > 1:
            return {way: [order_of(group) for group in groups]}
    return {"down": sorted(rects)}


def put_in_order(window: QMainWindow, order: Any, docks: dict[str, QDockWidget]) -> None:
    """Put the docks of one area so; what is no order of some of them is left out."""
    found = _known(order, docks)
    if isinstance(found, dict):
        _split(window, found, docks)


def _split(window: QMainWindow, order: dict[str, list[Any]], docks: dict[str, QDockWidget]) -> None:
    ((way, parts),) = order.items()
    for one, other in pairwise(parts):
        window.splitDockWidget(docks[_first(one)], docks[_first(other)], WAYS[way])
    for part in parts:
        if isinstance(part, dict):
            _split(window, part, docks)


def _known(order: Any, docks: dict[str, QDockWidget]) -> Any:
    """What of an order is understood, each dock once; None for nothing."""
    seen = set[str]()

    def walk(part: Any, depth: int = 0) -> Any:
        if isinstance(part, str) and part in docks and part not in seen:
            seen.add(part)
            return part
        if not isinstance(part, dict) or len(part) != 1 or depth > len(docks):
            return None
        ((way, parts),) = part.items()
        if way not in WAYS or not isinstance(parts, list):
            return None
        held = [found for each in parts if (found := walk(each, depth + 1)) is not None]
        return {way: held} if len(held) > 1 else next(iter(held), None)

    return walk(order)


def _first(order: Any) -> str:
    while isinstance(order, dict):
        order = next(iter(order.values()))[0]
    return str(order)


def _apart(rects: dict[str, QRect], way: str) -> list[dict[str, QRect]]:
    """Groups between which a straight line can be drawn, in order."""

    def sides() -> Iterator[tuple[int, int, str]]:
        for name, rect in rects.items():
            yield (rect.left(), rect.right(), name) if way == "across" else (rect.top(), rect.bottom(), name)

    groups: list[dict[str, QRect]] = []
    end = None
    for low, high, name in sorted(sides()):
        if end is None or low > end:
            groups.append({})
        groups[-1][name] = rects[name]
        end = high if end is None else max(end, high)
    return groups
