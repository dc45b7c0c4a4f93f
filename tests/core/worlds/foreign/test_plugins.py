"""Environments that installed packages bring to gymnasium run in a process of their own, once that was allowed."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import gymnasium
import numpy as np
import pytest

from core.cli import run
from core.errors import EnvironmentFailure
from core.worlds.copies import make_environment
from core.worlds.foreign import consent
from core.worlds.foreign.code import code_of
from core.worlds.gym import GymWorld, plugin_of
from core.worlds.library import open_world

CORRIDOR = Path(__file__).with_name("corridor.py")
ID = "Plugged-v0"


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package on Python's path that gymnasium knows an environment of; the file beside it tells whether its code ran."""
    package = tmp_path / "plugged"
    package.mkdir()
    text = CORRIDOR.read_text().replace('"Corridor-v0", entry_point=Corridor', f'"{ID}", entry_point="plugged.inner:Corridor"')
    (package / "inner.py").write_text(text.partition("gymnasium.register")[0])
    (package / "__init__.py").write_text(
        f"import gymnasium\nopen({str(tmp_path / 'ran')!r}, 'w').close()\n"
        f"if {ID!r} not in gymnasium.registry:\n    gymnasium.register({ID!r}, entry_point='plugged.inner:Corridor')\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(consent, "file", lambda: tmp_path / "data" / "trusted.json")
    monkeypatch.setattr(consent, "_here", set())
    gymnasium.register(ID, entry_point="plugged.inner:Corridor")
    yield tmp_path / "ran"
    del gymnasium.registry[ID]


def test_it_is_named_as_ever_and_its_code_does_not_run(plugin: Path) -> None:
    world = open_world(f"gym:{ID}")
    assert isinstance(world, GymWorld) and (world.id, world.source, world.finite) == (ID, "plugged", False)
    assert not plugin.exists()
    with pytest.raises(consent.NotAllowed):
        make_environment(world, np.random.default_rng(0))
    assert not plugin.exists()


def test_once_allowed_it_runs_elsewhere(plugin: Path) -> None:
    world = open_world(f"gym:{ID}")
    consent.allow(code_of("plugged"))
    with closing(make_environment(world, np.random.default_rng(0))) as environment:
        assert environment.slow and environment.step(1).reward == pytest.approx(-0.01)
    assert plugin.exists() and "plugged" not in __import__("sys").modules


def test_a_document_that_does_not_name_its_code_is_refused(plugin: Path) -> None:
    with pytest.raises(EnvironmentFailure) as caught:
        GymWorld(id=ID).make()
    assert caught.value.sentence == (
        f"{ID}: its code is that of the package 'plugged', which runs in a process of its own. Open it as gym:{ID}."
    )
    assert not plugin.exists()


def test_the_command_line_asks_for_it(plugin: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["train", f"gym:{ID}", "--algorithm", "linear-q-learning", "--steps", "40"]
    assert run(asked, lambda _: 0) == 2 and "nobody has allowed this code to run yet" in capsys.readouterr().err
    assert run([*asked, "--trust"], lambda _: 0) == 0 and "40 steps" in capsys.readouterr().out


def test_those_of_gymnasium_and_of_this_program_run_here() -> None:
    assert plugin_of("CartPole-v1") == plugin_of("no-such-v0") == ""
    gymnasium.register("Mine-v0", entry_point=gymnasium.Env)
    try:
        assert plugin_of("Mine-v0") == ""
    finally:
        del gymnasium.registry["Mine-v0"]
