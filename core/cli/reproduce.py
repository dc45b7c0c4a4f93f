"""`reproduce`: a kept run made again and compared."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from core.cli.output import Json, print_json
from core.cli.trust import Trust, allow

SHOWN = 10
"""Differences that are printed for people."""


def reproduce(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run that train or the studio saved.")],
    trust: Trust = False,
    as_json: Json = False,
) -> int:
    """Train a kept run again from its settings alone and compare every number. Exits with 1 where something differs."""
    from core.runs.folder import describe, spec_of
    from core.runs.reproduce import reproduce as again
    from core.system import versions

    described = describe(run)
    allow(spec_of(run).world, trust)
    then, now = described.get("versions", {}), versions()
    shown = sys.stderr.isatty() and not as_json

    def tell(share: float) -> None:
        print(f"\r{share:4.0%}", end="", file=sys.stderr, flush=True)

    found = again(run, tell if shown else lambda _: None)
    if shown:
        print("\r     \r", end="", file=sys.stderr)
    changed = {name: [then.get(name), now.get(name)] for name in dict.fromkeys([*then, *now]) if then.get(name) != now.get(name)}
    if as_json:
        print_json({"run": str(run), "units": described.get("units"), "equal": not found, "differences": found, "versions": changed})
        return int(bool(found))
    units = f"{described.get('units', 0):,}"
    if not found:
        print(f"Equal to the bit after {units} steps: tables and weights, random streams, measurements.")
    else:
        print(f"The run made again differs after {units} steps:")
        print("\n".join(f"  {line}" for line in found[:SHOWN]))
        if len(found) > SHOWN:
            print(f"  and {len(found) - SHOWN} more")
    for name, (before, after) in changed.items():
        print(f"{name}: {before} then, {after} now")
    return int(bool(found))
