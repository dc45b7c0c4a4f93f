"""Prioritised replay: draws in proportion to priorities, weights by hand, and members that do not know of each other."""

import numpy as np
import pytest
import torch

from core.deep.engine.minibatch import TERMINATED
from core.deep.engine.prioritised import BOUND, PrioritisedReplay
from core.deep.engine.replay import Replay
from core.deep.engine.rows import transition_bytes
from core.learner import UNBOUNDED, Budget
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world

CPU = torch.device("cpu")
MASK = np.array([True, True])
PARTS = ("observation", "next_observation", "action", "reward", "ended", "factor", "blocked", "steps", "weights")


def made(
    members: int = 1, capacity: int = 10, batch: int = 4, steps: int = 1, alpha: float = 0.6, epsilon: float = 1e-6
) -> PrioritisedReplay:
    streams = [np.random.default_rng(member) for member in range(members)]
    return PrioritisedReplay(members, capacity, 1, 2, batch, streams, CPU, [0.9] * members, steps, alpha, epsilon)


def put(ring: Replay, number: int) -> None:
    for member in range(len(ring.streams)):
        ring.begin(member, [number])
        ring.end(member, [number + 1], number % 2, number / 4, number % 7 == 6, number % 5 == 4, MASK)
    ring.commit()


def error(ring: PrioritisedReplay) -> torch.Tensor:
    """A td error for every transition drawn, by its number."""
    return (ring.minibatch.observation * 1.7) % 3.0 - 1.0


def set_priorities(ring: PrioritisedReplay, errors: list[float]) -> None:
    """Store a transition for each error and give it its priority."""
    for number in range(len(errors)):
        put(ring, number)
    places = ring._many.places
    for place, size in enumerate(errors):
        places[:] = place
        ring.reprioritise(torch.full((*places.shape, 1), size))


def test_draws_are_in_proportion_to_priorities() -> None:
    errors = [0.0, 1.0, -2.0, 3.0, 0.5, -0.25, 4.0]
    ring = made(capacity=7, batch=10, alpha=0.7, epsilon=0.1)
    set_priorities(ring, errors)
    counts = np.zeros(7)
    for _ in range(1000):
        counts += np.bincount(ring.sample().observation[0, :, 0].long().numpy(), minlength=7)
    share = (np.abs(errors) + 0.1) ** 0.7
    expected = 10_000 * share / share.sum()
    assert ((counts - expected) ** 2 / expected).sum() < 22.5  # chi-square, 6 degrees of freedom, 0.1 %; stratified: less


def test_draws_are_stratified() -> None:
    ring = made(capacity=8, batch=8)
    set_priorities(ring, [1.0] * 8)
    for _ in range(20):
        assert sorted(ring.sample().observation[0, :, 0].tolist()) == list(range(8))


def test_alpha_0_draws_all_alike() -> None:
    ring = made(capacity=8, batch=8, alpha=0.0)
    set_priorities(ring, [float(number) for number in range(8)])
    batch = ring.sample(0.7)
    assert sorted(batch.observation[0, :, 0].tolist()) == list(range(8))
    assert (batch.weights == 1.0).all()


@pytest.mark.parametrize("beta", [0.0, 0.4, 1.0])
def test_weights_by_hand(beta: float) -> None:
    errors = np.array([0.5, 1.0, 2.0, 4.0])
    ring = made(capacity=9, batch=16, alpha=0.5, epsilon=0.25)
    set_priorities(ring, errors.tolist())
    batch = ring.sample(beta)
    probability = np.sqrt(errors + 0.25) / np.sqrt(errors + 0.25).sum()
    weight = (4 * probability[batch.observation[0, :, 0].long().numpy()]) ** -beta
    assert batch.weights is not None
    np.testing.assert_allclose(batch.weights[0, :, 0], weight / weight.max(), rtol=1e-6)


def test_every_member_has_a_beta_of_its_own() -> None:
    ring = made(2, batch=8, alpha=1.0)
    set_priorities(ring, [1.0, 2.0, 3.0])
    first, second = ring.sample([0.0, 1.0]).weights  # type: ignore[misc]
    assert (first == 1.0).all()
    assert sorted(set(second[:, 0].tolist())) == pytest.approx([1 / 3, 1 / 2, 1.0], rel=1e-5)


def test_a_new_transition_has_the_largest_priority_so_far() -> None:
    ring = made(alpha=1.0, epsilon=0.5, batch=1)
    put(ring, 0)
    assert ring.trees[0, 10] == 1.0
    ring.sample()
    ring.reprioritise(torch.full((1, 1, 1), -3.0))
    put(ring, 1)
    assert ring.trees[0, 10:12].tolist() == [3.5, 3.5]
    ring._many.places[:] = 0
    ring.reprioritise(torch.zeros(1, 1, 1))
    put(ring, 2)
    assert ring.trees[0, 10:13].tolist() == [0.5, 3.5, 3.5]
    assert ring.trees[0, 1] == 7.5


def test_before_the_ring_is_full_only_what_is_there_is_drawn() -> None:
    ring = made(capacity=1000, batch=64, steps=3)
    for number in range(30):
        put(ring, number)
        assert ring.sample().observation.max() <= number
        ring.reprioritise(error(ring))


@pytest.mark.parametrize("broken", [float("nan"), float("inf"), -float("inf")])
def test_errors_beyond_bounds_leave_the_tree_sound(broken: float) -> None:
    ring = made(2)
    for number in range(5):
        put(ring, number)
    ring.sample()
    ring.reprioritise(torch.full((2, 4, 1), broken))
    assert (ring.largest == BOUND).all()
    batch = ring.sample()
    assert batch.observation.max() < 5
    assert batch.weights is not None
    assert batch.weights.isfinite().all()


def test_priorities_go_with_n_steps() -> None:
    ring = made(capacity=20, batch=32, steps=3, alpha=1.0, epsilon=0.01)
    for number in range(33):
        put(ring, number)
    batch = ring.sample()
    for first, reward, ended, factor, steps in zip(
        *(part[0, :, 0].tolist() for part in (batch.observation, batch.reward, batch.ended, batch.factor, batch.steps)), strict=True
    ):
        numbers = [first]
        while len(numbers) < 3 and numbers[-1] % 7 != 6 and numbers[-1] % 5 != 4 and numbers[-1] < 32:
            numbers.append(numbers[-1] + 1)
        assert steps == len(numbers)
        assert (ended == TERMINATED) == (numbers[-1] % 7 == 6)
        assert factor == (0.0 if ended == TERMINATED else pytest.approx(0.9**steps))
        assert reward == pytest.approx(sum(0.9**power * number / 4 for power, number in enumerate(numbers)))
    ring.reprioritise(error(ring))
    for first, size in zip(batch.observation[0, :, 0].tolist(), error(ring)[0, :, 0].tolist(), strict=True):
        assert ring.trees[0, 20 + int(first) % 20] == pytest.approx(abs(size) + 0.01)


@pytest.mark.parametrize("steps", [1, 4])
@pytest.mark.parametrize("stored", [7, 45])
def test_a_restored_memory_goes_on_to_the_bit(steps: int, stored: int) -> None:
    ring, again = made(2, capacity=30, steps=steps), made(2, capacity=30, steps=steps)
    for number in range(40):
        put(again, number + 1000)
    for number in range(stored):
        put(ring, number)
        ring.sample(0.5)
        ring.reprioritise(error(ring))
    again.restore(ring.state())
    for mine, theirs in zip(again.streams, ring.streams, strict=True):
        mine.bit_generator.state = theirs.bit_generator.state
    for number in range(stored, stored + 40):
        for this in (ring, again):
            put(this, number)
            this.sample(0.5)
        for name in PARTS:
            assert torch.equal(getattr(ring.minibatch, name), getattr(again.minibatch, name))
        for this in (ring, again):
            this.reprioritise(error(this))
    assert np.array_equal(ring.trees[:, 1:], again.trees[:, 1:])


def test_one_member_of_three_is_the_same_alone() -> None:
    three, alone = made(3, capacity=13, steps=2), made(1, capacity=13, steps=2)
    for number in range(40):
        for this in (three, alone):
            put(this, number)
            this.sample(0.5)
        for name in PARTS:
            assert torch.equal(getattr(three.minibatch, name)[0], getattr(alone.minibatch, name)[0])
        for this in (three, alone):
            this.reprioritise(error(this))
    assert not torch.equal(three.minibatch.observation[0], three.minibatch.observation[1])


@pytest.mark.parametrize("steps", [1, 3])
def test_bytes_of_a_transition(steps: int) -> None:
    ring = made(2, steps=steps)
    held = ring.rows.nbytes + ring._track.nbytes + ring.trees.nbytes
    assert held == 2 * 10 * transition_bytes(1, 2, steps, prioritised=True)


def test_the_priorities_of_a_run_are_recorded() -> None:
    config = {"learning_starts": 20, "widths": [8], "batch_size": 4, "prioritised": True}
    session = Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm="dqn", config=config, members=2, steps=60, device="cpu"))
    session.advance(Budget(UNBOUNDED))
    updates = session.history.view()["updates"]
    replay = session.learner.replay
    assert updates["priority"][-2:] == pytest.approx(replay.trees[:, 1] / 60)
    assert updates["largest_priority"][-2:] == pytest.approx(replay.largest) and (updates["priority"] <= updates["largest_priority"]).all()
    session.close()


def test_priorities_are_seen_of_what_is_stored_and_of_evenly_chosen_ones_where_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = made(capacity=10, alpha=1.0, epsilon=0.0)
    set_priorities(ring, [0.5, 2.0, 1.0, 4.0, 3.0])
    assert ring.spread(0).tolist() == [0.5, 2.0, 1.0, 4.0, 3.0]
    monkeypatch.setattr("core.deep.engine.prioritised.SEEN", 2)
    seen = ring.spread(0)
    assert seen.tolist() == [0.5, 1.0, 3.0]
    seen[:] = 9.0
    assert ring.trees[0, 1] == 10.5
