"""Settings as core writes them, in the words of the screen."""

import re
from collections.abc import Mapping

from app.forms.fields import words
from app.text import tr

WORD = re.compile(r"per=(\w+)|(?<![\w.])[A-Za-z][\w-]*")
"""A word, and what a schedule's time is counted in; not the e of 1e-05."""


def in_words(value: str) -> str:
    """A value, such as "auto" or "exponential(1, 0.1, 500, per=episode)"."""
    if value.isdecimal():
        return f"{int(value):,}"
    return WORD.sub(lambda found: tr("per {clock}", clock=words(found[1])) if found[1] else _word(found[0]), value)


def told_in_words(told: Mapping[str, str]) -> str:
    """Settings by title, as `core.runs.scores.told_of` tells them."""
    return ", ".join(f"{tr(title)} {in_words(value)}" for title, value in told.items())


def _word(word: str) -> str:
    return {"True": tr("yes"), "False": tr("no")}.get(word) or words(word)
