"""The last update of a learner of λ-returns in words and numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from core.deep.engine.device import to_numpy
from core.deep.engine.explanation import LastUpdate
from core.learner import Explanation, Term


@dataclass(frozen=True, slots=True)
class LastReturn:
    """What the last update looked at.

    Attributes:
        step: the transitions, and the learning network's value of the best next action.
        ahead: [K, B, 1] the λ-return from the next step on, NaN where there is none.
    """

    step: LastUpdate
    ahead: Tensor

    def state(self) -> dict[str, Any]:
        """The first transition of every member."""
        return {"step": self.step.state(), "ahead": to_numpy(self.ahead[:, :1])}

    @classmethod
    def restored(cls, state: Mapping[str, Any], device: torch.device) -> "LastReturn":
        return cls(LastUpdate.restored(state["step"], device), torch.from_numpy(state["ahead"]).to(device))

    def explain(self, member: int, discount: float, trace: float, actions: Sequence[str], states: Sequence[str] | None) -> Explanation:
        """The first transition of a member's minibatch; one step where no λ-return follows.

        Args:
            member: whose.
            discount: gamma.
            trace: λ.
            actions: names.
            states: names, where observations are state numbers.
        """
        alone = self.step.explain(member, discount, False, False, actions, states)
        ahead = self.ahead[member, 0].item()
        if ahead != ahead:
            return alone
        best = alone.terms["best_next"]
        terms = {
            **alone.terms,
            "trace": Term("λ", "weight of the λ-return that follows", trace),
            "ahead": Term("G'", "λ-return from the next step on", ahead, best.state),
        }
        result = alone.result + discount * trace * (ahead - best.value)
        return replace(
            alone,
            equation=f"δ = r + γ [(1 − λ) {best.symbol} + λ G'] − Q(s, a; θ)",
            formula="r + gamma * ((1 - trace) * best_next + trace * ahead) - q",
            terms=terms,
            result=result,
            error=result,
        )
