"""Many settings stand under headings that fold, and are found again where they are at fault."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.forms import section as sections_module
from app.forms.fields import FlagField
from app.forms.form import ConfigForm
from app.forms.section import Section
from app.theme import theme
from core.config import Config, again, sections, setting
from core.deep.dqn import DQNConfig
from core.registry import algorithms
from core.schedules import Schedule


class Short(Config):
    one: int = setting(1, "One", "One.", section="Numbers")


class Long(Config):
    """More settings than do without headings; the section Secret shows only with the flag."""

    first: int = setting(1, "First", "Number.", ge=0, section="Numbers")
    flag: bool = setting(False, "Flag", "Yes or no.")
    hidden: int = setting(1, "Hidden", "Number.", ge=0, section="Secret", when={"flag": ("True",)})
    last: int = setting(1, "Last", "Number.", ge=0, section="Numbers")
    a: int = setting(1, "A", "Number.", section="Rest")
    b: int = setting(1, "B", "Number.", section="Rest")
    c: int = setting(1, "C", "Number.", section="Rest")
    d: int = setting(1, "D", "Number.", section="Rest")
    e: int = setting(1, "E", "Number.", section="Rest")
    f: int = setting(1, "F", "Number.", section="Rest")
    g: int = setting(1, "G", "Number.", section="Rest")
    h: int = setting(1, "H", "Number.", section="Rest")
    i: int = setting(1, "I", "Number.", section="Rest")


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    sections_module.folded.clear()
    yield
    sections_module.folded.clear()


def shown(qtbot: QtBot, model: type[Config] = Long) -> ConfigForm:
    form = ConfigForm(model)
    qtbot.addWidget(form)
    form.resize(300, 900)
    form.show()
    qtbot.waitExposed(form)
    form.activateWindow()
    return form


@pytest.fixture
def form(qtbot: QtBot) -> ConfigForm:
    return shown(qtbot)


def click(section: Section) -> None:
    QTest.mouseClick(section.head, Qt.MouseButton.LeftButton)


def retype(form: ConfigForm, name: str, text: str) -> None:
    line = form.rows[name].field.editor
    assert isinstance(line, QLineEdit)
    line.selectAll()
    QTest.keyClicks(line, text)


def test_settings_are_gathered_by_heading_in_the_order_of_their_first(form: ConfigForm) -> None:
    rest = list("abcdefghi")
    assert sections(Long) == {"Numbers": ["first", "last"], "": ["flag"], "Secret": ["hidden"], "Rest": rest}
    assert list(form.sections) == ["Numbers", "Secret", "Rest"] and set(form.rows) == set(Long.model_fields)
    assert [name for name, row in form.rows.items() if form.sections["Rest"].body.isAncestorOf(row)] == rest


def test_few_settings_need_no_headings(qtbot: QtBot) -> None:
    assert sections(Short) == {"": ["one"]} and not shown(qtbot, Short).sections
    with_headings = {name for name, algorithm in algorithms().items() if any(sections(algorithm.config))}
    assert with_headings >= {"dqn", "rainbow"} and "q-learning" not in with_headings


def test_every_setting_of_deep_learners_stands_under_a_heading() -> None:
    for name, algorithm in algorithms().items():
        if issubclass(algorithm.config, DQNConfig):
            assert "" not in sections(algorithm.config), name


def test_a_setting_said_again_may_move() -> None:
    for moved, heading in (
        (again(DQNConfig, "epsilon", Schedule(start=0.5)), "Exploration"),
        (again(DQNConfig, "epsilon", 0, "Other"), "Other"),
    ):
        assert moved.json_schema_extra["section"] == heading and moved.json_schema_extra["symbol"] == "ε"


def test_a_click_folds_and_another_opens(form: ConfigForm) -> None:
    section, row = form.sections["Numbers"], form.rows["first"]
    assert row.isVisible() and section.head.arrowType() is Qt.ArrowType.DownArrow
    click(section)
    assert not row.isVisible() and section.head.arrowType() is Qt.ArrowType.RightArrow and form.rows["a"].isVisible()
    click(section)
    assert row.isVisible()


def test_the_space_bar_folds_what_the_tab_key_reaches(form: ConfigForm) -> None:
    section = form.sections["Numbers"]
    section.head.setFocus()
    QTest.keyClick(section.head, Qt.Key.Key_Space)
    assert not form.rows["first"].isVisible() and section.head.hasFocus()
    QTest.keyClick(section.head, Qt.Key.Key_Space)
    QTest.keyClick(section.head, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is form.rows["first"].field.editor
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert section.head.hasFocus()


def test_headings_have_names_for_those_who_hear_them(form: ConfigForm) -> None:
    assert {section.head.accessibleName() for section in form.sections.values()} == {"Numbers", "Secret", "Rest"}
    retype(form, "first", "5")
    assert form.sections["Numbers"].head.accessibleDescription() == "1 changed"


def test_what_is_folded_stays_folded_while_the_studio_runs(qtbot: QtBot, form: ConfigForm) -> None:
    click(form.sections["Rest"])
    again = shown(qtbot)
    assert not again.rows["a"].isVisible() and again.rows["first"].isVisible()
    form.hide()
    click(again.sections["Rest"])
    form.show()
    assert form.rows["a"].isVisible()


def test_a_section_without_settings_that_matter_is_gone(form: ConfigForm) -> None:
    assert not form.sections["Secret"].isVisible()
    flag = form.rows["flag"].field
    assert isinstance(flag, FlagField)
    flag.box.click()
    assert form.sections["Secret"].isVisible() and form.rows["hidden"].isVisible()


def test_a_folded_heading_says_how_many_settings_differ(form: ConfigForm) -> None:
    section = form.sections["Numbers"]
    retype(form, "first", "5")
    assert not section.note.isVisible()
    click(section)
    assert section.note.isVisible() and section.note.text() == "1 changed"
    form.reset()
    assert not section.note.isVisible()


def test_a_fault_is_not_folded_away(form: ConfigForm) -> None:
    retype(form, "first", "x")
    click(form.sections["Numbers"])
    assert not form.rows["first"].error.isVisible()
    form.rows["a"].field.edited.emit()
    assert form.rows["first"].error.isVisible()


def test_arrows_grow_with_the_text(form: ConfigForm) -> None:
    head = form.sections["Numbers"].head
    before = head.iconSize().height()
    try:
        theme.use("light", 2.0)
        assert head.iconSize().height() == 2 * before
    finally:
        theme.use("light")
