"""Recordings: what can be written here, how fast it plays, and that the last picture is the last."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.viewing.camera import Camera, missing
from core.errors import MissingPart


def picture(shade: int) -> np.ndarray:
    return np.full((21, 33, 3), shade, np.uint8)


def test_a_gif_of_fifty_pictures_a_second_keeps_every_second_one(tmp_path: Path) -> None:
    told: list[tuple[Path, str | None]] = []
    camera = Camera(tmp_path / "fast.gif", 50, lambda path, problem: told.append((path, problem)))
    for shade in range(0, 200, 20):
        camera.take(picture(shade))
    camera.finish()
    camera.wait()
    assert told == [(tmp_path / "fast.gif", None)]
    with Image.open(tmp_path / "fast.gif") as image:
        assert image.n_frames == 5 and image.info["duration"] == 40 and image.size == (33, 21)
        image.seek(4)
        assert image.convert("RGB").getpixel((5, 5)) == (160, 160, 160)


def test_an_mp4_has_even_sides_and_every_picture(tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    camera = Camera(tmp_path / "small.mp4", 50, lambda *_: None)
    for shade in range(0, 200, 20):
        camera.take(picture(shade))
    camera.finish()
    camera.wait()
    with av.open(str(tmp_path / "small.mp4")) as container:
        shades = [frame.to_ndarray(format="rgb24").mean() for frame in container.decode(video=0)]
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.average_rate) == (32, 20, 50)
    np.testing.assert_allclose(shades, range(0, 200, 20), atol=6)


def test_what_cannot_be_written_is_said_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing(tmp_path / "a.GIF") is None
    assert "gif" in (missing(tmp_path / "a.avi") or "")
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "av" else find(name))
    assert "pip install av" in (missing(tmp_path / "a.mp4") or "")
    with pytest.raises(MissingPart, match="pip install av"):
        Camera(tmp_path / "a.mp4", 50, lambda *_: None)


def test_nothing_taken_is_nothing_written(tmp_path: Path) -> None:
    told: list[str | None] = []
    camera = Camera(tmp_path / "none.gif", 30, lambda _, problem: told.append(problem))
    camera.finish()
    camera.wait()
    assert told == ["Nothing was recorded."] and list(tmp_path.iterdir()) == []
