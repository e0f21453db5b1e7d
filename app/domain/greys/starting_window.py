"""The grey window that an image is first shown under. Display only: the detector never sees a window.

The file's own is the default, for somebody set it. But some files state a window that is meant for other values, and
then the lungs are one black or one white area: the automatic window stands in its place, and the pane says so.
"""

from __future__ import annotations

import numpy as np

from app.domain.greys.window_presets import AUTOMATIC, OF_THE_FILE, PRESETS, preset_window, sampled, window_of
from app.domain.settings import UNLESS_HIDING, DisplaySettings
from squid_core.contracts.radiograph import Radiograph, Window
from squid_core.voi import to_uint8

# Where the lungs of a chest lie, as (top, left, bottom, right) shares of the picture, and which of the values there
# are lung: air is darker than all else but what is beside the patient, of which the box has little.
LUNG_BOX = (0.12, 0.1, 0.75, 0.9)
LUNG_SHARES = (8.0, 50.0)  # percentiles within the box
SIDE = 96  # samples along each side
BLACKEST, WHITEST = 2, 253  # of 0..255: what no eye tells from black, and from white
CROSS_SECTIONS = frozenset(("CT", "MR", "PT", "NM", "US"))  # whose windows are of organs, and hide lungs on purpose
HIDDEN = 0.6  # share of the lungs' values from which on they count as hidden


def share_hidden(radiograph: Radiograph, window: Window) -> float:
    """Share of the values of the lung fields that a window shows black or white, 0..1; 0 for a picture in colour."""
    if radiograph.is_colour:
        return 0.0
    values = sampled(radiograph, SIDE, LUNG_BOX)
    low, high = np.percentile(values, LUNG_SHARES)
    lungs = values[(values >= low) & (values <= high)]
    shown = to_uint8(lungs[np.newaxis], window)
    dark, bright = float(np.mean(shown <= BLACKEST)), float(np.mean(shown >= WHITEST))
    return max(dark, bright) if low < high else 0.0


def starting_window(radiograph: Radiograph, display: DisplaySettings) -> tuple[Window, bool]:
    """The window to begin with, and whether it stands in the place of a file's window that hides the lungs."""
    if radiograph.is_colour:
        return radiograph.window, False
    start = display.starting_window
    if start == UNLESS_HIDING:
        if radiograph.identity.modality in CROSS_SECTIONS or share_hidden(radiograph, radiograph.window) < HIDDEN:
            return radiograph.window, False
        automatic = preset_window(radiograph, AUTOMATIC)
        helps = share_hidden(radiograph, automatic) < HIDDEN
        return (automatic if helps else radiograph.window), helps
    return chosen_window(radiograph, int(start), display), False


def chosen_window(radiograph: Radiograph, key: int, display: DisplaySettings) -> Window:
    """The window behind a number key; the file's where the user has none under it any more."""
    own = display.own_window(key)
    if own is not None:
        return window_of(radiograph, own)
    preset = next((preset for preset in PRESETS if preset.key == key), OF_THE_FILE)
    return preset_window(radiograph, preset)
