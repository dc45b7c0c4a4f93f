"""Outcomes as a lecture writes them beside an arrow: "0.7, +10"."""

from app.numbers import exact
from app.text import tr
from core.errors import WorldError
from core.worlds.build import TOLERANCE
from core.worlds.table import Transition

LARGEST = 1e9


def label(row: Transition, alone: bool) -> str:
    """What stands beside an arrow; an outcome that is certain tells its reward only, nothing if that is 0."""
    parts = [] if alone and row.probability == 1 else [f"{row.probability:.3g}"]
    if row.reward:
        parts.append(signed(row.reward))
    if row.ends:
        parts.append(tr("ends"))
    return ", ".join(parts)


def full(row: Transition) -> str:
    """Everything about an outcome, to be edited; `parse` reads it back."""
    text = f"{exact(row.probability)}, {signed(row.reward, exactly=True)}"
    return f"{text}, {tr('ends')}" if row.ends else text


def parse(text: str, row: Transition) -> Transition:
    """The outcome with what a person typed: a probability, a reward with its sign, or both; what is left out stays as it is.

    Raises:
        WorldError: saying what cannot be read.
    """
    parts = [part.strip().replace("−", "-") for part in text.replace("，", ",").rstrip(", ").split(",")]
    ends = len(parts) == 3 or (row.ends and len(parts) == 1)
    if len(parts) > 3 or (len(parts) == 3 and parts.pop() not in ("ends", tr("ends"))):
        raise WorldError(tr("This is more than a probability and a reward"), remedy=tr("Write them as 0.7, +10"))
    fields: dict[str, float | bool] = {"ends": ends}
    if len(parts) == 2 or parts[0][:1] in ("+", "-"):
        reward = _number(parts.pop())
        if abs(reward) > LARGEST:
            raise WorldError(tr("The reward {number} is too large", number=f"{reward:g}"))
        fields["reward"] = reward
    if parts:
        probability = _number(parts[0])
        if not 0 < probability <= 1:
            remedy = tr("A reward alone is written with its sign: +{number}", number=f"{probability:g}") if probability > 1 else None
            raise WorldError(tr("A probability lies above 0 and up to 1, not {number}", number=f"{probability:g}"), remedy=remedy)
        fields["probability"] = probability
    return row.model_copy(update=fields)


def signed(number: float, exactly: bool = False) -> str:
    """With its sign, which tells a reward from a probability."""
    text = exact(number) if exactly else f"{number:.4g}"
    return (text if number <= 0 else f"+{text}").replace("-", "−")


def total(probabilities: float) -> str:
    """A sum of probabilities that is not 1, with as many digits as it takes to see that."""
    return next((text for digits in range(2, 12) if float(text := f"{probabilities:.{digits}f}") != 1), f"{probabilities:.12g}")


def proper(probabilities: float) -> bool:
    """Whether they add up to 1."""
    return abs(probabilities - 1) <= TOLERANCE


def _number(text: str) -> float:
    above, line, below = text.partition("/")
    try:
        number = float(above) / float(below) if line else float(above)
    except (ValueError, ZeroDivisionError):
        raise WorldError(tr("'{word}' is not a number", word=text), remedy=tr("Write them as 0.7, +10")) from None
    if abs(number) < float("inf"):
        return number
    raise WorldError(tr("'{word}' is not a number", word=text), remedy=tr("Write them as 0.7, +10"))
