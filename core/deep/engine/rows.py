"""How much a transition takes in the replay buffer. Needs no torch."""


def row_width(stored: int, actions: int) -> int:
    """R, numbers of one row: two observations of `stored` numbers, action, reward, ended, factor, and what is blocked of A actions."""
    return 2 * stored + 4 + actions


def transition_bytes(stored: int, actions: int, steps: int = 1, prioritised: bool = False) -> int:
    """Bytes that one transition of one member takes in a replay of n `steps`: its row, the n-step track, its share of the sum tree.

    Args:
        stored: numbers kept for one observation.
        actions: A.
        steps: n.
        prioritised: whether there is a tree.
    """
    return 4 * row_width(stored, actions) + (8 if steps > 1 else 0) + (16 if prioritised else 0)
