"""Documents: grids, tables, gymnasium worlds, their files and the library."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import EnvironmentFailure, MissingPart, UnknownName, WorldError
from core.streams import Streams
from core.worlds.copies import make_environment
from core.worlds.grid import Cell, GridWorld
from core.worlds.gym import GymWorld
from core.worlds.gym_environment import GymEnvironment
from core.worlds.library import library_world, names, open_world
from core.worlds.mdp_environment import MDPEnvironment
from core.worlds.table import TableWorld, Transition
from core.worlds.world import dump, load, parse

maps = st.integers(1, 7).flatmap(
    lambda width: st.lists(st.text("." * 6 + "#SGT", min_size=width, max_size=width), min_size=1, max_size=7)
).filter(lambda rows: any(sign != "#" for row in rows for sign in row))  # fmt: skip
grids = st.builds(
    GridWorld,
    map=maps.map(tuple),
    slip=st.sampled_from([0.0, 0.1, 1 / 3]),
    discount=st.floats(0, 1),
    traps_end=st.booleans(),
    title=st.text(max_size=5),
)


def test_a_step_goes_where_it_should_and_stays_at_walls_and_edges() -> None:
    grid = GridWorld(map=("...", ".#.", "S.G")).compiled
    mdp, state = grid.mdp, grid.state_of_cell

    def reached(row: int, column: int, action: int) -> int:
        return int(mdp.next_state[mdp.outcome_offsets[mdp.pair_of(int(state[row, column]), action)]])

    up, right, down, left = range(4)
    assert reached(0, 0, up) == state[0, 0]
    assert reached(0, 0, right) == state[0, 1]
    assert reached(0, 1, down) == state[0, 1]
    assert reached(0, 0, down) == state[1, 0]
    assert reached(0, 2, left) == state[0, 1]
    assert state[1, 1] == -1
    assert mdp.absorbing[state[2, 2]]
    assert mdp.start[state[2, 0]] == 1.0


def test_a_slip_turns_to_either_side() -> None:
    grid = GridWorld(map=("...", "...", "..."), slip=0.1).compiled
    pair = grid.mdp.pair_of(int(grid.state_of_cell[1, 1]), 0)
    part = slice(grid.mdp.outcome_offsets[pair], grid.mdp.outcome_offsets[pair + 1])
    found = dict(zip(grid.mdp.next_state[part].tolist(), grid.mdp.probability[part].tolist(), strict=True))
    state = grid.state_of_cell
    assert found == pytest.approx({int(state[0, 1]): 0.8, int(state[1, 0]): 0.1, int(state[1, 2]): 0.1})


def test_rewards_and_ends_follow_the_rules() -> None:
    world = GridWorld(map=("STG",), traps_end=False, living_reward=-0.1)
    mdp = world.compile()
    assert mdp.reward[mdp.outcome_offsets[mdp.pair_of(0, 1)]] == pytest.approx(-1.1)
    assert not mdp.terminated[mdp.outcome_offsets[mdp.pair_of(0, 1)]]
    assert mdp.reward[mdp.outcome_offsets[mdp.pair_of(1, 1)]] == pytest.approx(0.9)
    assert mdp.terminated[mdp.outcome_offsets[mdp.pair_of(1, 1)]]
    assert GridWorld(map=("STG",)).compiled.mdp.absorbing.tolist() == [False, True, True]


def test_a_cell_may_have_a_reward_of_its_own() -> None:
    world = GridWorld(map=("S.G", "#.G"), rewards={"0,1": -2.0, "1,2": 5.0}, living_reward=-0.1)
    mdp, state = world.compile(), world.compiled.state_of_cell
    entered = {int(n): r for n, r in zip(mdp.next_state, mdp.reward, strict=True)}
    assert entered == pytest.approx({0: -0.1, int(state[0, 1]): -2.1, int(state[0, 2]): 0.9, int(state[1, 1]): -0.1, int(state[1, 2]): 4.9})
    assert parse(dump(world), "file") == world


@given(grids)
def test_a_world_file_reads_back(world: GridWorld) -> None:
    assert parse(dump(world), "file") == world


@given(grids, st.sampled_from(Cell), st.data())
def test_painting_makes_a_new_world_and_leaves_the_old(world: GridWorld, cell: Cell, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, world.rows - 1)), data.draw(st.integers(0, world.columns - 1))
    before = dump(world)
    try:
        painted = world.painted([at], cell)
    except WorldError:
        assert cell is Cell.wall
        return
    assert painted.cell(*at) is cell
    assert dump(world) == before
    assert (painted is world) == (world.cell(*at) is cell)
    assert GridWorld.model_validate(painted.model_dump()) == painted


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "line 1: this is not JSON"),
        ("[" * 100_000, "this is not JSON"),
        ("[1]", "this is not a world"),
        ('{"kind": "maze"}', "one of grid, table, gym, generated"),
        ('{"kind": "grid", "format": 2, "map": ["."]}', "saved by a newer Valuescape (format 2)"),
        ('{"kind": "grid", "map": ["..", "."]}', "map: row 1 has 1 cells, row 0 has 2"),
        ('{"kind": "grid", "map": [".x"]}', "row 0, column 1 holds 'x'"),
        ('{"kind": "grid", "map": ["##"]}', "every cell is a wall"),
        ('{"kind": "grid", "map": [".."], "rewards": {"1,0": 2}}', "rewards name the cell 1,0, which is not on the map"),
        ('{"kind": "grid", "map": [".."], "rewards": {"0-1": 2}}', "rewards name '0-1'; a cell is written as row,column, such as 0,3"),
        ('{"kind": "grid", "map": [".."], "rewards": {"0,1": 1e10}}', "the reward of the cell 0,1 must lie from -1e9 to 1e9"),
        ('{"kind": "grid", "map": ["."], "slip": 0.7}', "slip: input should be less than or equal to 0.5, not 0.7"),
        ('{"kind": "grid", "map": ["."], "slipp": 0.1}', "slipp: there is no such setting. Did you mean slip"),
        ('{"kind": "grid", "map": ["."], "discount": NaN}', "discount: input should be a finite number"),
        ('{"kind": "table", "states": ["a"], "actions": ["x"], "transitions": [{"state": "a", "action": "y", "next": "a"}]}',
         "transitions.0.action names 'y', which is not listed"),
        ('{"kind": "table", "states": ["a", "a"], "actions": ["x"]}', "state 'a' is listed twice"),
        ('{"kind": "gym", "id": "../../etc/passwd; rm"}', "id: string should match pattern"),
    ],
)  # fmt: skip
def test_a_bad_file_gets_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(WorldError) as caught:
        parse(text, "file.json")
    assert sentence.lower() in caught.value.sentence.lower()
    assert "\n" not in caught.value.sentence


def test_files_that_cannot_be_read_are_said_so(tmp_path: Path) -> None:
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe\x00\x9f")
    for path, sentence in ((tmp_path / "none.json", "cannot be opened"), (binary, "not a text file"), (tmp_path, "cannot be opened")):
        with pytest.raises(WorldError, match=sentence):
            load(path)


def test_a_table_names_probabilities_that_do_not_add_up() -> None:
    step = {"state": "s0", "action": "go", "next": "s1"}
    world = TableWorld(states=("s0", "s1"), actions=("go",), transitions=(Transition(**step, probability=0.9),))
    with pytest.raises(WorldError, match=r"state 's0', action 'go' add up to 0\.9"):
        world.compile()


@pytest.mark.parametrize("name", names())
def test_every_library_world_opens_reads_back_and_runs(name: str) -> None:
    world = open_world(name)
    assert parse(dump(world), name) == world
    assert world.title and world.title_ko and world.description and world.description_ko
    environment = make_environment(world, Streams.spawn(0, 0).world)
    try:
        for _ in range(30):
            outcome = environment.step(int(np.flatnonzero(environment.mask)[0]))
            if outcome.terminated or outcome.truncated:
                environment.reset()
        if world.finite:
            assert world.compile().start.sum() == pytest.approx(1)
    finally:
        environment.close()


def test_library_and_environment_names_answer_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="grid/lecture-3x4"):
        open_world("grid/lecture")
    with pytest.raises(UnknownName, match="gym:CartPole-v1"):
        open_world("gym:CartPol-v1")
    with pytest.raises(WorldError, match="no such file"):
        open_world("nowhere.json")


def test_an_unlisted_environment_opens_and_one_with_a_table_is_finite() -> None:
    assert open_world("gym:CliffWalking-v1").compile().states == 48
    assert not open_world("gym:MountainCarContinuous-v0").finite


def test_environments_that_cannot_run_say_why() -> None:
    with pytest.raises(MissingPart, match="not_a_package"):
        GymWorld(id="CartPole-v1", package="not_a_package").make()
    with pytest.raises(EnvironmentFailure, match="not a discrete set"):
        GymEnvironment(GymWorld(id="Pendulum-v1"), Streams.spawn(0, 0).world)
    with pytest.raises(WorldError, match="cannot be listed"):
        GymWorld(id="CartPole-v1").compile()


@pytest.mark.parametrize("identifier", ["CartPole-v1", "LunarLander-v3", "Acrobot-v1"])
def test_an_episode_is_its_seed_and_its_actions(identifier: str) -> None:
    first = GymEnvironment(GymWorld(id=identifier), Streams.spawn(3, 0).world)
    second = GymEnvironment(GymWorld(id=identifier), Streams.spawn(4, 0).world)
    for step in range(8):
        first.step(step % len(first.mask))
    second.restore(first.position())
    assert np.array_equal(first.observation, second.observation)
    assert first.step(0) == second.step(0)
    assert np.array_equal(first.observation, second.observation)
    first.close()
    second.close()


def test_a_finite_environment_moves_as_its_table_says() -> None:
    mdp = library_world("mdp/three-state").compile()
    environment = MDPEnvironment(mdp, Streams.spawn(0, 0).world)
    counts, rewards = np.zeros(3), 0.0
    for _ in range(20_000):
        environment.restore({"state": 2, "length": 0})
        rewards += environment.step(1).reward
        counts[environment.state] += 1
    assert counts / 20_000 == pytest.approx([0.8, 0.1, 0.1], abs=0.01)
    assert rewards / 20_000 == pytest.approx(32, abs=0.4)


def test_a_step_limit_truncates_and_does_not_terminate() -> None:
    environment = MDPEnvironment(GridWorld(map=("S.....G",), step_limit=3).compile(), Streams.spawn(0, 0).world)
    outcomes = [environment.step(3) for _ in range(3)]
    assert [(outcome.terminated, outcome.truncated) for outcome in outcomes] == [(False, False), (False, False), (False, True)]
    assert environment.mask.tolist() == [True] * 4


def test_the_lectures_rule_policy_on_cartpole() -> None:
    """seeds/002: left if the angle is negative, else right; 500 episodes with reset seeds 0 to 499, at most 200 steps."""
    import gymnasium

    env = gymnasium.make("CartPole-v1")
    totals = []
    for episode in range(500):
        seen, _ = env.reset(seed=episode)
        total = 0.0
        for _ in range(200):
            seen, reward, terminated, truncated, _ = env.step(0 if seen[2] < 0 else 1)
            total += float(reward)
            if terminated or truncated:
                break
        totals.append(total)
    env.close()
    assert (np.mean(totals), min(totals), max(totals)) == (41.698, 24, 63)
    assert np.std(totals) == pytest.approx(8.389445512, abs=1e-9)


def test_looking_for_a_package_imports_nothing() -> None:
    assert GymWorld(id="Elsewhere-v0", package="antigravity.sub").missing() is None
    assert "antigravity" not in sys.modules
    assert "needs the package 'nowhere.sub'" in str(GymWorld(id="Elsewhere-v0", package="nowhere.sub").missing())


def test_what_breaks_down_at_its_end_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = make_environment(library_world("gym:CartPole-v1"), np.random.default_rng(0))
    assert isinstance(environment, GymEnvironment)
    ended: list[bool] = []

    def close() -> None:
        ended.append(True)
        raise RuntimeError("no luck")

    monkeypatch.setattr(environment.env, "close", close)
    environment.close()
    assert ended
