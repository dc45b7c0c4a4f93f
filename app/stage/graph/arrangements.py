"""The layouts of a graph that a person may ask for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Arrangement:
    """A layout of `core.worlds.layouts` as a button: its name there, what stands on it, and its icon."""

    name: str
    title: str
    tip: str
    icon: str


ARRANGEMENTS = (
    Arrangement("layered", "Layers", "Lay out by the number of steps from the start.", "layers"),
    Arrangement("spring", "Springs", "Lay out as if arrows were springs: neighbours near, others apart.", "springs"),
    Arrangement("circle", "Circle", "Lay out on a circle.", "ring"),
)
