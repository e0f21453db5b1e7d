"""The names of the grey windows: those behind the number keys, and those that a file carries."""

from __future__ import annotations

from app.i18n.language import QT_TR_NOOP, tr
from squid_core.contracts.radiograph import Radiograph, Window

# Of `PRESETS` (`app/domain/greys/window_presets.py`), for translators.
PRESET_NAMES = (
    QT_TR_NOOP("Automatic"), QT_TR_NOOP("As in the file"), QT_TR_NOOP("Lung"), QT_TR_NOOP("Mediastinum"),
    QT_TR_NOOP("Bone"), QT_TR_NOOP("Soft tissue"), QT_TR_NOOP("Full range"),
)  # fmt: skip


def window_words(radiograph: Radiograph, window: Window) -> str:
    """A window's name, with its number among the file's where there are several; '' for one without a name."""
    windows = radiograph.windows
    if len(windows) < 2 or window not in windows:
        return tr(window.name) if window.name else ""
    words = tr("{name} ({number} of {count})")
    name = tr(window.name) if window.name else tr("Window")
    return words.format(name=name, number=windows.index(window) + 1, count=len(windows))
