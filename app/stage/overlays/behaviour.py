"""How the agent acts while it learns: an arrow for each action, as long as it is likely."""

import numpy as np
from pyqtgraph.functions import arrayToQPath
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from app.stage.overlays import Overlay, Scene
from app.stage.overlays.policy import SMALLEST
from app.theme import theme
from core.learner import Behaviour
from core.worlds.mdp import Bools, Floats

REACH = 0.44
"""Length of the arrow of a certain action, as a share of the cell's side."""
SHORTEST = 0.9
"""Pixels of an arrow from which it is drawn."""


def chances(behaviour: Behaviour, q: Floats | None, available: Bools) -> Floats:
    """[N, A] the probability of each action, 0 where it is unavailable.

    Args:
        behaviour: how actions are drawn; its scores [N, A], too.
        q: [N, A] action values; None where all actions are alike.
        available: [N, A].
    """
    count = np.maximum(available.sum(axis=1, keepdims=True), 1)
    random = available / count
    scores = q if behaviour.scores is None else behaviour.scores
    if scores is None:
        return random
    known = np.where(available, np.where(np.isnan(scores), -np.inf, scores), -np.inf)
    best = known.max(axis=1, keepdims=True)
    if behaviour.temperature > 0:
        weights = np.exp(np.subtract(known, best, where=available, out=np.full(known.shape, -np.inf)) / behaviour.temperature)
    else:
        weights = ((known == best) & available).astype(float)
    share = weights / np.maximum(weights.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    return behaviour.epsilon * random + (1 - behaviour.epsilon) * share


def paint(painter: QPainter, scene: Scene) -> None:
    """From the middle of the cell outward, heads where there is room; a disc for staying."""
    behaviour, q, side = scene.snapshot.behaviour, scene.snapshot.q, scene.place.cell
    if behaviour is None or side < SMALLEST:
        return
    states = scene.seen()
    scores = None if behaviour.scores is None else behaviour.scores[states]
    found = chances(behaviour._replace(scores=scores), None if q is None else q[states], scene.grid.mdp.available[states])
    place, action = np.nonzero(found * REACH * side >= SHORTEST)
    likely, middles, ways = found[place, action], scene.centres(states)[place], scene.ways[action][:, ::-1]
    going = ways.any(axis=1)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("text", 190))
    for (x, y), chance in zip(middles[~going].tolist(), likely[~going].tolist(), strict=True):
        painter.drawEllipse(QPointF(x, y), side * 0.2 * chance, side * 0.2 * chance)
    middles, ways, likely = middles[going], ways[going], likely[going]
    ways = ways / np.hypot(ways[:, :1], ways[:, 1:])
    tips = middles + ways * (REACH * side * likely)[:, None]
    segments = [middles, tips]
    if side >= 14:
        head, across = ways * np.minimum(side * 0.09, REACH * side * likely)[:, None], ways[:, ::-1] * (1.0, -1.0) * side * 0.06
        segments += [tips, tips - head + across, tips, tips - head - across]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("text", 220), max(1.0, side / 34), c=Qt.PenCapStyle.FlatCap))
    points = np.stack(segments, axis=1)
    for one in np.unique(action[going]):  # arrows of one action do not cross: a path of lines that do is dear to fill
        across, down = points[action[going] == one].reshape(-1, 2).T.copy()
        painter.drawPath(arrayToQPath(across, down, connect="pairs"))


OVERLAY = Overlay(
    "behaviour",
    "Action probabilities",
    "b(a | s): how likely the agent takes each action while it learns, exploration included, as the length of its arrow.",
    31,
    False,
    paint,
    scale="b(a | s)",
    place="arrow",
    missing="This learner does not act at random.",
    known=lambda scene: scene.snapshot.behaviour is not None,
)
