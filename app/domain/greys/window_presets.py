"""Grey windows by key: the program's, and those that the user has saved. Display only.

Chest radiographs carry no absolute units, so all are relative to the image's own values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.domain.settings import OwnWindow
from app.domain.window_level import full_range
from squid_core.contracts.radiograph import PixelArray, Radiograph, VoiFunction, Window
from squid_core.graphics import hidden

SAMPLES = 512  # pixels along each side that percentiles are taken from
BORDER = 0.05  # share of the pixels from which on the lowest value is taken for padding or a black border


@dataclass(frozen=True, slots=True)
class WindowPreset:
    """One preset.

    Attributes:
        name: English, marked for translators where keys are given (`app/ui/keys/window_presets.py`).
        low, high: percentiles of the pixel values that become black and white; None: as the file asks.
    """

    key: int
    name: str
    low: float | None = None
    high: float | None = None


AUTOMATIC = WindowPreset(0, "Automatic", 0.5, 99.5)
OF_THE_FILE = WindowPreset(1, "As in the file")
PRESETS = (
    AUTOMATIC,
    OF_THE_FILE,
    WindowPreset(2, "Lung", 1.0, 75.0),
    WindowPreset(3, "Mediastinum", 40.0, 99.7),
    WindowPreset(4, "Bone", 55.0, 99.9),
    WindowPreset(5, "Soft tissue", 15.0, 97.0),
    WindowPreset(6, "Full range", 0.0, 100.0),
)


def next_file_window(radiograph: Radiograph, shown: Window | None) -> Window:
    """The file's first window, or the one after the window shown, so that one key walks through them."""
    windows = radiograph.windows or (radiograph.window,)
    if shown not in windows:
        return windows[0]
    return windows[(windows.index(shown) + 1) % len(windows)]


def preset_window(radiograph: Radiograph, preset: WindowPreset) -> Window:
    """The window of a preset for one image.

    Args:
        radiograph: its `pixels` are not in colour.
        preset: one of PRESETS.
    """
    if preset.low is None or preset.high is None:
        return radiograph.window
    pixels = radiograph.pixels
    if (preset.low, preset.high) == (0.0, 100.0):
        return full_range(pixels[_seen(radiograph)])
    low, high = np.percentile(sampled(radiograph, SAMPLES), (preset.low, preset.high))
    width = max(float(high - low), 1e-6)
    return Window(float(low + high) / 2, width, VoiFunction.LINEAR_EXACT, preset.name)


def own_window(radiograph: Radiograph, window: Window, key: int, name: str) -> OwnWindow:
    """A window as the user saves it: where it lies on the image's automatic window, to fit other images too.

    A table is saved as the straight line over its width.
    """
    automatic = preset_window(radiograph, AUTOMATIC)
    return OwnWindow(
        key=key,
        name=name,
        center=(window.center - automatic.center) / automatic.width,
        width=window.width / automatic.width,
        function=VoiFunction.LINEAR_EXACT if window.table is not None else window.function,
    )


def window_of(radiograph: Radiograph, own: OwnWindow) -> Window:
    """The window that the user has saved, for one image that is not in colour."""
    automatic = preset_window(radiograph, AUTOMATIC)
    least = 1.0 if own.function is VoiFunction.LINEAR else 1e-6
    return Window(
        automatic.center + own.center * automatic.width, max(own.width * automatic.width, least), own.function, own.name
    )


def sampled(radiograph: Radiograph, side: int, box: tuple[float, float, float, float] = (0, 0, 1, 1)) -> PixelArray:
    """Some grey values, evenly spread, without what a shutter hides and without padding and black borders.

    Args:
        radiograph: not in colour.
        side: about so many along each side.
        box: (top, left, bottom, right) of the part to look at, as shares of the picture.

    Returns:
        (n,) of the image's own type; n > 0.
    """
    height, width = radiograph.pixels.shape[:2]
    top, left, bottom, right = box
    rows, columns = slice(int(top * height), max(int(bottom * height), 1)), slice(int(left * width), int(right * width))
    part, seen = radiograph.pixels[rows, columns], _seen(radiograph)[rows, columns]
    grid = tuple(slice(None, None, max(length // side, 1)) for length in part.shape)
    inside = part[grid][seen[grid]]
    if not inside.size:
        inside = part[seen] if seen.any() else part.ravel()
    return _without_border(inside)


def _seen(radiograph: Radiograph) -> PixelArray:
    """(H, W) bool: what the shutter leaves, since what it hides tells nothing of the rest; all without one."""
    shape = (radiograph.pixels.shape[0], radiograph.pixels.shape[1])
    if radiograph.shutter is None:
        return np.broadcast_to(np.bool_(True), shape)
    return ~hidden(radiograph.shutter, shape, radiograph.aspect)


def _without_border(sample: PixelArray) -> PixelArray:
    """The values less the lowest one, where that fills a part of the picture: the reader gives it to padding."""
    lowest = sample == sample.min()
    return sample[~lowest] if BORDER < lowest.mean() < 1 else sample
