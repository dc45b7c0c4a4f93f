"""What this machine has: versions, a display, and the shared libraries that Qt's wheels do not bring. Needs no package."""

import ctypes
import os
import platform
import socket
import subprocess
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

NEEDED = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
"""Shared libraries that Qt needs on Linux, with Debian's packages."""

NEEDED_BY_WINDOWS = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
}
"""Those that only a window under X needs; the offscreen platform does without."""


X_SOCKETS = Path("/tmp/.X11-unix")
PATIENCE = 2.0
"""Seconds that a display on another machine has to answer."""


def has_cuda_driver() -> bool:
    """Whether NVIDIA's driver is there, without which torch, which takes seconds to import, would find no GPU either."""
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    return True


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def display() -> str | None:
    """The display that a window would open on; None where there is none, or none that answers."""
    if not sys.platform.startswith("linux"):
        return sys.platform
    named = os.environ.get("QT_QPA_PLATFORM", "")
    wayland, x = os.environ.get("WAYLAND_DISPLAY", ""), os.environ.get("DISPLAY", "")
    if named and named.partition(":")[0] not in ("xcb", "wayland"):
        return named
    if wayland and _answers(str(Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / wayland)):
        return wayland
    host, _, number = x.partition(":")
    number = number.partition(".")[0]
    if not number.isdecimal():
        return None
    if host in ("", "unix"):
        place = str(X_SOCKETS / f"X{number}")
        return x if _answers(place) or _answers(f"\0{place}") else None
    return x if _answers((host, 6000 + int(number))) else None


def _answers(address: str | tuple[str, int]) -> bool:
    """Whether something listens at a socket."""
    try:
        with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET, socket.SOCK_STREAM) as tried:
            tried.settimeout(PATIENCE)
            tried.connect(address)
    except OSError:
        return False
    return True


def missing_libraries(window: bool) -> list[tuple[str, str]]:
    """(library, Debian package) of every shared library that is not there; `window` also asks for those of X."""
    if not sys.platform.startswith("linux"):
        return []
    needed = NEEDED | (NEEDED_BY_WINDOWS if window else {})
    return [(library, package) for library, package in needed.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def versions() -> dict[str, str]:
    """Of Python, this system and the packages that decide a run's numbers, and in a checkout its commit; nothing is imported for it."""
    packages = {name: version(name) for name in ("valuescape", "numpy", "numba", "torch", "gymnasium")} | {"commit": commit()}
    found = {name: number for name, number in packages.items() if number is not None}
    return {"python": sys.version.split()[0], "system": f"{platform.system()} {platform.machine()}"} | found


@cache
def commit() -> str | None:
    """The commit that these sources are of with "-dirty" behind it where files were changed since; None where
    they lie in no checkout, or git does not answer."""
    root = Path(__file__).parents[1]
    if not (root / ".git").exists():
        return None
    command = ["git", "--no-optional-locks", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=5, creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0))
    except (OSError, subprocess.TimeoutExpired):
        return None
    return told.stdout.strip() or None


def version(package: str) -> str | None:
    """The installed version of a package; None where it is missing."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
