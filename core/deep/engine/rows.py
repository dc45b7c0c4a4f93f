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


BLOCK = 256
"""Pictures of a block at most."""


def block_of(capacity: int, stack: int) -> int:
    """Pictures of a block of a replay of so many transitions in which `stack` are seen at once."""
    return min(BLOCK, capacity + stack)


def frames_kept(capacity: int, stack: int) -> int:
    """Pictures of one member for which there is room: whole blocks, and one more, since a block is let go as a whole."""
    block = block_of(capacity, stack)
    return (-(-(capacity + stack) // block) + 1) * block


def picture_bytes(capacity: int, screen: tuple[int, int, int]) -> int:
    """Bytes of the pictures of one member, (frames, rows, columns) of which are seen at once; the last one of each episode in the replay
    comes on top.
    """
    stack, rows, columns = screen
    return frames_kept(capacity, stack) * rows * columns
