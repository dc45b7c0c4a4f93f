"""What the network of a learner takes, from its settings and the size of the world. Needs no torch."""

from functools import singledispatch

from core.config import Config
from core.deep.engine.anatomy import NetworkFacts, anatomy, memory
from core.deep.engine.blueprint import Blueprint, blueprint_of
from core.deep.engine.dqn_settings import DQNConfig, TargetUpdate
from core.deep.engine.pqn_settings import PQNConfig
from core.deep.engine.rows import picture_bytes, transition_bytes
from core.deep.engine.seen import shape_seen
from core.deep.engine.settings import NetworkConfig, OptimizerName
from core.deep.policy import UNTRAINED, PolicyConfig
from core.worlds.size import Size

MOMENTS = {OptimizerName.sgd: 0, OptimizerName.rmsprop: 1, OptimizerName.amsgrad: 3, OptimizerName.amsgradw: 3}
"""Running averages that an optimizer keeps of each parameter; the others keep 2, as Adam does."""


@singledispatch
def inspect(config: Config, size: Size, members: int = 1) -> NetworkFacts | None:
    """The network of K `members`, before it is made; None for settings of learners that have none.

    Raises:
        ConfigError: where the settings make no network of this size.
    """
    return None


@inspect.register
def _(config: DQNConfig, size: Size, members: int = 1) -> NetworkFacts:
    stored = 0 if size.screen else _stored(size)
    return network_facts(
        config,
        size,
        members,
        batch=config.minibatch,
        transition=transition_bytes(stored, size.actions, config.n_step, config.replay and config.prioritised),
        capacity=config.capacity,
        target=config.target_update is not TargetUpdate.none,
        beside=picture_bytes(config.capacity, size.screen) if size.screen else 0,
    )


@inspect.register
def _(config: PQNConfig, size: Size, members: int = 1) -> NetworkFacts:
    rollout, transition = config.transitions, transition_bytes(_stored(size), size.actions)
    return network_facts(config, size, members, batch=rollout, transition=transition, capacity=rollout, target=False)


@inspect.register
def _(config: PolicyConfig, size: Size, members: int = 1) -> NetworkFacts:
    blueprint = Blueprint((size.observation,), size.actions, UNTRAINED) if config.network is None else config.network.blueprint
    kept = transition_bytes(_stored(size), size.actions)
    return NetworkFacts(tuple(anatomy(blueprint)), members, memory(blueprint, members, 1, kept, 1, moments=-2, target=False))


def network_facts(
    config: NetworkConfig, size: Size, members: int, batch: int, transition: int, capacity: int, target: bool, beside: int = 0
) -> NetworkFacts:
    """The facts of any settings of a network; the rest as in `memory`."""
    blueprint = blueprint_of(config, shape_seen(size, config.seen_as), size.actions, size.screen is not None)
    taken = memory(blueprint, members, batch, transition, capacity, MOMENTS.get(config.optimizer, 2), target, config.averaging > 0, beside)
    return NetworkFacts(tuple(anatomy(blueprint)), members, taken)


def _stored(size: Size) -> int:
    """Numbers kept for one observation: a state is one."""
    return 1 if size.finite else size.observation
