"""The command line: one command, one file. Imports typer and rich, and nothing heavier before a command needs it."""

import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from core.cli import doctor, evaluate, list_names, solve, train
from core.errors import ValuescapeError

HELP = "Valuescape: see reinforcement learning happen. Without a command the studio opens."

DONE, BUG, BAD_INPUT = 0, 1, 2


def run(arguments: list[str], screenshots: Callable[[Path], int]) -> int:
    """Run a command.

    Args:
        arguments: as typed, without the program's name.
        screenshots: the studio's own command, which needs a window and therefore lives outside core.

    Returns:
        0 done; 2 bad input, told in one sentence on standard error; 1 a bug, with its traceback.
    """
    try:
        application(screenshots)(args=arguments, prog_name="python main.py")
    except SystemExit as exit:
        return exit.code if isinstance(exit.code, int) else DONE
    except ValuescapeError as error:
        print(error.sentence, file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        return DONE
    except Exception:
        traceback.print_exc()
        print("This is a bug in Valuescape; please report the lines above.", file=sys.stderr)
        return BUG
    return DONE


def application(screenshots: Callable[[Path], int]) -> typer.Typer:
    """Every command in one."""
    commands = typer.Typer(help=HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    commands.command("list")(list_names.list_names)
    commands.command("solve")(solve.solve)
    commands.command("train")(train.train)
    commands.command("evaluate")(evaluate.evaluate)
    commands.command("doctor")(doctor.doctor)

    @commands.command("screenshots")
    def take_screenshots(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the pictures go.")]) -> None:
        """Open the real window, walk through its pages with something trained, and write PNGs."""
        raise typer.Exit(screenshots(folder))

    return commands
