"""Worlds given as a list of transitions: any finite MDP, as lectures print them."""

from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

from core.config import setting
from core.errors import WorldError, nearest
from core.worlds import build
from core.worlds.document import Document
from core.worlds.mdp import FiniteMDP
from core.worlds.transition import Columns, Transitions
from core.worlds.transition import Transition as Transition


class TableWorld(Document):
    """States, actions and transitions by name. A state without transitions is terminal."""

    kind: Literal["table"] = setting("table", "Kind", "A table of transitions.")
    states: tuple[str, ...] = setting(..., "States", "Names of the states.", min_length=1, max_length=1_000_000)
    actions: tuple[str, ...] = setting(..., "Actions", "Names of the actions.", min_length=1, max_length=10_000)
    transitions: Transitions = setting((), "Transitions", "Every outcome of every action.")
    start: dict[str, float] = Field(default_factory=dict, title="Start", description="Probabilities of starting; uniform if empty.")
    places: dict[str, tuple[float, float]] = Field(
        default_factory=dict, title="Places", description="Where states are drawn: to the right and down, in states from one to the next."
    )

    @model_validator(mode="after")
    def _known_names(self) -> Self:
        for what, names in (("state", self.states), ("action", self.actions)):
            if len(set(names)) < len(names):
                twice = next(name for place, name in enumerate(names) if name in names[:place])
                raise ValueError(f"{what} '{twice}' is listed twice")
        states, actions = set(self.states), set(self.actions)
        rows = self.transitions
        unknown = isinstance(rows, Columns) and rows.named(self.states, self.actions) is None
        used = [(f"transitions.{n}.{field}", getattr(row, field), actions if field == "action" else states)
                for n, row in enumerate(() if isinstance(rows, Columns) and not unknown else rows)
                for field in ("state", "action", "next")]  # fmt: skip
        for where, name, known in used + [(field, name, states) for field in ("start", "places") for name in getattr(self, field)]:
            if name not in known:
                near = nearest(name, known)
                hint = f"; did you mean '{near[0]}'?" if near else ""
                raise ValueError(f"{where} names '{name}', which is not listed{hint}")
        return self

    @property
    def finite(self) -> bool:
        return True

    def compile(self) -> FiniteMDP:
        """The finite MDP of this table; WorldError names the first state and action at fault."""
        return self._compiled

    @cached_property
    def columns(self) -> Columns:
        """The transitions as columns, numbered by this table's states and actions."""
        rows = self.transitions
        found = rows if isinstance(rows, Columns) else Columns.of(rows, self.states, self.actions)
        return found.named(self.states, self.actions) or found

    @cached_property
    def _compiled(self) -> FiniteMDP:
        start = None
        if self.start:
            if abs(sum(self.start.values()) - 1) > build.TOLERANCE:
                raise WorldError(f"start probabilities add up to {sum(self.start.values()):.4g}", remedy="Make them add up to 1")
            start = [self.start.get(name, 0.0) for name in self.states]
        rows = self.columns
        return build.from_rows(
            self.states,
            self.actions,
            state=rows.state,
            action=rows.action,
            next_state=rows.next_state,
            probability=rows.probability,
            reward=rows.reward,
            terminated=rows.ends,
            start=start,
            discount=self.discount,
            step_limit=self.step_limit,
        )
