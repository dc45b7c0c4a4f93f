"""Without a display the studio says so in one sentence, and what to do instead."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import app.start
from app.start import check_display
from core.errors import MissingPart

ROOT = Path(__file__).parents[2]
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display or fail by themselves")


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in DISPLAYS:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.fixture
def some_display(no_display: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    no_display.setenv("DISPLAY", ":0")
    no_display.setattr(app.start, "display", lambda: ":0", raising=False)
    return no_display


def test_the_program_ends_with_one_sentence() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    ended = subprocess.run([sys.executable, "main.py"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240)
    assert ended.returncode == 2 and ended.stdout == ""
    assert ended.stderr.count("\n") == 1 and "Traceback" not in ended.stderr
    assert "no display" in ended.stderr and "python main.py --help" in ended.stderr


def test_without_any_display_the_sentence_is_raised_and_offscreen_needs_none(no_display: pytest.MonkeyPatch) -> None:
    no_display.setattr(app.start, "missing_libraries", lambda window: [])
    with pytest.raises(MissingPart, match="no display"):
        check_display()
    no_display.setenv("QT_QPA_PLATFORM", "offscreen")
    check_display()


@pytest.mark.parametrize(
    ("name", "value", "asked"),
    [
        ("DISPLAY", ":0", True),
        ("QT_QPA_PLATFORM", "xcb", True),
        ("QT_QPA_PLATFORM", "offscreen:x", False),
        ("QT_QPA_PLATFORM", "vnc", False),
    ],
)
def test_libraries_of_windows_are_asked_for_where_there_will_be_one(
    some_display: pytest.MonkeyPatch, name: str, value: str, asked: bool
) -> None:
    questions: list[bool] = []
    some_display.setenv(name, value)
    some_display.setattr(app.start, "missing_libraries", lambda window: questions.append(window) or [])
    check_display()
    assert questions == [asked]


def test_missing_libraries_are_named_with_their_packages(some_display: pytest.MonkeyPatch) -> None:
    missing = [("libEGL.so.1", "libegl1"), ("libxcb-cursor.so.0", "libxcb-cursor0")]
    some_display.setattr(app.start, "missing_libraries", lambda window: missing)
    with pytest.raises(MissingPart) as caught:
        check_display()
    assert "libEGL.so.1, libxcb-cursor.so.0" in caught.value.sentence and "apt install libegl1 libxcb-cursor0" in caught.value.sentence
