"""The first start has its kernels compiled: the status line says so, from the moment that it is heard of in the run's thread."""

from PySide6.QtWidgets import QApplication

from app.picture import Status
from app.studio import Studio
from core import compiling
from tests.app.hands import PATIENCE, Hands


def test_the_window_says_that_it_compiles(studio: Studio, hands: Hands) -> None:
    hands.learner("q-learning", limit=10**12)
    hands.press("train")
    hands.until(Status.running)
    state = studio.window.status.state
    for tell in compiling._told:
        tell(True)
    hands.qtbot.waitUntil(lambda: "the next start is immediate" in state.text(), timeout=PATIENCE)
    for tell in compiling._told:
        tell(False)
    hands.qtbot.waitUntil(lambda: state.text() == "<b>Training</b>", timeout=PATIENCE)


def test_a_closed_studio_hears_no_more(studio: Studio) -> None:
    tell = studio.runs.conductor.worker.tell_compiling
    assert tell in compiling._told
    studio.runs.conductor.close()
    assert tell not in compiling._told
    heard: list[bool] = []
    studio.runs.conductor.compiling.connect(heard.append)
    tell(True)
    QApplication.processEvents()
    assert heard == []
