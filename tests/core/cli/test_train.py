"""Training that is cut short: by Ctrl-C, by its world, by a bug. The run is kept each time."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import platformdirs
import pytest

from core.cli import run
from core.cli.progress import Stop
from core.errors import EnvironmentFailure
from core.learner import Budget, Progress
from core.runs import folder
from core.runs.session import Session

ROOT = Path(__file__).parents[3]
TRAIN = ["train", "grid/lecture-3x4", "--algorithm", "q-learning"]


def kept() -> set[Path]:
    runs = platformdirs.user_data_path("valuescape") / "runs"
    return set(runs.iterdir()) if runs.is_dir() else set()


def breaking(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every session raise after a thousand steps."""
    advance = Session.advance

    def broken(self: Session, budget: Budget) -> Progress:
        if self.units >= 1000:
            raise error
        return advance(self, budget)

    monkeypatch.setattr(Session, "advance", broken)


def test_a_failing_environment_keeps_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    breaking(EnvironmentFailure("step(1) raised ValueError: out of fuel", where="Lander"), monkeypatch)
    code = run([*TRAIN, "--out", str(tmp_path / "run"), "--json"], lambda _: 0)
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert said.err.splitlines() == [f"The run is kept in {tmp_path / 'run'}", "Lander: step(1) raised ValueError: out of fuel."]
    assert folder.describe(tmp_path / "run")["units"] >= 1000


def test_a_bug_keeps_the_run_even_without_a_folder(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    breaking(RuntimeError("bug"), monkeypatch)
    before = kept()
    assert run(TRAIN, lambda _: 0) == 1
    (rescued,) = kept() - before
    said = capsys.readouterr().err
    assert f"The run is kept in {rescued}" in said
    assert "RuntimeError: bug" in said


def test_the_first_interrupt_asks_and_the_second_insists() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Stop() as stop:
        signal.raise_signal(signal.SIGINT)
        assert stop.asked
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to whole consoles only")
def test_ctrl_c_stops_cleanly_and_keeps_the_run(tmp_path: Path) -> None:
    out = tmp_path / "run"
    code = "import sys, main, core.cli.learning as learning; learning.AUTOSAVE = 0.2; sys.exit(main.main(sys.argv[1:]))"
    world = ["train", "mdp/three-state", "--algorithm", "q-learning", "--steps", "1000000000000"]
    command = [sys.executable, "-c", code, *world, "--out", str(out), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while not (out / "run.json").exists() and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        said, complained = process.communicate(timeout=240)
    assert (process.returncode, complained) == (0, "")
    found = json.loads(said)
    assert found["interrupted"] and not found["finished"]
    session = folder.resume(out)
    assert session.units == found["steps"] > 0
    session.advance(Budget(10))
    assert session.units == found["steps"] + 10
    session.close()
