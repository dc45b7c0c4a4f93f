"""Names of states are told in the language in use, as those of actions are, and are typed in it; what is edited is the world's own name."""

from collections.abc import Iterator

import pytest

from app import text
from app.panels.chain_facts import chain_facts
from app.sentences import told
from app.stage.transitions.rows_model import NEXT, STATE
from app.stage.transitions.search import matching
from app.stage.values_model import Role
from app.studio import Studio
from core.worlds.library import library_world
from core.worlds.rows import rows_of


@pytest.fixture
def korean(studio: Studio) -> Iterator[Studio]:
    text.use("ko")
    studio.worlds.open_library("mdp/seoul-busan")
    yield studio
    text.use("en")


def test_tables_tell_states_in_korean_and_take_them_so(korean: Studio) -> None:
    values = korean.window.table.values
    assert [values.text(row, 0) for row in range(4)] == ["서울", "원주", "대전", "부산"]
    values.sort(0)
    assert [values.text(row, 0) for row in range(4)] == ["대전", "부산", "서울", "원주"]
    korean.window.stage.designer.toggle("transitions")
    rows = korean.window.stage.designer.views["transitions"].rows.model
    assert rows.data(rows.index(0, STATE)) == "서울"
    assert rows.data(rows.index(0, STATE), Role.EditRole) == "Seoul"
    assert rows.edited(0, NEXT, "부산").next == "Busan" and rows.edited(0, NEXT, "Daejeon").next == "Daejeon"
    assert rows.edited(0, NEXT, "제주").next == "제주"


def test_a_search_finds_states_in_korean(korean: Studio) -> None:
    world = library_world("mdp/seoul-busan")
    rows = rows_of(world, world.compile())
    assert matching(rows, "state:대전").tolist() == matching(rows, "state:Daejeon").tolist()
    assert matching(rows, "state:대전").any()


def test_sentences_about_states_are_korean_throughout(korean: Studio) -> None:
    assert "'부산'" in told("value of the best action in 'Busan'")
    facts = " ".join(chain_facts(library_world("mdp/random-walk-19").compile()))
    assert "'왼쪽 끝'" in facts and "end" not in facts
