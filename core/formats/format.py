"""What a format is, and what reading a file finds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from core.config import Config
from core.worlds.grid import GridWorld
from core.worlds.world import World

Writes = Literal["any", "finite", "grid"]


class Found(NamedTuple):
    """A world that was read, and in sentences what was in the file and is not in the world."""

    world: World
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Format:
    """What is known of a format before anything is read.

    Attributes:
        name: as typed after --to and --from.
        title: as shown, also in file dialogs.
        description: one sentence.
        extensions: how files of it end, in lower case, such as ".mdp".
        read: the world of a file's bytes and of the place that errors name, with `settings` third where there are any. Nothing
            but WorldError is raised, whatever the bytes.
        write: the bytes of a world and of a name without extension, as programs spell names. WorldError where a world is none of
            `writes` or too large.
        loses: what the format cannot say of such a world, in sentences. None: reading gives the same table of transitions again.
        writes: which worlds can be written.
        own: whether a file with an extension that others use, too, is of this format.
        settings: what reading can be told.
        text: whether files of it are text.
        folder: whether what is written is a zip that may be unpacked into a folder.
        order: smaller ones come first in menus; the first with an extension is written to it unless told otherwise.
    """

    name: str
    title: str
    description: str
    extensions: tuple[str, ...]
    read: Callable[..., Found] | None = None
    write: Callable[[World, str], bytes] | None = None
    loses: Callable[[World], list[str]] = lambda world: []
    writes: Writes = "finite"
    own: Callable[[bytes], bool] = lambda data: True
    settings: type[Config] | None = None
    text: bool = True
    folder: bool = False
    order: int = 100

    def can_write(self, world: World) -> bool:
        """Whether such a world can be written, its size apart."""
        suits = {"any": True, "finite": world.finite, "grid": isinstance(world, GridWorld)}
        return self.write is not None and suits[self.writes]
