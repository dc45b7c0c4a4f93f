"""The Fourier basis (Konidaris, Osentoski and Thomas 2011): feature i is cos(pi c_i . s), for s from 0 to 1 in each dimension.

The c_i are all vectors of D whole numbers from 0 to the order, (order + 1)^D of them. Finer waves move more slowly: the step
size of feature i is alpha / ||c_i|| (alpha for the constant one).

Deviation from the paper: all step sizes are divided by one number besides, the mean over s of sum_i feature_i(s)^2 / ||c_i||,
that is 1 + 1/2 sum over c_i other than 0 of 1 / ||c_i||. So alpha is the share of its error that a value is moved by on
average, whatever the order, as it is with tiles.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled

Floats = NDArray[np.float64]


def coefficients(order: int, dimensions: int) -> Floats:
    """[(order + 1)^D, D] the vectors c_i, the constant feature first."""
    return np.array(list(product(range(order + 1), repeat=dimensions)), np.float64).reshape(-1, dimensions)


def rates(vectors: Floats) -> Floats:
    """[F] the step size of each feature as a multiple of alpha."""
    norm = np.sqrt((vectors**2).sum(1))
    share = 1.0 / np.where(norm == 0, 1.0, norm)
    return share / (1.0 + 0.5 * share[norm > 0].sum())


@compiled
def fourier_values(scaled: Floats, vectors: Floats, value: Floats) -> None:
    """Fill `value` [F] with the features of the point `scaled` [D], with `vectors` [F, D]."""
    for feature in range(len(value)):
        angle = 0.0
        for dimension in range(len(scaled)):
            angle += vectors[feature, dimension] * scaled[dimension]
        value[feature] = np.cos(np.pi * angle)
