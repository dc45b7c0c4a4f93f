"""Where the code of an environment is and what its hash is: found and read, never run."""

import hashlib
import importlib.machinery
import sys
from dataclasses import dataclass
from pathlib import Path

from core.errors import EnvironmentFailure

LARGEST = 16 * 2**20
"""Bytes of code at most."""


@dataclass(frozen=True)
class Code:
    """The code of environments as it is on disk now.

    Attributes:
        source: as a world names it: the path of a Python file, or a module.
        path: the file; of a package its `__init__.py`.
        sha256: of the file's bytes; of a package, of the names and bytes of all its Python files.
        text: the file's bytes.
    """

    source: str
    path: Path
    sha256: str
    text: bytes

    @property
    def is_file(self) -> bool:
        """Whether it is named by its path, not as a module."""
        return is_file(self.source)


def is_file(source: str) -> bool:
    """Whether a source is the path of a Python file, rather than a module."""
    return source.endswith(".py")


def split(name: str) -> tuple[str, str] | None:
    """Source and id of a name such as corridor.py, corridor.py:Corridor-v0 or package.module:Corridor-v0; None where it is none."""
    if is_file(name):
        return name, ""
    source, _, identifier = name.rpartition(":")
    module = len(source) > 1 and all(part.isidentifier() for part in source.split("."))  # one letter is a drive
    return (source, identifier) if identifier and (module or is_file(source)) else None


def code_of(source: str) -> Code:
    """The code that a source names.

    Raises:
        EnvironmentFailure: where there is no such file or module, or it cannot be read.
    """
    path = Path(source) if is_file(source) else _located(source)
    try:
        text = _read(path)
        return Code(source, path, _hash_of_package(path.parent) if path.name == "__init__.py" else sha256(text), text)
    except OSError as error:
        raise EnvironmentFailure(f"it cannot be opened ({error.strerror})", where=str(path)) from None


def sha256(text: bytes) -> str:
    """As 64 hexadecimal digits."""
    return hashlib.sha256(text).hexdigest()


def _read(path: Path) -> bytes:
    if path.stat().st_size > LARGEST:
        raise EnvironmentFailure(f"the file is larger than {LARGEST >> 20} MiB, too large for code", where=str(path))
    return path.read_bytes()


def _hash_of_package(folder: Path) -> str:
    whole = hashlib.sha256()
    for file in sorted(folder.rglob("*.py"), key=lambda file: file.parts):  # in the same order on every system
        whole.update(f"{file.relative_to(folder).as_posix()}\0{sha256(file.read_bytes())}\n".encode())
    return whole.hexdigest()


def _located(module: str) -> Path:
    """The file of a module. Packages around it are not imported, as `importlib.util.find_spec` would."""
    parts, folders = module.split("."), None
    origin = None
    for place in range(len(parts)):
        spec = _spec(".".join(parts[: place + 1]), folders)
        if spec is None:
            raise EnvironmentFailure("there is no such module on Python's path", where=module, remedy="Install it, or name its file")
        origin, folders = spec.origin, list(spec.submodule_search_locations or [])
    path = Path(origin or "")
    if not path.is_file():
        raise EnvironmentFailure(
            "it has no file of its own, so nothing can be said of its code", where=module, remedy="Name a module in it"
        )
    return path


def _spec(name: str, folders: list[str] | None) -> importlib.machinery.ModuleSpec | None:
    for finder in sys.meta_path:
        find = getattr(finder, "find_spec", None)
        spec = find(name, folders) if find is not None else None
        if isinstance(spec, importlib.machinery.ModuleSpec):
            return spec
    return None
