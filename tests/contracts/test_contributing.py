"""The worked examples of CONTRIBUTING.md work."""

import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from core.learner import UNBOUNDED, Budget
from core.presets import parse as parse_preset
from core.registry import Algorithm, algorithms
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world
from core.worlds.world import parse

TEXT = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")


def example(language: str, place: int = 0) -> str:
    """A block of code in a language, the first one unless told otherwise."""
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)[place]


def test_the_algorithm_trains_and_shows_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("core.tabular.greedy_q_learning")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(example("python"), "CONTRIBUTING.md", "exec"), module.__dict__)
    algorithm: Algorithm = module.ALGORITHM
    monkeypatch.setitem(algorithms(), algorithm.name, algorithm)
    session = Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm=algorithm.name, steps=5000))
    session.advance(Budget(UNBOUNDED))
    assert session.finished and session.snapshot().metrics["epsilon"] == 0.0


def test_the_environment_is_a_world() -> None:
    world = parse(example("json"), "CONTRIBUTING.md")
    assert world.kind == "gym" and world.title == json.loads(example("json"))["title"]


def test_the_preset_is_one() -> None:
    assert parse_preset(example("json", 1), "CONTRIBUTING.md").settings() != algorithms()["dqn"].config()
