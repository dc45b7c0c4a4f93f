"""Q of what members see, for the host to choose actions by."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from core.deep.engine.device import Shared
from core.deep.engine.encoding import Encoding
from core.deep.engine.network import Network
from core.deep.engine.objectives import Objective


class Glance:
    """K networks looking at what their members see.

    Args:
        network: that looks.
        objective: what its outputs mean.
        encoding: of observations.
        copies: N observations of each member.

    Attributes:
        seen: [K, N, stored] float32 what is seen, as it is kept; to be filled before a look.
    """

    def __init__(self, network: Network, objective: Objective, encoding: Encoding, copies: int = 1) -> None:
        self.network, self.objective, self.encoding = network, objective, encoding
        self._shared = Shared((len(network.parameters), copies, encoding.stored), network.parameters.device)
        self.seen: NDArray[np.float32] = self._shared.array

    def __call__(self) -> NDArray[Any]:
        """[K, N, A] Q of what is seen, overwritten by the network's next pass."""
        return self.values(self._shared.push()).cpu().numpy()

    def values(self, seen: Tensor) -> Tensor:
        """[K, N, A] Q of observations [K, N, stored]."""
        return self.objective.values(self.network.forward(self.encoding.expand(seen)).outputs)
