"""Gymnasium's dictionary of transitions as JSON: {"0": {"0": [[probability, next state, reward, terminated], ...]}}."""

import json
import re

from core.formats.format import Format, Found
from core.formats.gymnasium_table import dictionary, loses, of_dictionary
from core.formats.texts import json_of
from core.worlds.world import World


def read(data: bytes, where: str) -> Found:
    """A table of numbered states and actions."""
    return of_dictionary(json_of(data, where), where)


def write(world: World, name: str) -> bytes:
    """A line for each state."""
    lines = [f"{json.dumps(str(state))}: {json.dumps(row)}" for state, row in dictionary(world).items()]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def own(data: bytes) -> bool:
    """Whether it is an object whose first key is a number."""
    return re.match(rb'\s*\{\s*"\d+"\s*:', data) is not None


FORMAT = Format(
    name="gymnasium-json",
    title="Gymnasium transitions (JSON)",
    description="The dictionary P of gymnasium's toy-text environments, as JSON.",
    extensions=(".p.json", ".json"),
    read=read,
    write=write,
    loses=loses,
    own=own,
    order=40,
)
