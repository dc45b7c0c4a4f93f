"""The numbers behind a plot as a file."""

import csv
from collections.abc import Sequence
from pathlib import Path

from core.history import Columns


def save_table(runs: Sequence[tuple[str, Columns]], path: Path) -> None:
    """Write every column as CSV, one row each, numbers in full; OSError where that fails.

    Args:
        runs: name and channel of each; with several, a first column says which run a row is of, and columns that one lacks are empty.
        path: the file.
    """
    names = list(dict.fromkeys(name for _, columns in runs for name in columns))
    several = len(runs) > 1
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["run", *names] if several else names)
        for title, columns in runs:
            rows = len(next(iter(columns.values()), ()))
            cells = [columns[name].tolist() if name in columns else [""] * rows for name in names]
            writer.writerows(([title, *row] if several else row) for row in zip(*cells, strict=True))
