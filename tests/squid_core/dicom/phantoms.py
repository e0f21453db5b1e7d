"""DICOM files made for tests: an asymmetric phantom (left is not right, up is not down) under any header."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom import dcmwrite
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.tag import Tag
from pydicom.uid import (
    UID,
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
    SecondaryCaptureImageStorage,
    generate_uid,
)

from squid_core.dicom.leniency import lenient

CR, DX, SC = ComputedRadiographyImageStorage, DigitalXRayImageStorageForPresentation, SecondaryCaptureImageStorage


def phantom(rows: int = 160, columns: int = 200, bits: int = 12, dtype: Any = np.uint16) -> NDArray[Any]:
    """(rows, columns) with a diagonal ramp, a bright corner top left, a dark bar at the right and four marks."""
    y, x = np.mgrid[0:rows, 0:columns]
    top = 2**bits - 1
    image = (0.2 + 0.5 * (0.7 * y / rows + 0.3 * x / columns)) * top
    image[: rows // 5, : columns // 6] = top
    image[rows // 3 :, -columns // 8 :] = 0
    image[-2, 1:4] = (1, 2, 3)
    result: NDArray[Any] = image.astype(dtype)
    return result


def chest(pixels: NDArray[Any] | None = None, bits: int = 12, **attributes: Any) -> Dataset:
    """A frontal chest X-ray (DX, PA) round `pixels`; attributes of value None are removed."""
    image = phantom(bits=bits) if pixels is None else pixels
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = DX
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    ds.StudyInstanceUID, ds.SeriesInstanceUID = generate_uid(), generate_uid()
    ds.Modality, ds.BodyPartExamined, ds.ViewPosition = "DX", "CHEST", "PA"
    ds.PatientName, ds.PatientID, ds.PatientSex, ds.PatientAge = "Doe^Jane^Q", "P-17", "F", "062Y"
    ds.StudyDate, ds.PatientBirthDate = "20240229", "19620101"
    ds.Rows, ds.Columns = image.shape[:2]
    ds.SamplesPerPixel = 3 if image.ndim == 3 else 1
    ds.PhotometricInterpretation = "RGB" if image.ndim == 3 else "MONOCHROME2"
    if image.ndim == 3:
        ds.PlanarConfiguration = 0
    allocated = 8 * image.dtype.itemsize
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = allocated, min(bits, allocated), min(bits, allocated) - 1
    ds.PixelRepresentation = int(image.dtype.kind == "i")
    ds.PixelData = image.tobytes() + b"\0" * (image.nbytes % 2)
    ds["PixelData"].VR = "OW" if allocated > 8 else "OB"
    with lenient():
        for keyword, value in attributes.items():
            if value is None:
                delattr(ds, keyword)
            else:
                setattr(ds, keyword, value)
    return ds


def with_raw(ds: Dataset, **elements: tuple[str, bytes]) -> Dataset:
    """The data set with elements whose VR and bytes are as given, right or wrong."""
    for keyword, (vr, value) in elements.items():
        tag = Tag(keyword)
        ds[tag] = RawDataElement(tag, vr, len(value), value, 0, False, True)
    return ds


def to_bytes(ds: Dataset) -> bytes:
    """The data set as a Part 10 file."""
    buffer = io.BytesIO()
    with lenient():
        dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()


def save(folder: Path, ds: Dataset | bytes, name: str = "image") -> Path:
    """Write a file below `folder`; the names have no extension, as in the field."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(ds if isinstance(ds, bytes) else to_bytes(ds))
    return path


def encapsulated(ds: Dataset, frames: Iterable[bytes], syntax: str, **options: Any) -> Dataset:
    """The data set with compressed frames."""
    ds.file_meta.TransferSyntaxUID = UID(syntax)
    ds.PixelData = encapsulate(list(frames), **options)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    return ds


def jpeg(image: NDArray[np.uint8], quality: int = 95) -> bytes:
    """8-bit baseline JPEG of grey or RGB."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=quality, subsampling=0)
    return buffer.getvalue()


def compressed(ds: Dataset, syntax: UID, plugin: str) -> Dataset:
    """The data set compressed by pydicom's encoder `plugin`."""
    ds.compress(syntax, encoding_plugin=plugin, generate_instance_uid=False)
    return ds
