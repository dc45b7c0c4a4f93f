"""Members with settings of their own learn what they would learn alone."""

import numpy as np
import pytest

from core.cli.train import varied
from core.deep.engine.learner import DeepQLearner
from core.errors import ConfigError
from core.learner import Budget
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world
from tests.core.deep.conftest import SMALL

OWN = {"learning_rate": [1e-3, "linear(0.01, 0, 100)"], "epsilon": [0.1, "exponential(1, 0.1, 5, per=episode)"], "discount": [0.9, 0.99]}


def session(members: int, vary: dict[str, list[object]], **config: object) -> Session:
    spec = {"world": open_world("gym:CartPole-v1"), "algorithm": "dqn", "config": SMALL | config, "members": members, "vary": vary}
    return Session(RunSpec.model_validate(spec | {"device": "cpu", "seed": 4}))


@pytest.mark.parametrize("n_step", [1, 3])
def test_a_member_with_settings_of_its_own_is_the_one_alone(n_step: int) -> None:
    both = session(2, OWN, n_step=n_step)
    both.advance(Budget(80))
    first = session(1, {}, n_step=n_step, learning_rate=1e-3, epsilon=0.1, discount=0.9)
    first.advance(Budget(80))
    assert isinstance(both.learner, DeepQLearner) and isinstance(first.learner, DeepQLearner)
    np.testing.assert_allclose(both.learner.state()["online"][0], first.learner.state()["online"][0], rtol=1e-3, atol=1e-5)
    assert both.snapshot(1).metrics["learning_rate"] == pytest.approx(0.01 * 0.2, abs=2e-4)
    explanation = both.learner.explain(1)
    assert explanation is not None
    assert explanation.terms["gamma"].value == pytest.approx(0.99 ** both.learner.last.batch.steps[1, 0].item())  # type: ignore[union-attr]


def test_a_resumed_run_keeps_what_differs() -> None:
    whole, half = session(2, OWN), session(2, OWN)
    whole.advance(Budget(80))
    half.advance(Budget(33))
    again = Session.resume(half.spec, half.state())
    again.advance(Budget(47))
    np.testing.assert_array_equal(whole.learner.state()["online"], again.learner.state()["online"])


def test_what_is_wrong_is_named() -> None:
    with pytest.raises(ConfigError, match="widths: members of DQN cannot differ in this; it can vary learning_rate, epsilon, discount"):
        session(2, {"widths": [[8], [16]]})
    with pytest.raises(ConfigError, match="epsilon: there must be one value for each of the 3 members, not 2"):
        session(3, {"epsilon": [0.1, 0.2]})
    with pytest.raises(ConfigError, match=r"member 1, epsilon: every value must lie from 0 to 1, not 2"):
        session(2, {"epsilon": [0.1, 2]})


def test_the_command_line_reads_values_of_members() -> None:
    assert varied(["learning_rate=0.001;linear(0.01, 0, 100)", "discount=0.9;1"]) == {
        "vary": {"learning_rate": [0.001, "linear(0.01, 0, 100)"], "discount": [0.9, 1]}, "members": 2,
    }  # fmt: skip
    with pytest.raises(ConfigError, match="--vary: 'epsilon' is not of the form"):
        varied(["epsilon"])
