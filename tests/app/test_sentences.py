"""Sentences of core with values in them are found again and translated, however core phrases them today."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from app import text
from app.sentences import TOLD, told
from core.deep.engine.explanation import LastUpdate
from core.deep.engine.last_return import LastReturn
from core.deep.engine.minibatch import GOES_ON, TERMINATED, Minibatch
from core.errors import ValuescapeError
from core.learner import Budget, Task
from core.registry import algorithm, algorithms
from core.runs.spec import unsuitable
from core.worlds.grid import Cell, GridWorld
from core.worlds.gym import GymWorld
from core.worlds.library import library_world
from core.worlds.world import parse

HANGUL = re.compile("[가-힣]")


@pytest.fixture(autouse=True)
def korean() -> Iterator[None]:
    text.use("ko")
    yield
    text.use("en")


def said_by_core() -> list[tuple[re.Pattern[str], int]]:
    """Every sentence in core's code as a pattern, anything in the place of its values, with the number of its own letters."""
    found = []
    for file in (Path(__file__).parents[2] / "core").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr | ast.Constant):
                parts = node.values if isinstance(node, ast.JoinedStr) else [node]
                said = "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in parts)
                for sentence in {said, *said.rstrip(".").split(". ")}:
                    found.append((re.compile(re.escape(sentence).replace("\0", ".*"), re.DOTALL), len(sentence)))
    return found


def test_core_still_says_what_the_table_expects() -> None:
    said = said_by_core()

    def is_said(template: str) -> bool:
        forms = [re.sub(r"{\w+}", "a: b", form) for form in (template, template.removeprefix("{call} "))]  # a call is also said apart
        return any(own >= 0.4 * len(form) and pattern.fullmatch(form) for form in forms for pattern, own in said)

    assert [template for template in TOLD if not is_said(template)] == []


@pytest.mark.parametrize("name", [name for name, found in algorithms().items() if found.needs != "any"])
@pytest.mark.parametrize("steps", [*range(1, 12), 500])
def test_every_term_of_a_table_learner_is_translated(name: str, steps: int) -> None:
    world = "mdp/ten-armed-testbed" if algorithm(name).needs == "bandit" else "grid/lecture-3x4"
    learner = algorithm(name).build(Task(library_world(world), algorithm(name).config(), seed=3))
    learner.advance(Budget(steps))
    explained = learner.explain()
    learner.close()
    terms = explained.terms.values() if explained else ()
    assert [term.meaning for term in terms if not HANGUL.search(told(term.meaning))] == []
    assert [term.meaning for term in terms if re.search(r"\b(up|down|left|right)\b", told(term.meaning))] == []


@pytest.mark.parametrize("ended", [GOES_ON, TERMINATED])
@pytest.mark.parametrize("steps", [1.0, 3.0])
@pytest.mark.parametrize(("double", "target"), [(False, False), (False, True), (True, True)])
@pytest.mark.parametrize("states", [None, ["0,0", "0,1"]])
def test_every_term_of_a_network_is_translated(ended: float, steps: float, double: bool, target: bool, states: list[str] | None) -> None:
    zero, one = torch.zeros(1, 1, 1), torch.ones(1, 1, 1)
    batch = Minibatch(zero, one, zero, one, ended * one, one, zero, steps * one)
    update = LastUpdate(batch, zero, one)
    explained = update.explain(0, 0.9, double, target, ["left", "right"], states)
    returned = LastReturn(update, one).explain(0, 0.9, 0.5, ["left", "right"], states)
    meanings = [told(term.meaning) for term in (*explained.terms.values(), *returned.terms.values())]
    assert all(HANGUL.search(meaning) for meaning in meanings), meanings
    assert not any(re.search("[a-z]{3}", meaning) for meaning in meanings), meanings


def test_what_does_not_fit_is_told() -> None:
    reason = unsuitable(algorithm("q-learning"), GymWorld(id="CartPole-v1"))
    missing = GymWorld(id="LunarLander-v3", package="no_such_package").missing()
    assert reason and missing
    assert told(reason).startswith("Q-") and told(reason).endswith("DQN을 선택하세요.")
    assert "no_such_package" in told(missing) and HANGUL.search(told(missing))


@pytest.mark.parametrize("written", ["{", '{"kind": "ship"}', '{"kind": "grid", "format": 2}'])
def test_an_error_keeps_its_place_and_tells_its_remedy(written: str) -> None:
    with pytest.raises(ValuescapeError) as raised:
        parse(written, "C:/my: world.json")
    sentence = told(raised.value.sentence)
    assert sentence.startswith("C:/my: world.json") and HANGUL.search(sentence)
    assert not re.search("this|Open|Update", sentence)
    with pytest.raises(ValuescapeError) as walled:
        GridWorld(map=("S",)).painted([(0, 0)], Cell.wall)
    assert not re.search("[A-Za-z]", told(walled.value.sentence))


def test_what_fits_no_pattern_stays_as_it_is() -> None:
    assert told("Something else: entirely. Indeed.") == "Something else: entirely. Indeed."
    text.use("en")
    for template in TOLD:
        assert told(f"here: {template}. There.") == f"here: {template}. There."


def test_qt_speaks_the_same_language(qtbot: QtBot) -> None:
    def cancel() -> str:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        qtbot.addWidget(box)
        return box.button(QDialogButtonBox.StandardButton.Cancel).text()

    text.use("ko")
    assert HANGUL.search(cancel())
    text.use("en")
    assert cancel().replace("&", "") == "Cancel"
