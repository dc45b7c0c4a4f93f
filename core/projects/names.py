"""Names of files that are good on every system: what a zip may hold, and what a name that is not so becomes."""

import re
import unicodedata
from collections.abc import Container

LONGEST = 120
"""Characters of a name at most."""
_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def fit(name: str) -> bool:
    """Whether a single name, no path, means the same file everywhere."""
    return (
        0 < len(name) <= LONGEST
        and not _UNFIT.search(name)
        and name == name.strip(" ").rstrip(".")
        and name != ".."
        and not _DEVICE.fullmatch(name)
    )


def same(name: str) -> str:
    """What two names share that some system takes for one."""
    return unicodedata.normalize("NFC", name).casefold()


def fitted(name: str, taken: Container[str] = (), ending: str = "") -> str:
    """The name, or the nearest one that is fit and new.

    Args:
        name: without its ending.
        taken: names that there are already, with their endings, each as `same` has it.
        ending: what the name ends in, such as ".json".
    """
    base = _UNFIT.sub("-", unicodedata.normalize("NFC", name)).strip(" .")[: LONGEST - len(ending) - 6].strip(" .") or "untitled"
    if not fit(base):
        base = f"_{base}"
    found, number = f"{base}{ending}", 1
    while same(found) in taken:
        number += 1
        found = f"{base} {number}{ending}"
    return found
