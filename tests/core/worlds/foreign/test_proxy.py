"""An environment in its own process gives the same numbers as in this one, step by step, together, replayed, resumed and made again."""

import importlib.util
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import gymnasium
import numpy as np
import pytest

from core.errors import EnvironmentFailure
from core.learner import Budget
from core.registry import algorithms
from core.runs import folder
from core.runs.reproduce import differences, reproduce
from core.runs.session import RunSpec, Session
from core.runs.timeline import Timeline
from core.worlds.copies import make_environment, make_environments
from core.worlds.foreign import consent
from core.worlds.foreign.code import code_of
from core.worlds.gym import GymWorld

LEARNERS = [name for name, each in algorithms().items() if each.needs not in ("finite", "bandit")]
SMALL = {"dqn", "rainbow", "pqn", "q-network"}


@pytest.fixture
def here(corridor: Callable[..., GymWorld]) -> Iterator[GymWorld]:
    """The same environment in this process."""
    spec = importlib.util.spec_from_file_location("corridor_here", Path(corridor().source))
    assert spec is not None and spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    yield GymWorld(id="Corridor-v0")
    del gymnasium.registry["Corridor-v0"]


def spec_of(world: GymWorld, name: str = "dqn", members: int = 2) -> RunSpec:
    small = {"widths": [8], "learning_starts": 8, "capacity": 100, "batch_size": 4} if name in ("dqn", "rainbow") else {}
    known = {key: value for key, value in small.items() if key in algorithms()[name].config.model_fields}
    return RunSpec(world=world, algorithm=name, config=known, seed=3, members=members, device="cpu", steps=10_000)


@pytest.mark.parametrize("name", LEARNERS)
def test_every_learner_learns_the_same_as_in_this_process(name: str, corridor: Callable[..., GymWorld], here: GymWorld) -> None:
    with closing(Session(spec_of(corridor(), name))) as there, closing(Session(spec_of(here, name))) as known:
        for part in (30, 11):
            there.advance(Budget(part))
            known.advance(Budget(part))
        assert there.units == 41
        assert list(differences(there.state(), known.state())) == []


def test_together_they_give_what_each_gives_alone(corridor: Callable[..., GymWorld]) -> None:
    streams = [np.random.default_rng(member) for member in range(3)]
    alone = [make_environment(corridor(), np.random.default_rng(member)) for member in range(3)]
    together = make_environments(corridor(), streams)
    for step in range(25):
        actions = [(step + member) % 2 for member in range(3)]
        for environment, action in zip(together, actions, strict=True):
            environment.expect(action)
        for one, other, action in zip(alone, together, actions, strict=True):
            outcome = one.step(action)
            assert other.step(action) == outcome
            if outcome.terminated or outcome.truncated:
                one.reset()
                other.reset()
            assert np.array_equal(one.observation, other.observation)
    for environment in alone + together:
        environment.close()


def test_a_place_is_come_to_again(corridor: Callable[..., GymWorld]) -> None:
    with closing(make_environment(corridor(), np.random.default_rng(0))) as environment:
        for action in (1, 0, 0, 1):
            environment.step(action)
        position, seen = environment.position(), environment.observation
        following = environment.step(1), environment.observation
        environment.expect(0)
        environment.restore(position)
        assert np.array_equal(environment.observation, seen)
        assert environment.step(1) == following[0] and np.array_equal(environment.observation, following[1])


def test_a_run_goes_on_and_back_in_time_and_is_made_again(corridor: Callable[..., GymWorld], tmp_path: Path) -> None:
    with closing(Session(spec_of(corridor()))) as session:
        timeline = Timeline(session, apart=0.0)
        for _ in range(4):
            session.advance(Budget(10))
            timeline.note(1.0)
        middle = timeline.go(17).snapshot.observation
        folder.save(session, tmp_path / "run")
        session.advance(Budget(15))
        timeline.close()
        assert json.loads((tmp_path / "run" / "run.json").read_text())["spec"]["world"]["sha256"] == code_of(corridor().source).sha256
        with closing(folder.resume(tmp_path / "run")) as again, closing(Session(spec_of(corridor()))) as anew:
            again.advance(Budget(15))
            assert list(differences(again.state(), session.state())) == []
            anew.advance(Budget(17))
            assert np.array_equal(anew.snapshot().observation, middle)
    assert reproduce(tmp_path / "run") == []


def test_changed_code_is_asked_again_and_makes_no_run_again(corridor: Callable[..., GymWorld], tmp_path: Path) -> None:
    file = tmp_path / "corridor.py"
    text = Path(corridor().source).read_text()
    file.write_text(text)
    world = GymWorld(id="Corridor-v0", source=str(file))
    with closing(Session(spec_of(world))) as session:
        session.advance(Budget(5))
        folder.save(session, tmp_path / "run")
    file.write_text(text + "\n")
    with pytest.raises(EnvironmentFailure, match="the code is not what it was"):
        reproduce(tmp_path / "run")
    with pytest.raises(consent.NotAllowed):
        Session(spec_of(world))
    consent.allow(code_of(str(file)))
    with closing(Session(spec_of(world))) as session:
        session.advance(Budget(5))
    with pytest.raises(EnvironmentFailure, match="the code is not what it was"):
        folder.resume(tmp_path / "run")


def test_a_class_or_an_id_or_a_module(tmp_path: Path, corridor: Callable[..., GymWorld], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(corridor().source).parent))
    for world in (
        GymWorld(id="Corridor", source=corridor().source, step_limit=3),
        GymWorld(id="Corridor-v0", source="corridor", arguments={"length": 9}, step_limit=3),
    ):
        with closing(make_environment(world, np.random.default_rng(0), render=True)) as environment:
            assert [environment.step(0).truncated for _ in range(3)] == [False, False, True]
            picture = environment.render()
            assert picture is not None and picture.shape == (4, 10 if world.arguments else 7, 3)
