"""Random small grids with everything on them, for hypothesis."""

from hypothesis import strategies as st

from core.worlds.grid import GridWorld, Moves

PASSINGS = {"right": ("wall", "right", "left"), "down": ("wall", "down", "up")}


@st.composite
def worlds(draw: st.DrawFn) -> GridWorld:
    """Up to 4 × 5 cells, at least one of them free and no end."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    signs = st.sampled_from("......##SGTX~~%%aAbB1122")
    cells = [draw(signs) for _ in range(rows * columns)]
    for portal in "12":
        for extra in [place for place, sign in enumerate(cells) if sign == portal][2:]:
            cells[extra] = "~"
    cells[draw(st.integers(0, len(cells) - 1))] = draw(st.sampled_from(".S~%"))
    map_ = tuple("".join(cells[row * columns : (row + 1) * columns]) for row in range(rows))
    places = st.sampled_from([f"{row},{column}" for row in range(rows) for column in range(columns)])
    sides = [f"{row},{column} right" for row in range(rows) for column in range(columns - 1)]
    sides += [f"{row},{column} down" for row in range(rows - 1) for column in range(columns)]
    chances = st.sampled_from([0.0, 0.1, 0.25, 0.5])
    chosen = draw(st.lists(st.sampled_from(sides), max_size=4)) if sides else []
    winds = st.builds(lambda way, strength: f"{way} {strength}", st.sampled_from(["up", "right", "down", "left"]), st.integers(1, 3))
    return GridWorld(
        map=map_, moves=draw(st.sampled_from(Moves)), traps_end=draw(st.booleans()), traps_lead_back=draw(st.booleans()),
        living_reward=draw(st.sampled_from([0.0, -1.0])), slip=draw(chances), stickiness=draw(st.sampled_from([0.0, 0.25, 0.5])),
        gusts=draw(st.booleans()), rewards=draw(st.dictionaries(places, st.sampled_from([-2.0, 0.0, 3.0]), max_size=3)),
        starts=draw(st.dictionaries(places, st.sampled_from([0.0, 1.0, 3.0]), max_size=2)),
        slips=draw(st.dictionaries(places, chances, max_size=2)), winds=draw(st.dictionaries(places, winds, max_size=3)),
        fences={side: draw(st.sampled_from(PASSINGS[side.partition(" ")[2]])) for side in chosen},
    )  # fmt: skip
