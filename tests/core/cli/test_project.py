"""`python main.py project ...`."""

import json
from pathlib import Path

import pytest

from core.runs import folder
from core.worlds.world import load
from main import main

RUN = Path(__file__).parents[2] / "samples" / "runs" / "format-2" / "tabular"


@pytest.fixture
def file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    made = [
        "project",
        "make",
        str(tmp_path / "mine"),
        "--world",
        "grid/lecture-3x4",
        "--run",
        str(RUN),
        "--name",
        "Mine",
        "--note",
        "Look!",
    ]
    assert main(made) == 0
    assert "mine.valuescape" in capsys.readouterr().out
    return tmp_path / "mine.valuescape"


def test_a_project_is_listed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["project", "list", str(file)]) == 0
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("Mine", "Look!", "lecture-3x4", "Lecture 3×4", "tabular", "q-learning", "400"))
    assert main(["project", "list", str(file), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["worlds"] == [{"part": "worlds/lecture-3x4.json", "name": "grid/lecture-3x4", "title": "Lecture 3×4"}]
    assert said["runs"][0]["name"] == "tabular" and said["runs"][0]["steps"] == 400 and said["damaged"] == []


def test_what_is_damaged_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["project", "verify", str(file)]) == 0
    assert capsys.readouterr().out == "All 4 parts are whole.\n"
    data = bytearray(file.read_bytes())
    data[data.index(b"checkpoint-400") + 500] ^= 1
    file.write_bytes(data)
    assert main(["project", "verify", str(file), "--json"]) == 1
    (problem,) = json.loads(capsys.readouterr().out)["damaged"]
    assert problem.startswith("'runs/tabular/checkpoint-400") and problem.endswith("is damaged")


def test_its_parts_are_what_other_commands_take(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["project", "extract", str(file), str(tmp_path / "out")]) == 0
    assert str(tmp_path / "out" / "worlds" / "lecture-3x4.json") in capsys.readouterr().out
    assert load(tmp_path / "out" / "worlds" / "lecture-3x4.json").title == "Lecture 3×4"
    session = folder.resume(tmp_path / "out" / "runs" / "tabular")
    assert session.units == 400
    session.close()
    assert main(["project", "extract", str(file), str(tmp_path / "out")]) == 2
    assert "there is something here already" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["verify", "no"], ["list", "no"], ["extract", "no", "x"], []])
def test_what_cannot_be_is_refused_in_a_sentence(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["project", *arguments]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_project_is_not_made_over_another(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_bytes()
    assert main(["project", "make", str(file)]) == 2
    assert "there is a file here already" in capsys.readouterr().err and file.read_bytes() == before
    assert main(["project", "make", str(file.with_name("two")), "--run", "no-such-run"]) == 2
    assert not file.with_name("two.valuescape").exists() and [each.name for each in file.parent.iterdir()] == [file.name]
