"""`list`: what there is."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from core.cli.output import Json, print_json, print_table


class Kind(StrEnum):
    worlds = "worlds"
    environments = "environments"
    algorithms = "algorithms"


def list_names(what: Annotated[Kind, typer.Argument(help="What to list.")], as_json: Json = False) -> None:
    """List worlds, environments or algorithms."""
    rows = {Kind.worlds: worlds, Kind.environments: environments, Kind.algorithms: algorithms}[what]()
    if as_json:
        print_json(rows)
        return
    columns = [column for column in rows[0] if column not in ("settings", "available", "description")] + (
        ["description"] if "description" in rows[0] else []
    )
    print_table([column.capitalize() for column in columns], [["" if row[c] is None else row[c] for c in columns] for row in rows])
    for row in rows:
        if "settings" in row:
            table = [[s["name"], s["default"], s["unit"], s["bounds"], s["description"]] for s in row["settings"]]
            print_table(["Setting", "Default", "Unit", "Bounds", "Meaning"], table, title=f"{row['title']} ({row['name']})")


def worlds() -> list[dict[str, Any]]:
    """Every library world."""
    from core.worlds.library import library_world, names

    opened = [(name, library_world(name)) for name in names()]
    return [
        {"name": name, "title": world.title, "kind": world.kind, "discount": world.discount, "description": world.description}
        for name, world in opened
    ]


def environments() -> list[dict[str, Any]]:
    """The library's gymnasium environments, and why one cannot run here."""
    from core.worlds.gym import GymWorld
    from core.worlds.library import library_world, names

    found = [(name, world) for name in names() if isinstance(world := library_world(name), GymWorld)]
    return [
        {"name": name, "title": world.title, "available": world.missing() is None, "missing": world.missing(),
         "solved": world.solved, "description": world.description}
        for name, world in found
    ]  # fmt: skip


def algorithms() -> list[dict[str, Any]]:
    """Every algorithm with its settings."""
    from core import registry

    return [
        {"name": name, "title": found.title, "family": registry.family(name), "needs": found.needs, "source": found.source,
         "settings": settings(found), "description": found.summary}
        for name, found in registry.algorithms().items()
    ]  # fmt: skip


def settings(algorithm: Any) -> list[dict[str, Any]]:
    """Name, title, default, unit, bounds and meaning of every setting."""
    from core.schedules import Schedule

    rows = []
    for name, info in algorithm.config.model_fields.items():
        bounds = [f"{sign} {getattr(part, key):g}" for part in info.metadata
                  for key, sign in (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<")) if hasattr(part, key)]  # fmt: skip
        default = info.default.text() if isinstance(info.default, Schedule) else info.default
        rows.append({"name": name, "title": info.title, "default": default, "unit": (info.json_schema_extra or {}).get("unit", ""),
                     "bounds": ", ".join(bounds), "description": info.description})  # fmt: skip
    return rows
