"""`convert`, `export-environment`, `schema` and `list formats`, in process."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.cli import run
from core.formats.registry import formats
from core.worlds.library import open_world
from core.worlds.world import load
from tests.core.formats.samples import PICTURE, TIGER

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command in an empty folder; exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def runs(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments), lambda folder: 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return runs


def test_a_library_world_goes_through_files_of_several_formats(command: Command, tmp_path: Path) -> None:
    assert command("convert", "mdp/three-state", "a.npz") == (0, "Written to a.npz (Arrays (numpy)).\n", "")
    code, out, err = command("convert", "a.npz", "b.p.json")
    assert (code, out) == (0, "Written to b.p.json (Gymnasium transitions (JSON)).\n")
    assert err.splitlines() == [
        "The names of states and actions become numbers.", "The discount, 0.9, is not kept.", "The step limit, 100 steps, is not kept.",
        "Where episodes start is not kept.",
    ]  # fmt: skip
    assert command("convert", "b.p.json", "c.json")[0] == 0
    assert load(tmp_path / "c.json").compile().expected_reward.tolist() == open_world("mdp/three-state").compile().expected_reward.tolist()


def test_what_is_left_out_of_a_file_is_said(command: Command, tmp_path: Path) -> None:
    (tmp_path / "tiger.pomdp").write_bytes(TIGER)
    code, _, err = command("convert", "tiger.pomdp", "tiger.json")
    assert (code, err) == (0, "Its 2 observations are left out: the agent sees the state itself.\n")


def test_formats_can_be_named_and_told(command: Command, tmp_path: Path) -> None:
    (tmp_path / "map").write_text("SF\nHG")
    assert command("convert", "map", "lake.txt", "--from", "frozen-lake", "--to", "map")[0] == 0
    assert (tmp_path / "lake.txt").read_text() == "S.\nTG\n"
    (tmp_path / "drawn.png").write_bytes(PICTURE)
    assert command("convert", "drawn.png", "drawn.txt", "--set", "cell=3")[0] == 0
    assert (tmp_path / "drawn.txt").read_text() == ".#\nSG\n"
    assert command("convert", "make:maze?rows=5&columns=5", "maze", "--to", "prism")[0] == 0
    assert sorted(file.name for file in (tmp_path / "maze").iterdir()) == ["maze.lab", "maze.sta", "maze.tra", "maze.trew"]


def test_other_commands_take_files_of_any_format(command: Command, tmp_path: Path) -> None:
    (tmp_path / "lake.txt").write_text("SF\nHG")
    (tmp_path / "tiger.pomdp").write_bytes(TIGER)
    assert "tiger-left" in command("solve", "tiger.pomdp")[1]
    assert command("train", "lake.txt", "--algorithm", "q-learning", "--steps", "100")[0] == 0
    assert "parameters" in command("inspect", "lake.txt")[1]
    assert command("solve", "nowhere.txt")[2].startswith("There is no world named 'nowhere.txt'.")


def test_environments_are_exported(command: Command, tmp_path: Path) -> None:
    code, out, _ = command("export-environment", "grid/lecture-3x4", "lecture.py")
    assert code == 0 and 'gymnasium.make("Lecture-v0")' in out and "import gymnasium, lecture" in out
    assert command("export-environment", "grid/lecture-3x4", "lake", "--package")[0] == 0
    assert sorted(file.name for file in (tmp_path / "lake").iterdir()) == ["README.md", "lake", "pyproject.toml"]
    assert command("export-environment", "mdp/three-state", "three.zip", "--package")[0] == 0
    assert (tmp_path / "three.zip").is_file()


def test_the_schema_is_written_or_printed(command: Command, tmp_path: Path) -> None:
    code, out, _ = command("schema")
    assert code == 0 and json.loads(out)["discriminator"]["propertyName"] == "kind"
    assert command("schema", "s.json") == (0, "", "") and (tmp_path / "s.json").read_text(encoding="utf-8") == out


def test_formats_are_listed(command: Command) -> None:
    code, out, _ = command("list", "formats", "--json")
    found = {row["name"]: row for row in json.loads(out)}
    assert code == 0 and set(found) == set(formats())
    assert (found["prism"]["read"], found["prism"]["written"], found["picture"]["written"]) == ("no", "finite worlds", "no")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("convert grid/lecture-3x4 a.doc", "a.doc: no format is known for such a file. Choose a name that ends in one of .json"),
        ("convert grid/lecture-3x4 a.txt --to frozenlake", "There is no format named 'frozenlake'. Did you mean frozen-lake?"),
        ("convert grid/lecture-3x4 a.png --to picture", "a.png: files of the format picture can only be read. Choose another format."),
        ("convert mdp/three-state a.txt", "a.txt: only a grid can be written in this format. Choose another format."),
        ("convert gym:CartPole-v1 a.mdp", "a.mdp: its states cannot be listed. Choose another format."),
        ("convert make:garnet?states=20000 a.npz", "20,000 states and 3 actions make arrays of 1,200,000,000 numbers."),
        ("convert nowhere.mdp a.json", "There is no world named 'nowhere.mdp'."),
        ("convert empty.txt a.json", "empty.txt: there is no map in it."),
        ("convert empty.txt a.json --from prism", "empty.txt: files of the format prism can only be written. Choose another format."),
        ("convert empty.txt a.json --set cell=3", "--set: files of the format map have no settings. Leave it out."),
        ("convert grid/lecture-3x4 no/where/a.txt", "no/where/a.txt: it cannot be written (No such file or directory)."),
        (
            "export-environment grid/lecture-3x4 folder",
            "folder: an environment in one file ends in .py. Add .py, or --package for a folder.",
        ),
        ("export-environment gym:CartPole-v1 a.py", "a.py: its states cannot be listed."),
    ],
)
def test_a_mistake_is_one_sentence(command: Command, tmp_path: Path, arguments: str, sentence: str) -> None:
    (tmp_path / "empty.txt").write_text("")
    code, out, err = command(*arguments.split())
    assert (code, out) == (2, "") and sentence in err and err.count("\n") == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["empty.txt"]
