"""The real window made ready for a benchmark or a proof: for Train, and with everything open that it may ever have to draw at once."""

from typing import Any

import app.plots.plot_board as board
from app.plots.registry import plots
from app.stage.grid_editor import GridEditor
from app.stage.overlays import Overlay, overlays
from app.studio import Studio
from core.worlds.world import World


def set_up(studio: Studio, world: World, algorithm: str, config: dict[str, Any]) -> None:
    """Make everything ready for Train, at full speed and without end."""
    studio.runs.reset()
    studio.document.open(world, "benchmark")
    agent = studio.window.agent
    agent.choose(algorithm)
    agent.form.set_value(agent.algorithm.config(**config))
    agent.limit.setText("1000000000000000")
    studio.window.transport.set_speed(None)


def open_everything(studio: Studio) -> None:
    """Every plot, of which a person may open four, in a window wide enough; every overlay beside the values; the terms of the update."""
    window = studio.window
    board.MOST = len(plots())
    window.resize(board.NARROWEST * board.MOST + 1000, 1000)
    window.plots.choose(list(plots()))
    window.inspector.setCurrentWidget(window.explanation)
    editor = window.stage.designer.views["grid"]
    assert isinstance(editor, GridEditor)
    values = next(overlay for overlay in overlays() if overlay.name == "values")
    for overlay in going_with(values):
        editor.view.show_overlay(overlay.name, True)


def going_with(first: Overlay) -> list[Overlay]:
    """An overlay and all that can be on beside it; of the arrows, those that take longest."""
    together = [first]
    for other in sorted(overlays(), key=lambda overlay: overlay.name != "behaviour"):
        if other is not first and not any(other.bars(one) for one in together):
            together.append(other)
    return together
