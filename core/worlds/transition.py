"""Transitions by name: one at a time, and many as columns, which take a tenth of the time and the memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, overload

import numpy as np
from pydantic import (
    SerializationInfo,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapSerializer,
    WrapValidator,
)

from core.config import Config, setting
from core.worlds.mdp import Bools, Floats, Ints

MANY = 5_000
"""Transitions from which on a document keeps them as columns."""
PIECE = 2_000
"""Transitions that are checked at a time: other threads have their turn in between."""


class Transition(Config):
    """One outcome of an action in a state."""

    state: str = setting(..., "State", "Where the action is taken.")
    action: str = setting(..., "Action", "What is done.")
    next: str = setting(..., "Next state", "Where it leads.")
    probability: float = setting(1.0, "Probability", "How likely this outcome is.", gt=0, le=1)
    reward: float = setting(0.0, "Reward", "What this outcome earns.", ge=-1e9, le=1e9)
    ends: bool = setting(False, "Ends", "Whether the episode ends here, though the next state has actions.")


@dataclass(frozen=True, eq=False)
class Columns(Sequence[Transition]):
    """N transitions between S states: a sequence that makes a `Transition` only of the rows that are looked at.

    Attributes:
        states: S names.
        actions: A names.
        state: [N] int64, and likewise action and next_state.
        probability: [N] float64, and likewise reward.
        ends: [N] bool, whether the episode ends though the next state has actions.
    """

    states: Sequence[str]
    actions: Sequence[str]
    state: Ints
    action: Ints
    next_state: Ints
    probability: Floats
    reward: Floats
    ends: Bools

    def __len__(self) -> int:
        return len(self.state)

    @overload
    def __getitem__(self, number: int) -> Transition: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Transition]: ...
    def __getitem__(self, number: int | slice) -> Transition | Sequence[Transition]:
        if isinstance(number, slice):
            return tuple(self[place] for place in range(*number.indices(len(self))))
        return Transition.model_construct(
            state=self.states[self.state[number]], action=self.actions[self.action[number]], next=self.states[self.next_state[number]],
            probability=float(self.probability[number]), reward=float(self.reward[number]), ends=bool(self.ends[number]),
        )  # fmt: skip

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Columns):
            return other is self or (len(other) == len(self) and self._same(other.named(self.states, self.actions)))
        if isinstance(other, Sequence) and not isinstance(other, str):
            return len(other) == len(self) and all(one == two for one, two in zip(self, other, strict=True))
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def _same(self, other: "Columns | None") -> bool:
        columns = ("state", "action", "next_state", "probability", "reward", "ends")
        return other is not None and all(np.array_equal(getattr(self, name), getattr(other, name)) for name in columns)

    def named(self, states: Sequence[str], actions: Sequence[str]) -> "Columns | None":
        """The same transitions with states and actions numbered as in these names; None where one that is used is not among them."""
        if self.states == states and self.actions == actions:
            return self
        state, action = _places(self.states, states), _places(self.actions, actions)
        here, done, there = state[self.state], action[self.action], state[self.next_state]
        if min((int(column.min(initial=0)) for column in (here, done, there)), default=0) < 0:
            return None
        return Columns(states, actions, here, done, there, self.probability, self.reward, self.ends)

    @classmethod
    def of(cls, rows: Iterable[Transition], states: Sequence[str] = (), actions: Sequence[str] = ()) -> "Columns":
        """Columns of rows; names that are not told are numbered as they come.

        Args:
            states: names that come first.
            actions: likewise.
        """
        rows = tuple(rows)
        state, action = ({name: place for place, name in enumerate(names)} for names in (states, actions))
        number = np.array([(state.setdefault(row.state, len(state)), action.setdefault(row.action, len(action)),
                            state.setdefault(row.next, len(state))) for row in rows], np.int64).reshape(-1, 3)  # fmt: skip
        here, done, there = (np.ascontiguousarray(column) for column in number.T)
        return cls(
            tuple(state), tuple(action), here, done, there,
            np.array([row.probability for row in rows], np.float64), np.array([row.reward for row in rows], np.float64),
            np.array([row.ends for row in rows], bool),
        )  # fmt: skip

    @classmethod
    def joined(cls, parts: Sequence["Columns"]) -> "Columns":
        """All parts one after the other; names are numbered as they come."""
        states = tuple(dict.fromkeys(name for part in parts for name in part.states))
        actions = tuple(dict.fromkeys(name for part in parts for name in part.actions))
        alike = [found for part in parts if (found := part.named(states, actions)) is not None]
        columns = ("state", "action", "next_state", "probability", "reward", "ends")
        return cls(states, actions, *(np.concatenate([getattr(part, name) for part in alike]) for name in columns))

    def dumped(self, defaults: bool) -> tuple[dict[str, Any], ...]:
        """Each row as a file has it, with the fields that are as by default or without them."""
        names = list(self.states)
        rows = zip(self.state.tolist(), self.action.tolist(), self.next_state.tolist(), self.probability.tolist(), self.reward.tolist(),
                   self.ends.tolist(), strict=True)  # fmt: skip
        found = []
        for state, action, following, probability, reward, ends in rows:
            row: dict[str, Any] = {"state": names[state], "action": self.actions[action], "next": names[following]}
            for field, value, usual in (("probability", probability, 1.0), ("reward", reward, 0.0), ("ends", ends, False)):
                if defaults or value != usual:
                    row[field] = value
            found.append(row)
        return tuple(found)


def _places(names: Sequence[str], among: Sequence[str]) -> Ints:
    """[names] where each stands among others; -1 where it does not."""
    known: Mapping[str, int] = {name: place for place, name in enumerate(among)}
    return np.array([known.get(name, -1) for name in names], np.int64)


def _validated(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    """Columns as they are; of rows that were checked one by one, columns where they are many."""
    if isinstance(value, Columns):
        return value
    if not isinstance(value, list | tuple) or len(value) <= MANY:
        return check(value)
    try:
        return Columns.joined([Columns.of(check(value[first : first + PIECE])) for first in range(0, len(value), PIECE)])
    except ValidationError:
        return check(value)  # tells which of all it is


def _dumped(value: Any, dump: SerializerFunctionWrapHandler, info: SerializationInfo) -> Any:
    return value.dumped(defaults=not info.exclude_defaults) if isinstance(value, Columns) else dump(value)


Transitions = Annotated[tuple[Transition, ...], WrapValidator(_validated), WrapSerializer(_dumped)]
"""The transitions of a document: a tuple, or `Columns` where there are many."""
