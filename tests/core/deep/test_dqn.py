"""DQN as a whole, on small worlds and networks."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core.config import assign, build
from core.deep.dqn import ALGORITHM
from core.deep.engine.dqn_settings import DQNConfig
from core.deep.engine.learner import DeepQLearner
from core.deep.engine.minibatch import GOES_ON, TERMINATED, TRUNCATED
from core.errors import ConfigError, ValuescapeError
from core.learner import Budget, Task
from core.worlds.copies import make_environment
from core.worlds.library import open_world
from tests.core.deep.conftest import Made

ROOT = Path(__file__).parents[3]


def test_declaring_dqn_imports_neither_torch_nor_numba() -> None:
    code = "import sys, core.deep.dqn; sys.exit(bool({'torch', 'numba', 'gymnasium'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_settings_are_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="epsilon: visits are not counted here"):
        build(DQNConfig, {"epsilon": "power(1, 0, 20, per=visit)"})
    with pytest.raises(ConfigError, match=r"widths\.0"):
        assign(DQNConfig, ["widths=[0]"])
    assert assign(DQNConfig, ["widths=[3, 4]", "double=true"]).widths == (3, 4)


@pytest.mark.parametrize("double", [False, True])
@pytest.mark.parametrize("loss", ["huber", "squared"])
@pytest.mark.parametrize("clip", [0.0, 0.05])
def test_an_update_is_what_autograd_makes_of_the_same_minibatch(made: Made, double: bool, loss: str, clip: float) -> None:
    learner = made("mdp/three-state", 2, double=double, loss=loss, gradient_clip=clip, optimizer="sgd", learning_rate=0.1)
    learner.advance(Budget(60))
    before, target = learner.online.parameters.clone(), learner.target.parameters.clone()
    with learner._torch_set():
        learner._update(learner._sample())
    batch = learner.replay.minibatch
    for member in range(2):
        weights = before[member].clone().requires_grad_()

        def q(flat: torch.Tensor, states: torch.Tensor) -> torch.Tensor:
            first, rest = flat[: 3 * 16 + 16], flat[3 * 16 + 16 :]
            inputs = torch.nn.functional.one_hot(states[:, 0].long(), 3).float()
            hidden = torch.relu(inputs @ first[:48].view(3, 16) + first[48:])
            return hidden @ rest[:48].view(16, 3) + rest[48:]

        mask = batch.blocked[member] == 0
        there = q(target[member], batch.next_observation[member])
        if double:
            choice = q(weights, batch.next_observation[member]).masked_fill(~mask, -torch.inf).argmax(1, keepdim=True)
            following = there.gather(1, choice)
        else:
            following = there.masked_fill(~mask, -torch.inf).amax(1, keepdim=True)
        aim = (batch.reward[member] + learner.discounts[member] * following).detach()
        taken = q(weights, batch.observation[member]).gather(1, batch.action[member].long())
        cost = torch.nn.functional.smooth_l1_loss(taken, aim) if loss == "huber" else torch.nn.functional.mse_loss(taken, aim)
        cost.backward()
        norm = torch.nn.utils.clip_grad_norm_([weights], clip or torch.inf)
        assert weights.grad is not None
        torch.testing.assert_close(learner.online.parameters[member], before[member] - 0.1 * weights.grad, rtol=1e-4, atol=1e-6)
        learner.log.take_rows()
        assert learner.log.metrics(member) == pytest.approx(
            {"loss": cost.item(), "q_mean": taken.mean().item(), "td_error": (taken - aim).abs().mean().item(), "grad_norm": norm.item()},
            rel=1e-3,
        )


def test_truncation_is_bootstrapped_and_termination_is_not(made: Made) -> None:
    learner = made("grid/lecture-3x4", epsilon=1.0, buffer_size=3000, learning_starts=3000)
    learner.advance(Budget(2000))
    absorbing = open_world("grid/lecture-3x4").compile().absorbing
    following, ended, factor = learner.replay.rows[0, :2000, [1, 4, 5]].T.tolist()
    assert [value == TERMINATED for value in ended] == [bool(absorbing[int(state)]) for state in following]
    assert [value == 0.0 for value in factor] == [value == TERMINATED for value in ended]
    assert TERMINATED in ended
    # an episode cut off at its limit goes on in the buffer, though the next transition starts anew
    learner = made("gym:CartPole-v1", epsilon=0.0, buffer_size=4000, learning_starts=4000)
    learner.environments[0].env._max_episode_steps = 5  # type: ignore[attr-defined]
    rows = learner.advance(Budget(50)).rows[0].columns
    assert rows["length"].tolist() == [5] * 10
    row = learner.replay.rows[0, :50]
    assert row[:, 10].tolist() == [*[GOES_ON] * 4, TRUNCATED] * 10
    assert row[:, 11].tolist() == [np.float32(0.99)] * 50
    starts = row[:, :4]
    nexts = row[:, 4:8]
    joined = [torch.equal(nexts[index], starts[index + 1]) for index in range(49)]
    assert joined == [(index + 1) % 5 != 0 for index in range(49)]


def test_unavailable_actions_are_never_taken(made: Made) -> None:
    for epsilon in (0.0, 1.0):
        learner = made("mdp/three-state", 2, epsilon=epsilon, buffer_size=500)
        learner.advance(Budget(300))
        available = open_world("mdp/three-state").compile().available
        rows = learner.replay.rows[:, :300].reshape(600, -1)
        assert available[rows[:, 0].long(), rows[:, 2].long()].all()
        assert np.array_equal(rows[:, 6:].numpy() == 0.0, available[rows[:, 1].long()])
    q = learner.snapshot().q
    assert q is not None
    assert np.array_equal(np.isnan(q), ~available)


def test_epsilon_and_learning_rate_are_in_use_at_start_middle_and_end(made: Made) -> None:
    learner = made(epsilon="linear(1, 0, 200)", learning_rate="linear(0.01, 0.001, 200)", learning_starts=1, batch_size=4)
    seen: list[tuple[int, float, float]] = []
    for _ in range(300):
        for rows in learner.advance(Budget(1)).rows:
            if rows.channel == "updates":
                seen.append((int(rows.columns["step"][0]), float(rows.columns["epsilon"][0]), float(learner._rate.tensor[0, 0])))
    assert seen[0] == (1, 1.0, pytest.approx(0.01 - 0.009 / 200))
    assert seen[99] == (100, pytest.approx(1 - 99 / 200), pytest.approx(0.0055))
    assert seen[-1] == (300, 0.0, pytest.approx(0.001))
    explored = made(epsilon=1.0, learning_starts=1000, buffer_size=1000)
    explored.advance(Budget(600))
    assert 230 < explored.replay.rows[0, :600, 8].sum() < 370


def test_a_schedule_by_episode_follows_each_member(made: Made) -> None:
    learner = made(members=3, epsilon="linear(1, 0, 10, per=episode)", learning_starts=10_000)
    learner.advance(Budget(250))
    learner.epsilon.update(learner.steps, learner.actors.episodes)
    assert learner.epsilon.values.tolist() == [pytest.approx(max(0.0, 1 - count / 10)) for count in learner.actors.episodes]
    assert len(set(learner.actors.episodes)) > 1


def test_the_target_network_follows_hard_and_soft(made: Made) -> None:
    hard = made(target_every=50)
    hard.advance(Budget(49))
    assert not torch.equal(hard.target.parameters, hard.online.parameters)
    hard.advance(Budget(1))
    assert torch.equal(hard.target.parameters, hard.online.parameters)
    soft = made(target_update="soft", target_rate=0.25)
    soft.advance(Budget(30))
    before = soft.target.parameters.clone()
    soft.advance(Budget(1))
    torch.testing.assert_close(soft.target.parameters, 0.75 * before + 0.25 * soft.online.parameters)


def test_updates_come_as_often_as_asked(made: Made) -> None:
    learner = made(train_every=5, updates_per_train=50, learning_starts=20)
    progress = learner.advance(Budget(34))
    parts = [rows.columns for rows in progress.rows if rows.channel == "updates"]
    assert np.concatenate([part["step"] for part in parts]).tolist() == [20] * 50 + [25] * 50 + [30] * 50
    assert np.concatenate([part["update"] for part in parts]).tolist() == list(range(150))
    assert learner.snapshot().counters.updates == 150


def test_rows_of_many_members_and_updates(made: Made) -> None:
    learner = made(members=3)
    episodes: dict[int, list[Any]] = {0: [], 1: [], 2: []}
    updates = 0
    for size in (100, 7, 150, 1, 60):
        for rows in learner.advance(Budget(size)).rows:
            assert next(iter(rows.columns.values())).dtype == np.int64
            if rows.channel == "episodes":
                assert list(rows.columns) == ["episode", "member", "step", "return", "length", "discounted"]
                for number, member, step, total, length, seen in zip(*rows.columns.values(), strict=True):
                    assert total == length
                    discounts = learner.discounts[0] ** np.arange(length)
                    assert seen == pytest.approx(np.mean(np.cumsum(discounts)))
                    episodes[int(member)].append((int(number), int(step), int(length)))
            else:
                names = ["update", "member", "step", "loss", "q_mean", "td_error", "grad_norm", "epsilon", "step_size"]
                assert list(rows.columns) == names
                assert rows.columns["update"].tolist() == np.repeat(updates + np.arange(len(rows) // 3), 3).tolist()
                assert rows.columns["member"].tolist() == [0, 1, 2] * (len(rows) // 3)
                updates += len(rows) // 3
    assert updates == 318 - 19 == learner.updates
    for ended in episodes.values():
        assert [number for number, _, _ in ended] == list(range(len(ended)))
        assert [step for _, step, _ in ended] == np.cumsum([length for _, _, length in ended]).tolist()


def test_advance_stops_when_every_member_has_ended_its_episodes(made: Made) -> None:
    learner = made(members=3)
    progress = learner.advance(Budget(10_000, boundaries=2))
    assert progress.boundaries == 2 == min(learner.actors.episodes)
    assert (
        progress.units == learner.steps == max(np.concatenate([row.columns["step"] for row in progress.rows if row.channel == "episodes"]))
    )


@pytest.mark.parametrize("double", [False, True])
def test_the_explanation_is_the_td_error_of_the_last_update(made: Made, double: bool) -> None:
    learner = made("mdp/three-state", 2, double=double, batch_size=1)
    assert learner.explain() is None
    rows = learner.advance(Budget(40)).rows[-1]
    for member in (0, 1):
        told = learner.explain(member)
        assert told is not None
        value = eval(told.formula, {name: term.value for name, term in told.terms.items()})
        assert value == pytest.approx(told.result, abs=1e-9)
        assert abs(told.result) == pytest.approx(rows.columns["td_error"][-2 + member], abs=1e-5)
        again = made("mdp/three-state", 2, double=double, batch_size=1)
        again.restore(learner.state())
        assert again.explain(member) == told


def test_a_snapshot_of_a_finite_world_shows_every_state(made: Made) -> None:
    learner = made("mdp/three-state")
    learner.advance(Budget(50))
    shot = learner.snapshot()
    assert shot.q is not None
    assert shot.values is not None
    assert shot.action_values is not None
    assert shot.state is not None
    np.testing.assert_allclose(shot.q[shot.state], shot.action_values, rtol=1e-5)
    assert shot.values.tolist() == np.nanmax(shot.q, axis=1).tolist()
    assert set(shot.metrics) == {"loss", "q_mean", "td_error", "grad_norm", "epsilon", "learning_rate"}
    seen = made("gym:CartPole-v1").snapshot()
    assert seen.q is None
    assert seen.observation is not None
    assert seen.observation.shape == (4,)


def test_values_that_grow_beyond_bounds_are_reported_in_one_sentence(made: Made) -> None:
    learner = made(members=2, learning_rate=1.0, optimizer="sgd", loss="squared", gradient_clip=0)
    with pytest.raises(ValuescapeError, match=r"grew beyond all bounds by step \d+\. Lower the learning rate"):
        learner.advance(Budget(5000))


def test_dqn_finds_the_best_policy_of_the_lecture_grid() -> None:
    world = open_world("grid/lecture-3x4")
    learner = ALGORITHM.build(Task(world, DQNConfig(), seed=0, device="cpu"))
    learner.advance(Budget(4000))
    stream = np.random.default_rng(0)
    environment = make_environment(world, stream)
    for _ in range(5):
        total, steps = 0.0, 0
        environment.reset()
        outcome = None
        while (outcome is None or not outcome.terminated) and steps < 20:
            outcome = environment.step(int(np.nanargmax(learner.action_values(environment))))
            total, steps = total + outcome.reward, steps + 1
        assert (total, steps) == (1.0, 5)
    learner.close()


@pytest.mark.gpu
def test_a_gpu_learns_what_the_processor_learns() -> None:
    if not torch.cuda.is_available():
        pytest.skip("there is no CUDA device")
    task = Task(open_world("gym:CartPole-v1"), DQNConfig(learning_starts=20), members=2)
    gpu = ALGORITHM.build(Task(task.world, task.config, members=2, device="cuda"))
    cpu = ALGORITHM.build(Task(task.world, task.config, members=2, device="cpu"))
    assert isinstance(gpu, DeepQLearner)
    assert isinstance(cpu, DeepQLearner)
    for learner in (gpu, cpu):
        learner.advance(Budget(60))
    torch.testing.assert_close(gpu.online.parameters.cpu(), cpu.online.parameters, rtol=1e-3, atol=1e-4)
    assert gpu.streams[1].state() == cpu.streams[1].state()
    again = ALGORITHM.build(Task(task.world, task.config, members=2, device="cuda"))
    again.restore(gpu.state())
    again.advance(Budget(20))
    assert again.snapshot(1).counters.units == 80
