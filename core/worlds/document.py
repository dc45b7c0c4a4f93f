"""What every kind of world document has in common."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from core.config import Config, setting

FORMAT = 1
"""Version of the world file format."""


class Rules(Config):
    """What a person may change of any finite world without redrawing it."""

    discount: float = setting(
        0.99,
        "Discount",
        "How much a reward one step later is worth: 0 only the next reward counts, 1 all count alike.",
        symbol="γ",
        ge=0,
        le=1,
    )
    step_limit: int = setting(
        1000, "Step limit", "Steps after which an episode is truncated; 0 for never.", unit="steps", ge=0, le=1_000_000
    )


class Document(Rules):
    """A world as a person edits and saves it: frozen, every edit makes a new one."""

    format: Literal[1] = setting(FORMAT, "Format", "Version of the file format.")
    title: str = setting("", "Title", "What the library and the window call this world.", max_length=200)
    title_ko: str = setting("", "Korean title", "The title in Korean.", max_length=200)
    description: str = setting("", "Description", "What the world shows, and where it is from.", max_length=5000)
    description_ko: str = setting("", "Korean description", "The description in Korean.", max_length=5000)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values; what was compiled from the old ones stays behind."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied
