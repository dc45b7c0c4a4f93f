"""Pictures that are kept once give back what was seen: against stacks that were kept whole."""

import numpy as np
import pytest
import torch
from numpy.random import Generator
from numpy.typing import NDArray

from core.deep.engine import rows
from core.deep.engine.frames import Frames
from core.deep.engine.prioritised import PrioritisedReplay
from core.deep.engine.replay import Replay
from core.deep.engine.rows import frames_kept, picture_bytes
from core.errors import ConfigError
from core.memory import usable_memory

CPU = torch.device("cpu")
STACK, SIZE = 4, 6


class Player:
    """Sees the newest four of random pictures, as FrameStackObservation shows them; an episode ends now and then."""

    def __init__(self, chance: Generator) -> None:
        self.chance = chance
        self.begin()

    def begin(self) -> None:
        self.pictures = [self._picture()] * STACK

    def step(self) -> tuple[bool, bool]:
        self.pictures = [*self.pictures[1:], self._picture()]
        return bool(self.chance.random() < 0.1), bool(self.chance.random() < 0.1)

    @property
    def seen(self) -> NDArray[np.float32]:
        return np.concatenate(self.pictures).astype(np.float32)

    def _picture(self) -> NDArray[np.uint8]:
        return self.chance.integers(256, size=SIZE, dtype=np.uint8)


def played(replay: Replay, steps: int, seed: int = 0) -> list[list[tuple[NDArray[np.float32], NDArray[np.float32], bool]]]:
    """What each member saw before and after each step, and whether its episode ended there."""
    players = [Player(np.random.default_rng((seed, member))) for member in range(2)]
    told: list[list[tuple[NDArray[np.float32], NDArray[np.float32], bool]]] = [[], []]
    for _ in range(steps):
        for member, player in enumerate(players):
            before = player.seen
            replay.begin(member, before)
            terminated, truncated = player.step()
            replay.end(member, player.seen, 0, 1.0, terminated, truncated and not terminated, np.ones(2, bool))
            told[member].append((before, player.seen, terminated or truncated))
            if terminated or truncated:
                replay.over(member)
                player.begin()
        replay.commit()
    return told


def made(capacity: int, steps: int = 1, batch: int = 40, kind: type[Replay] = Replay) -> Replay:
    streams = [np.random.default_rng((9, member)) for member in range(2)]
    return kind(2, capacity, STACK * SIZE, 2, batch, streams, CPU, [0.9, 0.9], steps, stack=STACK)


@pytest.mark.parametrize("kind", [Replay, PrioritisedReplay])
@pytest.mark.parametrize("steps", [1, 3])
@pytest.mark.parametrize("capacity", [1, 7, 50, 500])
def test_what_is_drawn_is_what_was_seen(capacity: int, steps: int, kind: type[Replay], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BLOCK", 16)
    for length in (1, 6, 90, 211):
        replay = made(capacity, steps, kind=kind)
        told = played(replay, length)
        batch = replay.sample()
        for member in range(2):
            for which, place in enumerate(replay._many.places[member].tolist()):
                number = length - 1 - (length - 1 - place) % capacity
                last = number
                while last - number + 1 < steps and last + 1 < length and not told[member][last][2]:
                    last += 1
                assert np.array_equal(batch.observation[member, which].numpy(), told[member][number][0])
                assert np.array_equal(batch.next_observation[member, which].numpy(), told[member][last][1])


@pytest.mark.parametrize("capacity", [1, 4, 9, 60])
def test_what_a_person_showed_lies_between_what_the_agent_saw(capacity: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The agent goes on in the middle of its episode, with the stacks that it had; of what was shown only newest pictures are given."""
    monkeypatch.setattr(rows, "BLOCK", 16)
    replay, agent, told = made(capacity), Player(np.random.default_rng(1)), []

    def step(player: Player, shown: bool, ends: bool) -> None:
        before = player.seen
        player.step()
        for member in range(2):
            replay.begin(member, before[-SIZE:] if shown else before)
            replay.end(member, player.seen[-SIZE:] if shown else player.seen, 0, 1.0, False, ends, np.ones(2, bool))
            if ends:
                replay.over(member)
        replay.commit()
        told.append((before, player.seen))

    for length in (3, 2, 1, 7):
        for _ in range(length):
            step(agent, False, False)
        replay.part()
        person = Player(np.random.default_rng(length))
        for at in range(length):
            step(person, True, at == length - 1)
        kept = replay.state()
        replay = made(capacity)
        replay.restore(kept)
        step(agent, False, False)
        batch = replay.sample()
        for which, place in enumerate(replay._many.places[1].tolist()):
            number = replay.count - 1 - (replay.count - 1 - place) % capacity
            assert np.array_equal(batch.observation[1, which].numpy(), told[number][0])
            assert np.array_equal(batch.next_observation[1, which].numpy(), told[number][1])
    assert replay.frames is not None
    assert sum(map(len, replay.frames._earlier)) <= 2 * min(capacity, 4)


def test_the_newest_is_drawn_before_the_next_begins() -> None:
    replay = made(5)
    told = played(replay, 23)
    assert np.array_equal(replay.newest().next_observation[1, 0].numpy(), told[1][-1][1])


def test_it_goes_on_as_if_it_had_never_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BLOCK", 16)
    straight, other = made(30), made(30)
    played(straight, 100)
    state = straight.state()
    other.restore(state)
    for replay in (straight, other):
        played(replay, 45, seed=1)
    assert torch.equal(straight.sample().observation, other.sample().observation)
    again = made(30)
    again.restore(state)
    assert again.count == 100, "and the state that was taken is still that of then"
    assert np.array_equal(again.state()["frames"]["blocks"]["0"], state["frames"]["blocks"]["0"])


def test_states_share_the_blocks_that_are_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BLOCK", 16)
    replay = made(100)
    played(replay, 40)
    first = replay.state()["frames"]["blocks"]
    played(replay, 20)
    second = replay.state()["frames"]["blocks"]
    assert [first[name] is second[name] for name in first] == [True, True, False]


def test_blocks_of_another_ring_are_refused() -> None:
    state = Frames(2, 10, STACK, SIZE)
    state.begin(0, 0, np.zeros(STACK * SIZE))
    with pytest.raises(ValueError, match="do not fit together"):
        Frames(2, 10, STACK, SIZE + 1).restore(state.state(0), 0)


@pytest.mark.parametrize("capacity", [1, 100, 5000])
def test_the_memory_is_what_the_inspector_says(capacity: int) -> None:
    replay = made(capacity)
    assert replay.frames is not None
    played(replay, 3 * capacity + 600)
    held = sum(block.nbytes for block in replay.frames._blocks if block is not None)
    assert held == 2 * picture_bytes(capacity, (STACK, 1, SIZE)) == 2 * SIZE * frames_kept(capacity, STACK)
    assert frames_kept(capacity, STACK) < capacity + STACK + 2 * rows.BLOCK
    assert sum(map(len, replay.frames._last)) < 0.25 * 2 * capacity + 4, "beside them only what ends an episode that is still drawn"


def test_what_does_not_fit_into_this_machine_is_refused_at_once() -> None:
    with pytest.raises(ConfigError, match="MiB of memory"):
        Frames(1, usable_memory(), 4, 84 * 84)
