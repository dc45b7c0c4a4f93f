"""What formats of finite worlds share: tables made of rows that were read, and tables as formats want them that cannot say everything."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from pydantic import ValidationError

from core.config import explain
from core.errors import ValuescapeError, WorldError
from core.worlds.build import from_rows
from core.worlds.document import Rules
from core.worlds.mdp import Bools, FiniteMDP, Floats, Ints
from core.worlds.table import TableWorld
from core.worlds.table_edits import table_of

MOST_ROWS = 1_000_000
"""Transitions of a world that is read at most."""
LARGEST_REWARD = 1e9
END = "end"
"""The state that is added where a format has none to end in."""


class Rows(NamedTuple):
    """Transitions, [N] each."""

    state: Ints
    action: Ints
    next_state: Ints
    probability: Floats
    reward: Floats
    terminated: Bools

    def where(self, kept: Bools) -> "Rows":
        """Those of the rows that a mask [N] keeps."""
        columns: list[Any] = [column[kept] for column in self]
        return Rows(*columns)


@contextmanager
def located(where: str) -> Iterator[None]:
    """Errors of what is done here name the file."""
    try:
        yield
    except ValidationError as error:
        fault = explain(TableWorld, error, where)
        raise WorldError(fault.what, where=fault.where, remedy=fault.remedy) from None
    except ValuescapeError as error:
        place = f"{where}, {error.where}" if error.where else where
        raise WorldError(error.what, where=place, remedy=error.remedy) from None


def table(where: str, states: Sequence[str], actions: Sequence[str], rows: Rows, start: ArrayLike | None = None, **rest: Any) -> TableWorld:
    """A table of rows that were read.

    Args:
        where: the file.
        start: [S] probabilities; those of terminal states are left out. Uniform over the others if None.
        rest: further fields of the document, such as title and discount.

    Raises:
        WorldError: naming the file, and the state and action at fault.
    """
    if len(rows.state) > MOST_ROWS:
        raise WorldError(f"{len(rows.state):,} transitions are too many; there may be {MOST_ROWS:,}", where=where)
    with located(where):
        wild = ~(np.abs(rows.reward) <= LARGEST_REWARD)
        if wild.any():
            raise WorldError(f"the reward {rows.reward[wild][0]:g} is not possible", remedy="Rewards must lie from -1e9 to 1e9")
        known = {name: rest[name] for name in ("discount", "step_limit") if name in rest}
        if start is not None:
            start = np.asarray(start, np.float64)
            if start.shape == (len(states),) and (start >= 0).all() and abs(start.sum() - 1) < 1e-6:
                going = np.zeros(len(states))
                going[rows.state] = start[rows.state]
                start = going / going.sum() if going.any() else start
        mdp = from_rows(
            states, actions, state=rows.state, action=rows.action, next_state=rows.next_state, probability=rows.probability,
            reward=rows.reward, terminated=rows.terminated, start=start, **known,
        )  # fmt: skip
        defaults = Rules()
        return table_of(mdp, **({"discount": defaults.discount, "step_limit": defaults.step_limit} | rest))


def without_standstill(rows: Rows, ends: bool = False) -> Rows:
    """Rows without those of states where every action stays for nothing: such a state is terminal. All, where all states are such.

    Args:
        ends: whether only what ends the episode counts as staying.
    """
    stays = (rows.next_state == rows.state) & (rows.reward == 0) & (rows.terminated | (not ends))
    moving = np.unique(rows.state[~stays & (rows.probability > 0)])
    kept = np.isin(rows.state, moving)
    return rows.where(kept) if len(moving) else rows


class Plain(NamedTuple):
    """A table without what most formats lack: episodes end in terminal states only, and these lead to themselves for nothing.

    States where every action stays for nothing, and no episode starts, are among them.

    Attributes:
        states: S names; `END` is last where it was needed.
        actions: A names.
        rows: by state, action and next state, none of which comes twice.
        terminal: [S] bool.
        available: [S, A] bool, what can be done in the world itself; in terminal states nothing.
        start: [S] float64.
    """

    states: tuple[str, ...]
    actions: tuple[str, ...]
    rows: Rows
    terminal: Bools
    available: Bools
    start: Floats


def plain(mdp: FiniteMDP, complete: bool) -> Plain:
    """The table in plain terms; with `complete`, an unavailable action does what the first available one of its state does."""
    state = np.repeat(mdp.pair_state, np.diff(mdp.outcome_offsets))
    action = np.repeat(mdp.pair_action, np.diff(mdp.outcome_offsets))
    following, probability, reward = mdp.next_state.copy(), mdp.probability, mdp.reward
    states, start = tuple(mdp.state_names), mdp.start
    terminal = mdp.absorbing | (_idle(mdp) & (start == 0))
    kept = ~terminal[state]
    available = mdp.available & ~terminal[:, None]
    cut = mdp.terminated[kept] & ~terminal[following[kept]]
    state, action, following, probability, reward = state[kept], action[kept], following[kept], probability[kept], reward[kept]
    if cut.any():
        following[cut] = len(states)
        states = (*states, _unused(END, states))
        terminal, start = np.append(terminal, True), np.append(start, 0.0)
        available = np.vstack([available, np.zeros(mdp.actions, bool)])
    state, action, following, probability, reward = _merged(state, action, following, probability, reward)
    if complete:
        missing = ~available & ~terminal[:, None]
        first = np.argmax(available, axis=1)
        sources, actions = np.nonzero(missing)
        pair = state * mdp.actions + action
        begins = np.searchsorted(pair, sources * mdp.actions + first[sources])
        counts = np.searchsorted(pair, sources * mdp.actions + first[sources], side="right") - begins
        copied = np.repeat(begins - np.append(0, np.cumsum(counts))[:-1], counts) + np.arange(counts.sum())
        state, following = np.append(state, state[copied]), np.append(following, following[copied])
        action = np.append(action, np.repeat(actions, counts))
        probability, reward = np.append(probability, probability[copied]), np.append(reward, reward[copied])
    over = np.flatnonzero(terminal)
    stay = np.repeat(over, mdp.actions)
    state, following = np.append(state, stay), np.append(following, stay)
    action = np.append(action, np.tile(np.arange(mdp.actions), len(over)))
    probability, reward = np.append(probability, np.ones(len(stay))), np.append(reward, np.zeros(len(stay)))
    order = np.lexsort((following, action, state))
    rows = Rows(state[order], action[order], following[order], probability[order], reward[order], np.zeros(len(order), bool))
    return Plain(states, tuple(mdp.action_names), rows, terminal, available, start)


def plain_loses(mdp: FiniteMDP) -> list[str]:
    """What `plain` leaves out, and what of it is read otherwise, in sentences."""
    lost = []
    idle = _idle(mdp)
    over = mdp.absorbing | (idle & (mdp.start == 0))
    state = np.repeat(mdp.pair_state, np.diff(mdp.outcome_offsets))
    action = np.repeat(mdp.pair_action, np.diff(mdp.outcome_offsets))
    cut = mdp.terminated & ~over[mdp.next_state] & ~over[state]
    if cut.any():
        lost.append(f"{cut.sum():,} transitions that end the episode in a state with actions lead to a new state '{END}'.")
    to = np.where(cut, mdp.states, mdp.next_state)
    if len(np.unique((state * mdp.actions + action) * (mdp.states + 1) + to)) < len(to):
        lost.append("Outcomes with the same next state but different rewards become one with their mean reward.")
    if idle.any():
        lost.append(
            f"The state '{mdp.state_names[int(np.argmax(idle))]}', where every action stays for nothing, is read as a terminal one."
        )
    return lost


def incomplete(mdp: FiniteMDP) -> list[str]:
    """A sentence where some actions are unavailable in states that are not terminal."""
    missing = int((~mdp.available[~mdp.absorbing]).sum())
    if not missing:
        return []
    return [f"Where an action is unavailable, it does what the first available one does ({missing:,} times)."]


def names_lost(mdp: FiniteMDP) -> list[str]:
    """A sentence where names of states or actions are more than their numbers."""
    lost = [what for what, names in (("states", mdp.state_names), ("actions", mdp.action_names))
            if tuple(names) != tuple(map(str, range(len(names))))]  # fmt: skip
    return [f"The names of {' and '.join(lost)} become numbers."] if lost else []


def rules_lost(mdp: FiniteMDP, *names: str) -> list[str]:
    """A sentence for each of "discount", "step_limit" and "start" that is not what a file that says nothing of it is read with."""
    defaults = Rules()
    lost = []
    if "discount" in names and mdp.discount != defaults.discount:
        lost.append(f"The discount, {mdp.discount:g}, is not kept.")
    if "step_limit" in names and mdp.step_limit != defaults.step_limit:
        limited = f"The step limit, {mdp.step_limit:,} steps, is not kept."
        lost.append(limited if mdp.step_limit else "That there is no step limit is not kept.")
    active = ~mdp.absorbing
    if "start" in names and not (mdp.start == active / active.sum()).all():
        lost.append("Where episodes start is not kept.")
    return lost


def _idle(mdp: FiniteMDP) -> Bools:
    """[S] states where every action stays for nothing; none, where all that have actions are such."""
    state = np.repeat(mdp.pair_state, np.diff(mdp.outcome_offsets))
    moving = np.zeros(mdp.states, bool)
    moving[state[(mdp.next_state != state) | (mdp.reward != 0)]] = True
    return ~moving & ~mdp.absorbing & moving.any()


def _merged(state: Ints, action: Ints, following: Ints, probability: Floats, reward: Floats) -> tuple[Ints, Ints, Ints, Floats, Floats]:
    """Rows in order, with equal outcomes as one: the sum of their probabilities and their mean reward."""
    order = np.lexsort((following, action, state))
    state, action, following = state[order], action[order], following[order]
    probability, reward = probability[order], reward[order]
    same = (state[1:] == state[:-1]) & (action[1:] == action[:-1]) & (following[1:] == following[:-1])
    if not same.any():
        return state, action, following, probability, reward
    first = np.flatnonzero(np.append(True, ~same))
    total = np.add.reduceat(probability, first)
    single = np.diff(np.append(first, len(state))) == 1
    mean = np.where(single, reward[first], np.add.reduceat(probability * reward, first) / total)
    return state[first], action[first], following[first], total, mean


def _unused(name: str, names: Sequence[str]) -> str:
    """The name, with a number behind it where it is taken."""
    taken, number, found = set(names), 2, name
    while found in taken:
        found, number = f"{name} {number}", number + 1
    return found
