"""`python main.py reproduce RUN`."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.learner import Budget
from core.runs import folder
from core.runs.reproduce import differences, reproduce
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world
from main import main


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A run with a change in the middle, saved."""
    session = Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm="q-learning", seed=4, members=2))
    session.advance(Budget(300))
    session.change({"discount": 0.5})
    session.advance(Budget(200))
    folder.save(session, tmp_path / "run")
    session.close()
    return tmp_path / "run"


def test_a_run_is_made_again_to_the_bit(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", str(kept)]) == 0
    assert "Equal to the bit after 500 steps" in capsys.readouterr().out
    assert main(["reproduce", str(kept), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["equal"] is True


def test_a_network_is_made_again_to_the_bit(tmp_path: Path) -> None:
    config = {"learning_starts": 50, "widths": [16]}
    session = Session(RunSpec(world=open_world("gym:CartPole-v1"), algorithm="dqn", config=config, seed=4))
    session.advance(Budget(250))
    folder.save(session, tmp_path / "run")
    session.close()
    assert reproduce(tmp_path / "run") == []


def test_what_differs_is_named(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    described = json.loads((kept / "run.json").read_text())
    described["spec"]["seed"] = 5
    described["versions"]["numpy"] = "1.0"
    (kept / "run.json").write_text(json.dumps(described))
    assert main(["reproduce", str(kept)]) == 1
    told = capsys.readouterr().out
    assert "differs after 500 steps" in told and "learner/" in told and "numpy: 1.0 then" in told


def test_a_world_that_was_changed_by_hand_is_told(kept: Path) -> None:
    described = json.loads((kept / "run.json").read_text())
    described["spec"]["world"]["description"] = "another"
    (kept / "run.json").write_text(json.dumps(described))
    assert reproduce(kept) == ["world: its description was changed after the run was kept"]


def test_differences_are_counted() -> None:
    one, other = {"a": np.array([1.0, 2.0, np.nan]), "b": 3, "c": "x"}, {"a": np.array([1.0, 2.5, np.nan]), "b": 3, "d": "x"}
    assert list(differences(one, other)) == [
        "a: 1 of 3 numbers differ, by 0.5 at most", "c: only in the new run", "d: only in the kept run",
    ]  # fmt: skip


def test_a_folder_without_a_run_gets_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", str(tmp_path)]) == 2
    assert "there is no run here" in capsys.readouterr().err
