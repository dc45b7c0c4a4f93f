"""A network that was trained elsewhere, as a value: what it is made of and its numbers. Needs no torch."""

import base64
import binascii
from functools import cached_property
from math import prod
from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from core.config import Config, setting
from core.deep.engine.blueprint import Blueprint
from core.deep.engine.dqn_settings import Distribution
from core.deep.engine.settings import Activation, Dueling, SeenAs, Width
from core.errors import ConfigError

MOST = 4_000_000
"""Numbers of a network that is brought in at most: 16 MB."""

Size = Annotated[int, Field(ge=1, le=1_000_000)]


class Layers(Config):
    """What a network is made of and where it is from."""

    source: str = setting(..., "Source", "The program and file it is from.", max_length=400)
    inputs: Size = setting(..., "Inputs", "Numbers that it reads.")
    actions: Size = setting(..., "Actions", "Actions that it values.")
    seen_as: SeenAs = setting(SeenAs.one_hot, "Sees a grid as", "What it reads of a state, where states can be listed.")
    widths: tuple[Width, ...] = setting((), "Hidden layers", "Neurons in each.", max_length=16)
    activation: Activation = setting(Activation.relu, "Activation", "Of the hidden layers.")
    layer_norm: bool = setting(False, "Layer norm", "Whether hidden layers are normalised.")
    dueling: Dueling = setting(Dueling.none, "Dueling", "How values and advantages are put together.")
    distribution: Distribution = setting(Distribution.none, "Distribution", "What the numbers of an action mean.")
    atoms: int = setting(1, "Atoms", "Numbers of each action.", ge=1, le=512)
    lowest: float = setting(-1.0, "Lowest return", "Of a categorical distribution.", ge=-1e6, le=1e6)
    highest: float = setting(1.0, "Highest return", "Of a categorical distribution.", ge=-1e6, le=1e6)

    def __str__(self) -> str:
        return f"{self.source} ({self.layers})"

    @property
    def layers(self) -> str:
        """Such as "4–64–64–2, relu"."""
        sizes = "–".join(map(str, (self.inputs, *self.widths, self.actions)))
        more = ["layer norm"] * self.layer_norm + [f"{self.distribution} {self.atoms}"] * (self.atoms > 1)
        return ", ".join([sizes, self.activation, *more, *(["dueling"] * (self.dueling is not Dueling.none))])

    @cached_property
    def blueprint(self) -> Blueprint:
        """Its layers."""
        return Blueprint(
            (self.inputs,), self.actions, self.widths, self.activation, self.atoms, layer_norm=self.layer_norm, dueling=self.dueling
        )

    @property
    def needed(self) -> int:
        """Numbers that the layers have."""
        return sum(prod(shape) for part in self.blueprint.parts() for shape in part.shapes)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.distribution is Distribution.categorical and not self.lowest < self.highest:
            raise ValueError("the lowest return must lie below the highest")
        if (self.atoms > 1) is not (self.distribution is not Distribution.none):
            raise ValueError("atoms belong to a distribution")
        if self.needed > MOST:
            raise ValueError(f"a network of {self.needed:,} numbers is too large; there may be {MOST:,}")
        return self


class Brought(Layers):
    """A network with its numbers, and what its file says of how it came to them.

    Raises:
        ValueError: where the numbers are not as many as the layers need, or not finite.
    """

    said: dict[str, float | str] = Field(default_factory=dict, title="Training", description="What its file says of its training.")
    numbers: str = setting(..., "Numbers", "Parameters in the order of the layers, float32, little-endian, in base64.")

    @cached_property
    def parameters(self) -> NDArray[np.float32]:
        """[P] in the order of `Blueprint.parts`."""
        return np.frombuffer(base64.b64decode(self.numbers), "<f4").astype(np.float32)

    def fits(self, inputs: int, actions: int) -> None:
        """Raise ConfigError where it was not made for so many numbers and actions."""
        if (inputs, actions) != (self.inputs, self.actions):
            raise ConfigError(
                f"the policy reads {self.inputs} numbers and values {self.actions} actions; this world shows {inputs} and has {actions}",
                where="network", remedy="Choose the world that it was trained in",
            )  # fmt: skip

    @model_validator(mode="after")
    def _whole(self) -> Self:
        try:
            numbers = self.parameters
        except (binascii.Error, ValueError):
            raise ValueError("the numbers are damaged") from None
        if numbers.size != self.needed:
            raise ValueError(f"these layers need {self.needed:,} numbers, not {numbers.size:,}")
        if not np.isfinite(numbers).all():
            raise ValueError("some of its numbers are not finite")
        return self


def encoded(numbers: NDArray[np.float32]) -> str:
    """Parameters [P] as `Brought` holds them."""
    return base64.b64encode(np.ascontiguousarray(numbers, "<f4").tobytes()).decode()
