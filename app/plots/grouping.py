"""Which lines a plot draws, with their names, colours and what is hidden of them; its legend, and its numbers at a place."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.numbers import short
from app.plots.curves import Floats, Series, trailing_mean
from app.plots.header import Entry
from app.plots.layer import AREA, DASHES, FAINT, MAIN, PARTS, Group
from app.plots.lines import Look
from app.plots.overlay import Overlay
from app.plots.plot import Plot
from app.text import tr
from core.runs.statistics import Statistic, summary

MOST_SINGLE = 10
"""Members that have a colour each when they stand alone."""
BESIDE = 5
"""Colour of a plot's second line, by its number in `Colours.series`."""
PRESENT = "present"
TITLES = {
    Statistic.mean: "mean of {count} members",
    Statistic.iqm: "interquartile mean of {count} members",
    Statistic.median: "median of {count} members",
    Statistic.each: "each member",
}
"""What the bold line is, in the legend."""
CHOICES = {
    Statistic.mean: "Mean and 95 % band",
    Statistic.iqm: "Interquartile mean and 95 % band",
    Statistic.median: "Median and 95 % band",
    Statistic.each: "Each member",
}
"""The same in the menu."""

Keyed = tuple[str, Group]
"""A group and the key by which it is hidden."""


def grouped(
    plot: Plot, mine: list[Series], beside: Sequence[list[Series]], overlays: Sequence[tuple[Overlay, list[Series]]], look: Look,
    hidden: frozenset[str], labels: Sequence[str] = (),
) -> list[Keyed]:  # fmt: skip
    """What is drawn, the present run first.

    Args:
        plot: what is drawn.
        mine: members of the present run.
        beside: those of the plot's other lines.
        overlays: earlier runs and their members.
        look: how lines are made.
        hidden: keys of the legend that a person has put out.
        labels: of the members, where they are to be told apart by them; those of one label are one line.
    """
    beside = [members for members in beside if members]
    alone = not beside and not any(members for _, members in overlays)
    if alone and 1 < len(set(labels)) <= MOST_SINGLE:
        return [_labelled(number, label, mine, labels, look, hidden) for number, label in enumerate(dict.fromkeys(labels))]
    if alone and look.statistic is Statistic.each and 1 < len(mine) <= MOST_SINGLE:
        singles = [
            (f"member {number}", Group(tr("member {number}", number=number), number, DASHES[number % len(DASHES)], [series], (MAIN,)))
            for number, series in enumerate(mine)
        ]
        return [(key, replace(group, parts=() if key in hidden else group.parts)) for key, group in singles]
    several = look.statistic is Statistic.each and len(mine) > 1
    if alone:
        parts = (FAINT,) if several else tuple(part for part in PARTS if part not in hidden)
        return [(PRESENT, Group(said(mine, plot, look), 0, (), mine, parts))]
    lines = [(PRESENT, Group(tr(plot.line) if beside and not overlays else tr("this run"), 0, (), mine, PARTS))]
    if not overlays:
        lines += [(f"beside {place}", Group(tr(line.title), BESIDE, DASHES[1], members, (MAIN, AREA)))
                  for place, (line, members) in enumerate(zip(plot.also, beside, strict=False))]  # fmt: skip
    lines += [(f"run {run.number}", Group(run.name, run.colour, DASHES[run.dash], members)) for run, members in overlays if members]

    def parts_of(key: str, group: Group) -> tuple[str, ...]:
        if key in hidden:
            return ()
        if look.statistic is Statistic.each and len(group.members) > 1:
            return (FAINT,)
        return PARTS if key == PRESENT and len(mine) == 1 and not overlays else (MAIN, AREA)

    return [(key, replace(group, parts=parts_of(key, group))) for key, group in lines if group.members]


def _labelled(number: int, label: str, mine: list[Series], labels: Sequence[str], look: Look, hidden: frozenset[str]) -> Keyed:
    """The members of one label."""
    members = [series for series, each in zip(mine, labels, strict=True) if each == label]
    parts = (FAINT,) if look.statistic is Statistic.each and len(members) > 1 else (MAIN, AREA)
    return label, Group(label, number, DASHES[number % len(DASHES)], members, () if label in hidden else parts)


def said(members: list[Series], plot: Plot, look: Look) -> str:
    """What the bold line of a run is that stands alone; nothing where it is the numbers themselves."""
    if len(members) > 1:
        return tr(TITLES[look.statistic], count=len(members))
    return tr("mean of {count} {rows}", count=look.smoothing, rows=tr(plot.counted)) if look.smoothing > 1 else ""


def legend(groups: Sequence[Keyed], look: Look, hidden: frozenset[str]) -> tuple[Entry, ...]:
    """What stands for which line; where one run stands alone, its parts can be hidden, else whole runs."""
    if len(groups) != 1:
        return tuple(Entry(group.name, group.tone(MAIN), 2, key, group.dash, key in hidden) for key, group in groups)
    _, group = groups[0]
    if not group.name:
        return ()
    if look.statistic is Statistic.each and len(group.members) > 1:
        return (Entry(group.name, group.tone(FAINT), 1),)
    main, faint = Entry(group.name, group.tone(MAIN), 2, MAIN), Entry(tr("each"), group.tone(FAINT), 1, FAINT)
    if len(group.members) > 1:
        brief = tr("mean of {count}", count=len(group.members)) if look.statistic is Statistic.mean else ""
        band = Entry(tr("95 % band"), group.tone(AREA), 0, AREA, brief=tr("95 %"))
        entries = [replace(main, brief=brief), band, replace(faint, text=tr("each member"), brief=tr("each"))]
    else:
        entries = [replace(main, brief=tr("mean of {count}", count=look.smoothing)), faint]
    return tuple(replace(entry, hidden=entry.key in hidden) for entry in entries)


def at(group: Group, x: float, look: Look) -> tuple[float, list[float]]:
    """The place of the last row up to x, and what stands there: the number, or what members come to with its interval."""
    rows = [row_at(series, x) for series in group.members]
    values = np.stack([trailing_mean(series.y, np.array([row]), look.smoothing) for series, row in zip(group.members, rows, strict=True)])
    place = float(group.members[0].x[rows[0]])
    if len(values) == 1:
        return place, [float(values[0, 0])]
    return place, [float(part[0]) for part in summary(values, look.statistic)]


def row_at(series: Series, x: float) -> int:
    """The last row up to a place."""
    return min(max(int(np.searchsorted(series.x, x if series.fine else x + 0.5, side="right")) - 1, 0), series.count - 1)


def written(values: Sequence[float]) -> str:
    """A number, with its interval if it has one."""
    if len(values) == 1 or not np.isfinite(values[1:]).all():
        return short(values[0])
    centre, low, high = values
    if np.isclose(high - centre, centre - low):
        return f"{short(centre)} ± {short(high - centre, 3)}"
    return f"{short(centre)} ({short(low)} – {short(high)})"


def columns_of(groups: Sequence[Keyed], look: Look, places: Floats) -> list[tuple[str, Floats]]:
    """Names and numbers of everything that is shown, at these places: what stands behind the picture."""
    found: list[tuple[str, Floats]] = []
    for _, group in groups:
        rows = [np.array([row_at(series, x) for x in places]) for series in group.members]
        values = np.stack([trailing_mean(series.y, row, look.smoothing) for series, row in zip(group.members, rows, strict=True)])
        for line, series in zip(values, group.members, strict=True):
            line[(places < series.x[0]) | (places > series.x[-1])] = np.nan
        name = group.name or tr("value")
        if len(values) > 1 and look.statistic is Statistic.each:
            found += [(f"{name} {number}", line) for number, line in enumerate(values)]
        elif len(values) > 1:
            parts = summary(values, look.statistic)
            found += [
                (title, part) for title, part in zip((name, tr("{name}, from", name=name), tr("{name}, to", name=name)), parts, strict=True)
            ]
        else:
            found.append((name, values[0]))
            if look.smoothing > 1:
                found.append((tr("each"), group.members[0].y[rows[0]]))
    return found
