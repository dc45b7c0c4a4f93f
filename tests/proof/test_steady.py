"""Slow proofs that the studio holds steady: nothing it holds grows, and it obeys soon. In full with `python -m tests.proof`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PLACE = Path(__file__).parent
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


def proved(program: str, *arguments: str) -> dict[str, Any]:
    ended = subprocess.run([sys.executable, PLACE / program, *arguments], capture_output=True, text=True, timeout=3500)
    assert ended.stdout, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def test_cycles_leave_nothing_behind() -> None:
    """Threads and handles as before, less than one object in two cycles, and of memory less than 10 kB a cycle."""
    found = proved("cycles.py", "120")
    grown = found["slope in 1,000 cycles"]
    first, last = found["first"], found["last"]
    assert last["threads"] <= first["threads"] + 1 and last["python_threads"] <= first["python_threads"], found
    assert last["handles"] <= first["handles"] + 1, found
    assert grown["objects"] < 500 and (grown["live"] or grown["mib"]) < 10, found
    assert last["nones"] > first["nones"] - 300, "references to None are lost, as by PySide 6.12"


def test_four_minutes_of_every_plot_leave_memory_level() -> None:
    """A short form: what two hours show within 1 MB is noise of some MB here."""
    found = proved("soak.py", "4", "2")
    first, last = found["first"], found["last"]
    assert found["plots"] > 15 and found["steps"] > 10_000
    assert last["threads"] <= first["threads"] + 2 and last["handles"] <= first["handles"] + 2
    assert last["mib"] - first["mib"] < 12, found


def test_pause_and_stop_take_less_than_a_tenth_of_a_second_of_work() -> None:
    """Of the processor's time, all threads together: by the clock it takes longer where other work shares the cores."""
    found = proved("obey.py", "30")["milliseconds"]
    assert all(took["work p99"] < 100 for cases in found.values() for orders in cases.values() for took in orders.values()), found
