"""V(s) as the colour of each cell: blue above zero, orange below, the stronger the further."""

from app.stage.overlays import VALUES, Overlay, Scene
from app.stage.shade import Shade


def shade(scene: Scene) -> Shade | None:
    """The values, on the scale that action values share."""
    values = scene.snapshot.values
    return None if values is None else Shade(values, VALUES, scene.span)


OVERLAY = Overlay(
    "values",
    "Value colours",
    "V(s): the return that the agent expects from each cell on.",
    0,
    True,
    shade=shade,
    scale=VALUES,
    place="cell",
)
