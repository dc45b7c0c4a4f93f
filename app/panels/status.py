"""The line at the bottom: where the run is in its life, how far, how fast, on what."""

import math

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar

from app.counts import counted, planning
from app.numbers import short
from app.picture import Picture, Status
from app.sentences import told
from app.steady import SteadyLabel
from app.text import tr

REST = 200
"""Milliseconds without compiling after which it is over: a kernel is rarely alone."""


class Notice(QLabel):
    """A line that is cut where room is short, instead of widening the window; the tooltip has it whole."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        place, painter = self.contentsRect(), QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, place.width())
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.style().drawItemText(painter, place, middle, self.palette(), True, text, self.foregroundRole())
        painter.end()


class StatusLine(QStatusBar):
    """Follows the run; temporary messages and what lies under the mouse show on the left."""

    def __init__(self) -> None:
        super().__init__()
        self.unit, self.boundary = "step", "episode"
        self.status, self.outcome, self.compiling = Status.idle, "", False
        self.fraction: float | None = None
        self.rest = QTimer(self)
        self.rest.setSingleShot(True)
        self.rest.timeout.connect(self._rested)
        self.state = QLabel()
        self.counts = SteadyLabel()
        self.counts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.rate = SteadyLabel()
        self.device_label = QLabel()
        self.setContentsMargins(8, 0, 4, 0)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(110)
        self.progress.setFixedHeight(8)
        self.progress.setToolTip(tr("How much of the step limit is done."))
        self.hover = QLabel()
        self.notice = Notice()
        self.notice.setProperty("error", True)
        self.addWidget(self.state)
        self.addWidget(self.notice)
        self.addWidget(self.hover, 1)
        for widget in (self.counts, self.progress, self.rate, self.device_label):
            self.addPermanentWidget(widget)
        self.follow(Status.idle)

    def describe(self, device: str, unit: str, boundary: str) -> None:
        """Where the learner works and what it counts."""
        self.unit, self.boundary = unit, boundary
        self.device_label.setText(told(device))
        self.device_label.setToolTip(tr("Where the learner computes."))

    def follow(self, status: Status) -> None:
        """Show the status."""
        self.status, self.outcome = status, ""
        if self.rest.isActive() and status is not Status.running:
            self.rest.stop()
            self.compiling = False
        if status is not Status.running:
            self.rate.clear()
        if status is Status.idle:
            for label in (self.counts, self.rate, self.device_label, self.notice):
                label.clear()
            self.fraction = None
        self._show_state()

    def show_compiling(self, compiling: bool) -> None:
        """Say that machine code is being made, which keeps the first start waiting; no more once that has rested for a moment."""
        if not compiling:
            self.rest.start(REST)
            return
        self.rest.stop()
        self.compiling = True
        self._show_state()

    def show_picture(self, picture: Picture) -> None:
        """Show how far and how fast."""
        counters = picture.snapshot.counters
        boundaries = counters.sweeps if planning(self.unit) else counters.episodes
        parts = dict.fromkeys((counted(counters.units, self.unit), counted(boundaries, self.boundary)))
        self.counts.setText(" · ".join(parts))
        rate = tr("{rate}/s", rate=counted(_short(picture.rate), self.unit))
        self.rate.setText(rate if picture.rate and self.status is Status.running else "")
        self.fraction = picture.fraction
        self.notice.setText(told(picture.notices[-1]) if picture.notices else "")
        self.notice.setToolTip("\n".join(map(told, picture.notices)))
        if self.status is Status.finished and picture.converged is not None:
            self.outcome = self._outcome(picture)
        self._show_state()

    def _rested(self) -> None:
        self.compiling = False
        self._show_state()

    def _show_state(self) -> None:
        busy = self.compiling and self.status.active
        plans = self.status is Status.running and planning(self.unit)
        if busy:
            self.state.setText(f"<b>{tr('Compiling')}</b> {tr('this algorithm, once; the next start is immediate')}")
        else:
            self.state.setText(f"<b>{self.outcome or (tr('Planning') if plans else tr(self.status.value))}</b>")
        self.progress.setVisible(busy or self.fraction is not None)
        self.progress.setRange(0, 0 if busy else 1000)
        self.progress.setValue(round(1000 * (self.fraction or 0)))

    def _outcome(self, picture: Picture) -> str:
        """How a planner has ended, and how close it is."""
        metrics, count = picture.snapshot.metrics, counted(picture.snapshot.counters.sweeps, self.boundary)
        if not picture.converged:
            ended = tr("Not converged after {count}", count=count)
        elif self.boundary == "solve":
            ended = tr("Solved")
        else:
            ended = tr("Finished after {count}", count=count) if self.boundary == "stage" else tr("Converged after {count}", count=count)
        bound, residual = metrics["error bound"], metrics["residual"]
        close = (
            tr("error bound {bound}", bound=short(bound, 3))
            if math.isfinite(bound)
            else tr("last change {residual}", residual=short(residual, 3))
        )
        return f"{ended} · {close}"


def _short(number: float) -> str:
    for size, sign in ((1e6, "M"), (1e3, "k")):
        if number >= (0.9995 * size if sign == "M" else 10 * size):
            return f"{float(f'{number / size:.3g}'):,g} {sign}"
    return f"{number:,.0f}"
