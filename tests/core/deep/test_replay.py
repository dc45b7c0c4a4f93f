"""The replay buffer: a ring, drawn from uniformly with every member's own stream."""

import numpy as np
import torch
from numpy.random import Generator

from core.deep.engine.replay import Replay

CPU = torch.device("cpu")
MASK = np.array([True, False, True])


def replay(members: int = 1, capacity: int = 4, batch: int = 6, streams: list[Generator] | None = None) -> Replay:
    return Replay(members, capacity, 2, 3, batch, streams or [np.random.default_rng(member) for member in range(members)], CPU)


def put(ring: Replay, number: int) -> None:
    for member in range(len(ring.streams)):
        value = number + 100 * member
        ring.begin(member, np.array([value, value + 0.25], np.float32))
        ring.end(member, np.array([value + 1, value + 1.25], np.float32), number % 3, value / 2, number % 2 == 1, MASK)
    ring.commit()


def test_a_row_holds_what_was_put_in() -> None:
    ring = replay()
    put(ring, 5)
    batch = ring.sample()
    assert batch.observation[0, 0].tolist() == [5.0, 5.25]
    assert batch.next_observation[0, 0].tolist() == [6.0, 6.25]
    assert batch.action[0, 0].tolist() == [2.0]
    assert batch.reward[0, 0].tolist() == [2.5]
    assert batch.continuation[0, 0].tolist() == [0.0]
    assert batch.blocked[0, 0].tolist() == [0.0, 1.0, 0.0]


def test_the_oldest_transition_makes_room() -> None:
    ring = replay(capacity=4)
    for number in range(3):
        put(ring, number)
    assert ring.filled == 3
    assert set(ring.sample().observation[0, :, 0].tolist()) <= {0.0, 1.0, 2.0}
    for number in range(3, 7):
        put(ring, number)
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


def test_members_draw_from_their_own_ring_with_their_own_stream() -> None:
    both, alone = replay(members=2), replay(streams=[np.random.default_rng(0)])
    for number in range(4):
        put(both, number)
        put(alone, number)
    first, second = both.sample().observation[:, :, 0]
    assert torch.equal(first, alone.sample().observation[0, :, 0])
    assert (second >= 100).all()


def test_state_holds_the_filled_part_only() -> None:
    ring, again = replay(capacity=1000), replay(capacity=1000)
    for number in range(3):
        put(ring, number)
    state = ring.state()
    assert state["rows"].shape == (1, 3, 10)
    again.restore(state)
    again.streams[0].bit_generator.state = ring.streams[0].bit_generator.state
    for this in (ring, again):
        put(this, 3)
    assert torch.equal(ring.sample().rows, again.sample().rows)
