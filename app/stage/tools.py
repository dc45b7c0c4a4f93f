"""What a person draws with: a tool says what is drawn, a shape says where."""

from dataclasses import dataclass

from core.worlds.grid import Cell


@dataclass(frozen=True)
class Tool:
    """A brush.

    Attributes:
        cell: what it paints; None where it changes something else.
        title: as shown.
        tip: what it means to the agent.
        key: the key that picks it.
        option: what is chosen for it in the strip above the grid: the name of a field of `Options`, or nothing.
        group: tools of a group stand together.
        icon: the drawing on its button where it paints no cell.
    """

    cell: Cell | None
    title: str
    tip: str
    key: str
    option: str = ""
    group: int = 0
    icon: str = ""


@dataclass(frozen=True)
class Shape:
    """How the cells of a stroke are chosen, with the same attributes as a tool."""

    name: str
    title: str
    tip: str
    key: str
    icon: str


@dataclass(frozen=True)
class Options:
    """What is chosen for the tools.

    Attributes:
        reward: what entering a cell earns.
        slip: probability of going astray to each side.
        weight: how often a start is drawn, compared with 1.
        wind: direction and strength in cells.
        letter: of keys and doors.
        passing: "wall", or "one way" for a fence that is crossed from the side of the mouse.
    """

    reward: float = 1.0
    slip: float = 0.1
    weight: float = 1.0
    wind: tuple[str, int] = ("up", 1)
    letter: str = "a"
    passing: str = "wall"


SELECT = Tool(
    None,
    "Select",
    "Click a cell to see what is said of it; drag a region to move, copy, mirror or rotate it.",
    "V",
    icon="select",
)
ERASE = Tool(Cell.floor, "Erase", "Back to floor. The right mouse button and Backspace erase with every tool.", "E")
START = Tool(Cell.start, "Start", "Where episodes begin. Ctrl keeps other starts: one of them is drawn at random.", "S", "weight", 1)
PORTAL = Tool(Cell.portal_1, "Portal", "Who enters comes out of the other end: click one cell, then the other.", "O", group=2)
KEY = Tool(Cell.key_a, "Key", "Opens the doors of its letter from then on: each key doubles the states there may be.", "K", "letter", 2)
DOOR = Tool(Cell.door_a, "Door", "Shut like a wall until the agent holds the key of its letter.", "D", "letter", 2)
REWARD = Tool(None, "Reward", "What entering a cell earns, in place of that of its kind.", "R", "reward", 3, "reward")
SLIP = Tool(None, "Slip", "Probability of going astray to each side when leaving a cell, in place of the world's.", "N", "slip", 3, "slip")
WIND = Tool(None, "Wind", "Carries everyone who leaves a cell some cells further.", "B", "wind", 3, "wind")
FENCE = Tool(
    None, "Fence", "A wall between two cells, or a side that is crossed one way only: click near a side. Alt and an arrow key do the same.",
    "H", "passing", 3, "fence",
)  # fmt: skip

TOOLS = (
    SELECT,
    ERASE,
    Tool(Cell.wall, "Wall", "Cannot be entered: the agent stays where it is.", "W", group=1),
    START,
    Tool(Cell.goal, "Goal", "Earns the goal reward and ends the episode.", "G", group=1),
    Tool(Cell.trap, "Trap", "Earns the trap reward; ends the episode where the rules say so.", "T", group=1),
    Tool(Cell.end, "End", "A terminal state: entering it ends the episode and earns nothing by itself.", "X", group=1),
    Tool(Cell.ice, "Ice", "The agent slides on in the same direction until something is in the way.", "I", group=2),
    Tool(Cell.sticky, "Sticky", "Leaving it fails with the probability that the rules say.", "Y", group=2),
    PORTAL,
    KEY,
    DOOR,
    REWARD,
    SLIP,
    WIND,
    FENCE,
)

FREE, LINE, OUTLINE, BOX, FILL = SHAPES = (
    Shape("free", "Freehand", "Every cell that the mouse passes.", "1", "shape-free"),
    Shape("line", "Line", "A straight line from where you press to where you let go.", "2", "shape-line"),
    Shape("outline", "Rectangle", "The edge of a rectangle from corner to corner.", "3", "shape-outline"),
    Shape("box", "Filled rectangle", "All cells of a rectangle from corner to corner.", "4", "shape-box"),
    Shape("fill", "Fill", "All cells of the same kind that hang together with the one you click.", "5", "shape-fill"),
)
