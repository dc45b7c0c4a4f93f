"""The contract of every file format, walked through the registry: a new one is tested by existing."""

import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from core.errors import UnknownName, WorldError
from core.formats.format import Format
from core.formats.registry import (
    format_named,
    format_to_read,
    format_to_write,
    formats,
    read_data,
    read_file,
    read_text,
    write_file,
    written,
)
from core.worlds.grid import GridWorld
from core.worlds.library import names, open_world
from core.worlds.world import World, parse
from tests.core.formats.samples import SAMPLES
from tests.core.formats.worlds import same, values

READ = [format for format in formats().values() if format.read]
WRITTEN = [format for format in formats().values() if format.write]
BOTH = [format for format in READ if format.write]
MUTATIONS = 2000


def by_name(format: Format) -> str:
    return format.name


@cache
def world_of(name: str) -> World:
    return open_world(name)


@pytest.mark.parametrize("format", formats().values(), ids=by_name)
def test_a_format_says_what_it_is(format: Format) -> None:
    assert format.title and format.description.endswith(".") and (format.read or format.write)
    assert all(re.fullmatch(r"(\.[a-z]+)+", ending) for ending in format.extensions)
    assert re.fullmatch("[a-z-]+", format.name) and format_named(format.name) is format


@pytest.mark.parametrize("format", BOTH, ids=by_name)
@pytest.mark.parametrize("name", names())
def test_library_worlds_come_back(name: str, format: Format) -> None:
    """Where nothing is lost, the table of transitions is the same; else a finite format keeps the values of all states."""
    world = world_of(name)
    if not format.can_write(world):
        with pytest.raises(WorldError):
            written(world, "x", format)
        return
    data = written(world, f"x{format.extensions[0]}", format)
    assert format_to_read(f"x{format.extensions[0]}", data) is format
    again, lost = read_data(data, "x", format).world, format.loses(world)
    if not world.finite:
        assert again == world and not lost
        return
    first, second = world.compile(), again.compile()
    if not lost:
        same(first, second)
    if format.writes != "grid":
        known, found = values(first), list(values(second).values())
        assert found[: len(known)] == pytest.approx(list(known.values()), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("format", [format for format in WRITTEN if not format.read], ids=by_name)
@pytest.mark.parametrize("name", names())
def test_library_worlds_are_written(name: str, format: Format) -> None:
    world = world_of(name)
    if format.can_write(world):
        assert written(world, "a name", format)
    else:
        with pytest.raises(WorldError, match="cannot be listed"):
            written(world, "a name", format)


@pytest.mark.parametrize("format", WRITTEN, ids=by_name)
def test_what_is_lost_is_said_in_sentences(format: Format) -> None:
    for name in names():
        if format.can_write(world_of(name)):
            for line in format.loses(world_of(name)):
                assert (line[0].isupper() or line[0].isdigit()) and line.endswith(".") and "\n" not in line


@pytest.mark.parametrize("format", WRITTEN, ids=by_name)
def test_writing_the_same_world_twice_gives_the_same_bytes(format: Format) -> None:
    world = world_of("grid/lecture-3x4")
    assert written(world, "x", format) == written(world, "x", format)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A file with some bytes changed, doubled, cut out or cut off, or with a piece of it in another place."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place, end = sorted(chance.randrange(len(found) + 1) for _ in range(2))
        match chance.randrange(7):
            case 0:
                found[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del found[place : place + chance.randint(1, 9)]
            case 2:
                del found[place:]
            case 3:
                found[place:place] = found[place : min(end, place + 40)]
            case 4:
                found[place:place] = chance.choice(
                    [b"-1", b"1e999", b"NaN", b"9" * 30, b"[", b"{", b"(", b"null", b"\0", b"\xff", b"*", b":"]
                )
            case 5:
                found[place : place + 4] = chance.randbytes(4)
            case 6:
                found[:] = found[end:] + found[:place]
    return bytes(found)


def samples(format: Format) -> Iterator[bytes]:
    """Small files of a format."""
    yield from SAMPLES.get(format.name, ())
    if format.write:
        for name in ("grid/lecture-3x4", "mdp/three-state", "grid/frozen-lake-4x4"):
            if format.can_write(world_of(name)):
                yield written(world_of(name), "x", format)


@pytest.mark.parametrize("format", READ, ids=by_name)
def test_damaged_files_are_refused_in_a_sentence(format: Format) -> None:
    """Whatever is done to a file: it is read, or refused with a place and a reason; nothing else."""
    chance, known, refused = random.Random(7), list(samples(format)), 0
    for number in range(MUTATIONS):
        data = mutated(known[number % len(known)], chance)
        try:
            read_data(data, "damaged", format)
            format_to_read(f"x{format.extensions[0]}", data)
        except WorldError as error:
            refused += 1
            assert error.sentence.startswith("damaged") and error.what and "\n" not in error.sentence and len(error.sentence) < 400
    assert refused > MUTATIONS / 10


@pytest.mark.parametrize("format", READ, ids=by_name)
@pytest.mark.parametrize(
    "data", [b"", b"\0" * 100, b"\xff\xfe", b"[" * 100_000, b"{" * 100_000, b"(" * 100_000, b"-" * 100_000, b"9" * 10_000]
)
def test_nonsense_is_refused_in_a_sentence(format: Format, data: bytes) -> None:
    with pytest.raises(WorldError) as raised:
        read_data(data, "nonsense", format)
    assert raised.value.sentence.startswith("nonsense")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.formats.registry.LARGEST_FILE", 2**20)
    with (tmp_path / "large.mdp").open("wb") as file:
        file.truncate(2**20 + 1)
    with pytest.raises(WorldError, match=r"large\.mdp: the file is larger than 1 MiB"):
        read_file(tmp_path / "large.mdp")


def test_the_extension_tells_the_format() -> None:
    told = {
        name: format_to_write(name).name
        for name in ("a.json", "a.txt", "a.mdp", "a.npz", "a.py", "a.zip", "a.prism.zip", "A.P.JSON", "a.p.py")
    }
    assert told == {
        "a.json": "world", "a.txt": "map", "a.mdp": "mdp", "a.npz": "arrays", "a.py": "environment", "a.zip": "environment-package",
        "a.prism.zip": "prism", "A.P.JSON": "gymnasium-json", "a.p.py": "gymnasium-python",
    }  # fmt: skip
    with pytest.raises(WorldError, match=r"b\.doc: no format is known for such a file\. Choose a name that ends in one of .json"):
        format_to_write("b.doc")
    with pytest.raises(UnknownName, match="Did you mean frozen-lake"):
        format_named("frozenlake")


def test_what_is_in_a_file_tells_the_format_where_extensions_are_shared() -> None:
    told = {
        b'{"kind": "grid", "map": ["S.G"]}': "world", b'["SFHG"]': "frozen-lake", b'{"0": {"0": [[1, 0, 0, true]]}}': "gymnasium-json",
        b"S#\n.G": "map", b"SF\nHG": "frozen-lake", b"{": "world",
    }  # fmt: skip
    for data, name in told.items():
        assert format_to_read("x.txt" if b"\n" in data else "x.json", data).name == name


def test_text_of_any_format_is_a_world() -> None:
    assert read_text("S . G\n. # T\n", "clipboard").world == GridWorld(map=("S.G", ".#T"))
    assert (
        read_text("discount: 0.5\nvalues: reward\nstates: 1\nactions: 1\nT: * identity\nR: * : * : * 1", "clipboard").world.kind == "table"
    )
    assert read_text("P = {0: {0: [(1.0, 0, 1.0, False)]}}", "clipboard").world.kind == "table"
    with pytest.raises(WorldError, match="clipboard: this text is no world"):
        read_text("hello there", "clipboard")


def test_a_world_that_cannot_be_written_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "kept.txt"
    target.write_text("mine")
    with pytest.raises(WorldError, match="only a grid"):
        write_file(world_of("mdp/three-state"), target, format_named("map"))
    with pytest.raises(WorldError, match="it cannot be written"):
        write_file(world_of("mdp/three-state"), tmp_path / "nowhere" / "x.mdp", format_named("mdp"))
    assert target.read_text() == "mine"


def test_the_schema_in_docs_is_current() -> None:
    from core.cli.schema import text

    current = (Path(__file__).parents[2] / "docs" / "world.schema.json").read_text(encoding="utf-8")
    assert current == text(), "write it again: python main.py schema docs/world.schema.json"


def test_the_examples_of_the_docs_are_worlds() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "worlds.md").read_text(encoding="utf-8")
    examples = re.findall(r"```json\n(.*?)```", docs, re.DOTALL)
    worlds = [parse(example, "docs/worlds.md") for example in examples]
    assert {world.kind for world in worlds} == {"grid", "table", "gym", "generated"}
    for world in worlds:
        assert world.kind == "gym" or world.compile().states
