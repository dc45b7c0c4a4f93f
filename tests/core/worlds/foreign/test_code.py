"""What is known of code without running it, and what may run."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import EnvironmentFailure
from core.worlds.foreign import consent
from core.worlds.foreign.code import code_of, split
from core.worlds.foreign.names import environments_in
from core.worlds.gym import GymWorld

MARK = "open('ran', 'w').close()\n"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("corridor.py", ("corridor.py", "")),
        ("a b/corridor.py:Corridor-v0", ("a b/corridor.py", "Corridor-v0")),
        (r"C:\worlds\corridor.py", (r"C:\worlds\corridor.py", "")),
        (r"C:\worlds\corridor.py:Corridor", (r"C:\worlds\corridor.py", "Corridor")),
        ("package.module:Corridor-v0", ("package.module", "Corridor-v0")),
        ("grid/lecture-3x4", None),
        ("world.json", None),
        ("C:\\world.json", None),
    ],
)
def test_names(name: str, parts: tuple[str, str] | None) -> None:
    assert split(name) == parts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "import gymnasium\ngymnasium.register('A-v0', entry_point=X)\nregister(id='B-v0')\nclass XEnv(gymnasium.Env): pass",
            ("A-v0", "B-v0"),
        ),
        ("class Maze(gym.Env[int, int]): pass\nclass Larger(Maze): pass\nclass Other: pass", ("Maze", "Larger")),
        ("print('hello')\n'\\d'", ()),
    ],
)
def test_environments_in_a_file(text: str, found: tuple[str, ...]) -> None:
    assert environments_in(text.encode(), "x.py") == found


def test_what_is_no_python() -> None:
    with pytest.raises(EnvironmentFailure) as caught:
        environments_in(b"x = 1\ny = = 2\n", "x.py")
    assert caught.value.sentence == "x.py, line 2: this is not Python (invalid syntax). Mend the file."


def test_finding_a_module_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "outer" / "inner"
    package.mkdir(parents=True)
    for file in (package.parent / "__init__.py", package / "__init__.py", package / "maze.py"):
        file.write_text(MARK)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    before = code_of("outer"), code_of("outer.inner.maze")
    (package / "maze.py").write_text(MARK + "\n")
    after = code_of("outer"), code_of("outer.inner.maze")
    assert all(one.sha256 != other.sha256 for one, other in zip(before, after, strict=True)), "a package is all of its files"
    assert after[1].path == package / "maze.py"
    assert not (tmp_path / "ran").exists()


def test_consent_is_kept_by_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consent, "file", lambda: tmp_path / "data" / "trusted.json")
    monkeypatch.setattr(consent, "_here", set())
    file = tmp_path / "a.py"
    file.write_text("1")
    assert not consent.allowed(code_of(str(file)))
    consent.allow(code_of(str(file)))
    monkeypatch.setattr(consent, "_here", set())
    assert consent.allowed(code_of(str(file)))
    kept = json.loads(consent.file().read_text())["allowed"]
    assert kept[code_of(str(file)).sha256]["source"] == str(file)
    file.write_text("2")
    assert not consent.allowed(code_of(str(file)))
    consent.file().write_text("[")
    file.write_text("1")
    assert not consent.allowed(code_of(str(file))), "a damaged list allows nothing"


def test_a_list_that_cannot_be_written_holds_until_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "no folder").write_text("")
    monkeypatch.setattr(consent, "file", lambda: tmp_path / "no folder" / "trusted.json")
    monkeypatch.setattr(consent, "_here", set())
    file = tmp_path / "a.py"
    file.write_text("1")
    consent.allow(code_of(str(file)))
    assert consent.allowed(code_of(str(file)))


def test_a_document_names_its_file_from_its_folder(tmp_path: Path) -> None:
    world = GymWorld(id="A", source="envs/a.py").located(tmp_path)
    assert world.source == str(tmp_path.resolve() / "envs" / "a.py")
    assert world.beside(tmp_path).source == "envs/a.py"
    assert world.beside(tmp_path / "elsewhere").source == world.source
    assert GymWorld(id="A", source="module").located(tmp_path).source == "module"


def test_code_of_ones_own_has_no_table() -> None:
    with pytest.raises(ValueError, match="cannot be listed"):
        GymWorld(id="A", source="a.py", finite=True)


def test_reading_a_document_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, corridor: Callable[..., GymWorld]) -> None:
    from core.worlds.size import size_of
    from core.worlds.world import load

    monkeypatch.chdir(tmp_path)
    (tmp_path / "env.py").write_text(MARK)
    (tmp_path / "world.json").write_text('{"format": 1, "kind": "gym", "id": "A", "source": "env.py"}')
    world = load(tmp_path / "world.json")
    assert isinstance(world, GymWorld) and world.source == str(tmp_path / "env.py")
    assert size_of(world) is None and world.missing() is None
    assert not (tmp_path / "ran").exists()
