"""A running average of weights, which is calmer than the weights themselves (Polyak and Juditsky 1992).

After update n the average moves the share max(rate, (1 + eta) / (n + eta)) of the way to the weights. At first that is polynomial-decay
averaging (Shamir and Zhang 2013), which reaches back over some n / eta updates, so that the weights of the beginning do not linger
and the average grows calmer as learning goes on; once the share has fallen to the rate it is an exponential average. What is learned is
none the wiser: only who looks or plays greedily reads the average.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from core.deep.engine.blueprint import Blueprint
from core.deep.engine.device import to_numpy
from core.deep.engine.network import Network

ETA = 8
"""How soon the beginning is forgotten; 0 would be the plain mean."""


class Average:
    """The averages of K networks, without noise.

    Args:
        blueprint: of the networks that learn.
        learned: [K, P] their parameters, of which those without noise come first.
        rate: the least share that an update moves the average.

    Attributes:
        network: K networks with the averages as parameters.
    """

    def __init__(self, blueprint: Blueprint, learned: Tensor, rate: float) -> None:
        self.network = Network(replace(blueprint, noise=0.0), len(learned), learned.device, learned.dtype)
        self.rate = rate
        self._learned = learned[:, : self.network.parameters.shape[1]]
        self.network.parameters.copy_(self._learned)

    def follow(self, updates: int) -> None:
        """Move towards the weights after the newest of `updates`."""
        self.network.parameters.lerp_(self._learned, max(self.rate, (1 + ETA) / (updates + ETA)))

    def stop(self, member: int) -> None:
        """Leave nothing of a member that has diverged."""
        self.network.parameters[member].zero_()

    def state(self) -> dict[str, Any]:
        return {"average": to_numpy(self.network.parameters)}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.network.parameters.copy_(torch.from_numpy(state["average"]))
