"""The last update, term by term: the equation, its numbers, and what each of them means."""

import re
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from app.numbers import short
from app.sentences import told
from app.text import tr
from app.theme import theme
from core.learner import Explanation, Term

DIGITS = 5


class ExplanationPanel(QWidget):
    """Shows an `Explanation`, or how to get one. Each term has the same colour in formula and table."""

    state_requested = Signal(int)
    """The person clicked a term that came from this state."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.explanation: Explanation | None = None
        self.hint = QLabel()
        self.hint.setProperty("muted", True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self.hint.setMargin(20)
        self.equation, self.formula = _text(), _text()
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.setSpacing(6)
        for title, label in ((tr("Equation"), self.equation), (tr("With its numbers"), self.formula)):
            layout.addWidget(_heading(title))
            layout.addWidget(label)
            layout.addSpacing(6)
        layout.addWidget(_heading(tr("Terms")))
        self.table = QGridLayout()
        self.table.setHorizontalSpacing(12)
        self.table.setVerticalSpacing(2)
        self.table.setColumnStretch(0, 1)
        layout.addLayout(self.table)
        layout.addStretch(1)
        self.terms: list[tuple[QLabel, QLabel, QLabel]] = []
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        self.pages = QStackedLayout(self)
        self.pages.addWidget(self.hint)
        self.pages.addWidget(scroll)
        theme.changed.connect(self._show)
        self.show_explanation(None)

    def show_explanation(self, explanation: Explanation | None, begun: bool = False) -> None:
        """Show another update; None tells how to get one, or why there is none although the run has `begun`."""
        how = tr("Press Step: the numbers of the update just made will stand here, each with its meaning.")
        why = tr("The last step updated nothing: a terminal state keeps its value of 0, and some learners wait for the end of an episode.")
        self.hint.setText(why if begun else how)
        if explanation != self.explanation:
            self.explanation = explanation
            self._show()

    def _show(self) -> None:
        explanation = self.explanation
        self.pages.setCurrentIndex(0 if explanation is None else 1)
        if explanation is None:
            return
        for label, size in ((self.equation, 11.0), (self.formula, 10.5)):
            font = QFont(self.font())
            font.setPointSizeF(size * theme.scale)
            label.setFont(font)
        self.equation.setText(as_printed(explanation.equation))
        self.formula.setText(with_numbers(explanation, [self._colour(place) for place in range(len(explanation.terms))]))
        self._keep(len(explanation.terms))
        for place, (term, labels) in enumerate(zip(explanation.terms.values(), self.terms, strict=True)):
            self._fill(term, labels, self._colour(place))

    def _fill(self, term: Term, labels: tuple[QLabel, QLabel, QLabel], colour: str) -> None:
        symbol, meaning, value = labels
        symbol.setText(f'<b style="color:{colour}">{as_printed(term.symbol)}</b>')
        words = escape(told(term.meaning))
        link = f'<a href="{term.state}" style="color:{theme.colours.muted}">{words}</a>'
        meaning.setText(words if term.state is None else link)
        meaning.setToolTip("" if term.state is None else tr("Show the state that it came from"))
        value.setText(f"<b>{short(term.value, DIGITS)}</b>")

    def _keep(self, count: int) -> None:
        while len(self.terms) < count:
            labels = (_text(), _text(), _text())
            labels[1].setProperty("muted", True)
            labels[1].setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
            labels[1].linkActivated.connect(lambda state: self.state_requested.emit(int(state)))
            labels[1].setContentsMargins(0, 0, 0, 6)
            labels[2].setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            labels[2].setWordWrap(False)
            row = 2 * len(self.terms)
            self.table.addWidget(labels[0], row, 0)
            self.table.addWidget(labels[2], row, 1)
            self.table.addWidget(labels[1], row + 1, 0, 1, 2)
            self.terms.append(labels)
        while len(self.terms) > count:
            for label in self.terms.pop():
                self.table.removeWidget(label)
                label.deleteLater()

    @staticmethod
    def _colour(place: int) -> str:
        return theme.colours.series[place % len(theme.colours.series)]


def with_numbers(explanation: Explanation, colours: list[str]) -> str:
    """The formula as rich text, each name replaced by its number in its colour, and the result."""
    places = {name: place for place, name in enumerate(explanation.terms)}

    def put(match: re.Match[str]) -> str:
        name = match[0]
        if name not in places:
            return name
        value = explanation.terms[name].value
        number = short(value, DIGITS)
        return f'<b style="color:{colours[places[name]]}">{f"({number})" if value < 0 else number}</b>'

    formula = re.sub(r"[A-Za-z_]\w*", put, escape(explanation.formula, quote=False))
    formula = formula.replace("**", "^").replace(" * ", " × ").replace(" - ", " − ")
    return f"{formula} = <b>{short(explanation.result, DIGITS)}</b>"


def as_printed(equation: str) -> str:
    """Rich text of an equation: _a' and _{t+1} are set lower."""
    return re.sub(r"_(?:{([^}]*)}|(\w+'*))", lambda match: f"<sub>{match[1] or match[2]}</sub>", escape(equation, quote=False))


def _text() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("muted", True)
    return label
