"""What a run tells beside its snapshot: the newest update, the episode under way, what values should come to, and what is pointed at."""

from dataclasses import dataclass

from app.picture import Picture
from core.learner import Explanation
from core.runs.trail import Trail
from core.worlds.mdp import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Aside:
    """As views of a finite world take it.

    Attributes:
        explanation: the newest update.
        steady: whether eyes can follow the updates.
        trail: of the episode under way.
        goal: [S] float64, the values to come to.
        pointed: the state of a term that somebody points at.
    """

    explanation: Explanation | None = None
    steady: bool = True
    trail: Trail | None = None
    goal: Floats | None = None
    pointed: int | None = None

    @classmethod
    def of(cls, picture: Picture) -> "Aside":
        return cls(picture.explanation, picture.steady, picture.trail, picture.goal)


NOTHING = Aside()
"""Before anything is told."""
