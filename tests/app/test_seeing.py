"""What docs/seeing.md says of overlays and plots is what the studio says of them."""

from pathlib import Path

import pytest

from app.plots.registry import plots
from app.stage.overlays import overlays

TOLD = (Path(__file__).parents[2] / "docs" / "seeing.md").read_text(encoding="utf-8").splitlines()
SAID = [(each.title, each.tip) for each in overlays()] + [(each.title, each.tooltip) for each in plots().values()]


@pytest.mark.parametrize(("title", "meaning"), SAID, ids=lambda text: text[:20])
def test_each_stands_in_the_guide(title: str, meaning: str) -> None:
    assert f"| {title} | {meaning.replace('|', chr(92) + '|')} |" in TOLD


def test_the_guide_tells_of_no_other() -> None:
    rows = [line for line in TOLD if line.startswith("| ") and not line.startswith("| What")]
    assert len(rows) == len(SAID)
