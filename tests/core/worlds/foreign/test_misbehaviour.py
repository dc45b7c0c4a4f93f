"""Environments that misbehave: one clear sentence each, no process is left, and nothing waits for ever."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from core.errors import EnvironmentFailure
from core.worlds.copies import make_environment, make_environments, make_gym_environment
from core.worlds.foreign import consent
from core.worlds.foreign.code import code_of
from core.worlds.foreign.host import Host
from core.worlds.foreign.printed import KEPT, newest
from core.worlds.gym import GymWorld

SHORT = 0.2
LONG = 60.0


def sentence(world: GymWorld, action: int = 1) -> str:
    """What is said when it is made, stepped and drawn."""
    return failure(world, action).sentence


def failure(world: GymWorld, action: int = 1) -> EnvironmentFailure:
    with pytest.raises(EnvironmentFailure) as caught, closing(make_environment(world, np.random.default_rng(0), render=True)) as made:
        made.step(action)
        made.render()
    return caught.value


SEED = 1826701615
"""The first that `default_rng(0)` draws."""


def test_raises_when_it_is_made(corridor: Callable[..., GymWorld]) -> None:
    assert sentence(corridor("raise@init")) == "Corridor-v0: it could not be made (ValueError: no luck in init)."


def test_raises_in_reset(corridor: Callable[..., GymWorld]) -> None:
    assert sentence(corridor("raise@reset")) == f"Corridor-v0: reset(seed={SEED}) raised ValueError: no luck in reset."


def test_raises_in_a_step(corridor: Callable[..., GymWorld]) -> None:
    found = failure(corridor("raise@step"))
    assert found.sentence == "Corridor-v0: step(1) raised ValueError: no luck in step."
    assert "corridor.py" in found.details and "child.py" not in found.details


@pytest.mark.parametrize(("where", "call"), [("init", "making it"), ("reset", f"reset(seed={SEED})"), ("step", "step(1)")])
def test_hangs(where: str, call: str, corridor: Callable[..., GymWorld]) -> None:
    world = corridor(f"hang@{where}")
    host = Host(world)
    host.start()
    host.world = world.model_copy(update={"start_seconds": SHORT, "step_seconds": SHORT})
    with (
        pytest.raises(EnvironmentFailure) as caught,
        closing(make_gym_environment(world, np.random.default_rng(0), host=host)) as environment,
    ):
        environment.step(1)
    found = caught.value
    said = f"Corridor-v0: {call} took longer than {SHORT} s, so its process was ended. Mend it, or give it more time."
    assert found.sentence == said
    assert "in _misbehave" in found.details, "where it hangs"


def test_slow_steps_replayed_together_are_no_hang(corridor: Callable[..., GymWorld]) -> None:
    with closing(make_environment(corridor("slow@step", step_seconds=0.6), np.random.default_rng(0))) as environment:
        environment.restore({"episode_seed": 1, "actions": np.zeros(18, np.int64)})
        assert len(environment.position()["actions"]) == 18


def test_slow_steps_of_many_members_are_no_hang(corridor: Callable[..., GymWorld]) -> None:
    """Eight of 0.05 s cross together, each of which may take 0.25 s."""
    members = make_environments(corridor("slow@step", step_seconds=0.25), [np.random.default_rng(member) for member in range(8)])
    for member in members:
        member.expect(0)
    for member in members:
        assert not member.step(0).terminated
    for member in members:
        member.close()


def test_exits(corridor: Callable[..., GymWorld]) -> None:
    assert sentence(corridor("exit@step")) == "Corridor-v0: its process ended by itself in step(1) (exit code 3)."


def test_crashes(corridor: Callable[..., GymWorld]) -> None:
    found = failure(corridor("crash@step"))
    assert found.sentence == "Corridor-v0: its process ended by itself in step(1) (SIGSEGV)."
    assert "Segmentation fault" in found.details


def test_leaves_python(corridor: Callable[..., GymWorld]) -> None:
    assert sentence(corridor("leave@step")) == "Corridor-v0: step(1) raised SystemExit: I leave."


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("nan reward", "step(1) returned the reward nan"),
        ("text reward", "step(1) returned the reward 'much', which is no number"),
        ("nan", "step(1) returned an observation that is not finite"),
        ("shape", "step(1) returned an observation of the shape (3,) instead of (2,)"),
        ("kind", "step(1) returned an observation that is no array of numbers but a ndarray"),
        ("object", "step(1) returned an observation that is no array of numbers but a dict"),
        ("flag", "step(1) returned terminated = 'no', neither True nor False"),
        ("tuple", "step(1) returned a tuple of 4 instead of (observation, reward, terminated, truncated, info)"),
        ("picture", "render() returned an array of float64 of the shape (4, 7, 3) instead of a picture, [height, width, 3] of uint8"),
    ],
)
def test_gives_what_is_wrong(trouble: str, said: str, corridor: Callable[..., GymWorld]) -> None:
    assert sentence(corridor(trouble)) == f"Corridor-v0: {said}."


def test_prints_endlessly(corridor: Callable[..., GymWorld]) -> None:
    with closing(make_environment(corridor("flood@step", step_seconds=LONG), np.random.default_rng(0))) as environment:
        for _ in range(20):
            environment.step(0)
    printed = newest()[-1]
    printed.wait(LONG)
    assert printed.count > 20_000_000
    assert len(printed.text) <= KEPT and printed.text.endswith("the last words\n")


BROKEN = {
    "import.py": ("import nowhere_to_be_found\n", "importing it raised ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
    "syntax.py": ("x = 1\ny = = 2\n", "importing it raised SyntaxError: invalid syntax ({file}, line 2)"),
    "empty.py": ("", "there is no such environment in the file. Name one that it registers, or a class in it"),
    "spaceless.py": (
        "import gymnasium\nclass Corridor(gymnasium.Env): pass\n",
        "it could not be made (AttributeError: 'Corridor' object has no attribute 'action_space')",
    ),
    "speechless.py": (
        "class Mute(Exception):\n    def __str__(self): raise ValueError\nraise Mute\n",
        "importing it raised Mute",
    ),
    "other.py": ("Corridor = dict\n", "this is no gymnasium environment but {'render_mode': 'rgb_array'}"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_is_broken_from_the_start(name: str, tmp_path: Path, corridor: Callable[..., GymWorld]) -> None:
    text, said = BROKEN[name]
    file = tmp_path / name
    file.write_text(text)
    consent.allow(code_of(str(file)))
    where = file if "importing" in said else "Corridor"
    assert sentence(GymWorld(id="Corridor", source=str(file))) == f"{where}: {said.replace('{file}', name)}."


@pytest.mark.parametrize("source", ["nowhere_to_be_found", "json.nowhere", "sys", "nowhere.py"])
def test_is_not_there(source: str) -> None:
    with pytest.raises(EnvironmentFailure):
        make_environment(GymWorld(id="Corridor", source=source), np.random.default_rng(0))


def test_is_no_discrete_one(tmp_path: Path, corridor: Callable[..., GymWorld]) -> None:
    assert "its actions are Box(" in sentence(GymWorld(id="Pendulum-v1", source=_gymnasium(tmp_path)))


def _gymnasium(folder: Path) -> str:
    """A file that registers nothing of its own: every id that gymnasium knows can be named."""
    file = folder / "all.py"
    file.write_text("import gymnasium\n")
    consent.allow(code_of(str(file)))
    return str(file)
