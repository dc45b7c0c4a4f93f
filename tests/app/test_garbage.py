"""While the studio is open, garbage is collected where and when it says, and afterwards as Python does."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from app.garbage import Garbage


class Knot:
    """Holds itself, so that only a collection ends it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def garbage() -> Iterator[Garbage]:
    assert gc.isenabled()
    garbage = Garbage()
    yield garbage
    garbage.close()
    assert gc.isenabled() and gc.get_freeze_count() == 0


def knot() -> "weakref.ref[Knot]":
    return weakref.ref(Knot())


def test_nothing_is_collected_by_itself(garbage: Garbage) -> None:
    assert not gc.isenabled()
    lost = knot()
    kept = [[number] for number in range(20 * gc.get_threshold()[0])]
    assert lost() is not None and kept
    garbage.tidy()
    assert lost() is None


def test_tidying_waits_until_enough_has_come_together(garbage: Garbage) -> None:
    lost = knot()
    garbage.tidy()
    assert lost() is not None
    garbage.sweep()
    assert lost() is None


def test_tidying_leaves_alone_what_was_swept(garbage: Garbage) -> None:
    survivor = Knot()
    lost = weakref.ref(survivor)
    garbage.sweep()
    assert gc.get_freeze_count() > 0
    del survivor
    kept = [[number] for number in range(2 * gc.get_threshold()[0])]
    garbage.tidy()
    assert lost() is not None and kept
    garbage.sweep()
    assert lost() is None


def test_what_was_there_at_the_start_is_looked_through_the_second_time(request: pytest.FixtureRequest) -> None:
    lost = knot()
    garbage: Garbage = request.getfixturevalue("garbage")
    garbage.sweep()
    assert lost() is not None
    garbage.sweep()
    assert lost() is None


def test_older_generations_are_collected_when_they_are_due(garbage: Garbage) -> None:
    old = Knot()
    lost = weakref.ref(old)
    garbage.tidy()
    gc.collect(0)
    del old
    kept = []
    for _ in range(gc.get_threshold()[1] + 3):
        kept.append([[number] for number in range(2 * gc.get_threshold()[0])])
        garbage.tidy()
    assert lost() is None
