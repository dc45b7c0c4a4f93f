"""What is known at the moment on show as channels of their own, beside those of the history: how something is spread just now.

Rows are not added to them: each picture brings all of them anew. A row is a bar, `from` one place `to` another.
"""

from collections.abc import Mapping

import numpy as np

from app.plots.curves import Floats
from core.history import Columns
from core.learner import Snapshot

PRIORITIES, COUNTS = "priorities now", "counts now"
BARS = 40
"""Bars of a histogram."""
MOST = 50_000
"""States that are ordered at most; of more, evenly chosen ones stand for all."""


def channels_of(snapshot: Snapshot | None) -> Mapping[str, Columns]:
    """The channels that there are at a moment."""
    found: dict[str, Columns] = {}
    if snapshot is not None and snapshot.priorities is not None and len(snapshot.priorities):
        found[PRIORITIES] = priorities(snapshot.priorities)
    if snapshot is not None and snapshot.visits is not None and snapshot.visits.any():
        found[COUNTS] = counts(snapshot)
    return found


def priorities(values: Floats) -> Columns:
    """How many of each hundred transitions have a priority in each of `BARS` ranges, each as many times as wide as the one before."""
    low, high = float(values.min()), float(values.max())
    if not low < high:
        low, high = low / 1.1, high * 1.1
    edges = np.geomspace(low, high, BARS + 1)
    edges[0], edges[-1] = low, high
    share = 100 * np.histogram(values, edges)[0] / len(values)
    return {"from": edges[:-1], "to": edges[1:], "share": share}


def counts(snapshot: Snapshot) -> Columns:
    """How often each state was updated, the most often first; without those in which there is nothing to do."""
    assert snapshot.visits is not None
    states = np.arange(len(snapshot.visits))
    if snapshot.q is not None:
        states = states[~np.isnan(snapshot.q).all(axis=1)]
    every = -(-len(states) // MOST)
    states = states[::every]
    states = states[np.argsort(-snapshot.visits[states], kind="stable")]
    rank = 1 + every * np.arange(len(states), dtype=float)
    return {"from": rank - 0.5, "to": rank - 0.5 + every, "state": states, "count": snapshot.visits[states].astype(float)}


def outline(columns: Columns, x: str, y: str) -> Columns:
    """Bars as the line around them: two rows for each, and one on the ground at either end."""
    left, right, height = columns["from"], columns["to"], columns[y]
    across = np.concatenate([left[:1], np.stack([left, right], axis=1).ravel(), right[-1:]])
    first, last = (np.where(np.isfinite(end), 0.0, np.nan) for end in (height[:1], height[-1:]))
    up = np.concatenate([first, np.repeat(height, 2), last])
    return {x: across, y: up}
