"""What a person does with environments of their own: open them, allow their code to run, see what they print."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.dialogs.consent import ConsentDialog
from app.dialogs.environment import EnvironmentDialog
from app.dialogs.printed import PrintedDialog
from app.worlds import Worlds
from core.errors import ValuescapeError
from core.worlds.foreign import consent
from core.worlds.foreign.names import environments_in, world_of
from core.worlds.gym import GymWorld
from core.worlds.world import World


class Environments(QObject):
    """Environments whose code is not gymnasium's.

    Args:
        worlds: where they are opened.
        window: the window that dialogs belong to.
    """

    def __init__(self, worlds: Worlds, window: Callable[[], QWidget]) -> None:
        super().__init__()
        self.worlds, self.window = worlds, window

    def open(self, source: str = "") -> EnvironmentDialog:
        """Ask for the code and for one of the environments in it."""
        dialog = EnvironmentDialog(self.window(), source)
        dialog.chosen.connect(self._put)
        dialog.open()
        return dialog

    def open_file(self, path: Path) -> None:
        """Open the environment of a Python file; where it does not tell which, ask. Nothing of it runs."""
        try:
            found = environments_in(path.read_bytes(), str(path))
        except (ValuescapeError, OSError):
            found = ()
        if len(found) == 1:
            self._put(world_of(str(path.resolve()), found[0]))
        else:
            self.open(str(path))

    def allowed(self, world: World, then: Callable[[], object]) -> bool:
        """Whether the code of a world may run; where nobody has said so yet, it is asked, and `then` done once it may."""
        if not isinstance(world, GymWorld) or not world.source:
            return True
        try:
            code = consent.checked(world)
        except ValuescapeError as error:
            self.worlds.refused.emit(error)
            return False
        if consent.allowed(code):
            return True

        def agreed() -> None:
            consent.allow(code)
            then()

        dialog = ConsentDialog(self.window(), world.title or world.id, code)
        dialog.accepted.connect(agreed)
        dialog.open()
        return False

    def show_printed(self) -> None:
        """What they print, beside the window."""
        shown = self.window().findChild(PrintedDialog)
        dialog = shown if shown is not None else PrintedDialog(self.window())
        dialog.show()
        dialog.raise_()

    def _put(self, world: GymWorld) -> None:
        if self.worlds.may_leave():
            name = Path(world.source).name if world.source.endswith(".py") else world.source
            self.worlds.put(world, f"{name}:{world.id}")
