"""Finds what lies in core/policies, and reads a file of any kind."""

import importlib
import pkgutil
from dataclasses import replace
from functools import cache
from pathlib import Path

from core.deep.engine.settings import Activation
from core.errors import PolicyError
from core.policies.archives import LARGEST
from core.policies.kind import Kind, Policy

FOLDER = "core.policies"


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of policy file by name."""
    folder = importlib.import_module(FOLDER)
    modules = [importlib.import_module(f"{FOLDER}.{module.name}") for module in pkgutil.iter_modules(folder.__path__)]
    return {module.KIND.name: module.KIND for module in modules if hasattr(module, "KIND")}


def endings() -> tuple[str, ...]:
    """How files of policies end."""
    return tuple(dict.fromkeys(ending for kind in kinds().values() for ending in kind.extensions))


def is_policy(path: Path) -> bool:
    """Whether a file's name ends like that of a policy."""
    return path.name.lower().endswith(endings())


def read_policy(path: Path, activation: Activation | None = None) -> Policy:
    """The policy in a file.

    Args:
        path: the file; its name and folder may tell the environment.
        activation: what bends the numbers between layers, for files that do not say so; ReLU if None.

    Raises:
        PolicyError: in one sentence, whatever is in the file. Nothing of it is executed.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise PolicyError(f"it is larger than {LARGEST >> 20} MiB", where=path.name)
        data = path.read_bytes()
    except OSError as error:
        raise PolicyError(f"it cannot be opened ({error.strerror})", where=str(path)) from None
    for kind in kinds().values():
        if kind.own(data):
            try:
                policy = kind.read(data, str(path), activation)
            except PolicyError as error:
                raise PolicyError(error.what, where=path.name, remedy=error.remedy) from None
            source = ", ".join(dict.fromkeys((policy.network.source, path.name)))[:400]
            return replace(policy, network=policy.network.model_copy(update={"source": source}))
    if data[:2] == b"\x80\x02" or data[:1] in (b"\x80", b"\x8a"):
        raise PolicyError("it is a pickle, which could run code, and is not opened", where=path.name,
                          remedy="Save the weights with PyTorch 1.6 or later, or as safetensors")  # fmt: skip
    raise PolicyError(
        "no policy is known in such a file", where=path.name, remedy=f"Known: {', '.join(kind.title for kind in kinds().values())}"
    )
