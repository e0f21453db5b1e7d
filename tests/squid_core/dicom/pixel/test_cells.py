"""Values are read where they lie in their cells, by one rule for every transfer syntax."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.uid import ExplicitVRLittleEndian, RLELossless

from squid_core.dicom.header.image_module import ImageHeader
from squid_core.dicom.pixel.cells import stored_values
from squid_core.dicom.reader import read
from tests.squid_core.dicom.phantoms import chest, encapsulated, phantom, save
from tests.squid_core.dicom.pixel.test_codec_oracles import ic, image, run_lengths

SYNTAXES = {
    ExplicitVRLittleEndian: lambda cells: cells.tobytes(),
    RLELossless: run_lengths,
    "1.2.840.10008.1.2.4.70": lambda cells: ic.jpeg8_encode(cells, lossless=True, predictor=1, bitspersample=16),
    "1.2.840.10008.1.2.4.57": lambda cells: ic.ljpeg_encode(cells, bitspersample=16),
    "1.2.840.10008.1.2.4.80": ic.jpegls_encode,
    "1.2.840.10008.1.2.4.90": lambda cells: ic.jpeg2k_encode(cells, level=0, reversible=True, codecformat="j2k"),
    "1.2.840.10008.1.2.4.201": lambda cells: ic.htj2k_encode(cells, reversible=True),
}
LOWER, HIGHER = "lie lower in their bits", "lie higher in their bits"


def overlay(rows: int, columns: int) -> NDArray[np.bool_]:
    """Text-like bars and a filled half."""
    y, x = np.mgrid[:rows, :columns]
    drawn: NDArray[np.bool_] = ((y // 4) % 5 == 0) & (x % 7 < 5) | (x > columns // 2)
    return drawn


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize(
    ("shift", "bits", "high", "said"),
    [
        (4, 12, 15, ""),  # as the header says
        (6, 10, 15, ""),
        (2, 12, 13, ""),
        (0, 12, 15, LOWER),  # compressed without the bits below it
        (4, 12, 11, HIGHER),  # the header says what is usual
        (2, 14, 13, HIGHER),
    ],
)
def test_values_are_read_where_they_lie(
    tmp_path: Path, syntax: str, shift: int, bits: int, high: int, said: str
) -> None:
    values = image(bits)
    cells = (values << shift).astype(np.uint16)
    ds = chest(cells, bits, HighBit=high, WindowCenter=str(2**bits / 2), WindowWidth=str(2**bits))
    if syntax != ExplicitVRLittleEndian:
        encapsulated(ds, [bytes(SYNTAXES[syntax](cells))], syntax)
    result = read(save(tmp_path, ds))
    np.testing.assert_array_equal(result.pixels, values)
    assert [notice for notice in result.notices if "bits" in notice and "stores" not in notice] == (
        [f"The grey values {said} than the header says; they are read where they lie."] if said else []
    )


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("high", [11, 15])
def test_a_picture_of_more_bits_than_stated_is_not_torn(tmp_path: Path, syntax: str, high: int) -> None:
    values = image(14)
    ds = chest(values, 12, HighBit=high)
    if syntax != ExplicitVRLittleEndian:
        encapsulated(ds, [bytes(SYNTAXES[syntax](values))], syntax)
    result = read(save(tmp_path, ds))
    # With High Bit 15 the lowest four bits are beside the value: coarser, and nothing is torn.
    np.testing.assert_array_equal(result.pixels, values if high == 11 else values >> 4)
    assert any("14 bits where its header says 12; all are read" in notice for notice in result.notices) is (high == 11)


def header(bits: int, high: int, signed: bool = False) -> ImageHeader:
    return ImageHeader(160, 200, 1, "MONOCHROME2", 16, bits, high, signed, False, 1)


def both(bits: int, high: int, cells: NDArray[Any]) -> tuple[NDArray[Any], tuple[str, ...]]:
    return stored_values(cells, header(bits, high, cells.dtype.kind == "i"), lossy=False)


@pytest.mark.parametrize("bit", [12, 13, 15])
def test_an_overlay_above_the_value_is_no_grey(bit: int) -> None:
    values = phantom()
    found, notices = both(12, 11, values | (overlay(*values.shape).astype(np.uint16) << bit))
    np.testing.assert_array_equal(found, values)
    assert notices == ()


def test_an_overlay_below_the_value_is_no_grey() -> None:
    values = phantom()
    found, notices = both(12, 15, (values << 4) | overlay(*values.shape))
    np.testing.assert_array_equal(found, values)
    assert notices == ()


def signed_phantom() -> NDArray[np.int16]:
    grain = np.random.default_rng(1).normal(0, 20, (160, 200))
    return np.clip(phantom().astype(float) * 0.9 - 1900 + grain, -2048, 2047).astype(np.int16)


@pytest.mark.parametrize(
    ("cells", "high", "said"),
    [
        (lambda values: values, 11, ""),
        (lambda values: values & 0x0FFF, 11, ""),  # the sign not carried up
        (lambda values: (values & 0x0FFF) | (overlay(*values.shape).astype(np.int16) << 13), 11, ""),
        (lambda values: values << 4, 15, ""),
        (lambda values: values << 4, 11, HIGHER),
        (lambda values: values, 15, LOWER),
    ],
)
def test_signed_values(cells: Any, high: int, said: str) -> None:
    values = signed_phantom()
    found, notices = both(12, high, cells(values))
    np.testing.assert_array_equal(found, values)
    assert found.dtype == np.int16
    assert any(said in notice for notice in notices) if said else not notices


def test_unsigned_values_that_are_called_signed_are_not_torn() -> None:
    values = phantom().astype(np.int16)
    found, notices = both(12, 11, values)
    np.testing.assert_array_equal(found, values)
    assert "13 bits where its header says 12" in notices[0]


def test_bits_that_tell_for_both_readings_are_asked_about(tmp_path: Path) -> None:
    values = np.zeros((160, 200), np.int16)
    values[:80, ::2], values[:80, 1::2] = -2048, 2047  # one apart without a sign
    values[80:, ::2], values[80:, 1::2] = -1, 0  # one apart with it
    result = read(save(tmp_path, chest(values & 0x0FFF, 12)))
    np.testing.assert_array_equal(result.pixels, values)  # as the header says
    assert result.verdict.decision == "ask"
    assert "not be as the file means them" in result.verdict.reason
    assert any("not sure which bits" in notice for notice in result.notices)


def test_a_few_values_beyond_are_white_in_a_lossy_stream_and_left_off_in_others() -> None:
    cells = phantom() // 2
    cells[3, 3:6] = 4100
    for lossy, expected in ((True, 4095), (False, 4)):
        found, notices = stored_values(cells, header(12, 11), lossy=lossy)
        assert (found[3, 4], found[9, 9], notices) == (expected, cells[9, 9], ())


def test_a_flat_or_single_column_picture_has_an_answer() -> None:
    for cells in (np.full((160, 200), 5000, np.uint16), np.arange(3000, 6000, dtype=np.uint16).reshape(-1, 1)):
        assert both(12, 11, cells)[0].shape == cells.shape
        assert both(12, 15, cells)[0].shape == cells.shape
