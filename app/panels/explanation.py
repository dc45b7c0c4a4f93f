"""The last update, term by term: the equation, its numbers, what each of them means, and where it came from."""

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from app.numbers import short
from app.panels.equation import DIGITS, as_printed, stands_out, transition, with_numbers
from app.sentences import told
from app.text import tr
from app.theme import theme
from core.learner import Explanation, Term
from core.worlds.gym import GymWorld
from core.worlds.world import World


class ExplanationPanel(QWidget):
    """Shows an `Explanation`, or how to get one. Each term has the same colour in formula and table.

    Attributes:
        lit: place of the term that stands out, as the person steps through them or points at one; -1 for none.
    """

    state_requested = Signal(int)
    """The person clicked a term that came from this state."""
    state_pointed = Signal(object)
    """The state of the term that stands out now, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.explanation: Explanation | None = None
        self.world: World | None = None
        self.lit = -1
        self.hint = QLabel()
        self.hint.setProperty("muted", True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self.hint.setMargin(20)
        self.equation, self.formula, self.seen = _text(), _text(), _text()
        self.formula.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._follow_links(self.formula)
        self.previous, self.next = _button("◀", tr("Previous term")), _button("▶", tr("Next term"))
        self.previous.clicked.connect(lambda: self.step(-1))
        self.next.clicked.connect(lambda: self.step(1))
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.setSpacing(6)
        for title, label in ((tr("Equation"), self.equation), (tr("With its numbers"), self.formula)):
            layout.addWidget(_heading(title))
            layout.addWidget(label)
            layout.addSpacing(6)
        above = QHBoxLayout()
        above.addWidget(_heading(tr("Terms")), 1)
        above.addWidget(self.previous)
        above.addWidget(self.next)
        layout.addLayout(above)
        self.table = QGridLayout()
        self.table.setHorizontalSpacing(12)
        self.table.setVerticalSpacing(2)
        self.table.setColumnStretch(0, 1)
        layout.addLayout(self.table)
        self.seen_heading = _heading(tr("Transition"))
        layout.addWidget(self.seen_heading)
        layout.addWidget(self.seen)
        layout.addStretch(1)
        self.terms: list[tuple[QLabel, QLabel, QLabel]] = []
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(inner)
        self.pages = QStackedLayout(self)
        self.pages.addWidget(self.hint)
        self.pages.addWidget(self.area)
        theme.changed.connect(self._show)
        self.show_explanation(None)

    def set_world(self, world: World) -> None:
        """The world whose observations have names."""
        self.world = world

    def show_explanation(self, explanation: Explanation | None, begun: bool = False) -> None:
        """Show another update; None tells how to get one, or why there is none although the run has `begun`."""
        how = tr("Press Step: the numbers of the update just made will stand here, each with its meaning.")
        why = tr("The last step updated nothing: a terminal state keeps its value of 0, and some learners wait for the end of an episode.")
        self.hint.setText(why if begun else how)
        if explanation != self.explanation:
            self.light(-1)
            self.explanation = explanation
            self._show()

    def step(self, way: int) -> None:
        """The next or previous term stands out, in the equation, among the numbers and on the stage; behind the last none."""
        count = len(self.terms) + 1
        self.light((self.lit + 1 + way) % count - 1)
        if self.lit >= 0:
            self.area.ensureWidgetVisible(self.terms[self.lit][1])

    def light(self, place: int) -> None:
        """Have a term stand out; -1 for none."""
        if place != self.lit:
            self.lit = place
            self._show()
            term = self._term(place)
            self.state_pointed.emit(None if term is None else term.state)

    def _term(self, place: int) -> Term | None:
        terms = [] if self.explanation is None else list(self.explanation.terms.values())
        return terms[place] if 0 <= place < len(terms) else None

    def _show(self) -> None:
        explanation = self.explanation
        self.pages.setCurrentIndex(0 if explanation is None else 1)
        if explanation is None:
            return
        for label, size in ((self.equation, 11.0), (self.formula, 10.5)):
            font = QFont(self.font())
            font.setPointSizeF(size * theme.scale)
            label.setFont(font)
        lit = self._term(self.lit)
        self.equation.setText(as_printed(explanation.equation, "" if lit is None else lit.symbol))
        self.formula.setText(with_numbers(explanation, [self._colour(place) for place in range(len(explanation.terms))], self.lit))
        self._keep(len(explanation.terms))
        for place, (term, labels) in enumerate(zip(explanation.terms.values(), self.terms, strict=True)):
            self._fill(place, term, labels)
        observed = bool(explanation.observation)
        if observed:
            self.seen.setText(transition(explanation, self.world.observation if isinstance(self.world, GymWorld) else ()))
        for part in (self.seen, self.seen_heading):
            part.setVisible(observed)

    def _fill(self, place: int, term: Term, labels: tuple[QLabel, QLabel, QLabel]) -> None:
        symbol, meaning, value = labels
        style = stands_out() if place == self.lit else f"color:{self._colour(place)}"
        symbol.setText(f'<b style="{style}">{as_printed(term.symbol)}</b>')
        words = escape(told(term.meaning))
        link = (
            f'<p style="line-height:120%"><a href="{place}" style="color:{theme.colours.muted}">{words}</a></p>'  # room for the underline
        )
        meaning.setText(words if term.state is None else link)
        meaning.setToolTip("" if term.state is None else tr("Show the state that it came from"))
        value.setText(f"<b>{short(term.value, DIGITS)}</b>")

    def _keep(self, count: int) -> None:
        while len(self.terms) < count:
            labels = (_text(), _text(), _text())
            labels[1].setProperty("muted", True)
            labels[1].setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
            self._follow_links(labels[1])
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

    def _follow_links(self, label: QLabel) -> None:
        label.linkActivated.connect(self._clicked)
        label.linkHovered.connect(self._hovered)

    def _clicked(self, place: str) -> None:
        term = self._term(int(place))
        self.light(int(place))
        if term is not None and term.state is not None:
            self.state_requested.emit(term.state)

    def _hovered(self, place: str) -> None:
        """The state is pointed at for as long as the mouse is there; words do not change under it."""
        term = self._term(int(place) if place else self.lit)
        self.state_pointed.emit(None if term is None else term.state)

    @staticmethod
    def _colour(place: int) -> str:
        return theme.colours.series[place % len(theme.colours.series)]


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


def _button(sign: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(sign)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setAutoRaise(True)
    return button
