"""The explanation shows equation, numbers and terms, and leads to the state that a term came from."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.panels.explanation import ExplanationPanel, as_printed, with_numbers
from app.theme import theme
from core.learner import Explanation, Term

EXPLANATION = Explanation(
    equation="Q(s, a) ← Q(s, a) + α [r + γ max_a' Q(s', a') − Q(s, a)]",
    formula="q + alpha * (r + gamma * best_next - q)",
    terms={
        "q": Term("Q(s, a)", "value of 'up' in <a> & 'b' before", 0.5, 7),
        "alpha": Term("α", "step size", 0.1),
        "r": Term("r", "reward received", -1.0),
        "gamma": Term("γ", "discount", 0.9),
        "best_next": Term("max_a' Q(s', a')", "best value", 2.0, 8),
    },
    result=0.53,
)


@pytest.fixture
def panel(qtbot: QtBot) -> ExplanationPanel:
    panel = ExplanationPanel()
    qtbot.addWidget(panel)
    panel.resize(300, 400)
    panel.show()
    return panel


def test_before_the_first_update_it_tells_how_to_get_one(panel: ExplanationPanel) -> None:
    panel.show_explanation(None)
    assert panel.hint.isVisible() and "Step" in panel.hint.text()
    panel.show_explanation(EXPLANATION)
    assert not panel.hint.isVisible() and panel.equation.isVisible()
    panel.show_explanation(None)
    assert panel.hint.isVisible()


def test_names_become_numbers_and_only_names() -> None:
    text = with_numbers(EXPLANATION, ["#000"] * 5)
    plain = text.replace('<b style="color:#000">', "").replace("<b>", "").replace("</b>", "")
    assert plain == "0.5 + 0.1 × ((−1) + 0.9 × 2 − 0.5) = 0.53"


def test_each_term_has_symbol_meaning_and_value(panel: ExplanationPanel) -> None:
    panel.show_explanation(EXPLANATION)
    assert len(panel.terms) == 5
    symbol, meaning, value = panel.terms[0]
    assert "Q(s, a)" in symbol.text() and "0.5" in value.text()
    assert "&lt;a&gt; &amp; 'b'" in meaning.text().replace("&#x27;", "'")
    shorter = Explanation("V ← r", "r", {"r": Term("r", "reward", 1.0)}, 1.0)
    panel.show_explanation(shorter)
    assert len(panel.terms) == 1
    assert all(isinstance(label, QLabel) for label in panel.terms[0])


def test_a_term_and_its_number_share_a_colour(panel: ExplanationPanel) -> None:
    panel.show_explanation(EXPLANATION)
    for place, (symbol, _, _) in enumerate(panel.terms):
        assert theme.colours.series[place] in symbol.text()
        assert theme.colours.series[place] in panel.formula.text()
    theme.use("dark")
    try:
        assert theme.colours.series[0] in panel.formula.text()
    finally:
        theme.use("light")


def test_a_click_asks_for_the_state_of_a_term(qtbot: QtBot, panel: ExplanationPanel) -> None:
    panel.show_explanation(EXPLANATION)
    assert "href" not in panel.terms[1][1].text()
    with qtbot.waitSignal(panel.state_requested) as caught:
        panel.terms[4][1].linkActivated.emit("8")
    assert caught.args == [8]


def test_an_index_is_set_lower() -> None:
    assert as_printed("max_a' Q < V_k") == "max<sub>a'</sub> Q &lt; V<sub>k</sub>"
    assert as_printed("V_t(s) ← V_{t+1}(s')") == "V<sub>t</sub>(s) ← V<sub>t+1</sub>(s')"
