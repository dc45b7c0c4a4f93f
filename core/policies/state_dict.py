"""State dictionaries of torch, as CleanRL and many a file of one's own save them: `torch.save(network.state_dict(), file)`."""

from collections.abc import Mapping
from typing import Any

from core.deep.engine.settings import Activation
from core.errors import PolicyError
from core.policies.archives import arrays_of, numbers_of, opened, torch_tree
from core.policies.kind import Kind, Policy
from core.policies.layers import network_of
from core.policies.names import environment_in

WITHIN = ("model_weights", "state_dict", "model_state_dict", "q_network", "q_network_state_dict", "policy_net", "model", "network")
"""Under which names others keep the state dictionary beside other things."""
SAID = ("gamma", "learning_rate", "total_timesteps", "seed", "buffer_size", "batch_size", "learning_starts", "tau", "train_frequency",
        "target_network_frequency", "start_e", "end_e", "exploration_fraction")  # fmt: skip
"""Arguments of CleanRL that are read, where they are numbers."""


def own(data: bytes) -> bool:
    """Whether it is a zip as torch writes them."""
    try:
        return any(name.endswith("/data.pkl") for name in opened(data, "").namelist())
    except PolicyError:
        return False


def read(data: bytes, where: str, activation: Activation | None = None) -> Policy:
    """The network; CleanRL's C51 saves its arguments beside it."""
    tree = torch_tree(data, where)
    arguments: Mapping[str, Any] = {}
    if isinstance(tree, Mapping) and isinstance(tree.get("args"), Mapping):
        arguments = tree["args"]
    inner = next((tree[name] for name in WITHIN if isinstance(tree.get(name), Mapping)), tree) if isinstance(tree, Mapping) else tree
    cleanrl = where.endswith(".cleanrl_model") or "env_id" in arguments
    program = "CleanRL" if cleanrl else "PyTorch"
    network = network_of(arrays_of(inner, where), activation or Activation.relu, program, where, numbers_of(arguments, SAID))
    told = arguments.get("env_id")
    world = told[:100] if isinstance(told, str) else environment_in(where)
    return Policy(network, world, activation_known=activation is not None or cleanrl)


KIND = Kind(
    name="state-dict", title="CleanRL and PyTorch state dictionaries", extensions=(".pth", ".pt", ".cleanrl_model"), own=own, read=read
)
