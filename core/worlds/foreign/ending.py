"""Ends processes, and says how they ended."""

import contextlib
import os
import signal
from typing import Any


def kill(process: Any) -> None:
    """End a process of multiprocessing with all that it has started."""
    if process.exitcode is None:
        kill_started_by(process.pid)
        process.kill()


def kill_started_by(number: int) -> None:
    """End all that a process has started; but on Windows itself, too. On Windows it must be running; elsewhere it leads a group, whose
    number stays its own while anything of it is there."""
    if os.name == "nt":
        import psutil

        with contextlib.suppress(psutil.Error):
            for other in psutil.Process(number).children(recursive=True):
                other.kill()
    else:
        with contextlib.suppress(OSError):
            os.killpg(number, signal.SIGKILL)


def how(code: int | None) -> str:
    """What is said of the way a process ended, by its exit code."""
    if code is None:
        return "it no longer answers"
    if code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"
