"""Settings declared once: default, bounds, unit and meaning make form, tooltip, option, docs and file schema."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from core.errors import ConfigError, nearest

Model = TypeVar("Model", bound="Config")


class Config(BaseModel):
    """A frozen, validated set of settings. Unknown fields, NaN and infinities are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)


@dataclass(frozen=True)
class Span:
    """Bounds of a setting that is no plain number, for those who show it: every value lies in it."""

    least: float | None = None
    above: float | None = None
    most: float | None = None


def setting(
    default: Any,
    title: str,
    description: str,
    *,
    unit: str = "",
    symbol: str = "",
    section: str = "",
    when: Mapping[str, Iterable[str]] | None = None,
    **bounds: Any,
) -> Any:
    """A field of a `Config`.

    Args:
        default: its value where nothing is said.
        title: what the form calls it.
        description: its meaning, the tooltip and the row in the docs.
        unit: what it is counted in, such as "steps".
        symbol: the letter the papers use, such as "α".
        section: the heading it stands under where there are many.
        when: where it matters: another setting's name, and those of its values (as text) with which this one is looked at.
        bounds: pydantic's own, such as gt, ge, lt, le, min_length.
    """
    known = {name: list(values) for name, values in (when or {}).items()}
    extra: dict[str, Any] = {"unit": unit, "symbol": symbol, "section": section, "when": known}
    return Field(default, title=title, description=description, json_schema_extra=extra, **bounds)


def again(model: type[BaseModel], name: str, default: Any, section: str | None = None) -> Any:
    """A setting of another `Config` once more, with another default, and under another heading if one is given."""
    info = model.model_fields[name]
    bounds = {
        bound: getattr(part, bound) for part in info.metadata for bound in ("gt", "ge", "lt", "le", "max_length") if hasattr(part, bound)
    }
    extra = _extra(info) | ({} if section is None else {"section": section})
    return Field(default, title=info.title, description=info.description, json_schema_extra=extra, **bounds)


def matters(config: BaseModel, name: str) -> bool:
    """Whether a setting is looked at, given the others."""
    when = _extra(type(config).model_fields[name]).get("when", {})
    return all(str(getattr(config, other)) in values for other, values in when.items())


FEW = 12
"""Settings up to which headings would only be in the way."""


def sections(model: type[BaseModel]) -> dict[str, list[str]]:
    """Names of the settings by the heading they stand under, in the order of their first; all under "" where they are few."""
    found: dict[str, list[str]] = {}
    for name, info in model.model_fields.items():
        found.setdefault(_extra(info).get("section", "") if len(model.model_fields) > FEW else "", []).append(name)
    return found


def _extra(info: FieldInfo) -> dict[str, Any]:
    """What `setting` says beyond pydantic."""
    return dict(info.json_schema_extra) if isinstance(info.json_schema_extra, dict) else {}


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
    told = isinstance(given, dict | BaseModel) or first["type"] in ("missing", "value_error")
    shown = "" if told else f", not {_shortened(repr(given))}"
    return ConfigError(message[:1].lower() + message[1:] + shown, where=place)


def _shortened(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[:most] + "…"


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
        target[last] = read_value(text)
    return build(model, values)


def read_value(text: str) -> Any:
    """JSON where the text is JSON, else the text."""
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return text.strip()


def settings_table(model: type[BaseModel]) -> list[dict[str, Any]]:
    """One row per setting, JSON-able: name, title, section, symbol, unit, default (schedules as text), bounds in words, least,
    above, most, choices and description.
    """
    rows = []
    headings = {name: section for section, names in sections(model).items() for name in names}
    whole, defaults = model.model_json_schema(), model().model_dump(mode="json")
    for name, info in model.model_fields.items():
        schema = whole["properties"][name]
        number = next((part for part in schema.get("anyOf", []) if part.get("type") != "null"), schema)
        number = whole["$defs"][number["$ref"].rpartition("/")[2]] if "$ref" in number else number.get("items", number)
        span = next((part for part in info.metadata if isinstance(part, Span)), Span())
        least, above, most = (
            number.get(key, value) for key, value in (("minimum", span.least), ("exclusiveMinimum", span.above), ("maximum", span.most))
        )
        choices = [True, False] if number.get("type") == "boolean" else number.get("enum")
        words = [f"{word} {bound:g}" for word, bound in (("from", least), ("above", above), ("to", most)) if bound is not None]
        extra = _extra(info)
        rows.append({
            "name": name, "title": info.title, "section": headings[name], "symbol": extra.get("symbol", ""), "unit": extra.get("unit", ""),
            "default": info.default.text() if hasattr(info.default, "text") else defaults[name],
            "bounds": ", ".join(str(choice) for choice in choices) if choices else " ".join(words),
            "least": least, "above": above, "most": most, "choices": choices, "description": info.description,
        })  # fmt: skip
    return rows
