"""Updates of members a second on CartPole: K networks of 64×64, batch 32, an update every step, on the best device there is.

    python benchmarks/members.py [members ...]

Beside it, the same played environment by environment, as any other world is; the best of `ROUNDS` turns that both take one after the
other. On a processor one thread and its processor time, on a GPU the clock. Target: 1,000,000 a second for 1,024 members on a GPU.
"""

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1]))

import torch

from core import devices
from core.deep.engine import fleet
from core.deep.engine.learner import DeepQLearner
from core.learner import Budget, Learner, Task
from core.registry import algorithm
from core.worlds.library import open_world

MEMBERS = 1, 8, 16, 64, 1024
ROUNDS = 4
SETTINGS = {
    "widths": (64, 64), "batch_size": 32, "train_every": 1, "learning_starts": 100, "buffer_size": 10_000, "learning_rate": 1e-3,
    "epsilon": 0.1, "target_every": 500, "double": False, "loss": "huber",
}  # fmt: skip
STEPS = 128
"""Of a turn, in two stretches."""


def made(members: int, device: torch.device, on_device: bool) -> DeepQLearner:
    """A learner that has begun, and plays on the device or environment by environment."""
    dqn = algorithm("dqn")
    fleet.FEWEST = 1
    learner = dqn.build(Task(open_world("gym:CartPole-v1"), dqn.config(**SETTINGS), members=members, device=str(device)))
    assert isinstance(learner, DeepQLearner) and learner.fleet is not None
    if not on_device:
        learner.fleet = None
    learner.advance(Budget(STEPS + 100))
    return learner


def rate(learner: Learner, members: int, on_gpu: bool) -> float:
    """Member-updates a second of one turn."""
    clock = time.perf_counter if on_gpu else time.process_time
    began = clock()
    learner.advance(Budget(STEPS))
    if on_gpu:
        torch.cuda.synchronize()
    return members * STEPS / (clock() - began)


def main(arguments: list[str]) -> None:
    device = devices.choose("auto" if torch.cuda.is_available() else "cpu")
    print(f"on {devices.describe(device, 1)}")
    print(f"{'members':>7} {'updates/s':>12} {'one by one':>12} {'ratio':>6}")
    for members in map(int, arguments or map(str, MEMBERS)):
        learners = [made(members, device, on_device) for on_device in (True, False)]
        best = [0.0, 0.0]
        for _ in range(ROUNDS):
            best = [max(least, rate(learner, members, device.type == "cuda")) for least, learner in zip(best, learners, strict=True)]
        print(f"{members:7,} {best[0]:12,.0f} {best[1]:12,.0f} {best[0] / best[1]:6.2f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
