"""n-step transitions against a reference that walks lists, on random episodes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.deep.engine.learner import DeepQLearner
from core.deep.engine.minibatch import GOES_ON, TERMINATED, TRUNCATED, Minibatch
from core.deep.engine.replay import Replay
from core.learner import Budget

CPU = torch.device("cpu")
BATCH = 16


@dataclass(frozen=True)
class Step:
    reward: float
    ended: float


ENDINGS = st.sampled_from([GOES_ON, GOES_ON, GOES_ON, TRUNCATED, TERMINATED])
STEPS = st.builds(Step, st.integers(-8, 8).map(float), ENDINGS)
HISTORIES = st.integers(1, 3).flatmap(lambda members: st.lists(st.tuples(*[STEPS] * members), min_size=1, max_size=40))
"""What each of up to three members meets at every step."""


def rings(members: int, capacity: int, steps: int, discounts: list[float]) -> Replay:
    return Replay(members, capacity, 1, 2, BATCH, [np.random.default_rng(member) for member in range(members)], CPU, discounts, steps)


def put(ring: Replay, number: int, taken: tuple[Step, ...]) -> None:
    """Observations are numbers of transitions, + 1/2 after them; the mask tells them apart, too."""
    for member, step in enumerate(taken):
        ring.begin(member, [number])
        mask = np.array([True, number % 2 == 0])
        ring.end(member, [number + 0.5], number % 2, step.reward, step.ended == TERMINATED, step.ended == TRUNCATED, mask)
    ring.commit()


def check(batch: Minibatch, history: list[tuple[Step, ...]], discounts: list[float], steps: int) -> None:
    for member, gamma in enumerate(discounts):
        for which in range(batch.reward.shape[1]):
            first = int(batch.observation[member, which].item())
            last, total = first, history[first][member].reward
            while last - first + 1 < steps and history[last][member].ended == GOES_ON and last + 1 < len(history):
                last += 1
                total += gamma ** (last - first) * history[last][member].reward
            count, ended = last - first + 1, history[last][member].ended
            assert batch.steps[member, which].item() == count
            assert batch.reward[member, which].item() == pytest.approx(total, rel=1e-6, abs=1e-6)
            assert batch.factor[member, which].item() == pytest.approx(0.0 if ended == TERMINATED else gamma**count)
            assert batch.ended[member, which].item() == ended
            assert batch.action[member, which].item() == first % 2
            assert batch.next_observation[member, which].item() == last + 0.5
            assert batch.blocked[member, which].tolist() == [0.0, float(last % 2)]


@settings(max_examples=60, deadline=None)
@given(HISTORIES, st.integers(1, 12), st.integers(1, 5), st.lists(st.sampled_from([0.0, 0.5, 0.9, 1.0]), min_size=3, max_size=3))
def test_transitions_are_those_of_the_reference(history: list[tuple[Step, ...]], capacity: int, steps: int, gammas: list[float]) -> None:
    discounts = gammas[: len(history[0])]
    ring = rings(len(discounts), capacity, steps, discounts)
    for number, taken in enumerate(history):
        put(ring, number, taken)
        for batch in (ring.sample(), ring.newest()):
            check(batch, history[: number + 1], discounts, steps)
        ring.draw_ahead([ring.filled])  # which the device alone makes
        check(ring.sample(), history[: number + 1], discounts, steps)


@settings(max_examples=30, deadline=None)
@given(HISTORIES, st.integers(1, 5), st.integers(0, 4))
def test_the_newest_is_every_transition_once_with_all_its_steps(history: list[tuple[Step, ...]], steps: int, spare: int) -> None:
    """A ring of n rows is enough."""
    discounts = [0.5] * len(history[0])
    ring = rings(len(discounts), steps + spare, steps, discounts)
    for number, taken in enumerate(history):
        put(ring, number, taken)
        batch = ring.newest()
        assert (batch.observation == max(number - steps + 1, 0)).all()
        if number + 1 >= steps:
            for member, ran in enumerate(batch.steps[:, 0, 0].tolist()):
                first = number - steps + 1
                ends = [step[member].ended != GOES_ON for step in history[first : number + 1]]
                assert ran == (ends.index(True) + 1 if True in ends else steps)


def test_three_rewards_by_hand() -> None:
    ring = rings(2, 10, 3, [0.5, 0.1])
    for number, (reward, ended) in enumerate([(1.0, GOES_ON), (2.0, GOES_ON), (4.0, TRUNCATED), (8.0, GOES_ON), (16.0, TERMINATED)]):
        put(ring, number, (Step(reward, ended),) * 2)
    batch = ring.sample()
    found = {
        (member, int(batch.observation[member, which].item())): (
            round(batch.reward[member, which].item(), 5), round(batch.factor[member, which].item(), 5)
        )
        for member in range(2) for which in range(BATCH)
    }  # fmt: skip
    assert found == {
        (0, 0): (3.0, 0.125), (0, 1): (4.0, 0.25), (0, 2): (4.0, 0.5), (0, 3): (16.0, 0.0), (0, 4): (16.0, 0.0),
        (1, 0): (1.24, 0.001), (1, 1): (2.4, 0.01), (1, 2): (4.0, 0.1), (1, 3): (9.6, 0.0), (1, 4): (16.0, 0.0),
    }  # fmt: skip


def test_one_member_of_three_is_the_same_alone() -> None:
    three, alone = rings(3, 20, 4, [0.9, 0.8, 0.7]), rings(1, 20, 4, [0.9])
    random = np.random.default_rng(5)
    for number in range(50):
        taken = [Step(float(random.normal()), float(random.choice([GOES_ON, GOES_ON, TRUNCATED, TERMINATED]))) for _ in range(3)]
        put(three, number, tuple(taken))
        put(alone, number, (taken[0],))
        many, one = three.sample(), alone.sample()
        for name in ("observation", "next_observation", "action", "reward", "ended", "factor", "blocked", "steps"):
            assert torch.equal(getattr(many, name)[0], getattr(one, name)[0])


def test_the_explanation_names_the_rewards_and_the_power_of_the_discount(made: Callable[..., DeepQLearner]) -> None:
    learner = made("grid/lecture-3x4", batch_size=1, epsilon=1.0, discount=0.5, double=False)
    learner.replay = Replay(1, 60, 1, learner.actions, 1, [learner.streams[0].replay], CPU, [0.5], 3)
    seen = set()
    for _ in range(300):
        rows = learner.advance(Budget(1)).rows
        told = learner.explain()
        if told is None:
            continue
        figures = next(row.columns for row in rows if row.channel == "updates")
        assert eval(told.formula, {name: term.value for name, term in told.terms.items()}) == pytest.approx(told.result, abs=1e-9)
        assert abs(told.result) == pytest.approx(figures["td_error"][0], abs=1e-5)
        batch = learner.replay.minibatch
        ended = bool(batch.ended.item() == TERMINATED)
        named = told.terms["r"], told.terms["gamma"]
        seen.add((told.equation.split(" max")[0], *((term.symbol, term.meaning) for term in named), named[1].value, ended))
        assert told.terms["r"].value == batch.reward.item()
    three = ("δ = R + γ³", ("R", "discounted sum of 3 rewards"), ("γ³", "discount of 3 steps"), 0.125)
    two = ("δ = R + γ²", ("R", "discounted sum of 2 rewards"), ("γ²", "discount of 2 steps"), 0.25)
    one = ("δ = r + γ", ("r", "reward received"), ("γ", "discount"), 0.5)
    assert seen == {(*form, ended) for form in (one, two, three) for ended in (False, True)}
