"""Grey windows by key. Chest radiographs carry no absolute units, so presets are shares of the image's own values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.domain.window_level import full_range
from app.i18n.language import QT_TR_NOOP, tr
from squid_core.contracts.radiograph import PixelArray, Radiograph, VoiFunction, Window
from squid_core.graphics import hidden

SAMPLES = 512  # pixels along each side that percentiles are taken from
BORDER = 0.05  # share of the pixels from which on the lowest value is taken for padding or a black border


@dataclass(frozen=True, slots=True)
class WindowPreset:
    """One preset.

    Attributes:
        low, high: percentiles of the pixel values that become black and white; None: as the file asks.
    """

    key: int
    name: str
    low: float | None = None
    high: float | None = None


PRESETS = (
    WindowPreset(0, QT_TR_NOOP("Automatic"), 0.5, 99.5),
    WindowPreset(1, QT_TR_NOOP("As in the file")),
    WindowPreset(2, QT_TR_NOOP("Lung"), 1.0, 75.0),
    WindowPreset(3, QT_TR_NOOP("Mediastinum"), 40.0, 99.7),
    WindowPreset(4, QT_TR_NOOP("Bone"), 55.0, 99.9),
    WindowPreset(5, QT_TR_NOOP("Soft tissue"), 15.0, 97.0),
    WindowPreset(6, QT_TR_NOOP("Full range"), 0.0, 100.0),
)


def next_file_window(radiograph: Radiograph, shown: Window | None) -> Window:
    """The file's first window, or the one after the window shown, so that one key walks through them."""
    windows = radiograph.windows or (radiograph.window,)
    if shown not in windows:
        return windows[0]
    return windows[(windows.index(shown) + 1) % len(windows)]


def window_words(radiograph: Radiograph, window: Window) -> str:
    """A window's name, with its number among the file's where there are several; '' for one without a name."""
    windows = radiograph.windows
    if len(windows) < 2 or window not in windows:
        return tr(window.name) if window.name else ""
    words = tr("{name} ({number} of {count})")
    name = tr(window.name) if window.name else tr("Window")
    return words.format(name=name, number=windows.index(window) + 1, count=len(windows))


def preset_window(radiograph: Radiograph, preset: WindowPreset) -> Window:
    """The window of a preset for one image.

    Args:
        radiograph: its `pixels` are not in colour.
        preset: one of PRESETS.
    """
    if preset.low is None or preset.high is None:
        return radiograph.window
    pixels = radiograph.pixels
    seen = np.ones(pixels.shape, np.bool_)
    if radiograph.shutter is not None:  # what it hides tells nothing of the rest
        seen = ~hidden(radiograph.shutter, (pixels.shape[0], pixels.shape[1]), radiograph.aspect)
    if (preset.low, preset.high) == (0.0, 100.0):
        return full_range(pixels[seen])
    grid = tuple(slice(None, None, max(length // SAMPLES, 1)) for length in pixels.shape[:2])
    sample = pixels[grid][seen[grid]] if seen[grid].any() else pixels[seen]
    low, high = np.percentile(_without_border(sample), (preset.low, preset.high))
    width = max(float(high - low), 1e-6)
    return Window(float(low + high) / 2, width, VoiFunction.LINEAR_EXACT, preset.name)


def _without_border(sample: PixelArray) -> PixelArray:
    """The values less the lowest one, where that fills a part of the picture: the reader gives it to padding."""
    lowest = sample == sample.min()
    return sample[~lowest] if BORDER < lowest.mean() < 1 else sample
