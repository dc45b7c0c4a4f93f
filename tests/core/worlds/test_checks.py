"""What the checks find in worlds made for them, what they leave alone, and that a fix mends what it says."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.worlds.build import from_rows
from core.worlds.checks import ERROR, HINT, WARNING, Problem, faults, problems
from core.worlds.checks.endless import components, gains
from core.worlds.grid import GridWorld
from core.worlds.library import library_world, names, open_world
from core.worlds.mdp import FiniteMDP
from core.worlds.table import TableWorld, Transition
from core.worlds.world import World

STEPS = 100


def row(state: str, action: str, following: str, probability: float = 1.0, reward: float = 0.0, ends: bool = False) -> Transition:
    return Transition(state=state, action=action, next=following, probability=probability, reward=reward, ends=ends)


def table(*rows: Transition, **rest: object) -> TableWorld:
    states = tuple(dict.fromkeys(name for each in rows for name in (each.state, each.next)))
    known = {"states": states, "actions": tuple(dict.fromkeys(each.action for each in rows)), "transitions": rows, "step_limit": STEPS}
    return TableWorld.model_validate(known | rest)


def only(world: World, kind: str, level: str) -> Problem:
    """The one finding of a kind, which must have the level."""
    found = [problem for problem in problems(world) if problem.kind == kind]
    assert [problem.level for problem in found] == [level]
    return found[0]


def mended(problem: Problem) -> World:
    assert problem.fix is not None
    world = problem.fix.make()
    assert problem.kind not in [other.kind for other in problems(world)]
    return world


@pytest.mark.parametrize("name", [name for name in names() if not name.startswith("gym:")])
def test_nothing_is_wrong_with_the_library(name: str) -> None:
    assert problems(open_world(name)) == ()


def test_environments_of_gymnasium_are_left_alone() -> None:
    assert problems(library_world("gym:Taxi-v4")) == ()


def test_a_goal_behind_walls() -> None:
    found = only(GridWorld(map=("S#G", ".#.")), "goal", WARNING)
    assert found.sentence == "The goal in row 0, column 2 cannot be reached from where episodes start"
    assert found.states == ("0,2",)
    two = only(GridWorld(map=("S.G", "###", "G.G")), "goal", WARNING)
    assert (two.sentence, two.states) == ("2 goals cannot be reached from where episodes start", ("2,0", "2,2"))


def test_a_goal_behind_a_door_is_reached_with_its_key() -> None:
    assert problems(GridWorld(map=("Sa", ".#", "AG"))) == ()
    locked = GridWorld(map=("S#a", "A##", "G.."))
    assert only(locked, "goal", WARNING).states == ("2,0",)


def test_a_table_whose_only_end_is_cut_off() -> None:
    world = table(row("a", "go", "a"), row("b", "go", "end", reward=1), start={"a": 1.0})
    assert only(world, "cut off", WARNING).sentence == "No end and no reward can be reached from where episodes start"
    assert only(world, "unvisited", HINT).states == ("b", "end")


def test_one_start_of_several_is_cut_off() -> None:
    found = only(GridWorld(map=("SG#S",)), "cut off", WARNING)
    assert found.sentence == "Episodes may start in '0,3', from where no end and no reward can be reached"
    room = only(GridWorld(map=("SG#S", "..#S")), "cut off", WARNING)
    assert room.states == ("0,3", "1,3")


def test_worlds_without_ends_and_rewards_have_nothing_to_reach() -> None:
    assert problems(table(row("a", "go", "b"), row("b", "go", "a", reward=-1))) == ()


def test_an_end_that_earns_nothing_may_have_been_forgotten() -> None:
    world = table(row("a", "go", "b"), row("a", "stay", "end", reward=1))
    found = only(world, "dead end", HINT)
    assert (found.sentence, found.states) == ("State 'b' has no actions and earns nothing: episodes end there", ("b",))
    after = mended(found)
    assert isinstance(after, TableWorld) and after.transitions[-1] == row("b", "stay", "b")


def test_a_state_that_nothing_leads_to() -> None:
    found = only(table(row("a", "go", "end", reward=1), row("b", "go", "end"), start={"a": 1.0}), "unvisited", HINT)
    assert found.sentence == "State 'b' cannot be reached from where episodes start"


def test_probabilities_that_do_not_add_up() -> None:
    world = table(row("a", "go", "a", 0.5), row("a", "go", "end", 0.25), row("b", "go", "end"))
    found = only(world, "sums", ERROR)
    assert found.sentence == "probabilities of state 'a', action 'go' add up to 0.75"
    assert [each.probability for each in mended(found).transitions] == pytest.approx([2 / 3, 1 / 3, 1])
    several = table(row("a", "go", "a", 0.5), row("b", "go", "a", 0.5))
    assert only(several, "sums", ERROR).sentence == (
        "probabilities of 2 pairs of state and action do not add up to 1, such as state 'a', action 'go'"
    )
    assert faults(mended(only(several, "sums", ERROR))) == ()


def test_own_transitions_of_a_grid_that_do_not_add_up() -> None:
    world = GridWorld(map=("S.G",), transitions=(row("0,0", "up", "0,1", 0.5),))
    found = only(world, "sums", ERROR)
    assert found.states == ("0,0",)
    assert mended(found).transitions == (row("0,0", "up", "0,1"),)


def test_own_transitions_of_a_grid_whose_states_are_gone() -> None:
    world = GridWorld(map=("Sa.G",), transitions=(row("0,2+a", "up", "0,1+a"), row("0,0", "up", "0,1+a")))
    assert faults(world) == ()
    keyless = world.painted([(0, 1)], world.cell(0, 2))
    found = only(keyless, "unknown", ERROR)
    assert found.sentence == "a transition of the grid's own names the state '0,2+a', which there is not"
    assert mended(found).transitions == ()


def test_where_episodes_start() -> None:
    rows = row("a", "go", "end", reward=1), row("b", "go", "end")
    half = only(table(*rows, start={"a": 0.25, "b": 0.25}), "start", ERROR)
    assert half.sentence == "start probabilities add up to 0.5"
    assert mended(half).start == {"a": 0.5, "b": 0.5}
    over = only(table(*rows, start={"a": 0.5, "end": 0.5}), "start", ERROR)
    assert (over.sentence, over.states) == ("An episode starts in state 'end', where it is already over", ("end",))
    assert mended(over).start == {"a": 1.0}
    unknown = only(table(*rows).model_copy(update={"start": {"c": 1.0}}), "start", ERROR)
    assert unknown.sentence == "there is no state 'c'"
    assert mended(unknown).start == {}


def test_anything_else_that_does_not_compile_is_said_in_its_own_words() -> None:
    found = only(TableWorld(states=("a",), actions=("go",)), "broken", ERROR)
    assert found.sentence == "No state has an action, so nothing can happen. Leave a free cell or add a transition."


def test_pieces_that_do_nothing() -> None:
    portal = only(GridWorld(map=("S1G",)), "portal", WARNING)
    assert (portal.sentence, portal.states) == ("Portal 1 has one end only and leads nowhere", ("0,1",))
    assert mended(portal) == GridWorld(map=("S.G",))
    assert problems(GridWorld(map=("S1.1G", "....."))) == ()
    key = only(GridWorld(map=("SaG",)), "key", HINT)
    assert mended(key) == GridWorld(map=("S.G",))
    door = only(GridWorld(map=("SBG", "...")), "door", WARNING)
    assert (door.sentence, door.states) == ("No key opens door B: it is as good as a wall", ("0,1",))
    assert mended(door) == GridWorld(map=("S.G", "..."))


def test_what_lies_on_walls() -> None:
    lying = {"winds": {"0,1": "up 1", "1,0": "up 1"}, "slips": {"0,1": 0.2}, "fences": {"0,0 right": "wall", "0,0 down": "wall"}}
    found = only(GridWorld(map=("S#G", "..."), **lying), "on walls", HINT)
    assert found.sentence == "3 winds, slips, rewards or fences lie on walls or beside them and do nothing"
    assert found.states == ("0,1", "0,0")
    assert mended(found) == GridWorld(map=("S#G", "..."), winds={"1,0": "up 1"}, fences={"0,0 down": "wall"})


def test_no_start() -> None:
    assert only(GridWorld(map=("..G",)), "start", HINT).sentence == "No start is marked: episodes start in any free cell"
    back = problems(GridWorld(map=(".TG", "..."), traps_end=False, traps_lead_back=True))
    assert [problem.level for problem in back] == [WARNING, HINT]


def test_rewards_that_can_be_collected_for_ever() -> None:
    rows = row("a", "on", "b", reward=3), row("b", "back", "a", reward=-2), row("a", "leave", "end", reward=1)
    found = only(table(*rows, discount=1.0), "infinite", WARNING)
    assert (found.sentence, found.states) == ("At discount 1, rewards can be collected for ever from state 'a'", ("a", "b"))
    assert mended(found).discount == 0.99
    assert problems(table(*rows, discount=0.99)) == ()
    even = row("a", "on", "b", reward=2), row("b", "back", "a", reward=-2), row("a", "leave", "end", reward=1)
    assert problems(table(*even, discount=1.0)) == ()


def test_a_reward_that_can_be_come_back_to() -> None:
    world = GridWorld(map=("S..", "..G"), rewards={"0,2": 1.0}, living_reward=-0.1, discount=1.0)
    assert "infinite" in [problem.kind for problem in problems(world)]
    dear = world.model_copy(update={"living_reward": -1.0})
    assert problems(dear) == ()  # bumping into the edge there earns nothing either


def test_costs_that_never_end() -> None:
    world = table(row("a", "on", "b", reward=-1), row("b", "back", "b", reward=-1), row("a", "leave", "end"), discount=1.0)
    found = only(world, "infinite", WARNING)
    assert (found.sentence, found.states) == ("At discount 1, costs add up for ever from state 'b', whatever is done", ("b",))
    assert not [problem for problem in problems(world.model_copy(update={"discount": 0.9})) if problem.kind == "infinite"]
    walled = GridWorld(map=("S.#.", "..#G"), living_reward=-1, discount=1.0)
    assert only(walled, "infinite", WARNING).states == ("0,0", "0,1", "1,0", "1,1")


def test_episodes_that_never_end() -> None:
    world = GridWorld(map=("S.G",), step_limit=0)
    found = only(world, "unending", HINT)
    assert found.sentence == "An episode may go on for ever from state '0,0': there is no step limit"
    assert mended(found).step_limit == 1000
    assert problems(table(row("a", "go", "b"), row("b", "go", "end", reward=1), step_limit=0)) == ()


def random_mdp(draw: np.random.Generator, states: int, actions: int) -> FiniteMDP:
    """A few outcomes for every pair, some of which end the episode."""
    state, action = (part.ravel() for part in np.indices((states, actions)))
    chosen = draw.random(len(state)) < 0.8
    chosen[0] = True
    state, action = np.repeat(state[chosen], 2), np.repeat(action[chosen], 2)
    return from_rows(
        [str(s) for s in range(states)], [str(a) for a in range(actions)], state=state, action=action,
        next_state=draw.integers(0, states, len(state)), probability=np.full(len(state), 0.5),
        reward=np.repeat(draw.integers(-2, 3, len(state) // 2), 2), terminated=draw.random(len(state)) < 0.1,
    )  # fmt: skip


def by_policies(mdp: FiniteMDP) -> tuple[set[int], float]:
    """States that recur under some deterministic policy without an end, and the best gain of these; by trying all policies."""
    import itertools

    recurrent: set[int] = set()
    best = -np.inf
    choices = [range(mdp.state_offsets[s], mdp.state_offsets[s + 1]) or [-1] for s in range(mdp.states)]
    for pairs in itertools.product(*choices):
        p, r = np.zeros((mdp.states + 1,) * 2), np.zeros(mdp.states + 1)
        p[-1, -1] = 1
        for s, pair in enumerate(pairs):
            if pair < 0:
                p[s, -1] = 1
                continue
            r[s] = mdp.expected_reward[pair]
            for t in range(mdp.outcome_offsets[pair], mdp.outcome_offsets[pair + 1]):
                p[s, -1 if mdp.terminated[t] else mdp.next_state[t]] += mdp.probability[t]
        reach = np.linalg.matrix_power((p > 0) | np.eye(len(p), dtype=bool), len(p)) > 0
        limit = np.linalg.matrix_power(0.5 * p + 0.5 * np.eye(len(p)), 2**20)
        for s in range(mdp.states):
            if all(reach[t, s] for t in np.flatnonzero(reach[s])):
                recurrent.add(s)
                best = max(best, float(limit[s] @ r))
    return recurrent, best


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_end_components_and_their_gains_are_those_of_all_policies(seed: int) -> None:
    mdp = random_mdp(np.random.default_rng(seed), states=5, actions=2)
    recurrent, best = by_policies(mdp)
    found = components(mdp)
    assert set(np.flatnonzero(found.label >= 0).tolist()) == recurrent
    if recurrent:
        low, high = gains(mdp, found)
        assert (low.max() > 1e-9 * np.abs(mdp.expected_reward).max()) == (best > 1e-6)
        assert high.max() >= best - 1e-6
        assert (low <= high + 1e-9).all()


def test_a_large_grid_takes_a_moment_only() -> None:
    world = GridWorld(map=("S" + "." * 99, *["." * 100] * 98, "." * 99 + "G"), slip=0.1)
    problems(GridWorld(map=("S.G",)))
    world.compile()
    begun = time.process_time()
    assert problems(world) == ()
    assert time.process_time() - begun < 1
