"""Millimetres, only when the file states true ones (PS3.3 10.7.1.3), and the shape of a pixel."""

from __future__ import annotations

import math

from pydicom.dataset import Dataset

from squid_core.contracts.radiograph import Spacing, SpacingSource
from squid_core.dicom.header.numbers import numbers
from squid_core.dicom.header.sopclasses import SECONDARY_CAPTURES, is_projection
from squid_core.dicom.header.values import text

Pair = tuple[float, float]

_SAME = 1e-4  # relative difference below which two spacings are the same, beyond the rounding of their text
_MAX_MAGNIFICATION = 10.0
_MAX_ASPECT = 10.0  # of a pixel; beyond it the number is a slip
_SQUARE = 0.002  # a ratio nearer to 1 is drawn as 1: less than two pixels on 1000


def spacing_of(dataset: Dataset) -> tuple[Spacing | None, tuple[str, ...]]:
    """Pixel spacing with its source, and notices.

    In a projection radiograph Imager Pixel Spacing is measured at the detector. Pixel Spacing that differs from
    it was calibrated by someone; one that equals it says nothing new. An estimated magnification factor brings
    the detector's spacing to the patient. A digitised film may state what its scanner measured on the film. A
    secondary capture's Pixel Spacing counts only when it says how it was calibrated. For cross sections Pixel
    Spacing lies in the patient.
    """
    notices: list[str] = []
    imager, pixel = _pair(dataset, "ImagerPixelSpacing", notices), _pair(dataset, "PixelSpacing", notices)
    film = _pair(dataset, "NominalScannedPixelSpacing", notices)
    calibrated = bool(text(dataset, "PixelSpacingCalibrationType"))
    sop_class, modality = text(dataset, "SOPClassUID"), text(dataset, "Modality").upper()
    if sop_class in SECONDARY_CAPTURES and imager is None and not calibrated:
        if film is not None:
            return Spacing(*film, SpacingSource.FILM), tuple(notices)
        if pixel is not None:
            notices.append("The file does not say where its millimetres come from; lengths are shown in pixels.")
        return None, tuple(notices)
    if not is_projection(sop_class, modality):
        if pixel is not None and calibrated and sop_class in SECONDARY_CAPTURES:
            return Spacing(*pixel, SpacingSource.CALIBRATED), tuple(notices)
        return (Spacing(*pixel, SpacingSource.PATIENT) if pixel else None), tuple(notices)
    if pixel is not None and (calibrated or (imager is not None and not _close(pixel, imager))):
        return Spacing(*pixel, SpacingSource.CALIBRATED), tuple(notices)
    at_detector = imager or pixel
    if at_detector is None:
        return (Spacing(*film, SpacingSource.FILM) if film else None), tuple(notices)
    if imager is None:
        notices.append("The file does not say whether its spacing was calibrated; it is taken as at the detector.")
    factor, *_ = numbers(dataset, "EstimatedRadiographicMagnificationFactor", notices) or (1.0,)
    if 1 < factor < _MAX_MAGNIFICATION:
        row, column = at_detector
        return Spacing(row / factor, column / factor, SpacingSource.MAGNIFIED, factor), tuple(notices)
    return Spacing(*at_detector, SpacingSource.DETECTOR), tuple(notices)


def aspect_of(dataset: Dataset) -> tuple[float, tuple[str, ...]]:
    """Height of a pixel over its width, and notices.

    The ratio of a spacing holds whatever its millimetres are worth. Pixel Aspect Ratio is vertical, then
    horizontal (PS3.3 C.7.6.3.1.7), and stands only where there is no spacing.
    """
    ignored: list[str] = []
    for keyword in ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"):
        pair = _pair(dataset, keyword, ignored)
        if pair is not None:
            return _ratio(pair)
    notices: list[str] = []
    stated = numbers(dataset, "PixelAspectRatio", notices)
    if len(stated) != 2 or any(map(math.isnan, stated)):
        return 1.0, ()
    ratio, absurd = _ratio((stated[0], stated[1]))
    return ratio, (*notices, *absurd)


def _ratio(pair: Pair) -> tuple[float, tuple[str, ...]]:
    vertical, horizontal = pair
    ratio = vertical / horizontal if horizontal > 0 else 0.0
    if not 1 / _MAX_ASPECT <= ratio <= _MAX_ASPECT:
        return 1.0, ("The file states an impossible shape of its pixels; they are shown square.",)
    return (1.0 if abs(ratio - 1) < _SQUARE else ratio), ()


def _pair(dataset: Dataset, keyword: str, notices: list[str]) -> Pair | None:
    """(row, column) in mm, or None with a notice where the element is there and absurd."""
    found = numbers(dataset, keyword, notices)
    if not found:
        return None
    row, column = found if len(found) == 2 else (math.nan, math.nan)
    if 0 < row < 100 and 0 < column < 100:
        return row, column
    notices.append("The file states an impossible pixel spacing; lengths are shown in pixels.")
    return None


def _close(a: Pair, b: Pair) -> bool:
    return all(math.isclose(x, y, rel_tol=_SAME) for x, y in zip(a, b, strict=True))
