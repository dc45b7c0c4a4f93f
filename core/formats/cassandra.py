"""Cassandra's text files of decision processes: https://www.pomdp.org/code/pomdp-file-spec.html

Of a partially observable process all but the observations is read: the agent then sees the state. Terminal states are not told there; one
where every action stays for nothing is read as terminal, and written so. Rows of probabilities that are rounded are divided by their sum.
"""

from typing import Any

import numpy as np

from core.errors import WorldError
from core.formats.cassandra_parser import MOST, NAME, RESERVED, Parser
from core.formats.format import Format, Found
from core.formats.tables import Rows, incomplete, plain, plain_loses, rules_lost, table, without_standstill
from core.formats.texts import decoded
from core.worlds.world import World

LARGEST = 32 * 2**20
"""Bytes that are read at most."""
ROUNDED = 1e-4
"""How far probabilities of a state and action may be from adding up to 1."""


def read(data: bytes, where: str) -> Found:
    """The fully observed part of a process."""
    process = Parser(decoded(data, where, LARGEST), where).process()
    action, state, following = np.nonzero(process.transitions)
    probability = process.transitions[action, state, following]
    total = process.transitions.sum(axis=2)
    rounded = (np.abs(total - 1) <= ROUNDED) & (np.abs(total - 1) > 1e-9)
    probability = np.where(rounded[action, state], probability / np.where(rounded, total, 1.0)[action, state], probability)
    rows = Rows(state, action, following, probability, process.rewards[action, state, following], np.zeros(len(state), bool))
    rows = without_standstill(rows)
    notes = []
    if process.observations:
        notes.append(f"Its {process.observations} observations are left out: the agent sees the state itself.")
    if rounded.any():
        notes.append("Rounded probabilities are divided by their sum.")
    start = process.start
    if start is not None and abs(start.sum() - 1) <= ROUNDED and (start >= 0).all():
        start = start / start.sum()
    return Found(table(where, process.states, process.actions, rows, start, discount=process.discount), tuple(notes))


def write(world: World, name: str) -> bytes:
    """A line for each transition, numbers in full as decimals."""
    mdp = world.compile()
    if (mdp.states + 1) ** 2 * mdp.actions > MOST:
        raise WorldError(f"{mdp.states:,} states and {mdp.actions:,} actions are too many for this format", where=name)
    told = plain(mdp, complete=True)
    states, actions = (_spelt(names) for names in (told.states, told.actions))
    title = " ".join(world.title.split())
    lines = [f"# {title}"] if title else []
    lines += [f"discount: {_decimal(mdp.discount)}", "values: reward"]
    for what, names, spelt in (("states", told.states, states), ("actions", told.actions, actions)):
        lines.append(f"{what}: {' '.join(spelt) if spelt[0] == names[0] and not spelt[0].isdecimal() else len(names)}")
    lines += [f"start: {' '.join(map(_decimal, told.start.tolist()))}", ""]
    rows = list(zip(*(column.tolist() for column in told.rows[:5]), strict=True))
    lines += [f"T: {actions[a]} : {states[s]} : {states[n]} {_decimal(p)}" for s, a, n, p, _ in rows]
    lines += [""] + [f"R: {actions[a]} : {states[s]} : {states[n]} {_decimal(r)}" for s, a, n, _, r in rows if r]
    return ("\n".join(lines) + "\n").encode()


def loses(world: World) -> list[str]:
    """Step limit, names that it cannot spell, and what `plain` leaves out."""
    mdp = world.compile()
    lost = plain_loses(mdp) + incomplete(mdp) + rules_lost(mdp, "step_limit")
    for what, names in (("states", mdp.state_names), ("actions", mdp.action_names)):
        if _spelt(names) != list(names):
            lost.append(f"The names of {what} become numbers: such names are letters, digits, - and _.")
    return lost


def own(data: bytes) -> bool:
    """Whether it begins as such files do."""
    lines = (line.partition(b"#")[0].strip() for line in data[:100_000].splitlines())
    return next((line for line in lines if line), b"").startswith((b"discount", b"values", b"states", b"actions", b"observations"))


def _spelt(names: Any) -> list[str]:
    """The names where all can be written, else their numbers."""
    fits = len(set(names)) == len(names) and all(NAME.fullmatch(name) and name not in RESERVED for name in names)
    return list(names) if fits else [str(number) for number in range(len(names))]


def _decimal(value: float) -> str:
    """With a digit before and after the point, and reading back as the same number."""
    return np.format_float_positional(value, unique=True, trim="0")


FORMAT = Format(
    name="mdp",
    title="Cassandra's MDP",
    description="The text format of pomdp-solve, for processes that are observed fully.",
    extensions=(".mdp",),
    read=read,
    write=write,
    loses=loses,
    own=own,
    order=70,
)
