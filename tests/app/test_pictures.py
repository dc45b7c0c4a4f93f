"""The drawing on the stage as PNG, SVG and PDF."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.dialogs.picture import PictureDialog
from app.picture import Status
from app.stills.of_table import MOST_ROWS
from app.stills.of_view import still_of
from app.studio import Studio
from app.theme import theme
from core.errors import WorldError
from core.worlds.grid import GridWorld
from tests.app.hands import Hands


def opened(studio: Studio) -> PictureDialog:
    """The dialog, opened from the menu."""
    studio.window.actions_["export_picture"].trigger()
    return next(dialog for dialog in studio.window.findChildren(PictureDialog) if dialog.isVisible())


def learnt(studio: Studio, hands: Hands) -> None:
    hands.learner("value-iteration")
    hands.press("train")
    hands.until(Status.finished)


def pixel(image: QImage, right: float, down: float) -> str:
    """The colour at a share of width and height."""
    return QColor(image.pixel(int(right * image.width()), int(down * image.height()))).name()


def test_a_grid_is_kept_as_pixels_with_values_and_without(
    studio: Studio, hands: Hands, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt(studio, hands)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "with"), ""))
    dialog = opened(studio)
    assert dialog.values.isChecked() and dialog.kind.currentText() == "PNG" and "pixels" in dialog.size_told.text()
    dialog.scale.setValue(3)
    told = dialog.size_told.text()
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    known = QImage(str(tmp_path / "with.png"))
    assert told == f"{known.width():,} × {known.height():,} pixels"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "without.png"), ""))
    dialog = opened(studio)
    dialog.values.setChecked(False)
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    plain = QImage(str(tmp_path / "without.png"))
    assert plain.width() < known.width()  # no legend
    assert pixel(plain, 0.16, 0.3) == theme.colour("cell").name() != pixel(known, 0.1, 0.3)
    assert pixel(plain, 0.375, 0.5) == theme.colour("wall").name()


def test_before_anything_is_learnt_there_are_no_values_to_keep(studio: Studio) -> None:
    dialog = opened(studio)
    assert not dialog.values.isEnabled() and not dialog.values.isChecked() and dialog.values.toolTip()
    dialog.reject()


def test_svg_and_pdf_are_shapes_and_text(studio: Studio, hands: Hands, tmp_path: Path) -> None:
    """An SVG has the numbers as text and draws the same as the PNG; neither has a scale."""
    learnt(studio, hands)
    designer = studio.window.stage.designer
    still = still_of(designer.views["grid"], designer.snapshot)
    for kind in ("svg", "pdf"):
        still.save(tmp_path / f"grid.{kind}", 1, "A title")
    written = (tmp_path / "grid.svg").read_text(encoding="utf-8")
    assert "A title" in written and ">0.81</text>" in re.sub(r"\s", "", written)
    assert written.count("<image") <= 1  # the legend's colours
    assert QSvgRenderer(str(tmp_path / "grid.svg")).isValid()
    pdf = (tmp_path / "grid.pdf").read_bytes()
    assert pdf.startswith(b"%PDF") and re.search(rb"MediaBox \[0 0 3\d\d", pdf)


def test_a_graph_is_kept_whole_whatever_is_in_sight(studio: Studio, hands: Hands, tmp_path: Path) -> None:
    hands.library("mdp/three-state")
    designer = studio.window.stage.designer
    if "graph" not in designer.shown:
        designer.toggle("graph")
    still = still_of(designer.views["graph"], None)
    designer.views["graph"].canvas.zoom_by(4.0, designer.views["graph"].canvas.rect().center().toPointF())
    again = still_of(designer.views["graph"], None)
    assert still.size == again.size
    still.save(tmp_path / "graph.svg", 1, "")
    text = (tmp_path / "graph.svg").read_text(encoding="utf-8")
    assert all(f">{name}</text>" in re.sub(r"\s", "", text) for name in ("s0", "s1", "s2"))


def test_one_of_several_views_is_chosen(studio: Studio) -> None:
    designer = studio.window.stage.designer
    for name in ("grid", "graph", "transitions"):
        if name not in designer.shown:
            designer.toggle(name)
    dialog = opened(studio)
    assert [dialog.view.itemText(place) for place in range(dialog.view.count())] == ["Grid", "Graph", "Transitions"]
    sizes = set()
    for place in range(dialog.view.count()):
        dialog.view.setCurrentIndex(place)
        sizes.add(dialog.size_told.text())
    assert len(sizes) == dialog.view.count()
    dialog.kind.setCurrentText("SVG")
    assert not dialog.scale.isEnabled() and "any size" in dialog.size_told.text()
    dialog.reject()


def test_transitions_and_matrices_are_kept_as_they_stand(studio: Studio, hands: Hands, tmp_path: Path) -> None:
    hands.library("mdp/three-state")
    designer = studio.window.stage.designer
    designer.toggle("transitions")
    view = designer.views["transitions"]
    view.rows.table.sortByColumn(4, Qt.SortOrder.DescendingOrder)
    still = still_of(view, None)
    still.save(tmp_path / "rows.svg", 1, "")
    written = (tmp_path / "rows.svg").read_text(encoding="utf-8")
    texts = [text.strip() for text in re.findall(r">([^<>]+)</text>", written)]
    model = view.rows.model
    cells = [model.index(row, column).data() for row in range(model.rowCount()) for column in range(5)]
    assert set(filter(None, cells)) <= set(texts)
    assert "Probability" in texts and "Next state" in texts
    view.show_page("P")
    still = still_of(view, None)
    image = still.image(1)
    assert (image.width(), image.height()) == still.pixels(1).toTuple()
    still.save(tmp_path / "p.pdf", 1, "")
    assert (tmp_path / "p.pdf").read_bytes().startswith(b"%PDF")
    still.save(tmp_path / "p.svg", 1, "")
    assert "P[s, s′], " + view.action.currentText() in (tmp_path / "p.svg").read_text(encoding="utf-8")


def test_a_table_of_many_rows_says_how_many_are_left_out(studio: Studio) -> None:
    studio.worlds.put(GridWorld(map=("." * 30,) * 29 + ("." * 29 + "G",)), "large")
    designer = studio.window.stage.designer
    designer.toggle("transitions")
    view = designer.views["transitions"]
    still = still_of(view, None)
    assert view.rows.model.rowCount() > MOST_ROWS and still.size.height() < MOST_ROWS * 30
    more = still_of(view, None)
    view.rows.search.setText("state:0,0")
    assert still_of(view, None).size.height() < 200 < more.size.height()


def test_action_values_are_kept_with_their_colours(studio: Studio, hands: Hands) -> None:
    hands.library("mdp/three-state")
    learnt(studio, hands)
    designer = studio.window.stage.designer
    designer.toggle("values")
    view = designer.views["values"]
    image = still_of(view, designer.snapshot).image(1)
    colours = {QColor(image.pixel(x, y)).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert len(colours) > 6 and theme.colour("panel").name() in colours


def test_a_picture_that_is_too_large_is_refused(studio: Studio, qtbot: QtBot, tmp_path: Path) -> None:
    studio.worlds.put(GridWorld(map=("." * 1000,) * 2), "wide")
    dialog = opened(studio)
    dialog.scale.setValue(8)
    assert "too large" in dialog.size_told.text() and not dialog.save.isEnabled()
    with pytest.raises(WorldError, match=r"more than 16,384 pixels along one side\. Choose a smaller scale, or SVG"):
        dialog.still.save(tmp_path / "x.png", 8, "")
    dialog.kind.setCurrentText("SVG")
    assert dialog.save.isEnabled()
    dialog.reject()
    assert list(tmp_path.glob("x*")) == []


def test_a_picture_that_cannot_be_saved_is_told(studio: Studio, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "where.svg"), ""))
    dialog = opened(studio)
    dialog.kind.setCurrentText("SVG")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    box = studio.window.findChild(QMessageBox, "failure")
    assert box is not None and "the picture cannot be saved (No such file or directory)" in box.text()
    box.done(0)


def test_an_environment_has_no_drawing_to_keep(studio: Studio, hands: Hands) -> None:
    hands.library("gym:CartPole-v1")
    studio.window.actions_["export_picture"].trigger()
    assert not [dialog for dialog in studio.window.findChildren(PictureDialog) if dialog.isVisible()]
    assert "no drawing on the stage" in studio.window.status.currentMessage()
