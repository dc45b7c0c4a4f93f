"""The explanation shows equation, numbers and terms, and leads to the state that a term came from."""

import re
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.panels.equation import as_printed, with_numbers
from app.panels.explanation import ExplanationPanel
from app.theme import theme
from core.learner import Explanation, Term
from core.worlds.library import open_world

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
    assert re.sub("<[^>]*>", "", text) == "0.5 + 0.1 × ((−1) + 0.9 × 2 − 0.5) = 0.53"


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
    pointed: list[object] = []
    panel.state_pointed.connect(pointed.append)
    with qtbot.waitSignal(panel.state_requested) as asked:
        panel.terms[4][1].linkActivated.emit("4")
    assert asked.args == [8] and pointed == [8]
    with qtbot.waitSignal(panel.state_requested) as asked:
        panel.formula.linkActivated.emit("0")
    assert asked.args == [7] and panel.lit == 0


def test_the_mouse_on_a_term_points_at_its_state_for_as_long(qtbot: QtBot, panel: ExplanationPanel) -> None:
    panel.show_explanation(EXPLANATION)
    pointed: list[object] = []
    panel.state_pointed.connect(pointed.append)
    panel.formula.linkHovered.emit("4")
    panel.formula.linkHovered.emit("")
    panel.terms[0][1].linkHovered.emit("0")
    assert pointed == [8, None, 7]


def test_terms_are_stepped_through_one_after_the_other(qtbot: QtBot, panel: ExplanationPanel) -> None:
    panel.show_explanation(EXPLANATION)
    pointed: list[object] = []
    panel.state_pointed.connect(pointed.append)
    lit = []
    for _ in range(6):
        qtbot.mouseClick(panel.next, Qt.MouseButton.LeftButton)
        lit.append(panel.lit)
        marked = f"background-color:{theme.colours.accent}"
        assert panel.formula.text().count(marked) == {-1: 0, 0: 2}.get(panel.lit, 1)
        assert [marked in labels[0].text() for labels in panel.terms] == [place == panel.lit for place in range(5)]
        assert (marked in panel.equation.text()) == (panel.lit >= 0)
    assert lit == [0, 1, 2, 3, 4, -1] and pointed == [7, None, None, None, 8, None]
    qtbot.mouseClick(panel.previous, Qt.MouseButton.LeftButton)
    assert panel.lit == 4
    panel.show_explanation(replace(EXPLANATION, result=0.54))
    assert panel.lit == -1 and pointed[-1] is None


def test_a_transition_has_names_and_units(panel: ExplanationPanel) -> None:
    panel.show_explanation(EXPLANATION)
    assert not panel.seen.isVisible()
    panel.set_world(open_world("gym:CartPole-v1"))
    panel.show_explanation(replace(EXPLANATION, observation=(0.5, 0.0, -0.125, 2.0), next_observation=(0.5, 0.25, 0.0, 1.0)))
    plain = re.sub("<[^>]*>", " ", panel.seen.text())
    assert panel.seen.isVisible() and "cart position" in plain and "−0.125" in plain and " m " in plain


def test_only_the_symbol_itself_stands_out_in_the_equation() -> None:
    equation = "Q(s, a) ← Q(s, a) + α [r + γ max_a' Q(s', a') − Q(s, a)]"
    assert as_printed(equation, "r").count("<span") == 1
    assert as_printed(equation, "Q(s, a)").count("<span") == 2
    assert as_printed(equation, "max_a' Q(s', a')").count("<span") == 1


def test_an_index_is_set_lower() -> None:
    assert as_printed("max_a' Q < V_k") == "max<sub>a'</sub> Q &lt; V<sub>k</sub>"
    assert as_printed("V_t(s) ← V_{t+1}(s')") == "V<sub>t</sub>(s) ← V<sub>t+1</sub>(s')"
