"""Games that begin at once with a seed that they have begun with before: to load one anew takes the console some 90 ms."""

from collections.abc import Hashable
from threading import Lock
from typing import Any

MOST = 1000
"""Starts that are remembered, some 10 KiB each."""

_starts: dict[Hashable, Any] = {}
_lock = Lock()


def remember_starts(game: Any, kind: Hashable) -> None:
    """Have an environment of ale-py take up the console as it was when the same game was last loaded with the same seed.

    A seeded reset loads the game, for only then does the console heed the seed. The copy of its state is taken there, before anything is
    played: what a sticky action would repeat, which the copy lacks, is forgotten by the reset of the game that follows.

    Args:
        game: the bare environment.
        kind: the game and everything it is loaded with but the seed.
    """
    load = game.load_game

    def load_game() -> None:
        start = kind, game.ale.getInt("random_seed")
        known = _starts.get(start)
        if known is not None:
            game.ale.restoreSystemState(known)
            return
        load()
        with _lock:
            _starts[start] = game.ale.cloneSystemState()
            while len(_starts) > MOST:
                del _starts[next(iter(_starts))]

    game.load_game = load_game
