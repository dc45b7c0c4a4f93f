"""What the worker tells the window: queued signals, some of them from threads of their own."""

from contextlib import suppress

from PySide6.QtCore import QObject, Signal, SignalInstance


def tell(signal: SignalInstance, *what: object) -> None:
    """Emit from a thread that may outlive the signal's object, as when the window is closed meanwhile; then nobody is told."""
    with suppress(RuntimeError):
        signal.emit(*what)


class Telling(QObject):
    """The worker's signals."""

    status_changed = Signal(int, object, object)
    """(number of the run, Status, Failure or None)"""
    described = Signal(str, str, str)
    """(device, unit, boundary) of the learner, once it is built."""
    compiling = Signal(bool)
    """Whether a kernel is being compiled just now."""
    saved = Signal(object, object)
    """(folder, None or the sentence why it could not be saved)"""
    filmed = Signal(object, object)
    """(path, None or the sentence why it could not be recorded)"""
    branched = Signal(object)
    """The folder in which the run was kept that went on from the moment gone on from."""
    changed = Signal(int, str, str)
    """(units of work before the change, what it was, the sentence why it could not be made or nothing)"""
    taught = Signal(int, float, str)
    """(units of work before, return of the episode that the agent was shown, the sentence why it cannot learn from it or nothing)"""
    kept = Signal(object)
    """The folder in which the run was kept by itself."""
    packed = Signal(object, str)
    """(the workspace of the project that was saved, the sentence why it could not be or nothing)"""
    left_project = Signal(object)
    """The workspace of a project in which nothing is written any more."""
    said = Signal(str)
    """Why something could not be done, such as keeping the run by itself; nothing where it was."""

    def tell_compiling(self, compiling: bool) -> None:
        """From any thread that compiles."""
        self.compiling.emit(compiling)
