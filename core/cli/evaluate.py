"""`evaluate`: greedy play of a saved run."""

from pathlib import Path
from typing import Annotated

import typer

from core.cli.output import Json, print_json
from core.cli.trust import Trust, allow


def evaluate(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run that train saved.")],
    episodes: Annotated[int, typer.Option(min=1, metavar="N", help="Episodes to play.")] = 100,
    seed: Annotated[int, typer.Option(min=0, metavar="S", help="Seed of the starts.")] = 0,
    member: Annotated[int, typer.Option(min=0, metavar="K", help="Which member plays, counted from 0.")] = 0,
    trust: Trust = False,
    as_json: Json = False,
) -> None:
    """Let a trained agent play greedily from fresh starts."""
    import numpy as np

    from core.errors import RunError
    from core.runs import folder
    from core.runs.evaluation import evaluate as play

    allow(folder.spec_of(run).world, trust)
    session = folder.resume(run)
    spec = session.spec
    try:
        if member >= spec.members:
            raise RunError(f"there is no member {member}; the run has {spec.members}, counted from 0", where=str(run))
        returns = play(session.learner, spec.world, episodes, seed, member)
    finally:
        session.close()
    mean, std = float(np.mean(returns)), float(np.std(returns))
    if as_json:
        print_json({
            "run": str(run), "world": spec.world_name, "algorithm": spec.algorithm, "steps": session.units, "member": member, "seed": seed,
            "episodes": episodes, "returns": returns, "mean": mean, "std": std, "min": min(returns), "max": max(returns),
        })  # fmt: skip
        return
    print(f"{spec.algorithm} on {spec.world_name} after {session.units:,} {session.learner.unit}s:")
    print(f"{episodes:,} greedy episodes, mean return {mean:.4g} ± {std:.4g}, from {min(returns):.4g} to {max(returns):.4g}.")
