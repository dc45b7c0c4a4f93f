"""Gymnasium's dictionary of transitions as Python writes it, `{0: {0: [(1.0, 0, 0.0, False)]}}`, with or without `P =` before it.

Nothing is executed: the text is read as a literal. Numpy's numbers, as printing an environment's P shows them, count as theirs.
"""

import ast
import re

from core.errors import WorldError
from core.formats.format import Format, Found
from core.formats.gymnasium_table import dictionary, loses, of_dictionary
from core.formats.texts import decoded
from core.worlds.world import World

LARGEST = 8 * 2**20
"""Bytes that are read at most: Python needs some hundred times as much for them."""
HEAD = re.compile(r"\s*(?:#[^\n]*\n\s*)*(?:[A-Za-z_][A-Za-z_0-9.]*\s*=(?!=)\s*)?")
NUMPY = re.compile(r"\bnp\.(?:float64|float32|int64|int32|bool_?)\(([^()]*)\)")


def read(data: bytes, where: str) -> Found:
    """A table of numbered states and actions."""
    text = decoded(data, where, LARGEST)
    head = HEAD.match(text)
    begin = head.end() if head else 0
    literal = NUMPY.sub(r"\1", text[begin:]).replace("np.True_", "True").replace("np.False_", "False")
    try:
        values = ast.literal_eval(literal.strip())
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError) as error:
        line = text.count("\n", 0, begin) + (getattr(error, "lineno", None) or 1)
        remedy = "Write {0: {0: [(1.0, 0, 0.0, False)]}}, numbers only"
        raise WorldError("this is no dictionary as Python writes it", where=f"{where}, line {line}", remedy=remedy) from None
    return of_dictionary(values, where)


def write(world: World, name: str) -> bytes:
    """A line for each state."""
    lines = [f"    {state}: {row!r}," for state, row in dictionary(world).items()]
    return ("P = {\n" + "\n".join(lines) + "\n}\n").encode()


def own(data: bytes) -> bool:
    """Whether a dictionary begins there."""
    head = re.match(rb"\s*(?:#[^\n]*\n\s*)*(?:[A-Za-z_][A-Za-z_0-9.]*\s*=(?!=)\s*)?\{\s*\d+\s*:", data)
    return head is not None


FORMAT = Format(
    name="gymnasium-python",
    title="Gymnasium transitions (Python)",
    description="The dictionary P of gymnasium's toy-text environments, as Python prints it.",
    extensions=(".p.py", ".py"),
    read=read,
    write=write,
    loses=loses,
    own=own,
    order=50,
)
