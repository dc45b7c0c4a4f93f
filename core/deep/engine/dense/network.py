"""Passes through K fully connected networks, compiled: each is one call.

A network is a table `program`, one row for each layer: what it does, the width of what it reads, the width of what it gives, where its
parameters begin in a member's row, where its outputs begin among those of one observation, and in how many groups it is normalised,
or how many numbers an action has. What a pass leaves lies in `kept` [K, B S]: the outputs [B, width] of layer after layer.
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled
from core.deep.engine.dense.layers import (
    LAYER_NORM,
    LINEAR,
    MAX,
    MEAN,
    RELU,
    STREAMS,
    Floats,
    bend,
    bend_back,
    duel,
    duel_back,
    matrix,
    normalise,
    normalise_back,
    product,
    product_back,
    streams,
    streams_back,
)

Program = NDArray[np.int64]


@compiled
def through(program: Program, own: Floats, inputs: Floats, memory: Floats) -> None:
    """Outputs of every layer of one network, into `memory` [B S], at inputs [B, D] by parameters [P].

    A layer below a ReLU does that, too, as it writes its outputs: going through them once more is a twentieth of a minibatch's work.
    """
    batch, below = len(inputs), inputs
    for layer in range(len(program)):
        kind, _, gives, start, at, groups = program[layer]
        at *= batch
        above = matrix(memory, at, batch, gives)
        rectified = layer + 1 < len(program) and program[layer + 1, 0] == RELU
        if kind == LINEAR:
            product(below, own, start, above, rectified)
        elif kind == STREAMS:
            streams(below, own, start, groups, above)
        elif kind == LAYER_NORM:
            normal, scale = matrix(memory, at + batch * gives, batch, gives), matrix(memory, at + 2 * batch * gives, batch, groups)
            normalise(below, own, start, normal, scale, above, rectified)
        elif kind in (MEAN, MAX):
            duel(kind, below, groups, above)
        elif kind != RELU or layer == 0:
            bend(kind, below, above)
        below = above


@compiled
def back(program: Program, own: Floats, inputs: Floats, memory: Floats, gradient: Floats, found: Floats, spaces: Floats) -> None:
    """The gradient at every parameter of one network, into `found` [P], from that at the outputs [B, outputs], after `through`; `spaces`
    as `room` makes them."""
    batch, above = len(inputs), gradient
    for layer in range(len(program) - 1, -1, -1):
        kind, reads, gives, start, at, groups = program[layer]
        at *= batch
        below = matrix(memory, batch * program[layer - 1, 4], batch, reads) if layer else inputs
        down = matrix(spaces[layer % 2], 0, batch, reads)
        if kind == LINEAR:
            product_back(below, own, start, above, found, down, layer > 0)
        elif kind == STREAMS:
            streams_back(below, own, start, groups, above, found, down)
        elif kind == LAYER_NORM:
            normal, scale = matrix(memory, at + batch * gives, batch, gives), matrix(memory, at + 2 * batch * gives, batch, groups)
            normalise_back(normal, scale, own, start, above, found, down)
        elif kind in (MEAN, MAX):
            duel_back(kind, below, groups, above, down)
        else:
            bend_back(kind, matrix(memory, at, batch, gives), above, down)
        above = down


@compiled
def room(program: Program, batch: int, like: Floats) -> Floats:
    """[2, …] for the gradients between the layers, in turn."""
    return np.empty((2, batch * max(program[:, 1].max(), program[:, 2].max())), like.dtype)


@compiled
def forward(program: Program, parameters: Floats, inputs: Floats, kept: Floats) -> None:
    """Outputs of every layer of K networks, into `kept` [K, B S], at inputs [K, B, D] by parameters [K, P]."""
    for member in range(len(inputs)):
        through(program, parameters[member], inputs[member], kept[member])


@compiled
def backward(program: Program, parameters: Floats, inputs: Floats, kept: Floats, gradient: Floats, into: Floats) -> None:
    """The gradient at every parameter, into `into` [K, P], from that at the outputs [K, B, outputs], after `forward`."""
    spaces = room(program, inputs.shape[1], inputs)
    for member in range(len(inputs)):
        back(program, parameters[member], inputs[member], kept[member], gradient[member], into[member], spaces)
