"""A frame's bytes -> stored values. Each transfer syntax has one decoder; none of them is GPL.

| transfer syntax                         | decoder                                                    |
|-----------------------------------------|------------------------------------------------------------|
| uncompressed, RLE                       | pydicom                                                    |
| JPEG baseline, JPEG extended with 8 bit | Pillow, through pydicom                                    |
| JPEG extended with 12 bit, JPEG lossless| GDCM inside SimpleITK, given a bare image without identity |
| JPEG-LS                                 | CharLS, through pyjpegls and pydicom                       |
| JPEG 2000, HTJ2K                        | OpenJPEG, through pylibjpeg and pydicom; else Pillow       |
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import UID, SecondaryCaptureImageStorage, generate_uid

from squid_core.contracts.errors import SquidError
from squid_core.dicom.errors import SEND_AGAIN
from squid_core.dicom.header.image_module import ImageHeader
from squid_core.dicom.pixel.streams import JPEG, JPEG_2000, JPEG_LOSSLESS, JPEG_LS, LOSSY, jpeg_size

Stored = NDArray[Any]
MAX_OVERSHOOT = 0.01  # share of values beyond the stored bits that may be overshoot


def decode(data: bytes, transfer_syntax: str, header: ImageHeader) -> Stored:
    """Decode one frame.

    Args:
        data: the frame's bytes, from `frames`.
        transfer_syntax: its UID.
        header: the checked image pixel module.

    Returns:
        (H, W) integers as stored, of the file's signedness; or (H, W, 3) RGB.

    Raises:
        SquidError: no decoder for this transfer syntax, or the stream is damaged.
    """
    try:
        uid = UID(transfer_syntax)
        if transfer_syntax in JPEG and (transfer_syntax in JPEG_LOSSLESS or jpeg_size(data).precision != 8):
            array = _decode_with_gdcm(data, transfer_syntax, header)
        else:
            array = _decode_with_pydicom(data, uid, header)
    except (NotImplementedError, KeyError) as error:
        raise SquidError("The picture is compressed in a way this program does not read.", "", str(uid)) from error
    except (ValueError, RuntimeError, TypeError, AttributeError, OSError, IndexError, OverflowError) as error:
        raise SquidError("The picture is damaged and cannot be decoded.", SEND_AGAIN, type(error).__name__) from error
    expected = (header.rows, header.columns) + ((3,) if header.samples == 3 else ())
    if array.shape != expected:
        raise SquidError("The decoded picture has another size than its header says.", SEND_AGAIN)
    return array if header.samples == 3 or uid.is_encapsulated else _value_bits(array, header)


def _value_bits(array: Stored, header: ImageHeader) -> Stored:
    """The stored value out of its cell: bits low..high (PS3.5 8.1.1), sign extended."""
    if header.bits_stored == header.bits_allocated:
        return array
    value: Stored = np.left_shift(array, header.bits_allocated - 1 - header.high_bit)
    return np.right_shift(value, header.bits_allocated - header.bits_stored, out=value)


def _decode_with_pydicom(data: bytes, uid: UID, header: ImageHeader) -> Stored:
    source = encapsulate([data], has_bot=False) if uid.is_encapsulated else data + b"\0" * (len(data) % 2)
    options: dict[str, Any] = {
        "rows": header.rows,
        "columns": header.columns,
        "samples_per_pixel": header.samples,
        "photometric_interpretation": header.photometric,
        "bits_allocated": header.bits_allocated,
        "bits_stored": header.bits_stored,
        "pixel_representation": int(header.signed),
        "planar_configuration": int(header.planar),
        "number_of_frames": 1,
        "pixel_keyword": "PixelData",
        "pixel_vr": "OB" if header.bits_allocated <= 8 else "OW",  # words of bytes are in order already
        "correct_unused_bits": uid.is_encapsulated,
    }
    if uid in JPEG:  # what comes here has 8 bits, whatever cell the file allots
        options |= {"bits_allocated": 8, "bits_stored": min(header.bits_stored, 8)}
    if uid in JPEG_2000 and _has_openjpeg():
        options["decoding_plugin"] = "pylibjpeg"
    array: Stored
    if uid in LOSSY | JPEG_2000 and header.samples == 1 and not header.signed:
        options["correct_unused_bits"] = False
        array, _ = get_decoder(uid).as_array(source, index=0, raw=True, **options)
        return _within_stored_bits(array, header)
    array, _ = get_decoder(uid).as_array(source, index=0, raw=header.samples == 1, **options)
    if uid in JPEG_LS and header.samples == 1 and header.signed:
        # JPEG-LS knows no sign; pydicom restores it only where the stream has as many bits as are stored.
        spare = 8 * array.itemsize - header.bits_stored
        array = np.right_shift(np.left_shift(array.view(f"i{array.itemsize}"), spare), spare)
    return array


def _within_stored_bits(array: Stored, header: ImageHeader) -> Stored:
    """Unsigned values of a stream that may have more bits than are stored; taking the upper ones off garbles both.

    A few values beyond are a lossy stream's overshoot, which is white. Many say that the header is wrong: they stay.
    """
    top = 2**header.bits_stored - 1
    if header.bits_stored >= 8 * array.itemsize or np.mean(array > top) > MAX_OVERSHOOT:
        return array
    clipped: Stored = np.minimum(array, np.array(top, array.dtype))
    return clipped


def _has_openjpeg() -> bool:
    try:
        import openjpeg  # noqa: F401 - only asked whether it is there
        import pylibjpeg  # noqa: F401
    except ImportError:
        return False
    return True


def _decode_with_gdcm(data: bytes, transfer_syntax: str, header: ImageHeader) -> Stored:
    """Decode through SimpleITK's GDCM.

    It is handed a new file with this one frame and no identity. The new file carries no rescale and is
    MONOCHROME2, so what comes back are stored values: SimpleITK applies rescale by itself.
    """
    import SimpleITK  # slow to load, and few files need it

    bare = Dataset()
    bare.file_meta = FileMetaDataset()
    bare.file_meta.TransferSyntaxUID = UID(transfer_syntax)
    bare.file_meta.MediaStorageSOPClassUID = bare.SOPClassUID = SecondaryCaptureImageStorage
    bare.file_meta.MediaStorageSOPInstanceUID = bare.SOPInstanceUID = generate_uid()
    bare.Modality = "OT"
    bare.Rows, bare.Columns, bare.SamplesPerPixel = header.rows, header.columns, header.samples
    bare.PhotometricInterpretation = "MONOCHROME2" if header.samples == 1 else "RGB"
    if header.samples == 3:
        bare.PlanarConfiguration = 0
    bare.BitsAllocated, bare.BitsStored = header.bits_allocated, header.bits_stored
    bare.HighBit, bare.PixelRepresentation = header.bits_stored - 1, int(header.signed)
    bare.PixelData = encapsulate([data], has_bot=False)
    bare["PixelData"].VR = "OB"
    buffer = io.BytesIO()
    dcmwrite(buffer, bare, enforce_file_format=True)
    reader: Any = SimpleITK.ImageFileReader()  # type: ignore[no-untyped-call]
    reader.SetImageIO("GDCMImageIO")
    with _named(buffer.getvalue()) as name:
        reader.SetFileName(name)
        array = SimpleITK.GetArrayFromImage(reader.Execute())
    if array.ndim == (3 if header.samples == 1 else 4) and array.shape[0] == 1:  # one frame of a run
        array = array[0]
    return np.asarray(array)


@contextmanager
def _named(data: bytes) -> Iterator[str]:
    """Bytes under a file name, in memory where the system can (Linux), else in a temporary file."""
    if hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("frame"), "wb") as file:
            file.write(data)
            file.flush()
            yield f"/proc/self/fd/{file.fileno()}"
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "frame.dcm")
            path.write_bytes(data)
            yield str(path)
