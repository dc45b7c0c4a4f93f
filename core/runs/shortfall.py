"""How much a policy falls short of the optimal one, from the start: the sum of what each step gives away.

With loss(s) = V*(s) - Q*(s, pi(s)) >= 0, what the step from s gives away if all is done well afterwards, and L = V* - V_pi,

    L(s) = loss(s) + gamma sum over s' of p(s' | s, pi(s)) L(s'),      J* - J_pi = sum over s of start(s) L(s)

(the performance difference lemma, Kakade and Langford 2002, lemma 6.1). Nothing cancels: the gap of an optimal policy is exactly 0, and
that of a nearly optimal one has its first digits right. Only states that the policy reaches from the start count.

Those are found depth first. Sweeps in place then go from the last states to the first, so that without cycles one is enough; a state's
way back to itself is solved for. L grows from 0. If a sweep changes no L by more than d, every L is within d max tau of the limit, tau(s)
being the discounted number of steps still to come (`core.planning.engine.direct`); the same sweeps count tau, and where one changed no
tau by more than t < 1, the true tau is at most tau / (1 - t). So the bound holds at every discount. A policy that goes on for long needs
many sweeps; when they have taken their time, one sparse solve ends the matter where its factors stay small.
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled
from core.worlds.mdp import FiniteMDP

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRECISE = 1e-6
"""The error that ends the sweeps, as a share of the gap."""
ROUGH = 1e-2
"""The error that is accepted when the work is used up and no solve is affordable, as a share of the gap."""
SHORT, LONG = 1_000_000, 5_000_000
"""Outcomes that sweeps look at: until a solve takes over, and where none can; some 4 and 20 ms."""
SMALL = 2_000
"""States up to which any solve is affordable."""
NARROW = 2_000_000
"""States times the farthest number that a transition jumps, up to which a solve is: a grid of 100 by 100 has half as much."""


def affordable(mdp: FiniteMDP) -> bool:
    """Whether one sparse solve takes some 20 ms at most; where anything may follow anything, factors fill up."""
    source = np.repeat(mdp.pair_state, np.diff(mdp.outcome_offsets))
    jump = int(np.abs(mdp.next_state - source).max(where=~mdp.terminated, initial=1))
    return mdp.states <= SMALL or mdp.states * jump <= NARROW


def shortfall(mdp: FiniteMDP, loss: Floats, policy: Ints, discount: float, solvable: bool) -> float:
    """J* - J_pi from the start distribution.

    Args:
        mdp: the world.
        loss: [P] float64, what each pair gives away, at least 0.
        policy: [S] int64, the pair taken; -1 in absorbing states.
        discount: from 0 to 1.
        solvable: see `affordable`.

    Returns:
        Within a millionth of itself, in large and entangled worlds within 1 %; NaN where that takes too long, or where, at discount 1, an
        episode may never end.
    """
    where = mdp.outcome_offsets, mdp.next_state, mdp.continuation
    reached = reach(*where, policy, mdp.start)
    if discount == 1.0 and not all_end(*where, policy, reached):
        return np.nan
    gap, bound = sweep(*where, loss, policy, mdp.start, discount, reached, SHORT if solvable else LONG)
    if bound <= PRECISE * gap:
        return gap
    if solvable:
        return solved(mdp, loss, policy, discount, reached)
    return gap if bound <= ROUGH * gap else np.nan


def solved(mdp: FiniteMDP, loss: Floats, policy: Ints, discount: float, reached: Ints) -> float:
    """The same by one sparse solve over the states reached [n]; NaN where episodes are so long that rounding decides it."""
    from scipy.sparse import csc_array, eye_array
    from scipy.sparse.linalg import splu

    pairs = policy[reached]
    sizes = np.diff(mdp.outcome_offsets)[pairs]
    outcomes = np.repeat(mdp.outcome_offsets[pairs + 1] - np.cumsum(sizes), sizes) + np.arange(sizes.sum())
    place = np.full(mdp.states, -1)
    place[reached] = np.arange(len(reached))
    row, column, share = np.repeat(np.arange(len(reached)), sizes), place[mdp.next_state[outcomes]], mdp.continuation[outcomes]
    used = (share > 0) & (column >= 0)
    ahead = csc_array((discount * share[used], (row[used], column[used])), shape=(len(reached), len(reached)))
    matrix = csc_array(eye_array(len(reached)) - ahead)
    try:
        factors = splu(matrix)
    except RuntimeError:
        return np.nan
    lost, tau = factors.solve(np.column_stack([loss[pairs], np.ones(len(reached))])).T
    gap, left = float(mdp.start[reached] @ lost), float(np.abs(loss[pairs] - matrix @ lost).max())
    return gap if tau.min() >= 0.5 and 2 * left * tau.max() <= ROUGH * gap else np.nan


@compiled
def reach(outcome_offsets: Ints, next_state: Ints, continuation: Floats, policy: Ints, start: Floats) -> Ints:
    """[n] the states with actions that a policy reaches from the start; those after a state come before it, but for cycles."""
    states = len(policy)
    seen = policy < 0
    order, stack, edge = np.empty(states, np.int64), np.empty(states, np.int64), np.empty(states, np.int64)
    count = 0
    for first in range(states):
        if start[first] <= 0.0 or seen[first]:
            continue
        seen[first], stack[0], edge[0], top = True, first, outcome_offsets[policy[first]], 0
        while top >= 0:
            state, outcome = stack[top], edge[top]
            if outcome == outcome_offsets[policy[state] + 1]:
                order[count], count, top = state, count + 1, top - 1
                continue
            edge[top] += 1
            following = next_state[outcome]
            if continuation[outcome] > 0.0 and not seen[following]:
                seen[following], top = True, top + 1
                stack[top], edge[top] = following, outcome_offsets[policy[following]]
    return order[:count]


@compiled
def all_end(outcome_offsets: Ints, next_state: Ints, continuation: Floats, policy: Ints, reached: Ints) -> bool:
    """Whether every episode through the states reached [n] ends with probability 1: from each, the end can be reached."""
    ends = policy < 0
    left, found = len(reached), True
    while found:
        found = False
        for state in reached:
            if ends[state]:
                continue
            for outcome in range(outcome_offsets[policy[state]], outcome_offsets[policy[state] + 1]):
                if continuation[outcome] == 0.0 or ends[next_state[outcome]]:
                    ends[state] = found = True
                    left -= 1
                    break
    return left == 0


@compiled
def sweep(
    outcome_offsets: Ints, next_state: Ints, continuation: Floats, loss: Floats, policy: Ints, start: Floats, discount: float,
    reached: Ints, work: int,
) -> tuple[float, float]:  # fmt: skip
    """The gap and how far below the exact one it can be, after sweeps over the states reached [n] that look at `work` outcomes at most."""
    lost, tau = np.zeros(len(policy)), np.zeros(len(policy))
    gap, bound, looks = 0.0, np.inf, 0
    while looks < work:
        change = later = longest = gap = 0.0
        for state in reached:
            given, steps, stays = loss[policy[state]], 1.0, 0.0
            for outcome in range(outcome_offsets[policy[state]], outcome_offsets[policy[state] + 1]):
                following, weight = next_state[outcome], discount * continuation[outcome]
                looks += 1
                if following == state:
                    stays += weight
                else:
                    given += weight * lost[following]
                    steps += weight * tau[following]
            given, steps = given / (1.0 - stays), steps / (1.0 - stays)
            change, later, longest = max(change, abs(given - lost[state])), max(later, steps - tau[state]), max(longest, steps)
            lost[state], tau[state] = given, steps
            gap += start[state] * given
        bound = np.inf
        if change == 0.0:
            bound = 0.0
        elif later < 1.0:
            bound = change * longest / (1.0 - later)
        if bound <= PRECISE * gap:
            break
    return gap, bound
