"""What makes other values of those stored: modality LUT or rescale, VOI LUT and its function (PS3.3 C.11.1, C.11.2)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from squid_core.contracts.radiograph import VoiFunction, VoiTable, Window
from squid_core.dicom.header.numbers import numbers
from squid_core.dicom.header.values import CONVERSION_ERRORS, text

_ROWS_AT_ONCE = 256
_ROUNDED_UP = 256  # the least output that may be one too many for the bits that it is meant in


@dataclass(frozen=True, slots=True, eq=False)
class LookupTable:
    """A table from stored (or modality) values to output values.

    Attributes:
        first: the input value that maps to table[0]; inputs below and above clamp to the ends.
        table: (n,) uint16 outputs.
        bits: of an output value, as the descriptor says; files often state other bits than their entries have.
        short: it has fewer entries than its descriptor says, and yet one for every input.
    """

    first: int
    table: NDArray[np.uint16]
    bits: int
    name: str = ""
    short: bool = False

    @property
    def used_bits(self) -> int:
        """Bits that the outputs have, 1..16; 256, 4096 and the like are white, rounded up by their writer."""
        greatest = int(self.table.max())
        return max((greatest - (greatest >= _ROUNDED_UP)).bit_length(), 1)

    def apply(self, image: NDArray[Any]) -> NDArray[np.uint16]:
        """(H, W) integers -> (H, W) uint16."""
        out = np.empty(image.shape, np.uint16)
        for top in range(0, image.shape[0], _ROWS_AT_ONCE):  # without an index of the whole image
            rows = slice(top, top + _ROWS_AT_ONCE)
            out[rows] = self.table[np.clip(image[rows].astype(np.int64) - self.first, 0, len(self.table) - 1)]
        return out

    def as_window(self) -> Window | None:
        """The window that shows exactly this curve; None where it shows one grey only.

        White is the greatest output of the stated bits (PS3.3 C.11.2.1.1). Deviation: it is that of the bits which
        the outputs have. Files state 16 bits, as their words have, over entries of 12, and 12 over entries of 16.
        """
        if len(self.table) < 2 or int(self.table.min()) == int(self.table.max()):
            return None
        span = len(self.table) - 1
        return Window(
            self.first + span / 2,
            float(span),
            VoiFunction.LINEAR_EXACT,
            self.name or "VOI LUT",
            VoiTable(self.table.astype("<u2").tobytes(), 2**self.used_bits - 1),
        )


def rescale_of(dataset: Dataset, notices: list[str] | None = None) -> tuple[float, float] | None:
    """Slope and intercept (PS3.3 C.11.1), 1 and 0 where the file has none; None where one of them cannot be read.

    Args:
        dataset: of an image or a presentation state.
        notices: as of `numbers`.
    """
    slope, *_ = numbers(dataset, "RescaleSlope", notices) or (1.0,)
    intercept, *_ = numbers(dataset, "RescaleIntercept", notices) or (0.0,)
    return (slope, intercept) if math.isfinite(slope) and math.isfinite(intercept) else None


def voi_function_of(dataset: Dataset) -> VoiFunction | None:
    """VOI LUT Function (PS3.3 C.11.2.1.3), LINEAR where the file names none; None where there is none of its name."""
    try:
        return VoiFunction(text(dataset, "VOILUTFunction").upper() or VoiFunction.LINEAR)
    except ValueError:
        return None


def lookup_table(item: Dataset, inputs: tuple[float, float], *, little: bool) -> LookupTable | None:
    """A LUT item's descriptor and data; None where they contradict each other.

    Args:
        item: of the sequence.
        inputs: the least and the greatest of them. They decide how the descriptor's second value is meant, which
            is signed as the input is and often written with the other VR: below zero where some input is, or where all
            would lie below the start.
        little: byte order of the header, for tables in OW.
    """
    descriptor = numbers(item, "LUTDescriptor")
    data = _words(item, "LUTData", little)
    if len(descriptor) != 3 or not all(number.is_integer() for number in descriptor) or not len(data):
        return None
    count, first, bits = (int(number) % 65536 for number in descriptor)  # of any sign
    entries = count or 65536
    if first >= 32768 and (inputs[0] < 0 or inputs[1] < first):
        first -= 65536
    if len(data) < entries and bits == 8 and 2 * len(data) >= entries:
        data = data.astype("<u2").view(np.uint8).astype(np.uint16)  # 8-bit entries packed two a word
    short = len(data) < entries
    # Half as many may be bytes, two a word, under a descriptor that states words.
    if short and (inputs[1] >= first + len(data) or 2 * len(data) == entries):
        return None
    return LookupTable(first, data[:entries], bits, text(item, "LUTExplanation"), short)


def _words(item: Dataset, keyword: str, little: bool) -> NDArray[np.uint16]:
    """Values of an element that may be US, SS or OW, as 16-bit words."""
    try:
        value = item.get(keyword)
        if value is None:
            return np.zeros(0, np.uint16)
        if isinstance(value, bytes):
            return np.frombuffer(value[: len(value) // 2 * 2], "<u2" if little else ">u2").astype(np.uint16)
        listed = [int(entry) & 0xFFFF for entry in (value if hasattr(value, "__iter__") else [value])]
        return np.array(listed, np.uint16)
    except CONVERSION_ERRORS:
        return np.zeros(0, np.uint16)
