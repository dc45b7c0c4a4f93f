"""`doctor`: what this machine has, what it lacks, and what to do about it. Imports no package before it has looked for it."""

import importlib.util
import sys
from typing import Any

from core.cli.output import Json, print_json
from core.errors import ValuescapeError
from core.system import display, missing_libraries, version, versions

PACKAGES = {
    "numpy": "numpy", "pydantic": "pydantic", "numba": "numba", "torch": "torch", "gymnasium": "gymnasium", "pygame": "pygame-ce",
    "Box2D": "box2d", "PySide6": "PySide6-Essentials", "pyqtgraph": "pyqtgraph", "rich": "rich", "typer": "typer",
    "platformdirs": "platformdirs", "psutil": "psutil", "safetensors": "safetensors",
}  # fmt: skip
"""What is imported, and the package that brings it."""

INSTALL = "python -m pip install -c constraints.txt"


def doctor(as_json: Json = False) -> None:
    """Say what is here, what is missing and how to mend it."""
    found = examine()
    if as_json:
        print_json(found)
        return
    for name, number in (found["versions"] | found["packages"]).items():
        print(f"{name:<20} {number or 'missing'}")
    print(f"{'device':<20} {found['device'] or 'none: torch is missing'}")
    print(f"{'display':<20} {found['display'] or 'none: every command works, the studio does not'}")
    print()
    for part in found["missing"]:
        print(f"{part['part']}: {part['why']}. {part['remedy']}.")
    if not found["missing"]:
        print("Nothing is missing.")


def examine() -> dict[str, Any]:
    """Versions, packages, devices, display (None where there is none), and the missing parts with why and remedy."""
    devices = _devices()
    return {
        "versions": versions(),
        "packages": {package: version(package) for package in PACKAGES.values()},
        "device": devices[0] if devices else None,
        "devices": devices,
        "display": display(),
        "missing": [*_python(), *_packages(), *_libraries(), *_no_display()],
    }


def _part(part: str, why: str, remedy: str) -> dict[str, str]:
    return {"part": part, "why": why, "remedy": remedy}


def _python() -> list[dict[str, str]]:
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return []
    return [_part("Python", "Valuescape is tested on 3.11, 3.12 and 3.13", "Make the virtual environment with one of them")]


def _packages() -> list[dict[str, str]]:
    found = []
    for name, package in PACKAGES.items():
        if importlib.util.find_spec(name) is None:
            why = "LunarLander needs it; everything else works without" if name == "Box2D" else "it is not installed"
            found.append(_part(package, why, f"Install it with: {INSTALL} {package}"))
    if version("pygame") and version("pygame-ce"):
        remedy = f"Say: python -m pip uninstall pygame pygame-ce; {INSTALL} pygame-ce"
        found.append(_part("pygame", "it is installed beside pygame-ce and overwrites its files", remedy))
    if (version("PySide6-Essentials") or "0").startswith("6.12"):
        why = "6.12 aborts the process within seconds of plotting"
        found.append(_part("PySide6-Essentials", why, f'Install another with: {INSTALL} "PySide6-Essentials<6.12"'))
    return found


def _libraries() -> list[dict[str, str]]:
    return [
        _part(library, "a system library that Qt's window needs", f"On Debian or Ubuntu: apt install {package}")
        for library, package in missing_libraries(window=True)
    ]


def _no_display() -> list[dict[str, str]]:
    if display():
        return []
    return [_part("display", "no display answers (DISPLAY, WAYLAND_DISPLAY)", "Start the studio on a desktop")]


def _devices() -> list[str]:
    """What networks can be trained on, the one that "auto" takes first."""
    if importlib.util.find_spec("torch") is None:
        return []
    from core import devices

    try:
        return [devices.describe(devices.choose(name), 1) for name in devices.available()]
    except ValuescapeError:
        return []
