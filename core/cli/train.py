"""`train`: learn without a window."""

import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli.output import Json, print_json
from core.cli.solve import World

if TYPE_CHECKING:
    from core.runs.session import Session

AUTOSAVE = 60.0
"""Seconds between two saves of a run that has a folder."""


def train(
    world: World,
    algorithm: Annotated[str, typer.Option(help="What learns; see 'list algorithms'.")],
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A setting; may be given again.")] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Stop after this many steps of every member.")] = None,
    episodes: Annotated[int | None, typer.Option(min=1, help="Stop when every member has ended this many episodes.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Root of every random stream.")] = 0,
    members: Annotated[int, typer.Option(min=1, help="Independent learners side by side.")] = 1,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1 or mps.")] = "auto",
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder to keep the run in.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a run that is already in DIR.")] = False,
    as_json: Json = False,
) -> None:
    """Train an agent. Ctrl-C stops cleanly and keeps the run."""
    from core import registry
    from core.config import assign, build
    from core.errors import RunError
    from core.runs import folder
    from core.runs.session import RunSpec, Session
    from core.worlds.library import open_world

    chosen = registry.algorithm(algorithm)
    config = assign(chosen.config, settings or [])
    spec = build(RunSpec, {
        "world": open_world(world), "world_name": world, "algorithm": algorithm, "config": config.model_dump(mode="json"),
        "seed": seed, "members": members, "device": device, "steps": steps, "episodes": episodes,
    })  # fmt: skip
    if out is not None and (out / "run.json").exists() and not overwrite:
        raise RunError("there is a run here already", where=str(out), remedy="Choose another folder, or add --overwrite")
    if out is not None and out.is_file():
        raise RunError("this is a file, not a folder", where=str(out), remedy="Choose another folder")
    session = Session(spec)
    try:
        seconds, interrupted = learn(session, out)
        if out is None and interrupted:
            out = kept_folder(algorithm)
        if out is not None:
            folder.save(session, out)
        report(session, seconds, interrupted, out, as_json)
    finally:
        session.close()


def learn(session: "Session", out: Path | None) -> tuple[float, bool]:
    """Train to the limit or to Ctrl-C, saving now and then; seconds, and whether it was interrupted.

    Should the environment fail, the run is kept before the error goes on.
    """
    from core.errors import ValuescapeError
    from core.learner import UNBOUNDED, Budget
    from core.runs import folder
    from core.runs.pacer import Pacer

    stop = Stop()
    pacer, saved = Pacer(0.05), time.monotonic()
    began = time.perf_counter()
    with stop, progress_bar(session) as show:
        while not session.finished and not stop.asked:
            try:
                pacer.slice(session.advance, Budget(UNBOUNDED))
            except ValuescapeError:
                if session.units:
                    where = out or kept_folder(session.spec.algorithm)
                    folder.save(session, where)
                    print(f"The run was kept in {where}", file=sys.stderr)
                raise
            show()
            if out is not None and time.monotonic() - saved > AUTOSAVE:
                folder.save(session, out)
                saved = time.monotonic()
    return time.perf_counter() - began, stop.asked


class Stop:
    """Turns the first Ctrl-C into a request; a second one interrupts at once."""

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> "Stop":
        self.before = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self.before)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


class progress_bar:  # noqa: N801
    """A bar with rate and time left on standard error; nothing where that is no terminal."""

    def __init__(self, session: "Session") -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        self.session = session
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        self.progress = Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty())
        self.task = self.progress.add_task(session.spec.algorithm, total=1.0, rate="")
        self.began = time.perf_counter()

    def __enter__(self) -> Any:
        self.progress.start()
        return self._show

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def _show(self) -> None:
        session = self.session
        rate = session.units / max(1e-9, time.perf_counter() - self.began)
        self.progress.update(self.task, completed=session.fraction or 0.0, rate=f"{rate:,.0f} {session.learner.unit}s/s")


def kept_folder(algorithm: str) -> Path:
    """Where a run without a folder of its own is kept."""
    from platformdirs import user_data_path

    return user_data_path("valuescape") / "runs" / time.strftime(f"%Y-%m-%d %H.%M.%S {algorithm}")


def report(session: "Session", seconds: float, interrupted: bool, out: Path | None, as_json: bool) -> None:
    """Say what came out."""
    spec, returns = session.spec, session.returns()
    rate = session.units / seconds if seconds else 0.0
    counters = [session.snapshot(member).counters for member in range(spec.members)]
    if as_json:
        print_json({
            "world": spec.world_name, "algorithm": spec.algorithm, "config": spec.settings().model_dump(mode="json"), "seed": spec.seed,
            "members": spec.members, "device": session.learner.device, "steps": session.units,
            "episodes": min(counter.episodes for counter in counters), "seconds": seconds, "steps_per_second": rate,
            "returns": returns, "interrupted": interrupted, "out": None if out is None else str(out),
        })  # fmt: skip
        return
    done = f"{session.units:,} {session.learner.unit}s in {seconds:.3g} s ({rate:,.0f}/s) on {session.learner.device}"
    print(f"{spec.algorithm} on {spec.world_name}: {done}")
    for member, earned in enumerate(returns):
        if earned:
            last = earned[-100:]
            print(f"member {member}: {len(earned):,} episodes, mean return of the last {len(last)}: {sum(last) / len(last):.4g}")
    if interrupted:
        print("Stopped by Ctrl-C; nothing is lost.")
    if out is not None:
        print(f"The run is kept in {out}")
