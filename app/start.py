"""Opens the studio: looks whether there is a display, paints the window first, loads the heavy parts afterwards."""

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import MissingPart
from core.system import display, missing_libraries

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.studio import Studio


def studio(project: Path | None = None) -> int:
    """Run the studio until its window closes or Ctrl-C asks it to; the exit code.

    Args:
        project: opened at once.
    """
    try:
        application, opened = start()
    except MissingPart as error:
        print(error.sentence, file=sys.stderr)
        return 2
    from PySide6.QtCore import QTimer

    for asked_to_end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked_to_end, lambda *_: opened.window.close())
    opened.window.show()
    QTimer.singleShot(0, opened.welcome if project is None else lambda: opened.open_project(project))
    return application.exec()


def start(preferences: Path | None = None) -> "tuple[QApplication, Studio]":
    """The application and its studio, not yet shown.

    Args:
        preferences: file of what is remembered; the user's own if None.

    Raises:
        MissingPart: where this machine cannot show a window.
    """
    check_display()
    from PySide6.QtWidgets import QApplication

    from app.preferences import Preferences
    from app.studio import Studio

    instance = QApplication.instance()
    application = instance if isinstance(instance, QApplication) else QApplication(["valuescape"])
    application.setApplicationName("valuescape")
    application.setApplicationDisplayName("Valuescape")
    application.setDesktopFileName("valuescape")
    return application, Studio(Preferences(preferences))


def check_display() -> None:
    """Raise MissingPart where there is no display or a system library for windows is missing."""
    if not sys.platform.startswith("linux"):
        return
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    window = platform.partition(":")[0] == "xcb" or (not platform and bool(os.environ.get("DISPLAY")))
    if display() is None:
        raise MissingPart(
            "There is no display here, so the studio cannot open its window",
            remedy="Work without one: python main.py --help lists solve, train and evaluate",
        )
    missing = missing_libraries(window)
    if missing:
        libraries, packages = ", ".join(library for library, _ in missing), " ".join(package for _, package in missing)
        raise MissingPart(
            f"Qt needs system libraries that are missing here: {libraries}", remedy=f"On Debian or Ubuntu: apt install {packages}"
        )
