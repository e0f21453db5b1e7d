"""Whether a picture is in colour its pixels say, whatever they are stored as."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import imagecodecs as ic
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import (
    JPEG2000,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
)

from squid_core.contracts.radiograph import Decision, Radiograph
from squid_core.dicom.reader import read
from tests.squid_core.dicom.phantoms import SC, chest, compressed, encapsulated, jpeg, phantom, save

GREY = phantom(160, 200, 8, np.uint8)
ALIKE = np.repeat(GREY[..., None], 3, axis=2)


def tinted() -> NDArray[np.uint8]:
    picture = ALIKE.copy()
    picture[..., 2] //= 3
    return picture


def coloured(picture: NDArray[Any], bits: int = 8, **attributes: Any) -> Dataset:
    return chest(picture, bits, **attributes)


def palette(red: NDArray[Any], blue: NDArray[Any] | None = None) -> Dataset:
    ds = chest(GREY, 8, PhotometricInterpretation="PALETTE COLOR")
    for name, table in (("Red", red), ("Green", red), ("Blue", red if blue is None else blue)):
        setattr(ds, f"{name}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(ds, f"{name}PaletteColorLookupTableData", table.astype("<u2").tobytes())
    return ds


def ybr_full(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """PS3.3 C.7.6.3.1.2 by hand."""
    r, g, b = (picture[..., i].astype(float) for i in range(3))
    y = 0.299 * r + 0.587 * g + 0.114 * b
    return np.clip(np.round(np.stack([y, (b - y) / 1.772 + 128, (r - y) / 1.402 + 128], 2)), 0, 255).astype(np.uint8)


def ybr_422(picture: NDArray[np.uint8]) -> bytes:
    y, cb, cr = np.moveaxis(ybr_full(picture), 2, 0)
    return np.stack([y[:, ::2], y[:, 1::2], cb[:, ::2], cr[:, ::2]], 2).tobytes()


def jpeg_of(picture: NDArray[np.uint8], photometric: str) -> Dataset:
    return encapsulated(coloured(picture, PhotometricInterpretation=photometric), [jpeg(picture, 90)], JPEGBaseline8Bit)


def jpeg_2000(picture: NDArray[np.uint8], syntax: str, photometric: str, **options: Any) -> Dataset:
    stream = ic.jpeg2k_encode(picture, codecformat="j2k", mct=True, **options)
    return encapsulated(coloured(picture, PhotometricInterpretation=photometric), [bytes(stream)], syntax)


STORED: dict[str, tuple[Any, int]] = {
    "RGB": (lambda p: coloured(p), 0),
    "RGB in planes": (lambda p: coloured(p, PlanarConfiguration=1, PixelData=np.moveaxis(p, 2, 0).tobytes()), 0),
    "secondary capture": (lambda p: coloured(p, SOPClassUID=SC), 0),
    "YBR_FULL": (lambda p: coloured(ybr_full(p), PhotometricInterpretation="YBR_FULL"), 1),
    "YBR_FULL_422": (lambda p: coloured(p, PhotometricInterpretation="YBR_FULL_422", PixelData=ybr_422(p)), 1),
    "RLE": (lambda p: compressed(coloured(p), RLELossless, "pydicom"), 0),
    "JPEG-LS": (lambda p: compressed(coloured(p), JPEGLSLossless, "pyjpegls"), 0),
    "JPEG": (lambda p: jpeg_of(p, "YBR_FULL_422"), 2),
    "YBR_RCT": (lambda p: jpeg_2000(p, JPEG2000Lossless, "YBR_RCT", reversible=True), 0),
    "YBR_ICT": (lambda p: jpeg_2000(p, JPEG2000, "YBR_ICT", level=45), 2),
}  # how, and how far values may be from what was stored, in the mean


@pytest.mark.parametrize("stored", STORED)
def test_a_grey_picture_stored_in_colour_is_shown_in_grey_and_asked_about(tmp_path: Path, stored: str) -> None:
    made, error = STORED[stored]
    radiograph = read(save(tmp_path, made(ALIKE)))
    assert radiograph.pixels.dtype == np.uint16
    assert np.abs(radiograph.pixels.astype(int) - GREY).mean() <= error
    assert_asked(radiograph)


@pytest.mark.parametrize("stored", STORED)
def test_a_picture_in_colour_stays_so_and_is_refused(tmp_path: Path, stored: str) -> None:
    radiograph = read(save(tmp_path, STORED[stored][0](tinted())))
    assert radiograph.is_colour
    assert radiograph.verdict.decision is Decision.REFUSE
    assert "colour" in radiograph.verdict.reason


@pytest.mark.parametrize("table", [np.arange(256) * 257, 65535 - np.arange(256) * 257, np.arange(256)])
def test_a_palette_of_greys_is_grey(tmp_path: Path, table: NDArray[Any]) -> None:
    radiograph = read(save(tmp_path, palette(table)))
    assert np.array_equal(radiograph.pixels, table[GREY])
    assert_asked(radiograph)


@pytest.mark.parametrize("scale", [1, 257])
def test_a_palette_of_colours_is_in_colour(tmp_path: Path, scale: int) -> None:
    values = np.arange(256) * scale
    assert read(save(tmp_path, palette(values, values // 3))).is_colour


def test_deep_channels_that_are_alike_keep_their_depth(tmp_path: Path) -> None:
    grey = phantom(160, 200, 12)
    ds = coloured(np.repeat(grey[..., None], 3, axis=2), 12, RescaleSlope=0, WindowCenter=5, WindowWidth=2)
    radiograph = read(save(tmp_path, ds))
    assert np.array_equal(radiograph.pixels, grey)  # a rescale and a window are of grey images only
    assert radiograph.window.width > 1000
    assert_asked(radiograph)


def test_a_coloured_letter_leaves_a_radiograph_grey(tmp_path: Path) -> None:
    picture = ALIKE.copy()
    picture[10:20, 100:110] = (255, 0, 0)
    assert_asked(read(save(tmp_path, coloured(picture))))
    black = np.zeros_like(picture)
    black[10:20, 100:110] = (255, 0, 0)  # a page of coloured letters
    assert read(save(tmp_path, coloured(black))).is_colour


def assert_asked(radiograph: Radiograph) -> None:
    assert radiograph.verdict.decision is Decision.ASK
    assert "grey" in radiograph.verdict.reason
    assert any("shown in grey" in notice for notice in radiograph.notices)
    assert not radiograph.is_colour
