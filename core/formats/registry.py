"""Finds what lies in core/formats: a format is one module with a FORMAT, found because it is there."""

import importlib
import io
import pkgutil
import zipfile
from functools import cache
from pathlib import Path

from core.config import Config
from core.errors import UnknownName, ValuescapeError, WorldError
from core.files import replacing
from core.formats.format import Format, Found
from core.worlds import library
from core.worlds.generated import PREFIX
from core.worlds.gym import GymWorld
from core.worlds.world import LARGEST_FILE, World, opened

FOLDER = "core.formats"


@cache
def formats() -> dict[str, Format]:
    """Every format by name, in the order of menus."""
    folder = importlib.import_module(FOLDER)
    modules = [importlib.import_module(f"{FOLDER}.{module.name}") for module in pkgutil.iter_modules(folder.__path__)]
    found = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    return {format.name: format for format in sorted(found, key=lambda format: format.order)}


def format_named(name: str) -> Format:
    """The format of that name; UnknownName with the nearest ones otherwise."""
    try:
        return formats()[name]
    except KeyError:
        raise UnknownName("format", name, formats()) from None


def format_to_read(name: str, data: bytes) -> Format:
    """The format of a file, by how its name ends and, where several end so, by what is in it; WorldError where there is none."""
    known = _ending(name, [format for format in formats().values() if format.read])
    if not known:
        endings = sorted({ending for format in formats().values() if format.read for ending in format.extensions})
        raise WorldError("no format is known for such a file", where=name, remedy=f"Its name should end in one of {' '.join(endings)}")
    return next((format for format in known if format.own(data)), known[0])


def format_to_write(name: str) -> Format:
    """The format that is written to such a file unless told otherwise; WorldError where there is none."""
    known = _ending(name, [format for format in formats().values() if format.write])
    if not known:
        endings = sorted({ending for format in formats().values() if format.write for ending in format.extensions})
        remedy = f"Choose a name that ends in one of {' '.join(endings)}, or a format"
        raise WorldError("no format is known for such a file", where=name, remedy=remedy)
    return known[0]


def read_file(path: Path, format: Format | None = None, settings: Config | None = None) -> Found:
    """The world of a file; without a format, of the one that the file seems to have.

    Raises:
        WorldError: in one sentence with its place, whatever is in the file.
    """
    data = file_data(path)
    format = format or format_to_read(path.name, data)
    found = read_data(data, str(path), format, settings)
    return found._replace(world=found.world.located(path.parent)) if isinstance(found.world, GymWorld) else found


def file_data(path: Path) -> bytes:
    """All that is in a file; WorldError where it cannot be opened or is too large."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise WorldError(f"the file is larger than {LARGEST_FILE >> 20} MiB, too large for a world", where=str(path))
        return path.read_bytes()
    except OSError as error:
        raise WorldError(f"it cannot be opened ({error.strerror})", where=str(path)) from None


def read_data(data: bytes, where: str, format: Format, settings: Config | None = None) -> Found:
    """The world of a file's bytes, ready to be worked with; WorldError names `where`."""
    if format.read is None:
        raise WorldError(f"files of the format {format.name} can only be written", where=where, remedy="Choose another format")
    found = format.read(data, where) if format.settings is None else format.read(data, where, settings or format.settings())
    try:
        return found._replace(world=opened(found.world))
    except ValuescapeError as error:
        place = f"{where}, {error.where}" if error.where else where
        raise WorldError(error.what, where=place, remedy=error.remedy) from None


def read_text(text: str, where: str) -> Found:
    """The world of a text in any of the formats that are text; WorldError where it is none."""
    data = text.encode("utf-8", "replace")
    known = [format for format in formats().values() if format.read and format.text]
    for format in known:
        if format.own(data):
            return read_data(data, where, format)
    raise WorldError("this text is no world", where=where, remedy="Copy rows of signs such as S.#G, or a world as JSON")


def write_file(world: World, path: Path, format: Format) -> None:
    """Write to a file, or to a folder where the format allows and the name has no extension of it; whole or not at all.

    Raises:
        WorldError: where the world cannot be said in this format or the file cannot be written.
    """
    data = written(world, path.name, format)
    try:
        if format.folder and not _ending(path.name, [format]):
            _unpack(data, path)
            return
        with replacing(path) as file:
            file.write(data)
    except OSError as error:
        raise WorldError(f"it cannot be written ({error.strerror})", where=str(path), remedy="Choose another folder") from None


def written(world: World, name: str, format: Format) -> bytes:
    """The bytes of a world; `name` is the file's. WorldError where the world cannot be said in this format."""
    if format.write is None:
        raise WorldError(f"files of the format {format.name} can only be read", where=name, remedy="Choose another format")
    if not format.can_write(world):
        what = "only a grid can be written in this format" if format.writes == "grid" else "its states cannot be listed"
        raise WorldError(what, where=name, remedy="Choose another format")
    ending = max((ending for ending in format.extensions if name.lower().endswith(ending)), key=len, default="")
    return format.write(world, name[: len(name) - len(ending)])


def is_environment(path: Path) -> bool:
    """Whether a file is Python code, to be run as an environment, rather than a table that looks like Python."""
    return path.suffix.lower() == ".py" and not format_to_read(path.name, data := file_data(path)).own(data)


def open_any(name: str) -> Found:
    """The world of a library name, an environment id, a generator or a file of any format, ready to be worked with.

    Raises:
        ValuescapeError: in one sentence.
    """
    path = Path(name)
    if name not in library.names() and not name.startswith((library.GYM, PREFIX)) and path.is_file() and not is_environment(path):
        return read_file(path)
    return Found(library.open_world(name))


def _ending(name: str, among: list[Format]) -> list[Format]:
    """Those of the formats whose extension the name has; the longest extension counts."""
    fits = {format.name: [ending for ending in format.extensions if name.lower().endswith(ending)] for format in among}
    longest = max((len(ending) for endings in fits.values() for ending in endings), default=0)
    return [format for format in among if any(len(ending) == longest for ending in fits[format.name])]


def _unpack(data: bytes, folder: Path) -> None:
    """The files of our own zip into a folder, each whole."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with replacing(target) as file:
                file.write(parts.read(name))
