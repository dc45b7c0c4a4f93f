"""What an environment gave, held to what gymnasium asks of it: each fault one sentence."""

import math
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

LONGEST = 60


class Wrong(Exception):
    """What was given instead of what should have been, as the rest of a sentence that begins with the call."""


def step_of(given: Any, space: gymnasium.Space[Any]) -> tuple[NDArray[Any], float, bool, bool]:
    """Observation, as an array of the space's type and shape, reward, terminated, truncated."""
    if not isinstance(given, tuple) or len(given) != 5:
        raise Wrong(f"returned {told(given)} instead of (observation, reward, terminated, truncated, info)")
    seen, reward, terminated, truncated, _ = given
    try:
        reward = float(reward)
    except (TypeError, ValueError, OverflowError):
        raise Wrong(f"returned the reward {short(reward)}, which is no number") from None
    if not math.isfinite(reward):
        raise Wrong(f"returned the reward {reward}")
    for name, flag in (("terminated", terminated), ("truncated", truncated)):
        if not isinstance(flag, bool | np.bool_) and flag not in (0, 1):
            raise Wrong(f"returned {name} = {short(flag)}, neither True nor False")
    return observation_of(seen, space), reward, bool(terminated), bool(truncated)


def start_of(given: Any, space: gymnasium.Space[Any]) -> NDArray[Any]:
    """The observation that `reset` gave."""
    if not isinstance(given, tuple) or len(given) != 2:
        raise Wrong(f"returned {told(given)} instead of (observation, info)")
    return observation_of(given[0], space)


def observation_of(seen: Any, space: gymnasium.Space[Any]) -> NDArray[Any]:
    """As an array of the space's type and shape."""
    if isinstance(space, gymnasium.spaces.Discrete):
        return _number(seen, int(space.start), int(space.start + space.n) - 1)
    try:
        array = np.asarray(seen)
    except (ValueError, TypeError):
        raise Wrong(f"returned the observation {short(seen)}, which is no array") from None
    if array.dtype.kind not in "biuf":
        raise Wrong(f"returned an observation that is no array of numbers but {told(seen)}")
    if array.shape != space.shape:
        raise Wrong(f"returned an observation of the shape {array.shape} instead of {space.shape}")
    assert space.dtype is not None
    if not np.can_cast(array.dtype, space.dtype, "same_kind"):
        raise Wrong(f"returned an observation of {array.dtype} numbers instead of {space.dtype}")
    with np.errstate(over="ignore"):
        array = array.astype(space.dtype, copy=False)
    if not np.isfinite(array).all():
        raise Wrong("returned an observation that is not finite")
    return array


def picture_of(given: Any) -> NDArray[np.uint8] | None:
    """[height, width, 3] uint8; None where there is none."""
    if given is None:
        return None
    if not (isinstance(given, np.ndarray) and given.dtype == np.uint8 and given.ndim == 3 and given.shape[2] == 3 and given.size):
        shown = f"an array of {given.dtype} of the shape {given.shape}" if isinstance(given, np.ndarray) else told(given)
        raise Wrong(f"returned {shown} instead of a picture, [height, width, 3] of uint8")
    return given


def told(given: Any) -> str:
    """What kind of thing it is."""
    if isinstance(given, tuple):
        return f"a tuple of {len(given)}"
    return "None" if given is None else f"{_article(type(given).__name__)} {type(given).__name__}"


def short(given: Any) -> str:
    """Its text, on one short line."""
    try:
        text = " ".join(repr(given).split())
    except Exception:
        return told(given)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _number(seen: Any, least: int, most: int) -> NDArray[np.int64]:
    whole = isinstance(seen, int | np.integer) or (isinstance(seen, np.ndarray) and seen.shape == () and seen.dtype.kind in "iu")
    if not whole or not least <= int(seen) <= most:
        raise Wrong(f"returned the observation {short(seen)}, which is none of {least} to {most}")
    return np.array(int(seen), np.int64)


def _article(word: str) -> str:
    return "an" if word[:1].lower() in "aeio" else "a"
