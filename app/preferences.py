"""What the studio remembers between starts."""

import json
from pathlib import Path
from typing import Any

from platformdirs import user_config_path, user_data_path
from PySide6.QtCore import QByteArray, QSettings

from app.numbers import MB
from core.runs.keeper import LEAST, MEMORY, most_memory
from core.runs.library import home

NAME = "valuescape"
RECENT = 8
"""Projects that are remembered."""


class Preferences:
    """Colours, text size, language, layout, plots, whether runs are kept and how much memory their past may take, in one ini file.

    Args:
        file: where; by default under the user's configuration folder.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._settings = QSettings(str(file or user_config_path(NAME) / "studio.ini"), QSettings.Format.IniFormat)

    @property
    def mode(self) -> str:
        return str(self._settings.value("mode", ""))

    @mode.setter
    def mode(self, mode: str) -> None:
        self._settings.setValue("mode", mode)

    @property
    def language(self) -> str:
        return str(self._settings.value("language", ""))

    @language.setter
    def language(self, language: str) -> None:
        self._settings.setValue("language", language)

    @property
    def scale(self) -> float:
        try:
            return min(3.0, max(0.7, float(str(self._settings.value("scale", 1.0)))))
        except ValueError:
            return 1.0

    @scale.setter
    def scale(self, scale: float) -> None:
        self._settings.setValue("scale", scale)

    @property
    def layout(self) -> tuple[QByteArray, QByteArray] | None:
        """Geometry and dock state of the window; None before the first close."""
        geometry, state = self._settings.value("geometry"), self._settings.value("docks")
        return (geometry, state) if isinstance(geometry, QByteArray) and isinstance(state, QByteArray) else None

    @layout.setter
    def layout(self, layout: tuple[QByteArray, QByteArray]) -> None:
        self._settings.setValue("geometry", layout[0])
        self._settings.setValue("docks", layout[1])

    @property
    def plots(self) -> dict[str, Any]:
        """What `PlotBoard.choices` were; empty where nothing was chosen."""
        try:
            found = json.loads(str(self._settings.value("plots", "{}")))
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @plots.setter
    def plots(self, choices: dict[str, Any]) -> None:
        self._settings.setValue("plots", json.dumps(choices))

    @property
    def projects(self) -> list[Path]:
        """The projects that were open, the newest first."""
        found = self._settings.value("projects")
        names = found if isinstance(found, list) else [found] if found else []
        return [Path(str(name)) for name in names][:RECENT]

    def remember_project(self, file: Path) -> None:
        """That one was opened or saved just now."""
        self._settings.setValue("projects", [str(file), *(str(other) for other in self.projects if other != file)][:RECENT])

    def forget_projects(self) -> None:
        """None was ever open."""
        self._settings.remove("projects")

    @property
    def keeps_runs(self) -> bool:
        """Whether runs are kept as they train, without being asked for."""
        return str(self._settings.value("keeps_runs", "true")).lower() != "false"

    @keeps_runs.setter
    def keeps_runs(self, keeps: bool) -> None:
        self._settings.setValue("keeps_runs", keeps)

    @property
    def past_memory(self) -> int:
        """Megabytes that the past of a run may take, within what this machine has."""
        try:
            chosen = int(str(self._settings.value("past_memory", MEMORY // MB)))
        except ValueError:
            chosen = MEMORY // MB
        return min(max(chosen, LEAST // MB), most_memory() // MB)

    @past_memory.setter
    def past_memory(self, megabytes: int) -> None:
        self._settings.setValue("past_memory", megabytes)


def drafts_folder() -> Path:
    """Where edits are kept until they are saved."""
    return user_data_path(NAME) / "drafts"


def projects_folder() -> Path:
    """Where open projects are worked on."""
    return user_data_path(NAME) / "projects"


def runs_folder() -> Path:
    """Where runs are kept."""
    return home()
