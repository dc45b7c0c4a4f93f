"""The last update in words and numbers: one transition of its minibatch and the td error that moved the weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from core.deep.engine.device import to_numpy
from core.deep.engine.minibatch import TERMINATED, Minibatch
from core.learner import Explanation, Term

LONGEST = 64
"""Numbers of an observation at most that are shown one by one."""
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class LastUpdate:
    """What the last update looked at: tensors that stand until the next one.

    Attributes:
        batch: the transitions.
        taken: [K, B, 1] Q(s, a) before the update.
        following: [K, B, 1] the target network's value of the best next action.
    """

    batch: Minibatch
    taken: Tensor
    following: Tensor

    def state(self) -> dict[str, Any]:
        """The first transition of every member."""
        return {"batch": self.batch.state(), "taken": to_numpy(self.taken[:, :1]), "following": to_numpy(self.following[:, :1])}

    @classmethod
    def restored(cls, state: Mapping[str, Any], device: torch.device) -> "LastUpdate":
        taken, following = (torch.from_numpy(state[name]).to(device) for name in ("taken", "following"))
        return cls(Minibatch.restored(state["batch"], device), taken, following)

    def explain(
        self, member: int, discount: float, double: bool, target: bool, actions: Sequence[str], states: Sequence[str] | None
    ) -> Explanation:
        """The first transition of a member's minibatch.

        Args:
            member: whose.
            discount: gamma.
            double: whether the learning network chose the next action.
            target: whether there is a target network.
            actions: names.
            states: names, where observations are state numbers.
        """
        observation, next_observation = self.batch.observation[member, 0], self.batch.next_observation[member, 0]
        action, reward, ended, steps = (
            part[member, 0].item() for part in (self.batch.action, self.batch.reward, self.batch.ended, self.batch.steps)
        )
        state = int(observation.item()) if states else None
        next_state = int(next_observation.item()) if states else None
        here = f" in '{states[state]}'" if states and state is not None else ""
        there = f" in '{states[next_state]}'" if states and next_state is not None else ""
        terminated = ended == TERMINATED
        best = 0.0 if terminated else self.following[member, 0].item()
        chooser = ", chosen by the learning network" if double and target else ""
        meaning = f"{'target' if target else 'learning'} network's value of the best next action{there}{chooser}"
        if terminated:
            meaning = "nothing follows: the episode terminated"
        symbol = "max_a' Q(s', a'; θ⁻)" if target else "max_a' Q(s', a'; θ)"
        if chooser:
            symbol = "Q(s', argmax_a' Q(s', a'; θ); θ⁻)"
        value = f"value of '{actions[int(action)]}'{here} before the update"
        gained = Term("r", "reward received", reward, next_state)
        gamma = Term("γ", "discount", discount)
        if steps > 1:
            gained = Term("R", f"discounted sum of {steps:.0f} rewards", reward, next_state)
            gamma = Term("γ" + f"{steps:.0f}".translate(RAISED), f"discount of {steps:.0f} steps", discount**steps)
        terms = {
            "q": Term("Q(s, a; θ)", value, self.taken[member, 0].item(), state),
            "r": gained,
            "gamma": gamma,
            "best_next": Term(symbol, meaning, best, next_state),
        }
        result = gained.value + gamma.value * best - terms["q"].value
        seen = () if states or observation.numel() > LONGEST else (observation.tolist(), next_observation.tolist())
        return Explanation(
            f"δ = {gained.symbol} + {gamma.symbol} {symbol} − Q(s, a; θ)", "r + gamma * best_next - q", terms, result,
            state, int(action), () if next_state is None else ((next_state, 1.0),), result, *map(tuple, seen),
        )  # fmt: skip
