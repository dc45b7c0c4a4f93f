"""The newest update as a person follows it: term by term, on the stage and in the tables, step by step or at full speed."""

import numpy as np
from PySide6.QtCore import Qt

from app.picture import Status
from app.studio import Studio
from tests.app.hands import PATIENCE, Hands


def stepped(hands: Hands, times: int) -> None:
    for done in range(hands.units() + 1, hands.units() + 1 + times):
        hands.press("step")
        hands.until_picture(done)


def test_a_click_on_a_term_marks_its_cell_and_its_row(studio: Studio, hands: Hands) -> None:
    window = studio.window
    hands.library("grid/lecture-3x4")
    hands.learner("sarsa-lambda")
    stepped(hands, 3)
    panel, view = window.explanation, window.stage.designer.views["grid"].view
    told = panel.explanation
    assert told is not None and told.state == told.terms["q"].state
    panel.terms[0][1].linkActivated.emit("0")
    cell = tuple(view.world.compiled.cell_of_state[told.state].tolist())
    assert view.marked == {cell} and studio.document.selection == {view.world.compile().state_names[told.state]}
    rows = window.table.view.selectionModel().selectedRows()
    assert [int(window.table.values.order[row.row()]) for row in rows] == [told.state]
    assert view.aside.pointed == told.state
    window.inspector.setCurrentWidget(panel)
    hands.qtbot.mouseClick(panel.previous, Qt.MouseButton.LeftButton)
    assert panel.lit == -1 and view.aside.pointed is None
    stepped(hands, 1)
    assert view.aside.explanation is panel.explanation and view.aside.pointed is None


def test_the_keys_go_from_term_to_term(studio: Studio, hands: Hands) -> None:
    hands.library("grid/lecture-3x4")
    hands.learner("value-iteration")
    stepped(hands, 2)
    panel, view = studio.window.explanation, studio.window.stage.designer.views["grid"].view
    lit = []
    for _ in range(len(panel.terms) + 1):
        studio.window.actions_["next_term"].trigger()
        lit.append(panel.lit)
    assert lit == [*range(len(panel.terms)), -1] and studio.window.inspector.currentWidget() is panel
    studio.window.actions_["previous_term"].trigger()
    assert panel.lit == len(panel.terms) - 1
    assert view.aside.pointed == list(panel.explanation.terms.values())[-1].state
    assert "background-color" in panel.formula.text() and "background-color" in panel.terms[-1][0].text()


def test_while_stepping_the_stage_knows_the_way_and_the_errors(studio: Studio, hands: Hands) -> None:
    view = studio.window.stage.designer.views["grid"].view
    hands.library("grid/four-rooms-10x10")
    hands.learner("sarsa-lambda", limit=10**12)
    stepped(hands, 6)
    trail, known = view.aside.trail, view.snapshot
    assert view.aside.steady and trail is not None and known is not None
    assert len(trail.states) == 7 and trail.states[-1] == known.state
    told = view.aside.explanation
    assert told is not None and trail.errors[told.state] == told.error
    assert known.traces is not None and np.nanmax(known.traces) > 0
    hands.press("train")
    hands.until_picture(20_000)
    hands.qtbot.waitUntil(lambda: not view.aside.steady, timeout=PATIENCE)
    hands.qtbot.waitUntil(lambda: not view.aside.steady and np.isfinite(view.aside.trail.errors).sum() > 3, timeout=PATIENCE)
    assert not len(view.aside.trail.states)
    hands.press("train")
    hands.until(Status.paused)
    hands.qtbot.waitUntil(lambda: view.aside.steady and view.aside.trail is not None, timeout=PATIENCE)
    assert view.aside.goal is not None and len(view.aside.goal) == len(trail.errors)
    hands.press("reset")
    assert view.aside.trail is None and view.aside.explanation is None


def test_the_graph_marks_the_backup_of_a_planner(studio: Studio, hands: Hands) -> None:
    hands.library("mdp/three-state")
    hands.learner("value-iteration")
    stepped(hands, 1)
    canvas = studio.window.stage.designer.views["graph"].canvas
    told = canvas.aside.explanation
    assert told is not None and told.action is not None
    pair, states, pointed = canvas.lit()
    names = list(canvas.drawing.states)
    assert pair == {(names[told.state], canvas.world.actions[told.action])} and pointed is None
    assert states == [names[told.state], *(names[state] for state, _ in told.following)]
    before = canvas.grab().toImage()
    studio.window.explanation.light(0)
    assert canvas.lit()[2] == names[told.state] and canvas.grab().toImage() != before
