"""Colours and type: one light and one dark set, safe for colour-blind eyes, scaled for a projector.

Blue means good, orange means bad, and neither ever stands alone: numbers, signs or shapes go with them.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

MODES = ("light", "dark")

ICONS = Path(__file__).parents[1] / "resources" / "icons"
TICK = (ICONS / "tick").with_suffix(".svg").as_posix()
"""What is drawn in a box that is ticked, in the dark."""


@dataclass(frozen=True)
class Colours:
    """One set of colours, as #rrggbb."""

    window: str
    panel: str
    raised: str
    border: str
    text: str
    muted: str
    accent: str
    accent_text: str
    stage: str
    cell: str
    wall: str
    grid: str
    goal: str
    trap: str
    start: str
    agent: str
    warning: str
    low: str
    middle: str
    high: str
    series: tuple[str, ...]


LIGHT = Colours(
    window="#f3f4f7", panel="#ffffff", raised="#eceef3", border="#d5d9e2", text="#1b2230", muted="#5d6779",
    accent="#2563c9", accent_text="#ffffff", stage="#e9ebf0", cell="#ffffff", wall="#4a5263", grid="#c9ceda",
    goal="#0f7f6d", trap="#c2410c", start="#2563c9", agent="#7c3aed", warning="#b45309",
    low="#e06a1b", middle="#fafafa", high="#2b74d9",
    series=("#2563c9", "#d9660c", "#0f8a76", "#8b3fd1", "#b5407a", "#6b7280"),
)  # fmt: skip

DARK = Colours(
    window="#14171d", panel="#1b1f27", raised="#252a34", border="#343b48", text="#e8ebf1", muted="#9aa4b5",
    accent="#5b9bf8", accent_text="#0b1220", stage="#0f1217", cell="#20252e", wall="#5a6374", grid="#363d4a",
    goal="#3ecfb2", trap="#fb8a4c", start="#5b9bf8", agent="#c4a1ff", warning="#f5b454",
    low="#d9701f", middle="#20252e", high="#3b82e6",
    series=("#5b9bf8", "#fb9a4c", "#3ecfb2", "#c4a1ff", "#f08ab8", "#9aa4b5"),
)  # fmt: skip


class Theme(QObject):
    """The colours and text size in use. Views repaint on `changed`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode = "light"
        self.scale = 1.0
        self.colours = LIGHT

    def use(self, mode: str, scale: float = 1.0) -> None:
        """Apply "light" or "dark" at a text size of `scale` times 10 points to the whole application."""
        self.mode, self.scale = mode, scale
        self.colours = DARK if mode == "dark" else LIGHT
        app = QApplication.instance()
        if isinstance(app, QApplication):
            font = QFont(app.font())
            font.setPointSizeF(10 * scale)
            app.setStyle("Fusion")
            app.setFont(font)
            app.setPalette(self.palette())
            app.setPalette(self.menu_palette(), "QMenu")  # type: ignore[arg-type]
            app.setStyleSheet(self.sheet())
        self.changed.emit()

    def colour(self, name: str, alpha: int = 255) -> QColor:
        """A named colour, such as "accent", at an opacity from 0 to 255."""
        colour = QColor(getattr(self.colours, name))
        colour.setAlpha(alpha)
        return colour

    def value_table(self) -> NDArray[np.uint8]:
        """[256, 4] RGBA from the lowest value over zero in the middle to the highest; to be read only."""
        return _shades(self.colours.low, self.colours.middle, self.colours.high)

    def palette(self) -> QPalette:
        """The Qt palette of these colours."""
        palette = QPalette()
        roles = QPalette.ColorRole
        pairs = {
            roles.Window: "window", roles.WindowText: "text", roles.Base: "panel", roles.AlternateBase: "raised", roles.Text: "text",
            roles.Button: "raised", roles.ButtonText: "text", roles.ToolTipBase: "panel", roles.ToolTipText: "text",
            roles.Highlight: "accent", roles.HighlightedText: "accent_text", roles.PlaceholderText: "muted", roles.Link: "accent",
            roles.Light: "panel", roles.Midlight: "raised", roles.Mid: "border", roles.Dark: "border", roles.Shadow: "border",
        }  # fmt: skip
        for role, name in pairs.items():
            palette.setColor(role, self.colour(name))
        for role in (roles.WindowText, roles.Text, roles.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("muted", 150))
        return palette

    def menu_palette(self) -> QPalette:
        """That of menus, in which Qt derives the frames of boxes to tick from a colour that it draws nothing else in but the menu's own."""
        palette = self.palette()
        if self.mode == "dark":
            palette.setColor(QPalette.ColorRole.Window, self.colour("muted"))
        return palette

    def sheet(self) -> str:
        """The style sheet: what the palette cannot say."""
        c = self.colours
        return f"""
        QMainWindow::separator {{ background: {c.window}; width: 6px; height: 6px; }}
        QMainWindow::separator:hover {{ background: {c.accent}; }}
        QDockWidget {{ font-weight: 600; }}
        QDockWidget::title {{ background: {c.window}; padding: 6px 8px; }}
        QDockWidget > QWidget {{ background: {c.panel}; }}
        QToolBar {{ background: {c.panel}; border: none; border-bottom: 1px solid {c.border}; padding: 4px 6px; spacing: 4px; }}
        QToolButton {{ padding: 5px 8px; border: 1px solid transparent; border-radius: 6px; }}
        QToolButton[square="true"] {{ padding: 3px; }}
        QToolButton:hover {{ background: {c.raised}; }}
        QToolButton:checked {{ background: {c.raised}; border-color: {c.accent}; }}
        QToolButton:focus {{ border: 1px dashed {c.muted}; }}
        QToolButton:checked:focus {{ border: 1px dashed {c.accent}; }}
        QToolButton[primary="true"]:enabled {{ background: {c.accent}; color: {c.accent_text}; font-weight: 600; }}
        QToolButton[popupMode="2"] {{ padding-right: {round(22 * self.scale)}px; }}
        QToolButton::menu-indicator {{ subcontrol-origin: padding; subcontrol-position: center right; right: {round(6 * self.scale)}px; }}
        QToolButton[section="true"] {{ background: {c.raised}; border-color: transparent; font-weight: 600; padding: 4px 6px; }}
        QToolButton[section="true"]:hover, QToolButton[section="true"]:focus {{ border-color: {c.accent}; }}
        {self._boxes()}
        QStatusBar {{ background: {c.window}; color: {c.muted}; }}
        QToolTip {{ background: {c.panel}; color: {c.text}; border: 1px solid {c.border}; padding: 4px; }}
        QTreeView, QListView, QTableView {{ border: none; outline: none; }}
        QTreeView::item, QListView::item {{ padding: 4px 2px; }}
        QTableView::item {{ padding: 0px 4px; }}
        QHeaderView::section {{ background: {c.raised}; border: none; border-right: 1px solid {c.border}; padding: 4px 6px; }}
        QHeaderView::up-arrow, QHeaderView::down-arrow {{ subcontrol-origin: border; subcontrol-position: top center; width: 9px; }}
        QTabBar::tab {{ padding: 6px 12px; color: {c.muted}; border-bottom: 2px solid transparent; }}
        QTabBar::tab:selected {{ color: {c.text}; border-bottom-color: {c.accent}; }}
        QScrollArea {{ border: none; }}
        QFrame[rule="true"] {{ background: {c.border}; border: none; max-height: 1px; }}
        QLabel[muted="true"], QToolButton[muted="true"] {{ color: {c.muted}; }}
        QLabel[heading="true"] {{ font-weight: 600; }}
        QLabel[error="true"] {{ color: {c.trap}; }}
        """

    def _boxes(self) -> str:
        """The part of the sheet about boxes to tick: their size, and how they look in the dark, where Qt's own cannot be seen."""
        c, side = self.colours, round(13 * self.scale)

        def rule(state: str, look: str) -> str:
            kinds = ("QCheckBox", "QTableView", "QTreeView", "QListView")
            return ", ".join(f"{kind}::indicator{state}" for kind in kinds) + f" {{ {look} }}\n"

        if self.mode != "dark":
            return rule("", f"width: {side}px; height: {side}px;")
        frame = f"width: {side - 2}px; height: {side - 2}px; border: 1px solid {c.muted}; border-radius: 2px;"
        ticked = f'background: {c.accent}; border-color: {c.accent}; image: url("{TICK}");'
        pale = f"background: {c.wall}; border-color: {c.wall};"
        return (
            rule("", frame)
            + rule(":checked", ticked)
            + rule(":checked:disabled", pale)
            + rule(":unchecked:disabled", f"border-color: {c.border};")
        )


@lru_cache
def _shades(*stops: str) -> NDArray[np.uint8]:
    """[256, 4] RGBA through three colours."""
    known = np.array([QColor(stop).getRgb() for stop in stops], np.float64)
    places = np.linspace(0, 2, 256)
    table = np.stack([np.interp(places, [0, 1, 2], known[:, channel]) for channel in range(4)], axis=1).round().astype(np.uint8)
    table.flags.writeable = False
    return table


theme = Theme()
"""The one theme of this process."""
