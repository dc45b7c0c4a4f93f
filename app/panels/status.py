"""The line at the bottom: where the run is in its life, how far, how fast, on what."""

from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar

from app.picture import Picture, Status
from app.sentences import told
from app.text import tr

UNITS = {"step": "steps", "backup": "backups"}


class StatusLine(QStatusBar):
    """Follows the run; temporary messages and what lies under the mouse show on the left."""

    def __init__(self) -> None:
        super().__init__()
        self.unit, self.device = "step", ""
        self.state = QLabel()
        self.counts = QLabel()
        self.rate = QLabel()
        self.device_label = QLabel()
        self.setContentsMargins(8, 0, 4, 0)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(110)
        self.progress.setFixedHeight(8)
        self.progress.setToolTip(tr("How much of the step limit is done."))
        self.hover = QLabel()
        self.addWidget(self.state)
        self.addWidget(self.hover, 1)
        for widget in (self.counts, self.progress, self.rate, self.device_label):
            self.addPermanentWidget(widget)
        self.follow(Status.idle)

    def describe(self, device: str, unit: str) -> None:
        """Where the learner works and what it counts."""
        self.unit = unit
        self.device_label.setText(told(device))
        self.device_label.setToolTip(tr("Where the learner computes."))

    def follow(self, status: Status) -> None:
        """Show the status."""
        self.state.setText(f"<b>{tr(status.value)}</b>")
        self.running = status is Status.running
        if not self.running:
            self.rate.clear()
        if status is Status.idle:
            for label in (self.counts, self.rate, self.device_label):
                label.clear()
            self.progress.hide()

    def show_picture(self, picture: Picture) -> None:
        """Show how far and how fast."""
        counters = picture.snapshot.counters
        parts = [f"{counters.units:,} {tr(UNITS[self.unit])}"]
        if self.unit == "backup":
            parts.append(f"{counters.sweeps:,} {tr('sweeps')}")
        else:
            parts.append(f"{counters.episodes:,} {tr('episodes')}")
        self.counts.setText(" · ".join(parts))
        rate = tr("{rate}/s", rate=f"{_short(picture.rate)} {tr(UNITS[self.unit])}")
        self.rate.setText(rate if picture.rate and self.running else "")
        self.progress.setVisible(picture.fraction is not None)
        if picture.fraction is not None:
            self.progress.setValue(round(1000 * picture.fraction))


def _short(number: float) -> str:
    for size, sign in ((1e6, "M"), (1e3, "k")):
        if number >= (0.9995 * size if sign == "M" else 10 * size):
            return f"{float(f'{number / size:.3g}'):,g} {sign}"
    return f"{number:,.0f}"
