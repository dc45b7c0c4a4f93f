"""Made the samples beside it, once, with Stable-Baselines3 2.9.2 and networks as CleanRL builds and saves them. Never run again by tests.

python tests/samples/policies/make.py
"""

import json
from itertools import pairwise
from pathlib import Path

import gymnasium
import numpy as np
import torch
from stable_baselines3 import DQN, PPO
from torch import nn

PLACE = Path(__file__).parent
CARTPOLE = "CartPole-v1__dqn__1__1700000000"


def layers(*sizes: int, norm: bool = False) -> nn.Sequential:
    parts: list[nn.Module] = []
    for inputs, outputs in pairwise(sizes[:-1]):
        parts += [nn.Linear(inputs, outputs), *([nn.LayerNorm(outputs)] if norm else []), nn.ReLU()]
    return nn.Sequential(*parts, nn.Linear(sizes[-2], sizes[-1]))


class QNetwork(nn.Module):
    def __init__(self, *sizes: int, norm: bool = False) -> None:
        super().__init__()
        self.network = layers(*sizes, norm=norm)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.network(x)


class C51(nn.Module):
    def __init__(self, inputs: int, actions: int, atoms: int) -> None:
        super().__init__()
        self.register_buffer("atoms", torch.linspace(-20.0, 80.0, steps=atoms))
        self.actions = actions
        self.network = layers(inputs, 12, 8, actions * atoms)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (torch.softmax(self.network(x).view(len(x), self.actions, -1), 2) * self.atoms).sum(2)


def main() -> None:
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    expected: dict[str, object] = {}

    def note(name: str, observations: np.ndarray, q: torch.Tensor) -> None:
        expected[name] = {"observations": observations.tolist(), "q": q.detach().double().tolist()}

    def seen(size: int) -> np.ndarray:
        return rng.standard_normal((5, size)).astype(np.float32)

    for name, environment, options in (
        ("dqn-CartPole-v1.zip", "CartPole-v1", {"net_arch": [16, 8]}),
        ("dqn-tanh-MountainCar-v0.zip", "MountainCar-v0", {"net_arch": [12], "activation_fn": nn.Tanh}),
        ("dqn-FrozenLake-v1.zip", "FrozenLake-v1", {"net_arch": [8]}),
    ):
        model = DQN("MlpPolicy", environment, seed=1, policy_kwargs=options, learning_starts=50, buffer_size=200, device="cpu")
        model.learn(200)
        model.save(PLACE / name)
        finite = isinstance(model.observation_space, gymnasium.spaces.Discrete)
        inputs = np.eye(16, dtype=np.float32)[:5] if finite else seen(model.observation_space.shape[0])
        asked = torch.arange(5)[:, None] if finite else torch.from_numpy(inputs)
        note(name, inputs, model.q_net(asked))
    PPO("MlpPolicy", "CartPole-v1", n_steps=8, batch_size=8, policy_kwargs={"net_arch": [4]}, device="cpu").save(
        PLACE / "ppo-CartPole-v1.zip"
    )

    folder = PLACE / CARTPOLE
    folder.mkdir(exist_ok=True)
    for name, network in (("dqn.cleanrl_model", QNetwork(4, 12, 8, 2)), ("pqn.pth", QNetwork(4, 12, 8, 2, norm=True))):
        torch.save(network.state_dict(), folder / name)
        inputs = seen(4)
        note(f"{CARTPOLE}/{name}", inputs, network(torch.from_numpy(inputs)))
    network = C51(4, 2, 11)
    arguments = {
        "env_id": "CartPole-v1",
        "gamma": 0.98,
        "learning_rate": 2.5e-4,
        "n_atoms": 11,
        "track": False,
        "cuda": True,
        "exp_name": "c51",
    }
    torch.save({"model_weights": network.state_dict(), "args": arguments}, PLACE / "c51.cleanrl_model")
    inputs = seen(4)
    note("c51.cleanrl_model", inputs, network(torch.from_numpy(inputs)))
    torch.save(nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 2)).state_dict(), PLACE / "convolution.pth")
    (PLACE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
