"""`inspect`, in process: a network in tables and in JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.cli import run


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["inspect", *arguments], lambda folder: 0)
    told = capsys.readouterr()
    return code, told.out, told.err


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code, out, err = said(capsys, *arguments, "--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    return json.loads(out)


def test_the_documented_keys(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "gym:CartPole-v1")
    assert set(found) == {"world", "algorithm", "members", "observation", "actions", "layers", "parameters", "memory"}
    assert (found["algorithm"], found["observation"], found["actions"], found["parameters"]) == ("dqn", 4, 2, 67_586)
    assert [(layer["name"], layer["outputs"], layer["parameters"], layer["sums"]) for layer in found["layers"]][:2] == [
        ("linear 1", [256], 1280, "4 · 256 + 256"),
        ("activation 1", [256], 0, ""),
    ]
    assert found["memory"]["total"] == sum(size for name, size in found["memory"].items() if name != "total")


def test_settings_algorithm_and_members_count(capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--algorithm", "rainbow", "--set", "widths=[8]", "--set", "atoms=3", "--members", "5")
    found = answer(capsys, "grid/lecture-3x4", *options)
    assert found["parameters"] == 2 * (11 * 16 + 16 + 8 * 3 + 3 + 8 * 12 + 12)
    assert found["memory"]["parameters"] == 5 * 4 * found["parameters"]


def test_a_world_that_does_not_tell_its_size_is_asked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "cart.json"
    file.write_text('{"kind": "gym", "id": "CartPole-v1"}')
    assert answer(capsys, str(file))["observation"] == 4


def test_it_is_readable(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "gym:CartPole-v1", "--members", "2")
    assert (code, err) == (0, "")
    for words in ("67,586 parameters", "linear 2", "256 · 256 + 256", "2 members", "replay", "5.6 MB"):
        assert words in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("grid/lecture-3x4", "--algorithm", "sarsa"), "sarsa has no network. Choose a deep learner, such as dqn"),
        (("grid/lecture-3x4", "--set", "widths=[0]"), "widths"),
        (("grid/lecture-3x5",), "grid/lecture-3x4"),
        (("gym:Blackjack-v1",), "its observations are Tuple"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str) -> None:
    code, out, err = said(capsys, *arguments)
    assert (code, out) == (2, "") and words in err and "Traceback" not in err
