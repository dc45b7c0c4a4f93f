"""`solve`: exact planning."""

import math
import sys
from typing import Annotated, Any

import typer

from core.cli.output import Json, print_json, print_table
from core.errors import WorldError

MOST_CLASSES = 4
"""Recurrent classes of a chain that have a column."""
World = Annotated[
    str,
    typer.Argument(metavar="WORLD", help="A file, a library name such as grid/lecture-3x4 or gym:FrozenLake-v1, or make:maze?rows=20."),
]


def solve(
    world: World,
    method: Annotated[str, typer.Option(metavar="NAME", help="The planner.")] = "value-iteration",
    gamma: Annotated[float | None, typer.Option(metavar="G", help="Discount; the world's own by default.")] = None,
    tolerance: Annotated[float | None, typer.Option(metavar="T", help="How close every value must be to the optimal one.")] = None,
    chosen: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A setting; may be given again.")] = None,
    as_json: Json = False,
) -> None:
    """Compute the optimal values and policy of a world whose states can be listed."""
    from core.config import assign
    from core.formats.registry import open_any
    from core.registry import algorithm
    from core.runs.solve import solve as plan

    opened = open_any(world).world
    if not opened.finite:
        raise WorldError(
            "its states cannot be listed, so it cannot be solved exactly",
            where=world,
            remedy=f"Learn it instead: python main.py train {world} --algorithm dqn",
        )
    options = {"discount": gamma, "tolerance": tolerance}
    settings = assign(algorithm(method).config, chosen or []).model_dump(mode="json", exclude_defaults=True)
    answer = plan(opened, world, method, settings | {name: value for name, value in options.items() if value is not None})
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


def chain_columns(answer: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Without a choice, in place of the policy: steps until a recurrent class is entered, which, and how its states share the time."""
    chain, names = answer["chain"], answer["states"]
    shown = chain["classes"][:MOST_CLASSES]
    share = {state: part for each in chain["classes"] for state, part in zip(each["states"], each["distribution"], strict=True)}
    heads = ["State", "V", "Steps", *(f"Ends in {names[each['states'][0]]}" for each in shown), "Stationary"]
    rows = [
        [name, f"{value:.6g}", f"{chain['steps'][state]:.6g}", *(f"{each['probability'][state]:.6g}" for each in shown),
         f"{share[state]:.6g}" if state in share else "–"]
        for state, (name, value) in enumerate(zip(names, answer["values"], strict=True))
    ]  # fmt: skip
    return heads, rows


def show(answer: dict[str, Any]) -> None:
    """The answer as a table."""
    from core.learner import Planner

    names = answer["actions"]
    rows = [
        [state, f"{value:.6g}", "–" if action is None else names[action], *("–" if q is None else f"{q:.6g}" for q in values)]
        for state, value, action, values in zip(answer["states"], answer["values"], answer["policy"], answer["q"], strict=True)
    ]
    star = "*" if answer["aim"] == Planner.aim else ""
    heads = ["State", f"V{star}", "Policy", *(f"Q{star} {name}" for name in names)]
    if answer["chain"] is not None:
        heads, rows = chain_columns(answer)
    print_table(heads, rows)
    took = f"{answer['method']}, discount {answer['gamma']:g}: {answer['iterations']:,} sweeps in {answer['seconds']:.3g} s"
    known = math.isfinite(answer["error_bound"])
    proof = f"every value within {answer['error_bound']:.2g} of {answer['aim']}" if known else "no value changes any more"
    print(f"{took}, {proof if answer['converged'] else 'not converged'}.")
