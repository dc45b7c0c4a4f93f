"""Errors at every single write of a save: what was there before stays, and a sentence says why."""

import errno
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from core.errors import RunError
from core.learner import Budget
from core.runs import folder
from core.runs.reproduce import differences
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world
from core.worlds.world import hash_of, parse
from tests.contracts.test_demonstrations import played
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


def test_an_error_loses_nothing_where_something_was_shown_since_the_last_save_but_no_step_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both saves are after 100 steps, in one process: the arrays of the first must outlive all of the second."""
    session = Session(RunSpec(world=open_world("mdp/three-state"), algorithm="q-learning", seed=1))
    session.advance(Budget(100))
    folder.save(session, tmp_path / "run")
    before, fails, saved = session.state(), 0, False
    session.teach(played(session.spec.world))
    while not saved:
        fails += 1
        with Disk(fails, errno.ENOSPC).installed(monkeypatch):
            try:
                folder.save(session, tmp_path / "run")
                saved = True
            except RunError:
                pass
        found = folder.resume(tmp_path / "run").state()
        assert any(list(differences(found, known)) == [] for known in (before, session.state())[saved:])
    assert fails > 10 and list(differences(before["learner"], session.state()["learner"])) != []
    assert len(list((tmp_path / "run").iterdir())) == 2


def test_a_run_says_what_made_it(tmp_path: Path) -> None:
    """Settings, seed, world and its hash, versions, device, and the commit in a checkout."""
    world = open_world("grid/lecture-3x4")
    session = Session(RunSpec(world=world, world_name="grid/lecture-3x4", algorithm="q-learning", config={"discount": 0.5}, seed=7))
    session.advance(Budget(10))
    folder.save(session, tmp_path / "run")
    told = folder.describe(tmp_path / "run")
    assert told["spec"]["seed"] == 7 and told["spec"]["config"] == {"discount": 0.5} and told["spec"]["algorithm"] == "q-learning"
    assert parse(json.dumps(told["spec"]["world"]), "") == world and told["device"] == "CPU"
    assert told["world_hash"] == hash_of(world) != hash_of(open_world("grid/discount-5x5"))
    assert {"python", "system", "numpy", "torch"} <= told["versions"].keys()
    if shutil.which("git"):
        git = subprocess.run(["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True)
        assert told["versions"].get("commit", "").removesuffix("-dirty") == git.stdout.strip()
