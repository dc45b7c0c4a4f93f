"""Both sets of colours can be read, values run through one scale, and the application follows the theme."""

from collections.abc import Iterator
from dataclasses import fields

import numpy as np
import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QMenu, QStyle, QStyleOptionButton
from pytestqt.qtbot import QtBot

from app.theme import DARK, LIGHT, MODES, Colours, theme

READABLE = [
    ("text", "window", 4.5), ("text", "panel", 4.5), ("text", "raised", 4.5), ("text", "cell", 4.5), ("text", "stage", 4.5),
    ("muted", "panel", 3.0), ("muted", "window", 3.0), ("muted", "stage", 3.0), ("accent_text", "accent", 4.5), ("trap", "panel", 3.0),
    ("goal", "cell", 3.0), ("trap", "cell", 3.0), ("start", "cell", 3.0), ("agent", "cell", 3.0), ("wall", "cell", 2.0),
]  # fmt: skip


@pytest.fixture(params=MODES)
def colours(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Colours]:
    theme.use(request.param)
    yield theme.colours
    theme.use("light")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(name: str) -> float:
    channels = np.array(QColor(name).getRgbF()[:3])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


@pytest.mark.parametrize(("ink", "ground", "least"), READABLE)
def test_what_must_be_read_stands_out(colours: Colours, ink: str, ground: str, least: float) -> None:
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= least


def test_curves_stand_out_from_the_panel_and_differ(colours: Colours) -> None:
    assert all(contrast(colour, colours.panel) >= 3.0 for colour in colours.series)
    assert len(set(colours.series)) == len(colours.series) == 6


@pytest.mark.parametrize("named", [LIGHT, DARK], ids=["light", "dark"])
def test_every_colour_is_one(named: Colours) -> None:
    for field in fields(Colours):
        value = getattr(named, field.name)
        for name in value if isinstance(value, tuple) else (value,):
            assert len(name) == 7 and QColor.isValidColorName(name)


def test_the_scale_of_values_has_its_ends_and_its_middle(colours: Colours) -> None:
    table = theme.value_table()
    assert table.shape == (256, 4) and table.dtype == np.uint8 and (table[:, 3] == 255).all()
    assert QColor(*table[0].tolist()).name() == colours.low
    assert QColor(*table[255].tolist()).name() == colours.high
    middle = np.array(QColor(colours.middle).getRgb())
    assert np.abs(table[127:129].astype(int) - middle).max() <= 2
    assert np.abs(np.diff(table.astype(int), axis=0)).max() <= 3


def test_good_is_blue_and_bad_is_orange(colours: Colours) -> None:
    low, high = theme.value_table()[[0, 255]].astype(int)
    assert high[2] > high[1] > high[0]
    assert low[0] > low[1] > low[2]


def test_the_palette_and_the_sheet_follow(colours: Colours) -> None:
    palette = QApplication.palette()
    for role, name in ((QPalette.ColorRole.Window, "window"), (QPalette.ColorRole.Base, "panel"), (QPalette.ColorRole.WindowText, "text"),
                       (QPalette.ColorRole.Highlight, "accent")):  # fmt: skip
        assert palette.color(role).name() == getattr(colours, name)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled.name() == colours.muted and disabled.alpha() < 255
    sheet = QApplication.instance().styleSheet()  # type: ignore[union-attr]
    assert colours.accent in sheet and (DARK if colours is LIGHT else LIGHT).panel not in sheet


def test_a_change_is_told_once_after_it_is_made(qtbot: QtBot) -> None:
    told: list[str] = []
    label = QLabel("Text")
    qtbot.addWidget(label)
    theme.use("light")
    label.ensurePolished()
    size = label.font().pointSizeF()

    def tell() -> None:
        told.append(theme.colours.window)

    theme.changed.connect(tell)
    try:
        theme.use("dark", 1.5)
        assert told == [DARK.window] and (theme.mode, theme.scale) == ("dark", 1.5)
        assert label.font().pointSizeF() == pytest.approx(1.5 * size)
        assert theme.colour("text", 100).alpha() == 100 and theme.colour("text").name() == DARK.text
    finally:
        theme.changed.disconnect(tell)
        theme.use("light")


def test_boxes_to_tick_grow_with_the_text(qtbot: QtBot) -> None:
    box = QCheckBox("shown")
    qtbot.addWidget(box)
    sides = []
    for scale in (1.0, 1.5, 2.0):
        theme.use("light", scale)
        option = QStyleOptionButton()
        box.initStyleOption(option)
        sides.append(box.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, box).height())
    theme.use("light")
    assert sides == [13, 20, 26]


def test_an_empty_box_is_seen(colours: Colours, qtbot: QtBot) -> None:
    box, menu = QCheckBox(), QMenu()
    menu.addAction("").setCheckable(True)
    for widget, ground in ((box, colours.window), (menu, colours.panel)):
        qtbot.addWidget(widget)
        picture = widget.grab().toImage().copy(widget.rect().adjusted(2, 2, -2, -2))
        inks = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
        assert max(contrast(ink, ground) for ink in inks) >= 1.5


def test_a_ticked_box_is_seen_whole_and_so_is_its_tick(colours: Colours, qtbot: QtBot) -> None:
    box, option = QCheckBox(), QStyleOptionButton()
    box.setChecked(True)
    qtbot.addWidget(box)
    picture = box.grab().toImage()
    box.initStyleOption(option)
    place = box.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, box)
    across = [picture.pixelColor(x, place.center().y()).name() for x in range(place.left(), place.right() + 1)]
    seen = [number for number, ink in enumerate(across) if contrast(ink, colours.window) >= 1.5]
    assert seen[0] <= 1 and seen[-1] >= place.width() - 2
    inside = {picture.pixelColor(x, y).name() for x in range(place.width()) for y in range(place.height())}
    assert max(contrast(one, other) for one in inside for other in inside) >= 4.5
