"""When what is drawn: first whoever presses a button is answered, then comes the stage, then one of the measurements around it."""

import time

from PySide6.QtCore import QObject, Qt, QTimer

from app.garbage import Garbage
from app.picture import Status
from app.runs import Runs

FRAME = 20
"""Milliseconds between two frames."""
STAGE = 2
"""Every so many frames the stage may be drawn: learners that live in Python wait for whatever the window draws."""
OFTEN, SELDOM = 6, 24
"""Frames from one of the measurements around the stage to the next, at least and at most."""
SHARE = 25
"""Drawing them may take one part in so many of the window's time, on a slow machine, too."""


class Frames(QTimer):
    """Draws the run while it is started, and has the garbage collected between two frames."""

    def __init__(self, parent: QObject, runs: Runs, garbage: Garbage) -> None:
        super().__init__(parent)
        self.runs, self.garbage = runs, garbage
        self.beat = self._due = 0
        self._drawn: float | None = None
        self.setInterval(FRAME)
        self.setTimerType(Qt.TimerType.PreciseTimer)
        self.timeout.connect(self.frame)

    def frame(self) -> None:
        """Draw what is due; nothing while the run has been told to hold still and has not answered."""
        self.beat += 1
        self._settle()
        if not self.runs.conductor.obeying:
            self._draw()
        self.garbage.tidy()

    def _draw(self) -> None:
        running = self.runs.status is Status.running
        if running and self.beat % STAGE and self.beat >= self._due:
            self._drawn = time.thread_time()
            self.runs.window.show_measurements()
        elif not (running and self.beat % STAGE):
            self.runs.fetch()
        if not running:
            self.runs.catch_up()

    def _settle(self) -> None:
        """Measurements that were shown in the frame before are painted by now: the next ones come the later the longer that took."""
        if self._drawn is not None:
            frames = SHARE * 1000 * (time.thread_time() - self._drawn) / FRAME
            self._due, self._drawn = self.beat - 1 + round(min(max(frames, OFTEN), SELDOM)), None
