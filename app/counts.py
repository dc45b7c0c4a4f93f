"""What runs and worlds count, in words: one of it, many of it."""

from app.text import tr

ONE = {
    "step": "{count} step",
    "backup": "{count} backup",
    "solve": "{count} solve",
    "episode": "{count} episode",
    "sweep": "{count} sweep",
    "iteration": "{count} iteration",
    "stage": "{count} stage",
    "state": "{count} state",
    "action": "{count} action",
    "row": "{count} row",
    "problem": "{count} problem",
}
MANY = {
    "step": "{count} steps",
    "backup": "{count} backups",
    "solve": "{count} solves",
    "episode": "{count} episodes",
    "sweep": "{count} sweeps",
    "iteration": "{count} iterations",
    "stage": "{count} stages",
    "state": "{count} states",
    "action": "{count} actions",
    "row": "{count} rows",
    "problem": "{count} problems",
}
FAR = {
    "episode": "Step to the end of the episode",
    "sweep": "Step to the end of the sweep",
    "iteration": "Step to the end of the iteration",
    "stage": "Step to the end of the stage",
    "solve": "Step to the end of the solve",
}


def counted(count: int | str, what: str) -> str:
    """A number of what there is one or many of; a text stands for a number already written out."""
    if count == 1:
        return tr(ONE[what], count=count)
    return tr(MANY[what], count=f"{count:,}" if isinstance(count, int) else count)


def far(boundary: str) -> str:
    """What the step to the next boundary is called."""
    return tr(FAR[boundary])


def planning(unit: str) -> bool:
    """Whether it is a planner that counts so."""
    return unit in ("backup", "solve")
