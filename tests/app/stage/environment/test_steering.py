"""Keys and the actions they take, by name and by number."""

import pytest
from PySide6.QtCore import Qt

from app.stage.environment.steering import steering, steering_of
from core.worlds.gym import GymWorld
from core.worlds.library import library_world

Key = Qt.Key


@pytest.mark.parametrize(("name", "keys", "signs", "idle", "turns"), [
    ("CartPole-v1", {Key.Key_Left: 0, Key.Key_D: 1, Key.Key_2: 1}, "← →", None, False),
    ("LunarLander-v3", {Key.Key_Left: 1, Key.Key_Up: 2, Key.Key_D: 3, Key.Key_1: 0}, "1 ← ↑ →", 0, False),
    ("MountainCar-v0", {Key.Key_A: 0, Key.Key_Right: 2}, "← 2 →", 1, False),
    ("Acrobot-v1", {Key.Key_Left: 0, Key.Key_Right: 2}, "← 2 →", 1, False),
    ("FrozenLake-v1", {Key.Key_Left: 0, Key.Key_S: 1, Key.Key_Right: 2, Key.Key_W: 3}, "← ↓ → ↑", None, True),
    ("Taxi-v4", {Key.Key_Down: 0, Key.Key_Up: 1, Key.Key_Right: 2, Key.Key_Left: 3, Key.Key_Space: 4, Key.Key_Enter: 5},
     "↓ ↑ → ← ␣ ↵", None, True),
    ("ALE/Pong-v5", {Key.Key_Space: 1, Key.Key_Up: 2, Key.Key_S: 3, Key.Key_5: 4}, "1 ␣ ↑ ↓ ↑␣ ↓␣", 0, False),
    ("ALE/Breakout-v5", {Key.Key_Space: 1, Key.Key_D: 2, Key.Key_Left: 3}, "1 ␣ → ←", 0, False),
])  # fmt: skip
def test_shipped_environments(name: str, keys: dict[Key, int], signs: str, idle: int | None, turns: bool) -> None:
    world = library_world(f"gym:{name}")
    assert isinstance(world, GymWorld)
    steering = steering_of(world, len(world.actions))
    assert {key: steering.action(key) for key in keys} == keys
    assert " ".join(steering.signs) == signs
    assert (steering.idle, steering.turns) == (idle, turns)
    assert steering.action(Key.Key_F5) is None and steering.action(0x7FFFFFF) is None


def test_actions_without_names_have_numbers() -> None:
    keys = steering((), 11, False)
    assert keys.signs == (*map(str, range(1, 10)), "", "")
    assert keys.action(Key.Key_9) == 8 and keys.idle is None


def test_two_actions_that_want_one_key_share_nothing() -> None:
    keys = steering(("left", "hard left", "nothing", "stay"), 4, False)
    assert keys.signs == ("←", "2", "3", "4") and keys.idle == 2


def test_keys_held_together_are_one_action_where_there_is_one() -> None:
    keys = steering(("nothing", "fire", "up", "right", "up right", "up fire", "up right fire"), 7, False)
    assert keys.signs[4:] == ("↑→", "↑␣", "↑→␣")
    assert [keys.held(actions) for actions in ([1], [1, 2], [2, 1], [2, 3], [3, 2, 1], [3, 1], [])] == [1, 5, 5, 4, 6, 1, None]
    assert keys.held([1, 3, 2]) == 6 and steering(("left", "right"), 2, False).held([0, 1]) == 1
