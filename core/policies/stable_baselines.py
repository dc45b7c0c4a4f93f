"""Stable-Baselines3's DQN: a zip of settings as JSON and weights as torch saves them.

Of the settings only plain numbers and texts on a list are read. What the program pickled among them (":serialized:") is never decoded.
"""

import json
import re
from typing import Any

from core.deep.engine.settings import Activation
from core.errors import PolicyError
from core.policies.archives import arrays_of, numbers_of, opened, part, torch_tree
from core.policies.kind import Kind, Policy
from core.policies.layers import ONLY, network_of
from core.policies.names import environment_in

SAID = ("gamma", "learning_rate", "num_timesteps", "seed", "buffer_size", "batch_size", "learning_starts", "tau", "gradient_steps",
        "target_update_interval", "exploration_fraction", "exploration_initial_eps", "exploration_final_eps", "max_grad_norm")  # fmt: skip
"""Settings that are read, where they are numbers."""
ACTIVATIONS = {"ReLU": Activation.relu, "Tanh": Activation.tanh, "ELU": Activation.elu, "SiLU": Activation.silu}
DQN, ACTOR_CRITIC = "stable_baselines3.dqn.policies", "stable_baselines3.common.policies"


def own(data: bytes) -> bool:
    """Whether it is a zip with the parts of one."""
    try:
        names = opened(data, "").namelist()
    except PolicyError:
        return False
    return "policy.pth" in names or ("data" in names and any(name.endswith(".pth") for name in names))


def read(data: bytes, where: str, activation: Activation | None = None) -> Policy:
    """The Q-network that acts; its target network and the optimizer are left out."""
    archive = opened(data, where)
    settings = _settings(part(archive, "data", where), where)
    module = _inside(settings, "policy_class", "__module__")
    if module == ACTOR_CRITIC:
        raise PolicyError("this is an actor and a critic, as of PPO or A2C; it has no value of every action", where=where, remedy=ONLY)
    if module != DQN:
        trained = module.split(".")[1] if module.count(".") > 1 else module
        raise PolicyError(f"this policy is of '{trained}', not of DQN", where=where, remedy=ONLY)
    arrays = arrays_of(torch_tree(part(archive, "policy.pth", where), where), where)
    arrays = {name: array for name, array in arrays.items() if not name.startswith("q_net_target.")}
    known = _activation(settings, where)
    version = part(archive, "_stable_baselines3_version", where).decode("utf-8", "replace").strip()[:20] \
        if "_stable_baselines3_version" in archive.namelist() else ""  # fmt: skip
    network = network_of(
        arrays, known or activation or Activation.relu, f"Stable-Baselines3 {version}".strip(), where, numbers_of(settings, SAID)
    )
    return Policy(network, environment_in(where))


def _settings(data: bytes, where: str) -> dict[str, Any]:
    try:
        settings = json.loads(data)
    except (ValueError, RecursionError):
        raise PolicyError("its settings are damaged", where=where) from None
    if not isinstance(settings, dict):
        raise PolicyError("its settings are damaged", where=where)
    return settings


def _inside(settings: dict[str, Any], name: str, inner: str) -> str:
    """A text that the program writes beside what it pickled."""
    outer = settings.get(name)
    text = outer.get(inner) if isinstance(outer, dict) else None
    return text[:200] if isinstance(text, str) else ""


def _activation(settings: dict[str, Any], where: str) -> Activation | None:
    """What the policy was told to use; ReLU where nothing was said."""
    text = _inside(settings, "policy_kwargs", "activation_fn")
    if not text:
        return Activation.relu
    name = re.sub(r"[^A-Za-z0-9]+$", "", text).rpartition(".")[2]
    if name not in ACTIVATIONS:
        raise PolicyError(f"its activation, {name[:40]}, is not known here", where=where, remedy=f"Known: {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]


KIND = Kind(name="stable-baselines3", title="Stable-Baselines3 DQN", extensions=(".zip",), own=own, read=read)
