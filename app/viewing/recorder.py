"""Records the watched episodes: from a new episode on, for as many as were asked for."""

from collections.abc import Callable
from pathlib import Path

from app.viewing.camera import Camera
from app.viewing.orders import Film
from core.worlds.environment import Environment


class Recorder:
    """Has one camera at most.

    Args:
        filmed: told of every recording when its file is complete, in a thread of the camera's: the path, and None or what went wrong.

    Attributes:
        camera: that takes pictures now.
    """

    def __init__(self, filmed: Callable[[Path, str | None], None]) -> None:
        self.filmed = filmed
        self._asked: Film | None = None
        self.camera: Camera | None = None
        self._left = 0

    @property
    def waiting(self) -> bool:
        """Whether a recording was asked for and is to begin."""
        return self._asked is not None and self.camera is None

    @property
    def rolling(self) -> bool:
        """Whether pictures are taken."""
        return self.camera is not None

    @property
    def busy(self) -> bool:
        """Whether the episode should wait for the encoder."""
        return self.camera is not None and self.camera.busy

    @property
    def taken(self) -> int | None:
        """Pictures so far; None when nothing is recorded."""
        return None if self.camera is None else self.camera.taken

    def ask(self, order: Film) -> None:
        """End what is being recorded; the next begins with `roll`."""
        self.cut()
        self._asked = order

    def roll(self, rate: float) -> bool:
        """Begin to record, at so many pictures a second; whether that is possible."""
        assert self._asked is not None
        try:
            self.camera = Camera(self._asked.path, rate, self.filmed)
        except Exception as error:
            self.filmed(self._asked.path, str(error))
            self._asked = None
            return False
        self._left = self._asked.episodes or -1
        return True

    def shoot(self, environment: Environment, ended: bool) -> None:
        """Take a picture, if one is being recorded; `ended` whether the episode has."""
        if self.camera is None:
            return
        picture = environment.render()
        if picture is not None:
            self.camera.take(picture)
        self._left -= ended
        if self._left == 0 or self.camera.full or picture is None:
            self.cut()

    def cut(self) -> None:
        """End the recording."""
        if self.camera is not None:
            self.camera.finish()
        self.camera = self._asked = None
