"""A chest-like phantom as a DICOM file, for the self-test. Written in a child process: pydicom stays out of the window.

Asymmetric on purpose: the heart lies to the right of the picture, and the lungs differ in height.
"""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SIZE = 512
SPACING_MM = 0.7
MAX_VALUE = 4095
WRITE_SECONDS = 120.0
HEART = 0.13


def draw(heart: float = HEART) -> NDArray[np.uint16]:
    """(512, 512) uint16, 12 bits, high is bright: a body with lungs, heart, spine, ribs and a little noise.

    Args:
        heart: half its width, as a share of the picture's.
    """
    row, column = np.mgrid[0:SIZE, 0:SIZE].astype(np.float64) / SIZE

    def ellipse(center_row: float, center_column: float, height: float, width: float) -> NDArray[np.float64]:
        radius = np.hypot((row - center_row) / height, (column - center_column) / width)
        inside: NDArray[np.float64] = 1 / (1 + np.exp((radius - 1) * 30))
        return inside

    image = 0.05 + 0.55 * ellipse(0.55, 0.5, 0.62, 0.46)
    lungs = np.maximum(ellipse(0.46, 0.32, 0.33, 0.15), ellipse(0.44, 0.69, 0.31, 0.14))
    image -= 0.38 * lungs
    image += 0.12 * lungs * (np.sin(row * 55 + (column - 0.5) ** 2 * 25) > 0.55)
    image += 0.22 * ellipse(0.62, 0.57, 0.17, heart) + 0.18 * ellipse(0.55, 0.5, 0.7, 0.035)
    image += np.random.default_rng(2023).normal(0, 0.01, image.shape)
    return (np.clip(image, 0, 1) * MAX_VALUE).astype(np.uint16)


def write(path: str, study_date: str = "20230601", heart: float = HEART) -> None:
    """Write the phantom as Digital X-Ray (explicit VR little endian); runs in a child.

    Args:
        path: of the new file.
        study_date: as in DICOM (PS3.5 6.2, DA); of another date it is another study of the same patient.
        heart: see `draw`.
    """
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

    dataset = Dataset()
    dataset.SOPClassUID = DigitalXRayImageStorageForPresentation
    dataset.SOPInstanceUID = _uid("image", study_date)
    dataset.SeriesInstanceUID = _uid("series", study_date)
    dataset.StudyInstanceUID = _uid("study", study_date)
    dataset.PatientName, dataset.PatientID, dataset.PatientSex = "Phantom^Chest", "PHANTOM", "O"
    dataset.PatientAge, dataset.StudyDate = "045Y", study_date
    dataset.Modality, dataset.BodyPartExamined, dataset.ViewPosition = "DX", "CHEST", "PA"
    dataset.PatientOrientation = ["L", "F"]
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.ImagerPixelSpacing = [SPACING_MM, SPACING_MM]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows = dataset.Columns = SIZE
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.WindowCenter, dataset.WindowWidth = MAX_VALUE / 2, MAX_VALUE
    dataset.PixelData = draw(heart).tobytes()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(path, enforce_file_format=True)


def _uid(kind: str, study_date: str) -> str:
    from pydicom.uid import generate_uid

    return str(generate_uid(entropy_srcs=["squid phantom", kind, study_date]))


def write_in_child(path: Path, *what: str | float) -> bool:
    """Have a spawned process write it; False when that failed.

    Args:
        path: of the new file.
        what: date and heart, see `write`.
    """
    process = multiprocessing.get_context("spawn").Process(target=write, args=(str(path), *what))
    process.start()
    process.join(WRITE_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
    ended = process.exitcode
    process.close()
    return ended == 0
