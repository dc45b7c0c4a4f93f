"""What commands print: one JSON document, or tables for people."""

import json
import math
from collections.abc import Sequence
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]

WIDTH = 160
"""Columns of a table that is not printed to a terminal."""


def print_json(value: Any) -> None:
    """On one line, in ASCII; numbers that JSON cannot say become null."""
    print(json.dumps(_plain(value), allow_nan=False))


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]], title: str = "") -> None:
    """A table on standard output, folded to the terminal's width; None is left empty."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=escape(title) or None, title_justify="left", box=box.SIMPLE, pad_edge=False)
    for place, heading in enumerate(headings):
        table.add_column(escape(heading), no_wrap=place == 0, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    console.print(table)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
