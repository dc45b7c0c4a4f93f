"""The network in numbers follows what is typed, for every world that tells its size, and says what is wrong in a sentence."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.forms import section
from app.forms.fields import FlagField
from app.panels.agent import AgentPanel
from app.panels.network import KINDS, MEANINGS, PARTS, TAKEN_BY, NetworkInspector, layer_tip
from core.deep.engine.anatomy import Memory, anatomy
from core.deep.engine.blueprint import Blueprint, Convolution, Kind
from core.worlds.gym import GymWorld
from core.worlds.library import library_world

GRID, CARTPOLE = library_world("grid/lecture-3x4"), library_world("gym:CartPole-v1")


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    section.folded.clear()
    yield
    section.folded.clear()


@pytest.fixture
def panel(qtbot: QtBot) -> AgentPanel:
    panel = AgentPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 900)
    panel.set_world(CARTPOLE, "gym:CartPole-v1")
    panel.choose("dqn")
    panel.form.reset()
    panel.show()
    QApplication.processEvents()
    return panel


def retype(panel: AgentPanel, name: str, text: str) -> None:
    line = panel.form.rows[name].field.editor
    assert isinstance(line, QLineEdit)
    line.selectAll()
    QTest.keyClicks(line, text)


def said(network: NetworkInspector) -> str:
    assert network.note.isVisible()
    return network.note.text().replace("\N{NO-BREAK SPACE}", " ")


def opened(network: NetworkInspector) -> list[tuple[str, ...]]:
    if not network.body.isVisible():
        QTest.mouseClick(network.head, Qt.MouseButton.LeftButton)
    assert network.layers.isVisible() and network.memory.isVisible()
    return [tuple(label.text() for label in row) for row in network.layers.rows]


def test_one_line_until_a_click_opens_the_table(panel: AgentPanel) -> None:
    assert said(panel.network) == "67,586 parameters · 1.75 MB · replay 2.8 MB" and not panel.network.layers.isVisible()
    assert opened(panel.network) == [
        ("Layer", "Output", "Parameters"),
        ("linear 1", "256", "1,280"),
        ("activation 1", "256", "–"),
        ("linear 2", "256", "65,792"),
        ("activation 2", "256", "–"),
        ("linear 3", "2", "514"),
        ("action values", "2 × 1", "–"),
    ]
    memory = {row[0].text(): row[1].text() for row in panel.network.memory.rows}
    assert memory["Learning network"] == "270 kB" and memory["Total"] == "4.55 MB" and "Noise" not in memory


def test_it_follows_what_is_typed_and_how_many_members_there_are(panel: AgentPanel) -> None:
    retype(panel, "widths", "8")
    assert said(panel.network).startswith("58 parameters · ")
    assert len(opened(panel.network)) == 5
    panel.members.stepUp()
    assert 2 * 58 * 4 * (1 + 1 + 4) + 2 * 64 * 4 * (8 + 2) == 7904
    assert said(panel.network) == "2 × 58 parameters · 7.9 kB · replay 5.6 MB"
    flag = panel.form.rows["replay"].field
    assert isinstance(flag, FlagField)
    flag.box.click()
    assert said(panel.network).endswith("replay 112 B")


def test_what_is_at_fault_is_a_sentence_until_it_is_mended(panel: AgentPanel) -> None:
    opened(panel.network)
    retype(panel, "widths", "8, x")
    assert "'x' is not a whole number" in said(panel.network)
    assert not panel.network.layers.isVisible() and not panel.network.memory.isVisible()
    retype(panel, "widths", "8")
    assert said(panel.network).startswith("58 parameters") and panel.network.layers.isVisible()


def test_it_follows_the_world(panel: AgentPanel) -> None:
    panel.set_world(GRID, "grid/lecture-3x4")
    assert said(panel.network).startswith(f"{11 * 256 + 256 + 65_792 + 257 * 4:,} parameters")


def test_other_algorithms_have_another_or_none(panel: AgentPanel) -> None:
    before = said(panel.network)
    panel.choose("rainbow")
    assert panel.network.isVisible() and said(panel.network) != before
    panel.set_world(GRID, "grid/lecture-3x4")
    panel.choose("sarsa")
    assert not panel.network.isVisible()


def test_where_nothing_is_known_of_the_world_it_keeps_quiet(panel: AgentPanel) -> None:
    panel.set_world(GymWorld(id="NoSuchThing-v0"))
    assert not panel.network.isVisible()
    panel.set_world(library_world("gym:LunarLander-v3"))
    assert panel.network.isVisible()
    panel.set_world(GymWorld(id="NoSuchThing-v0", finite=True))
    assert not panel.network.isVisible()


def test_another_panel_takes_it_over(qtbot: QtBot, panel: AgentPanel) -> None:
    retype(panel, "widths", "8")
    other = AgentPanel()
    qtbot.addWidget(other)
    other.set_world(CARTPOLE, "gym:CartPole-v1")
    other.adopt(panel)
    other.show()
    assert said(other.network) == said(panel.network)


def test_every_kind_of_layer_and_part_of_memory_has_words() -> None:
    assert set(KINDS) == set(MEANINGS) == set(Kind) and all(KINDS[kind] == kind.value for kind in Kind)
    assert set(PARTS) == set(TAKEN_BY) == {*Memory.__slots__, "total"}


def test_tooltips_tell_the_formula_of_a_convolution() -> None:
    first, *_ = anatomy(Blueprint((4, 85, 84), 6, (16,), convolutions=(Convolution(32, 8, 4, 1),)))
    tip = layer_tip(first)
    for words in ("32 kernels of 8 × 8, stride 4, padding 1", "⌊(size − kernel + 2 · padding) / stride⌋ + 1",
                  "⌊(85 − 8 + 2 · 1) / 4⌋ + 1 = 20", "⌊(84 − 8 + 2 · 1) / 4⌋ + 1 = 20", "the last 3 rows and 2 columns",
                  "32 · 4 · 8 · 8 + 32 = 8,224"):  # fmt: skip
        assert words in tip


def test_tooltips_tell_where_parameters_come_from(panel: AgentPanel) -> None:
    opened(panel.network)
    assert "4 · 256 + 256 = 1,280" in panel.network.layers.rows[1][0].toolTip()
    panel.choose("rainbow")
    panel.form.reset()
    assert "2 · (4 · 256 + 256) = 2,560" in panel.network.layers.rows[1][0].toolTip()
    assert "the size of the noise" in panel.network.layers.rows[1][2].toolTip()


def test_the_window_opens_without_torch() -> None:
    code = "import sys, app.panels.agent; sys.exit('torch' in sys.modules or 'gymnasium' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=False).returncode == 0
