"""Generators are listed with their arguments, and what they make is solved and trained on by name."""

import json
from typing import Any

import pytest

from core.cli import run
from core.worlds.generator import generators


def ask(*arguments: str) -> int:
    return run(list(arguments), lambda folder: 1)


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert ask(*arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_generators_are_listed_with_their_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    found = {row["name"]: row for row in answer(capsys, "list", "generators", "--json")}
    assert set(found) == {f"make:{name}" for name in generators()}
    assert [row["name"] for row in found["make:maze"]["settings"]] == ["rows", "columns", "openings", "seed"]
    assert ask("list", "generators") == 0
    shown = capsys.readouterr().out
    assert "make:garnet" in shown and "branching" in shown and "None" not in shown


def test_a_maze_is_solved_and_trained_on_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    solved = answer(capsys, "solve", "make:maze?rows=5&columns=5&seed=1", "--json")
    assert solved["converged"] and solved["gamma"] == 1 and min(solved["values"]) >= -16
    trained = answer(capsys, "train", "make:chain?states=3", "--algorithm", "q-learning", "--steps", "50", "--json")
    assert trained
