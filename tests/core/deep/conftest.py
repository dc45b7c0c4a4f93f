"""A small learner in one line."""

from collections.abc import Callable
from typing import Any

import pytest

from core.deep.dqn import build
from core.deep.engine.dqn_settings import DQNConfig
from core.deep.engine.learner import DeepQLearner
from core.learner import Task
from core.worlds.library import open_world

SMALL: dict[str, Any] = {
    "learning_starts": 20,
    "batch_size": 8,
    "buffer_size": 60,
    "widths": (16,),
    "target_update": "hard",
    "target_every": 25,
    "train_every": 1,
}


Made = Callable[..., DeepQLearner]


@pytest.fixture
def made() -> Made:
    def make(world: str = "gym:CartPole-v1", members: int = 1, seed: int = 0, device: str = "cpu", **settings: Any) -> DeepQLearner:
        learner = build(Task(open_world(world), DQNConfig(**(SMALL | settings)), seed, members, device))
        assert isinstance(learner, DeepQLearner)
        return learner

    return make
