"""Which network a state dictionary is of: linear layers one after another, perhaps normalised, perhaps with probabilities of returns."""

import re
from collections.abc import Iterable, Mapping
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from core.config import build
from core.deep.engine.brought import MOST, Brought, Layers, encoded
from core.deep.engine.dqn_settings import Distribution
from core.deep.engine.settings import Activation
from core.errors import ConfigError, PolicyError
from core.policies.archives import Arrays

TARGETS = ("target", "q_net_target", "target_network", "target_net", "q_target", "target_q_network")
"""What others call the copy that only makes goals."""
ACTORS = {"actor", "critic", "mlp_extractor", "action_net", "log_std", "pi", "vf", "qf1", "actor_mean", "actor_logstd"}
NOISY = ("weight_mu", "weight_sigma", "weight_epsilon")
ONLY = "Only networks of linear layers that value every action of an observation of numbers can be brought in"


def network_of(arrays: Arrays, activation: Activation, source: str, where: str, said: Mapping[str, object] | None = None) -> Brought:
    """The network whose state dictionary this is, with the settings of its training; PolicyError says what of it cannot be brought in."""
    own = {name: array for name, array in arrays.items() if name.partition(".")[0] not in TARGETS}
    _refuse(own, where)
    atoms = [array for name, array in own.items() if name.rpartition(".")[2] in ("atoms", "support") and array.ndim == 1]
    modules: dict[str, dict[str, NDArray[np.float32]]] = {}
    for name, array in own.items():
        module, _, kind = name.rpartition(".")
        if kind in ("weight", "bias"):
            modules.setdefault(module, {})[kind] = array
        elif kind not in ("atoms", "support", "n"):
            raise PolicyError(f"'{name[:80]}' is no part of a linear layer", where=where, remedy=ONLY)
    widths, numbers, normalised = list[int](), list[NDArray[np.float32]](), list[int]()
    inputs = 0
    for module, parts in modules.items():
        weight, bias = parts.get("weight"), parts.get("bias")
        if weight is None or weight.ndim not in (1, 2) or (bias is not None and bias.shape != weight.shape[:1]) or not weight.size:
            raise PolicyError(f"'{module[:80]}' is no linear layer", where=where, remedy=ONLY)
        gives = len(weight)
        if weight.ndim == 1:
            if not widths or widths[-1] != gives or bias is None or len(widths) in normalised:
                raise PolicyError(f"'{module[:80]}' is no layer normalisation after a linear layer", where=where, remedy=ONLY)
            normalised.append(len(widths))
            numbers += [weight, bias]
            continue
        if widths and widths[-1] != weight.shape[1]:
            raise PolicyError(
                f"its layers do not follow one another: '{module[:80]}' reads {weight.shape[1]} numbers, the one before gives {widths[-1]}",
                where=where, remedy=ONLY,
            )  # fmt: skip
        inputs = inputs or weight.shape[1]
        widths.append(gives)
        numbers += [weight.T.ravel(), np.zeros(gives, np.float32) if bias is None else bias]
    if not widths:
        raise PolicyError("it has no linear layer", where=where, remedy=ONLY)
    if normalised and normalised != list(range(1, len(widths))):
        raise PolicyError("only some of its hidden layers are normalised", where=where, remedy=ONLY)
    if sum(array.size for array in numbers) > MOST:
        raise PolicyError(f"a network of more than {MOST:,} numbers is too large", where=where)
    count = len(atoms[0]) if atoms else 1
    values: dict[str, object] = {
        "source": source, "inputs": inputs, "actions": widths[-1] // count, "widths": tuple(widths[:-1]), "activation": activation,
        "layer_norm": bool(normalised), "said": dict(said or {}),
        "numbers": encoded(np.concatenate([array.ravel() for array in numbers])),
    }  # fmt: skip
    return brought(values | _distribution(atoms, widths[-1], where), where)


def brought(values: dict[str, object], where: str) -> Brought:
    """The network of such values; PolicyError where they do not fit together."""
    try:
        return build(Brought, values)
    except ConfigError as error:
        raise PolicyError(error.what, where=where, remedy=ONLY) from None


def layers_of(values: dict[str, object], where: str) -> Layers:
    """What a network says that it is made of; PolicyError where that is none."""
    try:
        return build(Layers, values)
    except ConfigError as error:
        raise PolicyError(f"what it says of its network is wrong ({error.what})", where=where, remedy=ONLY) from None


def natural(names: Iterable[str]) -> list[str]:
    """Names in the order that people count in: layer 2 before layer 10."""
    return sorted(
        names, key=lambda name: [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in re.split(r"(\d+)", name)]
    )


def _refuse(arrays: Arrays, where: str) -> None:
    """Say of networks of other kinds what they are."""
    parts = {part for name in arrays for part in name.split(".")}
    if parts & ACTORS:
        raise PolicyError("this is an actor and a critic, as of PPO or A2C; it has no value of every action", where=where, remedy=ONLY)
    if any(array.ndim >= 3 for array in arrays.values()):
        raise PolicyError("it has convolutions, which look at pictures", where=where, remedy=ONLY)
    if any(name.endswith(NOISY) for name in arrays):
        raise PolicyError("its layers are noisy", where=where, remedy=ONLY)
    if any(name.endswith(("running_mean", "running_var")) for name in arrays):
        raise PolicyError("it has batch normalisation", where=where, remedy=ONLY)
    if any("weight_ih" in name or "weight_hh" in name for name in arrays):
        raise PolicyError("it is recurrent: it remembers what it saw before", where=where, remedy=ONLY)


def _distribution(atoms: list[NDArray[np.float32]], outputs: int, where: str) -> dict[str, object]:
    """The settings of a distribution, where there is one."""
    if not atoms:
        return {}
    places = atoms[0]
    if (
        len(atoms) > 1
        or len(places) < 2
        or outputs % len(places)
        or not np.allclose(np.diff(places), (places[-1] - places[0]) / (len(places) - 1))
    ):
        raise PolicyError("its places of returns do not fit its outputs", where=where, remedy=ONLY)
    lowest, highest = float(places[0]), float(places[-1])
    if not (isfinite(lowest) and isfinite(highest)):
        raise PolicyError("its places of returns are not finite", where=where, remedy=ONLY)
    return {"distribution": Distribution.categorical, "atoms": len(places), "lowest": lowest, "highest": highest}
