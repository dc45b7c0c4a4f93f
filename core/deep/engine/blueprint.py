"""What a network is made of, layer by layer, before it is made. Needs no torch.

A hidden layer is a convolution or a linear layer, then layer normalisation where asked for, then the activation. With
dueling (Wang et al. 2016) the last hidden layer is twice as wide, one half for each stream, so that values and advantages
have neurons of their own, as in the paper; where there is no hidden layer, both are read from the same numbers.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import prod
from typing import NamedTuple

from core.deep.engine.dqn_settings import Distribution, DQNConfig
from core.deep.engine.settings import Activation, Dueling, NetworkConfig
from core.errors import ConfigError

Shape = tuple[int, ...]


class Convolution(NamedTuple):
    """A convolution with a square kernel."""

    channels: int
    kernel: int
    stride: int = 1
    padding: int = 0

    def along(self, size: int) -> int:
        """Places of the kernel along a side: (size - kernel + 2 padding) / stride + 1, rounded down; below 1 it does not fit."""
        return (size - self.kernel + 2 * self.padding) // self.stride + 1

    def unseen(self, size: int) -> int:
        """Rows at the end of a side, padding included, that no place of the kernel covers: what rounding down leaves out."""
        return (size - self.kernel + 2 * self.padding) % self.stride


class Kind(StrEnum):
    """What a layer does, as a person reads it."""

    convolution = "convolution"
    flatten = "flatten"
    linear = "linear"
    layer_norm = "layer norm"
    activation = "activation"
    streams = "value and advantages"
    q_values = "action values"


@dataclass(frozen=True, slots=True)
class Part:
    """One layer.

    Attributes:
        kind: what it does.
        number: from 1 among those of its kind.
        inputs: shape of what it reads of one observation.
        outputs: shape of what it gives.
        shapes: of one member's parameters, as they lie in memory.
        groups: parts that are normalised each for itself.
        convolution: of a convolution.
    """

    kind: Kind
    number: int
    inputs: Shape
    outputs: Shape
    shapes: tuple[Shape, ...] = ()
    groups: int = 1
    convolution: Convolution | None = None

    @property
    def products(self) -> tuple[Shape, ...]:
        """(inputs, outputs) of each of a linear layer's matrices, which may be noisy."""
        return self.shapes[::2] if self.kind in (Kind.linear, Kind.streams) else ()


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The network of one member.

    Attributes:
        inputs: (D,) numbers, or (channels, rows, columns) of a picture.
        actions: A.
        widths: neurons of each hidden layer.
        activation: of hidden layers and convolutions.
        atoms: N numbers for each action: 1 for plain values.
        convolutions: before the hidden layers.
        layer_norm: whether hidden layers and convolutions are normalised.
        dueling: how values and advantages are put together, if they are apart.
        noise: sigma_0 of noisy linear layers; 0: none are noisy.
    """

    inputs: Shape
    actions: int
    widths: Shape = ()
    activation: Activation = Activation.relu
    atoms: int = 1
    convolutions: tuple[Convolution, ...] = ()
    layer_norm: bool = False
    dueling: Dueling = Dueling.none
    noise: float = 0.0

    def parts(self) -> tuple[Part, ...]:
        """The layers from the inputs to the outputs [A, N].

        Raises:
            ConfigError: where convolutions have no picture to look at, or a kernel does not fit.
        """
        found: list[Part] = []
        shape = self.inputs

        def add(kind: Kind, outputs: Shape, *shapes: Shape, groups: int = 1, convolution: Convolution | None = None) -> Shape:
            number = 1 + sum(part.kind is kind for part in found)
            found.append(Part(kind, number, found[-1].outputs if found else self.inputs, outputs, shapes, groups, convolution))
            return outputs

        def bend(groups: int = 1) -> None:
            if self.layer_norm:
                add(Kind.layer_norm, shape, (1, *shape), (1, *shape), groups=groups)
            add(Kind.activation, shape)

        for number, convolution in enumerate(self.convolutions):
            kernels = (convolution.channels, shape[0], convolution.kernel, convolution.kernel)
            shape = add(
                Kind.convolution,
                _convolved(shape, convolution, f"convolutions.{number}"),
                kernels,
                (convolution.channels,),
                convolution=convolution,
            )
            bend()
        if len(shape) > 1:
            shape = add(Kind.flatten, (prod(shape),))
        apart = self.dueling is not Dueling.none
        for number, width in enumerate(self.widths, 1):
            streams = 2 if apart and number == len(self.widths) else 1
            shape = add(Kind.linear, (streams * width,), (shape[0], streams * width), (1, streams * width))
            bend(streams)
        value, advantages = self.atoms, self.actions * self.atoms
        if apart and self.widths:
            half = self.widths[-1]
            add(Kind.streams, (value + advantages,), (half, value), (1, value), (half, advantages), (1, advantages))
        else:
            outputs = apart * value + advantages
            add(Kind.linear, (outputs,), (shape[0], outputs), (1, outputs))
        add(Kind.q_values, (self.actions, self.atoms))
        return tuple(found)

    def parameters(self, part: Part) -> int:
        """Numbers that one member learns in a layer; a noisy one learns two for each weight."""
        return sum(map(prod, part.shapes)) * (2 if self.noise and part.products else 1)


GRID, SCREEN = ((3,), (1,)), ((8, 4, 3), (4, 2, 1))
"""Kernels and strides of convolutions where the settings name none; those of a screen are Mnih et al.'s (2015)."""


def blueprint_of(config: NetworkConfig, inputs: Shape, actions: int, screen: bool = False) -> Blueprint:
    """The network that the settings describe, for observations of this shape; `screen` if they are that of a game, not of a grid."""
    convolutions = _convolutions(config, screen) if len(inputs) == 3 else ()
    plain = Blueprint(
        inputs, actions, config.widths, config.activation, convolutions=convolutions, layer_norm=config.layer_norm, dueling=config.dueling
    )
    if not isinstance(config, DQNConfig):
        return plain
    atoms = 1 if config.distribution is Distribution.none else config.atoms
    return replace(plain, atoms=atoms, noise=config.noise if config.noisy else 0.0)


def _convolutions(config: NetworkConfig, screen: bool) -> tuple[Convolution, ...]:
    """In a grid with a border of zeros, so that a kernel of odd side stands on every cell; on a screen without."""
    usual = SCREEN if screen else GRID
    kernels, strides = (given or usual for given, usual in zip((config.kernels, config.strides), usual, strict=True))
    return tuple(
        Convolution(channels, kernel, strides[min(number, len(strides) - 1)], 0 if screen else kernel // 2)
        for number, channels in enumerate(config.channels)
        for kernel in [kernels[min(number, len(kernels) - 1)]]
    )


def _convolved(shape: Shape, convolution: Convolution, where: str) -> Shape:
    if len(shape) != 3:
        raise ConfigError(f"convolutions need pictures; an observation here is {prod(shape)} numbers", where=where)
    _, rows, columns = shape
    outputs = (convolution.channels, convolution.along(rows), convolution.along(columns))
    if min(outputs) < 1:
        raise ConfigError(
            f"a kernel of {convolution.kernel} does not fit into {rows} × {columns} with padding {convolution.padding}",
            where=where,
            remedy="Choose a smaller kernel, smaller strides before it, or more padding",
        )
    return outputs
