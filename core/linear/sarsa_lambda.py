"""True online SARSA(lambda) with linear features (van Seijen, Mahmood, Pilarski, Machado and Sutton 2016, JMLR 17).

The value of an action is a weighted sum of features, Q(s, a; w) = w . x, with x = x(s, a). The error of one step

    delta = r + gamma Q(s', a'; w) - Q(s, a; w),        a' drawn by the behaviour policy

also corrects what was done before: every weight has a trace e of how much it lately took part, which fades by gamma lambda.

    e <- gamma lambda e + alpha x (1 - gamma lambda e . x)                               (dutch)
    w <- w + (delta + Q - Q_before) e - alpha x (Q - Q_before)

Q_before is the value of the same s and a one update earlier. With these two corrections the weights are at every step exactly those
of the online lambda-return algorithm. The older semi-gradient SARSA(lambda) (Sutton and Barto 2018, section 12.7) does without:

    e <- gamma lambda e + alpha x  (accumulating),   or  e <- alpha x where x is 1  (replacing, Singh and Sutton 1996)
    w <- w + delta e

With lambda = 0 all three are one-step semi-gradient SARSA (section 10.1).

Deviations from the paper: the step size stands in the trace, as in van Seijen and Sutton (2014), since it may change over time and
differ between features; alpha is divided among the active features, so that it is the share of the error that is mended; traces
below 1e-6 are dropped, which keeps the work in proportion to what was lately seen; replacing traces leave those of other actions;
ties between best actions are broken at random; truncated episodes bootstrap from their last observation, terminated ones do not.
"""

from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from core.compiled import compiled
from core.config import setting
from core.learner import Learner, Task
from core.linear.engine.features import Basis
from core.linear.engine.learner import LinearLearner
from core.linear.engine.memory import Memory, choose, finish, look, predict, scheduled
from core.linear.engine.settings import Features, LinearConfig
from core.registry import Algorithm
from core.worlds.environment import Environment, Outcome, Sight

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAINT = 1e-6
"""Traces below this one are dropped."""


class Trace(StrEnum):
    dutch = "dutch"
    accumulating = "accumulating"
    replacing = "replacing"


KINDS = tuple(Trace)
DUTCH, ACCUMULATING, REPLACING = range(3)


class SarsaLambdaConfig(LinearConfig):
    """Settings of SARSA(lambda)."""

    trace_decay: float = setting(
        0.85,
        "Trace decay",
        "How far back an error reaches: 0 corrects the last action alone, 1 all since the episode began.",
        symbol="λ",
        ge=0,
        le=1,
    )
    trace: Trace = setting(
        Trace.dutch,
        "Traces",
        "How traces grow. dutch: true online SARSA(λ), the newest and soundest; accumulating: by every visit; replacing: back to 1.",
    )

    @model_validator(mode="after")
    def _replaceable(self) -> Self:
        if self.trace is Trace.replacing and self.features is Features.fourier:
            raise ValueError("replacing traces need features that are 0 or 1, such as tiles")
        return self


class SarsaLambda(LinearLearner):
    """On-policy control by the next action taken, with traces."""

    traces = True
    following = "Q(s', a'; w)"
    meaning = "value of the action taken next"

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, SarsaLambdaConfig)
        self.kind, self.fading = KINDS.index(task.config.trace), task.discount * task.config.trace_decay
        super().__init__(task)

    def learn(self, memory: Memory, environment: Environment | Sight, outcome: Outcome, draw: float) -> int:
        state = -1 if environment.state is None else environment.state
        reward, terminated, truncated = outcome
        return learn(
            self.basis, memory, self.kind, self.discount, self.fading, environment.observation, state, environment.mask,
            reward, terminated, truncated, draw,
        )  # fmt: skip


@compiled
def learn(
    basis: Basis, memory: Memory, kind: int, discount: float, fading: float, observation: NDArray[np.float32], state: int,
    mask: NDArray[np.bool_], reward: float, terminated: bool, truncated: bool, draw: float,
) -> int:  # fmt: skip
    """Learn from the step that led to this observation; return the next action, -1 where the TD error is not finite."""
    weights, place, totals, schedules = memory.weights, memory.place, memory.totals, memory.schedules
    action, index, value = place[3], memory.active[0], memory.value[0]
    values = np.empty(len(weights))
    look(basis, memory, 1, observation, state, values)
    chosen, following = 0, 0.0
    if not terminated:
        chosen = choose(values, mask, scheduled(schedules[1], place[0] + 1, place[1]), draw)
        following = values[chosen]
    alpha = scheduled(schedules[0], place[0], place[1])
    q = predict(weights[action], index, value)
    error = reward + discount * following - q
    first, flat = action * weights.shape[1], weights.reshape(-1)
    place[4] = fade(memory.trace, memory.where, place[4], fading)
    place[4] = strengthen(memory.trace, memory.where, place[4], kind, first, index, value, alpha, basis.rates)
    surplus = q - totals[3] if kind == DUTCH and place[2] > 0 else 0.0
    for one in range(place[4]):
        weight = memory.where[one]
        flat[weight] += (error + surplus) * memory.trace[weight]
    if surplus != 0.0:
        for slot in range(len(index)):
            flat[first + index[slot]] -= alpha * basis.rates[slot] * value[slot] * surplus
    totals[3] = following
    return finish(memory, discount, q, reward, following, error, terminated, terminated or truncated, alpha, state, chosen)


@compiled
def fade(trace: Floats, where: Ints, count: int, fading: float) -> int:
    """Multiply the `count` traces by `fading`, drop the faint ones; return how many are left."""
    one = 0
    while one < count:
        weight = where[one]
        trace[weight] *= fading
        if abs(trace[weight]) < FAINT:
            trace[weight] = 0.0
            count -= 1
            where[one] = where[count]
        else:
            one += 1
    return count


@compiled
def strengthen(
    trace: Floats, where: Ints, count: int, kind: int, first: int, index: Ints, value: Floats, alpha: float, rates: Floats
) -> int:
    """Add the features of the action whose weights begin at `first` to the traces; return how many there are."""
    share = 1.0
    if kind == DUTCH:
        for slot in range(len(index)):
            share -= trace[first + index[slot]] * value[slot]
    for slot in range(len(index)):
        weight = first + index[slot]
        before = trace[weight]
        trace[weight] = alpha * rates[slot] * value[slot] * share + (0.0 if kind == REPLACING else before)
        if before == 0.0 and trace[weight] != 0.0:
            where[count] = weight
            count += 1
    return count


def build(task: Task) -> Learner:
    """A learner of `task`."""
    return SarsaLambda(task)


ALGORITHM = Algorithm(
    name="linear-sarsa-lambda",
    title="Linear SARSA(λ)",
    summary="Learns what its own way of acting is worth, as a sum of features, and lets each error correct what led to it.",
    source="van Seijen et al. (2016), True online temporal-difference learning",
    config=SarsaLambdaConfig,
    build=build,
    needs="any",
    limit=200_000,
    order=10,
)
