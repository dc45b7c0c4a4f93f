"""The last update, term by term: the equation, its numbers, and what each of them means."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from app.text import tr
from app.theme import theme
from core.learner import Explanation


class ExplanationPanel(QWidget):
    """Shows an `Explanation`, or what to do to get one."""

    def __init__(self) -> None:
        super().__init__()
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.label.setMargin(10)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        self.explanation: Explanation | None = None
        self.show_explanation(None)
        theme.changed.connect(lambda: self.show_explanation(self.explanation))

    def show_explanation(self, explanation: Explanation | None) -> None:
        """Show another update; None tells how to get one."""
        self.explanation = explanation
        if explanation is None:
            hint = tr("Press Step: the numbers of the update just made will stand here, each with its meaning.")
            self.label.setText(f'<span style="color:{theme.colours.muted}">{hint}</span>')
            return
        cell = "padding:3px 12px 3px 0"
        rows = "".join(
            f'<tr><td style="{cell}"><b>{escape(term.symbol)}</b></td><td align="right" style="{cell}">{number(term.value)}</td>'
            f'<td style="padding:3px 0;color:{theme.colours.muted}">{escape(tr(term.meaning))}</td></tr>'
            for term in explanation.terms.values()
        )
        numbers = explanation.formula
        for name in sorted(explanation.terms, key=len, reverse=True):
            numbers = numbers.replace(name, f"\0{list(explanation.terms).index(name)}\0")
        for place, term in enumerate(explanation.terms.values()):
            numbers = numbers.replace(f"\0{place}\0", number(term.value))
        numbers = numbers.replace(" * ", " × ").replace(" - ", " − ")
        self.label.setText(
            f'<p style="color:{theme.colours.accent}"><b>{escape(explanation.equation)}</b></p>'
            f"<p>{escape(numbers)} = <b>{number(explanation.result)}</b></p><table>{rows}</table>"
        )


def number(value: float) -> str:
    """Five significant digits with a proper minus sign."""
    return f"{value:.5g}".replace("-", "−")
