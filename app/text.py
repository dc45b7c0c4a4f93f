"""The words on the screen: English in the code, other languages as resources/translations/LANGUAGE.json.

A catalogue maps each English text to its translation. Texts of core (titles of settings, summaries) go through the
same `tr` where they are shown.
"""

import json
from functools import cache
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

FOLDER = Path(__file__).parents[1] / "resources" / "translations"

_catalogue: dict[str, str] = {}
_language = "en"
_qt: QTranslator | None = None


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
    _teach_qt()


def _teach_qt() -> None:
    """Let Qt's own buttons and dialogs speak the same language, from the catalogues that come with it."""
    global _qt
    app = QCoreApplication.instance()
    if app is None:
        return
    if _qt is not None:
        app.removeTranslator(_qt)
    _qt = QTranslator()
    if _qt.load(f"qtbase_{_language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(_qt)


def language() -> str:
    """The language in use."""
    return _language


def tr(text: str, **values: object) -> str:
    """`text` in the chosen language, with {names} filled in."""
    translated = _catalogue.get(text, text)
    return translated.format(**values) if values else translated
