"""Safetensors: state dictionaries that cannot hold anything but numbers. Our own files also say what the network is."""

import json
import warnings
from typing import Any

from core.deep.engine.brought import Layers, encoded
from core.deep.engine.settings import Activation
from core.deep.engine.tensors import OURS, flat
from core.errors import PolicyError
from core.policies.archives import LARGEST, Arrays, arrays_of, numbers_of
from core.policies.kind import Kind, Policy
from core.policies.layers import ONLY, brought, layers_of, natural, network_of
from core.policies.names import environment_in


def own(data: bytes) -> bool:
    """Whether it begins with the length of a header and a brace, as these files do."""
    return len(data) > 8 and int.from_bytes(data[:8], "little") <= len(data) - 8 and data[8:9] == b"{"


def read(data: bytes, where: str, activation: Activation | None = None) -> Policy:
    """The network; of a file of ours exactly the one that was written."""
    arrays, said = _loaded(data, where)
    if said is None:
        inner = {name: arrays[name] for name in natural(arrays)}
        network = network_of(inner, activation or Activation.relu, "safetensors", where)
        return Policy(network, environment_in(where), activation_known=activation is not None)
    world = said.pop("world_name", None)
    known = numbers_of(said, ("num_timesteps", "gamma"))
    layers = layers_of({name: value for name, value in said.items() if name in Layers.model_fields}, where)
    try:
        numbers = encoded(flat(layers.blueprint, arrays))
    except (LookupError, ValueError) as error:
        raise PolicyError(f"its arrays are not those of the network that it says it is ({error})", where=where, remedy=ONLY) from None
    values = layers.model_dump() | {"numbers": numbers, "said": known}
    return Policy(brought(values, where), world if isinstance(world, str) else None)


def _loaded(data: bytes, where: str) -> tuple[Arrays, dict[str, Any] | None]:
    """The arrays, and what one of our own files says of itself."""
    import safetensors.torch

    if len(data) > LARGEST:
        raise PolicyError(f"it is larger than {LARGEST >> 20} MiB", where=where)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tensors = safetensors.torch.load(data)
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        told = header.get("__metadata__", {}).get(OURS)
        said = None if told is None else json.loads(told)
    except Exception as error:
        raise PolicyError(f"the file is damaged ({type(error).__name__})", where=where) from None
    if said is not None and not isinstance(said, dict):
        raise PolicyError("what it says of its network is damaged", where=where)
    return arrays_of(tensors, where), said


KIND = Kind(name="safetensors", title="Weights as safetensors", extensions=(".safetensors",), own=own, read=read)
