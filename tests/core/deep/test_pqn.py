"""PQN as a whole, on small worlds and networks."""

from typing import Any

import numpy as np
import pytest
import torch

from core.config import assign
from core.deep.engine.inspection import inspect
from core.deep.engine.minibatch import GOES_ON, TERMINATED, TRUNCATED
from core.deep.engine.pqn_learner import PQNLearner
from core.deep.engine.pqn_settings import PQNConfig
from core.deep.pqn import build
from core.errors import ConfigError
from core.history import EPISODES, UPDATES
from core.learner import Budget, Task
from core.runs.evaluation import evaluate
from core.worlds.library import open_world
from core.worlds.size import Size
from tests.core.deep.networks import twin

SMALL: dict[str, Any] = {"environments": 3, "rollout": 4, "minibatches": 2, "epochs": 2, "widths": (16,)}


def made(world: str = "gym:CartPole-v1", members: int = 1, seed: int = 0, **settings: Any) -> PQNLearner:
    learner = build(Task(open_world(world), PQNConfig(**(SMALL | settings)), seed, members, "cpu"))
    assert isinstance(learner, PQNLearner)
    return learner


def limited(learner: PQNLearner, steps: int) -> PQNLearner:
    """Cut episodes of gymnasium environments off after so many steps."""
    for environment in learner.environments:
        environment.env._max_episode_steps = steps  # type: ignore[attr-defined]
    return learner


def test_minibatches_must_share_a_rollout_evenly() -> None:
    with pytest.raises(ConfigError, match="3 environments make 12 transitions in 4 steps, which 5 minibatches cannot share evenly"):
        assign(PQNConfig, ["environments=3", "rollout=4", "minibatches=5"])


def test_environments_take_turns_and_every_step_counts() -> None:
    learner = made(members=2)
    for size, lengths in ((5, [2, 2, 1]), (1, [2, 2, 2]), (0, [2, 2, 2])):
        progress = learner.advance(Budget(size))
        assert progress.units == size
        assert [rank.lengths for rank in learner.actors.ranks] == [[length] * 2 for length in lengths]
    assert learner.steps == learner.snapshot().counters.units == 6


def test_updates_come_after_every_rollout() -> None:
    learner = made()
    assert not [rows for rows in learner.advance(Budget(11)).rows if rows.channel == UPDATES]
    before = learner.online.parameters.clone()
    (rows,) = [rows for rows in learner.advance(Budget(20)).rows if rows.channel == UPDATES]
    assert rows.columns["step"].tolist() == [12] * 4 + [24] * 4
    assert rows.columns["update"].tolist() == list(range(8))
    assert learner.updates == 8 and not torch.equal(learner.online.parameters, before)


def test_episodes_are_numbered_over_all_environments_of_a_member() -> None:
    learner = made(members=2)
    rows = [part.columns for size in (100, 3, 200) for part in learner.advance(Budget(size)).rows if part.channel == EPISODES]
    columns = {name: np.concatenate([part[name] for part in rows]) for name in rows[0]}
    for member in range(2):
        mine = columns["member"] == member
        assert columns["episode"][mine].tolist() == list(range(learner.actors.episodes[member]))
        assert (np.diff(columns["step"][mine]) > 0).all()
        under_way = sum(rank.lengths[member] for rank in learner.actors.ranks)
        assert columns["length"][mine].sum() + under_way == 303
        assert (columns["return"][mine] == columns["length"][mine]).all()


def recorded(learner: PQNLearner, member: int) -> tuple[list[dict[str, Any]], torch.Tensor]:
    """The rollout just filled, and its λ-returns by the weights that `learner` has now: each environment for itself, by the recursion."""
    steps, environments = learner.config.rollout, learner.config.environments
    stored, trace = learner.encoding.stored, learner.config.trace_decay
    rows = [
        {
            "x": row[:stored], "y": row[stored : 2 * stored], "action": int(row[2 * stored]), "reward": row[2 * stored + 1].item(),
            "ended": row[2 * stored + 2].item(), "blocked": row[2 * stored + 4 :] > 0,
        }
        for row in learner.rollout.rows[member].clone()
    ]  # fmt: skip
    flat = learner.online.parameters[member].clone()
    found = torch.zeros(len(rows))
    for number in range(environments):
        for step in reversed(range(steps)):
            row = rows[step * environments + number]
            best = twin(learner.online, flat, member, seen(learner, [row["y"]]))[0, :, 0].masked_fill(row["blocked"], -torch.inf).max()
            goes_on = row["ended"] == GOES_ON and step < steps - 1
            ahead = found[(step + 1) * environments + number] if goes_on else best
            following = 0.0 if row["ended"] == TERMINATED else (1 - trace) * best + trace * ahead
            found[step * environments + number] = row["reward"] + learner.discounts[member] * following
    return rows, found


def seen(learner: PQNLearner, stored: list[torch.Tensor]) -> torch.Tensor:
    with learner._torch_set():
        inputs = learner.encoding.expand(torch.stack(stored)[None])[0]
    return inputs.clone()


@pytest.mark.parametrize(("world", "end", "steps"), [("gym:CartPole-v1", TRUNCATED, 8), ("grid/lecture-3x4", TERMINATED, 30)])
@pytest.mark.parametrize("loss", ["squared", "huber"])
@pytest.mark.parametrize("clip", [0.0, 0.05])
def test_learning_from_a_rollout_is_what_autograd_and_torch_make_of_it(world: str, end: float, steps: int, loss: str, clip: float) -> None:
    """All epochs and minibatches of one rollout, within which episodes are cut off or terminate."""
    learner = made(world, 2, seed=1, loss=loss, gradient_clip=clip, learning_rate=0.01, rollout=steps, epsilon=1.0, environments=4)
    if world.startswith("gym"):
        limited(learner, 3)
    learner.advance(Budget(4 * steps - 1))
    learn, ready = learner._learn, []

    def watched() -> None:
        before = learner.online.parameters.clone()
        orders = [np.random.default_rng() for _ in range(2)]
        for stream, order in zip(learner.streams, orders, strict=True):
            order.bit_generator.state = stream.replay.bit_generator.state
        ready.append((before, orders, [recorded(learner, member) for member in range(2)]))
        learn()

    learner._learn = watched  # type: ignore[method-assign]
    learner.advance(Budget(1))
    ((before, orders, kept),) = ready
    for member in range(2):
        rows, aims = kept[member]
        assert {row["ended"] for row in rows[:-4]} == {GOES_ON, end}
        weights = torch.nn.Parameter(before[member].clone())
        optimizer = torch.optim.RAdam([weights], lr=0.01)
        for _ in range(2):
            for chosen in np.split(orders[member].permutation(4 * steps), 2):
                q = twin(learner.online, weights, member, seen(learner, [rows[at]["x"] for at in chosen]))[..., 0]
                taken = q[torch.arange(2 * steps), torch.tensor([rows[at]["action"] for at in chosen])]
                aim = aims.clone()[torch.from_numpy(chosen)]
                cost = torch.nn.functional.smooth_l1_loss(taken, aim) if loss == "huber" else torch.nn.functional.mse_loss(taken, aim)
                optimizer.zero_grad()
                cost.backward()
                norm = torch.nn.utils.clip_grad_norm_([weights], clip or torch.inf)
                optimizer.step()
        torch.testing.assert_close(learner.online.parameters[member], weights.detach(), rtol=1e-3, atol=1e-5)
        assert learner.log.metrics(member) == pytest.approx(
            {"loss": cost.item(), "q_mean": taken.mean().item(), "td_error": (taken - aim).abs().mean().item(), "grad_norm": norm.item()},
            rel=1e-3,
        )


def test_unavailable_actions_are_never_taken() -> None:
    available = open_world("mdp/three-state").compile().available
    for epsilon in (0.0, 1.0):
        learner = made("mdp/three-state", 2, epsilon=epsilon, rollout=40)
        learner.advance(Budget(119))
        rows = learner.rollout.rows[:, :119].reshape(238, -1)
        assert available[rows[:, 0].long(), rows[:, 2].long()].all()


def test_the_explanation_is_the_error_of_the_last_update() -> None:
    learner = made("grid/lecture-3x4", 2, rollout=20, minibatches=60, epochs=1, learning_rate=0.01)
    equations = set()
    for _ in range(12):
        learner.advance(Budget(60))
        for member in range(2):
            explanation = learner.explain(member)
            assert explanation is not None
            equations.add(explanation.equation)
            assert abs(explanation.result) == pytest.approx(learner.log.metrics(member)["td_error"], rel=1e-4, abs=1e-6)
    assert equations == {
        "δ = r + γ [(1 − λ) max_a' Q(s', a'; θ) + λ G'] − Q(s, a; θ)",
        "δ = r + γ max_a' Q(s', a'; θ) − Q(s, a; θ)",
    }


def test_a_member_that_diverges_stops_alone() -> None:
    settings = {"optimizer": "sgd", "learning_rate": 1e-3}
    learner, healthy = made(members=3, seed=3, **settings), made(members=3, seed=3, **settings)
    for one in (learner, healthy):
        one.advance(Budget(13))
    with learner._torch_set():
        learner.online.parameters[1].fill_(torch.inf)
    for one in (learner, healthy):
        one.advance(Budget(400))
    assert list(learner.stopped) == [1] and learner.explain(1) is None
    for member in (0, 2):
        torch.testing.assert_close(learner.online.parameters[member], healthy.online.parameters[member])
    again = made(members=3, seed=8, **settings)
    again.restore(learner.state())
    for one in (learner, again):
        one.advance(Budget(50))
    assert torch.equal(learner.online.parameters, again.online.parameters) and again.stopped == learner.stopped


def test_pqn_finds_the_best_policy_of_the_lecture_grid_while_acting_at_random() -> None:
    world = open_world("grid/lecture-3x4")
    settings = assign(PQNConfig, ["epsilon=1", "learning_rate=0.001", "rollout=16", "trace_decay=0"])
    learner = build(Task(world, settings, seed=0, device="cpu"))
    learner.advance(Budget(12_000))
    assert evaluate(learner, world, episodes=5) == [1.0] * 5
    learner.close()


@pytest.mark.parametrize("world", ["gym:CartPole-v1", "grid/lecture-3x4"])
def test_memory_told_beforehand_is_what_the_learner_takes(world: str) -> None:
    learner = made(world, 2)
    size = Size(11, 4, finite=True) if world.startswith("grid") else Size(4, 2, finite=False)
    told = inspect(learner.config, size, 2)
    assert told is not None
    assert told.memory.parameters == learner.online.parameters.nbytes and told.memory.target == 0
    assert told.memory.replay == learner.rollout.rows.nbytes
