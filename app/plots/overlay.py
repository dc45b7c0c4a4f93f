"""An earlier run in the plots of the present one."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.history import Columns

LOOKS = 16
"""Ways to draw an overlay: each of four colours with each way to draw a line but the whole one, no two alike in both."""


@dataclass(frozen=True, eq=False)
class Overlay:
    """A run to draw beside the present one.

    Attributes:
        number: of the run, to know it again.
        name: as the legend has it.
        look: which of the `LOOKS`.
        history: what it measured.
    """

    number: int
    name: str
    look: int
    history: Mapping[str, Columns]

    @property
    def colour(self) -> int:
        """By its number in `Colours.series`, of which the first is the present run's and the last a plot's second line's."""
        return 1 + self.look % 4

    @property
    def dash(self) -> int:
        """By its number in `app.plots.layer.DASHES`; neighbours differ in colour and in this, too."""
        return 1 + (self.look + self.look // 4) % 4
