"""Colour as it is decoded -> RGB for the screen, or the grey values of a grey picture that is stored in colour.

Whether a picture is in colour its pixels say, not its tag: programs for capture and conversion store grey radiographs
as RGB, YBR or with a palette of greys (PS3.3 C.7.6.3.1.2, C.7.6.3.1.5).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut

from squid_core.contracts.errors import SquidError
from squid_core.dicom.header.image_module import PALETTE, ImageHeader
from squid_core.dicom.header.values import CONVERSION_ERRORS
from squid_core.dicom.pixel.codecs import Stored

# Of 255: the channels of a grey picture saved in colour stay within it, whatever the compression did.
GREY_TOLERANCE = 8
MAX_COLOURED = 0.01  # of the pixels that are not black may be apart: a coloured letter, a spot of the compression
_ROWS_AT_ONCE = 256
_LUMA = (299, 587, 114)  # thousandths; ITU-R BT.601, as YBR_FULL has it (PS3.3 C.7.6.3.1.2)


def channels_of(decoded: Stored, header: ImageHeader, dataset: Dataset) -> tuple[Stored, int]:
    """(H, W, 3) uint8 or uint16 channels of a colour or palette image, and how many bits of them are used.

    Raises:
        SquidError: the palette is missing or damaged.
    """
    bits = header.bits_stored
    if header.photometric == PALETTE:
        try:
            decoded = apply_color_lut(decoded, dataset)
        except (*CONVERSION_ERRORS, KeyError) as error:
            raise SquidError("The palette of the picture is missing or damaged.", "", type(error).__name__) from error
        decoded, bits = np.ascontiguousarray(decoded[..., :3]), 8 * decoded.dtype.itemsize
    channels = decoded.view(f"u{decoded.dtype.itemsize}")  # colours have no sign
    if bits > 16:
        return (channels >> (bits - 16)).astype(np.uint16), 16
    top = int(channels.max())
    return channels, 8 if top < 256 else max(bits, top.bit_length())  # some are deep in name only, or deeper


def to_rgb(channels: Stored, bits: int) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 of unsigned channels; deeper ones keep their upper 8 bits."""
    return np.ascontiguousarray(channels >> max(0, bits - 8), dtype=np.uint8)


def in_colour(channels: Stored, bits: int = 8) -> bool:
    """Whether (H, W, 3) unsigned channels differ by more than those of a grey picture do that was saved in colour."""
    tolerance = GREY_TOLERANCE * (2**bits - 1) // 255
    apart = lit = 0
    for rows in _blocks(channels):
        greatest = rows.max(axis=2)
        lit += int(np.count_nonzero(greatest > tolerance))
        apart += int(np.count_nonzero(greatest - rows.min(axis=2) > tolerance))
    return apart > MAX_COLOURED * lit


def to_luma(channels: Stored) -> NDArray[np.uint16]:
    """(H, W) uint16 grey values of unsigned channels of up to 16 bits, in all of their bits."""
    weights = np.array(_LUMA, np.uint32)
    return np.concatenate([((rows @ weights + 500) // 1000).astype(np.uint16) for rows in _blocks(channels)])


def _blocks(channels: Stored) -> Iterator[Stored]:
    """Some rows at a time, without wide copies of it all."""
    for top in range(0, channels.shape[0], _ROWS_AT_ONCE):
        yield channels[top : top + _ROWS_AT_ONCE]
