"""Every shipped preset opens, suits its world and trains; a file at fault is named with its field."""

import json
from pathlib import Path
from typing import Any

import pytest

from core import presets
from core.deep.engine.dqn_settings import DQNConfig
from core.errors import ConfigError, UnknownName
from core.learner import Budget
from core.presets import names, parse, preset
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.schedules import Kind, Schedule
from core.worlds.gym import GymWorld
from core.worlds.library import open_world

GOOD: dict[str, Any] = {"title": "Good", "description": "A test.", "algorithm": "q-learning", "world": "mdp/three-state"}


def test_presets_are_found_because_they_are_there() -> None:
    assert names() == tuple(sorted(file.stem for file in presets.FOLDER.glob("*.json"))) and len(names()) >= 11


@pytest.mark.parametrize("name", names())
def test_a_shipped_preset_opens_and_trains(name: str) -> None:
    found = preset(name)
    world = open_world(found.world or "grid/lecture-3x4")
    if isinstance(world, GymWorld) and (missing := world.missing()):
        pytest.skip(missing)
    soon = {"learning_starts": 4, "train_every": 1, "updates_per_train": 1, "buffer_size": 100}
    config = found.config | (soon if isinstance(found.settings(), DQNConfig) else {})
    session = Session(RunSpec(world=world, algorithm=found.algorithm, config=config, steps=8))
    try:
        session.advance(Budget(8))
        assert session.finished and session.snapshot().counters.units == 8
    finally:
        session.close()


@pytest.mark.parametrize("name", names())
def test_a_shipped_preset_is_told_in_both_languages(name: str) -> None:
    found = preset(name)
    assert all((found.title_ko, found.description_ko)) and bool(found.deviates) == bool(found.deviates_ko)
    assert found.steps or found.episodes


def test_an_algorithm_has_one_usual_preset_in_a_world_at_most() -> None:
    usual = [(found.algorithm, found.world) for found in map(preset, names()) if found.usual]
    assert len(usual) == len(set(usual)) and all(world for _, world in usual)
    assert presets.usual("dqn", "gym:CartPole-v1") == "cartpole" and presets.usual("dqn", "grid/lecture-3x4") is None
    assert {world for algorithm, world in usual if algorithm == "dqn"} == {
        f"gym:{name}" for name in ("CartPole-v1", "LunarLander-v3", "MountainCar-v0", "Acrobot-v1", "ALE/Pong-v5", "ALE/Breakout-v5")
    }


def test_the_lectures_settings_are_as_written_there() -> None:
    grid, nadam, amsgrad, power = (
        preset(f"lecture-{name}").settings() for name in ("q-network", "cartpole-nadam", "cartpole-amsgrad", "q-learning")
    )
    assert isinstance(grid, DQNConfig) and isinstance(nadam, DQNConfig) and isinstance(amsgrad, DQNConfig)
    assert (grid.widths, grid.optimizer, grid.discount, grid.epsilon.value(10**6)) == ((100,), "sgd", 0.9, 0.1)
    assert (grid.replay, grid.target_update, nadam.target_every, nadam.target_clock, amsgrad.clip_by) == (
        False, "none", 50, "episode", "value",
    )  # fmt: skip
    assert [nadam.epsilon.value(episode) for episode in (0, 250, 495, 600)] == pytest.approx([1, 0.5, 0.01, 0.01])
    assert amsgrad.epsilon.value(1000) == pytest.approx(0.05 + 0.85 / 2.718281828459045)
    step_size = power.model_dump()["step_size"]
    assert Schedule(**step_size).value(1000) == pytest.approx(0.05 / (1 + 0.005 * 1000))
    assert step_size["kind"] is Kind.power


def test_the_zoos_exploration_ends_where_its_fraction_says() -> None:
    for name, steps, fraction, last in (("cartpole", 5e4, 0.16, 0.04), ("mountain-car", 1.2e5, 0.2, 0.07), ("acrobot", 1e5, 0.12, 0.1)):
        found = preset(f"zoo-{name}")
        config = found.settings()
        assert isinstance(config, DQNConfig)
        assert (found.steps, config.epsilon.duration, config.epsilon.end) == (steps, steps * fraction, last)
        assert (config.loss, config.double, config.widths) == ("huber", False, (256, 256))


def test_an_unknown_name_answers_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean zoo-cartpole"):
        preset("zoo-cartpol")


def test_a_preset_may_be_for_any_world() -> None:
    found = parse(json.dumps(GOOD | {"world": None, "members": 8}), "good.json")
    assert (found.world, found.members, found.settings()) == (None, 8, preset("lecture-q-learning").settings().__class__())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "good.json, title: "),
        ({"titel": "x"}, "good.json, titel: there is no such setting. Did you mean title"),
        ({"algorithm": "q-lerning"}, "good.json, algorithm: There is no algorithm named 'q-lerning'. Did you mean q-learning"),
        ({"config": {"epsilon": 2}}, "good.json, config, epsilon: every value must lie from 0 to 1, not 2."),
        ({"config": {"epsilom": 1}}, "good.json, config, epsilom: there is no such setting. Did you mean epsilon"),
        ({"config": []}, "good.json, config: "),
        ({"world": "mdp/three-states"}, "good.json, world: There is no world named 'mdp/three-states'. Did you mean mdp/three-state"),
        ({"world": "gym:CartPole-v1"}, "good.json, world: Q-learning needs a world whose states can be listed"),
        ({"steps": 0}, "good.json, steps: "),
        ({"members": 5000}, "good.json, members: input should be less than or equal to 4096, not 5000."),
    ],
)
def test_a_fault_names_file_and_field(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(json.dumps(GOOD | change), "good.json")
    assert caught.value.sentence.startswith(sentence)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("{", "good.json, line 1: this is not JSON."), ("[]", "good.json: this is not a preset"), ("[" * 100_000, "good.json: this is not")],
)
def test_a_file_that_is_none_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text, "good.json")
    assert caught.value.sentence.startswith(sentence)


def test_the_file_at_fault_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.json").write_text(json.dumps(GOOD | {"episodes": -1}))
    (tmp_path / "latin.json").write_bytes(b'{"title": "\xe9"}')
    monkeypatch.setattr(presets, "FOLDER", tmp_path)
    names.cache_clear()
    try:
        assert names() == ("latin", "mine")
        with pytest.raises(ConfigError, match=r"mine\.json, episodes: "):
            preset("mine")
        with pytest.raises(ConfigError, match=r"latin\.json: this is not a text file"):
            preset("latin")
    finally:
        names.cache_clear()
