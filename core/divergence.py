"""Members whose values grow beyond all bounds: each stops alone and says so, the others go on."""

from collections.abc import Mapping
from typing import Any

from core.errors import ValuescapeError


class Stopped(dict[int, int]):
    """Members that have stopped, and by which of their steps."""

    @property
    def notices(self) -> tuple[str, ...]:
        """A sentence for each, the newest last."""
        return tuple(f"Member {member} stopped: its values grew beyond all bounds by step {step}" for step, member in self._in_order())

    def check(self, members: int, remedy: str) -> None:
        """ValuescapeError where none of so many members is left."""
        if len(self) == members:
            step, member = self._in_order()[-1]
            raise ValuescapeError(f"The values of member {member} grew beyond all bounds by step {step}", remedy=remedy)

    def state(self) -> dict[str, Any]:
        return {str(member): step for member, step in self.items()}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.clear()
        self.update({int(member): int(step) for member, step in state.items()})

    def _in_order(self) -> list[tuple[int, int]]:
        """Step and member, in an order that does not depend on how the work was split."""
        return sorted((step, member) for member, step in self.items())
