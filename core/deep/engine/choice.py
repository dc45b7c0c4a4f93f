"""Which objective serves a run, and what teaches it."""

import torch

from core.deep.engine.dense.expected import DenseExpected
from core.deep.engine.dense.teaching import DenseTeaching, suits
from core.deep.engine.dqn_settings import Distribution, DQNConfig
from core.deep.engine.encoding import Encoding
from core.deep.engine.network import Network
from core.deep.engine.objectives import Categorical, Expected, Objective, Quantile
from core.deep.engine.passes import Layout
from core.deep.engine.settings import Loss
from core.deep.engine.teaching import Teaching


def make_objective(config: DQNConfig, device: torch.device) -> Objective:
    """The objective that the settings name."""
    match config.distribution:
        case Distribution.none:
            return expected(config.loss, device)
        case Distribution.categorical:
            return Categorical(config.atoms, config.lowest, config.highest, device)
        case Distribution.quantile:
            return Quantile(config.atoms, device)


def expected(loss: Loss, device: torch.device) -> Expected:
    """The expected return alone; a processor has a shorter way to it."""
    return DenseExpected(loss) if device.type == "cpu" else Expected(loss)


def make_teaching(online: Network, target: Network, objective: Objective, encoding: Encoding, into: Layout, double: bool) -> Teaching:
    """What writes the gradients of minibatches; a processor has a shorter way to most."""
    return (DenseTeaching if suits(online, objective) else Teaching)(online, target, objective, encoding, into, double)
