"""Millimetres, only when the file states true ones (PS3.3 10.7.1.3)."""

from __future__ import annotations

import math

from pydicom.dataset import Dataset

from squid_core.contracts import Spacing, SpacingSource
from squid_core.dicom.identity import text, values
from squid_core.dicom.sopclasses import SECONDARY_CAPTURES, is_projection

_SAME = 1e-4  # relative difference below which two spacings are the same, beyond the rounding of their text


def spacing_of(dataset: Dataset) -> tuple[Spacing | None, tuple[str, ...]]:
    """Pixel spacing with its source, and notices.

    In a projection radiograph Imager Pixel Spacing is measured at the detector. Pixel Spacing that differs from
    it was calibrated by someone; one that equals it says nothing new. An estimated magnification factor brings
    the detector's spacing to the patient. A secondary capture's spacing counts only when it says how it was
    calibrated. For cross sections Pixel Spacing lies in the patient.
    """
    notices: list[str] = []
    imager, pixel = _pair(dataset, "ImagerPixelSpacing", notices), _pair(dataset, "PixelSpacing", notices)
    calibrated = bool(text(dataset, "PixelSpacingCalibrationType"))
    sop_class, modality = text(dataset, "SOPClassUID"), text(dataset, "Modality").upper()
    if sop_class in SECONDARY_CAPTURES and imager is None and pixel is not None and not calibrated:
        notices.append("The file does not say where its millimetres come from; lengths are shown in pixels.")
        return None, tuple(notices)
    if not is_projection(sop_class, modality):
        return (_spacing(pixel, SpacingSource.PATIENT) if pixel else None), tuple(notices)
    if pixel is not None and (calibrated or (imager is not None and not _close(pixel, imager))):
        return _spacing(pixel, SpacingSource.CALIBRATED), tuple(notices)
    at_detector = imager or pixel
    if at_detector is None:
        return None, tuple(notices)
    if imager is None:
        notices.append("The file does not say whether its spacing was calibrated; it is taken as at the detector.")
    magnification = _number(dataset, "EstimatedRadiographicMagnificationFactor")
    if magnification is not None and 1 <= magnification < 10:
        row, column = at_detector
        return _spacing((row / magnification, column / magnification), SpacingSource.MAGNIFIED), tuple(notices)
    return _spacing(at_detector, SpacingSource.DETECTOR), tuple(notices)


def _spacing(pair: tuple[float, float], source: SpacingSource) -> Spacing:
    return Spacing(pair[0], pair[1], source)


def _pair(dataset: Dataset, keyword: str, notices: list[str]) -> tuple[float, float] | None:
    """(row, column) in mm, or None with a notice where the element is there and absurd."""
    found = values(dataset, keyword)
    if not found:
        return None
    try:
        row, column = (float(str(value)) for value in found)
    except ValueError:
        row = column = math.nan
    if 0 < row < 100 and 0 < column < 100:
        return row, column
    notices.append("The file states an impossible pixel spacing; lengths are shown in pixels.")
    return None


def _number(dataset: Dataset, keyword: str) -> float | None:
    try:
        value = float(text(dataset, keyword))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _close(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return all(math.isclose(x, y, rel_tol=_SAME) for x, y in zip(a, b, strict=True))
