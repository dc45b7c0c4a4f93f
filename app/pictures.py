"""The drawing on the stage as a file."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.dialogs.picture import PictureDialog
from app.dialogs.saving import ask_where
from app.panels.library import title_of
from app.stage.designer import Designer
from app.stills.of_view import still_of
from app.text import tr
from app.worlds import Worlds
from core.errors import ValuescapeError


class Pictures(QObject):
    """Asks what is kept, and where.

    Args:
        worlds: the open world, which tells what was saved and what was not.
        window: the window that dialogs belong to.
        designer: the views on its stage.
    """

    def __init__(self, worlds: Worlds, window: Callable[[], QWidget], designer: Callable[[], Designer]) -> None:
        super().__init__()
        self.worlds, self.window, self.designer = worlds, window, designer

    def export_picture(self) -> None:
        """Ask how the drawing on the stage is kept, then where."""
        designer = self.designer()
        shown = [designer.views[name] for name in designer.shown]
        views = {view.name: view.title for view in shown if designer.world is not None and view.suits(designer.world, designer.mdp)}
        if not self.worlds.document.world.finite:
            self.worlds.said.emit(tr("There is no drawing on the stage: record the episode instead."))
            return
        known = designer.snapshot
        dialog = PictureDialog(
            self.window(), views, lambda name, values: still_of(designer.views[name], known if values else None), known is not None
        )
        dialog.chosen.connect(lambda kind: self._keep(dialog, kind))
        dialog.open()

    def _keep(self, dialog: PictureDialog, kind: str) -> None:
        path = ask_where(self.window(), tr("Export picture"), self.worlds.base, kind)
        if path is None:
            return
        try:
            dialog.still.save(path, dialog.scale.value(), title_of(self.worlds.document.world))
        except ValuescapeError as error:
            self.worlds.refused.emit(error)
            return
        self.worlds.said.emit(tr("Saved to {path}", path=path))
