"""The network of the next run, before anything runs: its layers, their parameters and the memory that it takes."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from app.forms.form import ConfigForm
from app.forms.section import Section
from app.sentences import told
from app.text import tr
from core.deep.engine.anatomy import LayerFacts, NetworkFacts, written
from core.deep.engine.blueprint import Kind
from core.deep.engine.inspection import inspect
from core.errors import ConfigError
from core.worlds.size import Size, size_of
from core.worlds.world import World

KINDS = {
    Kind.convolution: "convolution",
    Kind.flatten: "flatten",
    Kind.linear: "linear",
    Kind.layer_norm: "layer norm",
    Kind.activation: "activation",
    Kind.streams: "value and advantages",
    Kind.q_values: "action values",
}
MEANINGS = {
    Kind.convolution: "Small weighted sums that are moved over the picture, the same weights at every place.",
    Kind.flatten: "The picture as one row of numbers.",
    Kind.linear: "Every output is a weighted sum of all inputs, and a bias.",
    Kind.layer_norm: "Brings the numbers to mean 0 and deviation 1; then each has a gain and a shift of its own.",
    Kind.activation: "Bends each number for itself.",
    Kind.streams: "Two linear layers side by side: the value of the state, and the advantages of the actions.",
    Kind.q_values: "What each action is worth.",
}
PLACES = "Places along a side: ⌊(size − kernel + 2 · padding) / stride⌋ + 1"
PARTS = {
    "parameters": "Learning network",
    "target": "Target network",
    "average": "Averaged network",
    "optimizer": "Optimizer",
    "noise": "Noise",
    "activations": "Minibatch",
    "replay": "Replay buffer",
    "total": "Total",
}
TAKEN_BY = {
    "parameters": "4 bytes for each parameter.",
    "target": "A copy of the learning network.",
    "average": "A running average of the learning network, without its noise.",
    "optimizer": "The gradient, room to work, and running averages of the gradient.",
    "noise": "The noise on the weights, and the weights with it.",
    "activations": "What the forward pass of a minibatch keeps for the backward pass.",
    "replay": "When it is full.",
    "total": "Of all members, without torch itself.",
}


class Line(NamedTuple):
    """One line of a table: cells, and what a tooltip says of it as rich text."""

    cells: tuple[str, ...]
    tip: str = ""


class Lines(QWidget):
    """A small table: names, which wrap, and numbers at the right."""

    def __init__(self, *heads: str) -> None:
        super().__init__()
        self.heads = heads
        self.rows: list[tuple[QLabel, ...]] = []
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(8, 0, 2, 0)
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(3)
        self.grid.setColumnStretch(0, 1)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines below the heads."""
        lines = [Line(self.heads), *lines]
        while len(self.rows) < len(lines):
            self.rows.append(self._labels(len(self.rows)))
        while len(self.rows) > len(lines):
            for label in self.rows.pop():
                self.grid.removeWidget(label)
                label.deleteLater()
        for labels, line in zip(self.rows, lines, strict=True):
            for label, cell in zip(labels, line.cells, strict=True):
                label.setText(cell)
                label.setToolTip(line.tip)

    def _labels(self, row: int) -> tuple[QLabel, ...]:
        labels = tuple(QLabel() for _ in self.heads)
        for column, label in enumerate(labels):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("muted", row == 0)
            label.setAlignment(Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft))
            label.setWordWrap(column == 0)
            self.grid.addWidget(label, row, column)
        labels[0].setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        return labels


class NetworkInspector(Section):
    """Follows form, members and world; hidden where there is no network, or nothing is known yet of what the agent will see."""

    def __init__(self) -> None:
        super().__init__("Network in numbers", tr("Network in numbers"), opened=False, lasting=True)
        self.seen: Size | None = None
        self.facts: NetworkFacts | None = None
        self.layers = Lines(tr("Layer"), tr("Output"), tr("Parameters"))
        self.memory = Lines(tr("Memory"), "")
        self.lines.addWidget(self.layers)
        self.lines.addWidget(self.memory)
        self.hide()

    def set_world(self, world: World) -> None:
        """Fit this world from the next `show_for` on."""
        self.seen = size_of(world)

    def show_for(self, form: ConfigForm, members: int) -> None:
        """Show the network that a form describes, or the sentence about what is at fault in it."""
        known = self.seen is not None and inspect(form.model(), self.seen) is not None
        self.setVisible(known)
        if self.seen is None or not known:
            return
        try:
            self.facts = inspect(form.value(), self.seen, members)
        except ConfigError as error:
            self.facts = None
            self.tell(told(error.sentence))
        for table in (self.layers, self.memory):
            table.setVisible(self.facts is not None)
        if self.facts is not None:
            self._fill(self.facts)

    def _fill(self, facts: NetworkFacts) -> None:
        self.tell(summary(facts))
        kinds = [layer.kind for layer in facts.layers]
        self.layers.show_lines([Line(_cells(layer, kinds.count(layer.kind) > 1), layer_tip(layer)) for layer in facts.layers])
        sizes = {part: getattr(facts.memory, part) for part in PARTS}
        lines = [Line((tr(PARTS[part]), written(size)), f"<p>{escape(tr(TAKEN_BY[part]))}</p>") for part, size in sizes.items() if size]
        self.memory.show_lines(lines)


def summary(facts: NetworkFacts) -> str:
    """A network in one line, which breaks only between its parts."""
    count = f"{facts.parameters:,}" if facts.members == 1 else f"{facts.members} × {facts.parameters:,}"
    parts = [tr("{count} parameters", count=count), written(facts.memory.total - facts.memory.replay)]
    if facts.memory.replay:
        parts.append(tr("replay {size}", size=written(facts.memory.replay)))
    return " · ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts)


def layer_tip(layer: LayerFacts) -> str:
    """What a layer does and how its numbers come about, as rich text."""
    lines = []
    if layer.convolution is not None:
        channels, kernel, stride, padding = layer.convolution
        lines.append(tr("{count} kernels of {size} × {size}, stride {stride}, padding {padding}",
                        count=channels, size=kernel, stride=stride, padding=padding))  # fmt: skip
        lines += [tr(PLACES), *dict.fromkeys(layer.places)]
        if any(layer.unseen):
            rows, columns = layer.unseen
            lines.append(tr("Seen by no kernel: the last {rows} rows and {columns} columns", rows=rows, columns=columns))
    if layer.sums:
        lines.append(tr("Parameters: {sums} = {count}", sums=layer.sums, count=f"{layer.parameters:,}"))
    if layer.noisy:
        lines.append(tr("Noisy: a mean and the size of the noise for each"))
    return f"<p>{escape(tr(MEANINGS[layer.kind]))}</p>" + (f"<p>{'<br>'.join(map(escape, lines))}</p>" if lines else "")


def _cells(layer: LayerFacts, numbered: bool) -> tuple[str, ...]:
    name, shape = tr(KINDS[layer.kind]), " × ".join(map(str, layer.outputs))
    return f"{name} {layer.number}" if numbered else name, shape, f"{layer.parameters:,}" if layer.parameters else "–"
