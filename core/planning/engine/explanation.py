"""One backup as terms of its equation."""

import numpy as np
from numpy.typing import NDArray

from core.learner import Explanation, Term
from core.worlds.mdp import FiniteMDP, weighed

Floats = NDArray[np.float64]

BEST = "V(s) ← max_a Σ p(s' | s, a) [r + γ V(s')]"
"""The equation of value iteration."""
CHOSEN = "V(s) ← Σ p(s' | s, π(s)) [r + γ V(s')]"
"""The equation of a policy that always takes the same action in a state."""
MEAN = "V(s) ← Σ_a π(a | s) Σ p(s' | s, a) [r + γ V(s')]"
"""The equation of any policy."""


def ahead(mdp: FiniteMDP, pair: int, reads: Floats) -> tuple[float, int]:
    """Mean of `reads` [S] over what follows a pair, 0 where the episode ends; the first next state."""
    outcomes = slice(int(mdp.outcome_offsets[pair]), int(mdp.outcome_offsets[pair + 1]))
    following = mdp.next_state[outcomes]
    return float(mdp.continuation[outcomes] @ reads[following]), int(following[0])


def explain_backup(
    mdp: FiniteMDP, discount: float, pair: int, reads: Floats, result: float, equation: str = BEST, role: str = "the best action"
) -> Explanation:
    """The backup that stored `result`: the lookahead of one pair over `reads` [S]. `role` says what the pair's action is."""
    state = int(mdp.pair_state[pair])
    following, first_next = ahead(mdp, pair, reads)
    action, name = mdp.action_names[mdp.pair_action[pair]], mdp.state_names[state]
    terms = {
        "r": Term("r̄(s, a)", f"mean reward of '{action}', {role} in '{name}'", float(mdp.expected_reward[pair]), state),
        "gamma": Term("γ", "discount", discount),
        "v_next": Term("Σ p V(s')", "mean value of the next state, 0 where the episode ends", following, first_next),
    }
    action_number = int(mdp.pair_action[pair])
    return Explanation(equation, "r + gamma * v_next", terms, result, state, action_number, leads(mdp, pair), result - float(reads[state]))


def leads(mdp: FiniteMDP, *pairs: int, weights: Floats | None = None) -> tuple[tuple[int, float], ...]:
    """The states that follow some pairs, with their probabilities, those that end the episode included; `weights` [P] of the pairs."""
    outcomes = [slice(int(mdp.outcome_offsets[pair]), int(mdp.outcome_offsets[pair + 1])) for pair in pairs]
    shares = [1.0 if weights is None else float(weights[pair]) for pair in pairs]
    following = np.concatenate([mdp.next_state[part] for part in outcomes])
    return weighed(following, np.concatenate([share * mdp.probability[part] for share, part in zip(shares, outcomes, strict=True)]))


def explain_mean(mdp: FiniteMDP, discount: float, state: int, weights: Floats, reads: Floats, result: float) -> Explanation:
    """The backup that stored `result`: the mean lookahead of a state's pairs over `reads` [S], weighted by `weights` [P]."""
    pairs = range(int(mdp.state_offsets[state]), int(mdp.state_offsets[state + 1]))
    reward = sum(float(weights[pair] * mdp.expected_reward[pair]) for pair in pairs)
    following = sum(float(weights[pair]) * ahead(mdp, pair, reads)[0] for pair in pairs)
    terms = {
        "r": Term("r̄_π(s)", f"mean reward of the policy's action in '{mdp.state_names[state]}'", reward, state),
        "gamma": Term("γ", "discount", discount),
        "v_next": Term("Σ π p V(s')", "mean value of the next state, 0 where the episode ends", following),
    }
    following_states = leads(mdp, *pairs, weights=weights)
    return Explanation(MEAN, "r + gamma * v_next", terms, result, state, None, following_states, result - float(reads[state]))
