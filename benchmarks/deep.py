"""Deep Q-learning beside peers, in steps a second of processor time: Stable-Baselines3, and a script in one file in the manner of CleanRL.

    pip install -c constraints.txt -e ".[peers]"
    python benchmarks/deep.py [cartpole] [members] [lander]

Equal settings, one torch thread each, every figure a process of its own; the best of `ROUNDS` rounds, in which all take turns, so that
other work on the machine slows all alike. Targets: one member 3 times Stable-Baselines3 and twice the script, eight members 6 times the
member-steps of Stable-Baselines3 one after another, the lander at the zoo's settings 3 times.
"""

import json
import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
sys.path.insert(0, str(Path(__file__).parents[1]))

ROUNDS = 3
SECONDS = 6.0
CARTPOLE = {
    "world": "CartPole-v1", "widths": [128, 128], "rate": 1e-3, "batch": 32, "every": 1, "updates": 1, "start": 500, "buffer": 50_000,
    "copy": 500, "epsilon": 0.1,
}  # fmt: skip
LANDER = {
    "world": "LunarLander-v3", "widths": [256, 256], "rate": 6.3e-4, "batch": 128, "every": 4, "updates": 4, "start": 500, "buffer": 50_000,
    "copy": 250, "epsilon": 0.1,
}  # fmt: skip
"""rl-baselines3-zoo's settings (gradient_steps -1 is as many updates as steps)."""
CASES: dict[str, tuple[dict[str, Any], dict[str, float]]] = {
    "cartpole": (CARTPOLE, {"ours": 1, "stable-baselines3": 3, "one file": 2}),
    "members": (CARTPOLE, {"ours, 8 members": 1, "stable-baselines3": 6}),
    "lander": (LANDER, {"ours": 1, "stable-baselines3": 3}),
}
"""Settings, and by peer the ratio wanted."""


def ours(settings: dict[str, Any], members: int) -> float:
    from core.learner import Budget
    from core.runs.session import Session
    from core.runs.spec import RunSpec
    from core.worlds.library import open_world

    config = {
        "widths": settings["widths"], "learning_rate": settings["rate"], "batch_size": settings["batch"], "train_every": settings["every"],
        "updates_per_train": settings["updates"], "learning_starts": settings["start"], "buffer_size": settings["buffer"],
        "target_every": settings["copy"], "epsilon": settings["epsilon"], "double": False, "loss": "huber", "gradient_clip": 10.0,
    }  # fmt: skip
    spec = RunSpec(world=open_world(f"gym:{settings['world']}"), algorithm="dqn", config=config, members=members, steps=10**9, device="cpu")
    session = Session(spec)
    session.advance(Budget(settings["start"] + 200))
    steps, began = 0, time.process_time()
    while time.process_time() - began < SECONDS:
        steps += session.advance(Budget(200)).units
    return members * steps / (time.process_time() - began)


def stable_baselines(settings: dict[str, Any]) -> float:
    import torch
    from stable_baselines3 import DQN
    from stable_baselines3.common.callbacks import BaseCallback

    torch.set_num_threads(1)

    class Watch(BaseCallback):
        began, first = 0.0, 0

        def _on_step(self) -> bool:
            if not self.began and self.num_timesteps >= settings["start"] + 200:
                self.began, self.first = time.process_time(), self.num_timesteps
            return not self.began or time.process_time() - self.began < SECONDS

    model = DQN(
        "MlpPolicy", settings["world"], learning_rate=settings["rate"], buffer_size=settings["buffer"], learning_starts=settings["start"],
        batch_size=settings["batch"], train_freq=settings["every"], gradient_steps=settings["updates"], device="cpu",
        target_update_interval=settings["copy"], exploration_initial_eps=settings["epsilon"], exploration_final_eps=settings["epsilon"],
        policy_kwargs={"net_arch": settings["widths"]},
    )  # fmt: skip
    watch = Watch()
    model.learn(10**9, callback=watch, log_interval=10**9)
    return (model.num_timesteps - watch.first) / (time.process_time() - watch.began)


def one_file(settings: dict[str, Any]) -> float:
    """The loop that people write: torch modules, autograd, Adam, arrays as a buffer."""
    import gymnasium
    import numpy as np
    import torch
    from torch import nn

    torch.set_num_threads(1)
    stream = np.random.default_rng(0)
    env = gymnasium.make(settings["world"])
    assert env.observation_space.shape is not None and isinstance(env.action_space, gymnasium.spaces.Discrete)
    inputs, actions = env.observation_space.shape[0], int(env.action_space.n)

    def network() -> nn.Module:
        sizes = [inputs, *settings["widths"]]
        layers: list[nn.Module] = []
        for before, after in pairwise(sizes):
            layers += [nn.Linear(before, after), nn.ReLU()]
        return nn.Sequential(*layers, nn.Linear(sizes[-1], actions))

    online, target = network(), network()
    target.load_state_dict(online.state_dict())
    optimizer = torch.optim.Adam(online.parameters(), lr=settings["rate"])
    size = settings["buffer"]
    seen, then = np.zeros((size, inputs), np.float32), np.zeros((size, inputs), np.float32)
    acted, reward, done = np.zeros((size, 1), np.int64), np.zeros(size, np.float32), np.zeros(size, np.float32)
    observation, _ = env.reset(seed=0)
    step, first, began = 0, settings["start"] + 200, 0.0
    while not began or time.process_time() - began < SECONDS:
        if step == first:
            began = time.process_time()
        if stream.random() < settings["epsilon"]:
            action = int(env.action_space.sample())
        else:
            with torch.no_grad():
                action = int(online(torch.from_numpy(observation)[None]).argmax(1))
        following, gain, terminated, truncated, _ = env.step(action)
        at = step % size
        seen[at], then[at], acted[at], reward[at], done[at] = observation, following, action, float(gain), terminated
        observation = env.reset()[0] if terminated or truncated else following
        step += 1
        if step > settings["start"] and step % settings["every"] == 0:
            for _ in range(settings["updates"]):
                drawn = stream.integers(min(step, size), size=settings["batch"])
                with torch.no_grad():
                    best = target(torch.from_numpy(then[drawn])).amax(1)
                    td_target = torch.from_numpy(reward[drawn]) + 0.99 * best * (1 - torch.from_numpy(done[drawn]))
                value = online(torch.from_numpy(seen[drawn])).gather(1, torch.from_numpy(acted[drawn]))[:, 0]
                loss = nn.functional.smooth_l1_loss(value, td_target)
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(online.parameters(), 10.0)
                optimizer.step()
        if step % settings["copy"] == 0:
            target.load_state_dict(online.state_dict())
    return (step - first) / (time.process_time() - began)


def measure(who: str, case: str) -> float:
    settings = CASES[case][0]
    if who.startswith("ours"):
        return ours(settings, 8 if "8" in who else 1)
    return stable_baselines(settings) if who == "stable-baselines3" else one_file(settings)


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--measure"]:
        print(json.dumps(measure(arguments[1], arguments[2])))
        return
    print(f"{'':10} {'':20} {'steps/s':>10} {'ratio':>7} {'target':>7}   (ratio: ours over this one; best of {ROUNDS}, one thread)")
    for case, (_, peers) in CASES.items():
        if arguments and case not in arguments:
            continue
        rates = dict.fromkeys(peers, 0.0)
        for _ in range(ROUNDS):
            for who in peers:
                command = [sys.executable, __file__, "--measure", who, case]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                rates[who] = max(rates[who], json.loads(done.stdout.splitlines()[-1]))
        own = next(iter(rates.values()))
        for who, rate in rates.items():
            print(f"{case:10} {who:20} {rate:10,.0f} {own / rate:7.1f} {peers[who]:7.0f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
