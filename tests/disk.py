"""A disk on which one operation of a save goes wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pytest

import core.files


class Disk:
    """A disk on which the `fails`-th operation of a save goes wrong."""

    def __init__(self, fails: int, error: int) -> None:
        self.fails, self.error, self.operations = fails, error, 0

    def work(self) -> None:
        self.operations += 1
        if self.operations == self.fails:
            raise OSError(self.error, "injected")

    @contextmanager
    def installed(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        disk = self
        fsync, replace, mkdir, opened = core.files.os.fsync, Path.replace, Path.mkdir, Path.open

        class File:
            def __init__(self, file: BinaryIO) -> None:
                self.file = file

            def write(self, data: Any) -> int:
                disk.work()
                return self.file.write(data)

            def __getattr__(self, name: str) -> Any:
                return getattr(self.file, name)

            def __enter__(self) -> "File":
                return self

            def __exit__(self, *_: object) -> None:
                self.file.close()

        def open_(path: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
            if "w" not in mode:
                return opened(path, mode, *rest, **more)
            disk.work()
            return File(opened(path, mode, *rest, **more))

        def doing(function: Any) -> Any:
            def done(*arguments: Any, **more: Any) -> Any:
                disk.work()
                return function(*arguments, **more)

            return done

        with monkeypatch.context() as patch:
            patch.setattr(core.files.os, "fsync", doing(fsync))
            patch.setattr(Path, "replace", doing(replace))
            patch.setattr(Path, "mkdir", doing(mkdir))
            patch.setattr(Path, "open", open_)
            yield
