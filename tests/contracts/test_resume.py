"""A run of N units, and one of k that was kept, killed and gone on with for N - k, are equal to the bit: every algorithm."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.learner import Budget
from core.registry import FAMILIES, Algorithm, family
from core.runs import folder
from core.runs.reproduce import differences, in_order
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world
from tests.contracts.test_algorithms import CASES, ROOT, WORK, quick

K, LOST = WORK // 2 + 1, 7
"""Units until the run is kept, and units after that which the kill takes away."""
MEMBERS = 3

CHILD = """
import os, signal, sys
from pathlib import Path
from tests.contracts import test_resume

test_resume.keep(sys.argv[1], Path(sys.argv[2]))
print("kept", flush=True)
os.kill(os.getpid(), signal.SIGKILL) if hasattr(signal, "SIGKILL") else os._exit(9)
"""


def spec_of(algorithm: Algorithm, name: str) -> RunSpec:
    return RunSpec(
        world=open_world(name), world_name=name, algorithm=algorithm.name, config=quick(algorithm), seed=3, members=MEMBERS, device="cpu"
    )


def cases(group: str) -> list[tuple[str, RunSpec]]:
    """Every algorithm of a family in every world that suits it, by name."""
    found = [(case.id, case.values) for case in CASES]
    return [(str(name), spec_of(*values)) for name, values in found if family(values[0].name) == group]


def keep(group: str, place: Path) -> None:
    """Runs of a family, kept after K units and gone on with."""
    for name, spec in cases(group):
        session = Session(spec)
        session.advance(Budget(K))
        folder.save(session, place / name.replace(":", " "))
        session.advance(Budget(LOST))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("group", FAMILIES)
def test_a_killed_run_goes_on_as_if_it_had_never_stopped(group: str, tmp_path: Path) -> None:
    """Tables or weights, optimizer, replay, random streams, environments, metrics and returns."""
    whole = {name: Session(spec) for name, spec in cases(group)}
    for session in whole.values():
        session.advance(Budget(WORK))
    child = subprocess.run([sys.executable, "-c", CHILD, group, tmp_path], cwd=ROOT, capture_output=True, text=True, timeout=500)
    assert child.stdout.strip() == "kept" and child.returncode == -getattr(signal, "SIGKILL", -9), child.stderr
    for name, straight in whole.items():
        again = folder.resume(tmp_path / name.replace(":", " "))
        assert again.units == min(K, straight.units), name
        again.advance(Budget(WORK - K))
        assert (again.units, again.boundaries) == (straight.units, straight.boundaries), name
        assert list(differences(in_order(straight.state()), in_order(again.state()))) == [], name
        assert straight.returns() == again.returns(), name
        assert again.history.channels, f"{name}: nothing was measured, so that equal measurements prove nothing"


def test_a_difference_in_any_part_is_found() -> None:
    """So that no difference means something."""
    case: Any = next(case for case in CASES if case.id == "dqn-gym:CartPole-v1")
    session = Session(spec_of(*case.values))
    session.advance(Budget(WORK))
    whole = session.state()
    for path in (
        "learner/online",
        "learner/optimizer",
        "learner/replay",
        "learner/streams",
        "history/episodes",
        "history/updates",
        "meter",
    ):
        other = session.state()
        inner, *rest = path.split("/")
        alter(other[inner], rest)
        found = list(differences(whole, other))
        assert found and all(line.startswith(path) for line in found), path


def alter(tree: dict[str, Any], path: list[str]) -> None:
    """Change one number below a path."""
    name = path[0] if path else next(name for name, value in tree.items() if isinstance(value, dict) or value is not None)
    value = tree[name]
    if isinstance(value, dict):
        alter(value, path[1:])
    elif hasattr(value, "dtype"):
        tree[name] = value.copy()
        tree[name].flat[-1] += 1
    else:
        tree[name] = value + 1 if not isinstance(value, str) else value + "x"
