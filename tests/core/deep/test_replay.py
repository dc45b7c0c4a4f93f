"""The replay buffer: a ring, drawn from uniformly with every member's own stream."""

from dataclasses import fields

import numpy as np
import pytest
import torch
from numpy.random import Generator

from core.deep.engine import minibatch
from core.deep.engine import replay as replay_module
from core.deep.engine.minibatch import GOES_ON, TERMINATED, TRUNCATED
from core.deep.engine.replay import Replay
from core.deep.engine.rows import transition_bytes

CPU = torch.device("cpu")
MASK = np.array([True, False, True])
DISCOUNTS = (0.9, 0.5, 1.0)


def replay(members: int = 1, capacity: int = 4, batch: int = 6, streams: list[Generator] | None = None, steps: int = 1) -> Replay:
    streams = streams or [np.random.default_rng(member) for member in range(members)]
    return Replay(members, capacity, 2, 3, batch, streams, CPU, DISCOUNTS[:members], steps)


def put(ring: Replay, number: int) -> None:
    for member in range(len(ring.streams)):
        value = number + 100 * member
        ring.begin(member, np.array([value, value + 0.25], np.float32))
        after = np.array([value + 1, value + 1.25], np.float32)
        ring.end(member, after, number % 3, value / 2, number % 4 == 1, number % 4 == 3, MASK)
    ring.commit()


@pytest.mark.parametrize(("number", "ended", "factor"), [(4, GOES_ON, 0.9), (5, TERMINATED, 0.0), (7, TRUNCATED, 0.9)])
def test_a_row_holds_what_was_put_in(number: int, ended: float, factor: float) -> None:
    ring = replay()
    put(ring, number)
    for batch in (ring.sample(), ring.newest()):
        assert batch.observation[0, 0].tolist() == [number, number + 0.25]
        assert batch.next_observation[0, 0].tolist() == [number + 1, number + 1.25]
        assert batch.action[0, 0].tolist() == [number % 3]
        assert batch.reward[0, 0].tolist() == [number / 2]
        assert batch.ended[0, 0].tolist() == [ended]
        assert batch.factor[0, 0].tolist() == [np.float32(factor)]
        assert batch.blocked[0, 0].tolist() == [0.0, 1.0, 0.0]
        assert batch.steps[0, 0].tolist() == [1.0]
        assert batch.weights is None


@pytest.mark.parametrize("steps", [1, 3])
def test_a_processor_brings_what_a_device_brings(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one by compiled code, part by part, the other whole rows at once."""
    here = replay(3, capacity=8, steps=steps)
    for module in (minibatch, replay_module):
        monkeypatch.setattr(module, "on_host", lambda tensor: np.empty(0))
    there = replay(3, capacity=8, steps=steps)
    for number in range(11):
        for ring in (here, there):
            put(ring, number)
        one, other = here.sample(), there.sample()
        for each in fields(one):
            part, same = getattr(one, each.name), getattr(other, each.name)
            assert part is same is None or (part.is_contiguous() and torch.equal(part, same))
    assert torch.equal(here.rows, there.rows)


def test_the_oldest_transition_makes_room() -> None:
    ring = replay(capacity=4)
    for number in range(3):
        put(ring, number)
    assert ring.filled == 3
    assert set(ring.sample().observation[0, :, 0].tolist()) <= {0.0, 1.0, 2.0}
    for number in range(3, 7):
        put(ring, number)
        assert ring.newest().observation[0, 0, 0] == number
    assert ring.filled == 4
    assert sorted(ring.rows[0, :, 0].tolist()) == [3.0, 4.0, 5.0, 6.0]


def test_draws_are_uniform_over_what_is_filled() -> None:
    ring = replay(capacity=50, batch=1000)
    for number in range(10):
        put(ring, number)
    drawn = np.concatenate([ring.sample().observation[0, :, 0].numpy().copy() for _ in range(10)]).astype(int)
    counts = np.bincount(drawn, minlength=10)
    assert len(counts) == 10
    assert ((counts - 1000.0) ** 2 / 1000.0).sum() < 27.9  # chi-square, 9 degrees of freedom, 0.1 %


@pytest.mark.parametrize("steps", [1, 3])
def test_every_draw_is_a_number_of_the_members_stream_times_what_is_filled(steps: int) -> None:
    ring, twins = replay(3, capacity=50, steps=steps), [np.random.default_rng(member) for member in range(3)]
    for number in range(70):
        put(ring, number)
        drawn = ring.sample().observation[:, :, 0]
        for member, twin in enumerate(twins):
            places = (twin.random(6) * min(number + 1, 50)).astype(int)
            assert drawn[member].tolist() == [100 * member + number - (number - place) % 50 for place in places.tolist()]


def test_members_draw_from_their_own_ring_with_their_own_stream() -> None:
    both, alone = replay(members=2), replay(streams=[np.random.default_rng(0)])
    for number in range(4):
        put(both, number)
        put(alone, number)
    first, second = both.sample().observation[:, :, 0]
    assert torch.equal(first, alone.sample().observation[0, :, 0])
    assert (second >= 100).all()


@pytest.mark.parametrize("steps", [1, 3])
def test_state_holds_the_filled_part_only(steps: int) -> None:
    ring, again = replay(capacity=1000, steps=steps), replay(capacity=1000, steps=steps)
    for number in range(3):
        put(ring, number)
    state = ring.state()
    assert [rows.shape for rows in state["rows"].values()] == [(1, 3, 11)]
    again.restore(state)
    again.streams[0].bit_generator.state = ring.streams[0].bit_generator.state
    for this in (ring, again):
        put(this, 3)
    for one, other in ((ring.sample(), again.sample()), (ring.newest(), again.newest())):
        for name in ("observation", "next_observation", "reward", "factor", "steps"):
            assert torch.equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("steps", [1, 2])
def test_bytes_of_a_transition(steps: int) -> None:
    ring = replay(members=2, capacity=10, steps=steps)
    assert ring.rows.nbytes + ring._track.nbytes == 2 * 10 * transition_bytes(2, 3, steps)
