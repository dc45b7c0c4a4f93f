"""JSON in pieces is the JSON of the library: the same values, the same errors, whatever the text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import pieces

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "LONG", 0)


@given(VALUES, st.sampled_from([None, 2]))
def test_what_is_written_is_read(value: object, indent: int | None) -> None:
    assert pieces.loads(" " + json.dumps(value, indent=indent) + "\n") == value


@given(VALUES, st.data())
def test_a_damaged_text_is_refused_as_by_the_library(value: object, data: st.DataObject) -> None:
    text = json.dumps(value)
    place = data.draw(st.integers(0, len(text)))
    damaged = (
        text[:place] + data.draw(st.sampled_from(["", "{", "]", ",", ":", '"', "x", " 1"])) + text[place + data.draw(st.integers(0, 2)) :]
    )
    try:
        expected = json.loads(damaged)
    except ValueError as error:
        with pytest.raises(ValueError) as caught:
            pieces.loads(damaged)
        assert str(caught.value) == str(error)
    else:
        assert pieces.loads(damaged) == expected


@pytest.mark.parametrize("text", ["", " ", "{", "[1,]", '{"a":1,}', '{"a" 1}', "[1 2]", '{"a":1}x', "[", '{"a"', "{1:2}", "[" * 5000])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises((ValueError, RecursionError)):
        json.loads(text)
    with pytest.raises((ValueError, RecursionError)):
        pieces.loads(text)


def test_the_last_of_equal_names_counts() -> None:
    assert pieces.loads('{"a": 1, "a": [2]}') == {"a": [2]}
