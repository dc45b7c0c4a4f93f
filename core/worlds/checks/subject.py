"""A world that is looked through, with what several checks ask of it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.worlds.mdp import Bools, FiniteMDP, Ints
from core.worlds.world import World


@dataclass(frozen=True, eq=False)
class Subject:
    """A finite world and its transition table; None where it does not compile."""

    world: World
    mdp: FiniteMDP | None

    @property
    def table(self) -> FiniteMDP:
        """The transition table of a world that compiles."""
        assert self.mdp is not None
        return self.mdp

    @cached_property
    def source(self) -> Ints:
        """[T] the state that each outcome begins in."""
        return np.repeat(self.table.pair_state, np.diff(self.table.outcome_offsets))

    @cached_property
    def entered(self) -> Bools:
        """[T] whether an outcome comes to its next state: not where the episode ends although that state has actions."""
        return ~self.table.terminated | self.table.absorbing[self.table.next_state]

    @cached_property
    def visited(self) -> Bools:
        """[S] whether a state can be come to from where episodes start."""
        return spread(self.source[self.entered], self.table.next_state[self.entered], self.table.start > 0)

    def leading_to(self, states: Bools) -> Bools:
        """[S] from which states one of these can be come to."""
        return spread(self.table.next_state[self.entered], self.source[self.entered], states)

    def names(self, states: Bools | Ints) -> tuple[str, ...]:
        """Names of states, by mask or number."""
        numbers = np.flatnonzero(states) if states.dtype == bool else states
        return tuple(self.table.state_names[state] for state in numbers.tolist())


def spread(source: Ints, target: Ints, first: Bools) -> Bools:
    """[S] what can be come to along edges from the first ones, these included. Takes time linear in the edges."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    count = len(first)
    begin = np.flatnonzero(first)
    row = np.concatenate([source, np.full(len(begin), count)])
    column = np.concatenate([target, begin])
    graph = csr_array((np.ones(len(row), np.int8), (row, column)), shape=(count + 1, count + 1))
    graph.data[:] = 1  # equal edges were added up, and 256 of them are none
    found = np.zeros(count + 1, bool)
    found[breadth_first_order(graph, count, return_predecessors=False)] = True
    return found[:count]
