"""`solve`: exact planning."""

import sys
from typing import Annotated, Any

import typer

from core.cli.output import Json, print_json, print_table
from core.errors import WorldError

World = Annotated[str, typer.Argument(metavar="WORLD", help="A file, or a library name such as grid/lecture-3x4 or gym:FrozenLake-v1.")]


def solve(
    world: World,
    method: Annotated[str, typer.Option(metavar="NAME", help="The planner.")] = "value-iteration",
    gamma: Annotated[float | None, typer.Option(metavar="G", help="Discount; the world's own by default.")] = None,
    tolerance: Annotated[float | None, typer.Option(metavar="T", help="How close every value must be to the optimal one.")] = None,
    as_json: Json = False,
) -> None:
    """Compute the optimal values and policy of a world whose states can be listed."""
    from core.runs.solve import solve as plan
    from core.worlds.library import open_world

    opened = open_world(world)
    if not opened.finite:
        raise WorldError(
            "its states cannot be listed, so it cannot be solved exactly",
            where=world,
            remedy=f"Learn it instead: python main.py train {world} --algorithm dqn",
        )
    settings = {"discount": gamma, "tolerance": tolerance}
    answer = plan(opened, world, method, {name: value for name, value in settings.items() if value is not None})
    if not answer["converged"]:
        print(
            f"Not converged: after {answer['iterations']:,} sweeps values still change by {answer['residual']:.3g}. "
            "Lower the discount (--gamma) or make sure that every episode can end.",
            file=sys.stderr,
        )
    if as_json:
        print_json(answer)
    else:
        show(answer)


def show(answer: dict[str, Any]) -> None:
    """The answer as a table."""
    names = answer["actions"]
    rows = [
        [state, f"{value:.6g}", "–" if action is None else names[action], *("–" if q is None else f"{q:.6g}" for q in values)]
        for state, value, action, values in zip(answer["states"], answer["values"], answer["policy"], answer["q"], strict=True)
    ]
    print_table(["State", "V*", "Policy", *(f"Q* {name}" for name in names)], rows)
    took = f"{answer['method']}, discount {answer['gamma']:g}: {answer['iterations']:,} sweeps in {answer['seconds']:.3g} s"
    proof = f"every value within {answer['error_bound']:.2g} of the optimal one" if answer["gamma"] < 1 else "no value changes any more"
    print(f"{took}, {proof if answer['converged'] else 'not converged'}.")
