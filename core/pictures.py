"""Pictures of one size, packed as text: those of a game differ in little from one to the next, and take 50 to 400 bytes each."""

import base64
import binascii
import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationInfo, field_validator

from core.config import Config, setting

Picture = NDArray[np.uint8]
"""[pixels], grey."""
PIECE = 1 << 20
"""Bytes that are unpacked at once where they need not all be there."""


class Pictures(Config):
    """N pictures in a row."""

    count: int = setting(..., "Count", "How many there are.", ge=1)
    size: int = setting(..., "Size", "Pixels of each.", ge=1)
    packed: str = setting(..., "Packed", "All of them, one byte for a pixel, packed by zlib and written in base64.")

    @staticmethod
    def of(pictures: Sequence[Picture]) -> "Pictures":
        """Pack pictures of one size."""
        packing = Packing()
        for picture in pictures:
            packing.add(picture)
        return packing.finished()

    def unpacked(self) -> Picture:
        """[N, pixels] all of them."""
        return np.array(list(self.each()))

    def each(self) -> Iterator[Picture]:
        """One after the other, unpacked as they are asked for: all at once, those of a long game take longer than a blink."""
        unpack, rest, many = zlib.decompressobj(), base64.b64decode(self.packed), max(1, PIECE // self.size)
        for begin in range(0, self.count, many):
            wanted, block = min(many, self.count - begin) * self.size, b""
            while len(block) < wanted:
                block += unpack.decompress(rest, wanted - len(block))
                rest = unpack.unconsumed_tail
            yield from np.frombuffer(block, np.uint8).reshape(-1, self.size)

    @field_validator("packed")
    @classmethod
    def _holds_as_many_as_it_says(cls, packed: str, rest_of: ValidationInfo) -> str:
        """Looked at in pieces: however many they are, one piece is in memory."""
        unpack, held, said = zlib.decompressobj(), 0, rest_of.data.get("count", 0) * rest_of.data.get("size", 0)
        try:
            rest = base64.b64decode(packed, validate=True)
            while piece := unpack.decompress(rest, PIECE):
                held, rest = held + len(piece), unpack.unconsumed_tail
                if held > said:
                    break
        except (binascii.Error, zlib.error, ValueError):
            held = -1
        if held != said or not unpack.eof:
            raise ValueError("the pictures are damaged")
        return packed


class Packing:
    """Pictures that are packed one by one as they come: all at once would take as long as a blink, and as much memory as they do.

    Attributes:
        count, size: as of `Pictures`.
    """

    def __init__(self) -> None:
        self.count = self.size = 0
        self._pack, self._parts = zlib.compressobj(), list[bytes]()

    def add(self, picture: Picture) -> None:
        """One more, of the size of the others."""
        self.count, self.size = self.count + 1, picture.size
        self._parts.append(self._pack.compress(picture.tobytes()))

    def finished(self) -> Pictures:
        """All of them; no more can be added."""
        packed = base64.b64encode(b"".join((*self._parts, self._pack.flush()))).decode()
        return Pictures.model_construct(count=self.count, size=self.size, packed=packed)
