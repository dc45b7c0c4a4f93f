"""`export-run`: the measurements of a kept run, or its networks, for other programs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from core.cli.output import Json, print_json


class Kind(StrEnum):
    csv = "csv"
    tensorboard = "tensorboard"
    safetensors = "safetensors"


def export_run(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run that train or the studio saved, or its name in the list.")],
    target: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go.")],
    to: Annotated[
        Kind, typer.Option("--to", help="A CSV for each channel, TensorBoard's event files, or the network of each member as safetensors.")
    ] = Kind.csv,
    as_json: Json = False,
) -> None:
    """Write what a kept run measured, or the networks that it trained."""
    from core.runs.export import KINDS
    from core.runs.library import home

    place = run if run.exists() or not (home() / run).exists() else home() / run
    written = KINDS[to](place, target)
    if as_json:
        print_json({"run": str(place), "files": [str(file) for file in written]})
    else:
        print("\n".join(map(str, written)))
