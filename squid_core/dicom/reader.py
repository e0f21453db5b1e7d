"""One file, DICOM or a picture -> identity, verdict and pixels. Runs only in a child process (`readers`).

Every limit is checked before a picture is decoded: kind of file and structure of the header (`opening`), what it
claims, what the stream claims.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from squid_core.contracts.errors import SquidError
from squid_core.contracts.graphics import Shutter
from squid_core.contracts.radiograph import Content, Identity, Radiograph, VoiFunction, Window
from squid_core.dicom.errors import PictureError
from squid_core.dicom.header.functional_groups import of_frame
from squid_core.dicom.header.identity import burned_in, burned_in_notices, identity_of
from squid_core.dicom.header.image_module import GREY, ImageHeader, image_header
from squid_core.dicom.header.overlays import Overlays, overlays_of, without_planes
from squid_core.dicom.header.shutter import READS_WITHIN, shutter_of
from squid_core.dicom.header.spacing import aspect_of, spacing_of
from squid_core.dicom.opening import Parsed, header_of, opened, tags_of
from squid_core.dicom.picture import identify_picture, read_picture
from squid_core.dicom.pixel.cells import IN_DOUBT, stored_values
from squid_core.dicom.pixel.codecs import Stored, decode
from squid_core.dicom.pixel.colour import channels_of, in_colour, to_luma, to_rgb
from squid_core.dicom.pixel.frames import frame_of
from squid_core.dicom.pixel.pixels import to_grey
from squid_core.dicom.pixel.streams import check_stream, coded_bits
from squid_core.dicom.pixel.syntaxes import JPEG_2000, LOSSY, refuse_unread
from squid_core.dicom.source import Source
from squid_core.dicom.verdict import Picture, judge
from squid_core.graphics import hidden, left_over


def read_identity(source: Path | Source) -> tuple[Identity, Content]:
    """Who and what a file is about, from named tags; its header is checked, the pixels are not touched.

    Raises:
        NotAnImageError: the file holds no image.
        SquidError: it is broken, or its header is impossible.
    """
    try:
        with header_of(source) as parsed:
            image_header(parsed.dataset)
            return parsed.identity, parsed.content
    except PictureError:
        return identify_picture(Source.of(source))


def recognise(source: Path | Source) -> tuple[Identity, Content]:
    """As `read_identity`, with the digest of the bytes.

    Raises:
        NotAnImageError: the file holds no image.
        SquidError: it is broken.
    """
    try:
        with opened(source) as parsed:
            return parsed.identity, parsed.content
    except PictureError:
        return identify_picture(Source.of(source))


def read(source: Path | Source, frame: int = 0) -> Radiograph:
    """Decode one frame for display and for the detector.

    Args:
        source: a file, or a member of an archive.
        frame: from 0.

    Returns:
        Radiograph whose pixels are modality values, high is bright, or RGB.

    Raises:
        NotAnImageError: the file holds no image.
        SquidError: it is broken, beyond the limits, or has no such frame.
    """
    return read_with_header(source, frame, ())[0]


def read_with_header(source: Path | Source, frame: int, keywords: Collection[str]) -> tuple[Radiograph, Dataset]:
    """As `read`, and the header's elements: those that reading needs, and those of more keywords; none of a picture.

    Raises:
        NotAnImageError: the file holds no image.
        SquidError: it is broken, or has no such frame.
    """
    try:
        with opened(source, tags_of(keywords)) as parsed:
            return _radiograph(parsed, frame), parsed.dataset
    except PictureError:
        if frame:
            raise _no_frame(frame, 1) from None
        return read_picture(Source.of(source)), Dataset()


def stored_frame(parsed: Parsed, header: ImageHeader, frame: int) -> tuple[Stored, Overlays, list[str]]:
    """One frame as stored, see `cells.stored_values`; RGB where it is in colour. Its overlays, and notices on it.

    Raises:
        SquidError: it is broken, or compressed in a way that is not read.
    """
    syntax = parsed.transfer_syntax
    refuse_unread(syntax)
    found = frame_of(parsed.source, parsed.size, parsed.pixels, header, syntax, frame, little=parsed.little)
    checked = check_stream(found.data, found.syntax, header)
    notices = [*parsed.notices, *header.notices, *found.notices, *checked]
    stored = decode(found.data, found.syntax, header, notices)
    overlays = overlays_of(parsed.dataset, header, frame, little=parsed.little)
    if overlays.embedded:
        stored, overlays = without_planes(stored, overlays, coded_bits(found.data, found.syntax, header))
    notices += overlays.notices
    if header.samples == 1:
        stored, said = stored_values(stored, header, lossy=found.syntax in LOSSY | JPEG_2000)
        notices += said
    return stored, overlays, notices


def _radiograph(parsed: Parsed, frame: int) -> Radiograph:
    header = image_header(parsed.dataset)
    if not 0 <= frame < header.frames:
        raise _no_frame(frame, header.frames)
    stored, overlays, notices = stored_frame(parsed, header, frame)
    dataset = of_frame(parsed.dataset, frame)
    identity = parsed.identity
    if dataset is not parsed.dataset:
        identity = replace(identity, patient_orientation=identity_of(dataset).patient_orientation)
    spacing, spacing_notices = spacing_of(dataset)
    aspect, aspect_notices = aspect_of(dataset)
    shutter, shutter_notices = shutter_of(dataset, (header.rows, header.columns), aspect, overlays.planes)
    notices += [*spacing_notices, *aspect_notices, *shutter_notices]
    stated = burned_in(dataset)
    notices += burned_in_notices(stated, parsed.identity.sop_class_uid)
    made = partial(
        Radiograph,
        identity=identity,
        spacing=spacing,
        aspect=aspect,
        frame_count=header.frames,
        burned_in=stated,
        transfer_syntax=parsed.transfer_syntax,
        content=parsed.content,
        overlays=tuple(plane for plane in overlays.planes.values() if shutter is None or plane is not shutter.bitmap),
        shutter=shutter,
    )
    seen, unseen = _seen(shutter, header, aspect)
    notices += [READS_WITHIN] if seen < 1 else []
    coloured = header.photometric not in GREY
    if coloured:
        channels, bits = channels_of(stored, header, dataset)
        if in_colour(channels, bits):
            picture = Picture(header.rows, header.columns, header.frames, colour=True)
            window = Window(127.5, 255, VoiFunction.LINEAR_EXACT, "Full range")
            return made(
                to_rgb(channels, bits),
                window,
                verdict=judge(dataset, identity, picture),
                windows=(window,),
                notices=tuple(notices),
            )
        notices.append("The file stores a grey picture in colour; it is shown in grey.")
        as_grey = replace(header, photometric="MONOCHROME2", samples=1, bits_stored=bits, signed=False, planar=False)
        # Rescale, windows and padding are of grey images only.
        grey = to_grey(to_luma(channels), as_grey, Dataset(), unseen=unseen)
    else:
        grey = to_grey(stored, header, dataset, little=parsed.little, unseen=unseen)
    picture = Picture(
        header.rows,
        header.columns,
        header.frames,
        stored_in_colour=coloured,
        flat=grey.flat,
        meaningful=grey.meaningful,
        doubtful_polarity=grey.doubtful_polarity,
        doubtful_values=grey.doubtful_values or IN_DOUBT in notices,
        aspect=aspect,
        seen=seen,
    )
    return made(
        grey.pixels,
        grey.windows[0],
        verdict=judge(dataset, identity, picture),
        windows=grey.windows,
        polarity_inverted=grey.inverted,
        pivot=grey.pivot,
        notices=tuple(dict.fromkeys([*notices, *grey.notices])),
    )


def _seen(shutter: Shutter | None, header: ImageHeader, aspect: float) -> tuple[float, NDArray[np.bool_] | None]:
    """The share of the picture's sides that a shutter leaves, the lesser of the two; and the pixels that it hides."""
    if shutter is None:
        return 1.0, None
    shape = header.rows, header.columns
    top, bottom, left, right = left_over(shutter, shape, aspect)
    return min((bottom - top) / header.rows, (right - left) / header.columns), hidden(shutter, shape, aspect)


def _no_frame(frame: int, frames: int) -> SquidError:
    return SquidError(f"The file has no image {frame + 1}; it holds {frames}.")
