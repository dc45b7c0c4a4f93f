"""Projects as their own program writes them, and as somebody who means harm does."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

from core.projects.project import ABOUT, FORMAT

SAMPLES = Path(__file__).parents[2] / "samples"
RUN = SAMPLES / "runs" / "format-2" / "tabular"


def forged(file: Path, parts: Mapping[str, bytes], about: Mapping[str, object] | None = None) -> Path:
    """A project of any parts, with sums that fit."""
    said = {name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in parts.items()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        archive.writestr(ABOUT, json.dumps({"format": FORMAT, "parts": said, **(about or {})}))
    return file
