"""The still of a view: all of it drawn anew, so that it is sharp at any size; arms as they stand there."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QLineF, QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.stage.graph import paint
from app.stage.graph.graph_view import GraphView
from app.stage.grid_editor import GridEditor
from app.stage.ground import LINED, draw_look, look_of
from app.stage.hit import Placement
from app.stage.legend import WIDTH, paint_shades
from app.stage.marks import draw_fences
from app.stage.overlays import Scene, overlays
from app.stage.signs import SMALL, ground_of
from app.stage.table_view import readable_on
from app.stage.transitions.view import ROWS, TransitionsView
from app.stage.values_model import Index
from app.stage.values_view import ValuesView
from app.stage.view import View
from app.stills.of_table import still_of_table
from app.stills.still import Still
from app.theme import theme
from core.learner import Snapshot
from core.worlds.grid import Cell, GridWorld

MARGIN = 12.0
LENGTH = 1200.0
"""Pixels of the longer side of a grid, where its cells are then neither too small to be seen nor larger than on the screen."""
LEGEND = 180.0
"""Pixels that a legend needs from top to bottom."""


def still_of(view: View, snapshot: Snapshot | None) -> Still:
    """What a view shows, with what is known in `snapshot`; None for the world alone."""
    if isinstance(view, GridEditor):
        return _of_grid(view, snapshot)
    if isinstance(view, GraphView) and view.canvas.drawing is not None:
        return _of_graph(view, snapshot)
    if isinstance(view, TransitionsView):
        return _of_transitions(view)
    if isinstance(view, ValuesView):
        return _of_values(view)
    return _of_widget(view)


def _of_grid(view: GridEditor, snapshot: Snapshot | None) -> Still:
    world, shown = view.view.world, frozenset(view.view.shown)
    known = _values_of(snapshot, world)
    side = min(max(LENGTH / max(world.rows, world.columns), 4.0), 96.0)
    place = Placement(world.rows, world.columns, side, MARGIN, MARGIN)
    width, height = side * world.columns + 2 * MARGIN, side * world.rows + 2 * MARGIN
    if known is not None:
        width, height = width + WIDTH * theme.scale, max(height, LEGEND * theme.scale)
        place = place.moved(0, (height - 2 * MARGIN - side * world.rows) / 2)

    def drawn(painter: QPainter) -> None:
        scene = None
        if known is not None:
            grid, span = world.compiled, view.view.span
            window = (0, world.rows, 0, world.columns)
            aside = replace(view.view.aside, pointed=None)
            scene = Scene(world, grid, known, place, span, window, shown, view.view.layer_shown(grid), aside, view.view.legend.ranges)
        _paint_cells(painter, world, place, scene)
        if scene is not None:
            for overlay in overlays():
                if overlay.name in shown and overlay.paint is not None and overlay.name != "agent":
                    overlay.paint(painter, scene)
            shade = view.view.legend.shade(scene)
            paint_shades(painter, width, height, view.view.legend.title, shade.marks(), shade.signed)

    return Still(QSizeF(width, height), drawn)


def _paint_cells(painter: QPainter, world: GridWorld, place: Placement, scene: Scene | None) -> None:
    """Grounds, values as colours, signs, lines and fences; shapes only, no pixels."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    whole = QRectF(place.left, place.top, place.cell * place.columns, place.cell * place.rows)
    painter.fillRect(whole, theme.colour("cell"))
    cells = [(row, column, Cell(sign)) for row, line in enumerate(world.map) for column, sign in enumerate(line)]

    def box(row: int, column: int) -> QRectF:
        return QRectF(*place.corner(row, column), place.cell, place.cell)

    if scene is not None and scene.shade is not None:
        active = scene.coloured()
        active = active[~np.isnan(scene.shade.values[active])]
        colours = scene.shade.colours(scene.shade.values[active])
        for (row, column), colour in zip(scene.grid.cell_of_state[active].tolist(), colours.tolist(), strict=True):
            ground = theme.colour("cell")
            ground.setRgb(*colour)
            painter.fillRect(box(row, column), ground)
    for row, column, cell in cells:
        ground_colour = ground_of(cell, world, place.cell < SMALL)
        if ground_colour is not None:
            painter.fillRect(box(row, column), ground_colour)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if place.cell >= SMALL:
        for row, column, cell in cells:
            if cell is not Cell.wall and (look := look_of(world, row, column)) != (Cell.floor, None, None, None, None):
                painter.save()
                painter.setClipRect(box(row, column))
                draw_look(painter, look, world, box(row, column))
                painter.restore()
    if place.cell >= LINED:
        painter.setPen(QPen(theme.colour("grid"), 1))
        painter.drawLines([QLineF(x, whole.top(), x, whole.bottom()) for x in _steps(whole.left(), place.cell, place.columns)])
        painter.drawLines([QLineF(whole.left(), y, whole.right(), y) for y in _steps(whole.top(), place.cell, place.rows)])
    draw_fences(painter, world.fences, place)


def _steps(first: float, step: float, count: int) -> list[float]:
    return [first + number * step for number in range(count + 1)]


def _values_of(snapshot: Snapshot | None, world: GridWorld) -> Snapshot | None:
    """The snapshot, where it is of this world; without the agent, which is somewhere else the next moment."""
    if snapshot is None or snapshot.values is None or len(snapshot.values) != world.compiled.mdp.states:
        return None
    return replace(snapshot, state=None)


def _of_graph(view: GraphView, snapshot: Snapshot | None) -> Still:
    canvas = view.canvas
    drawing = canvas.drawing
    assert drawing is not None
    states = len(drawing.states)
    fits = snapshot is not None and snapshot.values is not None and len(snapshot.values) == states
    shade = canvas.shading.shade(snapshot, canvas.aside, states) if fits else None
    bold = canvas.bold if fits else frozenset()
    left, top, right, bottom = drawing.bounds
    size = QSizeF(right - left + 2 * MARGIN, max(bottom - top + 2 * MARGIN, 0 if shade is None else LEGEND * theme.scale))
    size.setWidth(size.width() + (0 if shade is None else WIDTH * theme.scale))

    def drawn(painter: QPainter) -> None:
        painter.save()
        painter.translate(QPointF(MARGIN - left, (size.height() - bottom - top) / 2))
        paint.paint_lines(painter, drawing)
        if bold:
            paint.paint_lines(painter, drawing, theme.colour("text"), paint.BOLD, bold)
        paint.paint_states(painter, drawing, shade, written=True)
        if not drawing.sizes.simple:
            paint.paint_labels(painter, drawing, bold)
        painter.restore()
        if shade is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            paint_shades(painter, size.width(), size.height(), shade.symbol, shade.marks(), shade.signed)

    return Still(size, drawn)


def _of_transitions(view: TransitionsView) -> Still:
    """The rows that are looked for, in their order, or the matrix of an action."""
    if view.page == ROWS or view.matrix.model.rows is None:
        return still_of_table(view.rows.model, ink=readable_on)
    return still_of_table(view.matrix.model, f"{view.page}[s, s′], {view.action.currentText()}", named=True, ink=readable_on)


def _of_values(view: ValuesView) -> Still:
    """V and Q as they stand in the table, in its order."""
    model, colours = view.table.values, theme.value_table()

    def tint(index: Index) -> QColor | None:
        row, column = index.row(), index.column()
        if not model.tinted(row, column):
            return None
        return QColor(*colours[int(np.clip((0.5 + 0.5 * (model.value(row, column) or 0.0) / model.extent) * 255, 0, 255))].tolist())

    return still_of_table(model, tint=tint, ink=readable_on)


def _of_widget(widget: QWidget) -> Still:
    return Still(QSizeF(widget.size().expandedTo(widget.minimumSizeHint())), lambda painter: widget.render(painter, QPoint()))
