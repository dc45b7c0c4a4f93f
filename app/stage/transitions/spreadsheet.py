"""Rows as a spreadsheet copies and pastes them: text with tabs or commas, a line of titles or none."""

import csv
import io
from collections.abc import Iterable

from pydantic import ValidationError

from app.sentences import told
from app.text import tr
from core.config import explain
from core.errors import WorldError
from core.worlds.table import Transition

FIELDS = ("state", "action", "next", "probability", "reward", "ends")
TITLES = {"state": "State", "action": "Action", "next": "Next state", "probability": "Probability", "reward": "Reward", "ends": "Ends"}
"""The columns as shown."""
ALSO = {"s": "state", "a": "action", "s'": "next", "s′": "next", "next_state": "next", "p": "probability", "r": "reward",
        "terminated": "ends", "done": "ends"}  # fmt: skip
"""What others call them."""
YES, NO = ("true", "yes", "1", "1.0", "ends", "x", "✓"), ("", "false", "no", "0", "0.0")
MOST = 1_000_000
"""Rows at most."""


def written(rows: Iterable[Transition]) -> str:
    """Rows with a line of titles, separated by tabs."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerows((row.state, row.action, row.next, repr(row.probability), repr(row.reward), str(row.ends).lower()) for row in rows)
    return text.getvalue()


def read(text: str) -> list[Transition]:
    """Rows of a text; at least state, action and next state, in this order where no titles stand above.

    Raises:
        WorldError: naming the line and the column at fault.
    """
    lines = text.splitlines()
    separator = "\t" if "\t" in text else ";" if ";" in text and "," not in text else ","
    found: list[Transition] = []
    fields: tuple[str, ...] = ()
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    for cells in reader:
        line = reader.line_num
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if not fields:
            fields = _titles(cells)
            if fields:
                continue
            fields = FIELDS
        found.append(_row(cells, fields, line))
        if len(found) > MOST:
            raise WorldError(tr("at most {most} rows can be pasted at once", most=f"{MOST:,}"))
    if not found:
        raise WorldError(tr("There are no rows to paste"), remedy=tr("Copy lines of state, action, next state, probability and reward"))
    return found


def block(text: str) -> list[list[str]]:
    """The cells of a text too narrow to be rows: one or two columns of values; empty where it may be rows."""
    lines = [line.split("\t") for line in text.splitlines()]
    return lines if lines and max(map(len, lines)) < 3 and not any("," in line or ";" in line for line in text.splitlines()) else []


def number_of(text: str) -> float:
    """The number in a text, a fraction or a percentage too; WorldError where it is none."""
    plain = text.strip().replace("−", "-")
    try:
        if plain.endswith("%"):
            return float(plain[:-1]) / 100
        above, stroke, below = plain.partition("/")
        return float(above) / float(below) if stroke else float(plain)
    except (ValueError, ZeroDivisionError):
        raise WorldError(tr("'{given}' is not a number", given=text)) from None


def flag_of(text: str) -> bool:
    """Yes or no; WorldError where it is neither."""
    plain = text.strip().lower()
    if plain in YES or plain in NO:
        return plain in YES
    raise WorldError(tr("'{given}' is neither true nor false", given=text))


def made(**values: object) -> Transition:
    """A transition of checked values; WorldError says which bounds it breaks."""
    try:
        return Transition.model_validate(values)
    except ValidationError as error:
        fault = explain(Transition, error)
        if fault.where == "probability":
            raise WorldError(tr("a probability lies above 0 and goes up to 1, not {value}", value=f"{values['probability']:g}")) from None
        if fault.where == "reward":
            raise WorldError(tr("a reward lies from −10⁹ to 10⁹, not {value}", value=f"{values['reward']:g}")) from None
        raise WorldError(told(fault.what)) from None


def _titles(cells: list[str]) -> tuple[str, ...]:
    """The field of each column where this is a line of titles; nothing where it is none."""
    known = {title.lower(): field for field, title in TITLES.items()} | {tr(title).lower(): field for field, title in TITLES.items()}
    known |= {field: field for field in FIELDS} | ALSO
    fields = tuple(known.get(cell.lower(), "") for cell in cells)
    return fields if {"state", "action", "next"} <= set(fields) else ()


def _row(cells: list[str], fields: tuple[str, ...], line: int) -> Transition:
    values: dict[str, object] = {}
    column = 0
    try:
        for column, field in enumerate(fields):
            cell = cells[column] if column < len(cells) else ""
            if field in ("state", "action", "next"):
                if not cell:
                    raise WorldError(tr("a name is missing"))
                values[field] = cell
            elif field == "ends":
                values[field] = flag_of(cell)
            elif field and cell:
                values[field] = number_of(cell)
        column = len(fields)
        if len(cells) > column:
            raise WorldError(tr("there are more cells than columns"))
        try:
            return Transition.model_validate(values)
        except ValidationError as error:
            column = fields.index(str(error.errors()[0]["loc"][0]))
            return made(**values)
    except WorldError as error:
        where = tr("line {line}, column {column}", line=line, column=column + 1)
        raise WorldError(error.what, where=where, remedy=error.remedy) from None
