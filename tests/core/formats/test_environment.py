"""Exported environments: they run without us, pass gymnasium's check, and do what ours do."""

import importlib.util
import json
import subprocess
import sys
import tomllib
import venv
import warnings
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from core.errors import WorldError
from core.formats.environment_source import class_of, identifier_of, module_of
from core.formats.registry import format_named, write_file
from core.worlds.grid import GridWorld
from core.worlds.library import library_world, names, open_world
from core.worlds.table_env import TableEnv
from core.worlds.world import World

FINITE = [name for name in names() if library_world(name).finite]
STEPS = 100_000


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Export a world and import what was written, as a package or as one file."""
    before = dict(gymnasium.registry)

    def loads(world: World, name: str = "x", package: bool = False) -> ModuleType:
        target = tmp_path / (name if package else f"{name}.py")
        write_file(world, target, format_named("environment-package" if package else "environment"))
        module = module_of(name)
        place = target / module / "__init__.py" if package else target
        spec = importlib.util.spec_from_file_location(module, place)
        assert spec and spec.loader
        found = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, module, found)
        spec.loader.exec_module(found)
        return found

    yield loads
    for name in gymnasium.registry.keys() - before.keys():
        del gymnasium.registry[name]


@pytest.mark.parametrize("package", [False, True])
@pytest.mark.parametrize("name", ["grid/lecture-3x4", "mdp/three-state", "mdp/random-walk-19", "gym:CliffWalking-v1"])
def test_gymnasiums_own_check_passes(load: Any, name: str, package: bool) -> None:
    module = load(open_world(name), "exported", package)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*(not wrapped|not registered).*")
        check_env(gymnasium.make(module.IDENTIFIER, render_mode="ansi").unwrapped)


@pytest.mark.parametrize("name", FINITE)
def test_every_finite_library_world_has_the_same_transitions(load: Any, name: str) -> None:
    """Exactly, for every available pair of state and action, and for the outcome of every draw."""
    world = open_world(name)
    env, mdp = gymnasium.make(load(world).IDENTIFIER).unwrapped, world.compile()
    ours = TableEnv(mdp).P
    for state, row in ours.items():
        for action, outcomes in row.items():
            assert env.outcomes(state, action) == outcomes
    np.testing.assert_array_equal(env._cumulative, mdp.cumulative)
    np.testing.assert_array_equal(env._mask, mdp.available)
    np.testing.assert_array_equal(env.initial_state_distrib, mdp.start)


@pytest.mark.parametrize(("name", "package"), [("grid/windy-7x10", False), ("grid/frozen-lake-4x4", True), ("mdp/three-state", False)])
def test_a_hundred_thousand_steps_are_those_of_our_environment(load: Any, name: str, package: bool) -> None:
    """The same seed and the same actions: the same states, rewards and ends."""
    mdp = open_world(name).compile()
    ours, theirs = TableEnv(mdp), gymnasium.make(load(open_world(name), package=package).IDENTIFIER, disable_env_checker=True)
    draws = np.random.default_rng(3).integers(1 << 30, size=STEPS).tolist()
    offered = [np.flatnonzero(row).tolist() for row in mdp.available]
    state, _ = ours.reset(seed=5)
    assert theirs.reset(seed=5)[0] == state
    for draw in draws:
        action = offered[state][draw % len(offered[state])]
        ours_said, said = ours.step(action), theirs.step(action)
        assert said[:4] == ours_said[:4] and said[4]["action_mask"].tolist() == ours_said[4]["action_mask"].tolist()
        state = said[0]
        if said[2] or said[3]:
            state, _ = ours.reset()
            assert theirs.reset()[0] == state


def test_unavailable_actions_do_what_the_first_available_one_does(load: Any) -> None:
    env = gymnasium.make(load(open_world("mdp/three-state")).IDENTIFIER).unwrapped
    assert env.outcomes(1, 1) == env.outcomes(1, 0) != env.outcomes(1, 2)
    assert env.outcomes(2, 0) == env.outcomes(2, 1)


def test_a_grid_is_rendered_as_text(load: Any) -> None:
    env = gymnasium.make(load(GridWorld(map=("S.a", "#AG"))).IDENTIFIER, render_mode="ansi")
    env.reset(seed=0)
    assert env.render() == "0,0\n[S]  .   a \n #   A   G \n"
    for action in (1, 1, 3):
        env.step(action)
    assert env.render() == "0,1+a\n S  [.]  a \n #   A   G \n"
    assert gymnasium.make(env.spec.id).render_mode is None


def test_the_step_limit_and_the_discount_go_along(load: Any) -> None:
    module = load(GridWorld(map=("S.G",), step_limit=7, discount=0.25, title="It"))
    env = gymnasium.make(module.IDENTIFIER)
    env.reset(seed=0)
    assert [env.step(3)[3] for _ in range(7)] == [False] * 6 + [True]
    assert module.DISCOUNT == 0.25 and "It" in module.__doc__
    assert gymnasium.spec(load(GridWorld(map=("S.G",), step_limit=0), "endless").IDENTIFIER).max_episode_steps is None


@pytest.mark.parametrize(
    ("name", "module", "identifier"),
    [
        ("lecture-3x4", "lecture_3x4", "Lecture3x4-v0"), ("미로", "world", "World-v0"), ("4 rooms!", "world_4_rooms", "World4Rooms-v0"),
        ("class", "class_world", "ClassWorld-v0"), ("random", "random_world", "RandomWorld-v0"), ("numpy", "numpy_world", "NumpyWorld-v0"),
    ],
)  # fmt: skip
def test_names_become_those_of_modules_classes_and_environments(name: str, module: str, identifier: str) -> None:
    assert (module_of(name), identifier_of(name)) == (module, identifier) and class_of(name).isidentifier()


HOSTILE = 'x"""\nimport os; os.abort()\n"""\\ \' {title} %s \u2028 \x00 \U0001f600 {{}}'


@pytest.mark.parametrize("package", [False, True])
def test_words_of_a_world_are_never_code(load: Any, package: bool, tmp_path: Path) -> None:
    world = open_world("mdp/three-state").model_copy(update={"title": HOSTILE, "description": HOSTILE * 20})
    states = (*(f"{HOSTILE}{number}" for number in range(3)),)
    rows = tuple(
        row.model_copy(update={part: f"{HOSTILE}{getattr(row, part)[1]}" for part in ("state", "next")}) for row in world.transitions
    )
    named = world.model_copy(update={"states": states, "transitions": rows, "start": {states[0]: 1.0}})
    module = load(named, "hostile", package)
    assert tuple(module.STATES) == states
    if package:
        project = tomllib.loads((tmp_path / "hostile" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        assert project["name"] == "hostile" and project["dependencies"] == ["gymnasium>=1.0", "numpy>=1.24"]


def test_one_file_has_a_limit(tmp_path: Path) -> None:
    world = open_world("make:garnet?states=20000&actions=3&branching=3")
    with pytest.raises(WorldError, match=r"180,000 transitions are too many for one file\. Export it as a package"):
        write_file(world, tmp_path / "large.py", format_named("environment"))
    write_file(world, tmp_path / "large.zip", format_named("environment-package"))
    with zipfile.ZipFile(tmp_path / "large.zip") as parts:
        assert len(json.loads(parts.read("large/names.json"))["STATES"]) == 20_000


ALONE = """
import sys
sys.path[:0] = {paths}
import warnings
import gymnasium
import {module}
from gymnasium.utils.env_checker import check_env
warnings.filterwarnings("ignore")
env = gymnasium.make("{identifier}")
check_env(env.unwrapped, skip_render_check=False)
env.reset(seed=0)
assert not [name for name in ("core", "app", "pydantic", "torch", "numba", "scipy") if name in sys.modules]
print([int(env.step(1)[0]) for _ in range(3)])
"""


def test_a_file_runs_without_us(tmp_path: Path) -> None:
    """In an interpreter that knows neither this folder nor what it needs beyond gymnasium and numpy."""
    write_file(open_world("grid/lecture-3x4"), tmp_path / "lecture.py", format_named("environment"))
    paths = [str(tmp_path), *sorted({str(Path(module.__file__ or "").parents[1]) for module in (gymnasium, np)})]
    code = ALONE.format(paths=paths, module="lecture", identifier="Lecture-v0")
    done = subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "[8, 9, 10]\n"), done.stderr


@pytest.mark.slow
def test_a_package_installs_into_a_clean_environment(tmp_path: Path) -> None:
    """pip installs it, without index and with what is needed beside it; it is imported from there, and passes the check."""
    write_file(open_world("grid/lecture-3x4"), tmp_path / "lecture", format_named("environment-package"))
    venv.create(tmp_path / "clean", with_pip=True)
    python = tmp_path / "clean" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    beside = sorted({str(Path(module.__file__ or "").parents[1]) for module in (gymnasium, np)})
    setuptools = str(Path(importlib.util.find_spec("setuptools").origin).parents[1])  # type: ignore[union-attr, arg-type]
    install = ["-m", "pip", "install", "-q", "--no-index", "--no-deps", "--no-build-isolation", str(tmp_path / "lecture")]
    subprocess.run([str(python), *install], env={"PYTHONPATH": setuptools, "PATH": ""}, check=True)
    code = ALONE.format(paths=beside, module="lecture", identifier="Lecture-v0")
    done = subprocess.run([str(python), "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "[8, 9, 10]\n"), done.stderr
