"""A member whose values grow beyond all bounds stops and says so; the others do not notice."""

import numpy as np
import torch

from core.deep.engine.learner import DeepQLearner
from core.history import EPISODES, UPDATES
from core.learner import Budget
from tests.core.deep.conftest import Made

SETTINGS = {"learning_rate": 1e-3, "optimizer": "amsgradw", "prioritised": True, "n_step": 2}


def poisoned(made: Made, *budgets: int) -> tuple[DeepQLearner, list[dict[str, np.ndarray]]]:
    """Three members, the second with weights that are no numbers after 50 steps; and the rows of updates after that."""
    learner = made(members=3, seed=3, **SETTINGS)
    learner.advance(Budget(50))
    with learner._torch_set():
        learner.online.parameters[1].fill_(torch.inf)
    rows = [row for budget in budgets for row in learner.advance(Budget(budget)).rows]
    return learner, [dict(row.columns) for row in rows if row.channel in (UPDATES, EPISODES)]


def test_it_stops_alone(made: Made) -> None:
    learner, rows = poisoned(made, 250)
    assert list(learner.stopped) == [1]
    assert learner.notices == (f"Member 1 stopped: its values grew beyond all bounds by step {learner.stopped[1]}",)
    for columns in rows:
        for name, column in columns.items():
            assert name == "epsilon" or np.isfinite(column).all(), name
    stepped = np.concatenate([columns["step"][columns["member"] == 1] for columns in rows])
    assert stepped.size == 0 or stepped.max() <= learner.stopped[1]
    assert learner.explain(1) is None and learner.explain(0) is not None
    assert np.isfinite(learner.snapshot(1).action_values).all() and "loss" not in learner.snapshot(1).metrics  # type: ignore[arg-type]
    healthy = made(members=3, seed=3, **SETTINGS)
    healthy.advance(Budget(300))
    for name in ("online", "target"):
        np.testing.assert_allclose(learner.state()[name][[0, 2]], healthy.state()[name][[0, 2]], rtol=1e-3, atol=1e-4)
    assert learner.actors.episodes[0] == healthy.actors.episodes[0]


def test_when_it_stops_does_not_depend_on_pauses_and_is_kept(made: Made) -> None:
    whole, _ = poisoned(made, 250)
    parts, _ = poisoned(made, 7, 60, 1, 32)
    again = made(members=3, seed=9, **SETTINGS)
    again.restore(parts.state())
    again.advance(Budget(150))
    assert again.stopped == whole.stopped and again.notices == whole.notices
    np.testing.assert_array_equal(again.state()["online"], whole.state()["online"])
    np.testing.assert_array_equal(again.state()["actors"]["lengths"], whole.state()["actors"]["lengths"])


def test_a_learner_taken_back_to_before_has_all_its_members(made: Made) -> None:
    learner, _ = poisoned(made)
    before = learner.state()
    learner.advance(Budget(250))
    after = learner.state()
    assert learner.stopped
    learner.restore(before)
    assert not learner.notices
    learner.advance(Budget(250))
    np.testing.assert_array_equal(learner.state()["online"], after["online"])
    assert learner.stopped == {1: after["stopped"]["1"]}
