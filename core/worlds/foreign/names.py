"""Which environments a Python file seems to hold, and the world of one by its name: read as text, nothing of it is run."""

import ast
import warnings
from collections.abc import Iterator
from pathlib import Path

from core.config import build
from core.errors import EnvironmentFailure
from core.worlds.foreign.code import code_of, is_file, split
from core.worlds.gym import GymWorld


def named(name: str) -> GymWorld | None:
    """The world of a name such as corridor.py, corridor.py:Corridor-v0 or package.module:Corridor-v0; None where it is no such name.

    Raises:
        EnvironmentFailure: where there is no such file or module, or the file does not tell which environment is meant.
        ConfigError: where no environment can have such an id.
    """
    parts = split(name)
    if parts is None:
        return None
    source, identifier = parts
    code = code_of(source)
    if not identifier:
        found = environments_in(code.text, source)
        if len(found) != 1:
            what = f"it holds several environments: {', '.join(found)}" if found else "no environment is seen in it"
            raise EnvironmentFailure(what, where=source, remedy=f"Name one, such as {source}:{found[0] if found else 'Maze-v0'}")
        identifier = found[0]
    return world_of(str(Path(source).resolve()) if is_file(source) else source, identifier)


def world_of(source: str, identifier: str) -> GymWorld:
    """The world of an environment of some code; ConfigError where no environment can have such an id."""
    return build(GymWorld, {"id": identifier, "source": source, "title": identifier.rpartition("/")[2]})


def environments_in(text: bytes, where: str) -> tuple[str, ...]:
    """Ids that are registered, else names of classes that derive from a gymnasium environment, as far as the text tells.

    Raises:
        EnvironmentFailure: where the text is not Python, with the line at fault.
    """
    tree = parsed(text, where)
    registered = tuple(dict.fromkeys(_registered(tree)))
    return registered or tuple(_classes(tree))


def parsed(text: bytes, where: str) -> ast.Module:
    """The syntax tree; EnvironmentFailure names the line at fault."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        place = f"{where}, line {error.lineno}" if error.lineno else where
        raise EnvironmentFailure(f"this is not Python ({error.msg})", where=place, remedy="Mend the file") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise EnvironmentFailure(f"this is not Python ({error})", where=where, remedy="Mend the file") from None


def _registered(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == "register":
            given = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "id")]
            yield from (value.value for value in given if isinstance(value, ast.Constant) and isinstance(value.value, str))


def _classes(tree: ast.Module) -> Iterator[str]:
    found = set[str]()
    for node in tree.body:
        bases = {_name(base.value if isinstance(base, ast.Subscript) else base) for base in getattr(node, "bases", ())}
        if isinstance(node, ast.ClassDef) and (found & bases or any(base.endswith("Env") for base in bases)):
            found.add(node.name)
            yield node.name


def _name(node: ast.expr) -> str:
    """The last part of a dotted name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
