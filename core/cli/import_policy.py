"""`import-policy`: a policy that another program trained, at play."""

from pathlib import Path
from typing import Annotated

import typer

from core.cli.output import Json, print_json
from core.deep.engine.settings import Activation


def import_policy(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Stable-Baselines3's DQN (.zip), CleanRL's or torch's state dictionary, or safetensors.")
    ],
    world: Annotated[str | None, typer.Option("--world", metavar="WORLD", help="Where it plays, if the file does not tell.")] = None,
    activation: Annotated[
        Activation | None,
        typer.Option("--activation", help="What bends the numbers between layers, if the file does not tell; relu if not given."),
    ] = None,
    episodes: Annotated[int, typer.Option(min=1, metavar="N", help="Greedy episodes to play.")] = 100,
    seed: Annotated[int, typer.Option(min=0, metavar="S", help="Seed of the starts.")] = 0,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder to keep the run in, to watch and compare it.")] = None,
    as_json: Json = False,
) -> None:
    """Bring in a policy, let it play greedily, and keep that as a run. Nothing in the file is executed."""
    import numpy as np

    from core.learner import UNBOUNDED, Budget
    from core.policies.playing import chosen, spec_for
    from core.policies.registry import read_policy
    from core.runs import folder
    from core.runs.session import Session
    from core.worlds.library import open_world

    policy = read_policy(file, activation)
    name = chosen(policy, world)
    session = Session(spec_for(policy, open_world(name), name, episodes, seed))
    try:
        while not session.finished:
            session.advance(Budget(UNBOUNDED))
        returns = session.returns()[0]
        if out is not None:
            folder.save(session, out)
    finally:
        session.close()
    mean, std = float(np.mean(returns)), float(np.std(returns))
    if as_json:
        print_json({
            "file": str(file), "network": policy.network.layers, "source": policy.network.source, "training": policy.network.said,
            "world": name, "episodes": len(returns), "returns": returns, "mean": mean, "std": std, "run": str(out) if out else None,
        })  # fmt: skip
        return
    print(f"{policy.network} on {name}:")
    print(f"{len(returns):,} greedy episodes, mean return {mean:.4g} ± {std:.4g}, from {min(returns):.4g} to {max(returns):.4g}.")
    if not policy.activation_known:
        print("The file does not tell the activation; it was taken for relu. Another one: --activation tanh")
    if out is not None:
        print(f"The run is kept in {out}.")
