"""The real studio, offscreen, for proofs that are programs of their own; imported before anything of Qt."""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ["LOCALAPPDATA"] = tempfile.mkdtemp(prefix="valuescape-proof-")
os.environ["APPDATA"] = os.environ["LOCALAPPDATA"]
os.environ["XDG_CONFIG_HOME"] = os.environ["LOCALAPPDATA"]
os.environ["XDG_DATA_HOME"] = os.environ["LOCALAPPDATA"]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import QCoreApplication, QEvent

from app.start import start
from app.studio import Studio

atexit.register(shutil.rmtree, os.environ["LOCALAPPDATA"], ignore_errors=True)


@contextmanager
def opened() -> Iterator[Studio]:
    """The studio in a window of 1600 × 1000."""
    _, studio = start(Path(os.environ["LOCALAPPDATA"]) / "studio.ini")
    studio.window.resize(1600, 1000)
    studio.window.show()
    yield studio
    studio.document.stack.setClean()
    studio.close()
    studio.window.retire()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
