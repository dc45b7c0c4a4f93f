"""Which rows a line such as `s1` or `action:left` asks for."""

import re

import numpy as np

from app.text import tr
from core.worlds.mdp import Bools
from core.worlds.rows import Rows

PARTS = {"state": "State", "action": "Action", "next": "Next state"}
WRONG = "≠1"
"""Asks for the pairs that do not add up."""


def matching(rows: Rows, text: str) -> Bools:
    """[N] whether a row has all that is asked for: words in any of its names, `state:`, `action:` or `next:` before a word, or `≠1`.

    A word that is a name in full stands for that name only; names with spaces stand in double quotes.
    """
    found = np.ones(len(rows), bool)
    for part, quoted, bare in re.findall(r'(?:(\w+):)?(?:"([^"]*)"?|(\S+))', text):
        word = quoted or bare
        if word == WRONG and not part:
            found &= rows.wrong
        elif word:
            found &= _named(rows, _part(part), word)
    return found


def _part(part: str) -> str:
    return next((name for name, title in PARTS.items() if part.lower() in (name, tr(title).lower())), "")


def _named(rows: Rows, part: str, word: str) -> Bools:
    states = _wanted([(name, tr(name)) for name in rows.states], word)
    actions = _wanted([(name, tr(name)) for name in rows.actions], word)
    by_part = {"state": states[rows.state], "action": actions[rows.action], "next": states[rows.next_state]}
    return by_part[part] if part else np.logical_or.reduce(list(by_part.values()))


def _wanted(names: list[tuple[str, ...]], word: str) -> Bools:
    """[names] those that are the word, or else hold it."""
    exactly = np.array([word in known for known in names], bool)
    if exactly.any():
        return exactly
    low = word.lower()
    return np.array([any(low in name.lower() for name in known) for known in names], bool)
