"""The look of the program: its colours in two themes, its style sheet and its icons."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from app.paths import resource

# Those of these that the machine has, in this order; DejaVu is what a bare Linux box offers.
FONT_FAMILIES = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "Ubuntu", "DejaVu Sans")
# Behind them for Chinese: the faces with the shapes that are written in Taiwan.
CHINESE_FAMILIES = ("Microsoft JhengHei UI", "Microsoft JhengHei", "PingFang TC", "Noto Sans CJK TC", "Noto Sans TC",
                    "Source Han Sans TC", "WenQuanYi Zen Hei", "AR PL UMing TW")  # fmt: skip
FONT_POINTS = 9.5
ICON_PIXELS = (16, 20, 24, 32, 48, 64, 128, 256)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours by their use.

    Text on `window`, `panel` and `raised` keeps a contrast of at least 4.5 to 1 (WCAG 2.1, AA). An X-ray lies on
    black whatever the theme, and so do the texts over it: `image_text`, `image_muted`, `image_outline`,
    `image_accent`, `image_warning` and `image_what_if` are for them.
    """

    name: str = "dark"
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
    selection_hover: str = "#25496d"
    what_if: str = "#c3a6ff"
    what_if_fill: str = "#2a2140"
    warning: str = "#f0b64d"
    warning_fill: str = "#2b2311"
    warning_edge: str = "#57451c"
    error: str = "#ff8a80"
    error_fill: str = "#32191a"
    image: str = "#000000"
    image_text: str = "#e8ebf0"
    image_muted: str = "#a3adbb"
    image_outline: str = "#6d7888"
    image_accent: str = "#6db3f2"
    image_what_if: str = "#c3a6ff"
    mark: str = "#ffd75e"
    image_warning: str = "#f0b64d"


DARK = Tokens()
LIGHT = Tokens(
    name="light",
    window="#dfe3e9",
    panel="#f3f5f8",
    raised="#ffffff",
    hover="#e4ebf3",
    border="#bfc7d2",
    outline="#6b7686",
    text="#151a21",
    muted="#444e5c",
    disabled="#66707f",
    accent="#0a549c",
    selection="#c9dff6",
    selection_hover="#b5d2f0",
    what_if="#5a2bb0",
    what_if_fill="#e9e0fb",
    warning="#6e4700",
    warning_fill="#fbecc8",
    warning_edge="#d9bd7a",
    error="#a01d17",
    error_fill="#fbdfdc",
)
THEMES = {tokens.name: tokens for tokens in (DARK, LIGHT)}
SYSTEM = "system"

_current = DARK


def tokens() -> Tokens:
    """The colours of the current theme. A widget reads them while it is built or painted."""
    return _current


def resolve(choice: str) -> Tokens:
    """The theme for a choice in the settings: "dark", "light", or "system" for what the desktop asks for."""
    if choice == SYSTEM:
        light = QApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        return LIGHT if light else DARK
    return THEMES.get(choice, DARK)


def style_sheet(theme: Tokens = DARK) -> str:
    """The Qt style sheet with every `@name` replaced by that token's colour."""
    sheet = resource("styles/reading_room.qss").read_text(encoding="utf-8")
    sheet = sheet.replace("@marks", resource(f"styles/{theme.name}").as_posix())
    colours = {name: value for name, value in asdict(theme).items() if name != "name"}
    for name, colour in sorted(colours.items(), key=lambda item: -len(item[0])):
        sheet = sheet.replace(f"@{name}", colour)
    return sheet


def palette(theme: Tokens = DARK) -> QPalette:
    """The Qt palette; what the style sheet does not reach follows it."""
    roles = QPalette.ColorRole
    colours = {
        roles.Window: theme.window,
        roles.Base: theme.panel,
        roles.AlternateBase: theme.raised,
        roles.Button: theme.raised,
        roles.ToolTipBase: theme.raised,
        roles.WindowText: theme.text,
        roles.Text: theme.text,
        roles.ButtonText: theme.text,
        roles.ToolTipText: theme.text,
        roles.BrightText: theme.error,
        roles.PlaceholderText: theme.muted,
        roles.Highlight: theme.selection,
        roles.HighlightedText: theme.text,
        roles.Link: theme.accent,
        roles.Light: theme.hover,
        roles.Midlight: theme.border,
        roles.Mid: theme.border,
        roles.Dark: theme.window,
        roles.Shadow: "#000000",
        roles.Accent: theme.accent,
    }
    made = QPalette()
    for role, colour in colours.items():
        made.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.disabled))
    return made


def font(points: float = FONT_POINTS, bold: bool = False) -> QFont:
    """The program's typeface, with figures of one width where the face has them."""
    known = set(QFontDatabase.families())
    families = [family for family in FONT_FAMILIES if family in known][:1] or [QFont().family()]
    made = QFont([*families, *(family for family in CHINESE_FAMILIES if family in known)])
    made.setPointSizeF(points)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return made


def apply(app: QApplication, theme: Tokens = DARK) -> None:
    """Make `theme` the current one and give `app` its style, palette, typeface and icon.

    Windows that are open take the style sheet over, but not what they read while they were built: build them anew.
    """
    global _current
    _current = theme
    app.setStyle("Fusion")
    app.setPalette(palette(theme))
    app.setFont(font())
    app.setStyleSheet(style_sheet(theme))
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


def icon(name: str, colour: str = "") -> QIcon:
    """A line icon for buttons and menus, dimmed where disabled; in the colour of text unless another is asked for."""
    made = QIcon()
    for ratio in (1.0, 2.0):
        made.addPixmap(pixmap(name, colour or _current.text, 20, ratio))
        made.addPixmap(pixmap(name, _current.disabled, 20, ratio), QIcon.Mode.Disabled)
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
