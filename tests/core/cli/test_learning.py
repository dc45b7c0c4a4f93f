"""A disk that is full or gone while a run trains on the command line."""

import errno
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.cli import learning
from core.cli.learning import Learning
from core.errors import RunError
from core.learner import Budget
from core.runs import folder
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world


def full(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def made(out: Path) -> Learning:
    return Learning(Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm="q-learning", seed=1, steps=2000)), out)


def test_it_is_told_once_and_the_run_is_kept_when_the_disk_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(learning, "AUTOSAVE", -1.0)
    with closing(made(tmp_path / "run")) as one:
        with monkeypatch.context() as patch:
            patch.setattr(folder, "replacing", full)
            one.learn()
        assert one.session.units == 2000
        told = capsys.readouterr().err
        assert told.count("No space left on device") == 1 and told.endswith("The run goes on, and is kept once that works.\n")
        one.save()
    assert folder.describe(tmp_path / "run")["units"] == 2000


def test_at_the_end_it_is_kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("")
    monkeypatch.setattr(learning, "kept_folder", lambda _: tmp_path / "elsewhere")
    with closing(made(tmp_path / "taken" / "run")) as one:
        one.session.advance(Budget(100))
        with pytest.raises(RunError, match="the run cannot be saved"):
            one.save()
    assert f"The run is kept in {tmp_path / 'elsewhere'}" in capsys.readouterr().err
    assert folder.describe(tmp_path / "elsewhere")["units"] == 100
