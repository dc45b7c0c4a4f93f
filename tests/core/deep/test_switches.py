"""Every switch of the deep family with every other: they run, resume to the bit, and a member does not notice the others."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.deep.engine.learner import DeepQLearner
from core.learner import Budget
from core.runs.reproduce import differences
from tests.core.deep.conftest import Made

SWITCHES: dict[str, list[Any]] = {
    "replay": [True, False],
    "prioritised": [False, True],
    "n_step": [1, 3],
    "target_update": ["hard", "soft", "none"],
    "target_clock": ["step", "episode"],
    "double": [True, False],
    "dueling": ["none", "mean", "max"],
    "distribution": ["none", "categorical", "quantile"],
    "noisy": [False, True],
    "layer_norm": [False, True],
    "loss": ["squared", "huber"],
    "clip_by": ["norm", "value"],
    "averaging": [0.0, 0.05],
    "optimizer": ["adam", "adamw", "amsgrad", "amsgradw", "nadam", "radam", "rmsprop", "sgd"],
}
chosen = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in SWITCHES.items()})
WORLDS = st.sampled_from(["gym:CartPole-v1", "grid/lecture-3x4"])
FEW = {"atoms": 7, "target_every": 3, "learning_rate": 1e-3, "epsilon": 0.2}


def goes_on_and_stays_alone(made: Made, world: str, switches: dict[str, Any]) -> None:
    """Twice 30 steps are 60, and a member among three is the one alone."""
    whole, first, second, alone = (made(world, members, seed=5, **(switches | FEW)) for members in (3, 3, 3, 1))
    whole.advance(Budget(60))
    first.advance(Budget(30))
    second.restore(first.state())
    second.advance(Budget(30))
    alone.advance(Budget(60))
    assert whole.updates == second.updates == alone.updates > 0
    assert list(differences(whole.state(), second.state())) == []
    for name in {"online", "target", "average"} & whole.state().keys():
        np.testing.assert_allclose(whole.state()[name][0], alone.state()[name][0], rtol=1e-3, atol=1e-4)
    assert whole.state()["streams"]["0"] == alone.state()["streams"]["0"]
    assert np.isfinite(whole.log.newest).all() and whole.explain() is not None


def apart(a: DeepQLearner, b: DeepQLearner) -> float:
    return float((a.shown.parameters - b.shown.parameters).abs().max())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(world=WORLDS, switches=chosen)
def test_switches_go_together(made: Made, world: str, switches: dict[str, Any]) -> None:
    goes_on_and_stays_alone(made, world, switches)


@pytest.mark.slow
@settings(max_examples=1000, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(world=WORLDS, switches=chosen)
def test_a_thousand_combinations_of_switches_go_together(made: Made, world: str, switches: dict[str, Any]) -> None:
    goes_on_and_stays_alone(made, world, switches)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in SWITCHES.items() for value in values[1:]])
def test_every_switch_does_something(made: Made, name: str, value: object) -> None:
    """Beside a setting in which it counts."""
    beside: dict[str, Any] = {"target_every": 2, "gradient_clip": 0.02} | FEW
    beside |= {"learning_rate": 0.05, "target_every": 30} if name in ("loss", "double") else {}
    one, other = made(**beside), made(**(beside | {name: value}))
    one.advance(Budget(120))
    other.advance(Budget(120))
    assert one.online.parameters.shape != other.online.parameters.shape or apart(one, other) > 1e-6


def test_without_replay_each_step_is_learned_from_once(made: Made) -> None:
    """By hand: SGD on the newest transition alone, towards the network's own estimate."""
    learner = made(replay=False, target_update="none", optimizer="sgd", learning_rate=0.1, gradient_clip=0, loss="squared", widths=())
    learner.advance(Budget(5))
    before = learner.online.parameters[0].clone()
    learner.advance(Budget(1))
    with learner._torch_set():
        batch = learner.replay.newest()
    weight, bias = before[:8].view(4, 2), before[8:]
    action = int(batch.action.item())
    x, y = batch.observation[0, 0], batch.next_observation[0, 0]
    error = (x @ weight + bias)[action] - (batch.reward.item() + batch.factor.item() * (y @ weight + bias).max())
    weight[:, action] -= 0.1 * 2 * error * x
    bias[action] -= 0.1 * 2 * error
    torch.testing.assert_close(learner.online.parameters[0], before)
    assert learner.updates == 6
    explanation = learner.explain()
    assert explanation is not None and "θ⁻" not in explanation.equation
    assert explanation.terms["best_next"].meaning in (
        "learning network's value of the best next action",
        "nothing follows: the episode terminated",
    )


def test_copies_of_the_target_may_be_counted_in_each_members_episodes(made: Made) -> None:
    learner = made(members=2, target_clock="episode", target_every=2, learning_rate=1e-3)
    copied: list[set[int]] = [set(), set()]
    for _ in range(150):
        learner.advance(Budget(1))
        for member in range(2):
            if learner.updates and torch.equal(learner.target.parameters[member], learner.online.parameters[member]):
                copied[member].add(learner.actors.episodes[member])
    for member in range(2):
        assert copied[member] and all(episode % 2 == 0 for episode in copied[member])


def test_noise_explores_where_epsilon_is_nothing(made: Made) -> None:
    learner = made(epsilon=0.0, noisy=True, noise=2.0, learning_starts=1000)
    taken = set()
    for _ in range(40):
        observation = learner.environments[0].observation.copy()
        learner.advance(Budget(1))
        with learner._torch_set():
            values = learner.online.outputs(0, torch.from_numpy(observation)[None])[0, :, 0]
            taken.add(int(learner.replay.newest().action.item()) == int(values.argmax()))
    assert taken == {True, False}


def test_prioritised_replay_weighs_every_loss(made: Made) -> None:
    """With the weights of an update undone, its gradient is another."""
    for distribution in ("none", "categorical", "quantile"):
        learner = made(prioritised=True, importance=1.0, distribution=distribution, atoms=5)
        learner.advance(Budget(60))
        with learner._torch_set():
            batch = learner._sample()
            assert batch.weights is not None and batch.weights.max() == 1.0 and batch.weights.min() < 1.0
            learner._update(batch)
            weighed = learner.gradient.clone()
            batch.weights.fill_(1.0)
            learner._update(batch)
        assert not torch.allclose(weighed, learner.gradient, rtol=1e-2)
