"""Presets on the command line: listed, trained, and outdone by what is given beside them."""

import json
from typing import Any

import pytest

from core.cli import run
from core.presets import names, preset


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code = run([*arguments, "--json"], lambda folder: 0)
    said = capsys.readouterr()
    assert (code, said.err) == (0, "")
    return json.loads(said.out)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code = run(list(arguments), lambda folder: 0)
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    return said.err


def test_presets_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    found = {row["name"]: row for row in answer(capsys, "list", "presets")}
    assert tuple(found) == names()
    assert found["zoo-cartpole"]["config"]["target_every"] == 10 and found["zoo-cartpole"]["world"] == "gym:CartPole-v1"
    assert run(["list", "presets"], lambda folder: 0) == 0
    out = capsys.readouterr().out
    assert "train --preset lecture-q-learning" in out and "power(0.05, 0, 200)" in out and "None" not in out
    assert "RL Zoo: CartPole" in out


def test_help_names_presets(capsys: pytest.CaptureFixture[str]) -> None:
    run(["list", "--help"], lambda folder: 0)
    assert "presets" in capsys.readouterr().out
    run(["train", "--help"], lambda folder: 0)
    assert "--preset" in capsys.readouterr().out


def test_a_preset_is_world_algorithm_settings_and_length(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "train", "--preset", "lecture-q-learning", "--seed", "3")
    assert (found["world"], found["algorithm"], found["steps"], found["seed"], found["members"]) == (
        "mdp/three-state", "q-learning", 10_000, 3, 1,
    )  # fmt: skip
    assert found["config"] == preset("lecture-q-learning").settings().model_dump(mode="json")


def test_what_is_given_beside_it_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(
        capsys, "train", "grid/lecture-3x4", "--preset", "lecture-q-learning", "--algorithm", "sarsa", "--episodes", "5",
        "--members", "2", "--set", "epsilon=0.25", "--set", "step_size.start=0.1",
    )  # fmt: skip
    assert (found["world"], found["algorithm"], found["episodes"], found["members"]) == ("grid/lecture-3x4", "sarsa", 5, 2)
    config = found["config"]
    assert (config["discount"], config["epsilon"]["start"], config["step_size"]["start"], config["step_size"]["kind"]) == (
        0.9, 0.25, 0.1, "power",
    )  # fmt: skip


def test_without_one_it_names_the_one_that_the_studio_would_begin_with(capsys: pytest.CaptureFixture[str]) -> None:
    short = ("train", "gym:CartPole-v1", "--algorithm", "dqn", "--steps", "3")
    assert run(list(short), lambda folder: 0) == 0
    assert "--preset cartpole" in capsys.readouterr().err
    assert answer(capsys, *short)["config"]["widths"] == [256, 256]
    assert run([*short, "--preset", "zoo-cartpole"], lambda folder: 0) == 0
    assert capsys.readouterr().err == ""


def test_mistakes_are_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert "There is no preset named 'zoo-cartpol'. Did you mean zoo-cartpole" in refused(capsys, "train", "--preset", "zoo-cartpol")
    other = refused(capsys, "train", "--preset", "lecture-q-learning", "--algorithm", "dqn")
    assert other.startswith("--preset lecture-q-learning, step_size: there is no such setting.") and other.count("\n") == 1
    assert "Q-learning needs" in refused(capsys, "train", "gym:CartPole-v1", "--preset", "lecture-q-learning")
    assert refused(capsys, "train", "--resume", "somewhere", "--preset", "zoo-cartpole").startswith("--resume: a kept run has its own")
