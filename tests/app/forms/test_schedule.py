"""The form of a schedule: every shape with its numbers and picture, points as a line of text, by mouse and keyboard."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app import text
from app.forms.curve import Curve, horizon, samples
from app.forms.form import ConfigForm
from app.forms.schedule import ScheduleEditor, ScheduleField
from core.config import Config, build, setting
from core.errors import ConfigError
from core.registry import algorithms
from core.schedules import Clock, Kind, LearningRate, Probability, Schedule, StepSize


class Schedules(Config):
    """One schedule that may count visits, and two that may not."""

    step: StepSize = setting(Schedule(kind=Kind.power, start=1, duration=10, per=Clock.visit), "Step size", "How far.", symbol="α")
    rate: LearningRate = setting(Schedule(start=0.1), "Learning rate", "How far, too.")
    epsilon: Probability = setting(Schedule(kind=Kind.linear, start=1, end=0.05, duration=10_000), "Exploration", "How curious.")


@pytest.fixture
def form(qtbot: QtBot) -> ConfigForm:
    form = ConfigForm(Schedules)
    qtbot.addWidget(form)
    form.resize(300, 900)
    form.show()
    return form


def editor(form: ConfigForm, name: str) -> ScheduleEditor:
    field = form.rows[name].field
    assert isinstance(field, ScheduleField)
    return field.schedule


def offered(combo: QComboBox) -> list[str]:
    return [combo.itemText(place) for place in range(combo.count())]


def pick(combo: QComboBox, words: str) -> None:
    """Open the list and click on an entry."""
    combo.showPopup()
    view = combo.view()
    place = view.visualRect(combo.model().index(offered(combo).index(words), 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def retype(editor: ScheduleEditor, points: str) -> None:
    editor.points.line.selectAll()
    QTest.keyClick(editor.points.line, Qt.Key.Key_Delete)
    QTest.keyClicks(editor.points.line, points)


def written(form: ConfigForm, name: str) -> str:
    schedule = getattr(form.value(), name)
    assert isinstance(schedule, Schedule)
    return schedule.text()


def test_only_what_counts_visits_offers_them(form: ConfigForm) -> None:
    step, rate, epsilon = (editor(form, name) for name in Schedules.model_fields)
    assert offered(step.shapes.combo) == ["constant", "linear", "exponential", "power", "1/N(s, a)", "piecewise"]
    assert offered(step.clocks.combo) == ["step", "episode", "visit"]
    for other in (rate, epsilon):
        assert offered(other.shapes.combo) == ["constant", "linear", "exponential", "power", "piecewise"]
        assert offered(other.clocks.combo) == ["step", "episode"]


@pytest.mark.parametrize(
    ("algorithm", "name", "visits"),
    [("q-learning", "step_size", True), ("q-learning", "epsilon", False), ("dqn", "learning_rate", False),
     ("linear-q-learning", "step_size", False), ("gradient-bandit", "step_size", True)],
)  # fmt: skip
def test_algorithms_offer_what_they_can_count(qtbot: QtBot, algorithm: str, name: str, visits: bool) -> None:
    form = ConfigForm(algorithms()[algorithm].config)
    qtbot.addWidget(form)
    assert ("1/N(s, a)" in offered(editor(form, name).shapes.combo)) is visits


def test_one_by_n_is_chosen_from_the_list_and_needs_no_numbers(form: ConfigForm) -> None:
    step = editor(form, "step")
    pick(step.shapes.combo, "1/N(s, a)")
    assert written(form, "step") == "1/N"
    assert [name for name, field in step.fields.items() if field.isVisible()] == ["kind"]
    assert step.curve.isVisible() and step.curve.schedule is not None and step.curve.schedule.value(1) == 0.5
    assert form.rows["step"].label.font().bold()
    pick(step.shapes.combo, "power")
    assert form.value() == Schedules()


def test_points_are_typed(form: ConfigForm) -> None:
    epsilon = editor(form, "epsilon")
    pick(epsilon.shapes.combo, "piecewise")
    assert [name for name, field in epsilon.fields.items() if field.isVisible()] == ["kind", "per", "points"]
    retype(epsilon, "0:1, 5000:0.1, 20000:0.05")
    pick(epsilon.clocks.combo, "episode")
    assert written(form, "epsilon") == "piecewise(0:1, 5000:0.1, 20000:0.05, per=episode)"
    assert epsilon.curve.schedule == getattr(form.value(), "epsilon")  # noqa: B009


def test_points_begin_where_the_shape_before_them_was(form: ConfigForm) -> None:
    epsilon, rate = editor(form, "epsilon"), editor(form, "rate")
    pick(epsilon.shapes.combo, "piecewise")
    assert epsilon.points.line.text() == "0:1, 10000:0.05"
    pick(rate.shapes.combo, "piecewise")
    assert rate.points.line.text() == "0:0.1, 1000:0.1"
    retype(rate, "")
    assert rate.points.line.text() == "" and rate.curve.schedule is None
    assert form.rows["rate"].error.text() == "Points: piecewise needs points, such as 0:1, 5000:0.1."
    pick(rate.shapes.combo, "constant")
    pick(epsilon.shapes.combo, "linear")
    assert form.value() == Schedules()
    assert not form.rows["rate"].label.font().bold() and not form.defaults.isEnabled()


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ("0:1, 5000", "Points: '5000' is no point; write time:value, such as 5000:0.1."),
        ("0:1, 9:nan", "Points: '9:nan' is no point; write time:value, such as 5000:0.1."),
        ("0:1, 9:0.5, 8:0.1", "Points: the times of points must increase; 8 comes after 9."),
        ("-1:1, 9:0.5", "Points: points must lie from time 0 to 1e+15, not at -1."),
        ("0:1, 9:1.5", "Every value must lie from 0 to 1, not 1.5."),
    ],
)
def test_a_mistake_in_the_points_is_marked(form: ConfigForm, points: str, words: str) -> None:
    epsilon = editor(form, "epsilon")
    pick(epsilon.shapes.combo, "piecewise")
    retype(epsilon, points)
    with pytest.raises(ConfigError):
        form.value()
    assert form.rows["epsilon"].error.text() == words
    retype(epsilon, "0:1, 9:0.5")
    assert form.rows["epsilon"].error.text() == "" and written(form, "epsilon") == "piecewise(0:1, 9:0.5)"


def test_the_default_comes_back(form: ConfigForm) -> None:
    pick(editor(form, "epsilon").shapes.combo, "piecewise")
    QTest.mouseClick(form.rows["epsilon"].back, Qt.MouseButton.LeftButton)
    assert form.value() == Schedules()
    pick(editor(form, "step").shapes.combo, "1/N(s, a)")
    QTest.mouseClick(form.defaults, Qt.MouseButton.LeftButton)
    assert form.value() == Schedules()


@pytest.mark.parametrize("step", ["0.5", "linear(1, 0.1, 50)", "1/N", "piecewise(3:1)", "piecewise(0:1, 5:0.5, 9:0, per=visit)"])
def test_a_form_gives_back_what_it_is_shown(form: ConfigForm, step: str) -> None:
    config = build(Schedules, {"step": step})
    form.set_value(config)
    assert form.value() == config
    form.reset()
    assert form.value() == Schedules()


def test_a_constant_of_a_file_may_name_a_clock_that_is_not_offered(form: ConfigForm) -> None:
    form.set_value(build(Schedules, {"rate": {"start": 0.3, "per": "visit"}}))
    assert written(form, "rate") == "0.3"


@pytest.fixture
def korean() -> Iterator[None]:
    text.use("ko")
    yield
    text.use("en")


@pytest.mark.usefixtures("korean")
def test_mistakes_are_told_in_korean(form: ConfigForm) -> None:
    epsilon = editor(form, "epsilon")
    pick(epsilon.shapes.combo, "꺾은선형")
    retype(epsilon, "0:1, 9")
    assert form.rows["epsilon"].error.text() == "점: 점이 아닙니다: '9'. 5000:0.1처럼 시간:값으로 적으세요."
    retype(epsilon, "0:1, 9:0.1, 5:0")
    assert form.rows["epsilon"].error.text() == "점: 점의 시간은 점점 커져야 하는데 9 다음에 5이(가) 있습니다."


@pytest.mark.parametrize(
    ("schedule", "span"),
    [
        (Schedule(kind=Kind.linear, duration=100), 150),
        (Schedule(kind=Kind.harmonic), 10),
        (Schedule(kind=Kind.piecewise, points=((0, 1), (400, 0.1))), 500),
        (Schedule(kind=Kind.piecewise, points=((0, 1),)), 1),
        (Schedule(kind=Kind.piecewise, points=((0, -1), (1e15, 1))), 1.25e15),
    ],
)
def test_the_picture_covers_what_happens(qtbot: QtBot, schedule: Schedule, span: float) -> None:
    assert horizon(schedule) == span
    curve = Curve()
    qtbot.addWidget(curve)
    curve.resize(200, 62)
    empty = curve.grab().toImage()
    curve.show_schedule(schedule)
    assert curve.grab().toImage() != empty


def test_the_line_goes_through_every_point() -> None:
    peak = Schedule(kind=Kind.piecewise, points=((0, 0), (501, 1), (502, 0), (1000, 0)))
    drawn = samples(peak)
    assert set(peak.points) < set(drawn) and drawn == sorted(drawn)
    assert drawn[0] == (0, 0) and drawn[-1] == (1250, 0)
