"""Tabular speed and memory beside peers: a dictionary loop as textbooks write it, pymdptoolbox, QuantEcon.

    pip install -c constraints.txt -e ".[peers]"
    python benchmarks/tabular.py [q-learning | planning | scaling]

Every planning figure is a process of its own that reads the same transitions from a file, builds its library's model and
plans to a tolerance of 1e-6; memory is the peak of the process over what it held before building. Peers are run at their
best method; what they reach is compared with our values. Targets: Q-learning 200 times the textbook's loop; value iteration to 1e-6
five times as fast as pymdptoolbox, twice as fast as QuantEcon's best, with a third of their memory.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from benchmarks.loops import inlined_loop, textbook, tutorial_loop

DISCOUNT, TOLERANCE = 0.95, 1e-6
clock = time.perf_counter
"""What planning is timed with: on one core, the thread's own time, so that other work on the machine does not count."""
PATIENCE = 200
"""Seconds after which a peer is given up."""
PLANNERS = (
    "ours value-iteration", "ours value-iteration, 2 cores", "ours gauss-seidel", "ours modified-policy-iteration, 3 sweeps",
    "ours modified-policy-iteration, 3 sweeps, 2 cores", "pymdptoolbox PolicyIterationModified", "pymdptoolbox ValueIteration",
    "QuantEcon mpi", "QuantEcon mpi, 8 sweeps", "QuantEcon vi", "QuantEcon pi",
)  # fmt: skip
"""Peers' own code runs on one core however many there are; so do ours where nothing is said. The evaluation sweeps of modified policy
iteration are each side's best on the garnet, of 2, 3, 4, 5, 8 and 12 for ours, of 3, 5, 8, 12, 20 (its own) and 40 for QuantEcon."""
WORLDS = {
    "grid 1000x1000, slippery": "make:field?rows=1000&columns=1000&slip=0.1",
    "garnet 100,000 x 10 x 10": "make:garnet?states=100000&actions=10&branching=10",
}


class Given:
    """A world that is a table already."""

    discount, finite, kind = DISCOUNT, True, "table"

    def __init__(self, mdp: Any) -> None:
        self.mdp = mdp

    def compile(self) -> Any:
        return self.mdp


def opened(name: str) -> Any:
    from core.worlds.library import open_world

    return open_world(name).compile()


# Q-learning


def kernel(name: str, settings: dict[str, object], steps: int) -> float:
    """Steps a second of our Q-learning, as a session runs it."""
    from core.learner import Budget
    from core.runs.session import Session
    from core.runs.spec import RunSpec
    from core.worlds.library import open_world

    session = Session(RunSpec(world=open_world(name), algorithm="q-learning", config=settings, steps=10**12))
    while session.units < 1_000_000:  # the world is solved on the way
        session.advance(Budget(1_000_000 - session.units))
    began = time.thread_time()
    session.advance(Budget(steps))
    return steps / (time.thread_time() - began)


def q_learning() -> None:
    print("steps a second of processor time, one thread, best of 5 by turns; in brackets, how many times the textbook's loop")
    print(f"{'Q-learning, 100x100':34} {'textbook':>10} {'inlined':>10} {'tutorial':>10} {'ours':>12}")
    for title, slip in (("sure steps", 0.0), ("slippery", 0.1)):
        name = f"make:field?rows=100&columns=100&slip={slip}"
        mdp = opened(name)
        sides = {
            "textbook": partial(textbook, 100, slip, mdp.discount, mdp.step_limit, 300_000),
            "inlined": partial(inlined_loop, mdp, 300_000),
            "tutorial": partial(tutorial_loop, mdp, 60_000),
            "constant α and ε": partial(kernel, name, {"step_size": 0.1, "epsilon": 0.1}, 20_000_000),
            "shipped settings": partial(kernel, name, {}, 20_000_000),
        }
        turns = [{side: measure() for side, measure in sides.items()} for _ in range(5)]
        best = {side: max(turn[side] for turn in turns) for side in sides}
        for what in ("constant α and ε", "shipped settings"):
            others = " ".join(f"{best[side]:10,.0f}" for side in ("textbook", "inlined", "tutorial"))
            print(f"{title + ', ' + what:34} {others} {best[what]:12,.0f}  ({best[what] / best['textbook']:.0f}x)", flush=True)


# Planning


def plan(method: str, file: Path) -> dict[str, float]:
    """Seconds and peak memory of one planner in this process, and its values in a file beside."""
    import psutil

    global clock
    clock = time.perf_counter if "2 cores" in method else time.thread_time
    prepare = ours if method.startswith("ours") else toolbox if method.startswith("pymdp") else quantecon
    rows = dict(np.load(file))
    if sys.platform == "linux" and method.startswith("ours"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: 2 if "2 cores" in method else 1])
    name, *details = method.split(maxsplit=1)[1].split(", ")
    sweeps = next((int(detail.split()[0]) for detail in details if detail.endswith("sweeps")), None)
    solve = prepare(name, sweeps) if sweeps else prepare(name)
    process = psutil.Process()
    before, peak, done = process.memory_info().rss, [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.005):
            peak[0] = max(peak[0], process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    built, solved, values = solve(rows)
    done.set()
    watcher.join()
    np.save(file.with_name("values.npy"), values)
    return {"build": built, "seconds": solved, "megabytes": (peak[0] - before) / 2**20}


def ours(method: str, sweeps: int = 5) -> Any:
    from core.learner import UNBOUNDED, Budget, Task
    from core.registry import algorithm
    from core.worlds.build import from_rows

    own = {"gauss-seidel": {"order": "gauss-seidel"}, "modified-policy-iteration": {"evaluation_sweeps": sweeps}}.get(method, {})
    chosen = algorithm("value-iteration" if method == "gauss-seidel" else method)

    tiny = opened("make:garnet?states=50&actions=3&branching=5")
    config = chosen.config(tolerance=TOLERANCE, discount=DISCOUNT, **own)
    chosen.build(Task(Given(tiny), config)).advance(Budget(UNBOUNDED))

    def solve(rows: dict[str, Any]) -> tuple[float, float, Any]:
        began = clock()
        states, actions = int(rows.pop("states")), int(rows.pop("actions"))
        mdp = from_rows(range(states), range(actions), **{name: rows.pop(name) for name in list(rows)}, discount=DISCOUNT)
        planner = chosen.build(Task(Given(mdp), config))
        built = clock()
        while not planner.advance(Budget(UNBOUNDED)).finished:
            pass
        return built - began, clock() - built, planner.snapshot().values

    return solve


def with_ends(rows: dict[str, Any]) -> dict[str, Any]:
    """Terminal states that stay where they are and earn nothing, as peers want them."""
    states, actions = int(rows.pop("states")), int(rows.pop("actions"))
    over = np.setdiff1d(np.arange(states), rows["state"])
    assert not rows["terminated"][~np.isin(rows["next_state"], over)].any()
    more = {"state": np.repeat(over, actions), "action": np.tile(np.arange(actions), len(over)), "next_state": np.repeat(over, actions)}
    more |= {"probability": np.ones(len(over) * actions), "reward": np.zeros(len(over) * actions)}
    return {name: np.concatenate([rows.pop(name), more[name]]) for name in more} | {"states": states, "actions": actions}


def toolbox(method: str) -> Any:
    import warnings

    import mdptoolbox.mdp
    import scipy.sparse as sp

    warnings.simplefilter("ignore")

    def solve(rows: dict[str, Any]) -> tuple[float, float, Any]:
        began = clock()
        rows = with_ends(rows)
        shape = rows["states"], rows["states"]
        p, r = [], np.zeros((rows["states"], rows["actions"]))
        for action in range(rows["actions"]):
            use = rows["action"] == action
            where = rows["state"][use], rows["next_state"][use]
            p.append(sp.csr_matrix((rows["probability"][use], where), shape))
            r[:, action] = np.bincount(where[0], rows["probability"][use] * rows["reward"][use], rows["states"])
        planner = getattr(mdptoolbox.mdp, method)(p, r, DISCOUNT, epsilon=TOLERANCE, max_iter=100_000)
        built = clock()
        planner.run()
        return built - began, clock() - built, np.array(planner.V)

    return solve


def quantecon(method: str, sweeps: int = 20) -> Any:
    import scipy.sparse as sp
    from quantecon.markov import DiscreteDP

    tiny = DiscreteDP(np.array([1.0, 0.0]), sp.csr_matrix(np.eye(2)), 0.9, np.array([0, 1]), np.array([0, 0]))
    tiny.solve(method=method, epsilon=TOLERANCE)

    def solve(rows: dict[str, Any]) -> tuple[float, float, Any]:
        began = clock()
        rows = with_ends(rows)
        pair = rows["state"] * rows["actions"] + rows["action"]
        pairs = rows["states"] * rows["actions"]
        q = sp.csr_matrix((rows["probability"], (pair, rows["next_state"])), (pairs, rows["states"]))
        r = np.bincount(pair, rows["probability"] * rows["reward"], pairs)
        problem = DiscreteDP(r, q, DISCOUNT, np.repeat(np.arange(rows["states"]), rows["actions"]),
                             np.tile(np.arange(rows["actions"]), rows["states"]))  # fmt: skip
        built = clock()
        values = problem.solve(method=method, epsilon=TOLERANCE, max_iter=100_000, k=sweeps).v
        return built - began, clock() - built, values

    return solve


def rows_of(mdp: Any) -> dict[str, Any]:
    """Every transition, as columns."""
    pair = np.repeat(np.arange(mdp.pairs), np.diff(mdp.outcome_offsets))
    return {
        "states": mdp.states, "actions": mdp.actions, "state": mdp.pair_state[pair], "action": mdp.pair_action[pair],
        "next_state": mdp.next_state, "probability": mdp.probability, "reward": mdp.reward, "terminated": mdp.terminated,
    }  # fmt: skip


def planning() -> None:
    for title, name in WORLDS.items():
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "rows.npz"
            np.savez(file, **rows_of(opened(name)))
            print(f"{title:52} {'build s':>8} {'plan s':>8} {'peak MB':>8} {'off by':>9}   (processor time; 2 cores: wall time)")
            reference = None
            for method in PLANNERS:
                try:
                    done = subprocess.run(
                        [sys.executable, __file__, "--plan", method, str(file)],
                        capture_output=True,
                        text=True,
                        timeout=PATIENCE,
                        check=True,
                    )
                except subprocess.TimeoutExpired:
                    print(f"  {method:50} over {PATIENCE} s", flush=True)
                    continue
                except subprocess.CalledProcessError as error:
                    print(f"  {method:50} failed: {error.stderr.strip().splitlines()[-1:]}", flush=True)
                    continue
                figures, values = json.loads(done.stdout.splitlines()[-1]), np.load(file.with_name("values.npy"))
                reference = values if reference is None else reference
                off = np.abs(values - reference).max()
                print(f"  {method:50} {figures['build']:8.2f} {figures['seconds']:8.2f} {figures['megabytes']:8.0f} {off:9.1g}", flush=True)


def ring(states: int) -> Any:
    """A table whose states lead to their neighbours: two actions, each with one step and, rarely, one the other way."""
    from core.worlds.build import from_rows

    state = np.repeat(np.arange(states), 4)
    near, far = (np.arange(states)[:, None] + [-1, 1]) % states, np.random.default_rng(0).random((states, 2))
    order = np.argsort(near, axis=1)
    following, chance = np.take_along_axis(near, order, axis=1), np.take_along_axis(np.broadcast_to([0.9, 0.1], near.shape), order, axis=1)
    return from_rows(
        range(states), range(2), state=state, action=np.tile([0, 0, 1, 1], states), next_state=np.repeat(following, 2, axis=0).ravel(),
        probability=np.stack([chance, 1 - chance], axis=1).ravel(), reward=np.repeat(far, 2, axis=1).ravel(),
        terminated=np.zeros(4 * states, bool),
    )  # fmt: skip


def scaling() -> None:
    """Time of a sweep, from a thousand to ten million states, where all may follow and where neighbours follow."""
    from core.learner import UNBOUNDED, Budget, Task
    from core.registry import algorithm

    chosen = algorithm("value-iteration")
    print(f"{'states':>12} {'garnet, ms a sweep':>20} {'ns a state':>12} {'ring, ms a sweep':>20} {'ns a state':>12}")
    for states in (10**3, 10**4, 10**5, 10**6, 10**7):
        print(f"{states:12,}", end="", flush=True)
        for make in (lambda: opened(f"make:garnet?states={states}&actions=2&branching=2"), lambda: ring(states)):  # noqa: B023
            planner = chosen.build(Task(Given(make()), chosen.config(tolerance=1e-12, discount=0.999)))
            planner.advance(Budget(UNBOUNDED, 1))
            sweeps, began = 0, time.perf_counter()
            while time.perf_counter() - began < 1.0:
                sweeps += planner.advance(Budget(UNBOUNDED, 1)).boundaries
            took = (time.perf_counter() - began) / sweeps
            print(f" {1000 * took:20.3f} {1e9 * took / states:12.1f}", end="", flush=True)
        print()


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--plan"]:
        print(json.dumps(plan(arguments[1], Path(arguments[2]))))
        return
    for part in (q_learning, planning, scaling):
        if not arguments or part.__name__.replace("_", "-") in arguments:
            part()


if __name__ == "__main__":
    main(sys.argv[1:])
