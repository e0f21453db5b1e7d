"""A tiny file of each transfer syntax that is read, for the self-test. Made in a child: no encoder is in the window.

The program carries no encoder for HTJ2K. Its streams stand in `htj2k.py`.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.headless import htj2k

Values: TypeAlias = NDArray[Any]

ROWS, COLUMNS = 32, 40
IMPLICIT, EXPLICIT, BIG_ENDIAN = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
DEFLATED = "1.2.840.10008.1.2.1.99"
_COMPRESSED = "1.2.840.10008.1.2.4."
LOSSY = 0.01  # of the range of values: how far a value of a lossy stream may be off


@dataclass(frozen=True, slots=True)
class Encoding:
    """One transfer syntax, and how a file of it is made.

    Attributes:
        uid: PS3.6, table A-1.
        name: in a few words.
        encode: `picture` -> the bytes of its one frame; importable by name.
        bits: that are stored.
        off: how far a value that is read may be from the one that was written; 0 for lossless.
    """

    uid: str
    name: str
    encode: Callable[[Values], bytes]
    bits: int = 12
    off: int = 0


def picture(bits: int) -> Values:
    """(ROWS, COLUMNS) uint8 or uint16: left is not right and up is not down; smooth, and away from both ends."""
    row, column = np.mgrid[0:ROWS, 0:COLUMNS]
    values = 0.15 + 0.5 * row / ROWS + 0.15 * column / COLUMNS + 0.1 * np.sin(row * column / 60)
    return np.asarray(values * (2**bits - 1), dtype=np.uint8 if bits <= 8 else np.uint16)


def write(encoding: Encoding, path: str) -> None:
    """Write `picture` as Digital X-Ray in an encoding; runs in a child.

    By hand as far as pydicom does not know the transfer syntax: it would refuse to write it.
    """
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.encaps import encapsulate
    from pydicom.filebase import DicomBytesIO
    from pydicom.filewriter import write_dataset, write_file_meta_info
    from pydicom.uid import UID, DigitalXRayImageStorageForPresentation, generate_uid

    values = picture(encoding.bits)
    plain = encoding.uid in (IMPLICIT, EXPLICIT, BIG_ENDIAN, DEFLATED)
    frame = encoding.encode(values)
    dataset = Dataset()
    dataset.SOPClassUID = DigitalXRayImageStorageForPresentation
    dataset.SOPInstanceUID, dataset.SeriesInstanceUID, dataset.StudyInstanceUID = (generate_uid() for _ in range(3))
    dataset.PatientName, dataset.PatientID, dataset.Modality = "Self-test", "SELF-TEST", "DX"
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows, dataset.Columns = values.shape
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8 * values.itemsize, encoding.bits, encoding.bits - 1
    dataset.PixelRepresentation = 0
    dataset.PixelData = frame if plain else encapsulate([frame], has_bot=False)
    dataset["PixelData"].VR = "OW" if plain and encoding.bits > 8 else "OB"
    dataset["PixelData"].is_undefined_length = not plain

    body = DicomBytesIO()
    body.is_little_endian, body.is_implicit_VR = encoding.uid != BIG_ENDIAN, encoding.uid == IMPLICIT
    write_dataset(body, dataset)
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(encoding.uid)
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = dataset.SOPClassUID, dataset.SOPInstanceUID
    head = DicomBytesIO()
    write_file_meta_info(head, meta)
    data = body.getvalue()
    Path(path).write_bytes(
        b"\0" * 128 + b"DICM" + head.getvalue() + (_deflated(data) if encoding.uid == DEFLATED else data)
    )


def _plain(values: Values) -> bytes:
    return values.astype(values.dtype.newbyteorder("<")).tobytes()


def _turned(values: Values) -> bytes:
    return values.astype(values.dtype.newbyteorder(">")).tobytes()


def _deflated(data: bytes) -> bytes:
    """RFC 1951, of an even length (PS3.5 A.5)."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packer.compress(data) + packer.flush()
    return packed + b"\0" * (len(packed) % 2)


def _deflated_frame(values: Values) -> bytes:
    return _deflated(_plain(values))


def _run_lengths(values: Values) -> bytes:
    from rle.utils import encode_pixel_data

    options: dict[str, Any] = {"rows": ROWS, "columns": COLUMNS, "samples_per_pixel": 1, "number_of_frames": 1}
    return bytes(encode_pixel_data(_plain(values), byteorder="<", bits_allocated=16, bits_stored=12, **options))


def _jpeg(values: Values) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def _jpeg_of_12_bits(values: Values) -> bytes:
    from imagecodecs import jpeg8_encode

    return bytes(jpeg8_encode(values, bitspersample=12, level=95))


def _lossless_jpeg(values: Values, predictor: int) -> bytes:
    from imagecodecs import jpeg8_encode

    return bytes(jpeg8_encode(values, bitspersample=12, lossless=True, predictor=predictor))


def _jpeg_ls(values: Values, near: int = 0) -> bytes:
    import jpeg_ls  # type: ignore[import-untyped]

    return bytes(jpeg_ls.encode_array(values, lossy_error=near))


def _jpeg_2000(values: Values, noise_ratio: float | None = None) -> bytes:
    from openjpeg.utils import encode_array

    ratios = None if noise_ratio is None else [noise_ratio]
    return bytes(encode_array(values, bits_stored=12, photometric_interpretation=2, signal_noise_ratios=ratios))


def _jpeg_xl(values: Values, distance: float) -> bytes:
    from imagecodecs import jpegxl_encode

    return bytes(jpegxl_encode(values, bitspersample=12, lossless=distance == 0, distance=distance))


def _jpeg_xl_of_jpeg(values: Values) -> bytes:
    from imagecodecs import jpegxl_encode_jpeg

    return bytes(jpegxl_encode_jpeg(_jpeg(values)))


def _stored(stream: bytes, _: Values) -> bytes:
    return stream


_OFF_8, _OFF_12 = round(LOSSY * 255), round(LOSSY * 4095)
_HTJ2K, _LOSSY_HTJ2K = partial(_stored, htj2k.LOSSLESS), partial(_stored, htj2k.LOSSY)
_LOSSLESS_XL, _LOSSY_XL = partial(_jpeg_xl, distance=0.0), partial(_jpeg_xl, distance=0.1)
ENCODINGS = (
    Encoding(IMPLICIT, "uncompressed, implicit VR", _plain),
    Encoding(EXPLICIT, "uncompressed, explicit VR", _plain),
    Encoding(BIG_ENDIAN, "uncompressed, big endian", _turned),
    Encoding(DEFLATED, "deflated file", _plain),
    Encoding("1.2.840.10008.1.2.1.98", "uncompressed frames", _plain),
    Encoding("1.2.840.10008.1.2.8.1", "deflated frames", _deflated_frame),
    Encoding("1.2.840.10008.1.2.5", "run lengths", _run_lengths),
    Encoding(_COMPRESSED + "50", "JPEG, 8 bits", _jpeg, 8, _OFF_8),
    Encoding(_COMPRESSED + "51", "JPEG, 12 bits", _jpeg_of_12_bits, 12, _OFF_12),
    Encoding(_COMPRESSED + "57", "JPEG, lossless", partial(_lossless_jpeg, predictor=6)),
    Encoding(_COMPRESSED + "70", "JPEG, lossless, first order", partial(_lossless_jpeg, predictor=1)),
    Encoding(_COMPRESSED + "80", "JPEG-LS", _jpeg_ls),
    Encoding(_COMPRESSED + "81", "JPEG-LS, near lossless", partial(_jpeg_ls, near=2), 12, 2),
    Encoding(_COMPRESSED + "90", "JPEG 2000", _jpeg_2000),
    Encoding(_COMPRESSED + "91", "JPEG 2000, lossy", partial(_jpeg_2000, noise_ratio=65.0), 12, _OFF_12),
    Encoding(_COMPRESSED + "201", "High-Throughput JPEG 2000", _HTJ2K, 8),
    Encoding(_COMPRESSED + "202", "High-Throughput JPEG 2000, RPCL", _HTJ2K, 8),
    Encoding(_COMPRESSED + "203", "High-Throughput JPEG 2000, lossy", _LOSSY_HTJ2K, 8, _OFF_8),
    Encoding(_COMPRESSED + "110", "JPEG XL, lossless", _LOSSLESS_XL),
    Encoding(_COMPRESSED + "111", "JPEG XL of a JPEG", _jpeg_xl_of_jpeg, 8, _OFF_8),
    Encoding(_COMPRESSED + "112", "JPEG XL, lossy", _LOSSY_XL, 12, _OFF_12),
)
