"""Errors, settings, schedules, streams, history, files: the ground that everything stands on."""

import gc
import json
import os
import re
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import Config, assign, build, setting
from core.errors import ConfigError, UnknownName, ValuescapeError
from core.files import replacing
from core.history import EPISODES, PACE, Channel, History, Rows
from core.schedules import Clock, Kind, Probability, Schedule, StepSize
from core.streams import Streams

GONE = 2**22 + 1
"""No process has this number: the largest on Linux is 2**22."""


class Example(Config):
    rate: float = setting(0.5, "Rate", "How fast.", ge=0, le=1)
    epsilon: Probability = setting(Schedule(start=0.1), "Epsilon", "How curious.")
    step: StepSize = setting(Schedule(start=0.1), "Step", "How far.")
    widths: tuple[int, ...] = setting((1,), "Widths", "How wide.")


def test_an_error_says_what_where_and_what_to_do() -> None:
    error = ValuescapeError("it is broken", where="cell 1", remedy="Mend it")
    assert str(error) == error.sentence == "cell 1: it is broken. Mend it."


def test_an_unknown_name_answers_with_the_nearest() -> None:
    assert "Did you mean grid/lecture-3x4?" in UnknownName("world", "lecture", ["grid/lecture-3x4", "mdp/three-state"]).sentence
    assert "list worlds" in UnknownName("world", "zzz", ["grid/lecture-3x4"]).sentence


@pytest.mark.parametrize(
    ("assignment", "where", "what"),
    [
        ("rate=2", "rate", "less than or equal to 1"),
        ("rat=0.5", "rat", "no such setting"),
        ("rate=nan", "rate", "finite"),
        ("epsilon=linear(2, 0, 10)", "epsilon", "every value must lie from 0 to 1"),
        ("epsilon=linearly(1)", "epsilon", "shapes: constant, linear"),
        ("step=0", "step", "above 0"),
        ("epsilon.wrong=1", "epsilon", "a schedule has no 'wrong'"),
        ("a.b.c=1", "a.b.c", "there is no such setting"),
    ],
)
def test_a_wrong_setting_is_named(assignment: str, where: str, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        assign(Example, [assignment])
    assert (caught.value.where or "").startswith(where)
    assert what.lower() in caught.value.sentence.lower()


def test_assignments_are_json_or_text_and_reach_into_nested_settings() -> None:
    config = assign(Example, ["rate=0.25", "widths=[3, 4]", "epsilon=exponential(1, 0.1, 50, per=episode)", "step.start=0.5"])
    assert config.rate == 0.25
    assert config.widths == (3, 4)
    assert config.epsilon == Schedule(kind=Kind.exponential, start=1, end=0.1, duration=50, per=Clock.episode)
    assert config.step.start == 0.5
    with pytest.raises(ConfigError, match="key=value"):
        assign(Example, ["rate"])


def test_a_misspelt_field_names_its_neighbour() -> None:
    with pytest.raises(ConfigError, match="Did you mean rate"):
        build(Example, {"ratee": 1})


def test_a_members_streams_do_not_depend_on_the_others_and_uses_differ() -> None:
    draws = {(member, use): getattr(Streams.spawn(5, member), use).random() for member in range(3) for use in Streams.__slots__}
    assert len(set(draws.values())) == 12
    assert Streams.spawn(5, 1).world.random() == draws[1, "world"]
    assert Streams.spawn(6, 1).world.random() != draws[1, "world"]


def test_streams_go_on_where_they_were_and_their_state_is_json() -> None:
    streams = Streams.spawn(1, 0)
    streams.replay.random(17)
    saved = json.loads(json.dumps(streams.state()))
    expected = streams.replay.random(5).tolist()
    other = Streams.spawn(9, 9)
    other.restore(saved)
    assert other.replay.random(5).tolist() == expected


def rows(start: int, count: int) -> Rows:
    numbers = np.arange(start, start + count)
    return Rows(EPISODES, {"episode": numbers, "return": numbers * 2.0})


def test_what_was_read_from_a_history_does_not_change() -> None:
    history = History()
    history.append(rows(0, 10))
    seen = history.view()[EPISODES]
    history.append(rows(10, 5000))
    assert seen["episode"].tolist() == list(range(10))
    assert history.view()[EPISODES]["return"][-1] == 2.0 * 5009
    with pytest.raises(ValueError, match="read-only"):
        seen["episode"][0] = 1


@given(st.lists(st.integers(0, 400), max_size=20))
def test_a_full_channel_keeps_every_second_row_of_the_whole_run(counts: list[int]) -> None:
    channel, total = Channel(capacity=100), 0
    for count in counts:
        channel.append(rows(total, count).columns)
        total += count
    kept = channel.view()
    if total:
        assert len(kept["episode"]) <= 100
        assert kept["episode"].tolist() == list(range(0, total, channel.stride))
        assert (kept["return"] == kept["episode"] * 2.0).all()


def test_a_history_round_trips_and_goes_on_thinning() -> None:
    history = History(capacity=50)
    history.append(rows(0, 120))
    again = History(capacity=50)
    again.restore(history.state())
    for each in (history, again):
        each.append(rows(120, 40))
    assert again.view()[EPISODES]["episode"].tolist() == history.view()[EPISODES]["episode"].tolist()


def test_a_write_that_fails_leaves_the_old_file_and_no_stray(tmp_path: Path) -> None:
    target = tmp_path / "world.json"
    with replacing(target) as file:
        file.write(b"old")
    with pytest.raises(RuntimeError), replacing(target) as file:
        file.write(b"half")
        raise RuntimeError
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["world.json"]


def test_a_write_sweeps_away_what_a_process_that_is_gone_has_left(tmp_path: Path) -> None:
    """Whatever the name is: brackets stand for themselves."""
    ours, other, old = tmp_path / f".run [2].json.{GONE}.tmp", tmp_path / f".run 2.json.{GONE}.tmp", time.time() - 60
    for stray in (ours, other):
        stray.touch()
        os.utime(stray, (old, old))
    with replacing(tmp_path / "run [2].json") as file:
        file.write(b"new")
    assert not ours.exists() and other.exists()


def test_writing_under_ever_new_names_leaves_no_patterns_behind(tmp_path: Path) -> None:
    def patterns() -> int:
        return sum(type(one) is re.Pattern for one in gc.get_objects())

    def write(number: int) -> None:
        with replacing(tmp_path / f"checkpoint-{number}.npz") as file:
            file.write(b"")

    re.purge()
    write(0)
    before = patterns()
    for number in range(1, 20):
        write(number)
    assert patterns() == before


def test_a_column_that_rows_of_before_did_not_have_is_missing_there() -> None:
    channel = Channel()
    channel.append({"episode": np.arange(2)})
    channel.append({"episode": np.arange(2, 4), "discounted": np.array([0.5, 0.25])})
    assert np.array_equal(channel.view()["discounted"], [np.nan, np.nan, 0.5, 0.25], equal_nan=True)


def test_the_pace_is_kept_apart_from_what_runs_share() -> None:
    history = History()
    for units in range(1, 31):
        history.pace.note(10 * units, 0.01)
    rows = history.view()[PACE]
    assert np.diff(rows["units"][:-1]) == pytest.approx(50, abs=10) and rows["units"][-1] == 300
    assert rows["rate"][:-1] == pytest.approx(1000, rel=0.3) and np.isnan(rows["rate"][-1])
    assert rows["seconds"][-1] == pytest.approx(0.3)
    assert PACE not in history.state()
    again = History()
    again.pace.restore(rows, 120)
    again.pace.note(400, 1.0)
    assert again.view()[PACE]["units"].max() == 400 and again.view()[PACE]["seconds"][-1] == pytest.approx(1.1, abs=0.02)


def test_a_long_run_keeps_its_pace_in_few_rows() -> None:
    history = History()
    for units in range(1, 20_001):
        history.pace.note(units, 0.06)
    rows = history.view()[PACE]
    assert 2000 < len(rows["units"]) <= 4097 and np.diff(rows["units"]).min() >= 0
    assert rows["rate"][:-1] == pytest.approx(1 / 0.06, rel=1e-6)
