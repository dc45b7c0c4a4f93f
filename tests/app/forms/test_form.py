"""Every declared configuration makes a form that gives back what it shows, and says what is wrong where it is wrong."""

from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from annotated_types import Gt
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.forms.fields import ChoiceField, FlagField, NumberField, read_number, stepped
from app.forms.form import ConfigField, ConfigForm
from app.forms.limits import Limits
from app.forms.schedule import ScheduleField
from app.theme import theme
from core.config import Config, build, setting
from core.errors import ConfigError
from core.registry import algorithms
from core.schedules import Clock, Kind, Probability, Schedule
from core.worlds.grid import GridRules


class Taste(StrEnum):
    sweet = "sweet"
    sour_sweet = "sour-sweet"


class Inner(Config):
    depth: int = setting(2, "Depth", "How deep.", ge=1, le=9)
    kind: Literal["relu", "tanh"] = setting("relu", "Activation", "Which.")


class Everything(Config):
    """One field of every kind."""

    count: int = setting(32, "Count", "How many.", unit="steps", ge=1)
    rate: float = setting(1e-4, "Learning rate", "How fast.", symbol="α", gt=0, le=1)
    large: float = setting(123456.789, "Large", "A long number.")
    discount: float | None = setting(None, "Discount", "What later is worth.", symbol="γ", ge=0, le=1)
    limit: Annotated[int, Gt(0)] | None = setting(None, "Limit", "Stops there.")
    flag: bool = setting(True, "Flag", "Yes or no.")
    maybe: bool | None = setting(None, "Maybe", "Yes, no, or whatever.")
    taste: Taste = setting(Taste.sweet, "Taste", "Which.")
    shape: Literal["round", "square"] = setting("round", "Shape", "Which.")
    number: Literal[1, 2, 4] = setting(2, "Number", "Which.")
    layers: tuple[int, ...] = setting((128, 128), "Layers", "Units.", unit="units", min_length=1)
    shares: tuple[float, ...] = setting((0.5, 1e-6), "Shares", "Shares.")
    name: str = setting("ab", "Name", "A text.", pattern="[a-z]+")
    epsilon: Probability = setting(Schedule(kind=Kind.linear, start=1, end=0.05, duration=10_000), "Exploration", "How random.", symbol="ε")
    step: Schedule = setting(Schedule(start=0.1), "Step size", "How far.")
    inner: Inner = setting(Inner(), "Inner", "Settings within settings.")


CONFIGS: list[type[Config]] = [Everything, GridRules, *(algorithm.config for algorithm in algorithms().values())]

OTHERS: list[dict[str, Any]] = [
    {
        "count": 5_000_000,
        "rate": 3e-7,
        "discount": 0.0,
        "limit": 7,
        "flag": False,
        "maybe": False,
        "taste": "sour-sweet",
        "shape": "square",
    },
    {"layers": (7,), "shares": (), "number": 4, "maybe": True, "large": -1e-300, "inner": {"depth": 3, "kind": "tanh"}},
    {"step": {"kind": "power", "start": 0.5, "end": 0.001, "duration": 12.5, "exponent": 0.7, "per": "visit"}, "epsilon": 0.2},
    {"step": {"kind": "exponential", "start": -3, "end": 1e12, "duration": 1e-3, "per": "episode"}},
    {"step": {"kind": "constant", "start": 0.3, "end": 9, "duration": 77, "per": "episode"}},
]


@pytest.fixture
def form(qtbot: QtBot) -> ConfigForm:
    form = ConfigForm(Everything)
    qtbot.addWidget(form)
    form.resize(300, 900)
    form.show()
    return form


def line(form: ConfigForm, name: str) -> QLineEdit:
    editor = form.rows[name].field.editor
    assert isinstance(editor, QLineEdit)
    return editor


def retype(form: ConfigForm, name: str, text: str) -> None:
    line(form, name).selectAll()
    QTest.keyClick(line(form, name), Qt.Key.Key_Delete)
    QTest.keyClicks(line(form, name), text)


@pytest.mark.parametrize("model", CONFIGS, ids=lambda model: model.__name__)
def test_a_form_gives_back_the_defaults(qtbot: QtBot, model: type[Config]) -> None:
    form = ConfigForm(model)
    qtbot.addWidget(form)
    assert form.value() == model()
    assert set(form.rows) == set(model.model_fields)


@pytest.mark.parametrize("values", OTHERS)
def test_a_form_gives_back_what_it_is_shown(form: ConfigForm, values: dict[str, Any]) -> None:
    config = build(Everything, values)
    form.set_value(config)
    assert form.value() == config


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("rate", "fast", "'fast' is not a number. Write it like 0.1 or 1e-4."),
        ("rate", "3", "Must be above 0 and at most 1."),
        ("rate", "", "A number is missing here."),
        ("rate", "nan", "'nan' is not a number. Write it like 0.1 or 1e-4."),
        ("count", "2.5", "'2.5' is not a whole number."),
        ("count", "0", "Must be at least 1."),
        ("discount", "1.5", "Must be from 0 to 1."),
        ("limit", "0", "Must be above 0."),
        ("layers", "12, x", "'x' is not a whole number."),
        ("layers", "", "at least 1 item"),
        ("name", "A1", "String should match pattern"),
    ],
)
def test_a_mistake_is_marked_where_it_was_made(form: ConfigForm, name: str, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        retype(form, name, text)
        form.value()
    assert caught.value.where == name
    assert words in form.rows[name].error.text()
    assert form.rows[name].error.isVisible()
    others = [row for other, row in form.rows.items() if other != name]
    assert not any(row.error.isVisible() for row in others)
    form.reset()
    assert not form.rows[name].error.isVisible()
    assert form.value() == Everything()


def test_what_differs_stands_out_in_another_theme_too(form: ConfigForm) -> None:
    theme.use("light")
    form.show()
    retype(form, "rate", "0.5")
    QApplication.processEvents()
    theme.use("dark", 1.5)
    QApplication.processEvents()
    bold = [form.rows[name].label.font().bold() for name in ("rate", "count")]
    theme.use("light")
    assert bold == [True, False] and form.rows["rate"].label.font().bold()


def test_typing_changes_the_value_and_says_so(form: ConfigForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.changed):
        retype(form, "rate", "5e-3")
    retype(form, "count", "1,000")
    retype(form, "discount", "0.9")
    retype(form, "layers", "64,32, 16")
    value = form.value()
    assert value == build(Everything, {"rate": 5e-3, "count": 1000, "discount": 0.9, "layers": (64, 32, 16)})
    retype(form, "discount", "")
    assert getattr(form.value(), "discount") is None  # noqa: B009


def test_showing_a_value_is_not_a_change(form: ConfigForm, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(form.changed):
        form.set_value(build(Everything, OTHERS[0]))


def test_what_differs_from_its_default_stands_out(form: ConfigForm) -> None:
    assert not form.rows["rate"].label.font().bold() and not form.defaults.isEnabled()
    retype(form, "rate", "0.5")
    assert form.rows["rate"].label.font().bold() and form.defaults.isEnabled()
    assert not form.rows["count"].label.font().bold()
    form.rows["rate"].back.click()
    assert not form.rows["rate"].label.font().bold()
    assert form.value() == Everything()


def test_labels_and_tooltips_come_from_the_declaration(form: ConfigForm) -> None:
    row = form.rows["rate"]
    assert row.label.text() == "Learning rate α"
    assert form.rows["count"].unit.text() == "steps"
    for words in ("How fast.", "Above 0 and at most 1", "Default: 1e-4", "rate"):
        assert words in row.label.toolTip()


def test_an_empty_field_tells_what_it_inherits(form: ConfigForm) -> None:
    form.set_inherited("discount", 0.9)
    assert line(form, "discount").placeholderText() == "world's own: 0.90"
    form.set_inherited("no such field", 1)


def test_a_schedule_shows_what_its_shape_uses(form: ConfigForm) -> None:
    field = form.rows["step"].field
    assert isinstance(field, ScheduleField)
    editor = field.schedule
    assert not editor.fields["duration"].isVisible() and not editor.curve.isVisible()
    shape = editor.fields["kind"]
    assert isinstance(shape, ChoiceField)
    shape.combo.setCurrentIndex(list(Kind).index(Kind.power))
    shape.edited.emit()
    assert all(editor.fields[name].isVisible() for name in ("start", "end", "duration", "exponent", "per"))
    assert editor.curve.isVisible() and editor.curve.schedule is not None
    duration = editor.fields["duration"]
    assert isinstance(duration, NumberField)
    duration.line.setText("-5")
    duration.edited.emit()
    assert editor.curve.schedule is None
    assert form.rows["step"].error.text() == "Duration: Must be above 0."
    duration.line.setText("200")
    duration.edited.emit()
    assert editor.curve.grab().toImage().width() > 0
    assert getattr(form.value(), "step").duration == 200  # noqa: B009


def test_a_probability_out_of_bounds_is_marked(form: ConfigForm) -> None:
    field = form.rows["epsilon"].field
    assert isinstance(field, ScheduleField)
    start = field.schedule.fields["start"]
    assert isinstance(start, NumberField)
    start.line.setText("2")
    start.edited.emit()
    assert "0 to 1" in form.rows["epsilon"].error.text()


def test_settings_within_settings_name_the_path(form: ConfigForm) -> None:
    field = form.rows["inner"].field
    assert isinstance(field, ConfigField)
    retype(field.form, "depth", "99")
    with pytest.raises(ConfigError) as caught:
        form.value()
    assert caught.value.where == "inner.depth"
    assert "1 to 9" in field.form.rows["depth"].error.text()


def test_a_tick_and_a_choice_are_edited_with_the_mouse(form: ConfigForm, qtbot: QtBot) -> None:
    flag = form.rows["flag"].field
    assert isinstance(flag, FlagField)
    with qtbot.waitSignal(form.changed):
        flag.box.click()
    assert getattr(form.value(), "flag") is False  # noqa: B009


def test_the_wheel_leaves_choices_alone(form: ConfigForm) -> None:
    taste = form.rows["taste"].field
    assert isinstance(taste, ChoiceField)
    taste.combo.clearFocus()
    wheel = QWheelEvent(QPointF(4, 4), QPointF(4, 4), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(taste.combo, wheel)
    assert taste.get() is Taste.sweet


def test_arrow_keys_step_through_round_numbers(form: ConfigForm) -> None:
    QTest.keyClick(line(form, "rate"), Qt.Key.Key_Up)
    assert getattr(form.value(), "rate") == 2e-4  # noqa: B009
    QTest.keyClick(line(form, "count"), Qt.Key.Key_Down)
    assert getattr(form.value(), "count") == 20  # noqa: B009


@pytest.mark.parametrize(
    ("value", "up", "down", "whole"), [(0.1, 0.2, 0.05, False), (-0.1, -0.05, -0.2, False), (0, 1, -1, True), (10, 20, 5, True)]
)
def test_steps(value: float, up: float, down: float, whole: bool) -> None:
    assert stepped(value, 1, whole) == pytest.approx(up)
    assert stepped(value, -1, whole) == pytest.approx(down)


@pytest.mark.parametrize(("text", "value"), [("1e6", 1_000_000), ("1,234,567", 1_234_567), ("−3", -3), ("10_000", 10_000), ("1 000", 1000)])
def test_numbers_as_people_type_them(text: str, value: int) -> None:
    assert read_number(text, whole=True) == value


def test_a_decimal_comma_is_not_taken_for_thousands() -> None:
    with pytest.raises(ValueError, match="not a number"):
        read_number("0,5", whole=False)


def test_limits_in_words() -> None:
    assert Limits(least=0, most=1).words() == "from 0 to 1"
    assert Limits(above=0).words() == "above 0"
    assert Limits().words() == ""


@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_nothing_is_cut_off_in_a_narrow_panel(qtbot: QtBot, scale: float) -> None:
    theme.use("light", scale)
    try:
        form = ConfigForm(Everything)
        qtbot.addWidget(form)
        form.resize(260, 2000)
        form.show()
        QApplication.processEvents()
        assert form.minimumSizeHint().width() <= 260
        for label in form.findChildren(QLabel):
            if label.isVisible() and label.text():
                longest = max(label.fontMetrics().horizontalAdvance(word) for word in label.text().split())
                assert label.width() >= longest, label.text()
    finally:
        theme.use("light")


def test_all_clocks_and_shapes_can_be_chosen(form: ConfigForm) -> None:
    for kind in Kind:
        for clock in Clock:
            config = build(Everything, {"step": {"kind": kind, "per": clock, "points": [(0, 1), (5, 0.5)]}})
            form.set_value(config)
            assert form.value() == config


def test_a_setting_shows_where_it_matters(qtbot: QtBot) -> None:
    form = ConfigForm(algorithms()["q-learning"].config)
    qtbot.addWidget(form)
    form.show()
    assert not form.rows["temperature"].isVisible() and not form.rows["curiosity"].isVisible()
    strategy = form.rows["strategy"].field
    strategy.put("ucb")
    strategy.edited.emit()
    assert form.rows["curiosity"].isVisible() and not form.rows["temperature"].isVisible()
