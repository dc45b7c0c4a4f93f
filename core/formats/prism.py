"""Explicit files of the model checker PRISM (https://www.prismmodelchecker.org/manual/Appendices/ExplicitModelFiles), to be written only.

A zip, or a folder, of name.sta, name.tra, name.lab and name.trew; `prism -importmodel name.all -mdp` reads them. Labels:
"init" where an episode may start, "end" where it is over.
"""

import io
import re
import zipfile

import numpy as np

from core.formats.format import Format
from core.formats.tables import names_lost, plain, plain_loses
from core.worlds.mdp import FiniteMDP
from core.worlds.world import World


def write(world: World, name: str) -> bytes:
    """A zip of the four files."""
    mdp = world.compile()
    told = plain(mdp, complete=False)
    rows = told.rows
    count = len(told.states)
    new_pair = np.append(True, (np.diff(rows.state) != 0) | (np.diff(rows.action) != 0))
    pair = np.cumsum(new_pair) - 1
    first = np.searchsorted(rows.state, np.arange(count))
    choice = pair - pair[first][rows.state]
    actions = _spelt(told.actions)
    head = f"{count} {int(pair[-1]) + 1}"
    columns = (rows.state, choice, rows.next_state, rows.probability, rows.reward, rows.action)
    lines = list(zip(*(column.tolist() for column in columns), strict=True))
    tra = [f"{head} {len(pair)}"] + [f"{s} {c} {n} {p!r} {actions[a]}" for s, c, n, p, _, a in lines]
    paid = [f"{s} {c} {n} {r!r}" for s, c, n, _, r, _ in lines if r]
    trew = ['# Reward structure "reward"', "# Transition rewards", f"{head} {len(paid)}", *paid]
    labels = [(number, [text for text, has in (("0", start > 0), ("2", over)) if has])
              for number, (start, over) in enumerate(zip(told.start.tolist(), told.terminal.tolist(), strict=True))]  # fmt: skip
    lab = ['0="init" 1="deadlock" 2="end"'] + [f"{number}: {' '.join(texts)}" for number, texts in labels if texts]
    sta = ["(s)"] + [f"{number}:({number})" for number in range(count)]
    file = io.BytesIO()
    base = re.sub(r"[^A-Za-z0-9_.-]", "_", name) or "model"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for ending, content in (("sta", sta), ("tra", tra), ("lab", lab), ("trew", trew)):
            parts.writestr(zipfile.ZipInfo(f"{base}.{ending}"), "\n".join(content) + "\n", zipfile.ZIP_DEFLATED)
    return file.getvalue()


def loses(world: World) -> list[str]:
    """Discount, step limit, names and start probabilities; and that PRISM wants rewards not below 0."""
    mdp: FiniteMDP = world.compile()
    lost = plain_loses(mdp)
    lost += [line for line in names_lost(mdp) if "states" in line]
    lost.append(f"The discount, {mdp.discount:g}, is not kept.")
    if mdp.step_limit:
        lost.append(f"The step limit, {mdp.step_limit:,} steps, is not kept.")
    if (mdp.start > 0).sum() > 1:
        lost.append("Several states are marked as initial; how often an episode starts in each is not kept.")
    if (mdp.reward < 0).any():
        lost.append("Some rewards are below 0, which PRISM does not compute with.")
    return lost


def _spelt(names: tuple[str, ...]) -> list[str]:
    """Names as PRISM writes them: letters, digits and _, none twice."""
    found: list[str] = []
    for number, name in enumerate(names):
        spelt = re.sub(r"[^A-Za-z0-9_]", "_", name)
        spelt = spelt if re.match(r"[A-Za-z_]*[A-Za-z]", spelt) and not spelt[0].isdigit() else f"a{number}"
        found.append(spelt if spelt not in found else f"a{number}")
    return found


FORMAT = Format(
    name="prism",
    title="PRISM explicit files",
    description="States, transitions, labels and rewards for the model checker PRISM, as a zip or a folder.",
    extensions=(".prism.zip",),
    write=write,
    loses=loses,
    text=False,
    folder=True,
    order=80,
)
