"""What tests of Atari's games need, and why they are left out where it is not there."""

import pytest

from core.worlds.library import open_world
from core.worlds.screen import missing

GAME = "tests/samples/games/breakout.json"
"""A game in short episodes, seen small: for tests of everything that learns."""
PONG, BREAKOUT = "gym:ALE/Pong-v5", "gym:ALE/Breakout-v5"
LACKING = open_world(PONG).missing()  # type: ignore[union-attr]
needs_games = pytest.mark.skipif(bool(missing()), reason=str(LACKING))
