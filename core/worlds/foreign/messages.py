"""What goes to and fro between a program and the process of an environment: JSON and the bytes of arrays. Nothing is unpickled.

A message is one letter and what follows it: `TELL` a length, so many bytes of JSON, and the bytes of arrays that the JSON describes;
`STEPS` to the process: environment and action of each step; from it: `Stepped` of each, and the bytes of its observation. `ALIVE` alone is
a message: still at work, another part of it is done.
"""

import json
import struct
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

TELL, STEPS = b"J"[0], b"S"[0]
ALIVE = b"A"
LARGEST = 256 * 2**20
"""Bytes of a message at most."""
NUMBERS = "?bhilqBHILQefd"
"""Types of arrays that may come, by numpy's letters."""
_LENGTH = struct.Struct("<BI")
_STEP = struct.Struct("<iq")
_STEPPED = struct.Struct("<dB")


class Stepped(NamedTuple):
    """What a step gave.

    Attributes:
        observation: of the type and shape of the environment's space, its own memory.
    """

    observation: NDArray[Any]
    reward: float
    terminated: bool
    truncated: bool


def tell(said: dict[str, Any], *arrays: NDArray[Any]) -> bytes:
    """A message of JSON and arrays."""
    whole = [np.ascontiguousarray(array) for array in arrays]
    head = json.dumps(said | {"arrays": [[array.dtype.str, list(array.shape)] for array in whole]}).encode()
    return b"".join([_LENGTH.pack(TELL, len(head)), head, *(array.tobytes() for array in whole)])


def told(message: bytes) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    """What such a message says; ValueError where it is none."""
    try:
        kind, length = _LENGTH.unpack_from(message)
        said = json.loads(message[_LENGTH.size : _LENGTH.size + length])
        if kind != TELL or not isinstance(said, dict):
            raise ValueError("another kind of message")
        arrays, at = [], _LENGTH.size + length
        for kind_of, shape in said.pop("arrays", []):
            dtype = np.dtype(kind_of)
            if dtype.char not in NUMBERS:
                raise ValueError(f"numbers of the type {dtype}")
            count = int(np.prod(shape, dtype=np.int64))
            arrays.append(np.frombuffer(message, dtype, count, at).reshape(shape))
            at += count * dtype.itemsize
    except (struct.error, TypeError, LookupError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None
    return said, arrays


def steps(asked: Iterable[tuple[int, int]]) -> bytes:
    """Ask for one step each of environments, by number, with an action."""
    return bytes([STEPS]) + b"".join(_STEP.pack(*one) for one in asked)


def steps_asked(message: bytes) -> list[tuple[int, int]]:
    """Environment and action of each step."""
    return list(_STEP.iter_unpack(message[1:]))


def stepped(reward: float, terminated: bool, truncated: bool, observation: NDArray[Any]) -> bytes:
    """What one step gave; several of them behind a `STEPS` letter are an answer."""
    return _STEPPED.pack(reward, terminated + 2 * truncated) + observation.tobytes()


def all_stepped(message: bytes, count: int, dtype: np.dtype[Any], shape: Sequence[int]) -> list[Stepped]:
    """What so many steps gave; ValueError where the message is none or of another length."""
    size = int(np.prod(shape, dtype=np.int64))
    each = _STEPPED.size + size * dtype.itemsize
    if message[0] != STEPS or len(message) != 1 + count * each:
        raise ValueError("an answer of another length")
    found = []
    for at in range(1, len(message), each):
        reward, flags = _STEPPED.unpack_from(message, at)
        observation = np.frombuffer(message, dtype, size, at + _STEPPED.size).reshape(shape)
        found.append(Stepped(observation, reward, bool(flags & 1), bool(flags & 2)))
    return found
