"""Tile coding (Sutton and Barto 2018, section 9.5.4; Albus 1975): which tile of each shifted grid a point lies in.

The range of each of D numbers is cut into `tiles`; each of the n tilings is shifted by another fraction of a tile, so that it
needs one tile more to cover the range. Tiling t is shifted in dimension d (from 0) by ((2 d + 1) t mod n) / n of a tile:
displacement vectors of odd numbers, which spread generalisation more evenly than equal shifts (Miller and Glanz 1996). The
book recommends a power of two for n, at least 4 D.

Every tile has a weight of its own (direct indexing) where n (tiles + 1)^D of them fit; otherwise tiles share them by hashing:
the numbers of tiling and tile are mixed into one integer and taken modulo the size. Collisions are not resolved: two tiles that
meet share one weight, which matters little as long as far fewer tiles are visited than there are weights.
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def direct_size(tilings: int, tiles: int, dimensions: int) -> int:
    """Tiles of all tilings together."""
    return tilings * (tiles + 1) ** dimensions


@compiled
def tile_indices(scaled: Floats, tilings: int, tiles: int, hashed: int, index: Ints) -> None:
    """Fill `index` with the active tile of each tiling.

    Args:
        scaled: [D] float64, the point, from 0 to 1 in each dimension.
        tilings: n.
        tiles: per dimension, of the range.
        hashed: weights that are shared by hashing; 0 for direct indexing.
        index: [n] int64, from 0 to before `hashed` or `direct_size`.
    """
    for tiling in range(tilings):
        place = tiling
        for dimension in range(len(scaled)):
            shift = (tiling * (2 * dimension + 1)) % tilings / tilings
            tile = int(scaled[dimension] * tiles + shift)
            if hashed == 0:
                place = place * (tiles + 1) + tile
            else:
                place = (place ^ (tile + 1)) * 1099511628211
                place ^= place >> 29
        index[tiling] = place if hashed == 0 else place % hashed
