"""What the shipped settings learn: greedy returns of ten seeds after so many steps, from 100 fresh starts each.

    python benchmarks/learning.py [--seed ROOT] [CASE ...]

The ten seeds are ten members of one run of root seed 0, on which settings were chosen; other roots tell what they owe to that choice. Mean
and interquartile mean are over seeds, the interval is the 95 % bootstrap interval of the mean (Agarwal et al. 2021). What is measured is
the last network, or the average of networks that a preset asks for, not the best one met on the way.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

SEEDS, STARTS = 10, 100
CASES: dict[str, tuple[str, str | None, str, tuple[int, ...], str]] = {
    "cartpole": ("dqn", "cartpole", "gym:CartPole-v1", (20_000, 50_000), "500 on 9 seeds, then on 10"),
    "cartpole-far-sighted": ("dqn", "cartpole-far-sighted", "gym:CartPole-v1", (20_000, 50_000), "500 on 9 seeds, then on 10"),
    "cartpole-rainbow": ("rainbow", "cartpole-rainbow", "gym:CartPole-v1", (20_000, 40_000), ""),
    "cartpole-pqn": ("pqn", "cartpole-pqn", "gym:CartPole-v1", (20_000, 50_000), ""),
    "cartpole-defaults": ("dqn", None, "gym:CartPole-v1", (20_000, 50_000), ""),
    "lunar-lander": ("dqn", "lunar-lander", "gym:LunarLander-v3", (100_000, 300_000), "220, then 250; published DQN 154"),
    "acrobot": ("dqn", "acrobot", "gym:Acrobot-v1", (100_000,), "-80"),
    "mountain-car": ("dqn", "mountain-car", "gym:MountainCar-v0", (60_000, 120_000), "-105"),
}
"""Algorithm, preset, world, steps at which to look, target."""


def interquartile_mean(scores: Any) -> float:
    """Mean of the middle half."""
    ordered = np.sort(scores)
    cut = len(ordered) // 4
    return float(ordered[cut : len(ordered) - cut].mean())


def interval(scores: Any) -> tuple[float, float]:
    """95 % bootstrap interval of the mean."""
    stream = np.random.default_rng(0)
    means = stream.choice(scores, (10_000, len(scores))).mean(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def measure(case: str, seed: int) -> None:
    from core import presets
    from core.learner import Budget
    from core.runs.evaluation import evaluate
    from core.runs.session import Session
    from core.runs.spec import RunSpec
    from core.worlds.library import open_world

    algorithm, preset, name, milestones, target = CASES[case]
    config = presets.preset(preset).config if preset else {}
    world, most = open_world(name), max(milestones)
    spec = RunSpec(world=world, algorithm=algorithm, config=config, seed=seed, members=SEEDS, steps=most, device="cpu")
    session = Session(spec)
    began = time.perf_counter()
    for steps in milestones:
        while session.units < steps:
            session.advance(Budget(steps - session.units))
        took = time.perf_counter() - began
        scores = np.array([np.mean(evaluate(session.learner, world, STARTS, 1, member)) for member in range(SEEDS)])
        low, high = interval(scores)
        print(
            f"{case:18} {steps:8,} {scores.mean():8.1f} {interquartile_mean(scores):8.1f} {low:8.1f} to {high:6.1f} {scores.min():8.1f}"
            f" {took:7.0f} s   {target}   ({' '.join(f'{score:.1f}' for score in scores)})",
            flush=True,
        )
    session.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", nargs="*", metavar="CASE", default=list(CASES))
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    print(f"commit {commit}, root seed {arguments.seed}, {SEEDS} seeds as one batch, {STARTS} greedy starts each")
    print(f"{'':18} {'steps':>8} {'mean':>8} {'IQM':>8} {'95 % interval':>18} {'least':>8}")
    for case in arguments.cases:
        measure(case, arguments.seed)


if __name__ == "__main__":
    main()
