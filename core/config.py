"""Settings declared once: default, bounds, unit and meaning make form, tooltip, option, docs and file schema."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import ConfigError, nearest

Model = TypeVar("Model", bound="Config")


class Config(BaseModel):
    """A frozen, validated set of settings. Unknown fields, NaN and infinities are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)


def setting(default: Any, title: str, description: str, *, unit: str = "", symbol: str = "", **bounds: Any) -> Any:
    """A field of a `Config`.

    Args:
        default: its value where nothing is said.
        title: what the form calls it.
        description: its meaning, the tooltip and the row in the docs.
        unit: what it is counted in, such as "steps".
        symbol: the letter the papers use, such as "α".
        bounds: pydantic's own, such as gt, ge, lt, le, min_length.
    """
    extra: dict[str, Any] = {"unit": unit, "symbol": symbol}
    return Field(default, title=title, description=description, json_schema_extra=extra, **bounds)


def build(model: type[Model], values: Mapping[str, Any], where: str | None = None) -> Model:
    """Validate `values` into `model`; raise ConfigError naming the first field at fault."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise explain(model, error, where) from None


def explain(model: type[BaseModel], error: ValidationError, where: str | None = None) -> ConfigError:
    """Turn pydantic's report into one sentence about the first field at fault."""
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "settings"
    place = f"{where}, {field}" if where else field
    if first["type"] == "extra_forbidden":
        near = nearest(str(first["loc"][-1]), model.model_fields)
        remedy = f"Did you mean {' or '.join(near)}?" if near else f"Known: {', '.join(model.model_fields)}"
        return ConfigError("there is no such setting", where=place, remedy=remedy)
    message = first["msg"].removeprefix("Value error, ")
    given = first.get("input")
    shown = "" if isinstance(given, dict | BaseModel) or first["type"] == "missing" else f", not {given!r}"
    return ConfigError(message[:1].lower() + message[1:] + shown, where=place)


def assign(model: type[Model], assignments: Iterable[str], base: Model | None = None) -> Model:
    """Read "key=value" texts, as given to --set, over `base` or the defaults.

    Values are JSON where they parse as JSON and text otherwise; "a.b=1" reaches into a nested setting.
    """
    values: dict[str, Any] = (base or model()).model_dump(mode="json")
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals:
            raise ConfigError(f"'{assignment}' is not of the form key=value", where="--set")
        target = values
        *parents, last = key.strip().split(".")
        for parent in parents:
            child = target.get(parent)
            if not isinstance(child, dict):
                raise ConfigError("there is no such setting", where=key.strip())
            target = child
        try:
            target[last] = json.loads(text)
        except json.JSONDecodeError:
            target[last] = text.strip()
    return build(model, values)
