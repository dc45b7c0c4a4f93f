"""The measurements of a run in the hands of other programs."""

import csv
import sys
from pathlib import Path

import numpy as np
import pytest

from core.cli import run as command
from core.errors import MissingPart, RunError
from core.learner import Budget
from core.runs import export, folder
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world


@pytest.fixture
def run(tmp_path: Path) -> Path:
    session = Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm="q-learning", members=2))
    session.advance(Budget(800))
    folder.save(session, tmp_path / "run")
    return tmp_path / "run"


def test_csv_holds_every_number_of_every_channel(run: Path, tmp_path: Path) -> None:
    files = export.to_csv(run, tmp_path / "out")
    _, history = folder.recorded(run)
    assert {file.stem for file in files} == {name for name, columns in history.items() if columns}
    for file in files:
        with file.open(encoding="utf-8", newline="") as opened:
            heads, *rows = csv.reader(opened)
        columns = history[file.stem]
        assert heads == list(columns) and len(rows) == len(next(iter(columns.values())))
        for name, read in zip(heads, zip(*rows, strict=True), strict=True):
            np.testing.assert_array_equal(np.array(read, float), columns[name].astype(float))


def test_the_command_writes_them_and_names_them(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["export-run", str(run), str(tmp_path / "out")], lambda _: 0) == 0
    assert str(tmp_path / "out" / "episodes.csv") in capsys.readouterr().out


def test_a_target_that_is_a_file_is_refused(run: Path, tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(RunError, match="the measurements cannot be written"):
        export.to_csv(run, tmp_path / "out")


def test_without_tensorboard_a_sentence_says_so(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("torch.utils.tensorboard")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(MissingPart, match=r"need the package 'tensorboard'.*pip install tensorboard"):
        export.to_tensorboard(run, tmp_path / "out")


def test_scalars_are_each_members_own_over_steps(run: Path) -> None:
    _, history = folder.recorded(run)
    episodes = history["episodes"]
    for member in (0, 1):
        told = {name: (at, values) for name, at, values in export._scalars(episodes, member)}
        mine = episodes["member"] == member
        assert told["return"][0] == episodes["step"][mine].tolist()
        assert told["return"][1] == episodes["return"][mine].tolist()


def test_tensorboard_reads_what_was_written(run: Path, tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="the extra 'tensorboard' is not installed")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    assert len(export.to_tensorboard(run, tmp_path / "out")) == 2
    _, history = folder.recorded(run)
    episodes = history["episodes"]
    for member in (0, 1):
        read = (
            EventAccumulator(str(tmp_path / "out" / f"member {member}"), size_guidance={"scalars": 0}).Reload().Scalars("episodes/return")
        )
        mine = episodes["member"] == member
        assert [event.step for event in read] == episodes["step"][mine].tolist()
        np.testing.assert_allclose([event.value for event in read], episodes["return"][mine])


def test_a_run_without_a_network_has_no_weights(run: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="only runs with a network have weights"):
        export.to_safetensors(run, tmp_path / "out")


def test_kept_runs_are_listed(run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from core.runs import library

    monkeypatch.setattr(library, "home", lambda: run.parent)
    assert command(["list", "runs"], lambda _: 0) == 0
    assert "q-learning" in capsys.readouterr().out
    monkeypatch.setattr(library, "home", lambda: run.parent / "nowhere")
    assert command(["list", "runs", "--json"], lambda _: 0) == 0
    assert capsys.readouterr().out.strip() == "[]"
