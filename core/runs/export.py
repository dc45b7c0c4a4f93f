"""What a run measured, for other programs: a CSV for each channel, or the event files that TensorBoard reads; and what it learned, as
safetensors."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from core.errors import MissingPart, RunError
from core.files import replacing
from core.history import Columns
from core.learner import UNBOUNDED
from core.runs import folder

AXES = ("step", "backups", "units")
"""The columns that say where in the run a row is, in order of preference; else its number."""


def to_csv(run: Path, target: Path) -> list[Path]:
    """Write every channel of a kept run as `channel.csv`, a row for each row, numbers as they are read back exactly.

    Raises:
        RunError: where the run cannot be read or the target cannot be written.
    """
    _, history = folder.recorded(run)
    written = []
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, columns in history.items():
            if columns:
                file = target / f"{name}.csv"
                file_rows = zip(*(column.tolist() for column in columns.values()), strict=True)
                with replacing(file) as out:
                    lines = csv.writer(_Encoded(out), lineterminator="\n")
                    lines.writerow(columns)
                    lines.writerows(file_rows)
                written.append(file)
    except OSError as error:
        raise RunError(f"the measurements cannot be written ({error.strerror})", where=str(target)) from error
    return written


def to_tensorboard(run: Path, target: Path) -> list[Path]:
    """Write the numbers of every channel as scalars `channel/column`, over steps where they are known; members in folders of their own.

    Raises:
        MissingPart: where the package tensorboard is not installed.
        RunError: where the run cannot be read or the target cannot be written.
    """
    try:
        from torch.utils.tensorboard.writer import SummaryWriter
    except ImportError:
        raise MissingPart("TensorBoard's files need the package 'tensorboard', which is not installed here",
                          remedy="Install it with: pip install tensorboard") from None  # fmt: skip
    _, history = folder.recorded(run)
    try:
        for member in _members(history):
            with SummaryWriter(str(target / f"member {member}")) as writer:
                for name, columns in history.items():
                    for column, at, values in _scalars(columns, member):
                        for step, value in zip(at, values, strict=True):
                            writer.add_scalar(f"{name}/{column}", value, step)
    except OSError as error:
        raise RunError(f"the measurements cannot be written ({error.strerror})", where=str(target)) from error
    return sorted(target.rglob("events.out.tfevents.*"))


def to_safetensors(run: Path, target: Path) -> list[Path]:
    """Write the network that each member plays as `member k.safetensors`: arrays as torch.nn names them, and what the layers are.

    Raises:
        RunError: where the run cannot be read, has no network, or the target cannot be written.
    """
    from safetensors.numpy import save

    from core.deep.engine.player import NetworkPlayer
    from core.deep.engine.tensors import OURS, named

    session = folder.resume(run)
    written = []
    try:
        learner, spec = session.learner, session.spec
        if not isinstance(learner, NetworkPlayer):
            raise RunError("only runs with a network have weights", where=str(run), remedy="Export its measurements as CSV")
        target.mkdir(parents=True, exist_ok=True)
        for member in range(spec.members):
            network = learner.policy(member, f"Valuescape, {spec.algorithm}")
            told = {"world_name": spec.world_name, "num_timesteps": session.units, "gamma": learner.discounts[member]}
            said = network.model_dump(mode="json", exclude={"numbers", "said"}) | told
            file = target / f"member {member}.safetensors"
            with replacing(file) as out:
                out.write(save(named(network.blueprint, network.parameters), {"format": "pt", OURS: json.dumps(said)}))
            written.append(file)
    except OSError as error:
        raise RunError(f"the weights cannot be written ({error.strerror})", where=str(target)) from error
    finally:
        session.close()
    return written


KINDS = {"csv": to_csv, "tensorboard": to_tensorboard, "safetensors": to_safetensors}


class _Encoded:
    """What csv writes to, in UTF-8."""

    def __init__(self, file: object) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode())  # type: ignore[attr-defined]


def _members(history: Mapping[str, Columns]) -> list[int]:
    numbers = [columns["member"] for columns in history.values() if "member" in columns]
    return np.unique(np.concatenate(numbers)).tolist() if numbers else [0]


def _scalars(columns: Columns, member: int) -> list[tuple[str, list[int], list[float]]]:
    """(column, where, values) of the numbers of a member; those of no member are the first one's."""
    if not columns or ("member" not in columns and member):
        return []
    first = next(iter(columns))
    axis = next((name for name in AXES if name in columns), first)
    mine = columns["member"] == member if "member" in columns else np.ones(len(columns[first]), bool)
    found = []
    for name, values in columns.items():
        if name in (axis, first, "member") or values.dtype.kind not in "fiub" or values.ndim > 1:
            continue
        use = mine & np.isfinite(values) & (columns[axis] < UNBOUNDED)
        found.append((name, columns[axis][use].astype(int).tolist(), values[use].astype(float).tolist()))
    return found
