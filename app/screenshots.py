"""Walks through the real window with something trained on every page, and writes a PNG of each. The README shows them."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ValuescapeError
from core.system import display

if TYPE_CHECKING:
    from app.studio import Studio


def screenshots(folder: Path) -> int:
    """Write the pictures into `folder`; the exit code. Works without a display."""
    if display() is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from app.start import start

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as temporary:
            _, studio = start(Path(temporary) / "studio.ini")
            try:
                Walk(studio, folder).all()
            finally:
                studio.close()
                studio.window.retire()
    except OSError as error:
        print(f"{folder}: the pictures cannot be written ({error.strerror}).", file=sys.stderr)
        return 2
    except ValuescapeError as error:
        print(error.sentence, file=sys.stderr)
        return 2
    return 0


class Walk:
    """One walk through the studio.

    Args:
        studio: a studio that is not yet shown.
        folder: where the pictures go.
    """

    def __init__(self, studio: "Studio", folder: Path) -> None:
        self.studio = studio
        self.folder = folder

    def all(self) -> None:
        """Every page, light and dark, English and Korean, at normal and at projector size."""
        from app import text
        from app.theme import theme

        studio = self.studio
        theme.use("light")
        text.use("en")
        studio.rebuild()
        studio.window.show()
        self.train("grid/lecture-3x4", "q-learning", 40_000)
        self.take("lecture-q-learning-light")
        studio.dark()
        self.take("lecture-q-learning-dark")
        self.train("grid/russell-norvig-4x3", "value-iteration", None)
        studio.window.inspector.setCurrentIndex(1)
        self.take("russell-norvig-value-iteration-dark")
        studio.dark()
        studio.window.inspector.setCurrentIndex(2)
        self.train("mdp/three-state", "value-iteration", None)
        self.take("three-state-light")
        studio.window.inspector.setCurrentIndex(0)
        self.train("grid/four-rooms-10x10", "q-learning", 400_000)
        self.take("four-rooms-light")
        for _ in range(40):
            studio.runs.back_far()
        self.until(lambda: studio.runs.last is not None and studio.runs.last.position.past)
        self.take("timeline-light")
        self.train("grid/keys-and-doors-7x9", "value-iteration", None)
        studio.document.select(["2,3"])
        studio.window.inspector.setCurrentIndex(1)
        self.take("keys-and-doors-light")
        studio.window.inspector.setCurrentIndex(0)
        self.train("mdp/seoul-busan", "value-iteration", None)
        studio.window.stage.designer.toggle("transitions")
        self.take("graph-and-transitions-light")
        studio.window.stage.designer.toggle("transitions")
        self.train("gym:CartPole-v1", "dqn", 10_000)
        self.take("cartpole-dqn-light")
        studio.dark()
        self.take("cartpole-dqn-dark")
        self.train("gym:LunarLander-v3", "dqn", 3_000)
        self.take("lunar-lander-dqn-dark")
        text.use("ko")
        studio.rebuild()
        self.take("lunar-lander-korean-dark")
        theme.use("light", 1.5)
        studio.window.resize(1920, 1080)
        studio.window.reset_layout()
        self.train("grid/lecture-3x4", "q-learning", 40_000)
        self.take("lecture-korean-projector")

    def train(self, world: str, algorithm: str, steps: int | None) -> None:
        """Open a world and train to the end."""
        from app.picture import Status

        studio = self.studio
        studio.runs.reset()
        self.until(lambda: studio.runs.conductor.status is Status.idle)
        studio.worlds.open_library(world)
        studio.window.agent.choose(algorithm)
        studio.window.agent.limit.setText(str(steps or ""))
        studio.window.transport.set_speed(None)
        studio.runs.train()
        self.until(lambda: studio.runs.conductor.status in (Status.finished, Status.failed), seconds=300)
        studio.window.agent.limit.clear()
        self.settle(2.0 if world.startswith("gym") else 0.3)

    def take(self, name: str) -> None:
        """Write a picture of the window."""
        self.settle(0.3)
        file = self.folder / f"{name}.png"
        if not self.studio.window.grab().save(str(file)):
            raise OSError(0, "the picture was not written", str(file))
        print(file)

    def settle(self, seconds: float) -> None:
        """Let the window go on for a while."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end)

    def until(self, condition: Callable[[], bool], seconds: float = 30) -> None:
        """Process events until the condition holds; a TimeoutError is a bug."""
        from PySide6.QtCore import QEventLoop, QTimer

        end = time.monotonic() + seconds
        loop, poll = QEventLoop(), QTimer()
        poll.timeout.connect(lambda: loop.quit() if condition() or time.monotonic() > end else None)
        poll.start(10)
        loop.exec()
        if not condition():
            raise TimeoutError("the studio did not get there in time")
