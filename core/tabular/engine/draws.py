"""Random numbers inside kernels: xoshiro256+ (Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators").

A kernel calls numpy's `Generator` through a pointer, which costs seven times as much as this one, copied into the loop: a quarter of a
step. A stream is the 256 bits of its position. Every stream begins where a generator of `core.streams` says.
"""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from core.compiled import inlined
from core.streams import Streams

Stream = NDArray[np.uint64]
"""[4] uint64, not all 0; every draw moves it on."""

WORLD, EXPLORATION, REPLAY = range(3)
"""Which of a member's streams is which, as in `core.streams.Streams`."""

LEFT, TURN, BACK, FRACTION, HALF = (np.uint64(bits) for bits in (17, 45, 19, 11, 32))


def streams_of(members: list[Streams]) -> NDArray[np.uint64]:
    """[K, 3, 4] uint64, the streams of each member, drawn from its generators."""
    return np.stack([[_begun(member.world), _begun(member.exploration), _begun(member.replay)] for member in members])


def _begun(generator: Generator) -> Stream:
    return generator.integers(0, 2**64, 4, dtype=np.uint64)


@inlined
def bits(stream: Stream) -> np.uint64:
    """The next 64 random bits, the highest ones best."""
    drawn = stream[0] + stream[3]
    shifted = stream[1] << LEFT
    stream[2] ^= stream[0]
    stream[3] ^= stream[1]
    stream[1] ^= stream[2]
    stream[0] ^= stream[3]
    stream[2] ^= shifted
    stream[3] = stream[3] << TURN | stream[3] >> BACK
    return drawn


@inlined
def uniform(stream: Stream) -> float:
    """A number from 0 to below 1, in steps of 2^-53."""
    return int(bits(stream) >> FRACTION) * 2.0**-53


@inlined
def below(stream: Stream, count: int) -> int:
    """One of 0 .. count - 1, for a count up to 2^31; two of them differ in probability by 2^-32 at most (Lemire 2019)."""
    return int(np.int64((bits(stream) >> HALF) * np.uint64(count) >> HALF))
