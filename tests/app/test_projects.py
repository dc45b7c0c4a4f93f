"""A project in the window: saved, opened, shared, and brought back after a crash, by clicking."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QPlainTextEdit, QPushButton

from app.arrangement import arrange, arranged
from app.dialogs.kept_runs import KeptRunsDialog
from app.dialogs.kept_runs_model import PROJECT
from app.dialogs.project import ProjectDialog
from app.panels.runs_model import NAME
from app.picture import Status
from app.preferences import projects_folder, runs_folder
from app.studio import Studio
from core.projects.claim import claim
from core.projects.left import left
from core.projects.project import about, verify
from core.projects.workspace import made, opened
from core.runs import library
from core.runs.notes import Notes
from core.worlds.grid import GridWorld
from core.worlds.library import library_world
from tests.app.hands import PATIENCE, Hands
from tests.app.test_exchange import dropped

SAMPLE = Path(__file__).parents[1] / "samples" / "projects" / "format-1.valuescape"


@pytest.fixture(autouse=True)
def homes() -> Iterator[None]:
    """No runs and no projects at first; what is not saved at the end is let go."""
    for home in (runs_folder(), projects_folder()):
        shutil.rmtree(home, ignore_errors=True)
    question = QMessageBox.question
    QMessageBox.question = lambda *_: QMessageBox.StandardButton.Discard  # type: ignore[method-assign, assignment]
    yield
    QMessageBox.question = question  # type: ignore[method-assign]
    for home in (runs_folder(), projects_folder()):
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the person saves, whenever they are asked."""
    file = tmp_path / "homework.valuescape"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    return file


def answer(monkeypatch: pytest.MonkeyPatch, button: QMessageBox.StandardButton) -> list[str]:
    """What is answered to questions that wait for it; the questions."""
    asked: list[str] = []
    monkeypatch.setattr(QMessageBox, "question", lambda *texts: (asked.append(texts[2]), button)[1])
    return asked


def press(box: QMessageBox | ProjectDialog, text: str, hands: Hands) -> None:
    button = next(button for button in box.findChildren(QPushButton) if button.text().replace("&", "") == text)
    hands.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def box(studio: Studio, name: str) -> QMessageBox:
    return next(box for box in studio.window.findChildren(QMessageBox) if box.objectName() == name and box.isVisible())


def trained(hands: Hands, units: int = 1000, name: str = "q-learning") -> None:
    hands.learner(name, limit=units)
    hands.press("train")
    hands.until(Status.finished)


def saved(hands: Hands, studio: Studio, file: Path, name: str = "Homework 3", note: str = "SARSA is safer.") -> None:
    """The project of what is on show, through menu and dialog."""
    studio.window.actions_["save_project"].trigger()
    dialog = studio.window.findChild(ProjectDialog)
    assert dialog is not None
    (typed,) = [line for line in dialog.findChildren(QLineEdit) if line is dialog.name]
    typed.clear()
    hands.qtbot.keyClicks(typed, name)
    (noted,) = dialog.findChildren(QPlainTextEdit)
    noted.clear()
    hands.qtbot.keyClicks(noted, note)
    hands.qtbot.waitUntil(lambda: not dialog.timer.isActive(), timeout=PATIENCE)
    with hands.qtbot.waitSignal(studio.saving.settled, timeout=PATIENCE) as settled:
        press(dialog, "Save …", hands)
    assert settled.args == [True] and file.exists()


def save(hands: Hands, studio: Studio) -> None:
    """File > Save."""
    with hands.qtbot.waitSignal(studio.saving.settled, timeout=PATIENCE) as settled:
        studio.window.actions_["save"].trigger()
    assert settled.args == [True]


def settled(hands: Hands, studio: Studio) -> None:
    """The project that is being opened is there, and its run."""
    hands.qtbot.waitUntil(lambda: studio.worlds.busy.sign is None and studio.projects.workspace is not None, timeout=PATIENCE)
    hands.until(Status.paused, Status.finished)
    hands.until_picture()


def test_all_that_was_saved_comes_back(hands: Hands, studio: Studio, file: Path) -> None:
    trained(hands, 500, "sarsa")
    hands.press("reset")
    hands.paint("Wall", (2, 1))
    trained(hands, 800)
    edited, window = studio.document.world, studio.window
    window.stage.designer.toggle("transitions")
    window.below.setCurrentWidget(window.runs)
    window.inspector.setCurrentWidget(window.world_panel)
    window.docks[0].hide()
    window.transport.set_speed(50)
    saved(hands, studio, file)
    assert not window.isWindowModified() and "homework" in window.windowTitle()
    assert verify(file) == [] and [part.split("/")[1] for part in about(file).worlds] == ["lecture-3x4.json"]

    studio.saving.close_project()
    hands.press("reset")
    hands.library("grid/discount-5x5")
    window.stage.designer.toggle("transitions")
    window.reset_layout()
    window.below.setCurrentIndex(0)
    window.inspector.setCurrentIndex(0)
    assert "homework" not in window.windowTitle()

    window.actions_["open_project"].trigger()
    settled(hands, studio)
    assert studio.document.world == edited and not studio.document.modified and not window.isWindowModified()
    assert studio.runs.last is not None and studio.runs.last.position.newest == 800
    assert window.agent.algorithm.name == "q-learning" and window.transport.speed == 50
    assert (
        window.docks[0].isHidden()
        and window.below.currentWidget() is window.runs
        and window.inspector.currentWidget() is window.world_panel
    )
    assert window.stage.designer.shown == ["grid", "transitions"]
    project = studio.projects.workspace
    assert project is not None and project.notes == Notes("Homework 3", (), "SARSA is safer.")
    assert studio.preferences.projects == [file]


def test_the_runs_in_the_world_are_proposed_and_others_can_be_chosen(hands: Hands, studio: Studio, file: Path) -> None:
    trained(hands, 300, "sarsa")
    hands.library("grid/discount-5x5")
    trained(hands, 300)
    hands.library("grid/lecture-3x4")
    studio.window.actions_["save_project"].trigger()
    dialog = studio.window.findChild(ProjectDialog)
    assert dialog is not None
    hands.qtbot.waitUntil(lambda: not dialog.timer.isActive(), timeout=PATIENCE)
    rows = {item.text(1): item for item in dialog._items()}
    assert not rows["Lecture 3×4"].isHidden() and rows["Lecture 3×4"].checkState(0) is Qt.CheckState.Checked
    assert rows["Discount 5×5"].isHidden() and rows["Discount 5×5"].checkState(0) is Qt.CheckState.Unchecked
    dialog.every.click()
    for row in rows.values():
        assert not row.isHidden()
        row.setCheckState(0, Qt.CheckState.Checked)
    with hands.qtbot.waitSignal(studio.saving.settled, timeout=PATIENCE):
        press(dialog, "Save …", hands)
    assert len(about(file).runs) == 2 and len(library.folders(runs_folder())) == 2


def test_a_run_trained_in_a_project_belongs_to_it(hands: Hands, studio: Studio, file: Path) -> None:
    saved(hands, studio, file)
    assert about(file).runs == []
    trained(hands, 400)
    hands.qtbot.waitUntil(lambda: studio.window.isWindowModified(), timeout=PATIENCE)
    save(hands, studio)
    assert len(about(file).runs) == 1 and about(file).run == about(file).runs[0]
    assert not studio.window.isWindowModified() and library.folders(runs_folder()) == []
    hands.press("reset")
    trained(hands, 500, "sarsa")
    save(hands, studio)
    save(hands, studio)
    assert len(about(file).runs) == 2 and "sarsa" in about(file).run


def test_going_on_with_a_run_of_a_project_replaces_it(hands: Hands, studio: Studio, file: Path) -> None:
    hands.learner("q-learning", limit=10**12)
    hands.press("train")
    hands.until_picture(1000)
    hands.press("train")
    hands.until(Status.paused)
    saved(hands, studio, file)
    first = about(file)
    studio.saving.close_project()
    studio.open_project(file)
    settled(hands, studio)
    units = hands.units()
    hands.press("step")
    hands.until_picture(units + 1)
    save(hands, studio)
    assert about(file).runs == first.runs and about(file).parts[f"runs/{first.run}/run.json"] != first.parts[f"runs/{first.run}/run.json"]


def test_edits_are_saved_by_ctrl_s_and_undone_after_it(hands: Hands, studio: Studio, file: Path) -> None:
    saved(hands, studio, file)
    hands.paint("Wall", (2, 1))
    assert studio.window.isWindowModified()
    save(hands, studio)
    assert not studio.window.isWindowModified() and studio.document.stack.canUndo()
    studio.document.stack.undo()
    assert studio.window.isWindowModified()


def test_worlds_of_a_project_stand_in_the_library_and_lose_no_edit(hands: Hands, studio: Studio, file: Path) -> None:
    saved(hands, studio, file)
    hands.paint("Wall", (2, 1))
    first = studio.document.world
    hands.library("grid/discount-5x5")
    hands.paint("Wall", (0, 0))
    second = studio.document.world
    hands.library("grid/four-rooms-10x10")
    panel = studio.window.library
    assert sorted(studio.projects.members) == ["worlds/discount-5x5.json", "worlds/lecture-3x4.json"]
    hands.library("worlds/lecture-3x4.json")
    assert studio.document.world == first and panel.tree.currentItem() is panel.item("worlds/lecture-3x4.json")
    hands.library("worlds/discount-5x5.json")
    assert studio.document.world == second
    save(hands, studio)
    assert about(file).world == "worlds/discount-5x5.json" and len(about(file).worlds) == 2


def test_a_project_that_another_window_has_is_opened_read_only_or_as_a_copy(
    hands: Hands, studio: Studio, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(SAMPLE, file)
    beside = opened(tmp_path / "beside", file, claim(file))
    studio.open_project(file)
    asked = box(studio, "taken")
    assert "homework.valuescape" in asked.text()
    press(asked, "Cancel", hands)
    assert studio.projects.workspace is None
    studio.open_project(file)
    press(box(studio, "taken"), "Open read-only", hands)
    settled(hands, studio)
    assert "homework (read-only)" in studio.window.windowTitle() and studio.document.name == "grid/lecture-3x4"
    other = tmp_path / "other.valuescape"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(other), ""))
    before = file.read_bytes()
    save(hands, studio)
    assert other.exists() and file.read_bytes() == before and "other" in studio.window.windowTitle()
    studio.open_project(file)
    press(box(studio, "taken"), "Open a copy", hands)
    settled(hands, studio)
    assert studio.window.isWindowModified() and "Homework 3" in studio.window.windowTitle()
    beside.close()
    assert studio.projects.workspace is not None
    studio.projects.workspace.belongs = type(studio.projects.workspace.belongs)(None, False)


def test_a_project_that_others_changed_is_not_written_over_unasked(hands: Hands, studio: Studio, file: Path) -> None:
    saved(hands, studio, file)
    file.write_bytes(SAMPLE.read_bytes())
    hands.paint("Wall", (2, 1))
    studio.window.actions_["save"].trigger()
    press(box(studio, "changed"), "Cancel", hands)
    assert file.read_bytes() == SAMPLE.read_bytes() and studio.window.isWindowModified()
    studio.window.actions_["save"].trigger()
    with hands.qtbot.waitSignal(studio.saving.settled, timeout=PATIENCE):
        press(box(studio, "changed"), "Save over it", hands)
    assert about(file).worlds == ["worlds/lecture-3x4.json"]


def test_closing_asks_once_for_the_project(hands: Hands, studio: Studio, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(hands, studio, file)
    hands.paint("Wall", (2, 1))
    asked = answer(monkeypatch, QMessageBox.StandardButton.Cancel)
    assert not studio.window.close() and asked == ["The project 'homework' has changes that are not saved."]
    answer(monkeypatch, QMessageBox.StandardButton.Save)
    assert studio.window.close()
    assert left(projects_folder()) == [] and list(projects_folder().iterdir()) == []
    assert [each.name for each in file.parent.iterdir() if each.suffix == ".lock"] == []
    again = opened(projects_folder(), file, None)
    world = again.world("worlds/lecture-3x4.json")
    assert isinstance(world, GridWorld) and world == studio.document.world
    again.close()


def test_what_is_not_saved_with_a_project_stays_in_the_list_of_runs(
    hands: Hands, studio: Studio, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(hands, studio, file)
    trained(hands, 400)
    hands.qtbot.waitUntil(lambda: studio.runs.place is not None, timeout=PATIENCE)
    answer(monkeypatch, QMessageBox.StandardButton.Discard)
    assert studio.window.close()
    assert len(library.folders(runs_folder())) == 1 and about(file).runs == []


def test_a_project_of_a_studio_that_broke_down_is_offered(hands: Hands, studio: Studio, file: Path) -> None:
    shutil.copy(SAMPLE, file)
    project = opened(projects_folder(), file, claim(file))
    project.keep_world(GridWorld(map=("S.G",), title="Edited"), "grid/lecture-3x4", "worlds/lecture-3x4.json")
    assert studio.rescue.offer(studio.window) is None, "the studio beside this one is open"
    project.claimed.give_up()
    project.close(keep=True)
    offered = studio.rescue.offer(studio.window)
    assert offered is not None and "homework.valuescape" in offered.text()
    press(offered, "Restore", hands)
    settled(hands, studio)
    assert studio.projects.workspace is not None and studio.window.isWindowModified()
    assert [world.title for world in studio.projects.members.values()] == ["CartPole", "Edited"]
    save(hands, studio)
    assert verify(file) == [] and studio.rescue.offer(studio.window) is None


def test_what_is_offered_may_wait_or_go(hands: Hands, studio: Studio, file: Path) -> None:
    project = made(projects_folder())
    project.keep_world(library_world("grid/lecture-3x4"), "mine")
    project.close(keep=True)
    offered = studio.rescue.offer(studio.window)
    assert offered is not None
    press(offered, "Later", hands)
    studio.rescue.close()
    offered = studio.rescue.offer(studio.window)
    assert offered is not None
    press(offered, "Discard", hands)
    assert studio.rescue.offer(studio.window) is None and list(projects_folder().iterdir()) == []


def test_a_damaged_project_opens_as_far_as_it_is_whole(hands: Hands, studio: Studio, file: Path) -> None:
    data = bytearray(SAMPLE.read_bytes())
    data[data.index(b"worlds/CartPole-v1.json") + 120] ^= 1
    file.write_bytes(data)
    studio.open_project(file)
    assert "'worlds/CartPole-v1.json'" in box(studio, "failure").text()
    settled(hands, studio)
    assert list(studio.projects.members) == ["worlds/lecture-3x4.json"]
    project = studio.projects.workspace
    assert project is not None and project.file is None, "it must not be written over"
    project.belongs = type(project.belongs)(None, False)


def test_what_is_no_project_is_refused_in_a_sentence(studio: Studio, file: Path) -> None:
    file.write_bytes(b"hello")
    studio.open_project(file)
    assert "this is no project, or a damaged one" in box(studio, "failure").text() and studio.projects.workspace is None
    file.unlink()
    studio.open_project(file)
    assert list(projects_folder().iterdir()) == []


def test_a_project_that_is_dropped_is_opened(hands: Hands, studio: Studio, file: Path) -> None:
    shutil.copy(SAMPLE, file)
    assert dropped(studio, QUrl.fromLocalFile(str(file)))
    settled(hands, studio)
    assert "homework" in studio.window.windowTitle()


def test_recent_projects_are_a_menu(hands: Hands, studio: Studio, file: Path) -> None:
    menu = studio.window.recent
    menu.aboutToShow.emit()
    assert [action.isEnabled() for action in menu.actions()] == [False]
    saved(hands, studio, file)
    studio.saving.close_project()
    menu.aboutToShow.emit()
    menu.actions()[0].trigger()
    assert studio.projects.workspace is not None and studio.projects.workspace.file == file
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    assert studio.preferences.projects == []


def test_another_language_keeps_the_project(hands: Hands, studio: Studio, file: Path) -> None:
    saved(hands, studio, file)
    studio.korean()
    assert "homework" in studio.window.windowTitle()
    assert studio.window.library.item("worlds/lecture-3x4.json") is not None
    hands.paint("Wall", (2, 1))
    save(hands, studio)


def test_runs_compared_the_size_of_the_window_and_the_order_of_panels_come_back(hands: Hands, studio: Studio, file: Path) -> None:
    window = studio.window
    saved(hands, studio, file)
    trained(hands, 300, "sarsa")
    hands.press("reset")
    trained(hands, 400)
    hands.press("reset")
    window.below.setCurrentWidget(window.runs)
    sarsa = next(row for row, record in enumerate(window.runs.records) if record.spec.algorithm == "sarsa")
    window.runs.model.setData(window.runs.model.index(sarsa, NAME), Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert [record.shown for record in window.runs.records] == [row == sarsa for row in range(2)]
    library_, inspector, _ = window.docks
    window.splitDockWidget(library_, inspector, Qt.Orientation.Vertical)
    window.resize(1000, 700)
    QApplication.processEvents()
    wanted = {"down": ["library", "inspector"]}
    assert arranged(window)["order"]["left"] == wanted
    save(hands, studio)
    heights = [dock.height() for dock in window.docks]

    studio.saving.close_project()
    window.reset_layout()
    window.runs.compare_again(file.parent, [])
    window.resize(1100, 650)
    QApplication.processEvents()
    assert arranged(window)["order"]["left"] == "library"
    window.actions_["open_project"].trigger()
    hands.qtbot.waitUntil(lambda: studio.worlds.busy.sign is None and studio.projects.workspace is not None, timeout=PATIENCE)
    hands.qtbot.waitUntil(lambda: (window.width(), window.height()) == (1000, 700), timeout=PATIENCE)
    assert arranged(window)["order"]["left"] == wanted
    assert [dock.height() for dock in window.docks] == pytest.approx(heights, abs=40), "panels keep what they need at least"
    project = studio.projects.workspace
    assert project is not None
    (compared,) = [record for record in window.runs.records if record.shown]
    assert compared.spec.algorithm == "sarsa" and compared.kept_in(project.home) is not None and len(window.runs.records) == 2
    assert len(window.plots._overlays) == 1


def test_the_list_of_runs_marks_those_in_the_project(hands: Hands, studio: Studio, file: Path) -> None:
    trained(hands, 300, "sarsa")
    hands.press("reset")
    studio.window.actions_["kept_runs"].trigger()
    dialog = studio.window.findChild(KeptRunsDialog)
    assert dialog is not None
    hands.qtbot.waitUntil(lambda: not dialog.timer.isActive(), timeout=PATIENCE)
    assert dialog.view.isColumnHidden(PROJECT)
    hands.library("grid/discount-5x5")
    saved(hands, studio, file)
    trained(hands, 400)
    hands.press("reset")
    studio.window.actions_["kept_runs"].trigger()
    hands.qtbot.waitUntil(lambda: not dialog.timer.isActive() and len(dialog.model.entries) == 2, timeout=PATIENCE)
    assert not dialog.view.isColumnHidden(PROJECT)
    assert {entry.algorithm: dialog.model.text(entry, PROJECT) for entry in dialog.model.entries} == {"sarsa": "", "q-learning": "✓"}
    dialog.close()


def test_a_layout_of_anything_does_no_harm(studio: Studio) -> None:
    before = arranged(studio.window)
    for said in (
        {}, {"panels": 1, "tabs": [], "views": "x", "plots": None, "speed": "fast"},
        {"panels": {"library": {"area": "up", "size": "x"}}, "tabs": {"inspector": 7}, "views": {"grid": ["nothing"], 3: 4}, "speed": -1.0},
        {"panels": {"library": {"area": "left", "size": float("nan")}}, "speed": float("nan")},
        {"window": {"width": 10**12, "height": -1}, "order": {"left": {"down": ["library", 3]}}},
        {"compared": [{"run": "../x"}, 5, {"run": 7}, {"run": "x", "look": "y"}]},
        {"panels": {"library": {"area": "left", "behind": "library"}}}, {"views": {"grid": []}, "plots": {"plots": {"x": [1]}, "drawn": 5}},
    ):  # fmt: skip
        arrange(studio.window, said, Path("nowhere"))
    arrange(studio.window, before)
    assert arranged(studio.window)["tabs"] == before["tabs"]
