"""Stored values -> modality values with the polarity of the file, and the windows that belong to them.

Order of PS3.3 C.11 and PS3.4 N.2: modality LUT or rescale, then (for display only, elsewhere) VOI window, then
polarity. Here the polarity is settled early, on the modality values, because the detector needs it and never
sees a window: in `Grey.pixels` high is always bright. MONOCHROME1 values v become pivot - v, where the pivot is
the sum of the smallest and greatest value that the file could represent, so that the values stay in its range; of
a modality table that is its least and greatest entry, whatever bits its descriptor states.

Windows are turned with them. With v' = pivot - v, LINEAR_EXACT and SIGMOID have c' = pivot - c. LINEAR is not
symmetric about its centre (PS3.3 C.11.2.1.2.1: its ramp runs from c - 0.5 - (w-1)/2 to c - 0.5 + (w-1)/2), so
there c' = pivot - c + 1. Then the window on v' shows the exact inverse of what it showed on v.

Padding pixels are left out of all statistics and get the least value of the others, so they show black and do
not stretch the detector's grey scale, whatever number the file uses for them.

A VOI LUT is not baked in, which would alter what the detector sees: it becomes a window with a table
(`luts.LookupTable.as_window`), exact on the screen. With v' = pivot - v its entries run backwards and are
subtracted from white, for polarity is turned after VOI. One that falls says that bright means little: polarity is
in doubt then, and the reader is asked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import PixelArray, VoiFunction, VoiTable, Window
from squid_core.dicom.errors import SEND_AGAIN
from squid_core.dicom.header.image_module import ImageHeader
from squid_core.dicom.header.luts import lookup_table, rescale_of, voi_function_of
from squid_core.dicom.header.numbers import numbers
from squid_core.dicom.header.values import sequence_items, text, values
from squid_core.dicom.pixel.codecs import Stored
from squid_core.voi import as_meant, ramp

SAMPLE = 2_000_000  # pixels looked at for statistics
TRIM_PERCENT = 0.1  # left out at each end of the default window
_ROWS_AT_ONCE = 256
WIDEST = 64  # times the values' range; a wider window shows nothing
NARROWEST = 1 / 500  # of the values' range; a narrower window shows two greys
FEW_VALUES = 4  # a range of whole values that a window may well cut in two: a mask
_FLOAT32_MAX = float(np.finfo(np.float32).max)
_ABSURD = "The file's window makes no sense; the full range is shown."
_SHORT = "The file's VOI table is shorter than it states; its picture needs no more of it."
_NARROW = "The file's window is too narrow for its function; it is drawn straight from edge to edge."


@dataclass(slots=True, eq=False)
class Grey:
    """A grey image on its way to a `Radiograph`.

    Attributes:
        pixels: (H, W) uint16 or float32 modality values, high is bright.
        inverted: MONOCHROME1, or Presentation LUT Shape INVERSE.
        pivot: what the values were turned about; None where they were not.
        doubtful_polarity: the two contradict each other.
        doubtful_values: what makes modality values of the stored ones could not be read, and was not applied.
        meaningful: False where the rescale maps all values to one.
        flat: all values but padding and the extreme 0.5% are equal.
    """

    pixels: PixelArray
    windows: tuple[Window, ...]
    inverted: bool
    doubtful_polarity: bool
    doubtful_values: bool
    meaningful: bool
    flat: bool
    notices: list[str] = field(default_factory=list)
    pivot: float | None = None


def to_grey(
    stored: Stored,
    header: ImageHeader,
    dataset: Dataset,
    *,
    little: bool = True,
    unseen: NDArray[np.bool_] | None = None,
) -> Grey:
    """Modality values, polarity and windows of a grey image.

    Args:
        stored: (H, W) integers as decoded.
        header: the checked image pixel module.
        dataset: for tables, rescale, windows and padding.
        little: byte order of the header, for tables in OW.
        unseen: (H, W), what a shutter hides: left out of the default window, and of nothing else.

    Raises:
        SquidError: the rescale gives values that are not finite.
    """
    notices: list[str] = []
    padding = _padding(stored, dataset, notices)
    modality = _modality(stored, header, dataset, little, notices)
    pixels = modality.pixels
    shape = text(dataset, "PresentationLUTShape").upper()
    monochrome1 = header.photometric == "MONOCHROME1"
    inverted = monochrome1 or shape == "INVERSE"
    doubtful = (monochrome1 and shape == "IDENTITY") or (not monochrome1 and shape == "INVERSE")
    if doubtful:
        notices.append("The file contradicts itself on what is bright and what is dark.")
    pivot = modality.low + modality.high if inverted else None
    if pivot is not None:
        _turn(pixels, pivot)
    if padding is not None:
        np.copyto(pixels, np.min(pixels, where=~padding, initial=pixels.max()), where=padding)
    first, last, flat = _statistics(pixels, padding)
    if unseen is not None:
        first, last, _ = _statistics(pixels, unseen if padding is None else unseen | padding)
    windows = _windows(dataset, modality, little, pivot, (first, last), notices)
    table = windows[0].table if windows else None
    if table is not None and table.values[-1] < table.values[0]:
        doubtful = True
        notices.append("The file's VOI table shows high values dark; the detector takes them as bright.")
    if not windows:
        windows = (Window.full_range(first, last),)
    return Grey(pixels, windows, inverted, doubtful, not modality.applied, modality.meaningful, flat, notices, pivot)


@dataclass(frozen=True, slots=True, eq=False)
class _Modality:
    """Modality values.

    Attributes:
        pixels: (H, W) uint16 or float32, a new array.
        low: the least value that the file could represent, and high the greatest.
        whole: all values are whole numbers.
        applied: False where the file's table or rescale cannot be read: its windows are meant for other values.
        meaningful: False where the rescale maps all values to one.
    """

    pixels: PixelArray
    low: float
    high: float
    whole: bool = True
    applied: bool = True
    meaningful: bool = True


def _modality(stored: Stored, header: ImageHeader, dataset: Dataset, little: bool, notices: list[str]) -> _Modality:
    applied = True
    for item in sequence_items(dataset, "ModalityLUTSequence")[:1]:
        table = lookup_table(item, (float(stored.min()), float(stored.max())), little=little)
        if table is not None:
            if table.used_bits > table.bits:
                used, bits = table.used_bits, table.bits
                said = f"The file's modality table uses {used} bits where it states {bits}; all are read."
                notices.append(said)
            if table.short:
                notices.append("The file's modality table is shorter than it states; its picture needs no more of it.")
            return _Modality(table.apply(stored), float(table.table.min()), float(table.table.max()))
        applied = False
        notices.append("The file's modality table is damaged and was not applied.")
    low, high = _stored_range(stored, header)
    rescale = rescale_of(dataset, notices)
    if rescale is None:
        applied = False
        notices.append("The file's rescale is not a number and was not applied.")
    slope, intercept = rescale or (1.0, 0.0)
    if slope == 0:
        notices.append("The file's rescale slope is 0; the stored values are shown.")
    if slope == 0 or (slope == 1 and intercept == 0):
        kind = np.uint16 if not header.signed and stored.dtype.itemsize <= 2 else np.float32
        meaningful = slope != 0
        return _Modality(stored.astype(kind), low, high, applied=applied and meaningful, meaningful=meaningful)
    ends = sorted((low * slope + intercept, high * slope + intercept))
    if not all(math.isfinite(end) and abs(end) < _FLOAT32_MAX / 4 for end in ends):
        raise SquidError("The file's rescale gives values beyond all numbers.", SEND_AGAIN)
    rescaled = np.empty(stored.shape, np.float32)
    for top in range(0, stored.shape[0], _ROWS_AT_ONCE):  # in double precision, without a double copy of it all
        rows = slice(top, top + _ROWS_AT_ONCE)
        rescaled[rows] = stored[rows] * slope + intercept
    whole = float(slope).is_integer() and float(intercept).is_integer()
    return _Modality(rescaled, ends[0], ends[1], whole, applied)


def _turn(pixels: PixelArray, pivot: float) -> None:
    """High for low, in place; in double precision, for a pivot may lie beyond the type of the values."""
    for top in range(0, pixels.shape[0], _ROWS_AT_ONCE):
        rows = slice(top, top + _ROWS_AT_ONCE)
        pixels[rows] = pivot - pixels[rows].astype(np.float64)


def _stored_range(stored: Stored, header: ImageHeader) -> tuple[int, int]:
    """What the file could represent, more where its values do."""
    low, high = header.stored_range
    return min(low, int(stored.min())), max(high, int(stored.max()))


def _padding(stored: Stored, dataset: Dataset, notices: list[str]) -> NDArray[np.bool_] | None:
    """Where the stored value is padding (PS3.3 C.7.5.1.1.2); None where nothing or everything is."""
    first = _stored_number(dataset, "PixelPaddingValue", stored, notices)
    if first is None:
        return None
    limit = _stored_number(dataset, "PixelPaddingRangeLimit", stored, notices)
    low, high = sorted((first, first if limit is None else limit))
    mask = (stored >= low) & (stored <= high)
    return mask if mask.any() and not mask.all() else None


def _stored_number(dataset: Dataset, keyword: str, stored: Stored, notices: list[str]) -> int | None:
    """A single US or SS value in the pixels' own signedness; its VR is often the wrong one of the two."""
    found = numbers(dataset, keyword, notices)
    if len(found) != 1 or not found[0].is_integer():
        return None
    value = int(found[0])
    if stored.dtype.kind == "i":
        return value - 65536 if value >= 32768 else value
    return value & 0xFFFF


def _statistics(pixels: PixelArray, padding: NDArray[np.bool_] | None) -> tuple[float, float, bool]:
    """0.1% and 99.9% percentile of a sample without padding, and whether the picture is flat."""
    step = max(1, math.isqrt(pixels.size // SAMPLE) + 1) if pixels.size > SAMPLE else 1
    sample = pixels[::step, ::step]
    if padding is not None:
        kept = sample[~padding[::step, ::step]]
        sample = kept if kept.size else sample
    first, low, high, last = np.percentile(sample, (TRIM_PERCENT, 0.5, 99.5, 100 - TRIM_PERCENT))
    return float(first), float(last), bool(high <= low)


def _windows(
    dataset: Dataset,
    modality: _Modality,
    little: bool,
    pivot: float | None,
    data: tuple[float, float],
    notices: list[str],
) -> tuple[Window, ...]:
    """The file's windows that make sense on its values, stated ones first, then VOI tables."""
    candidates: list[tuple[Window, str]] = []  # with what is to be said of those that are shown
    absurd = False
    function = voi_function_of(dataset)
    if function is None:
        notices.append("The file names a window function that does not exist; a straight one is used.")
        function = VoiFunction.LINEAR
    names = [str(name) for name in values(dataset, "WindowCenterWidthExplanation")]
    centers, widths = numbers(dataset, "WindowCenter", notices), numbers(dataset, "WindowWidth", notices)
    tables = sequence_items(dataset, "VOILUTSequence")
    if not modality.applied and (centers or widths or tables):
        notices.append("The file's window is meant for other grey values than those shown; the full range is shown.")
        return ()
    for index, (center, width) in enumerate(zip(centers, widths, strict=False)):
        if not (math.isfinite(center) and math.isfinite(width) and width > 0):
            absurd = True
            continue
        stated = Window(center, width, function, names[index][:64] if index < len(names) else "")
        window = as_meant(stated, whole=modality.whole)
        candidates.append((window, "" if window == stated else _NARROW))
    for item in tables:
        table = lookup_table(item, (modality.low, modality.high), little=little)
        curve = table.as_window() if table is not None else None
        if table is None or curve is None:
            notices.append("The file's VOI table is damaged and is not applied.")
            continue
        used, bits = table.used_bits, table.bits
        said = f"The file's VOI table uses {used} bits where it states {bits}; it is shown in those that it uses."
        candidates.append((curve, said if used != bits else _SHORT if table.short else ""))
    if pivot is not None:
        candidates = [(window.turned(pivot), said) for window, said in candidates]
    sane = [(window, said) for window, said in candidates if _is_sane(window, data)]
    notices += [said for _, said in sane if said]
    if absurd or len(sane) < len(candidates) or len(centers) != len(widths):
        notices.append(_ABSURD if not sane else "One of the file's windows makes no sense and is left out.")
    return tuple(window for window, _ in sane)


def _is_sane(window: Window, data: tuple[float, float]) -> bool:
    """Whether some of the values fall on the window's ramp, and the ramp is neither a step nor endlessly wide."""
    low, high = ramp(window)
    if window.table is not None:
        return _tells_apart(window.table, low, high, data)
    span = data[1] - data[0]
    if span > FEW_VALUES and window.function is not VoiFunction.SIGMOID and high - low < NARROWEST * span:
        return False
    touched = low < data[1] and (high > data[0] or low == high == data[0])  # else one grey
    return span == 0 or (touched and window.width <= WIDEST * span)


def _tells_apart(table: VoiTable, low: float, high: float, data: tuple[float, float]) -> bool:
    """Whether a table whose ends lie at `low` and `high` shows more than one grey of the data."""
    last = len(table.values) - 1
    first, stop = (int(np.clip(round((end - low) / (high - low) * last), 0, last)) for end in data)
    shown = table.values[first : stop + 1]
    return data[1] == data[0] or bool(shown.min() < shown.max())
