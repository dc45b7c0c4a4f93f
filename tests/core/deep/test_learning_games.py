"""Learning a game: the network of Mnih et al. (2015), what is learnt of an outcome, and an update by hand."""

from contextlib import closing

import numpy as np
import pytest
import torch

from core.deep.engine.anatomy import anatomy
from core.deep.engine.blueprint import blueprint_of
from core.deep.engine.dqn_settings import DQNConfig
from core.deep.engine.inspection import inspect
from core.deep.engine.learner import DeepQLearner
from core.deep.engine.learnt import AS_IT_IS, Learnt
from core.deep.engine.minibatch import TERMINATED
from core.deep.engine.rows import frames_kept
from core.demonstration import Demonstration
from core.errors import ConfigError, WorldError
from core.learner import Budget, Task
from core.streams import Streams
from core.worlds.copies import make_environment
from core.worlds.environment import Outcome
from core.worlds.gym import GymWorld
from core.worlds.gym_environment import GymEnvironment
from core.worlds.library import library_world, open_world
from core.worlds.screen import register
from core.worlds.size import Size
from tests.games import BREAKOUT, needs_games

SCREEN = Size(4 * 84 * 84, 4, finite=False, screen=(4, 84, 84))
NATURE = DQNConfig(channels=(32, 64, 64), widths=(512,), buffer_size=1_000_000, batch_size=32)


def test_the_network_of_the_paper() -> None:
    layers = anatomy(blueprint_of(NATURE, (4, 84, 84), 4, screen=True))
    assert [layer.outputs for layer in layers if layer.parameters] == [(32, 20, 20), (64, 9, 9), (64, 7, 7), (512,), (4,)]
    assert sum(layer.parameters for layer in layers) == 8224 + 32832 + 36928 + 1606144 + 2052
    assert layers[0].places[0] == "⌊(84 − 8 + 2 · 0) / 4⌋ + 1 = 20"


def test_kernels_and_strides_can_be_chosen() -> None:
    config = DQNConfig(channels=(2, 3, 5), kernels=(5, 3), strides=(2,))
    grid = blueprint_of(config, (4, 9, 9), 2).convolutions
    assert [each[1:] for each in grid] == [(5, 2, 2), (3, 2, 1), (3, 2, 1)]
    assert [each[1:] for each in blueprint_of(DQNConfig(), (4, 9, 9), 2).convolutions] == [(3, 1, 1), (3, 1, 1)]
    with pytest.raises(ConfigError, match="does not fit"):
        blueprint_of(DQNConfig(), (4, 9, 9), 2, screen=True).parts()


def test_a_million_transitions_take_a_million_pictures() -> None:
    facts = inspect(NATURE, SCREEN)
    assert facts is not None
    assert facts.memory.replay == 1_000_000 * 4 * (4 + 4) + frames_kept(1_000_000, 4) * 84 * 84 == 7_091_161_088
    whole = inspect(NATURE, SCREEN._replace(screen=None, observation=28_224))
    assert whole is not None and whole.memory.replay > 31 * facts.memory.replay


def test_rewards_are_clipped_and_lost_lives_end_for_learning_only() -> None:
    learnt = Learnt(clip=1.0, lives=True)
    assert learnt.of(Outcome(7.0, False, False), lost=False) == Outcome(1.0, False, False)
    assert learnt.of(Outcome(-3.0, False, True), lost=False) == Outcome(-1.0, False, True)
    assert learnt.of(Outcome(0.25, False, True), lost=True) == Outcome(0.25, True, False)
    assert AS_IT_IS.of(Outcome(7.0, False, True), lost=True) == Outcome(7.0, False, True)


@needs_games
def test_it_is_what_gymnasiums_wrappers_would_make_of_it() -> None:
    """ClipReward, and AtariPreprocessing that ends where the first life is lost."""
    import gymnasium
    from gymnasium.wrappers import AtariPreprocessing, ClipReward

    register()
    theirs = gymnasium.make("ALE/Breakout-v5", frameskip=1, repeat_action_probability=0.25)
    theirs = ClipReward(AtariPreprocessing(theirs, terminal_on_life_loss=True), -1.0, 1.0)
    learnt, chance, ended = Learnt(clip=1.0, lives=True), np.random.default_rng(0), False
    with closing(theirs), closing(make_environment(open_world(BREAKOUT), np.random.default_rng(0))) as ours:
        theirs.reset(seed=3)
        ours.begin(3)
        while not ended:
            action, lives = int(chance.integers(4)), ours.lives
            outcome = learnt.of(ours.step(action), ours.lives < lives)
            _, reward, ended, *_ = theirs.step(action)
            assert (outcome.reward, outcome.terminated) == (reward, ended)
        assert ours.lives == 4


@needs_games
def test_an_update_by_hand() -> None:
    """Targets r + γ max Q(s'; θ⁻) from stacks put together here, the gradient by autograd through torch's own layers."""
    config = DQNConfig(
        channels=(3, 4), widths=(6,), learning_starts=8, train_every=1, batch_size=5, buffer_size=50, reward_clip=1.0, life_loss=True,
        double=False, target_every=1000, gradient_clip=0.0, learning_rate="0.1", optimizer="sgd", loss="huber", discount=0.9,
    )  # fmt: skip
    learner = DeepQLearner(Task(open_world(BREAKOUT), config, 3, 2, "cpu"))
    learner.advance(Budget(7))
    before = [learner.online.taken(member).clone() for member in range(2)]
    learner.advance(Budget(1))
    batch = learner.replay.minibatch
    assert batch.observation.dtype == torch.uint8 and batch.observation.shape == (2, 5, 4 * 84 * 84)
    for member in range(2):
        sizes = [3 * 4 * 64, 3, 4 * 3 * 16, 4, 324 * 6, 6, 24, 4]
        weights = [part.clone().requires_grad_() for part in before[member].clone().split(sizes)]

        def q(seen: torch.Tensor, w: list[torch.Tensor]) -> torch.Tensor:
            x = seen.clone().view(5, 4, 84, 84).float() / 255
            x = torch.relu(torch.nn.functional.conv2d(x, w[0].view(3, 4, 8, 8), w[1], 4))
            x = torch.relu(torch.nn.functional.conv2d(x, w[2].view(4, 3, 4, 4), w[3], 2)).flatten(1)
            return torch.relu(x @ w[4].view(324, 6) + w[5]) @ w[6].view(6, 4) + w[7]

        with torch.no_grad():
            target = batch.reward[member, :, 0] + batch.factor[member, :, 0] * q(batch.next_observation[member], weights).max(1).values
        actions = batch.action[member].clone().long()
        taken = q(batch.observation[member], weights).gather(1, actions)[:, 0]
        torch.nn.functional.huber_loss(taken, target.clone()).backward()
        expected = torch.cat([part.detach() - 0.1 * part.grad for part in weights])  # type: ignore[operator]
        torch.testing.assert_close(learner.online.taken(member).clone(), expected, rtol=1e-4, atol=1e-6)
    learner.close()


@needs_games
def test_what_was_shown_is_learnt_as_if_it_had_been_played() -> None:
    """Two lives of Breakout in the agent's episode: rewards clipped, lost lives as ends, and stacks as the game shows them."""
    config = DQNConfig(channels=(2, 2), widths=(4,), learning_starts=10_000, batch_size=400, reward_clip=1.0, life_loss=True)
    learner = DeepQLearner(Task(open_world(BREAKOUT), config, 3, 1, "cpu"))
    learner.advance(Budget(5))
    seen, actions, lost, stacks = [], [], [], []
    with closing(make_environment(open_world(BREAKOUT), np.random.default_rng(1))) as game:
        assert isinstance(game, GymEnvironment)
        seen.append(game.picture)
        stacks.append(game.observation)
        chance = np.random.default_rng(2)
        while len(lost) < 2:
            lives = game.lives
            actions.append(int(chance.integers(4)))
            game.step(actions[-1])
            seen.append(game.picture)
            stacks.append(game.observation)
            if game.lives < lives:
                lost.append(len(actions) - 1)
    passages = list(Demonstration.of(seen, actions, [7.0] * len(actions), False, lost).passages())
    learner.take_in(passages[:20])
    learner.take_in(passages[20:], first=False)
    learner.advance(Budget(4))
    replay, steps = learner.replay, len(actions)
    assert replay.count == 5 + steps + 4
    assert np.flatnonzero(replay.rows[0, 5 : 5 + steps, 2] == TERMINATED).tolist() == lost
    assert replay.rows[0, 4 + steps, 2] == TERMINATED and set(replay.rows[0, 5 : 5 + steps, 1].tolist()) == {1.0}
    with torch.inference_mode():
        batch = replay.sample()
    shown = [(which, place - 5) for which, place in enumerate(replay._many.places[0].tolist()) if 5 <= place < 5 + steps]
    assert len(shown) > 300
    for which, step in shown:
        assert np.array_equal(batch.observation[0, which].numpy(), stacks[step])
        assert np.array_equal(batch.next_observation[0, which].numpy(), stacks[step + 1])
    learner.close()


@needs_games
def test_pictures_of_another_size_are_refused() -> None:
    learner = DeepQLearner(Task(open_world(BREAKOUT), DQNConfig(channels=(2, 2), widths=(4,)), 3, 1, "cpu"))
    for shown in (Demonstration.of([np.zeros(9, np.uint8)] * 2, [0], [0.0], True, []), Demonstration.of([1, 2], [0], [0.0], True, [])):
        with pytest.raises(WorldError, match="7056 numbers"):
            learner.check(shown)
    learner.close()


@needs_games
def test_returns_are_those_of_whole_games_unclipped() -> None:
    """A game of five lives is one episode, and its bricks count as they are."""
    config = DQNConfig(channels=(2, 2), widths=(4,), learning_starts=10_000, reward_clip=1.0, life_loss=True, epsilon="1")
    world = library_world(BREAKOUT)
    assert isinstance(world, GymWorld)
    learner = DeepQLearner(Task(world, config, 5, 1, "cpu"))
    twin = make_environment(world, np.random.default_rng(0))
    progress = learner.advance(Budget(2_000, boundaries=1))
    (rows,) = (rows for rows in progress.rows if rows.channel == "episodes")
    ended = learner.replay.rows[0, : progress.units, 2].tolist()
    rewards = learner.replay.rows[0, : progress.units, 1].tolist()
    actions = [int(action) for action in learner.replay.rows[0, : progress.units, 0].tolist()]
    twin.restore({"episode_seed": int(Streams.spawn(5, 0).world.integers(2**31)), "actions": actions[:-1]})
    last = twin.step(actions[-1])
    assert last.terminated and sum(end == 2.0 for end in ended) == 5 and ended[-1] == 2.0
    assert max(rewards) <= 1.0 and rows.columns["return"][0] >= sum(rewards) and rows.columns["length"][0] == progress.units
    learner.close()
    twin.close()
