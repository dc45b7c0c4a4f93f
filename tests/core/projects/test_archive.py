"""A project gives back every byte that went into it, says what is damaged, and stays as it was where a save goes wrong."""

import errno
import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ProjectError
from core.projects import project
from core.projects.names import fit, fitted, same
from core.projects.project import About, about, copy_run, pack, sources, unpack, verify, write_about
from core.projects.workspace import Workspace, made
from core.runs import folder, notes
from core.runs.notes import Notes
from core.worlds.grid import GridWorld
from core.worlds.library import library_world
from tests.core.projects.hostile import RUN, SAMPLES, forged
from tests.disk import Disk

TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=8
)


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A project with two worlds, a run and a note."""
    workspace = made(tmp_path / "home")
    workspace.keep_world(library_world("grid/lecture-3x4"), "grid/lecture-3x4")
    workspace.keep_world(library_world("gym:CartPole-v1"), "gym:CartPole-v1")
    notes.write(workspace.add_run(RUN), Notes("first", ("good",), "learns fast"))
    workspace.note(Notes("Homework 3", (), "SARSA is safer here."))
    workspace.arrange({"panels": {}}, {"algorithm": "sarsa"}, "worlds/lecture-3x4.json")
    workspace.belong_to(tmp_path / "whole.valuescape")
    workspace.save()
    workspace.close()
    return tmp_path / "whole.valuescape"


def bytes_of(place: Path) -> dict[str, bytes]:
    return {name: file.read_bytes() for name, file in sources(place).items()}


@given(
    title=TEXT, note=TEXT, layout=st.dictionaries(TEXT, JSON), names=st.lists(TEXT, max_size=4),
    runs=st.dictionaries(TEXT, st.tuples(st.binary(max_size=2000), TEXT), max_size=3),
)  # fmt: skip
def test_every_byte_comes_back(
    tmp_path_factory: pytest.TempPathFactory, title: str, note: str, layout: dict[str, object], names: list[str],
    runs: dict[str, tuple[bytes, str]],
) -> None:  # fmt: skip
    home = tmp_path_factory.mktemp("round")
    workspace = made(home)
    worlds = [GridWorld(map=("S.G",), title=title[:200], discount=place / 10) for place, _ in enumerate(names)]
    parts = [workspace.keep_world(world, name) for world, name in zip(worlds, names, strict=True)]
    for name, (arrays, said) in runs.items():
        run = home / "elsewhere" / fitted(name)
        run.mkdir(parents=True, exist_ok=True)
        (run / "checkpoint-1-1.npz").write_bytes(arrays)
        (run / "run.json").write_text(json.dumps({"checkpoint": "checkpoint-1-1.npz", "said": said, "name": name}), encoding="utf-8")
        notes.write(workspace.add_run(run), Notes(note=said))
    workspace.note(Notes(title, (), note))
    workspace.arrange(layout, {"settings": layout}, parts[-1] if parts else "")
    file = home / "one.valuescape"
    workspace.belong_to(file)
    workspace.save()
    assert not workspace.modified and verify(file) == []
    assert unpack(file, home / "again") == []
    assert bytes_of(home / "again") == bytes_of(workspace.place)
    assert len(workspace.worlds) == len(worlds) == len(set(parts)) and len(list((home / "again" / "runs").glob("*"))) == len(runs)
    workspace.close()
    opened = Workspace(home / "again", workspace.lock, workspace.belongs, workspace.claimed)
    assert [opened.world(part) for part in parts] == worlds and [opened.name_of(part) for part in parts] == names
    assert opened.notes == Notes(title, (), note) and opened.settings("layout.json") == layout
    assert opened.shown[0] == (parts[-1] if parts else None)


@given(name=TEXT, more=st.lists(TEXT, max_size=5))
def test_names_become_fit_and_stay_apart(name: str, more: list[str]) -> None:
    taken: set[str] = set()
    for each in (name, *more, name, name.upper()):
        found = fitted(each, taken, ".json")
        assert fit(found) and same(found) not in taken
        taken.add(same(found))


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "con", "NUL.json", "a:b", "a ", " a", "a.", "x" * 121, "a\x00b", "a\nb"])
def test_what_no_file_may_be_called(name: str) -> None:
    assert not fit(name)
    assert fit(fitted(name))


def test_a_project_says_what_is_in_it(whole: Path) -> None:
    said = about(whole)
    assert said.worlds == ["worlds/CartPole-v1.json", "worlds/lecture-3x4.json"] and said.runs == ["tabular"]
    assert said.world == "worlds/lecture-3x4.json" and said.versions["valuescape"]
    with zipfile.ZipFile(whole) as archive:
        assert json.loads(archive.read("project.json"))["format"] == 1
        assert json.loads(archive.read("layout.json")) == {"panels": {}}
        assert archive.testzip() is None


def test_a_run_out_of_a_project_goes_on(whole: Path, tmp_path: Path) -> None:
    unpack(whole, tmp_path / "out")
    session = folder.resume(tmp_path / "out" / "runs" / "tabular")
    assert session.units == 400
    session.close()


def test_a_damaged_part_is_named_and_the_rest_is_there(whole: Path, tmp_path: Path) -> None:
    data = bytearray(whole.read_bytes())
    with zipfile.ZipFile(whole) as archive:
        info = next(info for info in archive.infolist() if info.filename.endswith(".npz"))
    data[info.header_offset + 200] ^= 1
    whole.write_bytes(data)
    (problem,) = verify(whole)
    assert problem == f"'{info.filename}' is damaged" == unpack(whole, tmp_path / "out")[0]
    assert (tmp_path / "out" / "worlds" / "lecture-3x4.json").exists() and (tmp_path / "out" / "runs" / "tabular" / "run.json").exists()
    assert not (tmp_path / "out" / info.filename).exists()


def test_a_changed_part_is_noticed(whole: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(whole) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts["runs/tabular/run.json"] = parts["runs/tabular/run.json"].replace(b'"seed": 3', b'"seed": 4')
    del parts["notes.json"]
    with zipfile.ZipFile(whole, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert sorted(verify(whole)) == ["'notes.json' is missing", "'runs/tabular/run.json' is damaged"]


def test_a_newer_project_is_refused(tmp_path: Path) -> None:
    file = forged(tmp_path / "new.valuescape", {}, {"format": 2})
    with pytest.raises(
        ProjectError, match=r"new.valuescape: it was saved by a newer Valuescape \(format 2\). Update Valuescape to open it."
    ):
        unpack(file, tmp_path / "out")


@pytest.mark.parametrize("data", [b"", b"PK", b"hello", b"PK\x05\x06" + b"\x00" * 18, b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_project_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "no.valuescape").write_bytes(data)
    with pytest.raises(ProjectError, match=r"no.valuescape: this is no project, or a damaged one"):
        about(tmp_path / "no.valuescape")


@pytest.mark.parametrize("said", [
    "[]", "{", "1", '{"format": true}', '{"format": "1"}', '{"format": 1, "parts": []}', '{"format": 1, "parts": {"a": 1}}',
    '{"format": 1, "saved": "x"}', '{"format": 1, "names": [1]}', "[" * 100_000,
])  # fmt: skip
def test_a_damaged_description_is_refused(said: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bad.valuescape", "w") as archive:
        archive.writestr("project.json", said)
    with pytest.raises(ProjectError, match="the project's description is damaged"):
        about(tmp_path / "bad.valuescape")


def linked(archive: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("worlds/link.json")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(info, "/etc/passwd")


def twice(archive: zipfile.ZipFile) -> None:
    archive.writestr("worlds/Same.json", "{}")
    archive.writestr("worlds/same.json", "{}")


def bomb(archive: zipfile.ZipFile) -> None:
    with archive.open(zipfile.ZipInfo("worlds/bomb.json"), "w") as part:
        part.write(b" ")
    archive.infolist()[-1].file_size = 2**40


def slow(archive: zipfile.ZipFile) -> None:
    archive.writestr("worlds/slow.json", "{}", zipfile.ZIP_LZMA)


@pytest.mark.parametrize(
    ("evil", "what"),
    [(lambda archive, name=name: archive.writestr(name, "x"), "has a name that is not safe")
     for name in ("../out.json", "/etc/cron.d/x", "worlds/../../x.json", "worlds/a\\b.json", "C:/x.json", "worlds/aux.json", "runs/./x")]
    + [(linked, "is a link, not a file"), (twice, "it holds 'worlds/same.json' twice"), (bomb, "are far larger than they can honestly be"),
       (slow, "is compressed in a way that is not read")],
)  # fmt: skip
def test_nothing_evil_is_unpacked(evil: Callable[[zipfile.ZipFile], None], what: str, whole: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(whole, "a") as archive:
        evil(archive)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ProjectError, match=what):
        unpack(whole, tmp_path / "out")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_description_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    file = forged(tmp_path / "evil.valuescape", {"worlds/a.json": b"{}", "other.txt": b"x"})
    data = {"format": 1, "world": "../../etc/passwd", "run": "..", "parts": {name: {"size": 0, "sha256": ""} for name in (
        "runs/../run.json", "worlds/../../a.json", "../x", "runs/x/checkpoint-/../../y.npz")}}  # fmt: skip
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("project.json", json.dumps(data))
    assert unpack(file, tmp_path / "out") == ["'runs/../run.json' is missing"]
    assert [each.name for each in (tmp_path / "out").rglob("*")] == ["project.json"]
    workspace = made(tmp_path / "home")
    shutil.copy(tmp_path / "out" / "project.json", workspace.place)
    workspace.about = project.read_about(workspace.place)
    assert workspace.shown == (None, None)
    workspace.close()


def test_only_parts_of_a_project_are_packed(tmp_path: Path) -> None:
    place = tmp_path / "place"
    (place / "worlds").mkdir(parents=True)
    shutil.copytree(RUN, place / "runs" / "one")
    for stray in ("secret.txt", "open.json", "worlds/a.txt", "runs/one/.checkpoint.tmp", "runs/one/checkpoint-old.npz", "runs/one.lock"):
        (place / stray).write_text("x")
    pack(place, tmp_path / "one.valuescape")
    assert sorted(about(tmp_path / "one.valuescape").parts) == sorted(f"runs/one/{file.name}" for file in RUN.iterdir())


def test_a_run_that_is_saved_meanwhile_is_copied_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = shutil.copytree(RUN, tmp_path / "run")
    (old,) = run.glob("checkpoint-*.npz")
    copied = shutil.copyfile

    def saving(source: Path, target: Path) -> None:
        if source == old and old.exists():
            new = json.loads((run / "run.json").read_bytes()) | {"checkpoint": "checkpoint-401-1.npz"}
            shutil.move(old, run / "checkpoint-401-1.npz")
            (run / "run.json").write_text(json.dumps(new))
        copied(source, target)

    monkeypatch.setattr(shutil, "copyfile", saving)
    copy_run(run, tmp_path / "copy")
    session = folder.resume(tmp_path / "copy")
    assert session.units == 400
    session.close()


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_an_error_at_any_write_leaves_the_file_as_it_was(error: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = made(tmp_path / "home")
    file = tmp_path / "one.valuescape"
    workspace.add_run(RUN)
    workspace.belong_to(file)
    assert workspace.keep_world(GridWorld(map=("SG",), title="0"), "one") == "worlds/one.json"
    fails, kept = 0, 0
    workspace.save()
    while True:
        fails += 1
        disk = Disk(fails, error)
        workspace.keep_world(GridWorld(map=("SG",), title=str(fails)), "one", "worlds/one.json")
        with disk.installed(monkeypatch):
            try:
                workspace.save()
            except ProjectError as refused:
                assert "the project cannot be saved (injected)" in refused.sentence
            else:
                assert disk.operations < fails and not workspace.modified
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        assert unpack(file, tmp_path / "out") == []
        found = int(json.loads((tmp_path / "out" / "worlds" / "one.json").read_bytes())["title"])
        assert found in (kept, fails) and (found == fails or workspace.modified)
        kept = found
        assert not list(tmp_path.glob(".*.tmp"))
        if disk.operations < fails:
            break
    assert fails > 20
    workspace.close()


def test_samples_open_for_ever(tmp_path: Path) -> None:
    (file,) = (SAMPLES / "projects").glob("*.valuescape")
    assert file.name == "format-1.valuescape" and verify(file) == []
    assert unpack(file, tmp_path / "out") == []
    said = about(file)
    assert said.world == "worlds/lecture-3x4.json" and said.runs == ["deep", "tabular"] and said.run == "tabular"
    assert notes.read(tmp_path / "out") == Notes("Homework 3", (), "SARSA is safer here.")
    for run in (tmp_path / "out" / "runs").iterdir():
        folder.resume(run).close()


def test_an_unwritten_folder_says_nothing(tmp_path: Path) -> None:
    assert project.read_about(tmp_path) == About()
    write_about(tmp_path, About("worlds/a.json"))
    assert project.read_about(tmp_path) == About("worlds/a.json")
