"""What is wrong, or probably not meant, in a world: small checks, each of which yields what it finds.

`problems` takes time linear in the table of transitions, but for gains of both signs at discount 1, which are bounded in a limited
number of sweeps (`core.worlds.checks.endless`).
"""

from collections.abc import Callable, Iterator

from core.errors import ConfigError, UnknownName, WorldError
from core.worlds.checks import broken, endless, pieces, reach
from core.worlds.checks.problem import ERROR, HINT, WARNING, Fix, Problem
from core.worlds.checks.subject import Subject
from core.worlds.gym import GymWorld
from core.worlds.world import World

__all__ = ["ERROR", "HINT", "WARNING", "Fix", "Problem", "faults", "problems"]

Check = Callable[[Subject], Iterator[Problem]]

BREAKING: tuple[Check, ...] = (broken.sums, broken.start_sum, broken.start_over, broken.unknown_names)
"""Why a world does not compile."""
DOUBTFUL: tuple[Check, ...] = (
    reach.goals, reach.cut_off, reach.dead_ends, reach.unvisited, endless.infinite, endless.unending,
)  # fmt: skip
"""What is said of worlds that compile."""
DRAWN: tuple[Check, ...] = (pieces.lone_portals, pieces.keys_and_doors, pieces.on_walls, pieces.starts)
"""What is said of grids, compiled or not."""


def problems(world: World) -> tuple[Problem, ...]:
    """What is found in a world, errors first. Nothing is said of environments that only gymnasium knows."""
    if isinstance(world, GymWorld):
        return ()
    subject, fault = _compiled(world)
    found = [] if fault is None else list(_errors(subject, fault))
    checks = DRAWN if fault is not None else DRAWN + DOUBTFUL
    found += [problem for check in checks for problem in check(subject)]
    return tuple(sorted(found, key=lambda problem: (ERROR, WARNING, HINT).index(problem.level)))


def faults(world: World) -> tuple[Problem, ...]:
    """Why a world cannot be trained on; nothing where it compiles."""
    if isinstance(world, GymWorld):
        return ()
    subject, fault = _compiled(world)
    return () if fault is None else tuple(_errors(subject, fault))


def _compiled(world: World) -> tuple[Subject, WorldError | UnknownName | ConfigError | None]:
    try:
        return Subject(world, world.compile()), None
    except (WorldError, UnknownName, ConfigError) as error:
        return Subject(world, None), error


def _errors(subject: Subject, fault: WorldError | UnknownName | ConfigError) -> Iterator[Problem]:
    found = [problem for check in BREAKING for problem in check(subject)]
    yield from found or [Problem("broken", ERROR, fault.sentence)]
