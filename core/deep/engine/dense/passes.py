"""Passes through fully connected networks, for tensors."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.deep.engine.blueprint import Blueprint, Kind, Part
from core.deep.engine.dense import layers, network
from core.deep.engine.dense.layers import Floats
from core.deep.engine.passes import Layout, Pass, Passes
from core.deep.engine.settings import Activation, Dueling

KINDS = {Kind.linear: layers.LINEAR, Kind.layer_norm: layers.LAYER_NORM, Kind.streams: layers.STREAMS}
BENDS = {Activation.relu: layers.RELU, Activation.elu: layers.ELU}
DUELS = {Dueling.mean: layers.MEAN, Dueling.max: layers.MAX}


def suits(blueprint: Blueprint, device: torch.device) -> bool:
    """Whether there are such passes for networks of this blueprint: tanh and SiLU cost more here than torch saves."""
    return device.type == "cpu" and not blueprint.convolutions and blueprint.activation in BENDS


class Dense(Passes):
    """Passes through fully connected networks on a processor.

    Args:
        blueprint: of one.
        parts: of the blueprint.
        starts: the column where each part's parameters begin.

    Attributes:
        program: as `core.deep.engine.dense.network` reads it.
    """

    def __init__(self, blueprint: Blueprint, parts: Sequence[Part], starts: Sequence[int]) -> None:
        self._shape = parts[-1].outputs
        rows, place = list[tuple[int, ...]](), 0
        for part, start in zip(parts, starts, strict=True):
            kind, groups = KINDS.get(part.kind), part.groups
            if part.kind is Kind.activation:
                kind = BENDS[blueprint.activation]
            elif part.kind is Kind.q_values:
                kind = DUELS.get(blueprint.dueling)
            if part.kind in (Kind.streams, Kind.q_values):
                groups = blueprint.atoms
            if kind is None:  # the same numbers in another shape
                continue
            gives = prod(part.outputs)
            over = kind in layers.OVER
            rows.append((kind, prod(part.inputs), gives, start, rows[-1][4] if over else place, groups))
            if not over:
                place += 2 * gives + groups if kind == layers.LAYER_NORM else gives
        self.program, self._size = np.array(rows), place
        self._outputs = rows[-1][4]
        self._memory: NDArray[Any] = np.empty(0)

    def forward(self, inputs: Tensor, own: Layout, first: int = 0) -> Pass:
        (members, batch), (actions, atoms) = inputs.shape[:2], self._shape
        if first == len(self.program):
            return Pass(inputs.view(members, batch, actions, atoms), None)
        x = read(inputs)
        outputs, kept = self.through(x, own, first)
        return Pass(torch.from_numpy(outputs.copy()), (x, kept))

    def through(self, x: Floats, own: Layout, first: int = 0) -> tuple[Floats, Floats]:
        """Outputs [K, B, A, N] for inputs [K, B, D], and those of all layers: in memory that the next pass takes."""
        members, batch, _ = x.shape
        actions, atoms = self._shape
        kept = self.space(members * batch, x.dtype).reshape(members, -1)
        network.forward(self.program[first:] if first else self.program, own.array, x, kept)
        at = batch * self._outputs
        return kept[:, at : at + batch * actions * atoms].reshape(members, batch, actions, atoms), kept

    def backward(self, through: Pass, gradient: Tensor, own: Layout, into: Layout) -> None:
        x, kept = through.kept
        above = gradient.numpy().reshape(*x.shape[:2], -1)
        network.backward(self.program, own.array, x, kept, above, into.array)

    def space(self, observations: int, dtype: np.dtype[Any]) -> NDArray[Any]:
        """For the outputs of all layers at so many observations: the same memory for every pass, which the processor then has at hand. Of
        a pass only the outputs of the last layer outlive the next."""
        size = observations * self._size
        if len(self._memory) < size or self._memory.dtype != dtype:
            self._memory = np.empty(size, dtype)
        return self._memory[:size]


def read(inputs: Tensor) -> Floats:
    """Inputs [K, B, ...] as [K, B, D]."""
    array = np.ascontiguousarray(inputs.numpy())
    return array.reshape(*array.shape[:2], -1)
