"""Explicit files for PRISM, against the manual's forms."""

import io
import zipfile

import numpy as np
import pytest

from core.formats.registry import format_named, written
from core.worlds.library import open_world
from core.worlds.table import TableWorld, Transition


def files(name: str) -> dict[str, list[str]]:
    """The lines of every file, by its ending."""
    with zipfile.ZipFile(io.BytesIO(written(open_world(name), "my model", format_named("prism")))) as parts:
        assert {part.partition(".")[0] for part in parts.namelist()} == {"my_model"}
        return {part.partition(".")[2]: parts.read(part).decode().splitlines() for part in parts.namelist()}


def test_three_states() -> None:
    """Six choices as printed by hand; states have fewer actions than there are, so choices are counted in each state."""
    told = files("mdp/three-state")
    assert told["sta"] == ["(s)", "0:(0)", "1:(1)", "2:(2)"]
    assert told["tra"] == [
        "3 6 10", "0 0 0 0.7 a0", "0 0 1 0.3 a0", "0 1 0 1.0 a1", "0 2 0 0.8 a2", "0 2 1 0.2 a2", "1 0 1 1.0 a0", "1 1 2 1.0 a2",
        "2 0 0 0.8 a1", "2 0 1 0.1 a1", "2 0 2 0.1 a1",
    ]  # fmt: skip
    assert told["trew"] == [
        '# Reward structure "reward"', "# Transition rewards", "3 6 3", "0 0 0 10.0", "1 1 2 -50.0", "2 0 0 40.0",
    ]  # fmt: skip
    assert told["lab"] == ['0="init" 1="deadlock" 2="end"', "0: 0"]


@pytest.mark.parametrize("name", ["grid/frozen-lake-4x4", "mdp/random-walk-19", "gym:CliffWalking-v1", "mdp/gambler-100"])
def test_headers_count_what_follows(name: str) -> None:
    told = files(name)
    states, choices, transitions = map(int, told["tra"][0].split())
    rows = [line.split() for line in told["tra"][1:]]
    assert (len(rows), len(told["sta"]) - 1, len({(s, c) for s, c, *_ in rows})) == (transitions, states, choices)
    chances = np.zeros((states, 200))
    for s, c, _, p, _ in rows:
        chances[int(s), int(c)] += float(p)
    assert chances.sum() == pytest.approx(choices) and (chances[:, 0] > 0.999).all()
    assert [int(part) for part in told["trew"][2].split()] == [states, choices, len(told["trew"]) - 3]
    over = {line.split(":")[0] for line in told["lab"][1:] if line.endswith(" 2")}
    assert over and all(n == s for s, _, n, *_ in rows if s in over)


def test_actions_are_spelt_for_prism_and_apart() -> None:
    rows = tuple(Transition(state="a", action=action, next="a", reward=1) for action in ("go on", "go-on", "7"))
    world = TableWorld(states=("a",), actions=("go on", "go-on", "7"), transitions=rows)
    with zipfile.ZipFile(io.BytesIO(written(world, "m", format_named("prism")))) as parts:
        assert [line.split()[-1] for line in parts.read("m.tra").decode().splitlines()[1:]] == ["go_on", "a1", "a2"]
