"""What a setting may be, in words, read from its declaration."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from app.numbers import exact
from app.text import tr


@dataclass(frozen=True)
class Limits:
    """Bounds of a number; None where there is none. `above` and `below` exclude the bound itself."""

    least: float | None = None
    above: float | None = None
    most: float | None = None
    below: float | None = None

    @classmethod
    def of(cls, metadata: Sequence[Any]) -> Self:
        """Read pydantic's annotations."""
        found: dict[str, float] = {}
        for part in metadata:
            for name, attribute in (("least", "ge"), ("above", "gt"), ("most", "le"), ("below", "lt")):
                bound = getattr(part, attribute, None)
                if bound is not None:
                    found[name] = float(bound)
        return cls(**found)

    def allow(self, value: float) -> bool:
        """Whether a number lies within."""
        return (
            (self.least is None or value >= self.least)
            and (self.above is None or value > self.above)
            and (self.most is None or value <= self.most)
            and (self.below is None or value < self.below)
        )

    def words(self) -> str:
        """Such as "from 0 to 1"; empty where there is no bound."""
        if self.least is not None and self.most is not None:
            return tr("from {low} to {high}", low=exact(self.least), high=exact(self.most))
        low = tr("at least {low}", low=exact(self.least)) if self.least is not None else ""
        low = tr("above {low}", low=exact(self.above)) if self.above is not None else low
        high = tr("at most {high}", high=exact(self.most)) if self.most is not None else ""
        high = tr("below {high}", high=exact(self.below)) if self.below is not None else high
        return tr("{low} and {high}", low=low, high=high) if low and high else low or high
