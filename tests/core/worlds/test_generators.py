"""Generators: what they make is proper, large, quick and the same everywhere; how they are named and refused."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import Config
from core.errors import ConfigError, UnknownName, WorldError
from core.runs.solve import solve
from core.worlds.generated import GeneratedWorld, made
from core.worlds.generator import generator, generators
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from core.worlds.world import dump, load, opened, parse

MAZE = ("S#.#.....", ".#.#.#.#.", "...#.#.#.", ".#.#.#.#.", ".#...#.#.", "##.###.##", "...#....G")
NEXT = [20, 33, 45, 17, 30, 48, 5, 31, 32, 29, 32, 43]
CHANCE = [0.25099924666475815, 0.5550399005973506, 0.1939608527378912]
REWARD = [-0.5456409981732933, 0.6140914938527808]


@pytest.mark.parametrize("name", generators())
def test_every_generator_makes_a_proper_world_of_its_defaults(name: str) -> None:
    found = generator(name)
    assert found.title and found.title_ko and found.description and found.description_ko
    assert issubclass(found.config, Config) and all(info.title and info.description for info in found.config.model_fields.values())
    world = made(f"make:{name}")
    assert parse(dump(world), name) == world
    mdp = world.compile()
    assert not mdp.absorbing[mdp.start > 0].any()
    assert (mdp.discount, mdp.step_limit) == (found.discount, found.step_limit)
    assert mdp.next_state.tolist() == made(f"make:{name}").compile().next_state.tolist()
    assert opened(world).finite and opened(world).compile().states == mdp.states == len(world.states)


@settings(max_examples=30, deadline=None)
@given(st.integers(3, 24), st.integers(3, 24), st.sampled_from([0.0, 0.3]), st.integers(0, 2**63 - 1))
def test_every_maze_can_be_solved_from_everywhere(rows: int, columns: int, openings: float, seed: int) -> None:
    world = open_world(f"make:maze?rows={rows}&columns={columns}&openings={openings}&seed={seed}")
    assert isinstance(world, GridWorld) and (world.rows, world.columns) == (rows, columns)
    mdp = world.compile()
    rooms = ((rows + 1) // 2) * ((columns + 1) // 2)
    assert mdp.states == 2 * rooms - 1 if openings == 0 else mdp.states >= 2 * rooms - 1
    reached = mdp.absorbing.copy()
    for _ in range(mdp.states):
        reached[np.repeat(mdp.pair_state, np.diff(mdp.outcome_offsets))[reached[mdp.next_state]]] = True
    assert reached.all()


def test_a_seed_gives_the_same_world_on_every_platform() -> None:
    maze = open_world("make:maze?rows=7&columns=9&seed=1")
    assert isinstance(maze, GridWorld)
    assert maze.map == MAZE
    garnet = open_world("make:garnet?states=50&actions=2&branching=3&seed=7").compile()
    assert garnet.next_state[:12].tolist() == NEXT
    assert garnet.probability[:3].tolist() == pytest.approx(CHANCE, abs=1e-15)
    assert garnet.reward[[0, -1]].tolist() == pytest.approx(REWARD, abs=1e-15)
    other = open_world("make:garnet?states=50&actions=2&branching=3&seed=8").compile()
    assert other.next_state[:12].tolist() != NEXT


def test_garnets_choose_different_states_evenly() -> None:
    mdp = open_world("make:garnet?states=12&actions=1000&branching=5").compile()
    chosen = mdp.next_state.reshape(-1, 5)
    assert (np.diff(chosen, axis=1) > 0).all() and mdp.pairs == 12_000
    assert np.bincount(chosen.ravel()) / 12_000 == pytest.approx([5 / 12] * 12, abs=0.02)
    full = open_world("make:garnet?states=4&branching=4").compile()
    assert full.next_state.reshape(-1, 4).tolist() == [[0, 1, 2, 3]] * full.pairs


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("maze?rows=1000&columns=1000", 499_999),
        ("garnet?states=300000", 300_000),
        pytest.param("field?rows=1000&columns=1000", 1_000_000, marks=pytest.mark.slow),
        pytest.param("field?rows=1000&columns=1000&slip=0.1", 1_000_000, marks=pytest.mark.slow),
    ],
)
def test_a_million_cells_take_seconds(name: str, states: int) -> None:
    began = time.process_time()
    assert open_world(f"make:{name}").compile().states == states
    assert time.process_time() - began < 15  # two seconds on a laptop


def test_a_generated_grid_opens_as_one_to_draw_on_with_the_words_and_rules_of_the_document() -> None:
    world = open_world("make:maze?rows=5&columns=5&seed=2&discount=0.5&step_limit=7")
    assert isinstance(world, GridWorld)
    assert (world.title, world.title_ko) == (
        "Maze (rows=5, columns=5, seed=2, discount=0.5, step_limit=7)", "미로 (rows=5, columns=5, seed=2, discount=0.5, step_limit=7)",
    )  # fmt: skip
    assert (world.discount, world.step_limit, world.compile().discount, world.compile().step_limit) == (0.5, 7, 0.5, 7)
    assert world.living_reward == -1 and world.description
    assert parse(dump(world), "maze") == world


def test_a_generated_table_stays_a_document_and_follows_its_rules() -> None:
    world = open_world("make:gambler?goal=10&heads=0.25")
    assert isinstance(world, GeneratedWorld) and world.compile() is world.compile()
    assert (len(world.states), list(world.actions)) == (11, ["1", "2", "3", "4", "5"])
    changed = world.model_copy(update={"discount": 0.5})
    assert (world.compile().discount, changed.compile().discount) == (1.0, 0.5)
    assert solve(world, "gambler", "value-iteration", {})["values"][5] == pytest.approx(0.25)


def test_shells_may_quote_a_name() -> None:
    assert made("make:windy-grid?moves=eight%20or%20stay") == made("make:windy-grid?moves=eight or stay")
    assert made("make:windy-grid?wind=[0,1,0]&goal=2&row=0").compile().states == 21


@pytest.mark.parametrize(
    ("name", "kind", "sentence"),
    [
        ("make:mace", UnknownName, "There is no generator named 'mace'. Did you mean maze"),
        ("make:", UnknownName, "There is no generator named ''. List them with: python main.py list generators"),
        ("make:maze?rows", ConfigError, "'rows' is not of the form key=value. Write it like make:maze?seed=1."),
        ("make:maze?row=3", ConfigError, "row: there is no such setting. Did you mean rows"),
        ("make:maze?rows=1", ConfigError, "rows: input should be greater than or equal to 3, not 1"),
        ("make:maze?discount=2", ConfigError, "discount: input should be less than or equal to 1, not 2"),
        ("make:garnet?states=2", ConfigError, "branching must not be above the number of states, 2, not 3"),
        ("make:garnet?states=10000000&actions=10", ConfigError, "must not be above 50,000,000"),
        ("make:windy-grid?row=9", ConfigError, "row 9, column 7 is not on a grid of 7 × 10 cells"),
    ],
)
def test_what_cannot_be_made_is_said_in_one_sentence(name: str, kind: type[Exception], sentence: str) -> None:
    with pytest.raises(kind) as caught:
        open_world(name)
    assert sentence in str(caught.value)


def test_a_file_with_a_wrong_generator_or_argument_says_so(tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    for text, sentence in (
        ('{"kind": "generated", "generator": "mace"}', "file.json: There is no generator named 'mace'. Did you mean maze"),
        (
            '{"kind": "generated", "generator": "maze", "arguments": {"rows": "x"}}',
            "file.json, arguments, rows: input should be a valid integer",
        ),
    ):
        file.write_text(text)
        with pytest.raises(WorldError) as caught:
            load(file)
        assert sentence in caught.value.sentence


def test_reading_the_library_imports_nothing_heavy_and_makes_nothing() -> None:
    code = (
        "import sys\n"
        "from core.worlds.library import library_world, names\n"
        "worlds = [library_world(name) for name in names()]\n"
        "assert not any('compiled' in vars(world) or '_made' in vars(world) for world in worlds)\n"
        "assert not any(name.startswith('core.worlds.generators') for name in sys.modules)\n"
        "sys.exit(bool({'torch', 'numba', 'gymnasium', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
