"""The whole of a run as a film, and nothing of the run is changed by it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.animation import moments
from app.picture import Status
from app.studio import Studio
from tests.app.hands import Hands


def test_moments_go_from_the_start_to_the_newest() -> None:
    assert moments(100, 5, early=False) == [0, 25, 50, 75, 100]
    assert moments(3, 50, early=False) == [0, 1, 2, 3]
    early = moments(100_000, 30, early=True)
    assert early[0] == 0 and early[-1] == 100_000 and early == sorted(early)
    assert np.diff(early)[0] == 1 and np.diff(early)[-1] > 20_000


@pytest.mark.parametrize(("whole", "early"), [(False, True), (True, False)])
def test_a_run_is_filmed(hands: Hands, studio: Studio, tmp_path: Path, whole: bool, early: bool) -> None:
    hands.learner("q-learning", 3000)
    hands.press("train")
    hands.until(Status.finished)
    hands.until_picture(3000)
    assert studio.runs.last is not None
    before = studio.runs.last.snapshot
    with hands.qtbot.waitSignal(studio.animation.ended) as ended:
        studio.animation.film(tmp_path / "learning.gif", 12, 10, early=early, whole=whole)
    assert ended.args == [tmp_path / "learning.gif", None]
    with Image.open(tmp_path / "learning.gif") as film:
        lasts = []
        for frame in range(film.n_frames):
            film.seek(frame)
            lasts.append(film.info["duration"])
        assert sum(lasts) == 1200, "pictures that are alike are one that lasts longer"
        film.seek(0)
        shown = studio.window if whole else studio.window.stage
        assert film.size == (shown.width(), shown.height())
        first = np.asarray(film.convert("RGB"))
        film.seek(len(lasts) - 1)
        assert (np.asarray(film.convert("RGB")) != first).mean() > 0.01
    hands.until_position(lambda here: not here.past)
    assert np.array_equal(studio.runs.last.snapshot.q, before.q, equal_nan=True)


def test_without_a_run_it_says_so(hands: Hands, studio: Studio) -> None:
    studio.animation.export_animation()
    assert "no run to film" in studio.window.status.currentMessage()
