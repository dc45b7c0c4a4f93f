"""`doctor`: what this machine has, what it lacks, and what to do about it."""

import importlib.util
import os
import sys
from typing import Any

from core.cli.output import Json, print_json, print_table

PACKAGES = {
    "PySide6": "PySide6-Essentials",
    "pyqtgraph": "pyqtgraph",
    "torch": "torch",
    "gymnasium": "gymnasium",
    "numba": "numba",
    "pygame": "pygame-ce",
    "Box2D": "box2d",
}


def doctor(as_json: Json = False) -> None:
    """Say what is here, what is missing and how to mend it."""
    found = examine()
    if as_json:
        print_json(found)
        return
    print_table(["Part", "Version"], list(found["versions"].items()))
    print(f"Device for networks: {found['device']}")
    print(f"Display: {found['display'] or 'none; every command works, the studio does not'}")
    for part in found["missing"]:
        print(f"Missing: {part['part']}. {part['remedy']}")
    if not found["missing"]:
        print("Nothing is missing.")


def examine() -> dict[str, Any]:
    """versions, device, display (None where there is none) and missing parts with their remedies."""
    from core.runs.folder import versions
    from core.system import missing_libraries

    missing = [
        {"part": f"the package {name}", "remedy": f"Install it with: python -m pip install -c constraints.txt {package}"}
        for name, package in PACKAGES.items()
        if importlib.util.find_spec(name) is None
    ]
    missing += [
        {"part": f"the system library {library}", "remedy": f"On Debian or Ubuntu: apt install {package}"}
        for library, package in missing_libraries(window=True)
    ]
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        missing.append({"part": "a Python from 3.11 to 3.13", "remedy": "Make the virtual environment with one of them"})
    return {"versions": versions(), "device": device(), "display": display(), "missing": missing}


def device() -> str:
    """Where networks would be trained."""
    if importlib.util.find_spec("torch") is None:
        return "none: torch is missing"
    from core.deep.engine.device import choose, describe

    return describe(choose("auto"))


def display() -> str | None:
    """The display a window would open on."""
    if not sys.platform.startswith("linux"):
        return sys.platform
    return os.environ.get("QT_QPA_PLATFORM") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or None
