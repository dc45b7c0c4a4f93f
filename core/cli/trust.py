"""Asks before code of others runs for the first time."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from core.worlds.world import World

Trust = Annotated[bool, typer.Option("--trust", help="Allow the code of the environment to run; asked again once it is changed.")]


def allow(world: "World", trust: bool) -> None:
    """Let the code of a world run if the person says so, here or before.

    Raises:
        NotAllowed: where nobody has.
        EnvironmentFailure: where the code is not there, or not what it was.
    """
    from core.worlds.gym import GymWorld

    if not isinstance(world, GymWorld) or not world.source:
        return
    from core.worlds.foreign import consent

    code = consent.checked(world)
    if consent.allowed(code):
        return
    if not trust and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise consent.NotAllowed(code)
    if not trust:
        print(f"{world.id} runs the code in {code.path}", file=sys.stderr)
        print(f"SHA-256 {code.sha256}", file=sys.stderr)
        print("It can do whatever you can do on this computer. Run it only if you know where it is from.", file=sys.stderr)
        if not typer.confirm("Run it, now and until it is changed?", err=True):
            raise consent.NotAllowed(code)
    consent.allow(code)


def show_printed() -> None:
    """What environments of one's own have printed last, on standard error."""
    from core.worlds.foreign.printed import newest

    for printed in newest():
        if printed.count:
            print(f"{printed.name} printed {printed.count:,} bytes, at the end:\n{printed.text.rstrip()}", file=sys.stderr)
