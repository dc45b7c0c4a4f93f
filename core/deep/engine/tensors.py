"""The parameters of one network as named arrays, as torch.nn and safetensors have them: a linear layer's weight is [out, in].

`network.0.weight`, `network.0.bias`, `network.1.weight` ... count layers and activations as `torch.nn.Sequential` does; with dueling the
last layer is `value` and `advantages` beside each other, which read the two halves of the last hidden layer.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from math import prod

import numpy as np
from numpy.typing import NDArray

from core.deep.engine.blueprint import Blueprint, Kind

Arrays = Mapping[str, NDArray[np.float32]]
OURS = "valuescape"
"""Under which name a safetensors file of ours says what its network is, as JSON."""


def named(blueprint: Blueprint, parameters: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """The arrays of a network's parameters [P], in the order of its parts; noise is left out."""
    found, at = {}, 0
    for name, shape, turned in _places(blueprint):
        values = parameters[at : at + prod(shape)].reshape(shape)
        found[name] = np.ascontiguousarray(values.T if turned else values.reshape(shape[-1:]))
        at += prod(shape)
    return found


def flat(blueprint: Blueprint, arrays: Arrays) -> NDArray[np.float32]:
    """The parameters [P] of named arrays; LookupError or ValueError where they are not those of the blueprint."""
    values = []
    for name, shape, turned in _places(blueprint):
        array = np.asarray(arrays[name], np.float32)
        if array.shape != (shape[::-1] if turned else shape[-1:]):
            raise ValueError(f"{name} has the shape {array.shape}")
        values.append((array.T if turned else array).ravel())
    return np.concatenate(values)


def _places(blueprint: Blueprint) -> Iterator[tuple[str, tuple[int, ...], bool]]:
    """Name, shape in our memory, and whether the array is turned, of every block of parameters."""
    for number, part in enumerate(blueprint.parts()):
        names = ("value", "advantages") if part.kind is Kind.streams else (f"network.{number}",)
        shapes = iter(part.shapes)
        for name in names:
            for kind, shape in zip(("weight", "bias"), islice(shapes, 2), strict=False):
                yield f"{name}.{kind}", shape, kind == "weight" and bool(part.products)
