"""An update as rich text: its equation, its formula with numbers in it, and the numbers of an observation."""

import re
from collections.abc import Sequence
from html import escape

from app.numbers import short
from app.text import tr
from app.theme import theme
from core.learner import Explanation
from core.worlds.gym import Quantity

DIGITS, SEEN = 5, 4
"""Of the terms, and of what was observed, for which there is less room."""


def as_printed(equation: str, lit: str = "") -> str:
    """Rich text of an equation: _a' and _{t+1} are set lower; the symbol `lit` stands out on the right-hand side."""
    text = _lowered(equation)
    if not lit:
        return text
    start = next((text.index(sign) + 1 for sign in ("←", "=") if sign in text), 0)
    symbol = re.compile(rf"(?<![\w>]){re.escape(_lowered(lit))}(?![\w'])")
    return text[:start] + symbol.sub(lambda found: f'<span style="{stands_out()}">{found[0]}</span>', text[start:])


def stands_out() -> str:
    """The style of the term that is pointed at."""
    return f"background-color:{theme.colours.accent}; color:{theme.colours.accent_text}"


def with_numbers(explanation: Explanation, colours: Sequence[str], lit: int = -1) -> str:
    """The formula as rich text, each name replaced by its number in its colour, a link to its place among the terms; and the result."""
    places = {name: place for place, name in enumerate(explanation.terms)}

    def put(match: re.Match[str]) -> str:
        name = match[0]
        if name not in places:
            return name
        value, place = explanation.terms[name].value, places[name]
        number = short(value, DIGITS)
        style = stands_out() if place == lit else f"color:{colours[place]}"
        return f'<a href="{place}" style="text-decoration:none; {style}"><b>{f"({number})" if value < 0 else number}</b></a>'

    formula = escape(explanation.formula, quote=False).replace("**", "^").replace(" * ", " × ").replace(" - ", " − ")
    numbers = re.sub(r"[A-Za-z_]\w*", put, formula)
    return f"{numbers} = <b>{short(explanation.result, DIGITS)}</b>"


def transition(explanation: Explanation, known: Sequence[Quantity]) -> str:
    """A table of what was observed before and after, with names and units where they are `known`."""
    cell = "<td align='right' style='padding-left: 6px'>"
    head = f"<tr><td></td>{cell}s</td>{cell}s'</td><td>{tr('unit')}</td></tr>"
    rows = []
    for place, (before, after) in enumerate(zip(explanation.observation, explanation.next_observation, strict=True)):
        name, unit = (tr(known[place].name), tr(known[place].unit)) if place < len(known) else (f"x{place}", "")
        numbers = "".join(f"{cell}<b>{short(value, SEEN)}</b></td>" for value in (before, after))
        rows.append(f"<tr><td>{escape(name)}</td>{numbers}<td style='white-space: nowrap'>{escape(unit)}</td></tr>")
    return f'<table cellspacing="0" cellpadding="3" width="100%">{head}{"".join(rows)}</table>'


def _lowered(equation: str) -> str:
    return re.sub(r"_(?:{([^}]*)}|(\w+'*))", lambda match: f"<sub>{match[1] or match[2]}</sub>", escape(equation, quote=False))
