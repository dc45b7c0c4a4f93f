"""Packed pictures come back as they were, and what is damaged is refused."""

import base64
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays

from core.config import build
from core.errors import ConfigError
from core.pictures import PIECE, Picture, Pictures


@given(arrays(np.uint8, some.tuples(some.integers(1, 30), some.integers(1, 50))))
def test_they_come_back_as_they_were(pictures: Picture) -> None:
    packed = Pictures.of(list(pictures))
    assert np.array_equal(Pictures.model_validate_json(packed.model_dump_json()).unpacked(), pictures)


def test_pictures_that_are_alike_take_little() -> None:
    picture = np.random.default_rng(0).integers(256, size=84 * 84, dtype=np.uint8)
    assert len(Pictures.of([picture] * 100).packed) < 3 * 84 * 84


@pytest.mark.parametrize(("count", "size"), [(3, 10), (2, 11), (2, 9), (1, 10)])
def test_as_many_as_they_say(count: int, size: int) -> None:
    packed = Pictures.of([np.zeros(10, np.uint8)] * 2).packed
    with pytest.raises(ConfigError, match="damaged"):
        build(Pictures, {"count": count, "size": size, "packed": packed})


@pytest.mark.parametrize("packed", ["", "no base64", "AAAA", base64.b64encode(zlib.compress(bytes(20))[:-5]).decode(), "é"])
def test_what_is_damaged_is_refused(packed: str) -> None:
    with pytest.raises(ConfigError, match="damaged"):
        build(Pictures, {"count": 2, "size": 10, "packed": packed})


def test_more_than_they_say_is_not_unpacked() -> None:
    """64 MiB of zeros pack to 64 KiB; of them one piece is looked at."""
    packed = base64.b64encode(zlib.compress(bytes(64 << 20))).decode()
    tracemalloc.start()
    with pytest.raises(ConfigError, match="damaged"):
        build(Pictures, {"count": 2, "size": 10, "packed": packed})
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 4 * PIECE
