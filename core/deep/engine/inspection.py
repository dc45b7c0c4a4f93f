"""What the network of a learner takes, from its settings and the size of the world. Needs no torch."""

from functools import singledispatch

from core.config import Config
from core.deep.engine.anatomy import NetworkFacts, anatomy, memory
from core.deep.engine.blueprint import blueprint_of
from core.deep.engine.rows import transition_bytes
from core.deep.engine.settings import DQNConfig, OptimizerName, TargetUpdate
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
    blueprint = blueprint_of(config, (size.observation,), size.actions)
    stored = 1 if size.finite else size.observation
    taken = memory(
        blueprint,
        members,
        batch=config.batch_size if config.replay else 1,
        transition=transition_bytes(stored, size.actions, config.n_step, config.replay and config.prioritised),
        capacity=config.buffer_size if config.replay else config.n_step,
        moments=MOMENTS.get(config.optimizer, 2),
        target=config.target_update is not TargetUpdate.none,
    )
    return NetworkFacts(tuple(anatomy(blueprint)), members, taken)
