"""Valuescape: the studio without arguments, a command with them."""

import sys
from pathlib import Path


def studio() -> int:
    from app.start import studio

    return studio()


def screenshots(folder: Path) -> int:
    from app.screenshots import screenshots

    return screenshots(folder)


def main(arguments: list[str]) -> int:
    if not arguments:
        return studio()
    from core.cli import run

    return run(arguments, screenshots)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
