"""`schema`: the JSON schema of world files."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

FORMS = ("section", "symbol", "unit", "when")


def schema(
    target: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where to write it; without, it is printed.")] = None,
) -> None:
    """Write the JSON schema of world files, which editors check them with."""
    from core.errors import WorldError
    from core.files import replacing

    if target is None:
        print(text(), end="")
        return
    try:
        with replacing(target) as file:
            file.write(text().encode())
    except OSError as error:
        raise WorldError(f"it cannot be written ({error.strerror})", where=str(target), remedy="Choose another folder") from None


def text() -> str:
    """The schema as it stands in docs/world.schema.json."""
    from core.worlds.world import schema as make

    head: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Valuescape world"}
    return json.dumps(head | _pruned(make()), indent=2, ensure_ascii=False) + "\n"


def _pruned(schema: Any) -> Any:
    """Without what settings say to forms alone."""
    if isinstance(schema, dict):
        return {key: _pruned(value) for key, value in schema.items() if key not in FORMS or "title" in value}
    return [_pruned(part) for part in schema] if isinstance(schema, list) else schema
