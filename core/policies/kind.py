"""What a kind of policy file is, and what reading one finds."""

from collections.abc import Callable
from dataclasses import dataclass

from core.deep.engine.brought import Brought
from core.deep.engine.settings import Activation


@dataclass(frozen=True)
class Policy:
    """A network that was read.

    Attributes:
        network: what plays; of what its file says of its training it holds known settings alone.
        world: the environment that the file or its folder names; None where neither does.
        activation_known: whether the file says what bends the numbers between layers; else it was taken for ReLU, or as told.
    """

    network: Brought
    world: str | None = None
    activation_known: bool = True

    @property
    def discount(self) -> float | None:
        """With which it was trained, where the file says so."""
        gamma = self.network.said.get("gamma")
        return float(gamma) if isinstance(gamma, int | float) and 0 <= gamma <= 1 else None


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What is known of a kind of file before anything is read.

    Attributes:
        name: of a program.
        title: as shown, also in file dialogs.
        extensions: how such files end, in lower case.
        own: whether a file's bytes are of this kind.
        read: the policy of a file's bytes, given its path, which may name the environment, and the activation that a person says it has.
            Nothing but PolicyError is raised, whatever the bytes; nothing is executed, and memory stays within a few times
            `archives.LARGEST`.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    own: Callable[[bytes], bool]
    read: Callable[[bytes, str, Activation | None], Policy]
