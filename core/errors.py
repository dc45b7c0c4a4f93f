"""What a person can mend, said in one sentence.

Every error that a person can cause is a `ValuescapeError`: it says what is wrong, where, and what to do.
Anything else that is raised is a bug.
"""

import difflib
from collections.abc import Iterable


class ValuescapeError(Exception):
    """A mistake that a person can mend.

    Args:
        what: what is wrong, as a sentence without its full stop.
        where: the file, field, cell or state at fault.
        remedy: what to do about it, as a sentence without its full stop.
    """

    def __init__(self, what: str, *, where: str | None = None, remedy: str | None = None) -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """What, where and what to do, as a person reads it."""
        place = f"{self.where}: " if self.where else ""
        remedy = f" {_ended(self.remedy)}" if self.remedy else ""
        return f"{place}{_ended(self.what)}{remedy}"


class WorldError(ValuescapeError):
    """A world that is not a proper decision process, or a file that is not a world."""


class ConfigError(ValuescapeError):
    """A setting that is out of bounds, misspelt or of the wrong type; `where` names the field."""


class EnvironmentFailure(ValuescapeError):
    """An environment that cannot be made or that broke its contract.

    Attributes:
        details: where in its code, or what it printed last; empty where nothing more is known.
    """

    details = ""


class DeviceError(ValuescapeError):
    """A device that is not there."""


class MemoryFull(ValuescapeError):
    """What has no room in the memory of this machine, or of its GPU."""


class RunError(ValuescapeError):
    """A run folder that cannot be read or written."""


class ProjectError(ValuescapeError):
    """A project file that cannot be read or written."""


class PolicyError(ValuescapeError):
    """A file of another program's weights that cannot be brought in."""


class MissingPart(ValuescapeError):
    """A display, system library or package that this machine lacks."""


class UnknownName(ValuescapeError):
    """A name that no registry knows; answers with the nearest ones.

    Args:
        kind: what was looked for, such as "world".
        name: what was asked.
        known: every name there is.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.near = nearest(name, known)
        remedy = f"Did you mean {' or '.join(self.near)}?" if self.near else f"List them with: python main.py list {kind}s"
        super().__init__(f"There is no {kind} named '{name}'", remedy=remedy)


def sentence_of(error: Exception) -> str:
    """What a person is told of any error."""
    return error.sentence if isinstance(error, ValuescapeError) else f"{type(error).__name__}: {error}"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("?", ".")) else sentence + "."


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Up to `most` of the known names that look most like `name`, best first."""
    by_key = {key: full for full in known for key in (full.lower(), full.lower().rpartition("/")[2].rpartition(":")[2])}
    found = difflib.get_close_matches(name.lower(), by_key, n=2 * most, cutoff=0.5)
    return list(dict.fromkeys(by_key[key] for key in found))[:most]
