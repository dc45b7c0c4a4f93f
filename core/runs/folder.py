"""A run on disk: run.json says what it is, one npz beside it holds every array. Nothing in it can be executed.

run.json names its checkpoint and is replaced last, so a save that is cut short leaves the run as it was before.

Formats: 1 of before tabular kernels drew their own numbers and deep learners kept the discount with each transition: many such runs cannot
go on, but can be read. 2 now.
"""

import json
import math
import os
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np

from core.config import build
from core.errors import RunError, ValuescapeError
from core.files import replacing, sweep
from core.history import Columns, History
from core.learner import State
from core.memory import usable_memory
from core.runs.again import elsewhere
from core.runs.keyframes import Keyframe
from core.runs.scores import returns_of
from core.runs.session import Session, changes_in
from core.runs.spec import RunSpec
from core.system import versions
from core.worlds.world import hash_of

FORMAT = 2
DAMAGE = (ValueError, StopIteration, LookupError, TypeError, AttributeError, EOFError, ArithmeticError, MemoryError, RuntimeError,
          zipfile.BadZipFile, zlib.error, struct.error)  # fmt: skip
"""What reading a damaged checkpoint raises."""

_ARRAY = "$array"
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Kept:
    """A run at one moment, apart from its session: any thread may write it.

    Attributes:
        spec: what it was made from.
        state: of the session; nothing of it changes as the session goes on.
        pace: by the clock.
        device: where it was trained, as a person reads it.
        units, boundaries: of work done.
        finished: whether its limit was reached.
    """

    spec: RunSpec
    state: State
    pace: Columns
    device: str
    units: int
    boundaries: int
    finished: bool


def taken(session: Session, at: Keyframe | None = None) -> Kept:
    """The run as it is now, or as it was in a kept state; in the session's own thread."""
    where = at or session
    return Kept(
        session.spec, session.state() if at is None else at.state, session.history.pace.view(), session.learner.device, where.units,
        where.boundaries, at is None and session.finished,
    )  # fmt: skip


def save(session: Session, folder: Path) -> None:
    """Write the run, replacing an earlier state of it; RunError where the folder cannot be written."""
    write(taken(session), folder)


def write(kept: Kept, folder: Path, automatic: bool = False) -> None:
    """Write a run, replacing an earlier state of it.

    Args:
        kept: the run.
        folder: made where it is missing.
        automatic: whether nobody asked for it, so that it may make room for newer ones one day.

    Raises:
        RunError: where the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, np.ndarray[Any, Any]] = {}
        tree = _take_arrays(kept.state, "", arrays)
        pace = _take_arrays(dict(kept.pace), "pace/", arrays)
        sweep(folder, ".checkpoint-")
        name = _free_name(folder, f"checkpoint-{kept.units}-{os.getpid()}")
        with replacing(folder / name) as file:
            _write_arrays(file, arrays)
        described = {
            "format": FORMAT,
            "spec": kept.spec.model_dump(mode="json"),
            "world_hash": hash_of(kept.spec.world),
            "versions": versions(),
            "device": kept.device,
            "units": kept.units,
            "boundaries": kept.boundaries,
            "finished": kept.finished,
            "saved": time.time(),
            "score": _score(kept.state),
            "automatic": folder.name if automatic else None,
            "checkpoint": name,
            "state": tree,
            "pace": pace,
        }
        with replacing(folder / "run.json") as file:
            file.write(json.dumps(described, indent=1, ensure_ascii=False).encode())
        for old in folder.glob("checkpoint-*.npz"):
            if old.name != name:
                old.unlink()
    except OSError as error:
        raise RunError(
            f"the run cannot be saved ({error.strerror})", where=str(folder), remedy="Choose another folder or free some space"
        ) from error


def _free_name(folder: Path, base: str) -> str:
    """A checkpoint's: that which run.json names stays as it is until another run.json takes its place."""
    names = (f"{base}-{number}.npz" if number else f"{base}.npz" for number in count())
    return next(name for name in names if not (folder / name).exists())


def describe(folder: Path) -> dict[str, Any]:
    """What run.json says; RunError where there is none or it is damaged."""
    file = folder / "run.json"
    try:
        described = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RunError(
            "there is no run here (no run.json)", where=str(folder), remedy="Make one with: python main.py train ... --out DIR"
        ) from None
    except OSError as error:
        raise RunError(f"it cannot be opened ({error.strerror})", where=str(file)) from None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise RunError("the run's description is damaged", where=str(file)) from None
    if not isinstance(described, dict) or not isinstance(described.get("format"), int):
        raise RunError("the run's description is damaged", where=str(file))
    if described["format"] > FORMAT:
        raise RunError(
            f"it was saved by a newer Valuescape (format {described['format']})", where=str(file), remedy="Update Valuescape to open it"
        )
    return described


def spec_of(folder: Path) -> RunSpec:
    """What the run was made from."""
    return build(RunSpec, describe(folder).get("spec", {}), str(folder / "run.json"))


def resume(folder: Path, **changes: Any) -> Session:
    """The run as it was saved, ready to go on; RunError where a file is missing or damaged.

    Args:
        folder: where it was saved.
        changes: fields of its `RunSpec` to go on with instead, such as steps; another device is a change of the run from there on.
    """
    described = describe(folder)
    spec = build(RunSpec, described.get("spec", {}), str(folder / "run.json"))
    device = changes.pop("device", None)
    if changes:
        spec = build(RunSpec, spec.model_dump() | changes)

    def resumed(state: State, pace: State | None) -> Session:
        there = spec.after(changes_in(spec, state)).device
        session = Session.resume(*((spec, state) if device in (None, there) else elsewhere(spec, state, device)))
        if pace is not None:
            session.history.pace.restore(pace, session.units)
        return session

    return _read(folder, described, resumed)


def recorded(folder: Path) -> tuple[RunSpec, Mapping[str, Columns]]:
    """What a run was made from and what it measured, without building its learner; RunError where a file is missing or damaged."""
    described = describe(folder)

    def view(state: State, pace: State | None) -> Mapping[str, Columns]:
        history = History()
        history.restore(state["history"])
        if pace is not None:
            history.pace.restore(pace, int(state["units"]))
        return history.view()

    return build(RunSpec, described.get("spec", {}), str(folder / "run.json")), _read(folder, described, view)


def _read(folder: Path, described: dict[str, Any], use: Callable[[State, State | None], T]) -> T:
    """What `use` makes of the state and the pace in a run's checkpoint."""
    checkpoint = folder / Path(str(described.get("checkpoint"))).name
    try:
        with checkpoint.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            _refuse_too_large(checkpoint, arrays.zip)
            return use(_give_arrays(described.get("state"), arrays), _give_arrays(described.get("pace"), arrays))
    except ValuescapeError:
        raise
    except OSError as error:
        raise RunError(f"the run's checkpoint cannot be opened ({error.strerror})", where=str(checkpoint)) from None
    except DAMAGE as error:
        if described["format"] < FORMAT:
            raise RunError(
                f"it was saved by an older Valuescape (format {described['format']}), and this one cannot go on with it",
                where=str(folder), remedy="Train it again from its settings: in the list of runs, choose New run like it",
            ) from error  # fmt: skip
        raise RunError(f"the run's checkpoint is damaged ({error})", where=str(checkpoint)) from error


def _refuse_too_large(checkpoint: Path, zipped: zipfile.ZipFile) -> None:
    """A few bytes of a zip may stand for more zeros than there is memory."""
    needed, there = sum(part.file_size for part in zipped.infolist()), usable_memory()
    if needed > there:
        raise RunError(f"the run needs {needed >> 20:,} MiB of memory, and this machine has {there >> 20:,}", where=str(checkpoint))


def _write_arrays(file: BinaryIO, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
    """As `numpy.savez_compressed` does, at the least effort of compression: a fifth of the time, for files a tenth larger."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, np.asarray(array), allow_pickle=False)


def _score(state: State) -> float | None:
    """The mean over members of their last 100 returns; None where no episode has ended."""
    history = History()
    history.restore(state["history"])
    finals = [member.final for member in returns_of(history.view())]
    score = math.fsum(finals) / len(finals) if finals else math.nan
    return score if math.isfinite(score) else None


def _take_arrays(tree: Any, path: str, arrays: dict[str, np.ndarray[Any, Any]]) -> Any:
    if isinstance(tree, dict):
        return {key: _take_arrays(value, f"{path}{key}/", arrays) for key, value in tree.items()}
    if isinstance(tree, np.ndarray):
        arrays[path.rstrip("/")] = tree
        return {_ARRAY: path.rstrip("/")}
    if isinstance(tree, np.generic):
        return tree.item()
    return tree


def _give_arrays(tree: Any, arrays: Any) -> State | Any:
    if isinstance(tree, dict):
        if _ARRAY in tree:
            return arrays[tree[_ARRAY]]
        return {key: _give_arrays(value, arrays) for key, value in tree.items()}
    return tree
