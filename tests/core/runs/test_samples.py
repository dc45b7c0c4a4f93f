"""Runs and worlds as earlier versions kept them open, or are refused in a clear sentence."""

import shutil
from pathlib import Path

import pytest

from core.errors import RunError
from core.learner import Budget
from core.runs import folder, library
from core.worlds.world import load

SAMPLES = Path(__file__).parents[2] / "samples"
RUNS = sorted(SAMPLES.glob("runs/*/*"))
GONE = {("format-1", "tabular"), ("format-1", "deep")}
"""Runs that can be listed and compared, but no longer go on."""
UNITS = {"tabular": 400, "planner": 66, "deep": 120, "changed": 400}


def named(run: Path) -> str:
    return f"{run.parent.name}-{run.name}"


@pytest.mark.parametrize("run", [run for run in RUNS if (run.parent.name, run.name) not in GONE], ids=named)
def test_a_run_goes_on(run: Path, tmp_path: Path) -> None:
    session = folder.resume(shutil.copytree(run, tmp_path / "run"))
    assert session.units == UNITS[run.name] and folder.describe(run)["format"] == int(run.parent.name[-1])
    before = session.units
    progress = session.advance(Budget(50))
    assert progress.units == (0 if run.name == "planner" else 50) and session.units == before + progress.units
    assert len(session.spec.changes) == (run.name == "changed")
    session.close()


@pytest.mark.parametrize("run", [run for run in RUNS if (run.parent.name, run.name) in GONE], ids=named)
def test_a_run_that_cannot_go_on_says_why(run: Path) -> None:
    with pytest.raises(RunError, match=r"an older Valuescape \(format 1\), and this one cannot go on with it.*choose New run like it"):
        folder.resume(run)


@pytest.mark.parametrize("run", RUNS, ids=named)
def test_a_run_is_listed_and_its_measurements_are_read(run: Path) -> None:
    entry = library.read(run)
    assert entry.problem is None and entry.units == UNITS[run.name] and entry.world == "Lecture 3×4"
    _, history = folder.recorded(run)
    assert len(next(iter(history["sweeps" if run.name == "planner" else "episodes"].values())))


@pytest.mark.parametrize("file", sorted((SAMPLES / "worlds").glob("*.json")), ids=lambda file: file.stem)
def test_a_world_opens(file: Path) -> None:
    world = load(file)
    assert world.title and (not world.finite or world.compile().states > 1)


def test_there_are_samples() -> None:
    assert len(RUNS) == 7 and len(list((SAMPLES / "worlds").glob("*.json"))) == 5
