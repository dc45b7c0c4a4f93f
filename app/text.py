"""The words on the screen: English in the code, other languages as resources/translations/LANGUAGE.json.

A catalogue maps each English text to its translation. Texts of core (titles of settings, summaries) go through the
same `tr` where they are shown.
"""

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "resources" / "translations"

_catalogue: dict[str, str] = {}
_language = "en"


@cache
def languages() -> tuple[str, ...]:
    """English and every language that has a catalogue."""
    return ("en", *sorted(file.stem for file in FOLDER.glob("*.json")))


def use(language: str) -> None:
    """Speak `language` from now on; English where there is no catalogue for it."""
    global _catalogue, _language
    file = FOLDER / f"{language}.json"
    _catalogue = json.loads(file.read_text(encoding="utf-8")) if language in languages() and file.exists() else {}
    _language = language if language in languages() else "en"


def language() -> str:
    """The language in use."""
    return _language


def tr(text: str, **values: object) -> str:
    """`text` in the chosen language, with {names} filled in."""
    translated = _catalogue.get(text, text)
    return translated.format(**values) if values else translated
