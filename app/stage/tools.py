"""What a person paints with."""

from dataclasses import dataclass

from core.worlds.grid import Cell


@dataclass(frozen=True)
class Tool:
    """A brush.

    Attributes:
        cell: what it paints; None only looks.
        title: as shown.
        tip: what the cell means to the agent.
        key: the key that picks it.
    """

    cell: Cell | None
    title: str
    tip: str
    key: str


TOOLS = (
    Tool(None, "Look", "Show what is known of the cell under the mouse; nothing is painted.", "V"),
    Tool(Cell.wall, "Wall", "Cannot be entered: the agent stays where it is.", "W"),
    Tool(Cell.goal, "Goal", "Earns the goal reward and ends the episode.", "G"),
    Tool(Cell.trap, "Trap", "Earns the trap reward; ends the episode where the rules say so.", "T"),
    Tool(Cell.start, "Start", "Where episodes begin. Ctrl keeps other starts: one of them is drawn at random.", "S"),
    Tool(Cell.floor, "Erase", "Back to floor. The right mouse button erases with every tool.", "E"),
)
