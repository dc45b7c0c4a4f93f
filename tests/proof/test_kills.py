"""Slow proofs that nothing saved is ever lost: kills at random moments, and errors at every write."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

STORM = Path(__file__).parent / "storm.py"


def stormed(kills: int) -> dict[str, dict[str, int]]:
    ended = subprocess.run([sys.executable, STORM, str(kills)], capture_output=True, text=True, timeout=3000)
    assert ended.returncode == 0, ended.stderr
    found: dict[str, dict[str, int]] = json.loads(ended.stdout.splitlines()[-1])
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
@pytest.mark.parametrize("kills", [10, pytest.param(1000, marks=[pytest.mark.slow, pytest.mark.timeout(3000)])])
def test_no_kill_loses_a_file(kills: int) -> None:
    found = stormed(kills)
    assert {form: (figures["lost"], figures["strays left"]) for form, figures in found.items()} == dict.fromkeys(found, (0, 0))
    assert all(figures["saves"] > 0 for figures in found.values()), found
