"""A studio that ended too soon: the next one offers what was there."""

import errno
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton

from app.preferences import drafts_folder
from app.studio import Studio
from core.drafts import Draft, Drafts
from core.worlds.grid import GridWorld
from tests.app.hands import Hands


def kept(studio: Studio) -> Path:
    assert studio.recovery.drafts is not None
    return studio.recovery.drafts.file


def left_behind(hands: Hands, studio: Studio) -> None:
    """A draft as a killed studio leaves it."""
    hands.paint("Wall", (2, 1))
    hands.qtbot.waitUntil(lambda: kept(studio).exists())
    shutil.copy(kept(studio), drafts_folder() / "left.json")


def press(box: QMessageBox, text: str, hands: Hands) -> None:
    button = next(button for button in box.findChildren(QPushButton) if button.text().replace("&", "") == text)
    hands.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_an_edit_is_on_disk_and_goes_when_it_is_undone(hands: Hands, studio: Studio) -> None:
    assert not kept(studio).exists()
    hands.paint("Wall", (2, 1))
    hands.qtbot.waitUntil(lambda: kept(studio).exists())
    studio.document.stack.undo()
    hands.qtbot.waitUntil(lambda: not kept(studio).exists())


def test_what_was_left_is_restored_as_unsaved(hands: Hands, studio: Studio) -> None:
    left_behind(hands, studio)
    edited = studio.document.world
    studio.document.stack.setClean()
    hands.library("grid/discount-5x5")
    box = studio.recovery.offer(studio.window)
    assert box is not None and "Lecture 3×4" in box.text()
    press(box, "Restore", hands)
    assert isinstance(edited, GridWorld) and studio.document.world == edited and studio.document.modified
    hands.qtbot.waitUntil(lambda: not (drafts_folder() / "left.json").exists())
    assert kept(studio).exists() and studio.recovery.offer(studio.window) is None


def test_what_was_left_stays_until_what_was_restored_is_on_disk(hands: Hands, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk it is all there is, should the studio break down again; once it ends as it should, the person has decided."""
    left_behind(hands, studio)
    left = drafts_folder() / "left.json"
    studio.document.stack.setClean()
    hands.library("grid/discount-5x5")
    hands.qtbot.waitUntil(lambda: not kept(studio).exists())
    full = list[Draft]()

    def refused(_: Drafts, draft: Draft) -> None:
        full.append(draft)
        raise OSError(errno.ENOSPC, "injected")

    monkeypatch.setattr(Drafts, "keep", refused)
    box = studio.recovery.offer(studio.window)
    assert box is not None
    press(box, "Restore", hands)
    hands.qtbot.waitUntil(lambda: bool(full))
    studio.recovery.settle()
    assert left.exists() and not kept(studio).exists()
    studio.recovery.close()
    assert not left.exists()


def test_what_is_discarded_is_not_offered_again(hands: Hands, studio: Studio) -> None:
    left_behind(hands, studio)
    before = studio.document.world
    box = studio.recovery.offer(studio.window)
    assert box is not None
    press(box, "Discard", hands)
    assert studio.document.world is before
    assert not (drafts_folder() / "left.json").exists()


def test_later_leaves_it_for_the_next(hands: Hands, studio: Studio) -> None:
    left_behind(hands, studio)
    box = studio.recovery.offer(studio.window)
    assert box is not None
    press(box, "Later", hands)
    assert (drafts_folder() / "left.json").exists()
    assert studio.recovery.drafts is not None
    studio.recovery.close()
    drafts = Drafts(drafts_folder())
    assert [left.file.name for left in drafts.left()] == ["left.json"]
    drafts.discard(drafts.left()[0])
    drafts.close()
