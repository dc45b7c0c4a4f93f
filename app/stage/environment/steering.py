"""Which key takes which action: by what the action is called, else by its number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations

from PySide6.QtCore import Qt

from core.worlds.gym import GymWorld

Key = Qt.Key
IDLE = Key.Key_unknown

WORDS: tuple[tuple[str, Key], ...] = (
    ("nothing", IDLE), ("no torque", IDLE), ("no-op", IDLE), ("noop", IDLE), ("idle", IDLE), ("stay", IDLE),
    ("pick up", Key.Key_Space), ("drop off", Key.Key_Return), ("fire", Key.Key_Space),
    ("left", Key.Key_Left), ("west", Key.Key_Left), ("right", Key.Key_Right), ("east", Key.Key_Right),
    ("up", Key.Key_Up), ("north", Key.Key_Up), ("main", Key.Key_Up), ("down", Key.Key_Down), ("south", Key.Key_Down),
    ("−1", Key.Key_Left), ("-1", Key.Key_Left), ("+1", Key.Key_Right),
)  # fmt: skip
"""Parts of names and their keys; the first that fits counts."""
LETTERS = {Key.Key_A: Key.Key_Left, Key.Key_D: Key.Key_Right, Key.Key_W: Key.Key_Up, Key.Key_S: Key.Key_Down, Key.Key_Enter: Key.Key_Return}
"""Keys that stand for others."""
SIGNS = {Key.Key_Left: "←", Key.Key_Right: "→", Key.Key_Up: "↑", Key.Key_Down: "↓", Key.Key_Space: "␣", Key.Key_Return: "↵"}


@dataclass(frozen=True)
class Steering:
    """How a person plays.

    Attributes:
        keys: the action of each key.
        signs: [A] what stands for an action's key on the screen.
        idle: the action while no key is held; None for the last one.
        turns: whether the world waits for each key: in finite ones, where nothing moves by itself.
        together: the action for several whose keys are held at once, such as "up fire" for "up" and "fire".
    """

    keys: dict[Key, int]
    signs: tuple[str, ...]
    idle: int | None
    turns: bool
    together: Mapping[frozenset[int], int] = field(default_factory=dict)

    def held(self, actions: Sequence[int]) -> int | None:
        """What is done while the keys of these actions are held, the newest last: that which joins most of them, else the newest."""
        for count in range(len(actions), 1, -1):
            for some in combinations(reversed(actions), count):
                if frozenset(some) in self.together:
                    return self.together[frozenset(some)]
        return actions[-1] if actions else None

    def action(self, key: int) -> int | None:
        """The action of a key; None where it has none."""
        try:
            return self.keys.get(LETTERS.get(Key(key), Key(key)))
        except ValueError:
            return None


@cache
def steering(names: tuple[str, ...], actions: int, finite: bool) -> Steering:
    """The keys for `actions` actions, of which the first ones have names."""
    keys: dict[Key, int] = {}
    signs: list[str] = []
    idle: int | None = None
    together: dict[frozenset[int], int] = {}
    for action in range(actions):
        name = names[action] if action < len(names) else ""
        words = name.split()
        if len(words) > 1 and set(words) <= set(names):
            together[frozenset(map(names.index, words))] = action
            name = ""
        wanted = next((key for word, key in WORDS if word in name), None)
        if wanted is IDLE and idle is None:
            idle = action
        sign = str(action + 1) if action < 9 else ""
        if wanted is not None and wanted is not IDLE and wanted not in keys:
            keys[wanted], sign = action, SIGNS[wanted]
        if action < 9:
            keys[Key(Key.Key_1 + action)] = action
        signs.append(sign)
    for action in together.values():
        signs[action] = "".join(signs[names.index(word)] for word in names[action].split())
    return Steering(keys, tuple(signs), idle, finite, together)


def steering_of(world: GymWorld, actions: int) -> Steering:
    """The keys for a world with so many actions."""
    return steering(world.actions, actions, world.finite)
