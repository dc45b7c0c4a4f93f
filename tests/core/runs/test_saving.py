"""Errors at every single write of a save: what was there before stays, and a sentence says why."""

import errno
from pathlib import Path

import pytest

from core.errors import RunError
from core.learner import Budget
from core.runs import folder
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world
from tests.disk import Disk


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
