"""An open project: one studio writes it, what was not saved survives a kill, and is offered once, never while its studio is open."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import ProjectError
from core.projects.claim import Access, claim
from core.projects.left import left
from core.projects.project import unpack
from core.projects.workspace import Workspace, made, opened
from core.runs.notes import Notes
from core.worlds.grid import GridWorld
from tests.core.projects.hostile import RUN

WORLD = GridWorld(map=("S.G",), title="Mine")
ROOT = Path(__file__).parents[3]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def file(tmp_path: Path, home: Path) -> Path:
    """A project that was saved and closed."""
    workspace = made(home)
    workspace.keep_world(WORLD, "mine")
    workspace.belong_to(tmp_path / "one.valuescape")
    workspace.save()
    workspace.close()
    assert list(home.iterdir()) == [] and [each.name for each in tmp_path.iterdir() if each.is_file()] == ["one.valuescape"]
    return tmp_path / "one.valuescape"


def killed(code: str) -> None:
    """A studio that does something and is killed without warning; a studio beside it looks on."""
    code += "\nprint('done', flush=True)\nimport time; time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None and process.stdout.readline() == "done\n"
        process.send_signal(signal.SIGKILL)


def opening(home: Path, file: Path) -> str:
    return f"""
from pathlib import Path
from core.projects.claim import claim
from core.projects.workspace import opened
from core.worlds.grid import GridWorld
file = Path({str(file)!r})
workspace = opened(Path({str(home)!r}), file, claim(file))
"""


def test_what_a_killed_studio_had_not_saved_is_left(home: Path, file: Path) -> None:
    killed(opening(home, file) + "workspace.keep_world(GridWorld(map=('STG',), title='Mine'), 'mine', 'worlds/mine.json')")
    (found,) = left(home)
    assert found.name == "one.valuescape" and left(home) == [], "a second studio does not offer what the first is offering"
    workspace = found.opened()
    world = workspace.world("worlds/mine.json")
    assert isinstance(world, GridWorld) and world.map == ("STG",) and workspace.modified and workspace.file == file
    assert workspace.claimed.access is Access.ours, "the lock of a studio that is gone is no lock"
    workspace.save()
    workspace.close()
    assert left(home) == [] and list(home.iterdir()) == []


def test_a_run_kept_before_the_kill_is_left(home: Path, file: Path) -> None:
    killed(opening(home, file) + f"import shutil; shutil.copytree({str(RUN)!r}, workspace.home / 'tabular')")
    (found,) = left(home)
    workspace = found.opened()
    assert [run.name for run in workspace.runs] == ["tabular"] and workspace.unsaved_runs() == workspace.runs
    workspace.save()
    assert workspace.unsaved_runs() == []
    workspace.close()


def test_nothing_is_offered_where_all_was_saved(home: Path, file: Path) -> None:
    killed(opening(home, file))
    assert left(home) == [] and list(home.iterdir()) == []
    killed(opening(home, file) + "workspace.keep_world(GridWorld(map=('STG',)), 'mine', 'worlds/mine.json'); workspace.save()")
    assert left(home) == [] and list(home.iterdir()) == []


def test_nothing_is_offered_of_a_project_that_was_being_unpacked(home: Path, file: Path) -> None:
    """Nothing in it was a person's yet, and all of it is in its file."""
    dies = "import core.projects.workspace as w, core.projects.project as p; p.write_about = lambda *_: os._exit(9)"
    with subprocess.Popen([sys.executable, "-c", f"import os; {dies}\n" + opening(home, file)], cwd=ROOT) as process:
        assert process.wait() == 9
    assert len(list(home.glob("*/worlds/mine.json"))) == 1
    assert left(home) == [] and list(home.iterdir()) == []


def test_nothing_is_offered_where_the_kill_came_just_after_the_save(home: Path, file: Path) -> None:
    """Before that was noted."""
    edit = "workspace.keep_world(GridWorld(map=('STG',), title='Mine'), 'mine', 'worlds/mine.json')\n"
    unnoted = "import core.projects.project as p\np.pack(workspace.place, file)"
    killed(opening(home, file) + edit + unnoted)
    assert left(home) == [] and list(home.iterdir()) == []
    killed(
        opening(home, file)
        + edit
        + unnoted
        + "\nworkspace.drop_world('worlds/mine.json')\nworkspace.keep_world(GridWorld(map=('S.G',)), 'new')"
    )
    (found,) = left(home)
    found.discard()


def test_all_is_offered_where_the_file_is_gone(home: Path, file: Path) -> None:
    killed(opening(home, file))
    file.unlink()
    (found,) = left(home)
    assert found.opened().worlds == ["worlds/mine.json"]


def test_nothing_is_offered_while_its_studio_is_open(home: Path, file: Path) -> None:
    workspace = opened(home, file, claim(file))
    workspace.note(Notes("mine"))
    assert left(home) == []
    workspace.close(keep=True)
    (found,) = left(home)
    assert found.opened().notes.name == "mine"


def test_what_is_discarded_is_gone(home: Path, file: Path) -> None:
    killed(opening(home, file) + "workspace.touch()")
    assert left(home) == [], "nothing of it was changed yet"
    killed(opening(home, file) + "workspace.keep_world(GridWorld(map=('STG',)), 'other')")
    (found,) = left(home)
    found.discard()
    assert left(home) == [] and list(home.iterdir()) == [] and file.exists()


def test_a_second_studio_may_look_but_not_write(home: Path, file: Path) -> None:
    first = opened(home, file, claim(file))
    found = claim(file)
    assert found.access is Access.taken
    second = opened(home, file, found)
    assert second.read_only and second.file == file and not first.read_only
    copy = opened(home, file, None)
    assert copy.file is None and copy.modified and not copy.read_only
    assert second.belong_to(file).access is Access.taken
    assert second.belong_to(file.with_name("two.valuescape")).access is Access.ours and not second.read_only
    second.save()
    first.close()
    assert claim(file).access is Access.ours
    second.close()
    copy.close()
    assert sorted(each.name for each in file.parent.glob("*.valuescape")) == ["one.valuescape", "two.valuescape"]


def test_a_file_that_cannot_be_written_is_read_only(home: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.projects.claim.had", lambda lock: (_ for _ in ()).throw(PermissionError(13, "no")))
    assert claim(file).access is Access.fixed


def test_what_others_wrote_meanwhile_is_noticed(home: Path, file: Path) -> None:
    workspace = opened(home, file, claim(file))
    assert not workspace.changed_by_others()
    workspace.keep_world(WORLD, "other")
    workspace.save()
    assert not workspace.changed_by_others()
    file.write_bytes(file.read_bytes() + b"\x00")
    assert workspace.changed_by_others()
    file.unlink()
    assert not workspace.changed_by_others()
    workspace.close()


def test_a_damaged_project_is_opened_as_a_copy(home: Path, file: Path) -> None:
    data = file.read_bytes()
    place = data.index(b"worlds/mine.json") + len("worlds/mine.json") + 25
    file.write_bytes(data[:place] + bytes([data[place] ^ 255]) + data[place + 1 :])
    workspace = opened(home, file, claim(file))
    assert workspace.damaged == ["'worlds/mine.json' is damaged"] and workspace.file is None and workspace.modified
    assert claim(file).access is Access.ours
    workspace.close()


def test_a_change_during_a_save_is_still_unsaved(home: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import core.projects.workspace as module

    workspace, packed = opened(home, file, claim(file)), module.pack

    def slow(*arguments: Path) -> object:
        said = packed(*arguments)
        workspace.note(Notes("later"))
        return said

    monkeypatch.setattr(module, "pack", slow)
    workspace.touch()
    workspace.save()
    assert workspace.modified
    monkeypatch.undo()
    workspace.save()
    assert not workspace.modified
    workspace.close()


def test_a_run_is_taken_once_and_kept_apart_from_others(home: Path, tmp_path: Path) -> None:
    import shutil

    workspace = made(home)
    first = workspace.add_run(RUN)
    assert workspace.add_run(RUN) == first
    other = shutil.copytree(RUN, tmp_path / "tabular")
    (other / "run.json").write_bytes((other / "run.json").read_bytes() + b"\n")
    assert workspace.add_run(other).name == "tabular 2" and len(workspace.runs) == 2
    workspace.close()


def test_a_workspace_that_vanished_is_not_saved_as_an_empty_project(home: Path, file: Path) -> None:
    workspace, before = opened(home, file, claim(file)), file.read_bytes()
    shutil.rmtree(workspace.place)
    with pytest.raises(ProjectError, match=r"the project cannot be saved \(No such file or directory\)"):
        workspace.save()
    assert file.read_bytes() == before
    workspace.close()


def test_where_nothing_can_be_written_a_sentence_says_so(home: Path, tmp_path: Path) -> None:
    workspace = made(home)
    workspace.belong_to(tmp_path / "gone.valuescape")
    workspace.belongs = type(workspace.belongs)(tmp_path / "nowhere" / "one.valuescape")
    with pytest.raises(ProjectError, match="the project cannot be saved"):
        workspace.save()
    workspace.close()


def test_a_workspace_of_anything_opens(home: Path, file: Path, tmp_path: Path) -> None:
    unpack(file, tmp_path / "out")
    (tmp_path / "out" / "project.json").write_text("{")
    (tmp_path / "out" / "layout.json").write_text("[]")
    lock = made(home).lock
    workspace = Workspace(tmp_path / "out", lock, made(home).belongs, claim(tmp_path / "x"))
    assert workspace.shown == ("worlds/mine.json", None) and workspace.settings("layout.json") == {} == workspace.settings("agent.json")
