"""Atari's games: met as gymnasium's own wrappers show them, begun and gone on with to the bit."""

from contextlib import closing

import numpy as np
import pytest

from core.config import build
from core.errors import ConfigError, MissingPart, UnknownName
from core.worlds import cartridges, screen
from core.worlds.copies import make_environment
from core.worlds.gym import GymWorld
from core.worlds.gym_environment import GymEnvironment
from core.worlds.library import library_world, open_world
from core.worlds.screen import Screen, action_names
from core.worlds.size import size_of
from tests.games import BREAKOUT, PONG, needs_games


def game(world: GymWorld, seed: int = 0) -> GymEnvironment:
    made = make_environment(world, np.random.default_rng(seed))
    assert isinstance(made, GymEnvironment)
    return made


def breakout(**settings: float) -> GymWorld:
    world = library_world(BREAKOUT)
    assert isinstance(world, GymWorld)
    return world.model_copy(update={"screen": Screen(**settings)})  # type: ignore[arg-type]


@needs_games
def test_it_is_met_as_gymnasiums_wrappers_show_it() -> None:
    import gymnasium
    from gymnasium.wrappers import AtariPreprocessing, FrameStackObservation

    screen.register()
    theirs = gymnasium.make("ALE/Breakout-v5", frameskip=1, repeat_action_probability=0.25)
    theirs = FrameStackObservation(AtariPreprocessing(theirs, noop_max=30, frame_skip=4, screen_size=84), 4)
    chance = np.random.default_rng(0)
    with closing(theirs), closing(game(breakout())) as ours:
        ours.begin(5)
        seen, _ = theirs.reset(seed=5)
        for _ in range(60):
            assert np.array_equal(ours.observation, seen.reshape(-1))
            action = int(chance.integers(4))
            seen, reward, *_ = theirs.step(action)
            assert ours.step(action).reward == reward


@needs_games
@pytest.mark.parametrize("name", [PONG, BREAKOUT])
def test_the_document_tells_what_the_game_is(name: str) -> None:
    world = open_world(name)
    assert isinstance(world, GymWorld)
    with closing(game(world)) as made:
        size = size_of(world)
        assert size is not None and size.screen == (4, 84, 84) and size[:2] == (made.observation.size, made.mask.size)
        meanings = action_names(made.env.get_wrapper_attr("get_action_meanings")())
        swapped = tuple(name.replace("right", "up").replace("left", "down") for name in meanings)
        assert world.actions == (meanings if name == BREAKOUT else swapped)
        assert made.rate == 15.0


@needs_games
def test_right_is_up_in_pong() -> None:
    """So the library calls it up: the bright paddle on the right rises."""
    world = library_world(PONG)
    assert isinstance(world, GymWorld)
    places = []
    for action in (2, 3):
        with closing(game(world)) as made:
            made.begin(1)
            for _ in range(20):
                made.step(action)
            newest = made.observation.reshape(4, 84, 84)[-1][14:77, 70:76]
            places.append(np.argwhere(newest > newest.min() + 20)[:, 0].mean())
    assert places[0] < places[1] - 10


@needs_games
def test_an_episode_is_its_seed_and_its_actions() -> None:
    """Sticky actions included, which a copy of ALE's state would not go on with."""
    chance = np.random.default_rng(1)
    with closing(game(breakout(sticky=0.5))) as straight, closing(game(breakout(sticky=0.5), seed=7)) as again:
        for action in chance.integers(4, size=120).tolist():
            if straight.step(action).terminated:
                straight.reset()
        again.restore(straight.position())
        assert again.lives == straight.lives
        for action in chance.integers(4, size=40).tolist():
            assert np.array_equal(again.observation, straight.observation)
            assert again.step(action) == straight.step(action)


@needs_games
@pytest.mark.parametrize("name", [PONG, BREAKOUT, "gym:ALE/Seaquest-v5"])
def test_a_seed_of_before_begins_alike_without_loading_the_game(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of another episode, and in another copy of the game; from there on, too, through later starts without a seed."""
    import ale_py

    world = open_world(name)
    loaded, load = [], ale_py.ALEInterface.loadROM
    monkeypatch.setattr(cartridges, "_starts", {})
    monkeypatch.setattr(ale_py.ALEInterface, "loadROM", lambda *arguments: loaded.append(1) or load(*arguments))

    def played(made: GymEnvironment) -> list[object]:
        chance, told = np.random.default_rng(2), list[object]()
        for action in chance.integers(made.mask.size, size=150).tolist():
            told += [made.step(action), made.observation.sum(), made.lives]
            if len(told) % 120 == 0:
                made.env.reset()
        return told

    with closing(game(world)) as one, closing(game(world, seed=1)) as other:
        one.begin(5)
        first = played(one)
        for action in (1, 1, 1, 2):
            other.step(action)
        before = len(loaded)
        for made in (one, other):
            made.begin(5)
            assert played(made) == first
        assert len(loaded) == before
        one.begin(6)
        assert len(loaded) == before + 1 and played(one) != first


@needs_games
def test_only_so_many_starts_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cartridges, "_starts", {})
    monkeypatch.setattr(cartridges, "MOST", 2)
    with closing(game(breakout())) as made:
        for seed in (1, 2, 3):
            made.begin(seed)
    assert len(cartridges._starts) == 2


@needs_games
def test_lives_are_counted_and_the_game_goes_on() -> None:
    with closing(game(breakout(sticky=0.0))) as made:
        made.begin(0)
        lives = [made.lives]
        while lives[-1] > 3:
            assert not made.step(1).terminated
            lives.append(made.lives)
        assert sorted(set(lives)) == [3, 4, 5]


@needs_games
def test_a_step_limit_counts_steps_not_frames() -> None:
    world = breakout(frame_skip=2, side=42, stack=2).model_copy(update={"step_limit": 9})
    with closing(game(world)) as made:
        assert made.observation.size == 2 * 42 * 42 and made.rate == 30.0
        outcomes = [made.step(0) for _ in range(9)]
    assert [outcome.truncated for outcome in outcomes] == [False] * 8 + [True]


@needs_games
def test_games_that_are_not_listed_open_by_their_ids() -> None:
    world = open_world("gym:ALE/Freeway-v5")
    assert isinstance(world, GymWorld) and world.screen == Screen() and world.actions == ("nothing", "up", "down")
    with pytest.raises(UnknownName, match="ALE/Freeway-v5"):
        open_world("gym:ALE/Freway-v5")


def test_names_of_actions_are_words() -> None:
    assert action_names(["NOOP", "FIRE", "UPRIGHT", "DOWNLEFTFIRE"]) == ("nothing", "fire", "up right", "down left fire")


def test_what_is_missing_is_said_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "PACKAGES", {"no_such_module": "ale-py", "numpy": "numpy"})
    world = library_world(PONG)
    assert isinstance(world, GymWorld)
    assert world.missing() == (
        "ALE/Pong-v5 needs the extra for Atari, which is not installed here. Install it with: python -m pip install ale-py"
    )
    with pytest.raises(MissingPart) as raised:
        world.make()
    assert raised.value.remedy == "Install it with: python -m pip install ale-py"
    with pytest.raises(MissingPart):
        open_world("gym:ALE/Freeway-v5")


def test_only_games_have_a_screen() -> None:
    with pytest.raises(ConfigError, match="only games"):
        build(GymWorld, {"id": "CartPole-v1", "screen": {}})
