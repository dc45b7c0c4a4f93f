"""Records pictures to a GIF or an MP4 in a thread of its own: encoding holds up neither the run nor the window.

A GIF counts time in hundredths of a second, and viewers slow down what is faster than 50 pictures a second or so: above 25 a second,
pictures are left out evenly.
"""

import importlib.util
from collections.abc import Callable, Iterator
from math import ceil
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from app.text import tr
from core.errors import MissingPart
from core.files import replacing

Picture = NDArray[np.uint8]

WAITING = 120
"""Pictures that may wait for the encoder; beyond, the episode waits."""
LONGEST = {".gif": 2_000, ".mp4": 20_000}
"""Pictures of a file at most."""
SMOOTH = 25
"""Pictures a second of a GIF at most."""


def missing(path: Path) -> str | None:
    """Why nothing can be recorded to such a file, as a sentence; None if it can."""
    if path.suffix.lower() not in LONGEST:
        return tr("A recording is a .gif or an .mp4 file.")
    if path.suffix.lower() == ".mp4" and importlib.util.find_spec("av") is None:
        return tr("MP4 files need the package 'av', which is not installed here. Install it with: python -m pip install av")
    return None


class Blank(Exception):
    """Not one picture was taken."""


class Camera:
    """Takes pictures and writes them as they come.

    Args:
        path: a .gif or .mp4 file.
        rate: pictures a second.
        done: called once, in the camera's thread, with the path and None or the sentence why it was not written.

    Raises:
        MissingPart: where the file cannot be written here.
    """

    def __init__(self, path: Path, rate: float, done: Callable[[Path, str | None], None]) -> None:
        problem = missing(path)
        if problem:
            raise MissingPart(problem)
        self.path, self.done = path, done
        self.longest = LONGEST[path.suffix.lower()]
        self.taken = 0
        gif = path.suffix.lower() == ".gif"
        self.every = ceil(rate / SMOOTH) if gif else 1
        self.rate = rate / self.every
        self._queue: Queue[Picture | None] = Queue()
        self._thread = Thread(target=self._write, args=(_write_gif if gif else _write_mp4,), name="camera")
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether so many pictures wait that the episode should, too."""
        return self._queue.qsize() >= WAITING

    @property
    def full(self) -> bool:
        """Whether the file is as long as it may be."""
        return self.taken >= self.longest * self.every

    def take(self, picture: Picture) -> None:
        """One more picture."""
        if self.taken % self.every == 0:
            self._queue.put(picture)
        self.taken += 1

    def finish(self) -> None:
        """No more pictures; the file is complete when `done` is called."""
        self._queue.put(None)

    def wait(self) -> None:
        """Wait for the file to be complete."""
        self._thread.join()

    def _pictures(self) -> Iterator[Picture]:
        while (picture := self._queue.get()) is not None:
            yield picture

    def _write(self, write: Callable[[BinaryIO, Iterator[Picture], float], None]) -> None:
        problem = None
        pictures = self._pictures()
        try:
            with replacing(self.path) as file:
                write(file, pictures, self.rate)
        except Blank:
            problem = tr("Nothing was recorded.")
        except OSError as error:
            problem = tr("{file} cannot be written ({reason}).", file=self.path, reason=error.strerror or error)
        except Exception as error:
            problem = tr("{file} cannot be written ({reason}).", file=self.path, reason=f"{type(error).__name__}: {error}")
        for _ in pictures if problem else ():
            pass
        self.done(self.path, problem)


def _write_gif(file: BinaryIO, pictures: Iterator[Picture], rate: float) -> None:
    from PIL import Image

    def drawn(picture: Picture) -> Image.Image:
        return Image.fromarray(picture).quantize(128, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)

    first = next(pictures, None)
    if first is None:
        raise Blank
    hundredths = max(round(100 / rate), 2)
    drawn(first).save(file, "GIF", save_all=True, append_images=map(drawn, pictures), duration=10 * hundredths, loop=0)


def _write_mp4(file: BinaryIO, pictures: Iterator[Picture], rate: float) -> None:
    import av

    first = next(pictures, None)
    if first is None:
        raise Blank
    height, width = (side - side % 2 for side in first.shape[:2])
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=max(round(rate), 1))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"crf": "20", "preset": "veryfast"}
        for picture in _chain(first, pictures):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[:height, :width]), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _chain(first: Picture, rest: Iterator[Picture]) -> Iterator[Picture]:
    yield first
    yield from rest
