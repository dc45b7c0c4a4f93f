"""Valuescape: the studio without arguments or with a project, a command with others."""

import sys
from pathlib import Path


def studio(project: Path | None = None) -> int:
    from app.start import studio

    return studio(project)


def screenshots(folder: Path) -> int:
    from app.screenshots import screenshots

    return screenshots(folder)


def main(arguments: list[str]) -> int:
    if not arguments:
        return studio()
    if len(arguments) == 1 and arguments[0].endswith(".valuescape"):
        return studio(Path(arguments[0]))
    from core.cli import run

    return run(arguments, screenshots)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
