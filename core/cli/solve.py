"""`solve`: exact planning."""

from typing import Annotated

import typer

from core.cli.output import Json, print_json, print_table

World = Annotated[str, typer.Argument(metavar="WORLD", help="A file, or a library name such as grid/lecture-3x4 or gym:FrozenLake-v1.")]


def solve(
    world: World,
    method: Annotated[str, typer.Option(help="The planner.")] = "value-iteration",
    gamma: Annotated[float | None, typer.Option(help="Discount; the world's own by default.")] = None,
    tolerance: Annotated[float | None, typer.Option(help="How close every value must be to the optimal one.")] = None,
    as_json: Json = False,
) -> None:
    """Compute the optimal values and policy of a world whose states can be listed."""
    from core.runs.solve import solve as plan
    from core.worlds.library import open_world

    settings = {"discount": gamma, "tolerance": tolerance}
    answer = plan(open_world(world), world, method, {name: value for name, value in settings.items() if value is not None})
    if as_json:
        print_json(answer)
        return
    names = answer["actions"]
    rows = [
        [state, f"{value:.6g}", "–" if action is None else names[action], *("–" if q is None else f"{q:.6g}" for q in values)]
        for state, value, action, values in zip(answer["states"], answer["values"], answer["policy"], answer["q"], strict=True)
    ]
    print_table(["State", "V*", "Policy", *(f"Q* {name}" for name in names)], rows)
    proof = "" if answer["converged"] else " (NOT converged)"
    print(f"{method}, discount {answer['gamma']:g}: {answer['iterations']} sweeps in {answer['seconds']:.3g} s, "
          f"every value within {answer['error_bound']:.2g} of the optimal one{proof}")  # fmt: skip
