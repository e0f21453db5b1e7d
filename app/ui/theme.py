"""The look of the program: where its resources lie, its colours, its style sheet and its icons."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

# The first of these that the machine has; DejaVu is what a bare Linux box offers.
FONT_FAMILIES = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "Ubuntu", "DejaVu Sans")
FONT_POINTS = 9.5
ICON_PIXELS = (16, 20, 24, 32, 48, 64, 128, 256)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours by their use. Text on `window`, `panel` and `raised` keeps a contrast of at least 4.5 to 1."""

    window: str = "#0b0d10"
    panel: str = "#11141a"
    raised: str = "#1b2029"
    hover: str = "#252c37"
    border: str = "#2b323d"
    outline: str = "#6d7888"
    text: str = "#e8ebf0"
    muted: str = "#a3adbb"
    disabled: str = "#7b8594"
    accent: str = "#6db3f2"
    selection: str = "#1d3a57"
    what_if: str = "#c3a6ff"
    what_if_fill: str = "#2a2140"
    warning: str = "#f0b64d"
    warning_fill: str = "#2b2311"
    error: str = "#ff8a80"
    error_fill: str = "#32191a"
    good: str = "#7fd1ae"
    image: str = "#000000"
    mark: str = "#ffd75e"


DARK = Tokens()


@lru_cache(maxsize=1)
def resources() -> Path:
    """The folder of styles and icons: app/resources in a wheel or a frozen program, resources/ in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


def resource(name: str) -> Path:
    """Path of one resource, such as "icons/squid.svg"."""
    return resources() / name


def style_sheet(tokens: Tokens = DARK) -> str:
    """The Qt style sheet with every `@name` replaced by that token's colour."""
    sheet = resource("styles/reading_room.qss").read_text(encoding="utf-8")
    sheet = sheet.replace("@icons", resource("icons").as_posix())
    for name, colour in sorted(asdict(tokens).items(), key=lambda item: -len(item[0])):
        sheet = sheet.replace(f"@{name}", colour)
    return sheet


def palette(tokens: Tokens = DARK) -> QPalette:
    """The Qt palette; what the style sheet does not reach follows it."""
    roles = QPalette.ColorRole
    colours = {
        roles.Window: tokens.window,
        roles.Base: tokens.panel,
        roles.AlternateBase: tokens.raised,
        roles.Button: tokens.raised,
        roles.ToolTipBase: tokens.raised,
        roles.WindowText: tokens.text,
        roles.Text: tokens.text,
        roles.ButtonText: tokens.text,
        roles.ToolTipText: tokens.text,
        roles.BrightText: tokens.error,
        roles.PlaceholderText: tokens.muted,
        roles.Highlight: tokens.selection,
        roles.HighlightedText: tokens.text,
        roles.Link: tokens.accent,
        roles.Light: tokens.hover,
        roles.Midlight: tokens.border,
        roles.Mid: tokens.border,
        roles.Dark: tokens.window,
        roles.Shadow: "#000000",
        roles.Accent: tokens.accent,
    }
    made = QPalette()
    for role, colour in colours.items():
        made.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.disabled))
    return made


def font(points: float = FONT_POINTS, bold: bool = False) -> QFont:
    """The program's typeface, with figures of one width where the face has them."""
    known = set(QFontDatabase.families())
    made = QFont([family for family in FONT_FAMILIES if family in known] or [QFont().family()])
    made.setPointSizeF(points)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return made


def apply(app: QApplication) -> None:
    """Give `app` its style, palette, typeface and icon. Call it once, before the first widget."""
    app.setStyle("Fusion")
    app.setPalette(palette())
    app.setFont(font())
    app.setStyleSheet(style_sheet())
    app.setWindowIcon(app_icon())


@lru_cache(maxsize=1)
def app_icon() -> QIcon:
    """The squid, in the sizes that window managers ask for."""
    icon = QIcon()
    for size in ICON_PIXELS:
        icon.addPixmap(_render(resource("icons/squid.svg").read_bytes(), size, 1.0))
    return icon


@lru_cache(maxsize=256)
def pixmap(name: str, colour: str, size: int = 16, ratio: float = 1.0) -> QPixmap:
    """One of our line icons in a colour.

    Args:
        name: file name in resources/icons without its ending.
        colour: replaces `currentColor`.
        size: edge in logical pixels.
        ratio: device pixels per logical pixel.
    """
    svg = resource(f"icons/{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    return _render(svg.encode(), size, ratio)


def icon(name: str, colour: str = DARK.text) -> QIcon:
    """A line icon for buttons and menus, dimmed where disabled."""
    made = QIcon()
    for ratio in (1.0, 2.0):
        made.addPixmap(pixmap(name, colour, 20, ratio))
        made.addPixmap(pixmap(name, DARK.disabled, 20, ratio), QIcon.Mode.Disabled)
    return made


def _render(svg: bytes, size: int, ratio: float) -> QPixmap:
    """Draw an SVG into a transparent square."""
    made = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(made.rect()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made
