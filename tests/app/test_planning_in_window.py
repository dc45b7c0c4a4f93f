"""Planning as a person meets it in the window: named for what it is, step by step, to a proven end."""

import pytest

from app.picture import Status
from app.studio import Studio
from tests.app.hands import PATIENCE, Hands

ENDS = {
    "value-iteration": "<b>Converged after {count} sweeps · error bound ",
    "q-value-iteration": "<b>Converged after {count} sweeps · error bound ",
    "policy-evaluation": "<b>Converged after {count} sweeps · error bound ",
    "policy-iteration": "<b>Converged after {count} iterations · error bound ",
    "modified-policy-iteration": "<b>Converged after {count} iterations · error bound ",
    "prioritised-sweeping": "<b>Converged after {count} sweeps · error bound ",
    "linear-programme": "<b>Solved · error bound ",
    "backward-induction": "<b>Finished after 100 stages · error bound ",
}
FAR = {"policy-iteration": "iteration", "modified-policy-iteration": "iteration", "backward-induction": "stage"}


@pytest.mark.parametrize("name", ENDS)
def test_every_planner_is_stepped_and_run_to_its_end(studio: Studio, hands: Hands, name: str) -> None:
    window = studio.window
    hands.library("grid/frozen-lake-4x4")
    hands.learner(name)
    assert window.actions_["train"].text() == "Plan" and "sweep" in window.actions_["step_far"].text()
    window.transport.set_speed(200)
    assert window.transport.speed_label.text() == "200 backups/s"
    window.transport.set_speed(None)
    hands.press("step")
    hands.until_picture()
    hands.until(Status.finished if name == "linear-programme" else Status.paused)
    assert hands.units() == 1 and window.explanation.explanation is not None
    if name != "linear-programme":
        assert window.actions_["step_far"].text() == f"Step to the end of the {FAR.get(name, 'sweep')}"
        hands.press("step_far")
        hands.qtbot.waitUntil(lambda: studio.runs.last is not None and studio.runs.last.snapshot.counters.sweeps == 1, timeout=PATIENCE)
        hands.until(Status.paused)
        hands.qtbot.waitUntil(lambda: window.status.state.text() == "<b>Paused</b>", timeout=PATIENCE)
        assert f"1 {FAR.get(name, 'sweep')}" in window.status.counts.text()
        hands.press("train")
        hands.until(Status.finished)
    assert studio.runs.last is not None
    assert window.status.state.text().startswith(ENDS[name].format(count=studio.runs.last.snapshot.counters.sweeps))
    assert not any(view.waiting for view in window.plots.shown())


def test_a_world_that_ends_with_a_terminal_state_is_explained_all_the_same(studio: Studio, hands: Hands) -> None:
    hands.library("mdp/gambler-100")
    hands.learner("value-iteration")
    panel = studio.window.explanation
    assert panel.hint.text().startswith("Press Step")
    hands.press("step")
    hands.until_picture()
    hands.until(Status.paused)
    assert panel.explanation is None and "terminal state keeps its value of 0" in panel.hint.text()
    hands.press("train")
    hands.until(Status.finished)
    assert panel.explanation is not None and "'99'" in panel.explanation.terms["r"].meaning
    hands.press("reset")
    assert panel.explanation is None and panel.hint.text().startswith("Press Step")


def test_giving_up_is_no_convergence(studio: Studio, hands: Hands) -> None:
    hands.learner("value-iteration", max_sweeps=3)
    hands.press("train")
    hands.until(Status.finished)
    assert studio.window.status.state.text().startswith("<b>Not converged after 3 sweeps · error bound ")
    hands.learner("value-iteration", limit=4)
    hands.press("train")
    hands.until(Status.finished)
    assert studio.window.status.state.text().startswith("<b>Not converged after 0 sweeps")


def test_after_a_reset_nothing_of_the_run_is_left_in_the_status(studio: Studio, hands: Hands) -> None:
    hands.learner("value-iteration")
    hands.press("train")
    hands.until(Status.finished)
    hands.press("reset")
    status = studio.window.status
    assert (status.state.text(), status.counts.text(), status.device_label.text()) == ("<b>Ready</b>", "", "")


def test_a_learner_trains_and_a_planner_plans(studio: Studio, hands: Hands) -> None:
    window = studio.window
    hands.learner("q-learning", limit=10**12)
    assert window.actions_["train"].text() == "Train" and "episode" in window.actions_["step_far"].text()
    hands.press("train")
    hands.until(Status.running)
    hands.qtbot.waitUntil(lambda: window.status.state.text() == "<b>Training</b>", timeout=PATIENCE)
    window.agent.choose("value-iteration")
    assert "episode" in window.actions_["step_far"].text()
    hands.press("reset")
    assert window.actions_["train"].text() == "Plan" and "sweep" in window.actions_["step_far"].text()
    window.actions_["korean"].trigger()
    assert studio.window.actions_["train"].text() == "계획"
    studio.window.actions_["korean"].trigger()
    hands.press("dark")
    assert studio.window.actions_["train"].text() == "Plan"
