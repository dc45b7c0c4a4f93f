"""Environments of one's own on the command line: asked for once, trained, kept, made again."""

import json
import sys
from pathlib import Path

import pytest
import typer

from core.cli import run
from core.worlds.foreign import consent

FILE = Path(__file__).parents[1] / "worlds" / "foreign" / "corridor.py"
SMALL = ("--algorithm", "dqn", "--set", "widths=[8]", "--steps", "40")


@pytest.fixture(autouse=True)
def nothing_is_allowed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(consent, "file", lambda: tmp_path / "data" / "trusted.json")
    monkeypatch.setattr(consent, "_here", set())


def said(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = run([str(argument) for argument in arguments], lambda folder: 0)
    out, err = capsys.readouterr()
    return code, out, err


def test_it_is_refused_then_allowed_then_remembered(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = said(capsys, "train", FILE, *SMALL)
    assert (code, out) == (2, "")
    assert "nobody has allowed this code to run yet (SHA-256 " in err and "--trust" in err
    kept = tmp_path / "run"
    code, out, err = said(capsys, "train", FILE, *SMALL, "--trust", "--out", kept, "--printed")
    assert code == 0 and "40 steps" in out and "printed" not in err
    code, out, err = said(capsys, "reproduce", kept, "--json")
    assert json.loads(out)["equal"] is True
    assert said(capsys, "evaluate", kept, "--episodes", "2")[0] == 0
    assert said(capsys, "train", "--resume", kept, "--steps", "50")[0] == 0


def test_a_person_at_a_terminal_is_asked(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        encoding = "utf-8"

        def __init__(self, stream: object) -> None:
            self.stream = stream

        def isatty(self) -> bool:
            return True

        def __getattr__(self, name: str) -> object:
            return getattr(self.stream, name)

    answers = [False, True]
    monkeypatch.setattr(typer, "confirm", lambda *_, **__: answers.pop(0))
    monkeypatch.setattr(sys, "stdin", Terminal(sys.stdin))
    monkeypatch.setattr(sys, "stderr", Terminal(sys.stderr))
    code, out, err = said(capsys, "inspect", FILE)
    assert code == 2 and str(FILE) in err and "whatever you can do" in err
    code, out, err = said(capsys, "inspect", FILE)
    assert code == 0 and "linear 1" in out and not answers
    assert said(capsys, "inspect", FILE)[0] == 0, "not asked again"


def test_reproducing_refuses_changed_code(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_bytes(FILE.read_bytes())
    assert said(capsys, "train", f"{file}:Corridor", *SMALL, "--trust", "--out", tmp_path / "run")[0] == 0
    file.write_bytes(FILE.read_bytes() + b"\n")
    code, out, err = said(capsys, "reproduce", tmp_path / "run", "--trust")
    assert (code, out) == (2, "")
    assert f"{file}: the code is not what it was: SHA-256 " in err and "Bring it back as it was, or train anew." in err


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nowhere.py", "nowhere.py: it cannot be opened (No such file or directory)."),
        ("nowhere_at_all:Maze-v0", "nowhere_at_all: there is no such module on Python's path. Install it, or name its file."),
        ("gim:CartPole-v1", "There is no world named 'gim:CartPole-v1'. Did you mean gym:CartPole-v1"),
    ],
)
def test_what_is_not_there(name: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, "train", name, "--algorithm", "dqn")
    assert code == 2 and err.startswith(sentence)


def test_a_file_of_several_environments_asks_which(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "two.py"
    file.write_text("import gymnasium\nclass AEnv(gymnasium.Env): pass\nclass BEnv(gymnasium.Env): pass\n")
    _, _, err = said(capsys, "inspect", file)
    assert err == f"{file}: it holds several environments: AEnv, BEnv. Name one, such as {file}:AEnv.\n"
    file.write_text("x = 1\n")
    assert said(capsys, "inspect", file)[2] == f"{file}: no environment is seen in it. Name one, such as {file}:Maze-v0.\n"


def test_what_failed_is_told_with_where_it_did(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    file.write_text(FILE.read_text().replace('trouble: str = ""', 'trouble: str = "raise@step"'))
    code, _, err = said(capsys, "train", f"{file}:Corridor", *SMALL, "--trust")
    assert code == 2
    assert err.splitlines()[-1] == "Corridor: step(1) raised ValueError: no luck in step."
    assert 'broken.py", line' in err


def test_what_it_prints_is_shown_when_asked_for(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "loud.py"
    file.write_text(FILE.read_text() + "\nprint('here I am')\n")
    _, _, err = said(capsys, "train", f"{file}:Corridor", *SMALL, "--trust", "--printed")
    assert err == "Corridor printed 10 bytes, at the end:\nhere I am\n"


def test_a_table_that_looks_like_python_is_none(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "table.py"
    file.write_text("P = {0: {0: [(1.0, 1, 1.0, True)]}, 1: {0: [(1.0, 1, 0.0, True)]}}\n")
    assert said(capsys, "solve", file)[0] == 0


def test_the_documented_environment_works(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "environments.md").read_text(encoding="utf-8")
    blocks = [block.removeprefix("python\n") for block in page.split("```")[1::2] if block.startswith("python\n")]
    worlds = [block.removeprefix("json\n") for block in page.split("```")[1::2] if block.startswith("json\n")]
    (tmp_path / "corridor.py").write_text(blocks[0])
    (tmp_path / "world.json").write_text(worlds[0])
    for name in ("corridor.py", "corridor.py:Corridor", "world.json"):
        code, out, err = said(capsys, "train", tmp_path / name, *SMALL, "--trust")
        assert code == 0 and "40 steps" in out, err
