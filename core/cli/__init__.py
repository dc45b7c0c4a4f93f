"""The command line: one command, one file. A file is imported when its command is asked for."""

import contextlib
import importlib
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from core import devices
from core.errors import EnvironmentFailure, ValuescapeError

HELP = "Valuescape: see reinforcement learning happen. Without a command the studio opens."
PROGRAM = "python main.py"

COMMANDS = {
    "list": "list_names", "solve": "solve", "train": "train", "inspect": "inspect", "evaluate": "evaluate",
    "reproduce": "reproduce", "convert": "convert", "export-environment": "export_environment", "schema": "schema", "doctor": "doctor",
    "export-run": "export_run", "import-policy": "import_policy", "project": "project",
}  # fmt: skip
"""The file of each command; it holds a function of the file's name, or several commands under it."""

DONE, BUG, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def run(arguments: list[str], screenshots: Callable[[Path], int]) -> int:
    """Run a command.

    Args:
        arguments: as typed, without the program's name.
        screenshots: the studio's own command, which needs a window and therefore lives outside core.

    Returns:
        0 done; 2 bad input, told in one sentence on standard error; 1 a bug, with its traceback; 130 interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = application(arguments, screenshots)(args=arguments, prog_name=PROGRAM, standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except ValuescapeError as error:
        details = error.details if isinstance(error, EnvironmentFailure) else ""
        return _refuse(f"{details.rstrip()}\n{error.sentence}" if details.strip() else error.sentence)
    except USAGE_ERROR as error:
        return _refuse(_usage(error))
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package in ("core", "app", "resources", ""):
            return _report()
        return _refuse(f"The package '{package}' is missing here. Say '{PROGRAM} doctor' to see all that is missing and how to install it.")
    except (KeyboardInterrupt, typer.Abort):
        print("Interrupted.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        full = devices.memory_error(error)
        return _report() if full is None else _refuse(full.sentence)


def application(arguments: list[str], screenshots: Callable[[Path], int]) -> typer.Typer:
    """The command that is asked for, or every command where that is none."""
    commands = typer.Typer(help=HELP, add_completion=False, pretty_exceptions_enable=False)
    asked = arguments[0] if arguments else ""
    for name, file in COMMANDS.items():
        if name == asked or asked not in COMMANDS:
            module = importlib.import_module(f"core.cli.{file}")
            found = getattr(module, file)
            if isinstance(found, typer.Typer):
                commands.add_typer(found, name=name)
            else:
                commands.command(name)(found)

    @commands.command("screenshots")
    def take_screenshots(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the pictures go.")]) -> int:
        """Open the real window, walk through its pages with something trained, and write PNGs."""
        return screenshots(folder)

    return commands


USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[2]
"""What typer raises for a command line that it cannot read; named by no public name of its own."""


def _usage(error: Exception) -> str:
    """What is wrong with the command line, on one line."""
    message = " ".join(str(getattr(error, "format_message", error.__str__)()).split()).replace("Value error, ", "")
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else PROGRAM
    return f"{message.rstrip('.?')}{'?' if message.endswith('?') else '.'} See: {command} --help"


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return BAD_INPUT


def _report() -> int:
    traceback.print_exc()
    print("This is a bug in Valuescape; please report the lines above.", file=sys.stderr)
    return BUG
