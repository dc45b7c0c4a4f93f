"""A gymnasium environment as a package for pip: its source, its table as arrays, and a pyproject.toml."""

import io
import json
import zipfile

import numpy as np

from core.formats.environment_source import arrays, identifier_of, module_of, names, source
from core.formats.format import Format
from core.worlds.world import World

LOADING = """
_FOLDER = pathlib.Path(__file__).parent
_TOLD = json.loads((_FOLDER / "names.json").read_text(encoding="utf-8"))
{names}
with np.load(_FOLDER / "table.npz", allow_pickle=False) as _table:
{arrays}
"""

PROJECT = """[build-system]
requires = ["setuptools>=61"]
build-backend = "setuptools.build_meta"

[project]
name = {project}
version = "0.1.0"
description = {description}
requires-python = ">=3.10"
dependencies = ["gymnasium>=1.0", "numpy>=1.24"]

[tool.setuptools]
packages = [{module}]

[tool.setuptools.package-data]
{module} = ["names.json", "table.npz"]
"""

README = """{title}

{description}

    pip install .

    import gymnasium
    import {module}

    env = gymnasium.make("{identifier}")
"""


def write(world: World, name: str) -> bytes:
    """A zip of the package; its name, its class and its id come from the file's."""
    module, title = module_of(name), _line(world.title) or name
    table = io.BytesIO()
    np.savez_compressed(table, allow_pickle=False, **arrays(world))
    told = names(world)
    loading = LOADING.format(
        names="\n".join(f'{part} = _TOLD["{part}"]' for part in told),
        arrays="\n".join(f'    {part} = _table["{part}"]' for part in arrays(world)),
    )
    files: dict[str, str | bytes] = {
        "pyproject.toml": PROJECT.format(project=_quoted(module.replace("_", "-")), description=_quoted(title), module=_quoted(module)),
        "README.md": README.format(title=f"# {title}", description=world.description, module=module, identifier=identifier_of(name)),
        f"{module}/__init__.py": source(world, name, loading, "import json\nimport pathlib\n"),
        f"{module}/names.json": json.dumps(told, ensure_ascii=False, indent=1) + "\n",
        f"{module}/table.npz": table.getvalue(),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        for path, content in files.items():
            parts.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _line(text: str) -> str:
    """A text on one line, of signs that can be printed."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _quoted(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)


FORMAT = Format(
    name="environment-package",
    title="Gymnasium environment (package)",
    description="A package for pip that registers the world with gymnasium, as a zip or a folder; it needs gymnasium and numpy only.",
    extensions=(".zip",),
    write=write,
    text=False,
    folder=True,
    order=46,
)
