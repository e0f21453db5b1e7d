"""Cells as they were decoded -> stored values: one rule for every transfer syntax (PS3.5 8.1.1).

A cell has Bits Allocated; the value in it has Bits Stored, of which High Bit is the highest. What lies in the spare
bits is no grey: overlays, or nothing. Files also place values elsewhere than they say, have more bits than they say,
or compress a value without the bits below it. So the header is held against the values: bits that do not vary carry
no picture; a picture without its upper bits is torn, like a map with contour lines, and one with an overlay in them is
torn at the overlay's edges.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from squid_core.dicom.header.image_module import ImageHeader

MAX_OVERSHOOT = 0.01  # share of values beyond the stored bits that says nothing: a lossy stream's, or a small overlay
_ROWS_AT_ONCE = 256
_SAMPLE = 1_000_000  # pixels looked at for tears
_GRAIN = 0.1  # share of torn neighbours that the edges of no overlay reach, but the grain of a picture of more bits
_SURE = 4  # times as often torn as the other reading: the other is right
_NEAR = 1 / 8  # of the range of the stored bits: neighbours that differ by less belong together
IN_DOUBT = "It is not sure which bits of the file hold its grey values."
_LOWER = "The grey values lie lower in their bits than the header says; they are read where they lie."
_HIGHER = "The grey values lie higher in their bits than the header says; they are read where they lie."


def stored_values(cells: NDArray[Any], header: ImageHeader, *, lossy: bool) -> tuple[NDArray[Any], tuple[str, ...]]:
    """The stored values of a grey frame, and notices.

    Args:
        cells: (H, W) integers as decoded, of any width.
        header: the checked image pixel module.
        lossy: of a stream that may overshoot: a few values beyond the stored bits are white or black then.

    Returns:
        (H, W) integers of the file's signedness.
    """
    size, bits, shift = 8 * cells.itemsize, header.bits_stored, header.high_bit + 1 - header.bits_stored
    cells = cells.astype(f"{'i' if header.signed else 'u'}{cells.itemsize}", copy=False)
    if bits >= size:
        return cells, (_LOWER,) if shift else ()
    least, greatest = header.stored_range
    tolerated, varying = MAX_OVERSHOOT if lossy else 0.0, _varying(cells) if shift else 0
    if not shift or varying % 2**shift:  # what varies below the stated place
        lower = (_LOWER,) if shift else ()
        if least <= cells.min() and cells.max() <= greatest:
            return cells, lower
        if tolerated and np.mean((cells < least) | (cells > greatest)) <= tolerated:
            return np.clip(cells, least, greatest), lower
    whole = np.right_shift(cells, shift)
    stated = np.left_shift(whole, size - bits)
    np.right_shift(stated, size - bits, out=stated)
    beyond = np.mean(whole != stated)
    if 0 < beyond <= tolerated:
        return np.clip(whole, least, greatest), ()
    torn_without, torn_with = _torn(stated, whole, bits), _torn(whole, stated, bits)
    if beyond <= MAX_OVERSHOOT or torn_with >= _SURE * torn_without:
        return stated, ()
    doubt = () if torn_without >= _SURE * torn_with else (IN_DOUBT,)
    grain = torn_with >= _GRAIN and int(whole.max()) - int(whole.min()) >= 2**bits
    if doubt and not grain:
        return stated, doubt
    spare = min(header.bits_allocated, size) - bits
    if not (varying or _varying(cells)) % 2**spare:
        return np.right_shift(cells, spare), (_HIGHER, *doubt)
    used = max(int(whole.max()), -1 - int(whole.min())).bit_length() + header.signed
    return whole, (f"The picture uses {used} bits where its header says {bits}; all are read.", *doubt)


def _varying(cells: NDArray[Any]) -> int:
    """The bits, as a number, that are not the same in all cells."""
    unsigned = cells.view(f"u{cells.itemsize}")
    blocks = range(0, len(unsigned), _ROWS_AT_ONCE)
    changed = (np.bitwise_or.reduce(unsigned[top : top + _ROWS_AT_ONCE] ^ unsigned[0, 0], None) for top in blocks)
    return int(np.bitwise_or.reduce(list(changed)))


def _torn(values: NDArray[Any], others: NDArray[Any], bits: int) -> float:
    """Share of neighbours in a row that belong together in another reading and not in this; of a sample of rows."""
    every = math.ceil(values.size / _SAMPLE)
    here, there = (np.abs(np.diff(read[::every].astype(np.int64), axis=1)) for read in (values, others))
    return float(np.mean((there < _NEAR * 2**bits) & (here >= (1 - _NEAR) * 2**bits))) if here.size else 0.0
