"""Environments that take too much memory, alone or with what they start: one sentence, nothing is left of them, and the run is kept."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import numpy as np
import psutil
import pytest

from core.errors import EnvironmentFailure
from core.learner import Budget
from core.memory import usable_memory
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.runs.timeline import Timeline
from core.worlds.copies import make_environment
from core.worlds.foreign import consent
from core.worlds.foreign.code import code_of
from core.worlds.foreign.memory import Family, allowed
from core.worlds.foreign.printed import newest
from core.worlds.gym import GymWorld
from tests.core.worlds.foreign.test_misbehaviour import LONG, SEED, failure, sentence

QUARTER = 0.25
MIB = 2**20
REMEDY = "Mend it, take fewer members, or give it more memory."


def gone(number: int) -> bool:
    """Whether a process that was killed has ended, though nobody may have asked yet how."""
    until = time.monotonic() + LONG
    with suppress(psutil.NoSuchProcess):
        while psutil.Process(number).status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > until:
                return False
    return True


def bred(details: str) -> list[int]:
    """The processes that it says it has started."""
    told = re.search(r"^bred ([\d ]+)$", details, re.MULTILINE)
    assert told is not None
    return [int(number) for number in told[1].split()]


@pytest.mark.parametrize(("where", "call"), [("init", "making it"), ("reset", f"reset(seed={SEED})"), ("step", "step(1)")])
def test_it_eats(where: str, call: str, corridor: Callable[..., GymWorld]) -> None:
    found = failure(corridor(f"eat@{where}", memory_gib=QUARTER))
    assert found.sentence == f"Corridor-v0: its process took more than 0.25 GiB of memory in {call}, so it was ended. {REMEDY}"
    assert "in _misbehave" in found.details, "where it was"


def test_it_eats_when_it_is_imported(tmp_path: Path, corridor: Callable[..., GymWorld]) -> None:
    file = tmp_path / "hungry.py"
    file.write_text("import time\neaten = b'x' * 2**29\ntime.sleep(3600)\n")
    consent.allow(code_of(str(file)))
    said = sentence(GymWorld(id="Hungry", source=str(file), memory_gib=QUARTER))
    assert said == f"Hungry: its process took more than 0.25 GiB of memory in importing it, so it was ended. {REMEDY}"


def test_it_eats_while_nobody_asks(corridor: Callable[..., GymWorld]) -> None:
    with closing(make_environment(corridor("eat later@step", memory_gib=QUARTER), np.random.default_rng(0))) as environment:
        with pytest.raises(EnvironmentFailure, match=r"took more than 0\.25 GiB of memory in (step|reset)"):
            while True:
                outcome = environment.step(0)
                if outcome.truncated:
                    environment.reset()
        with pytest.raises(EnvironmentFailure, match="its process has ended"):
            environment.step(0)


def test_what_it_starts_counts_and_ends_with_it(corridor: Callable[..., GymWorld]) -> None:
    found = failure(corridor("breed@step", memory_gib=QUARTER))
    assert found.what == "its process took more than 0.25 GiB of memory in step(1), so it was ended"
    assert len(bred(found.details)) == 3 and all(map(gone, bred(found.details)))


@pytest.mark.parametrize("exits", [False, True])
def test_what_it_started_does_not_outlive_it(exits: bool, corridor: Callable[..., GymWorld]) -> None:
    with closing(make_environment(corridor("leave behind@step"), np.random.default_rng(0))) as environment:
        environment.step(0)
        if exits:
            with pytest.raises(EnvironmentFailure, match=r"its process ended by itself in step\(0\) \(exit code 3\)"):
                environment.step(0)
    printed = newest()[-1]
    printed.wait(LONG)
    assert bred(printed.text) and all(map(gone, bred(printed.text)))


def test_the_run_is_what_it_was_before(corridor: Callable[..., GymWorld], tmp_path: Path) -> None:
    file = tmp_path / "corridor.py"
    text = Path(corridor().source).read_text()
    file.write_text(text.replace('self._misbehave("step")', "self._misbehave('step' if action and self.steps > 6 else '')"))
    consent.allow(code_of(str(file)))
    world = GymWorld(id="Corridor-v0", source=str(file), arguments={"trouble": "eat@step"}, memory_gib=QUARTER)
    spec = RunSpec(world=world, algorithm="dqn", config={"widths": [8], "learning_starts": 1000}, seed=1, device="cpu", steps=1000)
    with closing(Session(spec)) as session:
        timeline = Timeline(session)
        with pytest.raises(EnvironmentFailure, match="GiB of memory"):
            while True:
                session.advance(Budget(5))
        assert session.broken and session.units
        with closing(timeline.mended()) as mended:
            assert mended.units == session.units and not mended.broken


@contextmanager
def running(code: str) -> Iterator[int]:
    """A Python that does something and then waits."""
    code += "\nprint(flush=True)\ninput()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None and process.stdout.readline()
        try:
            yield process.pid
        finally:
            process.communicate(b"\n")


def test_what_is_only_reserved_does_not_count() -> None:
    with running("import mmap\nreserved = mmap.mmap(-1, 2**33)") as number:
        assert not Family(number).takes_more_than(64 * MIB)


@pytest.mark.skipif(sys.platform != "linux", reason="mapped files are told apart on Linux only")
def test_mapped_files_do_not_count_and_shared_memory_does(tmp_path: Path) -> None:
    file = tmp_path / "data"
    file.write_bytes(bytes(128 * MIB))
    mapped = (
        f"import mmap\nfile = open({str(file)!r}, 'rb')\nmapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)\nsum(mapped[::4096])"
    )
    with running(mapped) as number:
        assert psutil.Process(number).memory_info().rss > 100 * MIB
        assert not Family(number).takes_more_than(64 * MIB)
    with running(f"import mmap\nshared = mmap.mmap(-1, {128 * MIB})\nshared[:] = bytes({128 * MIB})") as number:
        assert Family(number).takes_more_than(64 * MIB)


@pytest.mark.skipif(not hasattr(sys, "getdlopenflags"), reason="forks")
@pytest.mark.parametrize(("eaten", "more"), [("b'x' * 2**26", False), ("bytearray(b'x' * 2**26)", True)])
def test_pages_that_forks_share_count_once(eaten: str, more: bool) -> None:
    """Two forks of 64 MiB, which only read or else write to all of it."""
    code = f"""
import os, sys
eaten, ready, tell = {eaten}, *os.pipe()
for _ in range(2):
    if not os.fork():
        if isinstance(eaten, bytearray):
            eaten[::4096] = b'y' * len(eaten[::4096])
        os.write(tell, b'.')
        os.close(tell)
        sys.stdin.read()
        os._exit(0)
os.read(ready, 1), os.read(ready, 1)
"""
    with running(code) as number:
        assert Family(number).takes_more_than(128 * MIB) is more


def test_a_process_that_has_ended_takes_nothing() -> None:
    with running("") as number:
        pass
    assert not Family(number).takes_more_than(0)


def test_where_nothing_is_said_it_is_a_quarter_of_the_machine() -> None:
    assert allowed(0.0) == usable_memory() // 4
    assert allowed(1.5) == 1536 * MIB
