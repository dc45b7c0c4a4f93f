"""Complete settings of a run by name: every JSON file under resources/presets, found because it is there.

A preset says which algorithm, with which settings, on which world and for how long; whatever it does not say is the algorithm's default.
Settings that its source names are written down even where they are the default today.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from core.config import Config, build, setting
from core.errors import ConfigError, UnknownName
from core.learner import LearnerConfig
from core.registry import algorithm
from core.runs.spec import MOST_MEMBERS, unsuitable
from core.worlds import library

FOLDER = Path(__file__).parents[1] / "resources" / "presets"


class Preset(Config):
    """A document under resources/presets; the file's name is the preset's."""

    title: str = setting(..., "Title", "What menus call it.", min_length=1, max_length=100)
    title_ko: str = setting("", "Korean title", "The title in Korean.", max_length=100)
    description: str = setting(..., "Description", "Where the settings are from, and what to expect.", min_length=1, max_length=1000)
    description_ko: str = setting("", "Korean description", "The description in Korean.", max_length=1000)
    deviates: str = setting("", "Deviates", "What differs from the source, as it cannot be set here.", max_length=1000)
    deviates_ko: str = setting("", "Korean deviates", "What differs, in Korean.", max_length=1000)
    algorithm: str = setting(..., "Algorithm", "The learner's name.")
    world: str | None = setting(None, "World", "The library world that it is meant for; none: any that suits the algorithm.")
    usual: bool = setting(False, "Usual", "Chosen by itself for its algorithm when its world is opened in the studio.")
    config: dict[str, Any] = Field(default_factory=dict, title="Settings", description="The learner's own settings.")
    steps: int | None = setting(None, "Steps", "How many steps to train for.", unit="steps", ge=1)
    episodes: int | None = setting(None, "Episodes", "How many episodes to train for.", unit="episodes", ge=1)
    members: int | None = setting(None, "Members", "How many learners to train side by side.", ge=1, le=MOST_MEMBERS)

    def settings(self) -> LearnerConfig:
        """The learner's settings, complete."""
        return build(algorithm(self.algorithm).config, self.config)


@cache
def names() -> tuple[str, ...]:
    """Every preset, by name."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.json")))


def usual(algorithm: str, world: str) -> str | None:
    """The preset that an algorithm begins with in a world of the library; None: the shipped defaults."""
    return next(
        (name for name in names() if (preset(name).algorithm, preset(name).world) == (algorithm, world) and preset(name).usual), None
    )


@cache
def preset(name: str) -> Preset:
    """The preset of that name.

    Raises:
        UnknownName: with the nearest names.
        ConfigError: where its file is at fault, naming file and field.
    """
    if name not in names():
        raise UnknownName("preset", name, names())
    file = FOLDER / f"{name}.json"
    try:
        return parse(file.read_text(encoding="utf-8"), str(file))
    except OSError as error:
        raise ConfigError(f"it cannot be opened ({error.strerror})", where=str(file)) from None
    except UnicodeDecodeError:
        raise ConfigError("this is not a text file", where=str(file)) from None


def parse(text: str, where: str) -> Preset:
    """Read a preset from JSON text and check every field against what there is; ConfigError says which is at fault."""
    try:
        values = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        place = f"{where}, line {error.lineno}" if isinstance(error, json.JSONDecodeError) else where
        raise ConfigError("this is not JSON", where=place) from None
    if not isinstance(values, dict):
        raise ConfigError("this is not a preset but a list or a single value", where=where)
    found = build(Preset, values, where)
    try:
        chosen = algorithm(found.algorithm)
    except UnknownName as error:
        raise ConfigError(error.what, where=f"{where}, algorithm", remedy=error.remedy) from None
    build(chosen.config, found.config, f"{where}, config")
    if found.world is not None:
        if found.world not in library.names():
            unknown = UnknownName("world", found.world, library.names())
            raise ConfigError(unknown.what, where=f"{where}, world", remedy=unknown.remedy)
        reason = unsuitable(chosen, library.library_world(found.world))
        if reason:
            raise ConfigError(reason.rstrip("."), where=f"{where}, world")
    return found
