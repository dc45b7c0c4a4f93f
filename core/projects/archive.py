"""Zip files, read as if whoever made them meant harm: no name leaves the folder, no part is larger than it says, memory is bounded."""

import hashlib
import io
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from core.errors import ProjectError
from core.files import replacing
from core.projects.names import fit, same

MOST = 20_000
"""Parts of a file at most."""
CHUNK = 2**20
"""Bytes held at once."""
LARGEST_INDEX = 2**24
"""Bytes of a zip's own list of its parts at most."""
RATIO, FREE = 50, 2**26
"""All parts together may be this many times as large as the file, and so many bytes more: text shrinks, a bomb shrinks without end."""
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, ValueError, LookupError, EOFError, NotImplementedError, RuntimeError, OverflowError)
"""What reading a damaged zip raises."""


@dataclass(frozen=True)
class Sum:
    """What a part must be: its bytes, counted and summed up by SHA-256."""

    size: int
    sha256: str


class _Bounded(io.FileIO):
    """A file of which nobody reads more at once than an index may be long."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = LARGEST_INDEX + 1
        if size > LARGEST_INDEX + 1:
            raise zipfile.BadZipFile("its index is too long")
        data = super().read(size)
        if len(data) > LARGEST_INDEX:
            raise zipfile.BadZipFile("its index is too long")
        return data


class Archive:
    """A zip that is open for reading.

    Attributes:
        parts: by name; folders are none.
    """

    def __init__(self, file: Path, opened: zipfile.ZipFile) -> None:
        self.file, self._opened = file, opened
        self.parts: dict[str, zipfile.ZipInfo] = {}
        seen: set[str] = set()
        if sum(info.file_size for info in opened.infolist()) > FREE + RATIO * file.stat().st_size:
            raise ProjectError("its parts are far larger than they can honestly be", where=str(file), remedy="Do not open it")
        for info in opened.infolist():
            _refuse_evil(file, info)
            if same(info.filename) in seen:
                raise ProjectError(f"it holds '{info.filename}' twice", where=str(file))
            seen.add(same(info.filename))
            if not info.is_dir():
                self.parts[info.filename] = info

    def read(self, name: str, most: int) -> bytes:
        """A part as a whole; ProjectError where it is missing, damaged or longer than `most` bytes."""
        into = io.BytesIO()
        self.copy(name, into, most)
        return into.getvalue()

    def copy(self, name: str, into: IO[bytes] | None = None, most: int | None = None) -> Sum:
        """Write a part to a file, or nowhere, piece by piece: what it is. ProjectError where it is missing, damaged or too long."""
        info = self.parts.get(name)
        if info is None:
            raise ProjectError(f"'{name}' is missing", where=str(self.file))
        if most is not None and info.file_size > most:
            raise ProjectError(f"'{name}' is larger than {most >> 20} MiB, too large to be read", where=str(self.file))
        summed, size = hashlib.sha256(), 0
        source = self._begun(name, info)
        with source:
            while data := self._next(name, source):
                summed.update(data)
                size += len(data)
                if into is not None:
                    into.write(data)
        return Sum(size, summed.hexdigest())

    def _begun(self, name: str, info: zipfile.ZipInfo) -> IO[bytes]:
        try:
            return self._opened.open(info)
        except DAMAGE:
            raise ProjectError(f"'{name}' is damaged", where=str(self.file)) from None

    def _next(self, name: str, source: IO[bytes]) -> bytes:
        try:
            return source.read(CHUNK)
        except DAMAGE:
            raise ProjectError(f"'{name}' is damaged", where=str(self.file)) from None
        except OSError as error:
            raise ProjectError(f"it cannot be opened ({error.strerror})", where=str(self.file)) from None


@contextmanager
def reading(file: Path) -> Iterator[Archive]:
    """Open a zip; ProjectError where it cannot be opened, is none, or holds what no honest one does."""
    try:
        with _Bounded(file) as raw:
            try:
                opened = zipfile.ZipFile(raw)
            except DAMAGE:
                raise ProjectError("this is no project, or a damaged one", where=str(file)) from None
            with opened:
                if len(opened.infolist()) > MOST:
                    raise ProjectError(f"it has more than {MOST} parts", where=str(file))
                yield Archive(file, opened)
    except OSError as error:
        raise ProjectError(f"it cannot be opened ({error.strerror})", where=str(file)) from None


@contextmanager
def writing(file: Path) -> Iterator[Callable[[str, BinaryIO], Sum]]:
    """A function that adds a part by name, piece by piece, and says what it is; the zip takes the place of `file` if all goes well.

    Raises:
        OSError: where it cannot be written.
    """
    now = time.localtime()[:6]
    with replacing(file) as raw, zipfile.ZipFile(raw, "w") as archive:

        def add(name: str, source: BinaryIO) -> Sum:
            info = zipfile.ZipInfo(name, now)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".npz") else zipfile.ZIP_DEFLATED
            summed, size = hashlib.sha256(), 0
            with archive.open(info, "w", force_zip64=True) as part:
                while data := source.read(CHUNK):
                    part.write(data)
                    summed.update(data)
                    size += len(data)
            return Sum(size, summed.hexdigest())

        yield add


def _refuse_evil(file: Path, info: zipfile.ZipInfo) -> None:
    """ProjectError for a part that no honest program writes: a way out of the folder, a link, a secret."""
    part, evil = f"{info.filename!r:.100}", ""
    if info.orig_filename != info.filename or not all(map(fit, info.filename.removesuffix("/").split("/"))):
        evil = f"a part of it, {part}, has a name that is not safe"
    elif stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        evil = f"a part of it, {part}, is a link, not a file"
    elif info.flag_bits & 1:
        evil = f"a part of it, {part}, is encrypted"
    elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        evil = f"a part of it, {part}, is compressed in a way that is not read"
    if evil:
        raise ProjectError(evil, where=str(file), remedy="Do not open it")
