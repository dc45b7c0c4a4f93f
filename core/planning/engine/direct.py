"""Linear algebra of one policy: its values by one sparse solve, and whether its episodes end.

A policy is given as `weights` [P] float64: the probability of each pair in its state. With P_pi [S, S] the probabilities of going on
and r_pi [S] the mean rewards,

    V_pi = (I - gamma P_pi)^-1 r_pi,      tau = (I - gamma P_pi)^-1 1,

where tau(s) is the discounted number of steps still to come. The inverse has no negative entry, so that any V differs from V_pi by at
most max tau times ||r_pi + gamma P_pi V - V|| (Puterman 1994, section 6.1); max tau is at most 1 / (1 - gamma), and it is finite at
discount 1, too, if every episode ends. scipy is imported when first needed.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import WorldError
from core.worlds.mdp import FiniteMDP

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def one_hot(mdp: FiniteMDP, policy: Ints) -> Floats:
    """[P] weights of the policy that takes pair policy[s] in state s."""
    weights = np.zeros(mdp.pairs)
    weights[policy[~mdp.absorbing]] = 1.0
    return weights


def solve_policy(mdp: FiniteMDP, weights: Floats, discount: float) -> tuple[Floats, float]:
    """[S] the policy's values, refined once, and the largest tau. At discount 1 every episode must end: see `endless`."""
    from scipy.sparse import csc_array, eye_array
    from scipy.sparse.linalg import splu

    state, weight = _outcomes(mdp, weights * discount)
    shares = weight * mdp.continuation
    used = shares > 0
    going_on = csc_array((shares[used], (state[used], mdp.next_state[used])), shape=(mdp.states, mdp.states))
    reward = np.bincount(mdp.pair_state, weights * mdp.expected_reward, mdp.states)
    matrix = csc_array(eye_array(mdp.states) - going_on)
    factors = splu(matrix)
    values, steps = factors.solve(np.column_stack([reward, np.ones(mdp.states)])).T
    return values + factors.solve(reward - matrix @ values), float(steps.max())


def endless(mdp: FiniteMDP, weights: Floats | None) -> str | None:
    """The first state from which episodes under a policy never end; None where all end with probability 1.

    Args:
        mdp: the world.
        weights: [P] the policy; None asks whether any policy ends them.
    """
    reached = _towards_end(mdp, weights)[0]
    return None if reached.all() else mdp.state_names[int(np.argmin(reached))]


def ending_policy(mdp: FiniteMDP) -> Ints:
    """[S] a pair for each state so that every episode ends: each leads one step nearer to the end with a probability above 0.

    Raises:
        WorldError: where no policy ends every episode.
    """
    state_name = endless(mdp, None)
    if state_name is not None:
        raise WorldError(f"At discount 1, no policy ends an episode from state '{state_name}'", remedy="Lower the discount")
    _, nearer = _towards_end(mdp, None)
    state, _ = _outcomes(mdp, np.ones(mdp.pairs))
    leads = np.where(nearer[state] == mdp.states, mdp.terminated, (mdp.next_state == nearer[state]) & ~mdp.terminated)
    outcomes = np.flatnonzero(leads)
    states, first = np.unique(state[outcomes], return_index=True)
    policy = mdp.state_offsets[:-1].copy()
    policy[states] = np.searchsorted(mdp.outcome_offsets, outcomes[first], side="right") - 1
    return policy


def _outcomes(mdp: FiniteMDP, weights: Floats) -> tuple[Ints, Floats]:
    """[T] each outcome's state and the weight of its pair."""
    sizes = np.diff(mdp.outcome_offsets)
    return np.repeat(mdp.pair_state, sizes), np.repeat(weights, sizes)


def _towards_end(mdp: FiniteMDP, weights: Floats | None) -> tuple[Bools, Ints]:
    """[S] whether the end can be reached; [S] the next state on a shortest way there, S for the end itself. Backwards, breadth first."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    state, weight = _outcomes(mdp, np.ones(mdp.pairs) if weights is None else weights)
    used = weight > 0
    from_where: Any = np.concatenate([np.where(mdp.terminated, mdp.states, mdp.next_state)[used], np.full(mdp.absorbing.sum(), mdp.states)])
    to_where = np.concatenate([state[used], np.flatnonzero(mdp.absorbing)])
    backwards = csr_array((np.ones(len(from_where)), (from_where, to_where)), shape=(mdp.states + 1, mdp.states + 1))
    order, nearer = breadth_first_order(backwards, mdp.states)
    reached = np.zeros(mdp.states + 1, bool)
    reached[order] = True
    return reached[:-1], nearer[:-1].astype(np.int64)
