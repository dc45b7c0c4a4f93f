"""`export-environment`: a world as a gymnasium environment of its own."""

import sys
from pathlib import Path
from typing import Annotated

import typer


def export_environment(
    world: Annotated[str, typer.Argument(metavar="WORLD", help="A file, a library name such as grid/lecture-3x4, or make:maze?rows=20.")],
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="The file.py to write; with --package a folder or a .zip.")],
    package: Annotated[bool, typer.Option("--package", help="Write a package that pip can install.")] = False,
) -> None:
    """Write a finite world as Python source that needs gymnasium and numpy only."""
    from core.errors import WorldError
    from core.formats.environment_source import identifier_of, module_of
    from core.formats.registry import format_named, open_any, write_file

    if not package and target.suffix != ".py":
        raise WorldError("an environment in one file ends in .py", where=str(target), remedy="Add .py, or --package for a folder")
    format = format_named("environment-package" if package else "environment")
    found = open_any(world)
    write_file(found.world, target, format)
    for line in found.notes:
        print(line, file=sys.stderr)
    name = target.name.removesuffix(".py").removesuffix(".zip")
    first = f"pip install {target}" if package else f"In the folder of {target.name}"
    print(f'Written to {target}. {first}, then: import gymnasium, {module_of(name)}; gymnasium.make("{identifier_of(name)}")')
