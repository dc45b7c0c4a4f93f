"""Zips and torch files of strangers, read within bounds and without executing anything."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.deep.engine.brought import MOST
from core.errors import PolicyError

LARGEST = 64 * 2**20
"""Bytes of a file, and of all that is packed in one, at most."""
LARGEST_PICKLE = 2**20
MOST_PARTS = 5_000
Arrays = dict[str, NDArray[np.float32]]


def opened(data: bytes, where: str) -> zipfile.ZipFile:
    """A zip whose parts are neither too many nor too large."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError, zlib.error, OverflowError) as error:
        raise PolicyError(f"the file is damaged ({error})", where=where) from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST:
        raise PolicyError(f"it is larger than {LARGEST >> 20} MiB when unpacked", where=where)
    return archive


def part(archive: zipfile.ZipFile, name: str, where: str) -> bytes:
    """The bytes of one part, never more than it is said to have."""
    try:
        with archive.open(name) as file:
            return file.read(LARGEST)
    except (KeyError, zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError) as error:
        raise PolicyError(f"the file is damaged ({name}: {error})", where=where) from None


def torch_tree(data: bytes, where: str) -> Any:
    """What `torch.save` wrote, if that is tensors, numbers, texts and collections of them; no object of any other kind is made."""
    archive = opened(data, where)
    names = [entry for entry in archive.infolist() if entry.filename.endswith("/data.pkl")]
    if len(names) != 1 or names[0].file_size > LARGEST_PICKLE:
        raise PolicyError("this is no file of PyTorch 1.6 or later", where=where, remedy="Save it anew with torch.save")
    import pickle

    import torch

    try:
        return torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise PolicyError(
            "it holds Python objects, which could run code, and is not opened", where=where,
            remedy="Save the weights alone: torch.save(network.state_dict(), file)",
        ) from None  # fmt: skip
    except Exception as error:
        raise PolicyError(f"the file is damaged ({type(error).__name__})", where=where) from None


def numbers_of(settings: Mapping[str, Any], names: Iterable[str]) -> dict[str, float]:
    """Those of the named settings that are finite numbers."""
    known = {name: settings.get(name) for name in names}
    return {
        name: value for name, value in known.items() if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
    }


def arrays_of(tree: Any, where: str) -> Arrays:
    """The tensors of a state dictionary by name, as float32, in its order."""
    import torch

    if not isinstance(tree, Mapping) or not tree or not all(isinstance(name, str) for name in tree):
        raise PolicyError("it holds no state dictionary", where=where, remedy="Save it with torch.save(network.state_dict(), file)")
    found: Arrays = {}
    total = 0
    for name, tensor in tree.items():
        if not isinstance(tensor, torch.Tensor):
            raise PolicyError(f"'{name[:80]}' is no tensor", where=where, remedy="Save it with torch.save(network.state_dict(), file)")
        total += tensor.numel()
        if total > 4 * MOST:
            raise PolicyError(f"a network of more than {MOST:,} numbers is too large", where=where)
        try:
            if tensor.is_complex():
                raise TypeError
            found[name] = np.array(tensor.detach().to(torch.float32).contiguous().numpy())
        except (RuntimeError, TypeError, ValueError, NotImplementedError, MemoryError):
            raise PolicyError(f"'{name[:80]}' is no tensor of numbers", where=where) from None
    return found
