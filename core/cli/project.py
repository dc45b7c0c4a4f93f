"""`project`: what a project file holds, whether it is whole, and how one is made and taken apart without a window."""

import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from core.cli.output import Json, print_json, print_table
from core.errors import ProjectError

File = Annotated[Path, typer.Argument(metavar="FILE", help="A project, such as homework.valuescape.")]

project = typer.Typer(help="List, verify, extract and make projects: worlds, runs, layout and notes in one file.")


@project.command("list")
def list_parts(file: File, as_json: Json = False) -> None:
    """Show the worlds and runs of a project, and what is said of it."""
    from core.projects.project import about, unpack
    from core.runs import library, notes
    from core.worlds.world import load

    said = about(file)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "project"
        damaged = unpack(file, folder)
        written = notes.read(folder)
        worlds = [(part, load(folder / part)) for part in said.worlds if (folder / part).exists()]
        runs = [library.read(folder / "runs" / name) for name in said.runs]
        if as_json:
            print_json({
                "file": str(file), "name": written.name, "note": written.note, "saved": said.saved, "versions": dict(said.versions),
                "worlds": [{"part": part, "name": said.names.get(part, ""), "title": world.title} for part, world in worlds],
                "runs": [
                    {"name": run.folder.name, "called": run.notes.name, "world": run.world, "algorithm": run.algorithm, "steps": run.units,
                     "members": run.members, "score": run.score, "problem": run.problem}
                    for run in runs
                ],
                "damaged": damaged,
            })  # fmt: skip
            return
    print(written.name or file.stem)
    if written.note:
        print(written.note)
    print(f"Saved {datetime.fromtimestamp(said.saved):%Y-%m-%d %H:%M} by Valuescape {said.versions.get('valuescape', '')}".rstrip())
    print_table(["World", "Title"], [(Path(part).stem, world.title) for part, world in worlds])
    print_table(
        ["Run", "World", "Algorithm", "Steps", "Score", "Note"],
        [(run.name, run.world, run.algorithm, f"{run.units:,}", None if run.score is None else f"{run.score:.4g}",
          run.problem or run.notes.note) for run in runs],
    )  # fmt: skip
    print("\n".join(damaged), file=sys.stderr, end="\n" if damaged else "")


@project.command()
def verify(file: File, as_json: Json = False) -> int:
    """Read every part of a project and compare it with its SHA-256. Exits with 1 where something is damaged."""
    from core.projects.project import about
    from core.projects.project import verify as damage

    found, parts = damage(file), len(about(file).parts)
    if as_json:
        print_json({"file": str(file), "parts": parts, "damaged": found})
    else:
        print("\n".join(found) or f"All {parts} parts are whole.")
    return int(bool(found))


@project.command()
def extract(
    file: File, folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where its parts go; made here.")], as_json: Json = False
) -> int:
    """Write the parts of a project into a folder: worlds and run folders as every other command takes them."""
    from core.projects.project import unpack

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProjectError("there is something here already", where=str(folder), remedy="Choose another folder")
    if folder.is_dir():
        folder.rmdir()
    damaged = unpack(file, folder)
    written = sorted(str(part) for part in folder.rglob("*") if part.is_file())
    if as_json:
        print_json({"file": str(file), "files": written, "damaged": damaged})
    else:
        print("\n".join(written))
        print("\n".join(damaged), file=sys.stderr, end="\n" if damaged else "")
    return int(bool(damaged))


@project.command()
def make(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The project to write; it must not be there yet.")],
    worlds: Annotated[list[str] | None, typer.Option("--world", metavar="WORLD", help="A file or library name; may come again.")] = None,
    runs: Annotated[list[Path] | None, typer.Option("--run", metavar="RUN", help="A run's folder or listed name; may come again.")] = None,
    name: Annotated[str, typer.Option(help="What the project is called.")] = "",
    note: Annotated[str, typer.Option(help="What is to be said of it.")] = "",
) -> None:
    """Gather worlds and kept runs into one file."""
    from core.formats.registry import open_any
    from core.projects.claim import Access
    from core.projects.project import SUFFIX
    from core.projects.workspace import made
    from core.runs.folder import describe
    from core.runs.library import home
    from core.runs.notes import Notes

    if not file.name.endswith(SUFFIX):
        file = file.with_name(file.name + SUFFIX)
    if file.exists():
        raise ProjectError("there is a file here already", where=str(file), remedy="Choose another name")
    with tempfile.TemporaryDirectory() as temporary:
        workspace = made(Path(temporary))
        try:
            for source in worlds or ():
                workspace.keep_world(open_any(source).world, source)
            for run in runs or ():
                place = run if run.exists() or not (home() / run).exists() else home() / run
                describe(place)
                workspace.add_run(place)
            workspace.note(Notes(name, (), note))
            if workspace.belong_to(file).access is not Access.ours:
                raise ProjectError("the project cannot be saved (another program has it)", where=str(file))
            workspace.save()
        except OSError as error:
            raise ProjectError(f"the project cannot be saved ({error.strerror})", where=str(error.filename)) from None
        finally:
            workspace.close()
    print(f"Written to {file}.")
