"""What the operating system must bring: the shared libraries that Qt's wheels do not."""

import ctypes
import sys

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
}
"""Those that only a window under X needs; the offscreen platform does without."""


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
