"""A PNG or JPEG picture -> what is known of it, and its grey pixels. Runs only in a child process (`readers`).

Pictures carry no header that says what they show: the detector's verdict on them is a question. Many of those that lie
about are of something else, so what is in colour or too small is passed over.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Content, Identity, Radiograph, Window
from squid_core.dicom.container.sniff import PICTURES
from squid_core.dicom.errors import SEND_AGAIN, NotAnImageError
from squid_core.dicom.limits import MAX_DECODED_BYTES, MAX_HELD_BYTES, MAX_PIXELS
from squid_core.dicom.opening import whole
from squid_core.dicom.pixel.colour import in_colour
from squid_core.dicom.source import Source
from squid_core.dicom.verdict import MIN_SIDE, Picture, judge_picture
from squid_core.privacy import BURNED_IN_UNKNOWN
from squid_core.text import clean_text

_GLANCE = 256  # pixels a side, enough to tell colour by


def identify_picture(source: Source) -> tuple[Identity, Content]:
    """What is known of a picture: its name, as the description of a study of its own.

    Raises:
        NotAnImageError: it is in colour or too small.
        SquidError: it is damaged or beyond the limits.
    """
    with _picture(source) as (picture, content):
        picture.draft(picture.mode, (_GLANCE, _GLANCE))  # a JPEG need not be decoded in full for it
        _refuse_colour(picture)
        return _identity(source), content


def read_picture(source: Source) -> Radiograph:
    """Decode one picture for display and for the detector.

    Returns:
        Radiograph of (H, W) uint16 values, upright as its EXIF says: 0..255, or 0..65535 where it has more bits.

    Raises:
        NotAnImageError: it is in colour or too small.
        SquidError: it is damaged or beyond the limits.
    """
    with _picture(source) as (picture, content):
        _refuse_colour(picture)
        upright = ImageOps.exif_transpose(picture)
        deep = upright.mode.startswith("I")
        pixels = np.asarray(upright if deep else upright.convert("L")).astype(np.uint16)
    low, high = (int(value) for value in np.quantile(pixels, (0.001, 0.999))) if deep else (0, 255)
    window = Window.full_range(low, high)
    rows, columns = pixels.shape
    return Radiograph(
        pixels,
        window,
        _identity(source),
        judge_picture(Picture(rows, columns, flat=bool(pixels.min() == pixels.max()))),
        windows=(window,),
        notices=(BURNED_IN_UNKNOWN,),
        content=content,
    )


@contextmanager
def _picture(source: Source) -> Iterator[tuple[Image.Image, Content]]:
    """A picture within the limits, its pixels yet to be decoded; the faults that decoding meets are put into words."""
    data, content = whole(source, MAX_HELD_BYTES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # our own limit is below Pillow's
        try:
            with Image.open(io.BytesIO(data), formats=tuple(PICTURES.values())) as picture:
                columns, rows = picture.size
                if columns * rows > min(MAX_PIXELS, MAX_DECODED_BYTES // 4):
                    raise SquidError(f"The picture claims {columns} by {rows} pixels, more than is allowed.")
                if min(columns, rows) < MIN_SIDE:
                    raise NotAnImageError(f"A picture that is too small: it has less than {MIN_SIDE} pixels a side.")
                yield picture, content
        except UnidentifiedImageError as error:
            raise NotAnImageError("A picture that is damaged from its beginning.") from error
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise SquidError(
                "The picture is damaged, or packed in a way this program does not read.",
                SEND_AGAIN,
                type(error).__name__,
            ) from error


def _refuse_colour(picture: Image.Image) -> None:
    if picture.mode in ("1", "L", "LA") or picture.mode.startswith("I"):
        return
    rgb = np.asarray(picture.convert("RGB"))
    step = max(1, min(rgb.shape[:2]) // _GLANCE)
    if in_colour(rgb[::step, ::step]):
        raise NotAnImageError("A picture in colour; a radiograph is grey.")


def _identity(source: Source) -> Identity:
    name = PurePosixPath(source.member).name if source.member else source.path.name
    return Identity(study_instance_uid="", study_description=clean_text(name))
