"""Markov chains and Markov reward processes: decision processes with one action, hence the same table.

A state without actions is absorbing. Theory: Kemeny and Snell (1960), chapters 3 and 4; Puterman (1994), appendix A.
Everything is sparse; scipy is imported when something is asked. Every function raises WorldError, naming the first state
at fault, where a state has more than one action; `induced` makes a chain of such a table and a policy.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from core.errors import WorldError
from core.worlds.arrays import from_arrays, from_sparse
from core.worlds.build import TOLERANCE, from_rows
from core.worlds.mdp import FiniteMDP, Floats, Ints


class Recurrent(NamedTuple):
    """A recurrent class: once entered it is never left, and every state of it is visited again and again.

    Attributes:
        states: [n] int64, ascending.
        distribution: [n] float64, its stationary distribution: the share of time spent in each.
    """

    states: Ints
    distribution: Floats


class Absorption(NamedTuple):
    """Where a chain ends up and how long that takes.

    Attributes:
        classes: the C recurrent classes, by their first state.
        probability: [S, C] float64, of ending up in each.
        steps: [S] float64, expected steps until one is entered; 0 within.
    """

    classes: list[Ints]
    probability: Floats
    steps: Floats


class Paths(NamedTuple):
    """Sampled paths.

    Attributes:
        states: [paths, steps + 1] int64; after its end a path stays where it ended.
        rewards: [paths, steps] float64; 0 after the end.
        lengths: [paths] int64, steps until the end, or all of them.
    """

    states: Ints
    rewards: Floats
    lengths: Ints


def from_matrix(matrix: Any, rewards: Any = None, *, state_names: Sequence[str] | None = None, **rest: Any) -> FiniteMDP:
    """A chain from probabilities [S, S], dense or scipy.sparse; with rewards [S] of the state that is left or [S, S], a reward process.

    A row of zeros is an absorbing state. `rest`: start and discount as for `core.worlds.build.from_rows`.
    """
    import scipy.sparse

    named = {"state_names": state_names, "action_names": ["step"]} | rest
    given = np.zeros(matrix.shape[0] if hasattr(matrix, "shape") else len(matrix)) if rewards is None else rewards
    if scipy.sparse.issparse(matrix):
        return from_sparse([matrix], given if np.ndim(given) == 1 else [scipy.sparse.csr_matrix(given)], **named)
    given = np.asarray(given, np.float64)
    return from_arrays([np.asarray(matrix, np.float64)], given[None] if given.ndim == 2 else given, layout="ASS", **named)


def induced(mdp: FiniteMDP, policy: ArrayLike) -> FiniteMDP:
    """The chain of a table under a policy.

    Args:
        policy: [S] int, the action in each state, or [S, A] float, their probabilities; what it says of terminal states is ignored.

    Raises:
        WorldError: naming the first state where it does not choose among the available actions.
    """
    given = np.asarray(policy)
    state, action = mdp.pair_state, mdp.pair_action
    if given.shape == (mdp.states,):
        weight = (given[state] == action).astype(float)
    elif given.shape == (mdp.states, mdp.actions):
        weight = given[state, action].astype(float)
    else:
        raise WorldError(f"a policy has the shape [{mdp.states}] or [{mdp.states}, {mdp.actions}], not {list(given.shape)}")
    total = np.bincount(state, weight, mdp.states)
    wrong = ~mdp.absorbing & ~(np.abs(total - 1) <= TOLERANCE)
    if wrong.any() or (weight < 0).any():
        first = int(np.argmax(wrong)) if wrong.any() else int(state[np.argmax(weight < 0)])
        raise WorldError(
            f"the policy's probabilities of the available actions add up to {total[first]:.10g}", where=f"state '{mdp.state_names[first]}'"
        )
    sizes = np.diff(mdp.outcome_offsets)
    return from_rows(
        mdp.state_names,
        ["policy"],
        state=np.repeat(state, sizes),
        action=np.zeros(len(mdp.next_state), np.int64),
        next_state=mdp.next_state,
        probability=mdp.probability * np.repeat(weight, sizes),
        reward=mdp.reward,
        terminated=mdp.terminated,
        start=mdp.start,
        discount=mdp.discount,
        step_limit=mdp.step_limit,
    )


def matrix(chain: FiniteMDP) -> Any:
    """scipy.sparse.csr_array [S, S] of transition probabilities; an absorbing state leads to itself.

    Raises:
        WorldError: where an episode ends in a state from which another outcome would go on.
    """
    import scipy.sparse

    source = _source(chain)
    both = chain.terminated & ~chain.absorbing[chain.next_state]
    if both.any():
        name = chain.state_names[int(chain.next_state[np.argmax(both)])]
        raise WorldError(
            "episodes end here, yet it has an action", where=f"state '{name}'", remedy="Let them end in a state without actions"
        )
    rest = np.flatnonzero(chain.absorbing)
    places = np.concatenate([source, rest]), np.concatenate([chain.next_state, rest])
    return scipy.sparse.csr_array((np.concatenate([chain.probability, np.ones(len(rest))]), places), shape=(chain.states, chain.states))


def recurrent(chain: FiniteMDP) -> list[Recurrent]:
    """Every recurrent class with its stationary distribution, by first state; it exists for periodic classes, too."""
    p = matrix(chain)
    return [Recurrent(states, _distribution(p[states][:, states])) for states in _classes(p)]


def stationary(chain: FiniteMDP) -> Floats:
    """[S] the stationary distribution; 0 in transient states.

    Raises:
        WorldError: where there are several recurrent classes, so that it is not unique; `recurrent` gives one for each.
    """
    classes = recurrent(chain)
    if len(classes) > 1:
        first, second = (chain.state_names[int(part.states[0])] for part in classes[:2])
        raise WorldError(
            f"the stationary distribution is not unique: nothing leads from state '{first}' to state '{second}' or back, "
            f"there are {len(classes)} recurrent classes",
            remedy="Ask for each of them",
        )
    found = np.zeros(chain.states)
    found[classes[0].states] = classes[0].distribution
    return found


def absorption(chain: FiniteMDP) -> Absorption:
    """Into which recurrent class the chain falls from every state, and after how many steps on average."""
    import scipy.sparse
    from scipy.sparse.linalg import splu

    p = matrix(chain)
    classes = _classes(p)
    member = np.full(chain.states, -1)
    for number, states in enumerate(classes):
        member[states] = number
    passing, settled = np.flatnonzero(member < 0), np.flatnonzero(member >= 0)
    probability, steps = np.zeros((chain.states, len(classes))), np.zeros(chain.states)
    probability[settled, member[settled]] = 1
    if len(passing):
        factors = splu(scipy.sparse.csc_array(scipy.sparse.eye_array(len(passing)) - p[passing][:, passing]))
        probability[passing] = factors.solve(p[passing] @ probability)
        steps[passing] = factors.solve(np.ones(len(passing)))
    return Absorption(classes, probability, steps)


def total_reward(chain: FiniteMDP, discount: float | None = None) -> Floats:
    """[S] expected discounted sum of rewards until the end, solved exactly.

    Args:
        discount: in place of the chain's own.

    Raises:
        WorldError: at discount 1, where rewards go on for ever and their sum has no limit.
    """
    import scipy.sparse
    from scipy.sparse.linalg import spsolve

    source, gamma = _source(chain), chain.discount if discount is None else discount
    shape = (chain.states, chain.states)
    ahead = scipy.sparse.csr_array((chain.continuation, (source, chain.next_state)), shape=shape)
    reward = np.zeros(chain.states)
    reward[~chain.absorbing] = chain.expected_reward
    counted = ~chain.absorbing
    if gamma == 1:
        ending = chain.absorbing.copy()
        ending[source[chain.terminated]] = True
        ahead.eliminate_zeros()
        endless = np.zeros(chain.states, bool)
        for states in _classes(ahead):
            endless[states] = not ending[states].any()
        paid = endless[source] & (chain.reward != 0)
        if paid.any():
            name = chain.state_names[int(source[np.argmax(paid)])]
            raise WorldError("rewards go on for ever and have no sum", where=f"state '{name}'", remedy="Choose a discount below 1")
        counted &= ~endless
    values = np.zeros(chain.states)
    if counted.any():
        system = scipy.sparse.eye_array(int(counted.sum())) - gamma * ahead[counted][:, counted]
        values[counted] = spsolve(scipy.sparse.csc_array(system), reward[counted])
    return values


def sample(chain: FiniteMDP, steps: int, stream: Generator, paths: int = 1) -> Paths:
    """Paths that start as the chain says, all moved at once; one draw for each start and for each step of each path."""
    _source(chain)
    pair = np.repeat(np.arange(chain.pairs), np.diff(chain.outcome_offsets))
    ladder = pair + chain.cumulative
    states, rewards = np.empty((paths, steps + 1), np.int64), np.zeros((paths, steps))
    lengths = np.full(paths, steps)
    start = np.cumsum(chain.start)
    states[:, 0] = np.searchsorted(start / start[-1], stream.random(paths), side="right")
    alive = np.ones(paths, bool)
    for step in range(steps):
        drawn = stream.random(paths)
        states[:, step + 1] = states[:, step]
        here = chain.state_offsets[states[alive, step]]
        outcome = np.minimum(np.searchsorted(ladder, here + drawn[alive], side="right"), chain.outcome_offsets[here + 1] - 1)
        states[alive, step + 1] = chain.next_state[outcome]
        rewards[alive, step] = chain.reward[outcome]
        moved = np.flatnonzero(alive)
        ended = moved[chain.terminated[outcome]]
        alive[ended], lengths[ended] = False, step + 1
    return Paths(states, rewards, lengths)


def _source(chain: FiniteMDP) -> Ints:
    """[T] the state that each outcome leaves; WorldError where there is a choice."""
    several = np.diff(chain.state_offsets) > 1
    if several.any():
        name = chain.state_names[int(np.argmax(several))]
        raise WorldError("a chain has one action in every state, here are more", where=f"state '{name}'", remedy="Fix a policy first")
    return np.repeat(chain.pair_state, np.diff(chain.outcome_offsets))


def _classes(p: Any) -> list[Ints]:
    """The closed classes of a sparse [S, S]: strongly connected components that no entry leaves."""
    from scipy.sparse.csgraph import connected_components

    count, label = connected_components(p, connection="strong")
    source = np.repeat(np.arange(p.shape[0]), np.diff(p.indptr))
    closed = np.ones(count, bool)
    closed[label[source[label[source] != label[p.indices]]]] = False
    states = np.flatnonzero(closed[label])
    ordered = states[np.argsort(label[states], kind="stable")]
    parts = np.split(ordered, np.flatnonzero(np.diff(label[ordered])) + 1)
    return sorted(parts, key=lambda part: int(part[0]))


def _distribution(p: Any) -> Floats:
    """[n] stationary distribution of one class: expected visits between two visits of its first state, scaled to add up to 1."""
    import scipy.sparse
    from scipy.sparse.linalg import spsolve

    visits = np.ones(p.shape[0])
    if len(visits) > 1:
        system = scipy.sparse.eye_array(len(visits) - 1) - p[1:, 1:]
        visits[1:] = spsolve(scipy.sparse.csc_array(system.T), p[[0], 1:].toarray().ravel())
    return visits / visits.sum()
