"""`inspect`: the network of a learner, before anything runs."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from core.cli.output import Json, print_json, print_table
from core.cli.trust import Trust, allow
from core.errors import ConfigError

if TYPE_CHECKING:
    from core.deep.engine.anatomy import NetworkFacts
    from core.worlds.size import Size
    from core.worlds.world import World as Document

World = Annotated[str, typer.Argument(metavar="WORLD", help="A file, a library name such as gym:CartPole-v1, or make:maze?rows=20.")]


def inspect(
    world: World,
    algorithm: Annotated[str, typer.Option(metavar="NAME", help="The deep learner.")] = "dqn",
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A setting; may be given again.")] = None,
    members: Annotated[int, typer.Option(min=1, metavar="K", help="Independent learners side by side.")] = 1,
    trust: Trust = False,
    as_json: Json = False,
) -> None:
    """Show a network layer by layer, with its parameters and the memory that it takes."""
    from core.config import assign
    from core.deep.engine.inspection import inspect
    from core.formats.registry import open_any
    from core.registry import algorithm as find

    config = assign(find(algorithm).config, settings or [])
    size = _size(open_any(world).world, trust)
    facts = inspect(config, size, members)
    if facts is None:
        raise ConfigError(f"{algorithm} has no network", where="--algorithm", remedy="Choose a deep learner, such as dqn")
    if as_json:
        print_json({
            "world": world, "algorithm": algorithm, "members": members, "observation": size.observation, "actions": size.actions,
            "layers": [asdict(layer) | {"name": layer.name, "places": layer.places} for layer in facts.layers],
            "parameters": facts.parameters, "memory": asdict(facts.memory) | {"total": facts.memory.total},
        })  # fmt: skip
    else:
        show(facts)


def show(facts: "NetworkFacts") -> None:
    """The facts as tables."""
    from core.deep.engine.anatomy import written

    shape = " × ".join
    rows = [
        [
            layer.name,
            shape(map(str, layer.outputs)),
            f"{layer.parameters:,}" if layer.parameters else "",
            layer.sums,
            "; ".join(layer.places),
        ]
        for layer in facts.layers
    ]
    heads = ["Layer", "Output", "Parameters", "How many", "How large"]
    used = [place for place, _ in enumerate(heads) if any(row[place] for row in rows)]
    print_table(
        [heads[place] for place in used], [[row[place] for place in used] for row in rows], title=f"{facts.parameters:,} parameters"
    )
    memory = [[name, written(size)] for name, size in (asdict(facts.memory) | {"total": facts.memory.total}).items()]
    print_table(["Memory", "Size"], memory, title="1 member" if facts.members == 1 else f"{facts.members} members")


def _size(world: "Document", trust: bool) -> "Size":
    """What the world's document tells, else an environment made for it."""
    from contextlib import closing

    import numpy as np

    from core.worlds.copies import make_environment
    from core.worlds.size import size_of, size_seen

    known = size_of(world)
    if known is not None:
        return known
    allow(world, trust)
    with closing(make_environment(world, np.random.default_rng(0))) as environment:
        return size_seen(environment)
