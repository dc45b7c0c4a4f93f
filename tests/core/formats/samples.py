"""Small files of formats, as other programs write them."""

import io
import struct
import zlib
from typing import Any

import numpy as np

TIGER = b"""# Tiger, after Cassandra, Kaelbling and Littman (1994)
discount: 0.95
values: reward
states: tiger-left tiger-right
actions: listen open-left open-right
observations: tiger-left tiger-right
start: uniform

T:listen
identity

T:open-left
uniform

T:open-right
uniform

O:listen
0.85 0.15
0.15 0.85
O:open-left
uniform
O:open-right
uniform

R:listen : * : * : * -1
R:open-left : tiger-left : * : * -100
R:open-left : tiger-right : * : * 10
R:open-right : tiger-left : * : * 10
R:open-right : tiger-right : * : * -100
"""

CORRIDOR = b"""discount: 0.9
values: cost
states: 3
actions: go stay
start exclude: 2
T: go : 0
0.25 0.75 0.0
T: go : 1 : 2 1.0
T: go : 2 : 2 1.0
T: stay identity
R: go : * : * 1.0
R: go : 2 : * 0.0
R: stay : 0
0 0 0
"""


def png(rows: list[list[tuple[int, int, int]]], cell: int = 1) -> bytes:
    """A picture with one colour for each cell."""
    pixels = np.repeat(np.repeat(np.array(rows, np.uint8), cell, axis=0), cell, axis=1)
    raw = b"".join(b"\0" + line.tobytes() for line in pixels)
    height, width = pixels.shape[:2]
    parts = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(raw)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )


def npz(**arrays: Any) -> bytes:
    """A file of arrays."""
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


PICTURE = png([[(255, 255, 255), (0, 0, 0)], [(0, 0, 255), (0, 200, 0)]], 3)

SAMPLES = {
    "mdp": [CORRIDOR],
    "pomdp": [TIGER],
    "picture": [PICTURE],
    "map": [b"S..\n.#T\n..G\n"],
    "frozen-lake": [b"SFF\nFHF\nFFG\n"],
    "gymnasium-python": [b"{0: {0: [(np.float64(0.5), 1, 0.0, np.True_), (0.5, 0, 1, False)]}, 1: {0: [(1.0, 1, 0, True)]}}"],
    "arrays": [npz(P=np.array([[[0.5, 0.5], [0.0, 1.0]]]), R=np.array([1.0, 0.0]))],
}
