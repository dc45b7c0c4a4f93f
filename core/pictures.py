"""Pictures of one size, packed as text: those of a game differ in little from one to the next, and take 50 to 400 bytes each."""

import base64
import binascii
import zlib
from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from core.config import Config, setting

Picture = NDArray[np.uint8]
"""[pixels], grey."""
PIECE = 1 << 20
"""Bytes that are unpacked at once where only their number counts."""


class Pictures(Config):
    """N pictures in a row."""

    count: int = setting(..., "Count", "How many there are.", ge=1)
    size: int = setting(..., "Size", "Pixels of each.", ge=1)
    packed: str = setting(..., "Packed", "All of them, one byte for a pixel, packed by zlib and written in base64.")

    @classmethod
    def of(cls, pictures: Sequence[Picture]) -> Self:
        """Pack pictures of one size."""
        packed = base64.b64encode(zlib.compress(b"".join(picture.tobytes() for picture in pictures)))
        return cls(count=len(pictures), size=pictures[0].size, packed=packed.decode())

    def unpacked(self) -> Picture:
        """[N, pixels] all of them."""
        return np.frombuffer(zlib.decompress(base64.b64decode(self.packed)), np.uint8).reshape(self.count, self.size)

    @model_validator(mode="after")
    def _hold_as_many_as_they_say(self) -> Self:
        """Looked at in pieces: however many they are, one piece is in memory."""
        unpack, held = zlib.decompressobj(), 0
        try:
            rest = base64.b64decode(self.packed, validate=True)
            while piece := unpack.decompress(rest, PIECE):
                held, rest = held + len(piece), unpack.unconsumed_tail
                if held > self.count * self.size:
                    break
        except (binascii.Error, zlib.error, ValueError):
            held = -1
        if held != self.count * self.size or not unpack.eof:
            raise ValueError("the pictures are damaged")
        return self
