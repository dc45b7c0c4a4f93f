"""Text and JSON of strangers, read with a limit and a place for what is wrong."""

import json
from typing import Any

from core.errors import WorldError
from core.pieces import loads


def decoded(data: bytes, where: str, most: int | None = None) -> str:
    """The text of bytes in UTF-8; WorldError where they are none, or more than `most`."""
    if most is not None and len(data) > most:
        raise WorldError(f"the file is larger than {most >> 20} MiB, too large for this format", where=where, remedy="Use arrays (.npz)")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WorldError("this is not a text file", where=where, remedy="Choose a file in one of the known formats") from None


def json_of(data: bytes, where: str) -> Any:
    """The values of JSON text; WorldError with the line at fault."""
    text = decoded(data, where)
    try:
        return loads(text)
    except json.JSONDecodeError as error:
        raise WorldError(f"this is not JSON ({error.msg})", where=f"{where}, line {error.lineno}") from None
    except (RecursionError, ValueError):
        raise WorldError("this is not JSON", where=where) from None
