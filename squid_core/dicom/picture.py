"""A PNG or JPEG picture -> grey pixels and a verdict. Runs only in a child process (`readers`).

Pictures carry no header that says what they show; the limits and the tests of the pixels are those of DICOM files.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import PixelArray, Verdict
from squid_core.dicom.container.sniff import SNIFF_BYTES, describe
from squid_core.dicom.errors import SEND_AGAIN
from squid_core.dicom.limits import MAX_DECODED_BYTES, MAX_PIXELS
from squid_core.dicom.verdict import Picture, judge_picture

KINDS = {"a PNG picture": "PNG", "a JPEG picture": "JPEG"}
NOTICE = "A picture has no header: nothing in the file says that it is a frontal chest X-ray."
GREY_TOLERANCE = 8  # of 255: a grey picture saved in colour stays within it, whatever the compression did


def is_picture(path: Path) -> bool:
    """Whether a file begins as a PNG or JPEG."""
    try:
        with path.open("rb") as file:
            return describe(file.read(SNIFF_BYTES)) in KINDS
    except OSError:
        return False


def read_picture(path: Path) -> tuple[PixelArray, Verdict]:
    """Decode one picture.

    Returns:
        (H, W) uint8, or uint16 where the picture has more than 8 bits; and whether the detector may run.

    Raises:
        SquidError: it is damaged or beyond the limits.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # our own limit is below Pillow's
        try:
            with Image.open(path, formats=tuple(KINDS.values())) as picture:
                columns, rows = picture.size
                if columns * rows > min(MAX_PIXELS, MAX_DECODED_BYTES // 4):
                    raise SquidError(f"The picture claims {columns} by {rows} pixels, more than is allowed.")
                pixels, colour = _grey(ImageOps.exif_transpose(picture))
        except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError) as error:
            raise SquidError("The picture is damaged.", SEND_AGAIN, type(error).__name__) from error
    flat = bool(pixels.min() == pixels.max())
    height, width = pixels.shape
    return pixels, judge_picture(Picture(height, width, colour=colour, flat=flat))


def _grey(picture: Image.Image) -> tuple[PixelArray, bool]:
    """Grey values, and whether the picture is truly in colour."""
    if picture.mode.startswith("I"):
        return np.asarray(picture).astype(np.uint16), False
    if picture.mode in ("1", "L"):
        return np.asarray(picture.convert("L")), False
    colours = np.asarray(picture.convert("RGB"))
    spread = colours.max(axis=2) - colours.min(axis=2)
    return np.asarray(picture.convert("RGB").convert("L")), bool(np.quantile(spread, 0.99) > GREY_TOLERANCE)
