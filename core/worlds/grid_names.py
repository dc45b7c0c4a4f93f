"""How the documents of grids write cells, sides and winds: "0,3", "0,3 right", "up 2"."""

import re

from core.worlds.shapes import Place

_NUMBER = "(0|[1-9][0-9]{0,3})"


def place_of(name: str, field: str) -> Place:
    """The row and column of "row,column"; ValueError naming the field where it is none."""
    found = re.fullmatch(f"{_NUMBER},{_NUMBER}", name)
    if not found:
        raise ValueError(f"{field} name '{name}'; a cell is written as row,column, such as 0,3")
    return int(found[1]), int(found[2])


def side_of(name: str, field: str) -> tuple[int, int, str]:
    """The row, column and side of "row,column right"; ValueError naming the field where it is none."""
    found = re.fullmatch(f"{_NUMBER},{_NUMBER} (right|down)", name)
    if not found:
        raise ValueError(f"{field} name '{name}'; a side is written as row,column right or row,column down, such as 0,3 right")
    return int(found[1]), int(found[2]), found[3]


def wind_of(text: str, name: str = "") -> tuple[str, int]:
    """The direction and strength of a text such as "up 2"; ValueError where it is none."""
    found = re.fullmatch("(up|right|down|left) ([1-9][0-9]?)", text)
    if not found:
        raise ValueError(f"the wind of the cell {name} is '{text}'; it is written as direction and cells, such as up 2")
    return found[1], int(found[2])


def cell_of(state: str) -> str:
    """The cell of a state's name, the keys that are held left out."""
    return state.partition("+")[0]
