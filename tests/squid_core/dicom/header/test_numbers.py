"""Numbers are read where they mean one thing, with a word; what may mean two is no number."""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from squid_core.contracts.errors import SquidError
from squid_core.dicom.header.numbers import numbers
from squid_core.dicom.reader import read
from tests.squid_core.dicom.phantoms import chest, phantom, save, with_raw


@pytest.mark.parametrize(
    ("written", "expected", "regular"),
    [
        (b"1.5", [1.5], True),
        (b" -1024 ", [-1024], True),
        (b"1E-3\\+2.", [0.001, 2], True),
        (b"0.143\\0.143\0", [0.143, 0.143], True),
        (b"0,143\\0,143", [0.143, 0.143], False),
        (b"-1024,0", [-1024], False),
        (b"1,5E+02", [150], False),
        (b"1,000000", [1], False),
        (b"0,125", [0.125], False),
        (b"- 1024", [-1024], False),
        (b"0. 5", [0.5], False),
        (b"\t1.5\n", [1.5], False),
        (b"1,234.5", [1234.5], False),
        (b"1.234,5", [1234.5], False),
        (b"1,234", [math.nan], False),  # a thousand, or one
        (b"1 024", [math.nan], False),
        (b"1,2,3", [math.nan], False),
        (b"nan", [math.nan], False),
        (b"inf", [math.nan], False),
        (b"1_0", [math.nan], False),
        (b"0x10", [math.nan], False),
        (b"\xb2", [math.nan], False),
        (b"1\\\\2", [1, math.nan, 2], False),
        (b"", [], True),
        (b"  ", [], True),
    ],
)
def test_text(written: bytes, expected: list[float], regular: bool) -> None:
    notices: list[str] = []
    found = numbers(with_raw(Dataset(), RescaleSlope=("DS", written)), "RescaleSlope", notices)
    np.testing.assert_array_equal(found, expected)
    readable = bool(found) and not any(map(math.isnan, found))
    assert bool(notices) is (readable and not regular)
    if notices:
        said = ", ".join(f"{number:.12g}" for number in expected)
        assert notices == [f"The header's RescaleSlope is not written as the standard says; it is read as {said}."]


@pytest.mark.parametrize(
    ("keyword", "vr", "written", "expected", "regular"),
    [
        ("RescaleSlope", "FD", struct.pack("<d", 0.5), [0.5], False),
        ("RescaleSlope", "IS", b"0.5 ", [0.5], False),
        ("RescaleSlope", "LO", b"0.5 ", [0.5], False),
        ("RescaleSlope", "UN", b"0,5 ", [0.5], False),
        ("RescaleSlope", "OB", b"0.5 ", [0.5], False),
        ("WindowCenter", "SS", struct.pack("<hh", -40, 400), [-40, 400], False),
        ("Rows", "US", struct.pack("<H", 40000), [40000], True),
        ("Rows", "SS", struct.pack("<H", 40000), [40000], False),
        ("Rows", "UL", struct.pack("<I", 512), [512], False),
        ("Rows", "UN", struct.pack("<H", 512), [512], True),
        ("RescaleSlope", "UN", b"0.5 ", [0.5], True),
        ("Rows", "IS", b"512 ", [512], False),
        ("Rows", "US", b"\1", [math.nan], False),
        ("NumberOfFrames", "IS", b"3 ", [3], True),
        ("NumberOfFrames", "IS", b"3.0 ", [3], False),
        ("NumberOfFrames", "US", struct.pack("<H", 3), [3], False),
        ("PixelPaddingValue", "SS", struct.pack("<h", -2000), [-2000], True),
        ("PixelPaddingValue", "US", struct.pack("<h", -2000), [63536], True),
        ("PixelPaddingValue", "DS", b"-2000 ", [-2000], False),
    ],
)
def test_another_vr(keyword: str, vr: str, written: bytes, expected: list[float], regular: bool) -> None:
    notices: list[str] = []
    found = numbers(with_raw(Dataset(), **{keyword: (vr, written)}), keyword, notices)
    np.testing.assert_array_equal(found, expected)
    assert bool(notices) is (not regular and not any(map(math.isnan, expected)))


@given(st.sampled_from(["DS", "IS", "US", "SS", "FD", "UN", "OW", "LO"]), st.binary(max_size=12))
def test_any_bytes_are_numbers_or_none(vr: str, written: bytes) -> None:
    for keyword in ("RescaleSlope", "Rows", "NumberOfFrames", "LUTDescriptor"):
        assert all(
            isinstance(number, float) for number in numbers(with_raw(Dataset(), **{keyword: (vr, written)}), keyword)
        )


def opened(folder: Path, **elements: tuple[str, bytes]) -> Any:
    return read(save(folder, with_raw(chest(phantom()), **elements)))


def test_a_rescale_with_commas_is_applied_and_said(tmp_path: Path) -> None:
    result = opened(
        tmp_path,
        RescaleSlope=("DS", b"0,5 "),
        RescaleIntercept=("DS", b"-1024,0"),
        WindowCenter=("DS", b"0,0 "),
        WindowWidth=("IS", b"1000.5"),
    )
    np.testing.assert_array_equal(result.pixels, phantom() * np.float32(0.5) - 1024)
    assert (result.window.center, result.window.width) == (0, 1000.5)
    assert sum("not written as the standard says" in notice for notice in result.notices) == 4
    assert result.verdict.decision == "analyse"


@pytest.mark.parametrize("keyword", ["RescaleSlope", "RescaleIntercept"])
def test_a_rescale_that_may_mean_two_things_takes_the_window_down_and_is_asked_about(
    tmp_path: Path, keyword: str
) -> None:
    elements = {"RescaleSlope": ("DS", b"2 "), "RescaleIntercept": ("DS", b"0 "), keyword: ("DS", b"1,024 ")}
    result = opened(tmp_path, **elements, WindowCenter=("DS", b"2000"), WindowWidth=("DS", b"3000"))
    np.testing.assert_array_equal(result.pixels, phantom())
    assert result.window.name == "Full range"
    assert any("meant for other grey values" in notice for notice in result.notices)
    assert result.verdict.decision == "ask"


def test_spacing_with_commas_and_in_another_vr(tmp_path: Path) -> None:
    for written in (("DS", b"0,143\\0,143 "), ("FD", struct.pack("<dd", 0.143, 0.143))):
        result = opened(tmp_path, ImagerPixelSpacing=written)
        assert (result.spacing.row_mm, result.spacing.column_mm) == (0.143, 0.143)
        said = "The header's ImagerPixelSpacing is not written as the standard says; it is read as 0.143, 0.143."
        assert said in result.notices


def test_the_image_module_in_other_vrs(tmp_path: Path) -> None:
    result = opened(
        tmp_path,
        Rows=("IS", b"160 "),
        Columns=("UL", struct.pack("<I", 200)),
        BitsStored=("DS", b"12.0"),
        NumberOfFrames=("US", struct.pack("<H", 1)),
        PixelPaddingValue=("IS", b"4095"),
    )
    expected = np.where(phantom() == 4095, phantom()[phantom() < 4095].min(), phantom())
    np.testing.assert_array_equal(result.pixels, expected)
    assert sum("not written as the standard says" in notice for notice in result.notices) == 5


def test_a_size_that_is_no_whole_number_is_said(tmp_path: Path) -> None:
    with pytest.raises(SquidError, match="Rows is not a whole number"):
        opened(tmp_path, Rows=("DS", b"160.5 "))
