"""Whether Qt can open a window here, said before Qt would abort the process. No Qt at module level."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path

APT_PACKAGES = (
    "libegl1 libgl1 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libxcb-cursor0 libxcb-icccm4 libxcb-image0"
    " libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1"
)
PLUGINS = {"xcb": "libqxcb.so", "wayland": "libqwayland.so", "offscreen": "libqoffscreen.so"}


def platform_problem() -> str | None:
    """One sentence on why no window can be opened, with what to do about it; None when it can."""
    if not sys.platform.startswith("linux"):
        return None
    platform = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if not platform:
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            return (
                "There is no display here. Run it on a desktop, or add --snapshot window.png to do the work without"
                " one and get a picture."
            )
        platform = "xcb" if os.environ.get("DISPLAY") else "wayland"
    missing = _missing_library(platform)
    if missing is None:
        return None
    return (
        f"Qt needs a system library that is not installed ({missing}). On Debian or Ubuntu: sudo apt install"
        f" {APT_PACKAGES}"
    )


def _missing_library(platform: str) -> str | None:
    """Load the plug-in as Qt would, and read from the error which library it lacks."""
    spec = importlib.util.find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        return "PySide6"
    package = Path(next(iter(spec.submodule_search_locations)))
    try:
        import PySide6.QtWidgets  # noqa: F401 - libGL, libEGL
    except ImportError as error:
        return str(error).split(":")[0]
    plugin = package / "Qt" / "plugins" / "platforms" / PLUGINS.get(platform, "")
    if not plugin.is_file():
        return None  # a platform of the system's own; Qt itself will say
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return str(error).split(":")[0]
    return None
