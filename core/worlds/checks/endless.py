"""What may go on for ever, and what that is worth at discount 1.

An end component is a set of states with some of their actions that never leave it, and in which every state leads to every other.
A policy can stay in one for ever, and whatever a policy does, it ends the episode or stays in one for ever in the end
(de Alfaro 1997, ch. 3). Its gain is the best mean reward of staying. The values there are infinite if it is above 0; minus
infinity is the value where no end can be reached and every gain is below 0 (Puterman 1994, ch. 7 and 10).

The gain of an end component is the same from all of its states. Value iteration without discount bounds it: after every sweep it
lies between the least and the largest change of a value (Puterman 1994, theorem 8.5.5, with steps that stay put half of the time so
that nothing is periodic, section 8.5.4).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.worlds.checks.problem import HINT, WARNING, Fix, Problem
from core.worlds.checks.subject import Subject
from core.worlds.mdp import Bools, FiniteMDP, Floats, Ints

WORK = 10**8
"""Outcomes looked at for gains of both signs at most; what is not decided by then is not spoken of."""
CLOSE = 1e-9
"""Gains up to this share of the largest reward count as 0."""


@dataclass(frozen=True, eq=False)
class Components:
    """The maximal end components.

    Attributes:
        label: [S] int64, which one a state belongs to, from 0; -1 for none.
        staying: [P] bool, the pairs that do not leave it.
        count: how many there are.
    """

    label: Ints
    staying: Bools
    count: int


def infinite(subject: Subject) -> Iterator[Problem]:
    """Values that are infinite, or minus infinity, at discount 1."""
    mdp = subject.table
    if mdp.discount < 1:
        return
    found = components(mdp)
    low, high = gains(mdp, found)
    fix = Fix("Lower the discount to 0.99", lambda: subject.world.model_copy(update={"discount": 0.99}))
    margin = CLOSE * max(float(np.abs(mdp.expected_reward).max()), 1e-300)
    if (low > margin).any():
        states = np.flatnonzero(np.append(low > margin, False)[found.label])
        names = subject.names(states)
        yield Problem("infinite", WARNING, f"At discount 1, rewards can be collected for ever from state '{names[0]}'", names, fix)
    safe = np.append(high >= -margin, False)[found.label]
    safe[subject.source[mdp.terminated]] = True
    lost = ~subject.leading_to(safe) & ~mdp.absorbing
    if lost.any():
        names = subject.names(lost)
        yield Problem("infinite", WARNING, f"At discount 1, costs add up for ever from state '{names[0]}', whatever is done", names, fix)


def unending(subject: Subject) -> Iterator[Problem]:
    """Episodes that may never end, where no step limit cuts them off."""
    mdp = subject.table
    if mdp.step_limit:
        return
    stuck = (components(mdp).label >= 0) & subject.visited
    if stuck.any():
        names = subject.names(stuck)
        fix = Fix("Set a step limit of 1,000", lambda: subject.world.model_copy(update={"step_limit": 1000}))
        yield Problem("unending", HINT, f"An episode may go on for ever from state '{names[0]}': there is no step limit", names, fix)


def components(mdp: FiniteMDP) -> Components:
    """The maximal end components: pairs that may leave are dropped until none does (de Alfaro 1997, algorithm 3.1)."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    pair = np.repeat(np.arange(mdp.pairs), np.diff(mdp.outcome_offsets))
    staying = np.ones(mdp.pairs, bool)
    staying[pair[mdp.terminated]] = False
    into = np.argsort(mdp.next_state, kind="stable")
    offsets = np.searchsorted(mdp.next_state[into], np.arange(mdp.states + 1))
    while True:
        _drop(mdp, staying, pair[into], offsets)
        kept = staying[pair]
        row, column = mdp.pair_state[pair[kept]], mdp.next_state[kept]
        graph = csr_array((np.ones(len(row), np.int8), (row, column)), shape=(mdp.states, mdp.states))
        _, part = connected_components(graph, directed=True, connection="strong")
        leaving = np.zeros(mdp.pairs, bool)
        leaving[pair[kept][part[row] != part[column]]] = True
        if not leaving.any():
            break
        staying &= ~leaving
    lasting = np.zeros(mdp.states, bool)
    lasting[mdp.pair_state[staying]] = True
    label = np.full(mdp.states, -1)
    used, numbers = np.unique(part[lasting], return_inverse=True)
    label[lasting] = numbers
    return Components(label, staying, len(used))


def _drop(mdp: FiniteMDP, staying: Bools, coming: Ints, offsets: Ints) -> None:
    """Drop the pairs that may come to a state without pairs, again and again; `coming` [T] are the pairs by the state they come to."""
    left = np.bincount(mdp.pair_state[staying], minlength=mdp.states)
    waiting = np.flatnonzero(left == 0).tolist()
    while waiting:
        state = waiting.pop()
        for pair in coming[offsets[state] : offsets[state + 1]].tolist():
            if staying[pair]:
                staying[pair] = False
                owner = mdp.pair_state[pair]
                left[owner] -= 1
                if not left[owner]:
                    waiting.append(int(owner))


def gains(mdp: FiniteMDP, found: Components) -> tuple[Floats, Floats]:
    """[components] lower and upper bounds of the best mean reward in each, tight enough to tell its sign where that can be told."""
    pairs = np.flatnonzero(found.staying)
    if not len(pairs):
        return np.empty(0), np.empty(0)
    reward = mdp.expected_reward[pairs]
    part = found.label[mdp.pair_state[pairs]]
    low, high = np.full(found.count, np.inf), np.full(found.count, -np.inf)
    np.minimum.at(low, part, reward)
    np.maximum.at(high, part, reward)
    rich = (low >= 0) & (high > 0)
    low[rich] = CLOSE * 2 * max(float(np.abs(mdp.expected_reward).max()), 1e-300)  # who is never charged and sometimes paid gains
    mixed = (low < 0) & (high > 0)
    if mixed.any():
        chosen = pairs[mixed[part]]
        low[mixed], high[mixed] = _bounds(mdp, chosen, found.label, mixed)
    return low, high


def _bounds(mdp: FiniteMDP, pairs: Ints, label: Ints, mixed: Bools) -> tuple[Floats, Floats]:
    """Bounds of the gain of the mixed components, from sweeps over their pairs until the signs are told or the work is done."""
    counts = np.diff(mdp.outcome_offsets)[pairs]
    outcomes = np.repeat(mdp.outcome_offsets[pairs] - np.append(0, np.cumsum(counts)[:-1]), counts) + np.arange(counts.sum())
    first = np.append(0, np.cumsum(counts)[:-1])
    states, own = np.unique(mdp.pair_state[pairs], return_index=True)
    number = np.full(mdp.states, -1)
    number[states] = np.arange(len(states))
    following, chance, reward = number[mdp.next_state[outcomes]], mdp.probability[outcomes], mdp.expected_reward[pairs]
    part = (np.cumsum(mixed) - 1)[label[states]]
    order = np.argsort(part, kind="stable")
    begin = np.flatnonzero(np.append(True, np.diff(part[order]) > 0))
    value = np.zeros(len(states))
    low, high = np.full(int(mixed.sum()), -np.inf), np.full(int(mixed.sum()), np.inf)
    margin = CLOSE * float(np.abs(reward).max())
    for _ in range(max(WORK // len(outcomes), 1)):
        q = reward + np.add.reduceat(chance * value[following], first)
        change = (np.maximum.reduceat(q, own) - value)[order]
        low = np.maximum(low, np.minimum.reduceat(change, begin))
        high = np.minimum(high, np.maximum.reduceat(change, begin))
        if ((low > margin) | (high < -margin) | (high - low < margin)).all():
            break
        value[order] += 0.5 * change
        value -= np.minimum.reduceat(value[order], begin)[part]
    return low, high
