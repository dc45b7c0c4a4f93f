"""`train`: learn without a window."""

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli.learning import Learning, kept_folder, say
from core.cli.output import Json, print_json
from core.cli.trust import Trust, allow, show_printed
from core.errors import ConfigError, RunError

if TYPE_CHECKING:
    from core.runs.session import Session
    from core.runs.spec import RunSpec

World = Annotated[
    str | None,
    typer.Argument(
        metavar="WORLD",
        help="A file, a library name such as grid/lecture-3x4 or gym:CartPole-v1, make:maze?rows=20, or an environment of your own: "
        "corridor.py, corridor.py:Corridor-v0 or package.module:Corridor-v0.",
    ),
]


def train(
    world: World = None,
    algorithm: Annotated[str | None, typer.Option(metavar="NAME", help="What learns; see 'list algorithms'.")] = None,
    preset: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="World, algorithm and settings by name; what is given beside it comes first. Only the studio chooses one itself.",
        ),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A setting, as 'list algorithms' names them; may be given again."),
    ] = None,
    steps: Annotated[int | None, typer.Option(min=1, metavar="N", help="Stop after this many steps of every member.")] = None,
    episodes: Annotated[int | None, typer.Option(min=1, metavar="N", help="Stop when every member has ended this many episodes.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, metavar="S", help="Root of every random stream; 0 by default.")] = None,
    members: Annotated[int | None, typer.Option(min=1, metavar="K", help="Independent learners side by side; 1 by default.")] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option("--vary", metavar="KEY=V;V;...", help="A setting with one value for each member; may be given again."),
    ] = None,
    device: Annotated[str | None, typer.Option(metavar="D", help="auto (the default), cpu, cuda, cuda:1 or mps.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder to keep the run in.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a run that is already in DIR.")] = False,
    resume: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Go on with a kept run instead; --steps and --episodes set a new total.")
    ] = None,
    trust: Trust = False,
    printed: Annotated[bool, typer.Option("--printed", help="Show at the end what the environment has printed last.")] = False,
    as_json: Json = False,
) -> None:
    """Train an agent. Ctrl-C stops cleanly and keeps the run."""
    limits: dict[str, Any] = {"steps": steps, "episodes": episodes} if steps or episodes else {}
    limits |= {} if device is None else {"device": device}
    if resume is not None:
        if any(part is not None for part in (world, algorithm, preset, settings, seed, members, vary)):
            raise ConfigError(
                "a kept run has its own world, algorithm, settings, seed and members", where="--resume", remedy="Give only --steps, "
                "--episodes or --device beside it",
            )  # fmt: skip
        out = _free(out, overwrite) if out is not None and out != resume else resume
        session = _resumed(resume, limits, trust)
    else:
        chosen = {"seed": seed or 0} | varied(vary or []) | ({} if members is None else {"members": members}) | limits
        spec = _spec(world, algorithm, preset, settings or [], chosen)
        out = _free(out, overwrite)
        session = _new(spec, trust)
        if preset is None and not as_json:
            _name_preset(spec)
    learning = Learning(session, out)
    try:
        seconds, units, interrupted = learning.learn()
        if learning.out is None and interrupted:
            learning.out = kept_folder(session.spec.algorithm)
        learning.save()
        report(learning.session, seconds, units, interrupted, learning.out, as_json)
        if printed:
            show_printed()
    finally:
        learning.close()


def report(session: "Session", seconds: float, units: int, interrupted: bool, out: Path | None, as_json: bool) -> None:
    """Say what came out."""
    from core.learner import Planner

    spec, returns, unit = session.spec, session.returns(), session.learner.unit
    rate = units / seconds if seconds > 0 else 0.0
    counters = [session.snapshot(member).counters for member in range(spec.members)]
    measured = session.measured()
    if as_json:
        print_json({
            "world": spec.world_name, "algorithm": spec.algorithm, "config": spec.settings().model_dump(mode="json"), "seed": spec.seed,
            "members": spec.members, "device": session.learner.device, "steps": session.units,
            "episodes": min(counter.episodes for counter in counters), "seconds": seconds, "steps_per_second": rate,
            "returns": returns, "returns_every": session.returns_every,
            "gap": None if measured is None else [each.gap for each in measured],
            "rms_error": None if measured is None else [each.rms_error for each in measured],
            "finished": session.finished, "interrupted": interrupted, "notices": list(session.learner.notices),
            "out": None if out is None else str(out),
        })  # fmt: skip
        return
    print(f"{spec.algorithm} on {spec.world_name}: {session.units:,} {unit}s; {rate:,.0f} {unit}s/s on {session.learner.device}.")
    if isinstance(session.learner, Planner):
        state = "converged" if session.learner.converged else "not yet converged"
        bound = f"every value within {session.learner.error_bound:.2g} of {session.learner.aim}"
        print(f"{counters[0].sweeps:,} sweeps, {state}; {bound if math.isfinite(session.learner.error_bound) else 'no bound is proven'}.")
    for member, earned in enumerate(returns):
        if earned:
            last = earned[-100:]
            count = f"{counters[member].episodes:,} episodes, mean return of the last {len(last)}: {sum(last) / len(last):.4g}"
            print(count if len(returns) == 1 else f"Member {member}: {count}")
    if measured is not None:
        print(distance([each.gap for each in measured], [each.rms_error for each in measured]))
    for notice in session.learner.notices:
        print(f"{notice}.")
    if interrupted:
        print("Stopped by Ctrl-C.")
    if out is not None:
        print(f"The run is kept in {out}")
        if not session.finished:
            print(f"Go on with: python main.py train --resume {_quoted(out)}")


def distance(gaps: list[float], errors: list[float]) -> str:
    """How far the members are from the truth on average, as a sentence; NaN where it is not known."""
    gap, error = sum(gaps) / len(gaps), sum(errors) / len(errors)
    policy = "" if math.isnan(gap) else f"the greedy policy earns {gap:.3g} less than the optimal one, discounted; "
    if gap == 0:
        policy = "the greedy policy is optimal; "
    said = f"{policy}values are off by {error:.3g} (root mean square)."
    return said.capitalize() if len(gaps) == 1 else f"Mean of {len(gaps)} members: {said}"


def varied(assignments: list[str]) -> dict[str, Any]:
    """What `--vary` says of a run: the values of each member, and how many members that makes."""
    from core.config import read_value

    values: dict[str, list[Any]] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise ConfigError(f"'{assignment}' is not of the form key=value;value", where="--vary")
        values[name.strip()] = [read_value(part) for part in text.split(";")]
    return {"vary": values, "members": len(next(iter(values.values())))} if values else {}


def _spec(world: str | None, algorithm: str | None, preset: str | None, settings: list[str], rest: dict[str, Any]) -> "RunSpec":
    """The run that is asked for; a preset fills in what is not given."""
    from core import presets, registry
    from core.config import assign, build
    from core.formats.registry import open_any
    from core.runs.spec import RunSpec

    given: dict[str, Any] = {}
    config: dict[str, Any] = {}
    if preset is not None:
        found = presets.preset(preset)
        world, algorithm, config = world or found.world, algorithm or found.algorithm, found.config
        given = found.model_dump(include={"members"}, exclude_none=True)
        if not rest.keys() & {"steps", "episodes"}:
            given |= {"steps": found.steps, "episodes": found.episodes}
    if world is None or algorithm is None:
        what = "a world, such as grid/lecture-3x4" if world is None else "an algorithm, such as --algorithm q-learning"
        raise ConfigError(f"train needs {what}", remedy=f"See: python main.py list {'worlds' if world is None else 'algorithms'}")
    model = registry.algorithm(algorithm).config
    config = assign(model, settings, build(model, config, f"--preset {preset}")).model_dump(mode="json")
    chosen = {"world": open_any(world).world, "world_name": world, "algorithm": algorithm, "config": config}
    return build(RunSpec, chosen | given | rest)


def _name_preset(spec: "RunSpec") -> None:
    """Say that there are settings made for this world, with which the studio would begin: here nothing is taken that was not named."""
    from core import presets

    usual = presets.usual(spec.algorithm, spec.world_name)
    if usual is not None:
        print(f"With the algorithm's own settings; for those made for this world add --preset {usual}", file=sys.stderr)


def _new(spec: "RunSpec", trust: bool) -> "Session":
    from core.runs.memory import made
    from core.runs.session import Session

    allow(spec.world, trust)
    return made(lambda changes: Session(spec.model_copy(update=changes)), say)


def _resumed(run: Path, limits: dict[str, Any], trust: bool) -> "Session":
    from core.runs import folder
    from core.runs.memory import made

    allow(folder.spec_of(run).world, trust)
    session = made(lambda changes: folder.resume(run, **limits | changes), say)
    if session.finished:
        session.close()
        raise RunError(
            f"this run has ended, after {session.units:,} {session.learner.unit}s",
            where=str(run),
            remedy="Give a larger total with --steps or --episodes",
        )
    return session


def _free(out: Path | None, overwrite: bool) -> Path | None:
    """`out`, where a run may be put there."""
    if out is not None and out.is_file():
        raise RunError("this is a file, not a folder", where=str(out), remedy="Choose another folder")
    if out is not None and (out / "run.json").exists() and not overwrite:
        raise RunError("there is a run here already", where=str(out), remedy="Choose another folder, or add --resume or --overwrite")
    return out


def _quoted(path: Path) -> str:
    return f'"{path}"' if " " in str(path) else str(path)
