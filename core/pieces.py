"""JSON of a long text read in pieces: the parser holds every other thread while it runs, a window's among them."""

import json
import re
from typing import Any

LONG = 200_000
"""Letters from which on a text is read in pieces."""
DEPTH = 2
"""Levels of objects and arrays whose entries are read one by one."""
_SPACE = re.compile(r"[ \t\n\r]*")
_whole = json.JSONDecoder().raw_decode


def loads(text: str) -> Any:
    """The values of JSON text.

    Raises:
        ValueError: as `json.loads` does.
    """
    if len(text) < LONG:
        return json.loads(text)
    try:
        found, end = _value(text, _next(text, 0), DEPTH)
    except (ValueError, IndexError, StopIteration):
        return json.loads(text)  # tells line and column
    return found if _next(text, end) == len(text) else json.loads(text)


def _next(text: str, at: int) -> int:
    """The place behind whatever white space begins there."""
    found = _SPACE.match(text, at)
    return at if found is None else found.end()


def _value(text: str, at: int, depth: int) -> tuple[Any, int]:
    """The value that begins there, and the place behind it."""
    if not depth or text[at] not in "{[":
        return _whole(text, at)
    members: dict[str, Any] = {}
    items: list[Any] = []
    named, at = text[at] == "{", _next(text, at + 1)
    close = "}" if named else "]"
    if text[at] == close:
        return (members if named else items), at + 1
    while True:
        key = ""
        if named:
            if text[at] != '"':
                raise ValueError("no name")
            key, at = _whole(text, at)
            at = _next(text, at)
            if text[at] != ":":
                raise ValueError("no colon")
            at = _next(text, at + 1)
        value, at = _value(text, at, depth - 1)
        if named:
            members[key] = value
        else:
            items.append(value)
        at = _next(text, at)
        if text[at] == close:
            return (members if named else items), at + 1
        if text[at] != ",":
            raise ValueError("no comma")
        at = _next(text, at + 1)
