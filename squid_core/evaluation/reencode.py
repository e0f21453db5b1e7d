"""Pictures written as the DICOM files that an apparatus might have made of them.

An archive holds the same chest at 10 to 16 bits, in either polarity, under any window, with another grey curve, at
thousands of pixels and in the detector plate's own aspect ratio. None of it may matter to the detector.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian, generate_uid

from squid_core.datasets.full_resolution import Picture

BITS = (10, 16)  # least and greatest Bits Stored
GAMMA = (0.7, 1.4)
ASPECT = (0.8, 1.25)  # width by height, of a picture that was square
LONGER_SIDE = (2000, 4000)  # pixels
BLACK, WHITE = (0.0, 0.2), (0.6, 1.0)  # shares of the grey scale between which the darkest and the brightest grey lie
WINDOW_CENTER, WINDOW_WIDTH = (0.1, 0.9), (0.05, 1.5)  # shares of the grey scale


class Varied(StrEnum):
    """What is changed; everything else stays as it is."""

    NOTHING = "nothing"  # written at 12 bits and read back
    BITS = "bit depth and range"
    WINDOW = "window tags"
    GAMMA = "gamma"
    POLARITY = "MONOCHROME1"
    ASPECT = "aspect ratio"
    SIZE = "size"
    ALL = "all together"


@dataclass(frozen=True)
class Reencoding:
    """How a picture is written.

    Attributes:
        bits: Bits Stored.
        black: share of the grey scale at which the darkest pixel lies, 0..1.
        white: the same of the brightest.
        gamma: exponent of the grey values in 0..1.
        inverted: written as MONOCHROME1.
        windows: centre and width, as shares of the grey scale; none writes no window.
        aspect: the width is multiplied by this.
        longer_side: pixels; None keeps the picture's own size.
    """

    bits: int = 12
    black: float = 0.0
    white: float = 1.0
    gamma: float = 1.0
    inverted: bool = False
    windows: tuple[tuple[float, float], ...] = ()
    aspect: float = 1.0
    longer_side: int | None = None


def draw(kind: Varied, rng: np.random.Generator) -> Reencoding:
    """A random encoding in which only one kind of thing, or everything, is changed."""
    windows = [(rng.uniform(*WINDOW_CENTER), rng.uniform(*WINDOW_WIDTH)) for _ in range(rng.integers(1, 4))]
    full = Reencoding(
        bits=int(rng.integers(BITS[0], BITS[1] + 1)),
        black=rng.uniform(*BLACK),
        white=rng.uniform(*WHITE),
        gamma=float(np.exp(rng.uniform(*np.log(GAMMA)))),
        inverted=bool(rng.integers(2)),
        windows=tuple(windows),
        aspect=float(np.exp(rng.uniform(*np.log(ASPECT)))),
        longer_side=int(rng.integers(LONGER_SIDE[0], LONGER_SIDE[1] + 1)),
    )
    return {
        Varied.NOTHING: Reencoding(),
        Varied.BITS: Reencoding(bits=full.bits, black=full.black, white=full.white),
        Varied.WINDOW: Reencoding(windows=full.windows),
        Varied.GAMMA: Reencoding(gamma=full.gamma),
        Varied.POLARITY: Reencoding(inverted=True),
        Varied.ASPECT: Reencoding(aspect=full.aspect),
        Varied.SIZE: Reencoding(longer_side=full.longer_side),
        Varied.ALL: full,
    }[kind]


def stored_pixels(picture: Picture, how: Reencoding) -> NDArray[np.uint16]:
    """(H, W) stored values of a picture under an encoding."""
    low, high = float(picture.min()), float(picture.max())
    grey = (_resized(picture, how) - low) / max(high - low, 1e-6)
    grey = np.clip(grey, 0, 1) ** how.gamma
    top = 2**how.bits - 1
    values = np.rint((how.black + (how.white - how.black) * grey) * top).astype(np.uint16)
    return np.asarray(top - values if how.inverted else values, dtype=np.uint16)


def write_dicom(path: Path, picture: Picture, how: Reencoding) -> None:
    """Write a frontal chest DX image (PS3.3 A.26) without a patient.

    Raises:
        OSError: the file cannot be written.
    """
    values = stored_pixels(picture, how)
    top = 2**how.bits - 1
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = DigitalXRayImageStorageForPresentation
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = generate_uid()
    ds.StudyInstanceUID, ds.SeriesInstanceUID = generate_uid(), generate_uid()
    ds.Modality, ds.BodyPartExamined, ds.ViewPosition = "DX", "CHEST", "PA"
    ds.PresentationIntentType = "FOR PRESENTATION"
    ds.SamplesPerPixel, ds.Rows, ds.Columns = 1, *values.shape
    ds.PhotometricInterpretation = "MONOCHROME1" if how.inverted else "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, how.bits, how.bits - 1, 0
    if how.windows:
        ds.WindowCenter = [f"{center * top:.1f}" for center, _ in how.windows]
        ds.WindowWidth = [f"{max(width * top, 1):.1f}" for _, width in how.windows]
    ds.PixelData = values.astype("<u2").tobytes()
    ds["PixelData"].VR = "OW"
    ds.save_as(path, enforce_file_format=True)


def _resized(picture: Picture, how: Reencoding) -> Picture:
    """The picture at the size and aspect of the encoding: area mean when shrinking, else cubic."""
    height, width = picture.shape[0], picture.shape[1] * how.aspect
    scale = 1.0 if how.longer_side is None else how.longer_side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size == picture.shape[::-1]:
        return picture
    shrinking = size[0] <= picture.shape[1] and size[1] <= picture.shape[0]
    how_made = cv2.INTER_AREA if shrinking else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=how_made), dtype=np.float32)
