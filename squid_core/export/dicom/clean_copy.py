"""A de-identified copy of a file, pixels and all. Runs only in a reader child.

The pixels are decoded and written uncompressed: comments inside a compressed stream, bytes behind the last pixel,
unused bits of a pixel's cell and the preamble are places where names have been found, and none of them survives.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    ExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSNearLossless,
    SecondaryCaptureImageStorage,
    generate_uid,
)

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Content
from squid_core.dicom.header.identity import burned_in, burned_in_notices
from squid_core.dicom.header.image_module import ImageHeader, image_header
from squid_core.dicom.header.values import text
from squid_core.dicom.leniency import lenient
from squid_core.dicom.limits import MAX_DECODED_BYTES
from squid_core.dicom.opening import EVERYTHING, opened
from squid_core.dicom.pixel.codecs import Stored
from squid_core.dicom.pixel.syntaxes import JPEG_XL_OF_JPEG
from squid_core.dicom.reader import stored_frame
from squid_core.dicom.source import Source
from squid_core.export.dicom.deidentify import deidentified, refuse_burned_in

_WORDS = {"OW": 2, "OL": 4, "OF": 4, "OD": 8, "OV": 8}  # bytes of a word, turned round when big endian goes
_LOSSY = (JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless, JPEG_XL_OF_JPEG)


def deidentified_copy(path: Path | Source, key: str, *, insist: bool = False) -> tuple[bytes, tuple[str, ...], Content]:
    """A Part 10 file (explicit VR little endian) of the same image without its patient, notices, and what was read.

    Args:
        path: the source, only read.
        key: see `deidentify.deidentified`.
        insist: make it also where the file says that the picture itself may show a name.

    Raises:
        SquidError: the source is no image, broken, beyond the limits, or has text burned in.
    """
    with opened(path, EVERYTHING) as parsed:
        header = image_header(parsed.dataset)
        stated = burned_in(parsed.dataset)
        refuse_burned_in(stated, insist=insist)
        if header.rows * header.columns * header.samples * header.frames * _bytes(header) > MAX_DECODED_BYTES:
            raise SquidError(f"The images would take more than {MAX_DECODED_BYTES // 1_000_000} MB once decoded.")
        copy = deidentified(parsed.dataset, key)
        frames = [stored_frame(parsed, header, frame) for frame in range(header.frames)]
        if not parsed.little:
            _turn_words(copy)
        _put_pixels(copy, header, [stored for stored, _, _ in frames])
        if parsed.transfer_syntax in _LOSSY and not text(copy, "LossyImageCompression"):
            copy.LossyImageCompression = "01"
        notices = [notice for _, _, found in frames for notice in found]
        notices += burned_in_notices(stated, parsed.identity.sop_class_uid)
        return _part_10(copy), tuple(dict.fromkeys(notices)), parsed.content


def _bytes(header: ImageHeader) -> int:
    return max(1, header.bits_allocated // 8)


def _put_pixels(copy: Dataset, header: ImageHeader, frames: list[Stored]) -> None:
    """By hand, since pydicom's `set_pixel_data` takes no cells of 32 bits."""
    kind = np.dtype(f"<{'i' if header.signed else 'u'}{_bytes(header)}")
    if header.samples == 3:
        kind = np.dtype(f"<u{frames[0].dtype.itemsize}")
        copy.PhotometricInterpretation, copy.PlanarConfiguration = "RGB", 0
    pixels: NDArray[Any] = np.stack([frame.astype(kind) for frame in frames])
    copy.SamplesPerPixel, copy.Rows, copy.Columns = header.samples, header.rows, header.columns
    copy.BitsAllocated = 8 * kind.itemsize
    copy.BitsStored = _bits(pixels, header)
    copy.HighBit = copy.BitsStored - 1
    copy.PixelRepresentation = int(kind.kind == "i")
    copy.PixelData = pixels.tobytes() + b"\0" * (pixels.nbytes % 2)
    copy["PixelData"].VR = "OB" if kind.itemsize == 1 else "OW"


def _bits(pixels: NDArray[Any], header: ImageHeader) -> int:
    """As stated, and enough for the values: a stream may hold more than its header says."""
    low, high = int(pixels.min()), int(pixels.max())
    needed = max(high.bit_length(), (-low - 1).bit_length() if low < 0 else 0) + int(header.signed)
    return min(max(header.bits_stored, needed), 8 * pixels.dtype.itemsize)


def _turn_words(dataset: Dataset) -> None:
    for element in dataset.iterall():
        if element.VR in _WORDS and isinstance(element.value, bytes):
            size = _WORDS[element.VR]
            whole = len(element.value) // size * size
            element.value = np.frombuffer(element.value[:whole], f">u{size}").astype(f"<u{size}").tobytes()


def _part_10(dataset: Dataset) -> bytes:
    dataset.SpecificCharacterSet = "ISO_IR 192"
    if not text(dataset, "SOPClassUID"):
        dataset.SOPClassUID = SecondaryCaptureImageStorage
    if not text(dataset, "SOPInstanceUID"):
        dataset.SOPInstanceUID = generate_uid()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    buffer = io.BytesIO()
    try:
        with lenient():  # what was wrong in the source may stay wrong
            dcmwrite(buffer, dataset, enforce_file_format=True)
    except (ValueError, TypeError, AttributeError, KeyError, NotImplementedError, OverflowError) as error:
        raise SquidError(
            "This file cannot be written anew: its header is damaged.", "", type(error).__name__
        ) from error
    return buffer.getvalue()
