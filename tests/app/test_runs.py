"""Runs that were kept are opened in the window and go on."""

from pathlib import Path

import numpy as np

from app.picture import Status
from app.studio import Studio
from core.learner import Budget
from core.runs import folder
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world
from tests.app.hands import Hands


def kept(place: Path, units: int = 700) -> Session:
    """A run with a change in the middle, in a folder."""
    spec = RunSpec(world=open_world("grid/discount-5x5"), world_name="grid/discount-5x5", algorithm="sarsa", seed=7, members=3, steps=2000,
                   config={"epsilon": {"kind": "constant", "start": 0.3}})  # fmt: skip
    session = Session(spec)
    session.advance(Budget(400))
    session.change({"epsilon": {"kind": "constant", "start": 0.1}, "discount": 0.5})
    session.advance(Budget(units - 400))
    folder.save(session, place)
    return session


def test_a_kept_run_opens_with_its_world_and_settings_and_goes_on(hands: Hands, studio: Studio, tmp_path: Path) -> None:
    session = kept(tmp_path / "run")
    studio.runs.setup.open_folder(tmp_path / "run")
    hands.until(Status.paused)
    hands.until_picture(700)
    agent = studio.window.agent
    assert studio.document.name == "grid/discount-5x5" and agent.algorithm.name == "sarsa"
    assert (agent.seed.value(), agent.members.value(), agent.limit.text()) == (7, 3, "2,000")
    value = agent.form.value().model_dump()
    assert value["discount"] == 0.5 and value["epsilon"]["start"] == 0.1
    assert studio.runs.last is not None
    assert np.array_equal(studio.runs.last.snapshot.q, session.snapshot().q, equal_nan=True)
    assert studio.runs.changes.made == [(400, "Settings changed")]
    hands.press("train")
    hands.until(Status.finished)
    assert studio.runs.last.position.newest == 2000
    session.advance(Budget(1300))
    hands.until_picture(2000)
    assert np.array_equal(studio.runs.last.snapshot.q, session.snapshot().q, equal_nan=True)


def test_a_folder_without_a_run_is_refused(hands: Hands, studio: Studio, tmp_path: Path) -> None:
    refused: list[object] = []
    studio.worlds.refused.disconnect()
    studio.worlds.refused.connect(refused.append)
    before = studio.document.world
    studio.runs.setup.open_folder(tmp_path)
    assert len(refused) == 1 and "there is no run here" in str(refused[0])
    assert studio.document.world is before


def test_a_run_goes_at_the_speed_that_was_chosen(hands: Hands, studio: Studio) -> None:
    hands.library("grid/four-rooms-10x10")
    hands.learner("q-learning", limit=10**12)
    hands.press("train")
    hands.until_picture(20_000)
    hands.press("train")
    hands.until(Status.paused)
    assert studio.window.transport.speed is None
