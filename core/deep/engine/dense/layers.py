"""The layers of one fully connected network, forward and backward, compiled. Formulas are those of `core.deep.engine.layers` and `head`.

Arrays are [B, width], rows of a batch, or a layer's parameters as they lie in a member's row. Products come from the library that SciPy
brings, the rest from loops.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled
from core.deep.engine.layers import LayerNorm

Floats = NDArray[Any]

LINEAR, RELU, ELU, LAYER_NORM, STREAMS, MEAN, MAX = range(7)
"""What a layer does; the last two put values and advantages together."""
OVER = RELU, ELU
"""What is written over what it reads: the way back needs the outputs alone."""
SMALL = LayerNorm.SMALL
"""Added to the variance that a layer is divided by."""


@compiled
def matrix(flat: Floats, at: int, rows: int, columns: int) -> Floats:
    """A part of `flat` as [rows, columns]."""
    return flat[at : at + rows * columns].reshape(rows, columns)


@compiled
def side(x: Floats, first: int, columns: int) -> Floats:
    """[B, columns] a copy of some of the columns."""
    found = np.empty((len(x), columns), x.dtype)
    for row in range(len(x)):
        for i in range(columns):
            found[row, i] = x[row, first + i]
    return found


@compiled
def put(x: Floats, first: int, into: Floats) -> None:
    """Write [B, columns] to some of the columns of `into`."""
    for row in range(len(x)):
        for i in range(x.shape[1]):
            into[row, first + i] = x[row, i]


@compiled
def product(below: Floats, own: Floats, start: int, above: Floats, rectified: bool) -> None:
    """x W + b, with W [reads, gives] and then b [gives] from `start` on; `rectified`: 0 where that is negative."""
    reads, gives, zero = below.shape[1], above.shape[1], above.dtype.type(0)
    np.dot(below, matrix(own, start, reads, gives), above)
    bias = own[start + reads * gives : start + (reads + 1) * gives]
    for row in range(len(above)):
        y = above[row]
        if rectified:
            for i in range(gives):
                z = y[i] + bias[i]
                y[i] = z if z > zero else zero
        else:
            for i in range(gives):
                y[i] += bias[i]


@compiled
def product_back(below: Floats, own: Floats, start: int, above: Floats, found: Floats, down: Floats, onward: bool) -> None:
    """The gradients at W and b, into `found`, and, if `onward`, at x, into `down`."""
    reads, gives = below.shape[1], above.shape[1]
    np.dot(below.T, above, matrix(found, start, reads, gives))
    bias = found[start + reads * gives : start + (reads + 1) * gives]
    for i in range(gives):
        bias[i] = 0
    for row in range(len(above)):
        g = above[row]
        for i in range(gives):
            bias[i] += g[i]
    if onward:
        np.dot(above, matrix(own, start, reads, gives).T, down)


@compiled
def streams(below: Floats, own: Floats, start: int, atoms: int, above: Floats) -> None:
    """Values from the first half of the neurons, advantages from the other."""
    half, advantages = below.shape[1] // 2, above.shape[1] - atoms
    for first, at, width, into in ((0, start, atoms, 0), (half, start + (half + 1) * atoms, advantages, atoms)):
        given = np.empty((len(below), width), below.dtype)
        product(side(below, first, half), own, at, given, False)
        put(given, into, above)


@compiled
def streams_back(below: Floats, own: Floats, start: int, atoms: int, above: Floats, found: Floats, down: Floats) -> None:
    """The gradients at both sides' parameters, and at the neurons."""
    half, advantages = below.shape[1] // 2, above.shape[1] - atoms
    back = np.empty((len(below), half), below.dtype)
    for first, at, width, into in ((0, start, atoms, 0), (half, start + (half + 1) * atoms, advantages, atoms)):
        product_back(side(below, first, half), own, at, side(above, into, width), found, back, True)
        put(back, first, down)


@compiled
def bend(kind: int, below: Floats, above: Floats) -> None:
    """An activation; both may be the same."""
    x, y = below.reshape(-1), above.reshape(-1)
    zero = x.dtype.type(0)
    if kind == RELU:
        for i in range(len(x)):
            y[i] = x[i] if x[i] > zero else zero
    else:
        for i in range(len(x)):
            y[i] = x[i] if x[i] > zero else x.dtype.type(math.expm1(x[i]))


@compiled
def bend_back(kind: int, outputs: Floats, above: Floats, down: Floats) -> None:
    """The gradient at what an activation reads, from what it gave."""
    y, g, d = outputs.reshape(-1), above.reshape(-1), down.reshape(-1)
    zero, one = y.dtype.type(0), y.dtype.type(1)
    if kind == RELU:
        for i in range(len(y)):
            d[i] = g[i] if y[i] > zero else zero
    else:
        for i in range(len(y)):
            d[i] = g[i] if y[i] > zero else g[i] * (y[i] + one)


@compiled
def normalise(below: Floats, own: Floats, start: int, normal: Floats, scale: Floats, above: Floats, rectified: bool) -> None:
    """Layer normalisation, with the gain [gives] and then the shift [gives] from `start` on; `rectified`: 0 where that is negative."""
    gives, groups = above.shape[1], scale.shape[1]
    width, gain, shift = gives // groups, own[start : start + gives], own[start + gives : start + 2 * gives]
    ones, zero = np.ones(width, below.dtype), above.dtype.type(0)
    for row in range(len(above)):
        y, whole = above[row], normal[row]
        for group in range(groups):
            x, z = below[row, group * width : (group + 1) * width], whole[group * width : (group + 1) * width]
            mean = np.dot(x, ones) / below.dtype.type(width)
            for i in range(width):
                z[i] = x[i] - mean
            by = below.dtype.type(1.0 / math.sqrt(np.dot(z, z) / width + SMALL))
            scale[row, group] = by
            for i in range(width):
                z[i] *= by
        if rectified:
            for i in range(gives):
                u = whole[i] * gain[i] + shift[i]
                y[i] = u if u > zero else zero
        else:
            for i in range(gives):
                y[i] = whole[i] * gain[i] + shift[i]


@compiled
def normalise_back(normal: Floats, scale: Floats, own: Floats, start: int, above: Floats, found: Floats, down: Floats) -> None:
    """The gradients at gain and shift, into `found`, and at what is normalised, into `down`."""
    gives, groups = above.shape[1], scale.shape[1]
    width, gain = gives // groups, own[start : start + gives]
    ones = np.ones(width, above.dtype)
    at_gain, at_shift = found[start : start + gives], found[start + gives : start + 2 * gives]
    at_gain[:] = 0
    at_shift[:] = 0
    for row in range(len(above)):
        g, z, d = above[row], normal[row], down[row]
        for i in range(gives):
            at_gain[i] += z[i] * g[i]
            at_shift[i] += g[i]
            d[i] = g[i] * gain[i]
        for group in range(groups):
            inner, n = d[group * width : (group + 1) * width], z[group * width : (group + 1) * width]
            level, along = np.dot(inner, ones) / above.dtype.type(width), np.dot(inner, n) / above.dtype.type(width)
            for i in range(width):
                inner[i] = (inner[i] - level - n[i] * along) * scale[row, group]


@compiled
def duel(kind: int, below: Floats, atoms: int, above: Floats) -> None:
    """Q = V + A less the mean, or the greatest, of the A."""
    actions = above.shape[1] // atoms
    for row in range(len(above)):
        for atom in range(atoms):
            total, most = below.dtype.type(0), below[row, atoms + atom]
            for i in range(atoms + atom, atoms + actions * atoms, atoms):
                total += below[row, i]
                most = max(most, below[row, i])
            level = most if kind == MAX else total / below.dtype.type(actions)
            for i in range(atom, actions * atoms, atoms):
                above[row, i] = below[row, atoms + i] + (below[row, atom] - level)


@compiled
def duel_back(kind: int, below: Floats, atoms: int, above: Floats, down: Floats) -> None:
    """The gradient at V and A; that of the greatest goes to the first of several."""
    actions = above.shape[1] // atoms
    for row in range(len(above)):
        for atom in range(atoms):
            total, best = above.dtype.type(0), atoms + atom
            for i in range(atom, actions * atoms, atoms):
                total += above[row, i]
                best = atoms + i if below[row, atoms + i] > below[row, best] else best
            down[row, atom] = total
            less = total / above.dtype.type(actions) if kind == MEAN else above.dtype.type(0)
            for i in range(atom, actions * atoms, atoms):
                down[row, atoms + i] = above[row, i] - less
            if kind == MAX:
                down[row, best] -= total
