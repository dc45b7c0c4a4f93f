"""Where the hand is on the grid: what mouse and keys mean in cells."""

from dataclasses import dataclass

from core.worlds.shapes import Place


@dataclass(frozen=True)
class Hand:
    """A press, a move or a release.

    Attributes:
        cell: the cell under the mouse, or nearest to it.
        way: the side of it that is nearest: "up", "right", "down" or "left".
        inside: whether it is on the grid.
        pressed: whether a button is held.
        erase: whether that is the right button.
        shift, ctrl: whether these keys are held.
    """

    cell: Place
    way: str = "up"
    inside: bool = True
    pressed: bool = False
    erase: bool = False
    shift: bool = False
    ctrl: bool = False
