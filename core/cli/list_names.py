"""`list`: what there is."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from core import registry
from core.cli.output import Json, print_json, print_table
from core.config import settings_table
from core.presets import names as preset_names
from core.presets import preset
from core.schedules import WRITTEN
from core.worlds.generated import PREFIX
from core.worlds.generator import generators
from core.worlds.gym import GymWorld
from core.worlds.library import library_world, names


class Kind(StrEnum):
    worlds = "worlds"
    environments = "environments"
    algorithms = "algorithms"
    generators = "generators"
    presets = "presets"
    formats = "formats"
    runs = "runs"


HIDDEN = {
    "available", "settings", "usage", "step_limit", "title_ko", "description_ko", "deviates_ko", "limit", "config", "steps", "episodes",
    "members",
}  # fmt: skip
"""Fields that only JSON tells."""

SCHEDULES = "Step size, epsilon and temperature over time t: in steps, or as a last argument per=episode or per=visit says"
"""Heads the shapes of schedules."""


def list_names(
    what: Annotated[Kind, typer.Argument(metavar="|".join(Kind), help="What to list.")],
    as_json: Json = False,
) -> None:
    """List worlds, environments, algorithms, generators, presets, file formats or kept runs."""
    rows = {
        Kind.worlds: worlds, Kind.environments: environments, Kind.algorithms: algorithms, Kind.generators: made, Kind.presets: presets,
        Kind.formats: formats, Kind.runs: runs,
    }[what]()  # fmt: skip
    if as_json:
        print_json(rows)
        return
    if not rows:
        print("No run was kept yet.")
        return
    columns = [column for column in rows[0] if column not in HIDDEN and any(row[column] is not None for row in rows)]
    print_table([column.capitalize() for column in columns], [[row[column] for column in columns] for row in rows])
    for row in rows:
        if "settings" in row:
            print_table(["Setting", "Default", "Unit", "Allowed", "Meaning"], settings(row), title=f"{row['title']}: {row['usage']}")
        if "config" in row:
            run = {part: row[part] for part in ("steps", "episodes", "members") if row[part] is not None}
            print_table(["Setting", "Value"], list((row["config"] | run).items()), title=f"{row['title']}: train --preset {row['name']}")
    if what is Kind.algorithms:
        print_table(["Schedule", "Value at time t"], list(WRITTEN.values()), title=SCHEDULES)


def settings(row: dict[str, Any]) -> list[list[Any]]:
    """Lines of a table of settings, with a line for the heading of each section."""
    groups: dict[str, list[list[Any]]] = {}
    for part in row["settings"]:
        lines = groups.setdefault(part["section"], [[f"{part['section']}:"]] if part["section"] else [])
        lines.append([part[key] for key in ("name", "default", "unit", "bounds", "description")])
    return [line for lines in groups.values() for line in lines]


def worlds() -> list[dict[str, Any]]:
    """Every library world, with its size where that costs nothing to know."""
    found = []
    for name in names():
        world = library_world(name)
        table = None if isinstance(world, GymWorld) else world.compile()
        actions = len(world.actions) or None if isinstance(world, GymWorld) else world.compile().actions
        found.append({
            "name": name, "title": world.title, "kind": world.kind, "states": table and table.states, "actions": actions,
            "discount": world.discount, "description": world.description,
            "title_ko": world.title_ko, "description_ko": world.description_ko,
        })  # fmt: skip
    return found


def environments() -> list[dict[str, Any]]:
    """The library's gymnasium environments, and why one cannot run here."""
    found = []
    for name in names():
        world = library_world(name)
        if isinstance(world, GymWorld):
            missing = world.missing()
            found.append({
                "name": name, "title": world.title, "kind": world.kind, "available": missing is None, "missing": missing,
                "observation": len(world.observation) or None, "actions": len(world.actions) or None, "solved": world.solved,
                "description": world.description,
            })  # fmt: skip
    return found


def algorithms() -> list[dict[str, Any]]:
    """Every algorithm with its settings."""
    return [
        {
            "name": name, "title": found.title, "family": registry.family(name), "needs": found.needs, "limit": found.limit or None,
            "summary": found.summary, "source": found.source, "settings": settings_table(found.config), "usage": "settings for --set",
        }
        for name, found in registry.algorithms().items()
    ]  # fmt: skip


def made() -> list[dict[str, Any]]:
    """Every generator with its arguments."""
    return [
        {
            "name": f"{PREFIX}{name}", "title": found.title, "discount": found.discount, "step_limit": found.step_limit,
            "description": found.description, "title_ko": found.title_ko, "description_ko": found.description_ko,
            "settings": settings_table(found.config), "usage": f"arguments, as in '{PREFIX}{name}?name=value&name=value'",
        }
        for name, found in generators().items()
    ]  # fmt: skip


def presets() -> list[dict[str, Any]]:
    """Every preset with what it sets."""
    return [{"name": name} | preset(name).model_dump(mode="json") for name in preset_names()]


def runs() -> list[dict[str, Any]]:
    """The runs that the studio and train have kept, the newest first; damaged ones with what is wrong."""
    from datetime import datetime

    from core.runs.library import Library, home

    return [
        {
            "name": entry.name, "folder": str(entry.folder), "when": f"{datetime.fromtimestamp(entry.saved):%Y-%m-%d %H:%M}",
            "world": entry.world or entry.world_name, "algorithm": entry.algorithm,
            "changed": ", ".join(f"{title} {value}" for title, value in entry.settings.items()), "units": entry.units,
            "members": entry.members, "score": entry.score, "tags": ", ".join(entry.notes.tags), "note": entry.notes.note,
            "problem": entry.problem,
        }
        for entry in Library(home()).entries()
    ]  # fmt: skip


def formats() -> list[dict[str, Any]]:
    """Every file format: which files, and whether it is read and written."""
    from core.formats.registry import formats as known

    return [
        {
            "name": name, "title": found.title, "files": " ".join(found.extensions), "read": "yes" if found.read else "no",
            "written": {"any": "yes", "finite": "finite worlds", "grid": "grids"}[found.writes] if found.write else "no",
            "description": found.description,
        }
        for name, found in known().items()
    ]  # fmt: skip
