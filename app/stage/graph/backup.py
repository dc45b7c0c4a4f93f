"""The backup of a state or action with its numbers, as a lecture writes it: Q(s, a) = 0.7·(10 + 0.9·V(s0)) + … = 12.3."""

from collections.abc import Sequence

import numpy as np

from app.numbers import short
from app.stage.graph.drawing import Drawing, Pair
from app.stage.graph.outcome_text import proper, total
from app.text import tr
from core.learner import Snapshot
from core.worlds.mdp import Floats
from core.worlds.table import TableWorld, Transition

TERMS = 4
"""Outcomes written out at most."""
LINE = 100
"""Letters of the status line at most; the panel has all of it."""


class Backups:
    """What can be said of the states and actions of a table.

    Args:
        drawing: of the table, which knows the outcomes of every action.
        snapshot: what is known; it belongs to this table.
    """

    def __init__(self, world: TableWorld, drawing: Drawing, snapshot: Snapshot | None) -> None:
        self.world, self.drawing, self.snapshot = world, drawing, snapshot
        self.number = {state: n for n, state in enumerate(world.states)}

    @property
    def values(self) -> Floats | None:
        return None if self.snapshot is None else self.snapshot.values

    def state(self, state: str) -> str:
        """V(s) as the best of its actions."""
        pairs, name = [pair for pair in self.drawing.nodes if pair[0] == state], tr(state)
        if not pairs:
            return tr("{state} is terminal: the episode ends here, so V = 0.", state=name)
        names = ", ".join(tr(action) for _, action in pairs[:8]) + (", …" if len(pairs) > 8 else "")
        lines = [tr("{state}: {count} actions: {names}", state=name, count=len(pairs), names=names)]
        if self.values is not None:
            lines[0] += f"   V({name}) = {short(float(self.values[self.number[state]]))}"
            backed = [(value, pair) for pair in pairs if (value := self._value(pair)) is not None]
            if backed and len(backed) == len(pairs):
                lines += [f"Q({name}, {tr(action)}) = {short(value)}" for value, (_, action) in backed[:8]]
                best = max(value for value, _ in backed)
                lines.append(tr("The best of them: {value}", value=short(best)))
        return "\n".join(lines)

    def pair(self, pair: Pair) -> str:
        """Q(s, a) as the mean over its outcomes; what is wrong with their probabilities, if anything."""
        state, action = pair
        rows = self._rows(pair)
        whole = sum(row.probability for row in rows)
        if not proper(whole):
            return tr(
                "Probabilities of {action} in {state} add up to {total}, not to 1. Edit them, or choose Normalise in the node's menu.",
                action=tr(action),
                state=tr(state),
                total=total(whole),
            )
        known = self.values is not None
        terms = [self._term(row) for row in rows[:TERMS]] + (["…"] if len(rows) > TERMS else [])
        line = f"Q({tr(state)}, {tr(action)}) = {' + '.join(terms)}"
        if not known:
            return line
        value = self._value(pair)
        filled = [self._term(row, filled=True) for row in rows[:TERMS]] + (["…"] if len(rows) > TERMS else [])
        lines = [line, f"= {' + '.join(filled)}", f"= {short(value) if value is not None else '–'}"]
        kept = self._kept(pair)
        if kept is not None and value is not None and abs(kept - value) > 1e-3 * max(abs(value), 1e-3):
            lines.append(tr("The learner has {value} so far.", value=short(kept)))
        return "\n".join(lines)

    def outcome(self, row: Transition) -> str:
        """One arrow in words."""
        action = row.action
        said = tr(
            "{action} in {state} leads to {next} with probability {probability} and earns {reward}.",
            action=tr(action),
            state=tr(row.state),
            next=tr(row.next),
            probability=short(row.probability),
            reward=short(row.reward),
        )
        return f"{said} {tr('The episode ends there.')}" if self._over(row) else said

    def _rows(self, pair: Pair) -> list[Transition]:
        return [arrow.row for outcome, arrow in self.drawing.arrows.items() if outcome[:2] == pair]

    def _over(self, row: Transition) -> bool:
        return row.ends or self.drawing.states[row.next].terminal

    def _term(self, row: Transition, filled: bool = False) -> str:
        parts = [short(row.reward)] if row.reward or self._over(row) else []
        if not self._over(row):
            following = f"V({tr(row.next)})"
            if filled and self.values is not None:
                value = short(float(self.values[self.number[row.next]]))
                following = f"({value})" if value.startswith("−") else value
            parts.append(following if self.world.discount == 1 else f"{short(self.world.discount)}·{following}")
        inside = " + ".join(parts)
        if row.probability == 1:
            return inside
        return f"{short(row.probability)}·{inside if len(parts) == 1 and not inside.startswith('−') else f'({inside})'}"

    def _value(self, pair: Pair) -> float | None:
        values = self.values
        if values is None:
            return None
        rows = self._rows(pair)
        following = np.array([0.0 if self._over(row) else float(values[self.number[row.next]]) for row in rows])
        return float(_column(rows, "probability") @ (_column(rows, "reward") + self.world.discount * following))

    def _kept(self, pair: Pair) -> float | None:
        q = None if self.snapshot is None else self.snapshot.q
        if q is None or self.snapshot is None or self.snapshot.symbol != "Q":
            return None
        return float(q[self.number[pair[0]], self.world.actions.index(pair[1])])


def _column(rows: Sequence[Transition], name: str) -> Floats:
    return np.array([getattr(row, name) for row in rows], float)


def line_of(text: str) -> str:
    """The first and the last line of a text as one, short enough for the status line."""
    lines = text.split("\n")
    line = lines[0] if len(lines) < 3 else f"{lines[0]}  {next((line for line in reversed(lines) if line.startswith('= ')), lines[-1])}"
    return line if len(line) <= LINE else line[: LINE - 1] + "…"
