"""Edits, strokes, undo and redo keep the world that a plain list of values would; files give back what they were given."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document import OpenWorld
from core.errors import WorldError
from core.worlds.grid import Cell, GridWorld
from core.worlds.library import library_world
from core.worlds.world import load

WORLDS = [GridWorld(map=(row,)) for row in ("S.G", "S#G", "STG", "..G", "G..")]

steps = st.one_of(
    st.tuples(st.just("edit"), st.integers(0, 4)),
    st.tuples(st.just("stroke"), st.lists(st.integers(0, 4), min_size=1, max_size=5)),
    st.tuples(st.sampled_from(["undo", "redo", "save"]), st.none()),
)


class Model:
    """Values in a list, a place in it, and the place that was saved."""

    def __init__(self) -> None:
        self.values, self.place, self.saved = [WORLDS[0]], 0, 0

    @property
    def value(self) -> GridWorld:
        return self.values[self.place]

    def stroke(self, worlds: list[GridWorld]) -> None:
        before = self.value
        if all(world == before for world in worlds):
            return
        del self.values[self.place + 1 :]
        self.saved = -1 if self.saved > self.place else self.saved
        if worlds[-1] != before:
            self.values.append(worlds[-1])
            self.place += 1

    def undo(self) -> None:
        self.place = max(0, self.place - 1)

    def redo(self) -> None:
        self.place = min(len(self.values) - 1, self.place + 1)


@given(st.lists(steps, max_size=25))
def test_any_sequence_of_edits_ends_where_a_list_of_values_ends(
    qapp: QApplication, tmp_path_factory: pytest.TempPathFactory, sequence: list[tuple[str, object]]
) -> None:
    file = tmp_path_factory.getbasetemp() / "saved.json"
    document, model = OpenWorld(), Model()
    document.open(WORLDS[0], "first")
    told: list[bool] = [False]
    document.modified_changed.connect(told.append)
    for number, (what, with_what) in enumerate(sequence):
        if what == "edit":
            assert isinstance(with_what, int)
            document.apply(WORLDS[with_what], "Edit")
            model.stroke([WORLDS[with_what]])
        elif what == "stroke":
            assert isinstance(with_what, list)
            for place in with_what:
                document.apply(WORLDS[place], "Paint", stroke=number)
            model.stroke([WORLDS[place] for place in with_what])
        elif what == "save":
            document.save(file)
            model.saved = model.place
        elif what == "undo":
            document.stack.undo()
            model.undo()
        else:
            document.stack.redo()
            model.redo()
        assert document.world == model.value
        assert document.stack.count() == len(model.values) - 1
        assert document.modified == (model.place != model.saved) == told[-1]
    while document.stack.canUndo():
        document.stack.undo()
    assert document.world == WORLDS[0]


def test_every_change_is_told_after_it_was_made(qapp: QApplication) -> None:
    document = OpenWorld()
    seen: list[tuple[str, ...]] = []
    document.changed.connect(lambda: seen.append(document.world.map))  # type: ignore[union-attr]
    document.open(WORLDS[0], "first")
    document.apply(WORLDS[1], "Edit")
    document.apply(GridWorld(map=WORLDS[1].map), "The same again")
    document.stack.undo()
    document.stack.redo()
    assert seen == [("S.G",), ("S#G",), ("S.G",), ("S#G",)]


def test_a_stroke_of_several_cells_undoes_as_one_and_the_next_by_itself(qapp: QApplication) -> None:
    document = OpenWorld()
    first = GridWorld(map=("....", "...."))
    document.open(first, "first")
    for stroke in (0, 1):
        for column in range(4):
            world = document.world
            assert isinstance(world, GridWorld)
            document.apply(world.painted([(stroke, column)], Cell.trap), "Paint trap", stroke)
    assert document.stack.count() == 2
    document.stack.undo()
    assert document.world == GridWorld(map=("TTTT", "...."))
    document.stack.undo()
    assert document.world == first and not document.stack.canUndo()


def test_a_stroke_that_ends_where_it_began_leaves_nothing(qapp: QApplication) -> None:
    document = OpenWorld()
    document.open(WORLDS[0], "first")
    for world in (WORLDS[1], WORLDS[2], WORLDS[0]):
        document.apply(world, "Paint", stroke=7)
    assert document.world == WORLDS[0]
    assert document.stack.count() == 0 and not document.modified


def test_a_stroke_after_saving_does_not_merge_into_what_was_saved(qapp: QApplication, tmp_path: Path) -> None:
    document = OpenWorld()
    document.open(WORLDS[0], "first")
    document.apply(WORLDS[1], "Paint", stroke=3)
    document.save(tmp_path / "world.json")
    document.apply(WORLDS[2], "Paint", stroke=3)
    assert document.modified
    document.stack.undo()
    assert document.world == WORLDS[1] and not document.modified


def test_opening_another_world_forgets_the_edits(qtbot: QtBot) -> None:
    document = OpenWorld()
    document.open(WORLDS[0], "first")
    document.apply(WORLDS[1], "Edit")
    with qtbot.waitSignal(document.modified_changed) as caught:
        document.open(WORLDS[2], "second", Path("second.json"))
    assert caught.args == [False]
    assert (document.world, document.name, document.path) == (WORLDS[2], "second", Path("second.json"))
    assert not document.modified and not document.stack.canUndo()


@pytest.mark.parametrize("name", ["grid/russell-norvig-4x3", "mdp/three-state", "gym:CartPole-v1"])
def test_a_saved_world_opens_as_it_was(qapp: QApplication, tmp_path: Path, name: str) -> None:
    document = OpenWorld()
    document.open(library_world(name), name)
    document.apply(document.world.model_copy(update={"title": '절벽 "a\\b" –', "discount": 1 / 3}), "Edit")
    file = tmp_path / "saved world.json"
    document.save(file)
    assert not document.modified
    assert (document.path, document.name) == (file, "saved world.json")
    assert load(file) == document.world
    assert [path.name for path in tmp_path.iterdir()] == ["saved world.json"]


@pytest.mark.parametrize("target", ["no such folder/world.json", "folder", "file/world.json"])
def test_a_failing_save_is_one_error_and_changes_nothing(qapp: QApplication, tmp_path: Path, target: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("kept")
    document = OpenWorld()
    document.open(WORLDS[0], "first")
    document.apply(WORLDS[1], "Edit")
    with pytest.raises(WorldError) as caught:
        document.save(tmp_path / target)
    assert str(tmp_path / target) in caught.value.sentence and "Choose another folder." in caught.value.sentence
    assert (document.world, document.name, document.path, document.modified) == (WORLDS[1], "first", None, True)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]
    assert (tmp_path / "file").read_text() == "kept"


def test_a_generated_grid_is_opened_to_draw_on_and_a_generated_table_saved_as_its_numbers(qapp: QApplication, tmp_path: Path) -> None:
    document = OpenWorld()
    document.open(library_world("grid/maze-21x21"), "grid/maze-21x21")
    maze = document.world
    assert isinstance(maze, GridWorld) and not document.modified
    assert (maze.title, maze.rows, maze.discount) == ("Maze 21×21", 21, 1.0)
    document.apply(maze.painted([(0, 1)], Cell.trap), "Edit")
    document.save(tmp_path / "maze.json")
    assert load(tmp_path / "maze.json") == document.world
    document.open(library_world("mdp/gambler-100"), "mdp/gambler-100")
    document.save(tmp_path / "gambler.json")
    assert load(tmp_path / "gambler.json") == library_world("mdp/gambler-100")
    assert (tmp_path / "gambler.json").stat().st_size < 2000
