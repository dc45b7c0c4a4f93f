"""Errors at every single write of a save: what was there before stays, and a sentence says why."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pytest

import core.files
from core.errors import RunError
from core.learner import Budget
from core.runs import folder
from core.runs.session import RunSpec, Session
from core.worlds.library import open_world


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


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_an_error_at_any_write_loses_nothing(error: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm="q-learning", seed=1))
    session.advance(Budget(100))
    folder.save(session, tmp_path / "run")
    fails, kept = 0, 100
    while True:
        fails += 1
        session.advance(Budget(1))
        disk = Disk(fails, error)
        with disk.installed(monkeypatch):
            try:
                folder.save(session, tmp_path / "run")
            except RunError as refused:
                assert "cannot be saved (injected)" in refused.sentence
                saved = False
            else:
                saved = True
        found = folder.resume(tmp_path / "run").units
        assert found in ((session.units,) if saved else (kept, session.units))
        kept = found
        assert not list((tmp_path / "run").glob(".*.tmp"))
        if disk.operations < fails:
            break
    assert fails > 20
    assert len(list((tmp_path / "run").iterdir())) == 2
