"""Worlds given as a list of transitions: any finite MDP, as lectures print them."""

from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

from core.config import Config, setting
from core.errors import WorldError, nearest
from core.worlds import build
from core.worlds.document import Document
from core.worlds.mdp import FiniteMDP


class Transition(Config):
    """One outcome of an action in a state."""

    state: str = setting(..., "State", "Where the action is taken.")
    action: str = setting(..., "Action", "What is done.")
    next: str = setting(..., "Next state", "Where it leads.")
    probability: float = setting(1.0, "Probability", "How likely this outcome is.", gt=0, le=1)
    reward: float = setting(0.0, "Reward", "What this outcome earns.", ge=-1e9, le=1e9)
    ends: bool = setting(False, "Ends", "Whether the episode ends here, though the next state has actions.")


class TableWorld(Document):
    """States, actions and transitions by name. A state without transitions is terminal."""

    kind: Literal["table"] = setting("table", "Kind", "A table of transitions.")
    states: tuple[str, ...] = setting(..., "States", "Names of the states.", min_length=1, max_length=1_000_000)
    actions: tuple[str, ...] = setting(..., "Actions", "Names of the actions.", min_length=1, max_length=10_000)
    transitions: tuple[Transition, ...] = setting((), "Transitions", "Every outcome of every action.")
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
        used = [(f"transitions.{n}.{field}", getattr(row, field), actions if field == "action" else states)
                for n, row in enumerate(self.transitions) for field in ("state", "action", "next")]  # fmt: skip
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
    def _compiled(self) -> FiniteMDP:
        state = {name: place for place, name in enumerate(self.states)}
        action = {name: place for place, name in enumerate(self.actions)}
        rows = self.transitions
        start = None
        if self.start:
            if abs(sum(self.start.values()) - 1) > build.TOLERANCE:
                raise WorldError(f"start probabilities add up to {sum(self.start.values()):.4g}", remedy="Make them add up to 1")
            start = [self.start.get(name, 0.0) for name in self.states]
        return build.from_rows(
            self.states,
            self.actions,
            state=[state[row.state] for row in rows],
            action=[action[row.action] for row in rows],
            next_state=[state[row.next] for row in rows],
            probability=[row.probability for row in rows],
            reward=[row.reward for row in rows],
            terminated=[row.ends for row in rows],
            start=start,
            discount=self.discount,
            step_limit=self.step_limit,
        )
