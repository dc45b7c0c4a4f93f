"""Sum trees (Schaul et al. 2016, appendix B.2.1): draw from C places in proportion to their priorities, in O(log C).

A tree is [2 C] float64: node i is the sum of nodes 2 i and 2 i + 1, node 1 the sum of all, node C + p the priority of place p.
C need not be a power of 2. Parents are always computed from their children, never moved by a difference, so that no rounding
gathers and a tree follows from its priorities to the bit.
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@borrowing
def build(trees: Floats) -> None:
    """Sum up [K, 2 C] trees whose priorities were written."""
    for member in range(trees.shape[0]):
        for node in range(trees.shape[1] // 2 - 1, 0, -1):
            trees[member, node] = trees[member, 2 * node] + trees[member, 2 * node + 1]


@borrowing
def put(tree: Floats, place: int, priority: float) -> None:
    """Give a place of one tree [2 C] a priority."""
    node = tree.shape[0] // 2 + place
    tree[node] = priority
    while node > 1:
        node //= 2
        tree[node] = tree[2 * node] + tree[2 * node + 1]


@borrowing
def find(tree: Floats, masses: Floats, places: Ints) -> None:
    """Write the places of one tree [2 C] at which the priorities, in its order, first add up to more than each mass.

    A place with priority 0 is never found, however the sums were rounded, unless there is no other. All masses go down the tree
    side by side and without branches: they wait for memory together, which halves the time.

    Args:
        tree: [2 C].
        masses: [B] from 0 to tree[1]; overwritten.
        places: [B] receives the places.
    """
    capacity = tree.shape[0] // 2
    places[:] = 1
    level = 1
    while level < capacity:
        for which in range(places.shape[0]):
            node = places[which]
            if node < capacity:
                left, right = tree[2 * node], tree[2 * node + 1]
                beyond = (masses[which] >= left) & (right > 0.0)
                masses[which] -= left * beyond
                places[which] = 2 * node + beyond
        level *= 2
    places -= capacity
