"""JPEG 2000 where waiting counts: a grey image at a lower resolution level, and the whole one on several threads.

A stream holds its picture as wavelet levels (ISO 15444-1 B.5), so a quarter of the resolution takes a sixteenth of the
work and less of the time. Pillow asks OpenJPEG for it; it widens values to its own cells, which is undone here. The
OpenJPEG of pylibjpeg was built without threads, that of imagecodecs was built with them.
"""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Jpeg2KImagePlugin

from squid_core.dicom.header.image_module import ImageHeader
from squid_core.dicom.pixel.streams import J2K_START, j2k_size
from squid_core.dicom.pixel.syntaxes import JPEG_2000

FEWEST_PIXELS = 1_000_000  # a smaller image is there as soon as a preview of it
_MAX_PRECISION = 16


def reduction_of(header: ImageHeader, transfer_syntax: str, side: int) -> int:
    """How often an image is halved for a preview; 0 for one that is shown whole at once, or is not of this kind.

    Args:
        header: the checked image pixel module.
        transfer_syntax: of its frame's bytes.
        side: pixels of the longer side that a preview has at most.
    """
    large = header.rows * header.columns >= FEWEST_PIXELS
    if transfer_syntax not in JPEG_2000 or header.samples != 1 or not large:
        return 0
    return max(0, math.ceil(math.log2(max(header.rows, header.columns) / side)))


def reduced(stream: bytes, header: ImageHeader, reduction: int) -> NDArray[Any]:
    """Decode a checked grey stream at 1 / 2**reduction of its resolution.

    Returns:
        (ceil(H / 2**reduction), ceil(W / 2**reduction)) integers; each is about the pixel of the whole image in row
        and column 2**reduction times its own, for the low-pass filters of the standard lie symmetric about these.

    Raises:
        OSError, ValueError: it has no such level, is damaged, or not `is_plain`.
    """
    precision, start = header.bits_stored, stream.index(J2K_START)
    if precision > _MAX_PRECISION or not is_plain(stream, header):
        raise ValueError("a stream of other values than its header says")
    if any(stream[start + 16 : start + 24]):  # of the SIZ segment: where the image begins on the grid of the levels
        raise ValueError("an image that does not begin where its levels do")
    step = 2**reduction
    rows, columns = -(-header.rows // step), -(-header.columns // step)
    image = Jpeg2KImagePlugin.Jpeg2KImageFile(io.BytesIO(stream[start:]))
    tile: Any = image.tile[0]
    codec, _, layers, *place = tile.args
    # Its own way to ask, `reduce`, rounds an odd size to another than the stream has.
    image.tile = [tile._replace(extents=(0, 0, columns, rows), args=(codec, reduction, layers, *place))]
    cells = np.asarray(image.crop((0, 0, columns, rows)))
    values: NDArray[Any] = np.right_shift(cells, 8 * cells.itemsize - precision)
    if header.signed:
        values = (values.astype(np.int32) - 2 ** (precision - 1)).astype(f"i{values.itemsize}")
    return values


def is_plain(stream: bytes, header: ImageHeader) -> bool:
    """Whether a checked grey stream holds the values just as its header says, so that any decoder's are the same."""
    return (
        header.samples == 1
        and j2k_size(stream).precision == header.bits_stored == header.high_bit + 1
        and _is_signed(stream) == header.signed
    )


def with_threads(stream: bytes, threads: int) -> NDArray[Any]:
    """Decode a whole grey stream on so many threads."""
    from imagecodecs import jpeg2k_decode

    array: NDArray[Any] = jpeg2k_decode(stream[stream.index(J2K_START) :], numthreads=threads)
    return array


def _is_signed(stream: bytes) -> bool:
    return bool(stream[stream.index(J2K_START) + 42] & 0x80)
