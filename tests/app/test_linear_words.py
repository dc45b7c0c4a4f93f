"""What learners on linear features say is translated: terms of the newest update, and what they refuse."""

import re
from collections.abc import Iterator

import pytest

from app import text
from app.sentences import told
from core.config import build
from core.errors import ConfigError
from core.learner import Budget, Task
from core.registry import algorithm
from core.worlds.library import open_world

HANGUL = re.compile("[가-힣]")


@pytest.fixture(autouse=True)
def korean() -> Iterator[None]:
    text.use("ko")
    yield
    text.use("en")


@pytest.mark.parametrize("name", ["linear-sarsa-lambda", "linear-q-learning"])
@pytest.mark.parametrize("world", ["gym:CartPole-v1", "gym:MountainCar-v0", "grid/lecture-3x4"])
def test_every_term_is_translated(name: str, world: str) -> None:
    learner = algorithm(name).build(Task(open_world(world), algorithm(name).config(), seed=3))
    for _ in range(40):
        learner.advance(Budget(1))
        explained = learner.explain()
        assert explained is not None
        meanings = [told(term.meaning) for term in explained.terms.values()]
        assert all(HANGUL.search(meaning) for meaning in meanings), meanings
        assert not any(re.search("[a-z]{3}", meaning) for meaning in meanings), meanings
    learner.close()


@pytest.mark.parametrize("settings", [{"features": "fourier", "trace": "replacing"}, {"epsilon": "power(1, 0, 10, per=visit)"}])
def test_what_is_refused_is_told(settings: dict[str, str]) -> None:
    with pytest.raises(ConfigError) as raised:
        build(algorithm("linear-sarsa-lambda").config, settings)
    assert HANGUL.search(told(raised.value.sentence))


def test_too_many_features_are_told() -> None:
    config = build(algorithm("linear-sarsa-lambda").config, {"features": "fourier", "order": 9})
    with pytest.raises(ConfigError) as raised:
        algorithm("linear-sarsa-lambda").build(Task(open_world("gym:Acrobot-v1"), config))
    sentence = told(raised.value.sentence)
    assert "1,000,000" in sentence and "20,000" in sentence and not re.search("[a-z]{3}", sentence.replace("order:", ""))
