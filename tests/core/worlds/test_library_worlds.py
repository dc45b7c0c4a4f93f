"""The worlds of the library against numbers from the books and papers that they are from."""

from typing import Any

import numpy as np
import pytest

from core.runs.solve import solve
from core.worlds.grid import Cell, GridWorld
from core.worlds.library import library_world, names, open_world

FINITE = [name for name in names() if library_world(name).finite]


def solved(name: str, **settings: Any) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Optimal values by state, and Q by state and action."""
    found = solve(open_world(name), name, "value-iteration", settings)
    assert found["converged"]
    q = {s: dict(zip(found["actions"], row, strict=True)) for s, row in zip(found["states"], found["q"], strict=True)}
    return dict(zip(found["states"], found["values"], strict=True)), q


@pytest.mark.parametrize("name", FINITE)
def test_every_finite_world_starts_where_something_follows_and_can_be_solved(name: str) -> None:
    mdp = open_world(name).compile()
    assert not mdp.absorbing[mdp.start > 0].any()
    values, _ = solved(name)
    assert np.isfinite(list(values.values())).all()


@pytest.mark.parametrize(
    ("name", "state", "value"),
    [
        ("grid/windy-7x10", "3,0", -15.0),  # Sutton and Barto (2018), example 6.5
        ("grid/windy-king-7x10", "3,0", -7.0),  # exercise 6.9
        ("make:windy-grid?moves=eight or stay", "3,0", -7.0),
        ("grid/cliff-back-4x12", "3,0", -13.0),  # example 6.6
        ("grid/cliff-4x12", "3,0", -13.0),
        ("gym:CliffWalking-v1", "36", -13.0),
        ("mdp/gambler-100", "50", 0.4),  # example 4.3
        ("mdp/gambler-100", "25", 0.16),
        ("mdp/gambler-100", "75", 0.64),
        ("mdp/double-loop", "0", 2 * 0.95**4 / (1 - 0.95**5)),
        ("mdp/seoul-busan", "Seoul", -85.0),
        ("gym:FrozenLake-v1", "0", 0.5420259320),
        ("gym:FrozenLake8x8-v1", "0", 0.4146403618),
    ],
)
def test_the_value_of_the_start(name: str, state: str, value: float) -> None:
    assert solved(name)[0][state] == pytest.approx(value, abs=1e-8)


def test_special_states_have_the_values_of_the_book() -> None:
    """Sutton and Barto (2018), figure 3.5."""
    table = """22.0 24.4 22.0 19.4 17.5
               19.8 22.0 19.8 17.8 16.0
               17.8 19.8 17.8 16.0 14.4
               16.0 17.8 16.0 14.4 13.0
               14.4 16.0 14.4 13.0 11.7"""
    values, _ = solved("grid/special-states-5x5")
    assert [round(value, 1) for value in values.values()] == [float(number) for number in table.split()]


def test_the_shortest_way_past_the_doors_goes_through_the_portal() -> None:
    """Every step costs 0.01 and the last earns 1: the value of the start tells how many there are, as a search does."""
    world = open_world("grid/keys-and-doors-7x9")
    assert isinstance(world, GridWorld) and world.compiled.held == ("", "a", "b", "ab")

    def steps(world: GridWorld) -> int:
        mdp, place = world.compile(), {int(np.argmax(world.compile().start))}
        count, seen = 0, set(place)
        while not mdp.absorbing[list(place)].any():
            rows = np.isin(mdp.pair_state, list(place))
            place = set(mdp.next_state[rows].tolist()) - seen
            seen |= place
            count += 1
        return count

    shortest = steps(world)
    walled = world.painted(world.find(Cell.portal_1), Cell.wall)
    assert shortest < steps(walled)
    assert solved("grid/keys-and-doors-7x9")[0]["0,0"] == pytest.approx(0.95 ** (shortest - 1) - 0.01 * (1 - 0.95**shortest) / 0.05)


def test_bold_play_is_best_for_the_gambler() -> None:
    """Dubins and Savage (1965): with heads below 1/2, staking all that is of use is optimal from every capital."""
    values, q = solved("mdp/gambler-100")
    for capital in range(1, 100):
        assert q[str(capital)][str(min(capital, 100 - capital))] == pytest.approx(values[str(capital)], abs=1e-9)
    assert all(values[str(s)] < values[str(s + 1)] for s in range(1, 99))


def test_never_giving_up_is_best_on_strens_chain() -> None:
    for discount in (0.95, 0.99):
        _, q = solved("mdp/chain-5", discount=discount)
        assert all(row["forward"] > row["back"] for row in q.values())
    assert all(row["back"] > row["forward"] for state, row in solved("mdp/chain-5", discount=0.3)[1].items() if state in "12")


def test_always_left_is_best_on_the_double_loop() -> None:
    _, q = solved("mdp/double-loop")
    assert all(q[str(s)]["left"] > q[str(s)]["right"] for s in (0, 5, 6, 7, 8))
    assert q["0"]["right"] == pytest.approx(0.95**4 + 0.95**5 * q["0"]["left"])


def test_the_way_by_wonju_is_longer() -> None:
    _, q = solved("mdp/seoul-busan")
    assert (q["Seoul"]["to Wonju"], q["Seoul"]["to Daejeon"]) == (-115, -85)
    assert q["Wonju"]["to Busan"] == -90 and q["Daejeon"]["to Busan"] == -35


def test_the_bridge_is_crossed_only_without_slip() -> None:
    """Berkeley's first question: at discount 0.9, which noise makes the agent cross?"""
    world = open_world("grid/bridge-3x7")
    assert isinstance(world, GridWorld)
    for slip, best in ((0.1, "left"), (0.0, "right")):
        found = solve(world.model_copy(update={"slip": slip}), "bridge", "value-iteration", {})
        start = dict(zip(found["actions"], found["q"][found["states"].index("1,1")], strict=True))
        assert max(start, key=start.__getitem__) == best


def test_the_book_grid_of_berkeley_is_worth_049() -> None:
    """Its handout shows 0.49 at the start at discount 0.9 and noise 0.2, with the reward paid one step later than here."""
    world = open_world("grid/russell-norvig-4x3").model_copy(update={"discount": 0.9, "living_reward": 0.0})
    found = solve(world, "book", "value-iteration", {})
    assert found["values"][found["states"].index("2,0")] * 0.9 == pytest.approx(0.49, abs=0.005)


def test_discount_decides_between_the_exits() -> None:
    """Berkeley's third question: the near exit to the impatient, the distant one to the patient."""
    world = open_world("grid/discount-5x5")
    assert isinstance(world, GridWorld)
    assert world.reward(2, 2) == 1 and world.reward(2, 4) == 10 and world.reward(4, 0) == -10 and world.reward(0, 0) == 0
    near = solve(world.model_copy(update={"slip": 0.0, "discount": 0.1}), "near", "value-iteration", {})
    far = solve(world.model_copy(update={"slip": 0.0, "discount": 0.9}), "far", "value-iteration", {})
    start = near["states"].index("3,0")
    assert near["values"][start] == pytest.approx(0.1**2) and far["values"][start] == pytest.approx(10 * 0.9**4)


def test_a_cell_of_its_own_reward_loses_it_when_it_becomes_another() -> None:
    world = open_world("grid/discount-5x5")
    assert isinstance(world, GridWorld)
    assert world.painted([(0, 0)], Cell.wall).rewards == {"2,2": 1.0}
    assert world.painted([(2, 2)], Cell.floor).rewards == {}
    assert world.painted([(2, 2)], Cell.goal) is world


def test_penalties_are_avoided() -> None:
    values, _ = solved("grid/penalties-10x10")
    assert all(value > 0 for state, value in values.items() if state != "5,4")


def test_taxi_brings_everyone_home() -> None:
    """500 states, of which 300 are starts; the mean of the best returns is 7.93 (many published runs, Dietterich's rewards)."""
    world = open_world("gym:Taxi-v4")
    mdp = world.compile()
    found = solve(world, "taxi", "value-iteration", {"discount": 1.0})
    assert (mdp.states, mdp.actions) == (500, 6)
    assert mdp.start @ np.array(found["values"]) == pytest.approx(7.93, abs=0.01)
