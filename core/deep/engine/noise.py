"""Noisy networks (Fortunato et al. 2018): exploration by noise on the weights, whose size is learnt.

Every weight and bias of a linear layer is mu + sigma e, with e drawn anew now and then and mu and sigma learnt. The noise is
factorised: e of a weight is f(e_in) f(e_out), that of a bias f(e_out), with f(x) = sign(x) √|x| and one standard normal e_in
and e_out for each neuron that a layer reads from and writes to. Convolutions and layer normalisation have no noise, and
what is asked without noise is answered by mu alone.
"""

import math
from collections.abc import Sequence
from typing import Any

import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor

from core.deep.engine.blueprint import Blueprint
from core.deep.engine.device import Shared
from core.deep.engine.network import Network
from core.deep.engine.passes import Layout, Pass


class Noise:
    """The e of K members.

    Args:
        members: K.
        products: (inputs, outputs) of each linear layer.
        device: where the noise lies.
        dtype: of the noise.

    Attributes:
        values: [K, S], laid out as the linear layers: weights then biases of each; 0 before the first draw.
    """

    def __init__(self, members: int, products: Sequence[Sequence[int]], device: torch.device, dtype: torch.dtype) -> None:
        self.values = torch.zeros(members, sum((inputs + 1) * outputs for inputs, outputs in products), device=device, dtype=dtype)
        self._draws = Shared((members, sum(map(sum, products))), device, dtype)
        self._factors = torch.empty_like(self._draws.tensor)
        self._pieces: list[tuple[Tensor, Tensor, Tensor, Tensor]] = []
        at = neuron = 0
        for inputs, outputs in products:
            weight = self.values[:, at : at + inputs * outputs].view(members, inputs, outputs)
            bias = self.values[:, at + inputs * outputs : at + (inputs + 1) * outputs].view(members, 1, outputs)
            left = self._factors[:, neuron : neuron + inputs, None]
            right = self._factors[:, None, neuron + inputs : neuron + inputs + outputs]
            self._pieces.append((left, right, weight, bias))
            at += (inputs + 1) * outputs
            neuron += inputs + outputs

    def renew(self, streams: Sequence[Generator]) -> None:
        """Draw anew, each member from its own stream."""
        for row, stream in zip(self._draws.array, streams, strict=True):
            stream.standard_normal(out=row, dtype=row.dtype)
        self._spread()

    def _spread(self) -> None:
        draws = self._draws.push()
        torch.abs(draws, out=self._factors).sqrt_().copysign_(draws)
        for left, right, weight, bias in self._pieces:
            torch.mul(left, right, out=weight)
            bias.copy_(right)

    def state(self) -> NDArray[Any]:
        """[K, F] the normal numbers of the newest draw."""
        return self._draws.array.copy()

    def restore(self, state: NDArray[Any]) -> None:
        self._draws.array[:] = state
        self._spread()


class NoisyNetwork(Network):
    """K networks with noisy linear layers: a row of the parameters is that of a plain network, its mu, and the S sigma after it.

    Args:
        blueprint: of one; its noise is sigma_0, and sigma begins as sigma_0 / sqrt(inputs).
        members: K.
        device: where the parameters lie.
        dtype: of the parameters.

    Attributes:
        noise: of the newest draw.
    """

    def __init__(self, blueprint: Blueprint, members: int, device: torch.device, dtype: torch.dtype = torch.float32) -> None:
        super().__init__(blueprint, members, device, dtype)
        self._products = [product for part in self.parts for product in part.products]
        self.noise = Noise(members, self._products, device, dtype)
        sigmas = self.noise.values.shape[1]
        plain = self.parameters.shape[1] - sigmas
        self._fixed, self._mu, self._sigma = slice(plain - sigmas), slice(plain - sigmas, plain), slice(plain, None)
        self._noisy = torch.empty_like(self.parameters[:, :plain])
        self.used = self.lay(self._noisy)
        self._plain = self.lay(self.parameters)

    def initialise(self, member: int, stream: Generator) -> None:
        super().initialise(member, stream)
        counts = torch.tensor([(inputs + 1) * outputs for inputs, outputs in self._products])
        sigmas = torch.tensor([self.blueprint.noise / math.sqrt(inputs) for inputs, _ in self._products])
        self.parameters[member, self._sigma] = sigmas.repeat_interleave(counts).to(self.parameters)

    def renew(self, streams: Sequence[Generator]) -> None:
        self.noise.renew(streams)

    def forward(self, inputs: Tensor, noisy: bool = True) -> Pass:
        if not noisy:
            return self.passes.forward(inputs, self._plain)
        mu, sigma = self.parameters[:, self._mu], self.parameters[:, self._sigma]
        self._noisy[:, self._fixed] = self.parameters[:, self._fixed]
        torch.addcmul(mu, sigma, self.noise.values, out=self._noisy[:, self._mu])
        return self.passes.forward(inputs, self.used)

    def backward(self, through: Pass, gradient: Tensor, into: Layout) -> None:
        super().backward(through, gradient, into)
        torch.mul(into.flat[:, self._mu], self.noise.values, out=into.flat[:, self._sigma])


def make_network(blueprint: Blueprint, members: int, device: torch.device, dtype: torch.dtype = torch.float32) -> Network:
    """K networks, noisy ones where the blueprint says so."""
    return (NoisyNetwork if blueprint.noise else Network)(blueprint, members, device, dtype)
