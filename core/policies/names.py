"""Which environment a file is of, where its name or its folder says so."""

import re
from pathlib import Path

ID = re.compile(r"(?<![A-Za-z0-9])([A-Z][A-Za-z0-9]*-v\d+)(?![0-9])")


def environment_in(path: str) -> str | None:
    """The id in a file's name or in one of the two folders above it, such as CartPole-v1 in CartPole-v1__dqn__1__169/dqn.cleanrl_model."""
    place = Path(path)
    for name in (place.stem, *(parent.name for parent in list(place.parents)[:2])):
        found = ID.search(name.partition("__")[0]) or ID.search(name)
        if found:
            return found[1]
    return None
