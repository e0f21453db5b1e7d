"""Grey values of a presentation state: modality, VOI and presentation LUT (PS3.4 N.2.1), as a window on an image.

The state takes the place of all that the image says of its greys: what it leaves out is the identity, and the image's
photometric interpretation is overridden (PS3.4 N.2.1.4). `Radiograph.pixels` are the image's own modality values, so a
window in the state's values is carried over where both are straight lines, and left out, with a sentence, where not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from squid_core.contracts.radiograph import VoiFunction, VoiTable, Window
from squid_core.dicom.header.image_module import ImageHeader
from squid_core.dicom.header.luts import LookupTable, lookup_table, rescale_of, voi_function_of
from squid_core.dicom.header.numbers import numbers
from squid_core.dicom.header.values import sequence_items, text, values
from squid_core.dicom.presentation.items import items_for
from squid_core.voi import as_meant, ramp

OWN_MODALITY = "Its modality LUT and the image's cannot be brought together; its window is not applied."
OWN_RESCALE = "It rescales the image's values otherwise than the image does; its window was converted."
BAD_WINDOW = "Its window makes no sense and is not applied."
BAD_FUNCTION = "It names a window function that does not exist; a straight one is used."
BAD_CURVE = "Its presentation table is damaged and is not applied."
_STEPS = 4096  # entries of a window that is drawn through a presentation table
_WHITE = 65535
_SIGMOID_REACH = 2.0  # widths on either side of its centre, where it is black and white but for 0.03%


@dataclass(frozen=True, slots=True)
class _Line:
    """value = slope * stored + intercept."""

    slope: float = 1.0
    intercept: float = 0.0


def greys_of(
    state: Dataset, image: Dataset, header: ImageHeader, pivot: float | None, notices: list[str], *, little: bool
) -> tuple[Window | None, bool]:
    """The window on `Radiograph.pixels`, and whether it is shown as a negative.

    Args:
        state: the presentation state.
        image: the image's header.
        header: what was checked of it.
        little: byte order of the state, for tables in OW.
        pivot: what the image's values were turned about, see `Radiograph`; None where they were not.
        notices: sentences on what is not applied are added.

    Returns:
        None for the window where the state's cannot be applied.
    """
    shape = text(state, "PresentationLUTShape").upper()
    dark = shape == "INVERSE"  # high values are dark
    stated = shape in ("INVERSE", "IDENTITY") or "PresentationLUTSequence" in state
    invert = stated and dark == (pivot is None)
    lines = _lines(state, image, header, little)
    if lines is None:
        notices.append(OWN_MODALITY)
        return None, invert
    own, ours = lines
    window = _voi(state, image, header, own, notices, little)
    window = None if window is None else _curved(state, window, notices, little)
    if window is None:
        return None, invert
    if own != ours:
        notices.append(OWN_RESCALE)
        window = _carried(window, own, ours)
    return (window if pivot is None else window.turned(pivot)), invert


def _lines(state: Dataset, image: Dataset, header: ImageHeader, little: bool) -> tuple[_Line, _Line] | None:
    """How state and image come from stored values to theirs; None where the two cannot be brought together."""
    tables = [sequence_items(dataset, "ModalityLUTSequence")[:1] for dataset in (state, image)]
    if any(tables):
        inputs = header.stored_range
        read = [lookup_table(table[0], inputs, little=little) if table else None for table in tables]
        return (_Line(), _Line()) if _same(*read) else None
    own, ours = rescale_of(state), rescale_of(image)
    if own is None or ours is None or own[0] * ours[0] <= 0:
        return None
    return _Line(*own), _Line(*ours)


def _same(one: LookupTable | None, other: LookupTable | None) -> bool:
    return one is not None and other is not None and one.first == other.first and np.array_equal(one.table, other.table)


def _voi(
    state: Dataset, image: Dataset, header: ImageHeader, own: _Line, notices: list[str], little: bool
) -> Window | None:
    """The window in the state's own values; of a state without one all that the image could hold (C.11.2)."""
    low, high = header.stored_range
    ends = sorted((own.slope * low + own.intercept, own.slope * high + own.intercept))
    items = items_for(state, "SoftcopyVOILUTSequence", text(image, "SOPInstanceUID"))
    if not items:
        return Window.full_range(*ends)
    item = items[0]
    for table in sequence_items(item, "VOILUTSequence")[:1]:
        read = lookup_table(table, (ends[0], ends[1]), little=little)
        window = None if read is None else read.as_window()
        if window is None:
            notices.append(BAD_WINDOW)
        return window
    centers, widths = numbers(item, "WindowCenter"), numbers(item, "WindowWidth")
    function = voi_function_of(item)
    if function is None:
        notices.append(BAD_FUNCTION)
        function = VoiFunction.LINEAR
    if not (centers and widths and math.isfinite(centers[0]) and math.isfinite(widths[0]) and widths[0] > 0):
        notices.append(BAD_WINDOW)
        return None
    names = values(item, "WindowCenterWidthExplanation")
    window = Window(centers[0], widths[0], function, str(names[0])[:64] if names else "")
    return as_meant(window, whole=own.slope.is_integer() and own.intercept.is_integer())


def _carried(window: Window, own: _Line, ours: _Line) -> Window:
    """A window on own.slope * s + own.intercept as the window that shows the same of ours."""
    ratio = ours.slope / own.slope
    if window.table is None and window.function is VoiFunction.LINEAR:
        low, high = ramp(window)
        window = Window((low + high) / 2, max(high - low, 1e-6), VoiFunction.LINEAR_EXACT, window.name)
    center = (window.center - own.intercept) * ratio + ours.intercept
    return replace(window, center=center, width=window.width * ratio)


def _curved(state: Dataset, window: Window, notices: list[str], little: bool) -> Window:
    """The window drawn through the state's presentation table (PS3.3 C.11.6); the same where there is none."""
    for item in sequence_items(state, "PresentationLUTSequence")[:1]:
        curve = lookup_table(item, (0.0, 65535.0), little=little)
        if curve is None or len(curve.table) < 2:
            notices.append(BAD_CURVE)
            return window
        low, high, shown = _ramp(window)
        entries = np.interp(shown * (len(curve.table) - 1), np.arange(len(curve.table)), curve.table)
        entries = np.clip(entries / (2**curve.used_bits - 1), 0, 1) * _WHITE
        table = VoiTable(np.round(entries).astype("<u2").tobytes(), _WHITE)
        return Window((low + high) / 2, high - low, VoiFunction.LINEAR_EXACT, window.name, table)
    return window


def _ramp(window: Window) -> tuple[float, float, NDArray[np.float64]]:
    """From where to where a window's output changes, and that output there, 0 (black) to 1 (white)."""
    if window.table is not None:
        low, high = window.center - window.width / 2, window.center + window.width / 2
        return low, high, np.minimum(window.table.values, window.table.top) / window.table.top
    if window.function is VoiFunction.SIGMOID:
        low, high = window.center - _SIGMOID_REACH * window.width, window.center + _SIGMOID_REACH * window.width
        places = np.linspace(-_SIGMOID_REACH, _SIGMOID_REACH, _STEPS)
        return low, high, 1 / (1 + np.exp(-4 * places))
    low, high = ramp(window)
    return low, max(high, low + 1e-6), np.linspace(0, 1, _STEPS)
