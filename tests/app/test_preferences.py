"""What the studio remembers comes back from the file, and a damaged file does no harm."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from app.preferences import Preferences, runs_folder
from app.theme import MODES


def reread(file: Path) -> Preferences:
    """The preferences as another process would read them."""
    copy = file.with_name("copy.ini")
    shutil.copy(file, copy)
    return Preferences(copy)


def damaged(folder: Path, text: str) -> Preferences:
    file = folder / "damaged.ini"
    file.write_text("[General]\n" + text + "\n", encoding="utf-8")
    return Preferences(file)


def test_a_first_start_has_no_opinion(tmp_path: Path) -> None:
    first = Preferences(tmp_path / "none yet" / "studio.ini")
    assert (first.mode, first.language, first.scale, first.layout) == ("", "", 1.0, None)


def test_what_was_set_comes_back_from_the_file(qtbot: QtBot, tmp_path: Path) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    layout = (window.saveGeometry(), window.saveState())
    file = tmp_path / "folder" / "studio.ini"
    kept = Preferences(file)
    kept.mode, kept.language, kept.scale, kept.layout = "dark", "ko", 1.52, layout
    kept.past_memory = 20
    del kept
    again = reread(file)
    assert (again.mode, again.language, again.scale) == ("dark", "ko", 1.52)
    assert again.layout == layout and again.past_memory == 20
    assert window.restoreGeometry(layout[0]) and window.restoreState(layout[1])


@pytest.mark.parametrize(
    ("text", "megabytes"),
    [("", 256), ("past_memory=1000", 1000), ("past_memory=3", 16), ("past_memory=-9", 16), ("past_memory=lots", 256), ("past_memory=", 256),
     ("past_memory=1e3", 256), ("past_memory=999999999", 2048), ("past_memory=1, 2", 256)],
)  # fmt: skip
def test_the_memory_of_the_past_stays_within_what_the_machine_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, megabytes: int
) -> None:
    monkeypatch.setattr("app.preferences.most_memory", lambda: 2**31)
    assert damaged(tmp_path, text).past_memory == megabytes


def test_the_last_word_counts(tmp_path: Path) -> None:
    file = tmp_path / "studio.ini"
    for mode in ("dark", "light"):
        Preferences(file).mode = mode
    assert reread(file).mode == "light"


@pytest.mark.parametrize("text", ["scale=large", "scale=", "scale=1,2", "scale=@Invalid()", "scale=@ByteArray(x)", "=", "\0\0\0", "scale"])
def test_a_scale_that_cannot_be_read_is_one(tmp_path: Path, text: str) -> None:
    assert damaged(tmp_path, text).scale == 1.0


@pytest.mark.parametrize(("text", "scale"), [("9", 3.0), ("inf", 3.0), ("0.01", 0.7), ("-3", 0.7), ("1.25", 1.25)])
def test_a_scale_stays_within_what_can_be_read(tmp_path: Path, text: str, scale: float) -> None:
    assert damaged(tmp_path, f"scale={text}").scale == scale


@pytest.mark.parametrize("text", ["geometry=wide\ndocks=@ByteArray(x)", "geometry=@ByteArray(x)", "geometry=@Invalid()\ndocks=1, 2"])
def test_a_damaged_layout_is_none(tmp_path: Path, text: str) -> None:
    assert damaged(tmp_path, text).layout is None


def test_a_layout_that_is_no_layout_is_refused_by_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    layout = damaged(tmp_path, "geometry=@ByteArray(x)\ndocks=@ByteArray(y)").layout
    assert layout == (QByteArray(b"x"), QByteArray(b"y"))
    window = QMainWindow()
    qtbot.addWidget(window)
    size = window.size()
    assert not window.restoreGeometry(layout[0]) and not window.restoreState(layout[1])
    assert window.size() == size


@pytest.mark.parametrize("text", ["mode=purple", "mode=@Invalid()", "mode=1, 2", "mode="])
def test_a_mode_that_there_is_not_is_none_of_the_modes(tmp_path: Path, text: str) -> None:
    assert damaged(tmp_path, text).mode not in MODES


def test_a_file_that_is_no_text_is_as_if_there_were_none(tmp_path: Path) -> None:
    file = tmp_path / "studio.ini"
    file.write_bytes(bytes(range(256)) * 8)
    read = Preferences(file)
    assert read.mode not in MODES and read.scale == 1.0 and read.layout is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have other folders")
def test_everything_lies_in_the_users_own_folders(qapp: QApplication) -> None:
    assert runs_folder() == Path(os.environ["XDG_DATA_HOME"]) / "valuescape" / "runs"
    Preferences().language = "en"
    assert (Path(os.environ["XDG_CONFIG_HOME"]) / "valuescape" / "studio.ini").exists()
    assert Preferences().language == "en"
