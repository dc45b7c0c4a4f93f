"""Pictures taken from gymnasium's screens are the pictures that gymnasium would have copied."""

from typing import Any, ClassVar

import gymnasium
import numpy as np
import pygame
import pytest

from core.worlds.rendering import render, whole_pixels

DRAWN = (
    "CartPole-v1", "MountainCar-v0", "Acrobot-v1", "LunarLander-v3", "FrozenLake-v1", "CliffWalking-v1", "Taxi-v4", "Blackjack-v1",
)  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_is_the_picture_that_the_environment_returns_and_is_taken_whole(name: str) -> None:
    env = gymnasium.make(name, render_mode="rgb_array")
    env.reset(seed=3)
    for action in (0, 1, 0):
        env.step(action)
        theirs, ours = env.render(), render(env)
        assert isinstance(theirs, np.ndarray) and ours is not None and theirs.size > 10_000
        np.testing.assert_array_equal(ours, theirs)
        assert np.shares_memory(whole_pixels(ours), ours)
        for turned in (ours[::-1], ours[:, ::-1], ours[..., ::-1], ours[3:], ours[:, :-2]):
            whole = whole_pixels(turned)
            np.testing.assert_array_equal([whole >> 16 & 0xFF, whole >> 8 & 0xFF, whole & 0xFF], np.moveaxis(turned, 2, 0))
    env.close()


class Striped(gymnasium.Env[int, int]):
    """An environment of nobody's that changes what it has copied, as some do."""

    metadata: ClassVar[dict[str, Any]] = {"render_modes": ["rgb_array"]}
    render_mode = "rgb_array"

    def render(self) -> np.ndarray:  # type: ignore[override]
        picture = np.array(pygame.surfarray.pixels3d(pygame.Surface((6, 4)))).swapaxes(0, 1)
        picture[::2] = 7, 8, 9
        return picture


def test_what_others_return_is_left_alone() -> None:
    picture = render(Striped())
    assert picture is not None and picture.shape == (4, 6, 3)
    assert picture[0, 0].tolist() == [7, 8, 9] and picture[1, 0].tolist() == [0, 0, 0]
    assert whole_pixels(picture)[0, 0] == 0xFF070809 and whole_pixels(picture)[1, 5] == 0xFF000000


def test_a_screen_of_another_kind_is_copied_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    made = pygame.Surface
    monkeypatch.setattr(pygame, "Surface", lambda size: made(size, depth=24))
    env = gymnasium.make("CartPole-v1", render_mode="rgb_array")
    env.reset(seed=0)
    picture = render(env)
    assert picture is not None and picture.shape == (400, 600, 3)
    np.testing.assert_array_equal(whole_pixels(picture) & 0xFF, picture[..., 2])
    assert np.unique(picture).size > 2


def test_gymnasiums_way_is_back_when_an_environment_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    copies = pygame.surfarray.pixels3d
    env = gymnasium.make("CartPole-v1", render_mode="rgb_array")
    env.reset(seed=0)
    monkeypatch.setattr(env.unwrapped, "state", "nowhere")
    with pytest.raises((TypeError, ValueError)):
        render(env)
    assert pygame.surfarray.pixels3d is copies
