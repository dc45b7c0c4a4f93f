"""Damaged and hostile projects are refused with a sentence, or open: nothing crashes, nothing is executed, memory is bounded."""

import random
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

import pytest

import core.files
from core.errors import ValuescapeError
from core.projects.left import left
from core.projects.project import about
from core.projects.workspace import opened
from core.runs import folder, library
from tests.core.projects.hostile import SAMPLES, forged
from tests.proof.test_damage import mutated

SAMPLE = SAMPLES / "projects" / "format-1.valuescape"
EXECUTED = {"exec", "pickle.find_class", "os.system", "os.exec", "os.posix_spawn", "os.fork", "subprocess.Popen", "ctypes.dlopen"}
"""What Python says when code is run that somebody brings along."""
MOST = 300
"""MiB that opening damaged projects may add to the memory of the process at most."""

heard: list[str] | None = None


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if heard is not None and event in EXECUTED:
        heard.append(f"{event} {arguments!r:.200}")


sys.addaudithook(_hear)


@contextmanager
def listening() -> Iterator[list[str]]:
    global heard
    heard = []
    try:
        yield heard
    finally:
        heard = None


def use(file: Path, home: Path) -> None:
    """Do with a project all that the studio does which opens it; ValuescapeError where that is refused."""
    workspace = opened(home, file, None)
    refused: ValuescapeError | None = None
    try:
        for part in workspace.worlds:
            try:
                workspace.world(part)
            except ValuescapeError as error:
                refused = error
        assert workspace.shown and workspace.settings("layout.json") is not None and workspace.notes is not None
        for run in workspace.runs:
            library.read(run)
            try:
                folder.resume(run).close()
            except ValuescapeError as error:
                refused = error
    finally:
        workspace.close()
    if refused is not None:
        raise refused


def peak() -> float:
    """MiB of memory that the process has had at most."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def bytes_changed(data: bytes, file: Path, rng: random.Random) -> None:
    file.write_bytes(mutated(data, rng))


def description_changed(data: bytes, file: Path, rng: random.Random) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in PARTS.items():
            archive.writestr(name, part)
        archive.writestr("project.json", mutated(DESCRIPTION, rng))


def part_changed(data: bytes, file: Path, rng: random.Random) -> None:
    """With sums that fit, as somebody does it who means harm."""
    name = rng.choice(sorted(PARTS))
    forged(file, PARTS | {name: mutated(PARTS[name], rng)}, {"world": "worlds/lecture-3x4.json", "run": "tabular"})


with zipfile.ZipFile(SAMPLE) as sample:
    PARTS = {name: sample.read(name) for name in sample.namelist()}
DESCRIPTION = PARTS.pop("project.json")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells the memory of a process in another way")
@pytest.mark.parametrize("damage", [bytes_changed, description_changed, part_changed])
@pytest.mark.parametrize("files", [100, pytest.param(20_000, marks=[pytest.mark.slow, pytest.mark.timeout(7200)])])
def test_a_damaged_project_is_refused_or_opens(
    damage: Callable[[bytes, Path, random.Random], None], files: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core.files.os, "fsync", lambda handle: None)  # what is read is not what the disk holds up
    file, data, rng = tmp_path / "one.valuescape", SAMPLE.read_bytes(), random.Random(damage.__name__)
    use(SAMPLE, tmp_path / "home")  # so that all is imported and compiled
    refused, before = 0, peak()
    with listening() as executed:
        for _ in range(files):
            damage(data, file, rng)
            try:
                use(file, tmp_path / "home")
            except ValuescapeError as error:
                assert error.sentence
                refused += 1
    assert executed == []
    assert peak() - before < MOST
    assert 0 < refused < files
    assert list((tmp_path / "home").iterdir()) == [] and left(tmp_path / "home") == []
    assert sorted(each.name for each in tmp_path.iterdir()) == ["home", "one.valuescape"]


def test_a_bomb_takes_no_memory(tmp_path: Path) -> None:
    zeros = b"0" * (50 * 2**20)
    with zipfile.ZipFile(tmp_path / "bomb.valuescape", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.json", b'{"format": 1, "parts": {"worlds/a.json": {"size": 1, "sha256": ""}}}')
        for name in "abc":
            archive.writestr(f"worlds/{name}.json", zeros)
    with pytest.raises(ValuescapeError, match="far larger than they can honestly be"):
        about(tmp_path / "bomb.valuescape")
    rmtree(tmp_path)
