"""The last update in words and numbers: one transition of its minibatch and the td error that moved the weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from core.deep.engine.device import to_numpy
from core.deep.engine.replay import Minibatch
from core.learner import Explanation, Term


@dataclass(frozen=True, slots=True)
class LastUpdate:
    """What the last update looked at: tensors that stand until the next one.

    Attributes:
        rows: [K, B, R] the transitions.
        taken: [K, B, 1] Q(s, a) before the update.
        following: [K, B, 1] the target network's value of the best next action.
    """

    rows: Tensor
    taken: Tensor
    following: Tensor

    def state(self) -> dict[str, Any]:
        """The first transition of every member."""
        return {name: to_numpy(getattr(self, name)[:, :1]) for name in self.__slots__}

    @classmethod
    def restored(cls, state: Mapping[str, Any], device: torch.device) -> "LastUpdate":
        return cls(*(torch.from_numpy(state[name]).to(device) for name in cls.__slots__))

    def explain(
        self, member: int, stored: int, discount: float, double: bool, actions: Sequence[str], states: Sequence[str] | None
    ) -> Explanation:
        """The first transition of a member's minibatch.

        Args:
            member: whose.
            stored: numbers kept for one observation.
            discount: gamma.
            double: whether the learning network chose the next action.
            actions: names.
            states: names, where observations are state numbers.
        """
        batch = Minibatch.of(self.rows[member : member + 1, :1], stored)
        state = int(batch.observation.item()) if states else None
        next_state = int(batch.next_observation.item()) if states else None
        here = f" in '{states[state]}'" if states and state is not None else ""
        there = f" in '{states[next_state]}'" if states and next_state is not None else ""
        terminated = batch.continuation.item() == 0.0
        best = 0.0 if terminated else self.following[member, 0].item()
        chooser = ", chosen by the learning network" if double else ""
        meaning = f"target network's value of the best next action{there}{chooser}"
        if terminated:
            meaning = "nothing follows: the episode terminated"
        symbol = "Q(s', argmax_a' Q(s', a'; θ); θ⁻)" if double else "max_a' Q(s', a'; θ⁻)"
        value = f"value of '{actions[int(batch.action.item())]}'{here} before the update"
        terms = {
            "q": Term("Q(s, a; θ)", value, self.taken[member, 0].item(), state),
            "r": Term("r", "reward received", batch.reward.item(), next_state),
            "gamma": Term("γ", "discount", discount),
            "best_next": Term(symbol, meaning, best, next_state),
        }
        result = terms["r"].value + discount * best - terms["q"].value
        return Explanation(f"δ = r + γ {symbol} − Q(s, a; θ)", "r + gamma * best_next - q", terms, result)
