"""Every rule of a grid, by hand on small maps, and all of them at once against a slow reference that takes the docstring at its word."""

from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import WorldError
from core.worlds.grid import KEYS, STAY, WAYS, Cell, GridWorld
from core.worlds.grid_names import cell_of, wind_of
from core.worlds.table import Transition
from tests.core.worlds.grids import worlds

Outcomes = dict[tuple[str, float, bool], float]


def outcomes(world: GridWorld, state: str, action: str) -> Outcomes:
    """Probability of every (next state, reward, ends)."""
    mdp = world.compile()
    pair = mdp.pair_of(list(mdp.state_names).index(state), list(mdp.action_names).index(action))
    found: Outcomes = defaultdict(float)
    for row in range(mdp.outcome_offsets[pair], mdp.outcome_offsets[pair + 1]):
        found[mdp.state_names[mdp.next_state[row]], float(mdp.reward[row]), bool(mdp.terminated[row])] += float(mdp.probability[row])
    return dict(found)


def lands(world: GridWorld, state: str, action: str) -> dict[str, float]:
    """Probability of every next state."""
    found: dict[str, float] = defaultdict(float)
    for (following, _, _), chance in outcomes(world, state, action).items():
        found[following] += chance
    return dict(found)


def starts(world: GridWorld) -> dict[str, float]:
    mdp = world.compile()
    return {mdp.state_names[state]: chance for state, chance in enumerate(mdp.start.tolist()) if chance}


# Moves


def test_actions_go_clockwise_and_a_step_goes_to_the_neighbour() -> None:
    assert GridWorld(map=("...",)).actions == ("up", "right", "down", "left")
    assert GridWorld(map=("...",), moves="eight or stay").actions == (*WAYS, STAY)
    nine = GridWorld(map=("...",) * 3, moves="eight or stay")
    assert [lands(nine, "1,1", way) for way in nine.actions] == [
        {name: 1.0} for name in ("0,1", "0,2", "1,2", "2,2", "2,1", "2,0", "1,0", "0,0", "1,1")
    ]


def test_into_a_wall_and_over_the_edge_it_stays_and_earns_what_its_own_cell_earns() -> None:
    world = GridWorld(map=(".#",), rewards={"0,0": 3.0}, living_reward=-1.0)
    assert [outcomes(world, "0,0", way) for way in world.actions] == [{("0,0", 2.0, False): 1.0}] * 4


@pytest.mark.parametrize(("corner", "goes"), [(("..", ".."), True), (("#.", ".."), True), (("..", ".#"), True), (("#.", ".#"), False)])
def test_a_diagonal_step_needs_one_of_the_ways_round_the_corner(corner: tuple[str, str], goes: bool) -> None:
    """From the lower left to the upper right: round the upper left, or round the lower right."""
    world = GridWorld(map=corner, moves="eight")
    assert lands(world, "1,0", "up right") == {"0,1" if goes else "1,0": 1.0}


def test_a_fence_on_each_way_round_the_corner_stops_a_diagonal_step() -> None:
    """Up, then right; or right, then up: a fence at the end of the one and a fence at the beginning of the other."""
    one = GridWorld(map=("..", ".."), moves="eight", fences={"0,0 right": "wall"})
    assert lands(one, "1,0", "up right") == {"0,1": 1.0}
    both = one.model_copy(update={"fences": {"0,0 right": "wall", "1,0 right": "wall"}})
    assert lands(both, "1,0", "up right") == {"1,0": 1.0}
    assert lands(both, "1,0", "up") == {"0,0": 1.0}


def test_slip_goes_to_the_right_and_to_the_left_of_the_intended_direction() -> None:
    four = GridWorld(map=("...",) * 3, slip=0.1)
    assert lands(four, "1,1", "up") == pytest.approx({"0,1": 0.8, "1,2": 0.1, "1,0": 0.1})
    assert lands(four, "1,1", "left") == pytest.approx({"1,0": 0.8, "0,1": 0.1, "2,1": 0.1})
    eight = GridWorld(map=("...",) * 3, slip=0.1, moves="eight or stay")
    assert lands(eight, "1,1", "up") == pytest.approx({"0,1": 0.8, "0,2": 0.1, "0,0": 0.1})
    assert lands(eight, "1,1", "up left") == pytest.approx({"0,0": 0.8, "0,1": 0.1, "1,0": 0.1})
    assert lands(eight, "1,1", "stay") == {"1,1": 1.0}


def test_a_slip_of_a_cell_takes_the_place_of_the_worlds() -> None:
    world = GridWorld(map=("...", "..."), slip=0.2, slips={"0,1": 0.0, "1,1": 0.5})
    assert lands(world, "0,1", "down") == {"1,1": 1.0}
    assert lands(world, "1,1", "up") == {"1,0": 0.5, "1,2": 0.5}
    assert lands(world, "0,0", "right") == pytest.approx({"0,1": 0.6, "1,0": 0.2, "0,0": 0.2})


# Ground


def test_on_ice_it_slides_to_the_first_cell_without_or_until_something_is_in_the_way() -> None:
    assert lands(GridWorld(map=("S~~.G",)), "0,0", "right") == {"0,3": 1.0}
    assert lands(GridWorld(map=("S~~#G",)), "0,0", "right") == {"0,2": 1.0}
    assert lands(GridWorld(map=("S~~",)), "0,0", "right") == {"0,2": 1.0}
    assert lands(GridWorld(map=("S~~.",), fences={"0,1 right": "left"}), "0,0", "right") == {"0,1": 1.0}
    assert outcomes(GridWorld(map=("S~G",)), "0,0", "right") == {("0,2", 1.0, True): 1.0}
    assert lands(GridWorld(map=("S~~.",)), "0,2", "left") == {"0,0": 1.0}
    assert lands(GridWorld(map=("S..", ".~.", "..."), moves="eight"), "0,0", "down right") == {"2,2": 1.0}


def test_leaving_a_sticky_cell_fails_at_times() -> None:
    world = GridWorld(map=("...", ".%.", "..."), stickiness=0.25, slip=0.1)
    assert lands(world, "1,1", "up") == pytest.approx({"1,1": 0.25, "0,1": 0.6, "1,2": 0.075, "1,0": 0.075})
    assert lands(world, "0,1", "down") == pytest.approx({"1,1": 0.8, "0,0": 0.1, "0,2": 0.1})


def test_who_sticks_is_not_blown_away() -> None:
    world = GridWorld(map=(".", ".", "%"), winds={"2,0": "up 1"}, stickiness=0.5, moves="four or stay")
    assert lands(world, "2,0", "stay") == {"2,0": 0.5, "1,0": 0.5}
    assert lands(world, "2,0", "up") == {"2,0": 0.5, "0,0": 0.5}


# Wind


def test_the_wind_of_the_cell_left_carries_on_as_far_as_it_can() -> None:
    """Sutton and Barto (2018), example 6.5: the wind of the column that is left, not of the one that is come to."""
    world = GridWorld(map=("....",) * 4, winds={"3,1": "up 2", "3,2": "up 9"})
    assert lands(world, "3,0", "right") == {"3,1": 1.0}
    assert lands(world, "3,1", "right") == {"1,2": 1.0}
    assert lands(world, "3,1", "down") == {"1,1": 1.0}
    assert lands(world, "3,2", "right") == {"0,3": 1.0}
    stopped = world.drawn({(1, 3): Cell.wall})
    assert lands(stopped, "3,2", "right") == {"2,3": 1.0}


def test_the_wind_blows_over_a_goal_and_rewards_only_where_it_sets_down() -> None:
    world = GridWorld(map=(".", "G", "."), winds={"2,0": "up 1"})
    assert outcomes(world, "2,0", "up") == {("0,0", 0.0, False): 1.0}
    assert outcomes(world, "2,0", "down") == {("1,0", 1.0, True): 1.0}


def test_gusts_are_one_weaker_or_stronger_with_a_third_each() -> None:
    world = GridWorld(map=(".",) * 5, winds={"4,0": "up 2"}, gusts=True, moves="four or stay")
    third = pytest.approx(1 / 3)
    assert lands(world, "4,0", "stay") == {"3,0": third, "2,0": third, "1,0": third}
    assert lands(world, "3,0", "up") == {"2,0": 1.0}


def test_ice_comes_before_the_wind_and_the_wind_does_not_slide() -> None:
    world = GridWorld(map=("~..", "S~."), winds={"1,0": "up 1"})
    assert lands(world, "1,0", "right") == {"0,2": 1.0}
    over_ice = GridWorld(map=(".~~.",), winds={"0,0": "right 1"}, moves="four or stay")
    assert lands(over_ice, "0,0", "stay") == {"0,1": 1.0}


# Portals, fences, traps, ends


def test_who_comes_to_a_portal_comes_out_of_the_other_and_earns_the_reward_of_the_one_entered() -> None:
    world = GridWorld(map=(".1.", "#1."), rewards={"0,1": 5.0})
    assert outcomes(world, "0,0", "right") == {("1,1", 5.0, False): 1.0}
    assert lands(world, "1,2", "left") == {"0,1": 1.0}
    assert lands(world, "0,1", "up") == {"0,1": 1.0}
    assert lands(world, "0,1", "down") == {"0,1": 1.0}


def test_a_portal_without_its_other_end_is_floor() -> None:
    assert lands(GridWorld(map=(".1.",)), "0,0", "right") == {"0,1": 1.0}
    with pytest.raises(ValueError, match="portal 1 is on 3 cells"):
        GridWorld(map=("111",))


def test_a_fence_is_a_wall_or_may_be_crossed_one_way() -> None:
    wall = GridWorld(map=("..", ".."), fences={"0,0 right": "wall", "0,0 down": "down"})
    assert lands(wall, "0,0", "right") == {"0,0": 1.0}
    assert lands(wall, "0,1", "left") == {"0,1": 1.0}
    assert lands(wall, "0,0", "down") == {"1,0": 1.0}
    assert lands(wall, "1,0", "up") == {"1,0": 1.0}
    left = GridWorld(map=("..",), fences={"0,0 right": "left"})
    assert (lands(left, "0,0", "right"), lands(left, "0,1", "left")) == ({"0,0": 1.0}, {"0,0": 1.0})


def test_traps_end_or_lead_back_or_only_cost() -> None:
    ends = GridWorld(map=("S.T",))
    assert outcomes(ends, "0,1", "right") == {("0,2", -1.0, True): 1.0}
    costs = ends.model_copy(update={"traps_end": False})
    assert outcomes(costs, "0,1", "right") == {("0,2", -1.0, False): 1.0}
    assert lands(costs, "0,2", "left") == {"0,1": 1.0}
    back = costs.model_copy(update={"traps_lead_back": True})
    assert outcomes(back, "0,1", "right") == {("0,0", -1.0, False): 1.0}
    assert list(back.compile().state_names) == ["0,0", "0,1"]
    two = GridWorld(map=("..T", "S.S"), traps_end=False, traps_lead_back=True)
    assert lands(two, "1,2", "up") == {"1,0": 1.0}


def test_goals_and_ends_end_and_only_goals_pay() -> None:
    world = GridWorld(map=("G.X",), living_reward=-0.5, goal_reward=10)
    assert outcomes(world, "0,1", "left") == {("0,0", 9.5, True): 1.0}
    assert outcomes(world, "0,1", "right") == {("0,2", -0.5, True): 1.0}
    assert world.compile().absorbing.tolist() == [True, False, True]


def test_a_reward_of_a_cell_takes_the_place_of_that_of_its_kind() -> None:
    world = GridWorld(map=("G.T",), rewards={"0,0": 0.0, "0,1": 2.0}, living_reward=-1)
    assert outcomes(world, "0,1", "left") == {("0,0", -1.0, True): 1.0}
    assert outcomes(world, "0,1", "up") == {("0,1", 1.0, False): 1.0}


# Starts


def test_starts_are_as_likely_as_they_weigh() -> None:
    assert starts(GridWorld(map=("S.S",))) == {"0,0": 0.5, "0,2": 0.5}
    assert starts(GridWorld(map=("S.S",), starts={"0,0": 3.0})) == {"0,0": 0.75, "0,2": 0.25}
    assert starts(GridWorld(map=("S.S",), starts={"0,0": 0.0})) == {"0,2": 1.0}
    assert starts(GridWorld(map=("..G",))) == {"0,0": 0.5, "0,1": 0.5}
    assert starts(GridWorld(map=("..G",), starts={"0,0": 3.0})) == {"0,0": 0.5, "0,1": 0.5}


# Keys and doors


def test_a_key_opens_the_doors_of_its_letter() -> None:
    """Two cells and the key from which one comes back; behind the door, which opens with the key alone, the goal."""
    world = GridWorld(map=("aSAG",))
    assert list(world.compile().state_names) == ["0,1", "0,3", "0,0+a", "0,1+a", "0,2+a", "0,3+a"]
    assert lands(world, "0,1", "right") == {"0,1": 1.0}
    assert lands(world, "0,1", "left") == {"0,0+a": 1.0}
    assert lands(world, "0,0+a", "right") == {"0,1+a": 1.0}
    assert lands(world, "0,1+a", "right") == {"0,2+a": 1.0}
    assert outcomes(world, "0,2+a", "right") == {("0,3+a", 1.0, True): 1.0}
    assert starts(world) == {"0,1": 1.0}
    grid = world.compiled
    assert grid.held == ("", "a")
    assert grid.layers.tolist() == [[[-1, 0, -1, 1]], [[2, 3, 4, 5]]]


def test_states_are_counted_by_cell_and_keys_that_can_be_held_there() -> None:
    """Two keys in the open: with neither, one, the other, both. A key behind its own door is never held."""
    open_ = GridWorld(map=("a.b",))
    assert list(open_.compile().state_names) == ["0,1", "0,0+a", "0,1+a", "0,1+b", "0,2+b", "0,0+ab", "0,1+ab", "0,2+ab"]
    shut = GridWorld(map=(".Ba", "#.A"), fences={"0,1 right": "wall"})
    assert "0,1" not in shut.compile().state_names


def test_one_key_behind_the_door_of_another() -> None:
    world = GridWorld(map=("SaAbBG",))
    assert [name for name in world.compile().state_names if name.endswith("+b")] == ["0,3+b", "0,4+b", "0,5+b"]
    assert lands(world, "0,2+a", "right") == {"0,3+ab": 1.0}
    assert lands(world, "0,3+ab", "right") == {"0,4+ab": 1.0}


def test_a_door_without_a_key_anywhere_is_a_wall() -> None:
    world = GridWorld(map=("SAG",))
    assert list(world.compile().state_names) == ["0,0", "0,2"]
    assert lands(world, "0,0", "right") == {"0,0": 1.0}


def test_a_world_of_keys_alone_starts_on_one_with_it_in_hand() -> None:
    assert starts(GridWorld(map=("aG",))) == {"0,0+a": 1.0}


# Own transitions


def test_own_transitions_take_the_place_of_those_of_their_state_and_action() -> None:
    """Sutton and Barto (2018), example 3.5: whatever is done in A leads to A' and earns 10."""
    own = tuple(Transition(state="0,0", action=action, next="0,2", reward=10) for action in ("up", "right"))
    world = GridWorld(map=("...",), transitions=own)
    assert outcomes(world, "0,0", "up") == outcomes(world, "0,0", "right") == {("0,2", 10.0, False): 1.0}
    assert outcomes(world, "0,0", "left") == {("0,0", 0.0, False): 1.0}
    ends = GridWorld(map=("..G",), transitions=(Transition(state="0,0", action="up", next="0,2"),
                                                Transition(state="0,0", action="down", next="0,1", ends=True)))  # fmt: skip
    assert outcomes(ends, "0,0", "up") == {("0,2", 0.0, True): 1.0}
    assert outcomes(ends, "0,0", "down") == {("0,1", 0.0, True): 1.0}


def test_own_transitions_of_an_end_do_not_count() -> None:
    world = GridWorld(map=(".G",), transitions=(Transition(state="0,1", action="up", next="0,0"),))
    assert world.compile().absorbing.tolist() == [False, True]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ({"state": "0,7"}, "there is no state '0,7'"),
        ({"next": "0,0+a"}, "there is no state"),
        ({"action": "jump"}, "there is no action 'jump'"),
        ({"probability": 0.5}, "add up to 0.5"),
    ],
)
def test_own_transitions_name_what_there_is_and_add_up(row: dict[str, object], what: str) -> None:
    own = Transition(**({"state": "0,0", "action": "up", "next": "0,1"} | row))
    with pytest.raises(WorldError, match=what):
        GridWorld(map=("..",), transitions=(own,)).compile()


# All rules at once, against the docstring in plain Python


class Reference:
    """A grid as its docstring tells it: one state, one action, one draw at a time, with exact probabilities."""

    def __init__(self, world: GridWorld) -> None:
        self.world = world
        self.keys = [key for key in KEYS if world.find(Cell(key))]

    def sign(self, cell: tuple[int, int]) -> str:
        row, column = cell
        inside = 0 <= row < self.world.rows and 0 <= column < self.world.columns
        return self.world.map[row][column] if inside else "#"

    def free(self, cell: tuple[int, int], way: str, held: str) -> bool:
        """Whether a straight step leads anywhere."""
        row, column = cell
        down, right = WAYS[way]
        sign = self.sign((row + down, column + right))
        if sign == "#" or (sign in "ABCD" and sign.lower() not in held):
            return False
        side = f"{min(row, row + down)},{min(column, column + right)} {'down' if down else 'right'}"
        return self.world.fences.get(side, way) == way

    def step(self, cell: tuple[int, int], way: str, held: str) -> tuple[int, int]:
        row, column = cell
        down, right = WAYS[way]
        if " " not in way:
            return (row + down, column + right) if self.free(cell, way, held) else cell
        upright, across = way.split()
        round_1 = self.free(cell, upright, held) and self.free((row + down, column), across, held)
        round_2 = self.free(cell, across, held) and self.free((row, column + right), upright, held)
        return (row + down, column + right) if round_1 or round_2 else cell

    def turned(self, cell: tuple[int, int], action: str) -> dict[str, Fraction]:
        if action == STAY:
            return {STAY: Fraction(1)}
        ways = [way for way in self.world.actions if way != STAY]
        place = ways.index(action)
        slip = Fraction(self.world.slips.get(name_of(cell), self.world.slip))
        found: dict[str, Fraction] = defaultdict(Fraction)
        for way, chance in ((action, 1 - 2 * slip), (ways[(place + 1) % len(ways)], slip), (ways[place - 1], slip)):
            found[way] += chance
        return found

    def outcomes(self, cell: tuple[int, int], held: str, action: str) -> dict[tuple[str, float, bool], Fraction]:
        world, found = self.world, defaultdict(Fraction)
        stuck = Fraction(world.stickiness) if self.sign(cell) == "%" else Fraction(0)
        found[self.arrived(cell, cell, held)] += stuck
        for way, chance in self.turned(cell, action).items():
            there = cell if way == STAY else self.step(cell, way, held)
            while way != STAY and self.sign(there) == "~" and self.step(there, way, held) != there:
                there = self.step(there, way, held)
            blows = [(way, 0, Fraction(1))]
            if name_of(cell) in world.winds:
                wind, strength = wind_of(world.winds[name_of(cell)])
                blows = [(wind, strength, Fraction(1))]
                if world.gusts:
                    blows = [(wind, strength + gust, Fraction(1, 3)) for gust in (-1, 0, 1)]
            for wind, strength, share in blows:
                blown = there
                for _ in range(strength):
                    blown = self.step(blown, wind, held)
                found[self.arrived(cell, blown, held)] += (1 - stuck) * chance * share
        return {outcome: chance for outcome, chance in found.items() if chance}

    def arrived(self, left: tuple[int, int], cell: tuple[int, int], held: str) -> tuple[str, float, bool]:
        world = self.world
        reward = world.living_reward + world.reward(*cell)
        if cell != left:
            sign = self.sign(cell)
            if sign in "123456789":
                cell = next((other for other in world.find(Cell(sign)) if other != cell), cell)
            elif self.leads_back(cell):
                cell = world.find(Cell.start)[0]
        held = self.picked(cell, held)
        return named(cell, held), reward, self.over(cell)

    def picked(self, cell: tuple[int, int], held: str) -> str:
        return "".join(key for key in self.keys if key in held or key == self.sign(cell))

    def leads_back(self, cell: tuple[int, int]) -> bool:
        world = self.world
        return self.sign(cell) == "T" and world.traps_lead_back and not world.traps_end and bool(world.find(Cell.start))

    def over(self, cell: tuple[int, int]) -> bool:
        return self.sign(cell) in ("G", "X") or (self.sign(cell) == "T" and self.world.traps_end)

    def table(self) -> dict[str, dict[str, dict[tuple[str, float, bool], Fraction]]]:
        """Outcomes of every action in every state that can be come to."""
        cells = [(row, column) for row in range(self.world.rows) for column in range(self.world.columns)]
        standing = [cell for cell in cells if self.sign(cell) not in "#ABCD" and not self.leads_back(cell)]
        waiting = [(cell, self.picked(cell, "")) for cell in standing]
        table: dict[str, dict[str, dict[tuple[str, float, bool], Fraction]]] = {}
        while waiting:
            cell, held = waiting.pop()
            if named(cell, held) in table:
                continue
            rows = {} if self.over(cell) else {action: self.outcomes(cell, held, action) for action in self.world.actions}
            for action in list(rows):
                own = [row for row in self.world.transitions if (row.state, row.action) == (named(cell, held), action)]
                if own:
                    rows[action] = defaultdict(Fraction)
                    for row in own:
                        ends = row.ends or self.over(placed(cell_of(row.next)))
                        rows[action][row.next, row.reward, ends] += Fraction(row.probability)
            table[named(cell, held)] = rows
            waiting += [(placed(cell_of(state)), state.partition("+")[2]) for outcomes in rows.values() for state, _, _ in outcomes]
        return table

    def starts(self, states: list[str]) -> dict[str, float]:
        weights = {name_of(cell): self.world.starts.get(name_of(cell), 1.0) for cell in self.world.find(Cell.start)}
        if not any(weights.values()):
            first = [state for state in states if state == named(placed(cell_of(state)), self.picked(placed(cell_of(state)), ""))]
            weights = {state: float(not self.over(placed(cell_of(state)))) for state in first}
        return {state: weight / sum(weights.values()) for state, weight in weights.items() if weight}


def name_of(cell: tuple[int, int]) -> str:
    return f"{cell[0]},{cell[1]}"


def named(cell: tuple[int, int], held: str) -> str:
    return name_of(cell) + (f"+{held}" if held else "")


def placed(name: str) -> tuple[int, int]:
    row, column = name.split(",")
    return int(row), int(column)


@settings(max_examples=400, deadline=None)
@given(worlds(), st.data())
def test_a_grid_compiles_to_what_its_rules_say(world: GridWorld, data: st.DataObject) -> None:
    table = Reference(world).table()
    acting = sorted(state for state, rows in table.items() if rows)
    if not acting:
        with pytest.raises(WorldError, match="No state has an action"):
            world.compile()
        return
    if data.draw(st.booleans()):
        pair = data.draw(st.sampled_from(acting)), data.draw(st.sampled_from(world.actions))
        ends = st.sampled_from(sorted(table))
        rows = [Transition(state=pair[0], action=pair[1], next=data.draw(ends), probability=0.5, reward=reward) for reward in (2.0, 7.0)]
        world = world.model_copy(update={"transitions": tuple(rows)})
        table = table | {pair[0]: table[pair[0]] | {pair[1]: Reference(world).table()[pair[0]][pair[1]]}}
    mdp = world.compile()
    assert sorted(mdp.state_names) == sorted(table)
    for state, rows in table.items():
        for action in world.actions:
            if rows:
                assert outcomes(world, state, action) == pytest.approx({outcome: float(chance) for outcome, chance in rows[action].items()})
        assert mdp.absorbing[list(mdp.state_names).index(state)] == (not rows)
    assert starts(world) == pytest.approx(Reference(world).starts(sorted(table)))
    grid = world.compiled
    for state, name in enumerate(mdp.state_names):
        row, column = grid.cell_of_state[state]
        layer = grid.layer_of_state[state]
        assert grid.layers[layer, row, column] == state and name == named((row, column), grid.held[layer])
    assert (grid.layers >= 0).sum() == mdp.states
