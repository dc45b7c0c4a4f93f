"""Maps of signs, FrozenLake's maps and pictures."""

import json
import struct

import gymnasium
import numpy as np
import pytest

from core.errors import WorldError
from core.formats.format import Found
from core.formats.picture import PictureSettings
from core.formats.registry import format_named, read_data, written
from core.worlds.build import from_gymnasium
from core.worlds.grid import GridWorld
from tests.core.formats.samples import png


def read(name: str, data: bytes | str, **settings: int) -> Found:
    told = PictureSettings(**settings) if settings else None
    return read_data(data.encode() if isinstance(data, str) else data, "it", format_named(name), told)


def test_a_map_may_have_spaces_and_empty_lines() -> None:
    assert read("map", "\n S . G \r\n\n . # a \n").world == GridWorld(map=("S.G", ".#a"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "it: there is no map in it. A map is a row of signs for each row of cells."),
        ("S.\n.?", "it, line 2, column 2: '?' is no sign of a cell. Signs are . # S G"),
        ("S..\n\n.G", "it, line 3: this row has 2 cells, the first has 3. Make all rows as long."),
        ("##\n##", "it, GridWorld: every cell is a wall"),
        ("." * 1001, "it: a map has at most 1000 rows and columns."),
        ("1.1\n1..", "portal 1 is on 3 cells"),
    ],
)
def test_what_is_no_map_is_told_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(WorldError) as raised:
        read("map", text)
    assert sentence.replace("GridWorld", "settings") in raised.value.sentence


def test_what_a_map_does_not_tell_is_named() -> None:
    world = GridWorld(map=("S.G",), rewards={"0,1": 3}, slip=0.1, traps_end=False, discount=0.9, winds={"0,0": "up 1"})
    assert format_named("map").loses(world) == [
        "Rewards of single cells are not kept.", "Winds are not kept.", "Discount is not kept: 0.9.", "Slip is not kept: 0.1.",
    ]  # fmt: skip


def test_a_frozen_lake_is_the_one_of_gymnasium() -> None:
    """The same transitions as FrozenLake-v1 has for the same map; its actions are left, down, right, up, and ours up, right, down, left."""
    rows = ["SFF", "FHF", "FFG"]
    table = gymnasium.make("FrozenLake-v1", desc=rows).unwrapped.P
    theirs = from_gymnasium({state: {(3 - action) % 4: outcomes for action, outcomes in row.items()} for state, row in table.items()})
    found = read("frozen-lake", json.dumps(rows))
    ours = found.world.compile()
    for state in range(9):
        if ours.absorbing[state]:
            continue
        for action in range(4):
            ways = []
            for mdp in (theirs, ours):
                first, end = mdp.outcome_offsets[mdp.pair_of(state, action) :][:2]
                way = np.zeros((9, 2))
                np.add.at(way, mdp.next_state[first:end], np.stack([mdp.probability, mdp.probability * mdp.reward], axis=1)[first:end])
                ways.append(way)
            np.testing.assert_allclose(ways[0], ways[1], atol=1e-12)
    assert ours.step_limit == 100 and "1/3" in found.notes[0]


def test_frozen_lakes_may_be_lines_or_a_list() -> None:
    assert read("frozen-lake", "SF\nHG").world == read("frozen-lake", '["SF", "HG"]').world
    with pytest.raises(WorldError, match=r"it, row 2, column 1: 'x' is no sign of a cell\. Signs are S F H G"):
        read("frozen-lake", '["SF", "xG"]')
    with pytest.raises(WorldError, match="this is no map of FrozenLake"):
        read("frozen-lake", "[1, 2]")
    with pytest.raises(WorldError, match="it, line 1: this is not JSON"):
        read("frozen-lake", '["SF",')


def test_a_lake_says_which_cells_it_has_not() -> None:
    world = GridWorld(map=(".~#", "aAX", "..G"), slip=1 / 3, step_limit=100)
    format = format_named("frozen-lake")
    assert json.loads(written(world, "x", format)) == ["SFH", "FHH", "FFG"]
    assert format.loses(world) == [
        "Cells of the kind 'wall' become holes.", "Cells of the kind 'end' become holes.", "Cells of the kind 'door' become holes.",
        "Cells of the kind 'ice' become frozen floor.", "Cells of the kind 'key' become frozen floor.",
        "There must be a start: it is the first free cell.",
    ]  # fmt: skip


WHITE, BLACK, BLUE, GREEN, RED = (255, 255, 255), (0, 0, 0), (0, 0, 255), (0, 255, 0), (255, 0, 0)
DRAWN = [[BLUE, WHITE, BLACK, WHITE], [WHITE, RED, WHITE, WHITE], [(20, 25, 22), WHITE, (200, 30, 20), (30, 160, 40)]]
SIGNS = ("S.#.", ".T..", "#.TG")


@pytest.mark.parametrize("cell", [1, 2, 16])
def test_the_cells_of_a_picture_are_found(cell: int) -> None:
    assert read("picture", png(DRAWN, cell)).world == GridWorld(map=SIGNS)
    assert read("picture", png(DRAWN, cell), cell=cell).world == GridWorld(map=SIGNS)


def test_a_picture_of_one_colour_has_a_cell_for_each_pixel() -> None:
    assert read("picture", png([[WHITE] * 3] * 2)).world == GridWorld(map=("...", "..."))


def test_a_given_cell_size_takes_the_middle_of_each_cell() -> None:
    """Lines between cells, as a screenshot of a drawing has them, do not count."""
    lined = [[BLACK if row % 8 == 0 or column % 8 == 0 else DRAWN[row // 8][column // 8] for column in range(32)] for row in range(24)]
    assert read("picture", png(lined), cell=8).world == GridWorld(map=SIGNS)


def test_pictures_that_are_too_large_are_refused_before_they_are_decoded() -> None:
    huge = bytearray(png([[WHITE]]))
    huge[16:24] = struct.pack(">II", 2**31 - 1, 2**31 - 1)
    for data, sentence in (
        (bytes(huge), "it: the picture has 2,147,483,647 × 2,147,483,647 pixels, too many for a grid. Make it smaller."),
        (png([[WHITE, BLACK] * 501]), "it: cells of 1 pixels make 1 rows and 1,002 columns; a map has at most 1,000."),
        (png([[WHITE]])[:50], "it: the picture is damaged. Save it again as PNG."),
        (b"GIF89a", "it: this is no PNG picture."),
    ):
        with pytest.raises(WorldError) as raised:
            read("picture", data)
        assert raised.value.sentence.startswith(sentence)
    with pytest.raises(WorldError, match="smaller than one cell of 9 pixels"):
        read("picture", png([[WHITE]]), cell=9)
