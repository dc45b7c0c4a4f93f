"""Which objective serves a run, what looks and teaches by it, and what moves the weights."""

import torch

from core.deep.engine.dense.descent import DenseDescent
from core.deep.engine.dense.expected import DenseExpected
from core.deep.engine.dense.glance import DenseGlance
from core.deep.engine.dense.teaching import DenseTeaching, suits
from core.deep.engine.descent import Descent
from core.deep.engine.dqn_settings import Distribution, DQNConfig
from core.deep.engine.encoding import Encoding
from core.deep.engine.glance import Glance
from core.deep.engine.network import Network
from core.deep.engine.objectives import Categorical, Expected, Objective, Quantile
from core.deep.engine.optimizer import Adam, Optimizer
from core.deep.engine.passes import Layout
from core.deep.engine.settings import Clip, Loss
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


def make_glance(network: Network, objective: Objective, encoding: Encoding, copies: int = 1) -> Glance:
    """What tells members the values they choose by; a processor has a shorter way to most."""
    return (DenseGlance if suits(network, objective) else Glance)(network, objective, encoding, copies)


def make_descent(optimizer: Optimizer, most: float, by: Clip, recorded: bool) -> Descent:
    """What moves the weights; a processor has a shorter way for Adam and its kin."""
    if isinstance(optimizer, Adam) and optimizer.parameters.device.type == "cpu":
        return DenseDescent(optimizer, most, by, recorded)
    return Descent(optimizer, most, by, recorded)
