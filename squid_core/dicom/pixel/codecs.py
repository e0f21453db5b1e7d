"""A frame's bytes -> cells; `cells` finds the values in them. What one decoder refuses the next may read; none is GPL.

| transfer syntax                         | first                          | second                             |
|-----------------------------------------|--------------------------------|------------------------------------|
| uncompressed, deflated frames           | pydicom, behind zlib           |                                    |
| RLE                                     | pylibjpeg-rle, through pydicom | pydicom's own                      |
| JPEG baseline, JPEG extended with 8 bit | Pillow, through pydicom        | GDCM; of YBR libjpeg-turbo         |
| JPEG extended with 12 bit, JPEG lossless| GDCM inside SimpleITK          | libjpeg-turbo, through imagecodecs |
| JPEG-LS                                 | CharLS, through pyjpegls       | GDCM                               |
| JPEG 2000, HTJ2K                        | OpenJPEG, through pylibjpeg    | GDCM                               |
| the same for the eye, on idle cores     | OpenJPEG, through imagecodecs  | as above                           |
| JPEG XL                                 | libjxl, through imagecodecs    |                                    |

None of them shows half a picture: GDCM refuses every stream that was cut, and a JPEG without its end, which
libjpeg-turbo would fill with grey, comes to none (`streams`).
"""

from __future__ import annotations

import io
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import UID, ExplicitVRLittleEndian, RLELossless, SecondaryCaptureImageStorage, generate_uid

from squid_core.contracts.errors import SquidError
from squid_core.dicom.errors import SEND_AGAIN
from squid_core.dicom.header.image_module import ImageHeader
from squid_core.dicom.pixel.jpeg_2000 import is_plain, with_threads
from squid_core.dicom.pixel.jpeg_xl import unread
from squid_core.dicom.pixel.streams import j2k_size, jpeg_size
from squid_core.dicom.pixel.syntaxes import (
    DEFLATED_FRAMES,
    JPEG,
    JPEG_2000,
    JPEG_LOSSLESS,
    JPEG_LS,
    JPEG_XL,
    PLAIN_FRAMES,
)

Stored = NDArray[Any]
Decoder = Callable[[bytes, UID, ImageHeader], Stored]


def decode(data: bytes, transfer_syntax: str, header: ImageHeader, notices: list[str], threads: int = 1) -> Stored:
    """Decode one frame by the first decoder that reads it.

    Args:
        data: the frame's bytes, from `frames`.
        transfer_syntax: its UID; one that is read.
        header: the checked image pixel module.
        notices: gets a line where the first decoder refuses what another reads.
        threads: on which it may work, where a decoder can.

    Returns:
        (H, W) integers, each a whole cell; or (H, W, 3) RGB.

    Raises:
        SquidError: no decoder reads it.
    """
    uid, refused = UID(transfer_syntax), ""
    expected = (header.rows, header.columns) + ((3,) if header.samples == 3 else ())
    for decoder in _decoders(data, uid, header, threads):
        try:
            array = decoder(data, uid, header)
        except (MemoryError, RecursionError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - a panic in Rust is no Exception (PyO3)
            refused = refused or type(error).__name__
            continue
        if array.shape == expected:
            if refused:
                notices.append("One decoder refuses this picture; it is shown as another reads it.")
            return array
        refused = refused or "shape"
    if uid in JPEG_XL:
        raise unread(refused)
    if refused == "shape":
        raise SquidError("The decoded picture has another size than its header says.", SEND_AGAIN)
    raise SquidError("The picture is damaged and cannot be decoded.", SEND_AGAIN, refused)


def _decoders(data: bytes, uid: UID, header: ImageHeader, threads: int) -> tuple[Decoder, ...]:
    """Who is asked, in this order."""
    if uid == RLELossless:
        return partial(_decode_with_pydicom, plugin="pylibjpeg"), partial(_decode_with_pydicom, plugin="pydicom")
    if uid in JPEG_LOSSLESS or (uid in JPEG and jpeg_size(data).precision != 8):
        return _decode_with_gdcm, _decode_with_turbo
    if uid in JPEG:
        second = _decode_with_turbo if header.photometric.startswith("YBR") else _decode_with_gdcm
        return partial(_decode_with_pydicom, plugin="pillow"), second
    if uid in JPEG_LS:
        return partial(_decode_with_pydicom, plugin="pyjpegls"), _decode_with_gdcm
    if uid in JPEG_2000:
        usual = partial(_decode_with_pydicom, plugin="pylibjpeg"), _decode_with_gdcm
        return (partial(_decode_threaded, threads=threads), *usual) if threads > 1 and is_plain(data, header) else usual
    if uid in JPEG_XL:
        return (_decode_jpeg_xl,)
    return (_decode_deflated if uid == DEFLATED_FRAMES else _decode_plain,)


def _decode_plain(data: bytes, uid: UID, header: ImageHeader) -> Stored:
    native = ExplicitVRLittleEndian if uid in (PLAIN_FRAMES, DEFLATED_FRAMES) else uid
    return _decode_with_pydicom(data[: (header.native_bits + 7) // 8], native, header)


def _decode_deflated(data: bytes, uid: UID, header: ImageHeader) -> Stored:
    """Frames deflated one by one (PS3.5 8.2.16, RFC 1951), never inflated to more than the header needs."""
    needed = (header.native_bits + 7) // 8
    plain = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, needed + 1)
    if not 0 <= len(plain) - needed <= needed % 2:
        raise ValueError("of another length")
    return _decode_plain(plain, uid, header)


def _decode_with_turbo(data: bytes, _: UID, __: ImageHeader) -> Stored:
    """Decode JPEG of any process through libjpeg-turbo."""
    from imagecodecs import jpeg8_decode

    array: Stored = jpeg8_decode(data)
    return array


def _decode_jpeg_xl(data: bytes, _: UID, __: ImageHeader) -> Stored:
    """Decode JPEG XL as it lies in the stream: its bits are not stretched."""
    from imagecodecs import jpegxl_decode

    array: Stored = jpegxl_decode(data)
    return array


def _decode_threaded(data: bytes, _: UID, __: ImageHeader, threads: int) -> Stored:
    return with_threads(data, threads)


def _decode_with_pydicom(data: bytes, uid: UID, header: ImageHeader, plugin: str = "") -> Stored:
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
    if plugin:
        options["decoding_plugin"] = plugin
    array: Stored
    array, _ = get_decoder(uid).as_array(source, index=0, raw=header.samples == 1, **options)
    return array


def _decode_with_gdcm(data: bytes, uid: UID, header: ImageHeader) -> Stored:
    """Decode through SimpleITK's GDCM.

    It is handed a new file with this one frame and no identity. The new file carries no rescale and is
    MONOCHROME2, so what comes back are stored values: SimpleITK applies rescale by itself.
    """
    import SimpleITK  # slow to load, and few files need it

    precision = (j2k_size if uid in JPEG_2000 else jpeg_size)(data).precision
    allocated = 8 if precision <= 8 else header.bits_allocated  # it takes no spare bytes
    bare = Dataset()
    bare.file_meta = FileMetaDataset()
    bare.file_meta.TransferSyntaxUID = uid
    bare.file_meta.MediaStorageSOPClassUID = bare.SOPClassUID = SecondaryCaptureImageStorage
    bare.file_meta.MediaStorageSOPInstanceUID = bare.SOPInstanceUID = generate_uid()
    bare.Modality = "OT"
    bare.Rows, bare.Columns, bare.SamplesPerPixel = header.rows, header.columns, header.samples
    bare.PhotometricInterpretation = "MONOCHROME2" if header.samples == 1 else "RGB"
    if header.samples == 3:
        bare.PlanarConfiguration = 0
    bare.BitsAllocated = bare.BitsStored = allocated  # it would take off what lies above
    bare.HighBit, bare.PixelRepresentation = allocated - 1, int(header.signed)
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
