"""What spreadsheets copy is read, and what is wrong with it is said by line and column."""

import pytest

from app.stage.transitions.search import matching
from app.stage.transitions.spreadsheet import read, written
from core.errors import WorldError
from core.worlds.library import library_world
from core.worlds.rows import rows_of
from core.worlds.table import Transition

ROWS = [
    Transition(state="0,1", action="up", next="a b", probability=0.25, reward=-1.5),
    Transition(state="0,1", action="up", next='say "hi"', probability=0.75, ends=True),
]


def test_what_is_copied_can_be_pasted() -> None:
    assert read(written(ROWS)) == ROWS


def test_commas_semicolons_and_titles_in_any_order() -> None:
    expected = [Transition(state="a", action="go", next="b", probability=0.5, reward=2.0)]
    assert read("a,go,b,1,−2")[0].reward == -2
    assert read("a,go,b,0.5,2") == expected
    assert read("a;go;b;50%;2") == expected
    assert read("reward,next state,State,action,notes,p\n2,b,a,go,fine,1/2\n\n") == expected
    assert read("a\tgo\tb") == [Transition(state="a", action="go", next="b")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,go,b,1\na,go,b,many", "line 2, column 4: 'many' is not a number."),
        ("state,action,next,p\na,go,b,1.5", "line 2, column 4: a probability lies above 0 and goes up to 1, not 1.5."),
        ("a,go,b,1,1e10", "line 1, column 5: a reward lies from −10⁹ to 10⁹, not 1e+10."),
        ("a,go,b,1,nan", "line 1, column 5: a reward lies from −10⁹ to 10⁹, not nan."),
        ("a,go\n", "line 1, column 3: a name is missing."),
        ("a,go,b,1,0,maybe", "line 1, column 6: 'maybe' is neither true nor false."),
        ("a,go,b,1,0,no,more", "line 1, column 7: there are more cells than columns."),
        ("\n \n", "There are no rows to paste. Copy lines of state, action, next state, probability and reward."),
    ],
)
def test_a_bad_line_is_named(text: str, sentence: str) -> None:
    with pytest.raises(WorldError) as error:
        read(text)
    assert error.value.sentence == sentence


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", list(range(10))),
        ("s2", [6, 7, 8, 9]),
        ("state:s2", [7, 8, 9]),
        ("next:s2 action:a2", [6]),
        ("a1", [2, 7, 8, 9]),
        ("S", list(range(10))),
        ("nothing", []),
        ("≠1", []),
        ('state:"s0" a0', [0, 1]),
    ],
)
def test_rows_are_looked_for_by_their_names(search: str, found: list[int]) -> None:
    world = library_world("mdp/three-state")
    assert matching(rows_of(world, None), search).nonzero()[0].tolist() == found
