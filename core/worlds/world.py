"""The union of all world documents, and how a file or text becomes one."""

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from core.config import explain
from core.errors import ConfigError, UnknownName, WorldError
from core.pieces import loads
from core.worlds.generated import GeneratedWorld
from core.worlds.grid import GridWorld
from core.worlds.gym import GymWorld
from core.worlds.table import TableWorld

World = Annotated[GridWorld | TableWorld | GymWorld | GeneratedWorld, Field(discriminator="kind")]
KINDS: dict[str, type[GridWorld] | type[TableWorld] | type[GymWorld] | type[GeneratedWorld]] = {
    "grid": GridWorld, "table": TableWorld, "gym": GymWorld, "generated": GeneratedWorld,
}  # fmt: skip
LARGEST_FILE = 64 * 2**20
"""Bytes of a world file at most."""


def parse(text: str, where: str) -> World:
    """Read a world from JSON text; WorldError says which line or field is at fault."""
    try:
        values: Any = loads(text)
    except (ValueError, RecursionError) as error:
        place = f"{where}, line {error.lineno}" if isinstance(error, json.JSONDecodeError) else where
        raise WorldError("this is not JSON", where=place, remedy="Open a world that Valuescape saved") from None
    if not isinstance(values, dict) or values.get("kind") not in tuple(KINDS):
        raise WorldError(f"this is not a world; its 'kind' must be one of {', '.join(KINDS)}", where=where)
    version = values.get("format")
    if isinstance(version, int) and version > 1:
        raise WorldError(f"it was saved by a newer Valuescape (format {version})", where=where, remedy="Update Valuescape to open it")
    model = KINDS[values["kind"]]
    try:
        return model.model_validate(values)
    except ValidationError as error:
        fault: ConfigError = explain(model, error, where)
        raise WorldError(fault.what, where=fault.where, remedy=fault.remedy) from None


def opened(world: World) -> World:
    """The world as it is worked with: a generated grid becomes a grid that can be drawn on, others stay what they are."""
    return world.opened if isinstance(world, GeneratedWorld) else world


def read(path: Path) -> World:
    """The document in a world file, as it is written; WorldError where it cannot be read."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise WorldError(f"the file is larger than {LARGEST_FILE >> 20} MiB, too large for a world", where=str(path))
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise WorldError(f"it cannot be opened ({error.strerror})", where=str(path)) from None
    except UnicodeDecodeError:
        raise WorldError("this is not a text file", where=str(path), remedy="Open a world that Valuescape saved") from None
    world = parse(text, str(path))
    return world.located(path.parent) if isinstance(world, GymWorld) else world


def load(path: Path) -> World:
    """Open a world file, ready to be worked with; WorldError where it cannot be read or made."""
    try:
        return opened(read(path))
    except (UnknownName, ConfigError) as error:
        where = f"{path}, {error.where}" if error.where else str(path)
        raise WorldError(error.what, where=where, remedy=error.remedy) from None


def compact(world: World) -> str:
    """The world as JSON on one line: for programs, and fast."""
    body = world.model_dump_json(exclude_defaults=True).removeprefix("{")
    return f'{{"format": {world.format}, "kind": "{world.kind}"' + ("}" if body == "}" else f", {body}")


def dump(world: World) -> str:
    """The world as JSON text, fields in a fixed order, so that a diff reads well."""
    values = world.model_dump(mode="json", exclude_defaults=True)
    head = {"format": world.format, "kind": world.kind}
    return json.dumps(head | values, indent=2, ensure_ascii=False) + "\n"


def hash_of(world: World) -> str:
    """SHA-256 of everything that the world is, in hexadecimal: equal for equal worlds."""
    return hashlib.sha256(compact(world).encode()).hexdigest()


schema = TypeAdapter[Any](World).json_schema
