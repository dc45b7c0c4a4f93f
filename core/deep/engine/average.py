"""A running average of weights, which is calmer than the weights themselves (Polyak and Juditsky 1992).

After update n the average moves the share max(rate, 1 / n) of the way to the weights: their plain mean at first, so that the weights of
the beginning do not linger, and an exponential average from update 1 / rate on. What is learned is none the wiser: only who looks or
plays greedily reads the average.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from core.deep.engine.blueprint import Blueprint
from core.deep.engine.device import to_numpy
from core.deep.engine.network import Network


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
        self.network.parameters.lerp_(self._learned, max(self.rate, 1.0 / updates))

    def stop(self, member: int) -> None:
        """Leave nothing of a member that has diverged."""
        self.network.parameters[member].zero_()

    def state(self) -> dict[str, Any]:
        return {"average": to_numpy(self.network.parameters)}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.network.parameters.copy_(torch.from_numpy(state["average"]))
