"""A network in numbers before it is made: shapes, parameters and memory. Needs no torch."""

from dataclasses import dataclass
from math import prod

from core.deep.engine.blueprint import Blueprint, Convolution, Kind, Part, Shape
from core.deep.engine.settings import Activation, Dueling

FLOAT = 4
"""Bytes of a number."""


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """One layer of one member.

    Attributes:
        kind: what it does.
        number: from 1 among those of its kind.
        inputs: shape of what it reads of one observation.
        outputs: shape of what it gives.
        parameters: numbers that it learns.
        made: numbers that the forward pass of one observation takes room for; activations overwrite their inputs where they can.
        sums: how `parameters` come about, such as "4 · 256 + 256"; empty where there are none.
        noisy: whether it learns a mean and the size of the noise for each weight.
        convolution: of a convolution.
        unseen: (rows, columns) at the end of the picture that a convolution's stride leaves out.
    """

    kind: Kind
    number: int
    inputs: Shape
    outputs: Shape
    parameters: int
    made: int
    sums: str
    noisy: bool = False
    convolution: Convolution | None = None
    unseen: tuple[int, int] = (0, 0)

    @property
    def name(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def places(self) -> tuple[str, ...]:
        """How a convolution's rows and columns come about, such as "⌊(84 − 8 + 2 · 0) / 4⌋ + 1 = 20"."""
        if self.convolution is None:
            return ()
        _, kernel, stride, padding = self.convolution
        sides = zip(self.inputs[1:], self.outputs[1:], strict=True)
        return tuple(f"⌊({size} − {kernel} + 2 · {padding}) / {stride}⌋ + 1 = {places}" for size, places in sides)


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """A network and what goes with it.

    Attributes:
        layers: of one member, from inputs to outputs.
        members: K.
        memory: of all.
    """

    layers: tuple[LayerFacts, ...]
    members: int
    memory: "Memory"

    @property
    def parameters(self) -> int:
        """Numbers that one member learns."""
        return sum(layer.parameters for layer in self.layers)


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of K members.

    Attributes:
        parameters: of the learning network.
        target: of the target network.
        average: of the running average of the weights, without noise.
        optimizer: the gradient, room to work and the moments.
        noise: on the weights of both networks, and the weights with it.
        activations: of a minibatch in the forward pass, for the backward pass to find.
        replay: of the full buffers.
    """

    parameters: int
    target: int
    average: int
    optimizer: int
    noise: int
    activations: int
    replay: int

    @property
    def total(self) -> int:
        return self.parameters + self.target + self.average + self.optimizer + self.noise + self.activations + self.replay


def written(size: int) -> str:
    """Bytes as a person reads them, such as 4.6 MB."""
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 999.5:
            break
        value, unit = value / 1000, larger
    return f"{value:.3g} {unit}"


def anatomy(blueprint: Blueprint) -> list[LayerFacts]:
    """The layers from inputs to outputs.

    Raises:
        ConfigError: as `Blueprint.parts` does.
    """
    return [
        LayerFacts(
            part.kind, part.number, part.inputs, part.outputs, blueprint.parameters(part), _made(part, blueprint),
            _sums(part, blueprint), _noisy(part, blueprint), part.convolution, _unseen(part),
        )
        for part in blueprint.parts()
    ]  # fmt: skip


def memory(
    blueprint: Blueprint, members: int, batch: int, transition: int, capacity: int, moments: int = 2,
    target: bool = True, average: bool = False, beside: int = 0,
) -> Memory:  # fmt: skip
    """What K members take.

    Args:
        blueprint: of one.
        members: K.
        batch: B transitions in a minibatch.
        transition: bytes of one in the replay buffer.
        capacity: transitions in a member's buffer.
        moments: running averages that the optimizer keeps of each parameter; Adam has 2.
        target: whether there is a target network.
        average: whether a running average of the weights is kept.
        beside: bytes of a member's buffer that are not counted by transitions.

    Raises:
        ConfigError: as `Blueprint.parts` does.
    """
    layers = anatomy(blueprint)
    parameters = FLOAT * members * sum(layer.parameters for layer in layers)
    return Memory(
        parameters=parameters,
        target=target * parameters,
        average=average * FLOAT * members * sum(prod(shape) for part in blueprint.parts() for shape in part.shapes),
        optimizer=(2 + moments) * parameters,
        noise=(1 + target) * parameters if blueprint.noise else 0,
        activations=FLOAT * members * batch * sum(layer.made for layer in layers),
        replay=members * (capacity * transition + beside),
    )


def _made(part: Part, blueprint: Blueprint) -> int:
    size = prod(part.outputs)
    match part.kind:
        case Kind.flatten:
            return 0
        case Kind.layer_norm:
            return 2 * size + 2 * part.groups
        case Kind.activation:
            return size if blueprint.activation is Activation.silu else 0
        case Kind.q_values:
            return {Dueling.none: 0, Dueling.mean: size, Dueling.max: size + 2 * blueprint.atoms}[blueprint.dueling]
        case _:
            return size


def _sums(part: Part, blueprint: Blueprint) -> str:
    sums = " + ".join(" · ".join(str(side) for side in shape if side > 1) or "1" for shape in part.shapes)
    return f"2 · ({sums})" if _noisy(part, blueprint) else sums


def _noisy(part: Part, blueprint: Blueprint) -> bool:
    return bool(blueprint.noise and part.products)


def _unseen(part: Part) -> tuple[int, int]:
    if part.convolution is None:
        return 0, 0
    _, rows, columns = part.inputs
    return part.convolution.unseen(rows), part.convolution.unseen(columns)
