"""The agent panel offers what suits the world, and makes exactly the run that was typed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.panels.agent import FAMILY_TITLES, AgentPanel
from core.errors import ConfigError
from core.registry import FAMILIES, algorithms, family
from core.runs.spec import RunSpec, unsuitable
from core.worlds.library import library_world

GRID, CARTPOLE = library_world("grid/lecture-3x4"), library_world("gym:CartPole-v1")


@pytest.fixture
def panel(qtbot: QtBot) -> AgentPanel:
    panel = AgentPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 900)
    panel.set_world(GRID)
    panel.show()
    QApplication.processEvents()
    return panel


def item(panel: AgentPanel, name: str) -> QStandardItem:
    model = panel.choice.model()
    assert isinstance(model, QStandardItemModel)
    return model.item(panel.choice.findData(name))


def retype(line: QLineEdit, text: str) -> None:
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClicks(line, text)


def setting(panel: AgentPanel, name: str) -> QLineEdit:
    line = panel.form.rows[name].field.editor
    assert isinstance(line, QLineEdit)
    return line


def test_every_algorithm_is_offered_under_the_heading_of_its_family(panel: AgentPanel) -> None:
    rows = [(panel.choice.itemText(row), panel.choice.itemData(row)) for row in range(panel.choice.count())]
    assert [name for _, name in rows if name] == list(algorithms())
    assert [title for title, name in rows if not name] == [FAMILY_TITLES[name] for name in FAMILIES]
    model = panel.choice.model()
    assert isinstance(model, QStandardItemModel)
    assert not any(model.item(row).isEnabled() for row, (_, name) in enumerate(rows) if not name)


def test_on_a_grid_everything_but_bandits_suits(panel: AgentPanel) -> None:
    assert {name for name in algorithms() if not item(panel, name).isEnabled()} == {
        name for name, algorithm in algorithms().items() if unsuitable(algorithm, GRID)
    }
    assert item(panel, "value-iteration").isEnabled() and item(panel, "q-learning").isEnabled() and item(panel, "dqn").isEnabled()


def test_where_states_cannot_be_listed_only_what_needs_none_is_enabled(panel: AgentPanel) -> None:
    panel.choose("value-iteration")
    panel.set_world(CARTPOLE)
    assert panel.algorithm.name == "dqn"
    for name, algorithm in algorithms().items():
        assert item(panel, name).isEnabled() == (unsuitable(algorithm, CARTPOLE) is None)
        assert ("states can be listed" in item(panel, name).toolTip()) == (algorithm.needs == "finite")
    panel.set_world(GRID)
    assert item(panel, "value-iteration").isEnabled() and panel.algorithm.name == "dqn"


def test_without_typing_the_spec_is_the_default(panel: AgentPanel) -> None:
    panel.choose("q-learning")
    assert panel.spec(GRID, "grid/lecture-3x4") == RunSpec(world=GRID, world_name="grid/lecture-3x4", algorithm="q-learning")


def test_the_spec_is_what_was_typed(panel: AgentPanel) -> None:
    panel.choose("dqn")
    for field, text in ((panel.seed, "123"), (panel.members, "7")):
        retype(field.lineEdit(), text)
    retype(panel.limit, "50,000")
    retype(setting(panel, "discount"), "0.5")
    panel.device.setCurrentText("cpu")
    assert panel.spec(CARTPOLE, "gym:CartPole-v1") == RunSpec(
        world=CARTPOLE, world_name="gym:CartPole-v1", algorithm="dqn", config={"discount": 0.5},
        seed=123, members=7, device="cpu", steps=50_000,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "steps"),
    [("", None), ("  ", None), ("1", 1), ("50,000", 50_000), ("1 000 000", 10**6), ("5e4", 50_000), ("1,234,567", 1_234_567)],
)
def test_a_step_limit_is_read_as_people_write_it(panel: AgentPanel, text: str, steps: int | None) -> None:
    retype(panel.limit, text)
    assert panel.spec(GRID, "").steps == steps
    assert not panel.error.isVisible()


@pytest.mark.parametrize("text", ["many", "0", "-3", "nan", "inf", "1e999", "2.5", "1,5", "0.3", "--"])
def test_a_step_limit_that_is_none_is_marked_with_a_sentence(panel: AgentPanel, text: str) -> None:
    retype(panel.limit, text)
    with pytest.raises(ConfigError) as caught:
        panel.spec(GRID, "")
    assert f"'{text}' is not a number of steps" in caught.value.sentence
    assert panel.error.isVisible() and f"'{text}' is not a number of steps" in panel.error.text()
    retype(panel.limit, "10")
    assert panel.spec(GRID, "").steps == 10
    assert not panel.error.isVisible()


def test_a_setting_at_fault_is_marked_in_its_place_and_in_a_sentence(panel: AgentPanel) -> None:
    panel.choose("q-learning")
    retype(setting(panel, "discount"), "1.5")
    with pytest.raises(ConfigError) as caught:
        panel.spec(GRID, "")
    assert caught.value.where == "discount"
    assert panel.form.rows["discount"].error.isVisible() and panel.error.isVisible() and "iscount" in panel.error.text()


def test_each_algorithm_keeps_its_own_settings(panel: AgentPanel) -> None:
    panel.choose("q-learning")
    retype(setting(panel, "discount"), "0.25")
    panel.choose("value-iteration")
    assert setting(panel, "discount").text() == "" and panel.spec(GRID, "").config == {}
    panel.choose("q-learning")
    assert panel.spec(GRID, "").config == {"discount": 0.25}
    assert [form.isVisible() for form in panel.forms.values()].count(True) == 1 and panel.form.isVisible()


def test_summary_limit_and_device_follow_the_algorithm(panel: AgentPanel) -> None:
    for name, algorithm in algorithms().items():
        panel.choose(name)
        assert panel.summary.text() == algorithm.summary and panel.summary.toolTip() == algorithm.source
        assert panel.limit.placeholderText() == (f"{algorithm.limit:,}" if algorithm.limit else "until it is finished")
        assert panel.device.isVisible() == (family(name) in ("planning", "deep"))


def test_a_device_that_does_not_show_does_not_count(panel: AgentPanel) -> None:
    panel.choose("value-iteration")
    panel.device.setCurrentText("cuda")
    assert panel.spec(GRID, "").device == "cuda"
    panel.choose("q-learning")
    assert panel.spec(GRID, "").device == "auto"


def test_planners_have_no_seed_no_members_and_count_backups(panel: AgentPanel) -> None:
    panel.choose("q-learning")
    panel.seed.setValue(3)
    panel.members.setValue(4)
    assert panel.limit.accessibleName() == "Step limit"
    panel.choose("policy-iteration")
    assert not panel.seed.isVisible() and not panel.members.isVisible() and panel.limit.accessibleName() == "Backup limit"
    assert (panel.spec(GRID, "").seed, panel.spec(GRID, "").members) == (0, 1)
    panel.choose("q-learning")
    assert panel.seed.isVisible() and (panel.spec(GRID, "").seed, panel.spec(GRID, "").members) == (3, 4)


def test_an_empty_discount_names_the_worlds_own(panel: AgentPanel) -> None:
    panel.choose("q-learning")
    panel.set_world(GRID.model_copy(update={"discount": 0.42}))
    assert "0.42" in setting(panel, "discount").placeholderText()
    panel.choose("value-iteration")
    assert "0.42" in setting(panel, "discount").placeholderText()


def test_every_change_is_told(qtbot: QtBot, panel: AgentPanel) -> None:
    panel.choose("dqn")
    changes = (
        lambda: panel.choose("q-learning"), lambda: retype(panel.limit, "5"), lambda: panel.seed.stepUp(), lambda: panel.members.stepUp(),
        lambda: panel.device.setCurrentText("cpu"), lambda: retype(setting(panel, "discount"), "0.1"),
    )  # fmt: skip
    for change in changes:
        with qtbot.waitSignal(panel.changed):
            change()


def test_games_are_seen_as_pictures_whatever_is_chosen(panel: AgentPanel) -> None:
    panel.set_world(library_world("gym:ALE/Pong-v5"), "gym:ALE/Pong-v5")
    panel.choose("dqn")
    rows = panel.form.rows
    assert [rows[name].isVisibleTo(panel.form) for name in ("seen_as", "channels", "kernels", "strides")] == [False, True, True, True]
    assert not item(panel, "linear-sarsa-lambda").isEnabled() and "shows a screen" in item(panel, "linear-sarsa-lambda").toolTip()
    panel.set_world(library_world("gym:CartPole-v1"), "gym:CartPole-v1")
    assert [rows[name].isVisibleTo(panel.form) for name in ("seen_as", "channels", "kernels", "strides")] == [True, False, False, False]
