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
from squid_core.contracts.preview import Preview
from squid_core.contracts.radiograph import Content, Identity, Radiograph, Window
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
from squid_core.dicom.pixel.frames import Frame, frame_of
from squid_core.dicom.pixel.jpeg_2000 import reduced, reduction_of
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


def read(source: Path | Source, frame: int = 0, threads: int = 1) -> Radiograph:
    """Decode one frame for display and for the detector.

    Args:
        source: a file, or a member of an archive.
        frame: from 0.
        threads: on which a decoder may work that can; the picture is the same.

    Returns:
        Radiograph whose pixels are modality values, high is bright, or RGB.

    Raises:
        NotAnImageError: the file holds no image.
        SquidError: it is broken, beyond the limits, or has no such frame.
    """
    return read_with_header(source, frame, (), threads)[0]


def preview(source: Path | Source, frame: int, side: int) -> Preview | None:
    """A large grey JPEG 2000 image at a lower resolution, for the eye until the whole one is there.

    Every limit is that of `read`. Where the file hides a part of its picture, or it is not sure what its values are,
    there is none.

    Args:
        source: a file, or a member of an archive.
        frame: from 0.
        side: pixels that its longer side has at most.

    Raises:
        SquidError: as `read`.
        OSError, ValueError: the stream has no such level, or cannot be decoded.
    """
    with header_of(source) as parsed:  # of most files this says that there is none, and no more of them is read
        if not reduction_of(image_header(parsed.dataset), parsed.transfer_syntax, side):
            return None
    with opened(source) as parsed:
        header = image_header(parsed.dataset)
        if not 0 <= frame < header.frames or header.photometric not in GREY:
            return None
        found, notices = _checked_frame(parsed, header, frame)
        reduction = reduction_of(header, found.syntax, side)
        overlays = overlays_of(parsed.dataset, header, frame, little=parsed.little)
        shape = header.rows, header.columns
        shutter, _ = shutter_of(of_frame(parsed.dataset, frame), shape, 1.0, overlays.planes)
        if not reduction or overlays.embedded or shutter is not None:
            return None
        cells, said = stored_values(reduced(found.data, header, reduction), header, lossy=True)
        if said:
            return None
        return Preview(_made(parsed, header, frame, cells, overlays, notices), shape, reduction)


def read_with_header(
    source: Path | Source, frame: int, keywords: Collection[str], threads: int = 1
) -> tuple[Radiograph, Dataset]:
    """As `read`, and the header's elements: those that reading needs, and those of more keywords; none of a picture.

    Raises:
        NotAnImageError: the file holds no image.
        SquidError: it is broken, or has no such frame.
    """
    try:
        with opened(source, tags_of(keywords)) as parsed:
            return _radiograph(parsed, frame, threads), parsed.dataset
    except PictureError:
        if frame:
            raise _no_frame(frame, 1) from None
        return read_picture(Source.of(source)), Dataset()


def stored_frame(
    parsed: Parsed, header: ImageHeader, frame: int, threads: int = 1
) -> tuple[Stored, Overlays, list[str]]:
    """One frame as stored, see `cells.stored_values`; RGB where it is in colour. Its overlays, and notices on it.

    Raises:
        SquidError: it is broken, or compressed in a way that is not read.
    """
    found, notices = _checked_frame(parsed, header, frame)
    stored = decode(found.data, found.syntax, header, notices, threads)
    overlays = overlays_of(parsed.dataset, header, frame, little=parsed.little)
    if overlays.embedded:
        stored, overlays = without_planes(stored, overlays, coded_bits(found.data, found.syntax, header))
    notices += overlays.notices
    if header.samples == 1:
        stored, said = stored_values(stored, header, lossy=found.syntax in LOSSY | JPEG_2000)
        notices += said
    return stored, overlays, notices


def _checked_frame(parsed: Parsed, header: ImageHeader, frame: int) -> tuple[Frame, list[str]]:
    """A frame's bytes, held against the header before they are decoded, and notices."""
    syntax = parsed.transfer_syntax
    refuse_unread(syntax)
    found = frame_of(parsed.source, parsed.size, parsed.pixels, header, syntax, frame, little=parsed.little)
    checked = check_stream(found.data, found.syntax, header)
    return found, [*parsed.notices, *header.notices, *found.notices, *checked]


def _radiograph(parsed: Parsed, frame: int, threads: int) -> Radiograph:
    header = image_header(parsed.dataset)
    if not 0 <= frame < header.frames:
        raise _no_frame(frame, header.frames)
    return _made(parsed, header, frame, *stored_frame(parsed, header, frame, threads))


def _made(
    parsed: Parsed, header: ImageHeader, frame: int, stored: Stored, overlays: Overlays, notices: list[str]
) -> Radiograph:
    """What is made of a frame as stored, whole or at a lower resolution."""
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
            window = Window.full_range(0, 255)
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
