"""Where a policy may play, and the run in which it does."""

from core.errors import ConfigError
from core.policies.kind import Policy
from core.runs.spec import RunSpec
from core.worlds import library
from core.worlds.library import GYM
from core.worlds.size import size_of
from core.worlds.world import World

EPISODES = 100
"""That it plays, as many as a final score is the mean of."""


def worlds_for(policy: Policy) -> list[str]:
    """Names of the environments that it fits, the one that its file names first; with nothing named, the library's in their order."""
    fitting = [name for name in library.names() if name.startswith(GYM) and fits(policy, library.library_world(name))]
    if policy.world is None:
        return fitting
    named = policy.world if policy.world in library.names() or policy.world.startswith(GYM) else GYM + policy.world
    known = named in fitting or (named not in library.names() and _registered(named))
    return list(dict.fromkeys([named] * known + fitting))


def fits(policy: Policy, world: World) -> bool:
    """Whether it reads what the world shows and values its actions, as far as the world's document tells."""
    size = size_of(world)
    return size is not None and (size.observation, size.actions) == (policy.network.inputs, policy.network.actions)


def spec_for(policy: Policy, world: World, name: str, episodes: int = EPISODES, seed: int = 0) -> RunSpec:
    """The run in which it plays so many episodes greedily.

    Raises:
        ConfigError: where the world shows other numbers or has other actions, as far as its document tells.
    """
    size = size_of(world)
    if size is not None:
        policy.network.fits(size.observation, size.actions)
    config = {"network": policy.network.model_dump(mode="json")} | ({} if policy.discount is None else {"discount": policy.discount})
    return RunSpec(world=world, world_name=name, algorithm="policy", config=config, seed=seed, episodes=episodes)


def chosen(policy: Policy, name: str | None) -> str:
    """The world to play in: the one that is named, else the one that its file names or the only one that fits.

    Raises:
        ConfigError: where that is none.
    """
    if name is not None:
        return name
    found = worlds_for(policy)
    if not found:
        raise ConfigError(
            f"no environment of the library shows {policy.network.inputs} numbers and has {policy.network.actions} actions",
            where="--world", remedy="Name the world that it was trained in",
        )  # fmt: skip
    if policy.world is None and len(found) > 1:
        raise ConfigError(f"it may be of {', '.join(found)}", where="--world", remedy="Name the world that it was trained in")
    return found[0]


def _registered(name: str) -> bool:
    """Whether gymnasium knows an environment that the library does not."""
    import gymnasium

    return name.removeprefix(GYM) in gymnasium.registry
