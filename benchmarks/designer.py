"""What a person who draws waits for: the step of a stroke, the preview, an undo, a repaint; on graphs, the step of a dragged state.

    python benchmarks/designer.py [trials]

Median and 99th percentile in milliseconds, by the clock and of the window's thread alone, in the real window at 1600 × 1000, on
100×100 and 200×200 cells of which a fifth are walls and a tenth are something else. A step is everything from the mouse event to the
painted window; settling is what follows when hands rest for a while: the world is compiled in another thread, and panels follow.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.stage.graph.graph_view import GraphView
from app.stage.grid_editor import GridEditor
from app.start import start
from app.studio import Studio
from core.worlds.as_table import as_table
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from core.worlds.table import TableWorld
from core.worlds.world import World

Times = NDArray[np.float64]
"""[trials, 2] milliseconds: by the clock, and of the window's thread alone, which other work on the machine does not lengthen."""
SIZES = (100, 200)
TARGET = 16.0
"""Milliseconds of a frame."""


def drawn(side: int) -> GridWorld:
    """A world with everything on it."""
    rng = np.random.default_rng(0)
    signs = rng.choice(list("......." + "##" + "~%T"[rng.integers(3)]), (side, side))
    signs[0, 0], signs[-1, -1] = "S", "G"
    places = rng.integers(side, size=(side * side // 20, 2)).tolist()
    return GridWorld(
        map=tuple("".join(row) for row in signs),
        rewards={f"{row},{column}": -1.0 for row, column in places[::3]},
        slips={f"{row},{column}": 0.1 for row, column in places[1::3]},
        winds={f"{row},{column}": "up 1" for row, column in places[2::3]},
        fences={f"{row},{column} right": "wall" for row, column in places[::2] if column + 1 < side},
    )


def editor_of(studio: Studio) -> GridEditor:
    editor = studio.window.stage.designer.views["grid"]
    assert isinstance(editor, GridEditor)
    return editor


def mouse(editor: GridEditor, kind: QEvent.Type, cell: tuple[int, int], button: Qt.MouseButton, held: Qt.MouseButton) -> None:
    send(editor.view, kind, QPointF(editor.view.rect_of(*cell).center()), button, held)


def send(view: QWidget, kind: QEvent.Type, where: QPointF, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
    event = QMouseEvent(kind, where, QPointF(view.mapToGlobal(where.toPoint())), button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view, event)


def timed(act: Callable[[int], object], trials: int) -> Times:
    """Milliseconds of each, until everything that it asked for is painted."""
    found = []
    for trial in range(trials):
        began, busy = time.perf_counter(), time.thread_time()
        act(trial)
        QApplication.processEvents()
        found.append((1000 * (time.perf_counter() - began), 1000 * (time.thread_time() - busy)))
    return np.array(found)


def measure(studio: Studio, side: int, trials: int) -> dict[str, Times]:
    """Every wait on a grid of that size."""
    studio.document.open(drawn(side), f"{side}")
    editor, none, left = editor_of(studio), Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    editor.tools["Wall"].trigger()
    timed(lambda _: None, 20)
    rng = np.random.default_rng(1)
    cells = [tuple(cell) for cell in rng.integers(side, size=(trials, 2)).tolist()]
    line = [(trial // side % side, trial % side) for trial in range(trials)]
    mouse(editor, QEvent.Type.MouseButtonPress, (0, 0), left, left)
    found = {"stroke step": timed(lambda trial: mouse(editor, QEvent.Type.MouseMove, line[trial], none, left), trials)}
    mouse(editor, QEvent.Type.MouseButtonRelease, line[-1], left, none)
    found["hover"] = timed(lambda trial: mouse(editor, QEvent.Type.MouseMove, cells[trial], none, none), trials)
    for cell in cells:
        mouse(editor, QEvent.Type.MouseButtonPress, cell, left, left)
        mouse(editor, QEvent.Type.MouseButtonRelease, cell, left, none)

    def settle(_: int) -> None:
        loop = QEventLoop()
        studio.window.stage.settled.connect(loop.quit)
        studio.document.stack.undo()
        loop.exec()

    found["settling after a stroke"] = timed(settle, 20)
    found["undo"] = timed(lambda _: studio.document.stack.undo(), min(trials, studio.document.stack.count()))

    def repaint(_: int) -> None:
        editor.view.ground.forget()
        editor.view.repaint()

    found["repaint of all"] = timed(repaint, max(10, trials // 10))
    editor.view.zoom(8.0, 400, 300)
    found["zoomed in, repaint of all"] = timed(repaint, max(10, trials // 10))
    return found


def graphs() -> dict[str, TableWorld]:
    """As much as is drawn with single arrows, sparse and all over; and as many states as are drawn at all."""
    worlds: dict[str, World] = {
        f"grid of {side * side:,} states": GridWorld(map=(*["." * side] * (side - 1), "." * (side - 1) + "G")) for side in (17, 44)
    }
    worlds |= {"garnet of 300 states": open_world("make:garnet?states=300&actions=2&branching=2")}
    return {name: as_table(world, world.compile()) for name, world in worlds.items()}


def measure_graph(studio: Studio, world: TableWorld, trials: int) -> dict[str, Times]:
    """A state in the middle of a graph, taken hold of, dragged and let go."""
    studio.document.open(world, "graph")
    designer, none, left = studio.window.stage.designer, Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    if "graph" not in designer.shown:
        designer.toggle("graph")
    for name in set(designer.shown) - {"graph"}:
        designer.toggle(name)
    view = designer.views["graph"]
    assert isinstance(view, GraphView) and view.canvas.drawing is not None
    canvas = view.canvas
    timed(lambda _: None, 20)
    at = canvas.to_screen(view.canvas.drawing.states[world.states[len(world.states) // 2]].at)
    send(canvas, QEvent.Type.MouseButtonPress, at, left, left)
    send(canvas, QEvent.Type.MouseMove, at + QPointF(5, 5), none, left)
    timed(lambda _: None, 1)

    def step(trial: int) -> None:
        send(canvas, QEvent.Type.MouseMove, at + QPointF(6 + 2 * (trial % 60), trial % 60), none, left)

    def let_go(_: int) -> None:
        send(canvas, QEvent.Type.MouseButtonRelease, at + QPointF(60, 30), left, none)

    return {"step of a dragged state": timed(step, trials), "letting go": timed(let_go, 1)}


def tell(name: str, found: dict[str, Times]) -> None:
    for what, times in found.items():
        (median, alone), (late, late_alone) = np.percentile(times, [50, 99], axis=0)
        over = "" if late_alone <= TARGET else "  over a frame"
        print(f"{f'{name}, {what}':48} {median:7.1f} {late:7.1f}   {alone:7.1f} {late_alone:7.1f}{over}", flush=True)


def main() -> None:
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as temporary:
        _, studio = start(Path(temporary) / "studio.ini")
        studio.window.resize(1600, 1000)
        studio.window.show()
        print(f"{'milliseconds':48} {'median':>7} {'p99':>7}   {'alone':>7} {'p99':>7}")
        for side in SIZES:
            tell(f"{side}×{side}", measure(studio, side, trials))
        for name, world in graphs().items():
            tell(name, measure_graph(studio, world, trials))
        studio.document.stack.setClean()
        studio.close()


if __name__ == "__main__":
    main()
