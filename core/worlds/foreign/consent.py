"""Which code a person has allowed to run, by its hash, in one file of the user's data folder. Changed code is other code."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_data_path

from core.errors import EnvironmentFailure
from core.files import replacing
from core.worlds.foreign.code import Code, code_of

if TYPE_CHECKING:
    from core.worlds.gym import GymWorld

_here = set[str]()
"""Allowed since the program began: where the file cannot be written, that still holds."""


class NotAllowed(EnvironmentFailure):
    """Code that nobody has allowed to run yet.

    Attributes:
        code: which.
    """

    def __init__(self, code: Code) -> None:
        self.code = code
        what = f"nobody has allowed this code to run yet (SHA-256 {code.sha256[:12]}…)"
        super().__init__(what, where=str(code.path), remedy="Look it through, then allow it (--trust on the command line)")


def checked(world: "GymWorld") -> Code:
    """The code of a world as it is now.

    Raises:
        EnvironmentFailure: where it is not there, or is not what the world says it was.
    """
    code = code_of(world.source)
    if world.sha256 and world.sha256 != code.sha256:
        what = f"the code is not what it was: SHA-256 {code.sha256[:12]}… now, {world.sha256[:12]}… then"
        raise EnvironmentFailure(what, where=str(code.path), remedy="Bring it back as it was, or train anew")
    return code


def file() -> Path:
    """Where what is allowed is kept."""
    return user_data_path("valuescape") / "trusted.json"


def allowed(code: Code) -> bool:
    """Whether a person has allowed this very code to run."""
    return code.sha256 in _here or code.sha256 in _kept()


def allow(code: Code) -> None:
    """Let this code run from now on, until it is changed."""
    _here.add(code.sha256)
    known = _kept() | {code.sha256: {"source": str(code.path), "allowed": time.strftime("%Y-%m-%d %H:%M:%S")}}
    try:
        file().parent.mkdir(parents=True, exist_ok=True)
        with replacing(file()) as written:
            written.write((json.dumps({"format": 1, "allowed": known}, indent=1) + "\n").encode())
    except OSError:
        return  # it is asked again next time


def check(code: Code) -> None:
    """NotAllowed where nobody has allowed this code to run."""
    if not allowed(code):
        raise NotAllowed(code)


def _kept() -> dict[str, Any]:
    try:
        known = json.loads(file().read_text(encoding="utf-8"))["allowed"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}
