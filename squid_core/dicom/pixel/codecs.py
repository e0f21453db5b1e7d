"""A frame's bytes -> cells; `cells` finds the values in them. Each transfer syntax has one decoder; none is GPL.

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
from squid_core.dicom.pixel.streams import JPEG, JPEG_2000, JPEG_LOSSLESS, jpeg_size

Stored = NDArray[Any]


def decode(data: bytes, transfer_syntax: str, header: ImageHeader) -> Stored:
    """Decode one frame.

    Args:
        data: the frame's bytes, from `frames`.
        transfer_syntax: its UID.
        header: the checked image pixel module.

    Returns:
        (H, W) integers, each a whole cell; or (H, W, 3) RGB.

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
    return array


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
        "correct_unused_bits": header.samples == 3 and uid.is_encapsulated,
    }
    if uid in JPEG:  # what comes here has 8 bits, whatever cell the file allots
        options |= {"bits_allocated": 8, "bits_stored": min(header.bits_stored, 8)}
    if uid in JPEG_2000 and _has_openjpeg():
        options["decoding_plugin"] = "pylibjpeg"
    array: Stored
    array, _ = get_decoder(uid).as_array(source, index=0, raw=header.samples == 1, **options)
    return array


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
    bare.BitsAllocated = bare.BitsStored = header.bits_allocated  # it would take off what lies above
    bare.HighBit, bare.PixelRepresentation = header.bits_allocated - 1, int(header.signed)
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
