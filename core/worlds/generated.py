"""Worlds given by a generator and its numbers: a line of text for a million states."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Literal
from urllib.parse import unquote

from pydantic import Field

from core.config import Config, assign, build, setting
from core.errors import ConfigError
from core.worlds.document import Document, Rules
from core.worlds.generator import Generator, generator
from core.worlds.grid import GridWorld
from core.worlds.mdp import FiniteMDP

PREFIX = "make:"


class GeneratedWorld(Document):
    """A generator's name and arguments. Nothing is looked up or made before it is asked for.

    Whoever asks may then get UnknownName for the generator or ConfigError naming the argument at fault.
    """

    kind: Literal["generated"] = setting("generated", "Kind", "A world made by a generator.")
    generator: str = setting(..., "Generator", "The name of the generator.")
    arguments: dict[str, Any] = Field(default_factory=dict, title="Arguments", description="Its numbers; its own defaults for the rest.")

    @property
    def finite(self) -> bool:
        return True

    @property
    def states(self) -> Sequence[str]:
        """Names of the states."""
        return self.compile().state_names

    @property
    def actions(self) -> Sequence[str]:
        """Names of the actions."""
        return self.compile().action_names

    @cached_property
    def opened(self) -> "GridWorld | GeneratedWorld":
        """The grid to draw on where the generator makes one, with this document's words and rules; else this document."""
        if not isinstance(self._made, GridWorld):
            return self
        return self._made.model_copy(update={name: getattr(self, name) for name in Document.model_fields})

    def compile(self) -> FiniteMDP:
        """The finite MDP that is generated."""
        return self._compiled

    @cached_property
    def _compiled(self) -> FiniteMDP:
        if isinstance(self._made, FiniteMDP):
            return replace(self._made, discount=self.discount, step_limit=self.step_limit)
        return self.opened.compile()

    @cached_property
    def _made(self) -> GridWorld | FiniteMDP:
        found = generator(self.generator)
        return found.make(build(found.config, self.arguments, "arguments"))


def made(name: str) -> GeneratedWorld:
    """The document of a name such as `make:garnet?states=100&seed=3`: arguments, discount and step_limit after the question mark.

    Raises:
        UnknownName: with the nearest generators.
        ConfigError: naming the argument at fault.
    """
    kind, _, query = name.removeprefix(PREFIX).partition("?")
    found = generator(kind)
    parts = [unquote(part) for part in query.split("&") if part]
    for part in parts:
        if "=" not in part:
            raise ConfigError(f"'{part}' is not of the form key=value", where=name, remedy=f"Write it like {PREFIX}{kind}?seed=1")
    rules = [part for part in parts if part.partition("=")[0] in Rules.model_fields]
    config = assign(found.config, [part for part in parts if part not in rules])
    own = assign(Rules, rules, Rules(discount=found.discount, step_limit=found.step_limit))
    return described(found, config, parts, own)


def described(found: Generator, config: Config, parts: Sequence[str] = (), rules: Rules | None = None) -> GeneratedWorld:
    """The document of a generator and its numbers, named after both.

    Args:
        parts: what is told of the numbers in the title.
        rules: discount and step limit; the generator's own if None.
    """
    told = f" ({', '.join(parts)})" if parts else ""
    values = {
        "title": found.title + told, "title_ko": found.title_ko + told, "description": found.description,
        "description_ko": found.description_ko, "generator": found.name, "arguments": config.model_dump(mode="json"),
    }  # fmt: skip
    own = rules or Rules(discount=found.discount, step_limit=found.step_limit)
    return GeneratedWorld.model_validate(values | own.model_dump())
