"""Random worlds for the tests of formats, and what it means that two tables are the same."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from core.worlds.build import from_rows
from core.worlds.grid import Cell, GridWorld
from core.worlds.mdp import FiniteMDP
from core.worlds.table import TableWorld
from core.worlds.table_edits import table_of

NAMES = st.one_of(
    st.text("abcXYZ_-09", min_size=1, max_size=6).filter(lambda name: name[0].isalpha()),
    st.text(min_size=1, max_size=6).filter(lambda name: name.strip() and "\0" not in name),
)


def same(first: FiniteMDP, second: FiniteMDP, names: bool = True, rules: bool = True) -> None:
    """Both are the same table; without `names` or `rules` (start, discount, step limit), those apart."""
    if names:
        assert tuple(first.state_names) == tuple(second.state_names) and tuple(first.action_names) == tuple(second.action_names)
    for part in ("state_offsets", "pair_action", "outcome_offsets", "next_state", "reward", "terminated"):
        np.testing.assert_array_equal(getattr(first, part), getattr(second, part), err_msg=part)
    np.testing.assert_allclose(first.probability, second.probability, rtol=1e-12, err_msg="probability")
    if rules:
        np.testing.assert_allclose(first.start, second.start, rtol=1e-12, err_msg="start")
        assert (first.discount, first.step_limit) == (second.discount, second.step_limit)


def values(mdp: FiniteMDP, discount: float = 0.8, sweeps: int = 30) -> dict[str, float]:
    """Values of every state after some sweeps of value iteration, by name."""
    found = np.zeros(mdp.states)
    for _ in range(sweeps):
        q = mdp.expected_reward + discount * np.add.reduceat(mdp.continuation * found[mdp.next_state], mdp.outcome_offsets[:-1])
        found = np.zeros(mdp.states)
        active = np.flatnonzero(~mdp.absorbing)
        found[active] = np.maximum.reduceat(q, mdp.state_offsets[active])
    return dict(zip(map(str, mdp.state_names), found.tolist(), strict=True))


@st.composite
def tables(draw: Any, ends: bool = True, gaps: bool = True, shared: bool = True, numbered: bool = False, ruled: bool = True) -> TableWorld:
    """A table of up to six states and four actions.

    Args:
        ends: whether outcomes may end the episode in states with actions.
        gaps: whether actions may be unavailable.
        shared: whether outcomes with the same next state may have different rewards.
        numbered: whether names are numbers.
        ruled: whether start, discount and step limit are drawn.
    """
    count, actions = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    stream = np.random.default_rng(draw(st.integers(0, 2**32)))
    columns: list[list[Any]] = [[] for _ in range(6)]
    terminal = stream.random(count) < 0.3
    terminal[0] = False
    for state in np.flatnonzero(~terminal):
        offered = np.flatnonzero(stream.random(actions) < 0.7) if gaps else np.arange(actions)
        for action in offered if len(offered) else [0]:
            size = int(stream.integers(1, count + 1))
            following = stream.integers(0, count, size) if shared else stream.permutation(count)[:size]
            chances = stream.dirichlet(np.ones(size)).clip(1e-6)
            rows = zip(following, chances / chances.sum(), stream.normal(size=size).round(int(stream.integers(0, 9))) + 2.0, strict=True)
            for next_state, chance, reward in rows:
                over = bool(terminal[next_state]) or (ends and stream.random() < 0.2)
                for column, value in zip(columns, (state, action, next_state, chance, reward, over), strict=True):
                    column.append(value)
    named = [[str(n) for n in range(size)] if numbered else draw(st.lists(NAMES, min_size=size, max_size=size, unique=True))
             for size in (count, actions)]  # fmt: skip
    start = None
    if ruled:
        weights = stream.random(count) * (stream.random(count) < 0.6) * ~terminal
        start = weights / weights.sum() if weights.any() else None
    rules = (
        {"discount": draw(st.floats(0, 1)), "step_limit": draw(st.integers(0, 5000))} if ruled else {"discount": 0.99, "step_limit": 1000}
    )
    keys = ("state", "action", "next_state", "probability", "reward", "terminated")
    return table_of(from_rows(*named, **dict(zip(keys, columns, strict=True)), start=start, **rules))


@st.composite
def grids(draw: Any, signs: str = "".join(Cell), plain: bool = True) -> GridWorld:
    """A grid of up to five rows and columns; without `plain`, with rules and rewards of its own."""
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    cells = st.lists(st.sampled_from(signs), min_size=columns, max_size=columns).map("".join)
    lines = draw(st.lists(cells, min_size=rows, max_size=rows))
    text = "".join(lines)
    for sign in "123456789":
        if text.count(sign) > 2:
            lines = [line.replace(sign, ".") for line in lines]
    lines[0] = draw(st.sampled_from("S.")) + lines[0][1:]
    rules: dict[str, Any] = {}
    if not plain:
        rules = {"slip": 0.1, "living_reward": -0.25, "discount": 0.5, "rewards": {"0,0": 2.5}, "traps_end": draw(st.booleans())}
    return GridWorld.model_validate({"map": lines} | rules)
