"""Measurements are drawn as often as their drawing leaves time for learning."""

from itertools import pairwise

import pytest

from app import frames
from app.picture import Status
from app.studio import Studio
from tests.app.hands import Hands


@pytest.mark.parametrize(("share", "apart"), [(0, frames.OFTEN), (10**9, frames.SELDOM)])
def test_what_takes_long_to_draw_is_drawn_less_often(
    studio: Studio, hands: Hands, monkeypatch: pytest.MonkeyPatch, share: int, apart: int
) -> None:
    monkeypatch.setattr(frames, "SHARE", share)
    beats, show = list[int](), studio.window.show_measurements
    monkeypatch.setattr(studio.window, "show_measurements", lambda: (beats.append(studio.frames.beat), show()))
    hands.learner("q-learning", limit=10**12)
    hands.press("train")
    hands.until(Status.running)
    hands.qtbot.waitUntil(lambda: len(beats) > 4, timeout=60_000)
    assert min(later - before for before, later in pairwise(beats)) == apart
    assert all(beat % frames.STAGE for beat in beats)  # the stage is drawn in frames of its own
