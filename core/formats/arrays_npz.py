"""Dense arrays as pymdptoolbox has them, in one .npz: P [A, S, S] and R [S], [S, A] or [A, S, S].

Read are, too, where they are there: `layout` ("ASS", or "SAS" for P and R with states first), `available` [S, A] bool,
`state_names`, `action_names`, `start` [S], `discount` and `step_limit`; all of them are written. P is complete, as pymdptoolbox
wants it: terminal states lead to themselves, and an unavailable action does what the first available one does; `available`
tells which those are. Nothing is unpickled, and sizes are checked before anything is loaded.
"""

import io
import math
import zipfile
import zlib
from typing import Any

import numpy as np

from core.errors import WorldError
from core.formats.format import Format, Found
from core.formats.tables import Rows, plain, plain_loses, table, without_standstill
from core.worlds.mdp import FiniteMDP
from core.worlds.world import World

MOST = 2**24
"""Numbers of one array at most: 128 MiB."""
KINDS = {
    "P": "fiub", "R": "fiub", "layout": "U", "available": "biu", "state_names": "U", "action_names": "U", "start": "fiu", "discount": "fiu",
    "step_limit": "iu",
}  # fmt: skip
"""What is read, and as what kinds of numbers."""


def read(data: bytes, where: str) -> Found:
    """The table of the arrays; a state where every action stays for nothing is terminal unless `available` tells."""
    arrays = _arrays(data, where)
    for name in ("P", "R"):
        if name not in arrays:
            raise WorldError(f"there is no array {name}", where=where, remedy="P holds probabilities [A, S, S], R rewards")
    layout = str(arrays.get("layout", np.array("ASS")))
    if layout not in ("ASS", "SAS"):
        raise WorldError(f"the layout '{layout[:20]}' is neither ASS nor SAS", where=where, remedy="Take out the array layout for ASS")
    p, r = arrays["P"].astype(np.float64), arrays["R"].astype(np.float64)
    if layout == "ASS" and p.ndim == 3:
        p = p.transpose(1, 0, 2)
    if layout == "ASS" and r.ndim == 3:
        r = r.transpose(1, 0, 2)
    if p.ndim != 3 or p.shape[0] != p.shape[2] or not p.size:
        raise WorldError(f"P of shape {list(arrays['P'].shape)} is not {'[A, S, S]' if layout == 'ASS' else '[S, A, S]'}", where=where)
    count, actions = p.shape[:2]
    states = _names(arrays, "state_names", count, where)
    named = _names(arrays, "action_names", actions, where)
    state, action, following = np.nonzero(p)
    rows = Rows(state, action, following, p[state, action, following], _rewards(r, state, action, following, (count, actions), where),
                np.zeros(len(state), bool))  # fmt: skip
    if "available" in arrays:
        available = arrays["available"].astype(bool)
        if available.shape != (count, actions):
            raise WorldError(f"available has the shape {list(available.shape)}, not {[count, actions]}", where=where)
        kept = available[state, action]
        rows = rows.where(kept)
    else:
        rows = without_standstill(rows)
    rest: dict[str, Any] = {}
    for name, plainly in (("discount", float), ("step_limit", int)):
        if name in arrays:
            if arrays[name].size != 1:
                raise WorldError(f"{name} must be one number", where=where)
            rest[name] = plainly(arrays[name].item())
    if "start" in arrays and arrays["start"].shape != (count,):
        raise WorldError(f"start has the shape {list(arrays['start'].shape)}, not {[count]}", where=where)
    return Found(table(where, states, named, rows, arrays.get("start"), **rest))


def write(world: World, name: str) -> bytes:
    """P and R in the layout ASS, and all that they do not say."""
    mdp = world.compile()
    _fits(mdp)
    told = plain(mdp, complete=True)
    p = np.zeros((len(told.actions), len(told.states), len(told.states)))
    r = np.zeros_like(p)
    rows = told.rows
    p[rows.action, rows.state, rows.next_state] = rows.probability
    r[rows.action, rows.state, rows.next_state] = rows.reward
    file = io.BytesIO()
    np.savez_compressed(
        file, P=p, R=r, layout=np.array("ASS"), available=told.available, state_names=np.array(told.states), start=told.start,
        action_names=np.array(told.actions), discount=np.float64(mdp.discount), step_limit=np.int64(mdp.step_limit),
    )  # fmt: skip
    return file.getvalue()


def loses(world: World) -> list[str]:
    """What `plain` leaves out."""
    return plain_loses(world.compile())


def _fits(mdp: FiniteMDP) -> None:
    if (mdp.states + 1) ** 2 * mdp.actions > MOST:
        raise WorldError(
            f"{mdp.states:,} states and {mdp.actions:,} actions make arrays of {mdp.states**2 * mdp.actions:,} numbers",
            remedy=f"Choose a format that writes transitions one by one; an array may have {MOST:,} numbers",
        )


def _arrays(data: bytes, where: str) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays that we know by name, each checked before it is loaded."""
    found = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            for name, kinds in KINDS.items():
                if f"{name}.npy" in parts.namelist():
                    with parts.open(f"{name}.npy") as part:
                        found[name] = _array(part, name, kinds, where)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError, ValueError, KeyError) as error:
        raise WorldError("this is no file of arrays, or a damaged one", where=where, remedy="Write it with numpy.savez") from error
    return found


def _array(part: Any, name: str, kinds: str, where: str) -> np.ndarray[Any, Any]:
    """One array, none of it pickled; WorldError where it is too large or of another kind, told by its header."""
    version = np.lib.format.read_magic(part)
    reader = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}.get(version)
    if reader is None:
        raise WorldError(f"{name} is written in a way that is not known here", where=where, remedy="Write it with numpy.savez")
    try:
        shape, fortran, dtype = reader(part)
    except Exception as error:  # of a damaged header numpy raises whatever tokenizing, parsing or the type of numbers raises
        raise ValueError(str(error)) from None
    if dtype.kind not in kinds or dtype.hasobject:
        raise WorldError(f"{name} holds {dtype}, which is not read", where=where, remedy="Use plain numbers, and texts for names")
    count = math.prod(shape)
    if any(side < 0 for side in shape) or count > MOST or count * dtype.itemsize > 8 * MOST:
        raise WorldError(f"{name} has the shape {_shape(shape)}, too large for arrays", where=where, remedy=f"At most {MOST:,} numbers")
    raw = part.read(count * dtype.itemsize + 1)
    if len(raw) != count * dtype.itemsize:
        raise WorldError(f"{name} is cut short or too long", where=where, remedy="Write it with numpy.savez")
    return np.frombuffer(raw, dtype).reshape(shape, order="F" if fortran else "C")


def _shape(shape: tuple[int, ...]) -> str:
    text = str(list(shape))
    return text if len(text) < 60 else text[:60] + "…"


def _names(arrays: dict[str, np.ndarray[Any, Any]], name: str, count: int, where: str) -> tuple[str, ...]:
    if name not in arrays:
        return tuple(map(str, range(count)))
    if arrays[name].shape != (count,):
        raise WorldError(f"{name} has the shape {list(arrays[name].shape)}, not {[count]}", where=where)
    try:
        return tuple(arrays[name].tolist())
    except (ValueError, UnicodeError):
        raise WorldError(f"{name} holds what is no text", where=where) from None


def _rewards(r: Any, state: Any, action: Any, following: Any, shape: tuple[int, int], where: str) -> Any:
    if r.shape == shape[:1]:
        return r[state]
    if r.shape == shape:
        return r[state, action]
    if r.shape == (*shape, shape[0]):
        return r[state, action, following]
    raise WorldError(f"R of shape {list(r.shape)} fits neither [S] nor [S, A] nor P, with S = {shape[0]} and A = {shape[1]}", where=where)


FORMAT = Format(
    name="arrays",
    title="Arrays (numpy)",
    description="Dense arrays P and R as pymdptoolbox has them, in a .npz.",
    extensions=(".npz",),
    read=read,
    write=write,
    loses=loses,
    text=False,
    order=60,
)
