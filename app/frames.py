"""When what is drawn: first whoever presses a button is answered, then comes the stage, then one of the measurements around it."""

from PySide6.QtCore import QObject, Qt, QTimer

from app.garbage import Garbage
from app.picture import Status
from app.runs import Runs

FRAME = 20
"""Milliseconds between two frames."""
STAGE, MEASUREMENTS = 2, 7
"""Every so many frames the stage, and one of the measurements around it, may be drawn: learners that live in Python wait
for whatever the window draws."""


class Frames(QTimer):
    """Draws the run while it is started, and has the garbage collected between two frames."""

    def __init__(self, parent: QObject, runs: Runs, garbage: Garbage) -> None:
        super().__init__(parent)
        self.runs, self.garbage = runs, garbage
        self.beat = 0
        self.setInterval(FRAME)
        self.setTimerType(Qt.TimerType.PreciseTimer)
        self.timeout.connect(self.frame)

    def frame(self) -> None:
        """Draw what is due; nothing while the run has been told to hold still and has not answered."""
        self.beat += 1
        if not self.runs.conductor.obeying:
            self._draw()
        self.garbage.tidy()

    def _draw(self) -> None:
        running = self.runs.status is Status.running
        if running and self.beat % MEASUREMENTS == 0:
            self.runs.window.show_measurements()
        elif not (running and self.beat % STAGE):
            self.runs.fetch()
        if not running:
            self.runs.catch_up()
