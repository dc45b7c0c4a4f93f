"""`convert`: a world from one file format into another."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from core.errors import ConfigError
from core.formats.format import Found


def convert(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A file, a library name such as grid/lecture-3x4, or make:maze?rows=20.")],
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="The file to write; how its name ends tells the format.")],
    to: Annotated[str | None, typer.Option("--to", metavar="FORMAT", help="The format to write; list formats names them.")] = None,
    given: Annotated[str | None, typer.Option("--from", metavar="FORMAT", help="The format of SOURCE, if its name does not tell.")] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="How SOURCE is read, such as cell=16.")] = None,
) -> None:
    """Write a world in another file format, and say what that format cannot say."""
    from core.formats.registry import format_named, format_to_write, write_file

    format = format_named(to) if to else format_to_write(target.name)
    world, notes = _read(source, given, settings or [])
    write_file(world, target, format)
    for line in (*notes, *format.loses(world)):
        print(line, file=sys.stderr)
    print(f"Written to {target} ({format.title}).")


def _read(source: str, given: str | None, settings: list[str]) -> Found:
    from core.config import assign
    from core.formats.registry import file_data, format_named, format_to_read, open_any, read_data

    if not given and not settings:
        return open_any(source)
    data = file_data(Path(source))
    format = format_named(given) if given else format_to_read(Path(source).name, data)
    if settings and format.settings is None:
        raise ConfigError(f"files of the format {format.name} have no settings", where="--set", remedy="Leave it out")
    return read_data(data, source, format, assign(format.settings, settings) if format.settings else None)
