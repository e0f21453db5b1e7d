"""Tables and widths that contradict their own descriptor or function: read by their data, with a word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from squid_core.dicom.reader import read
from squid_core.voi import to_uint8
from tests.squid_core.dicom.phantoms import chest, phantom, save, with_raw
from tests.squid_core.dicom.pixel.test_grey_levels import item, radiograph


def table_of(greatest: int, stated_bits: int, packed: bool = False) -> Dataset:
    """A straight table over 12-bit input whose descriptor states some bits or other."""
    ds = item(0, [round(k * greatest / 4095) for k in range(4096)], stated_bits)
    if packed:
        ds.LUTData = np.round(np.arange(4096) * greatest / 4095).astype(np.uint8).tobytes()
    return ds


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(
    ("greatest", "stated"), [(4095, 16), (4095, 12), (4095, 8), (65535, 12), (65535, 0), (4096, 12)]
)
def test_the_range_of_a_modality_table_is_that_of_its_entries(
    tmp_path: Path, photometric: str, greatest: int, stated: int
) -> None:
    table = Sequence([table_of(greatest, stated)])
    result = radiograph(tmp_path, phantom(), PhotometricInterpretation=photometric, ModalityLUTSequence=table)
    expected = np.round(phantom() * (greatest / 4095))
    turned = photometric == "MONOCHROME1"
    np.testing.assert_array_equal(result.pixels, greatest - expected if turned else expected)
    assert result.file_value(float(result.pixels[5, 5])) == greatest
    assert any("modality table uses" in notice for notice in result.notices) is (
        (max(greatest - 1, 1)).bit_length() > stated
    )
    assert result.verdict.decision == "analyse"


def test_a_modality_table_whose_range_ends_high_is_turned_within_it(tmp_path: Path) -> None:
    table = Sequence([item(0, [65535 - (4095 - k) for k in range(4096)])])  # the pivot, 126975, is beyond uint16
    result = radiograph(tmp_path, phantom(), PhotometricInterpretation="MONOCHROME1", ModalityLUTSequence=table)
    np.testing.assert_array_equal(result.pixels, 65535 - phantom())


def test_a_table_below_zero_written_unsigned_for_unsigned_pixels(tmp_path: Path) -> None:
    table = item(-100, list(range(5000)))
    result = radiograph(tmp_path, phantom(), ModalityLUTSequence=Sequence([table]))
    np.testing.assert_array_equal(result.pixels, phantom() + 100)


@pytest.mark.parametrize(("greatest", "stated"), [(2**bits - 1, 16) for bits in (8, 12, 13, 14, 15)] + [(4096, 16)])
def test_a_voi_table_of_fewer_bits_than_stated_is_as_bright_as_it_is_meant(
    tmp_path: Path, greatest: int, stated: int
) -> None:
    result = radiograph(tmp_path, phantom(), VOILUTSequence=Sequence([table_of(greatest, stated)]))
    assert np.abs(to_uint8(result.pixels, result.window) - phantom() * (255 / 4095)).max() <= 1
    used = (greatest - 1).bit_length()
    assert (
        f"The file's VOI table uses {used} bits where it states 16; it is shown in those that it uses."
        in result.notices
    )


def test_a_voi_table_of_more_bits_than_stated(tmp_path: Path) -> None:
    for greatest, notices in ((65535, 1), (4096, 0)):  # 4096: white, rounded up
        result = radiograph(tmp_path, phantom(), VOILUTSequence=Sequence([table_of(greatest, 12)]))
        assert np.abs(to_uint8(result.pixels, result.window) - phantom() * (255 / 4095)).max() <= 1
        assert len(result.notices) == notices


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_what_cannot_be_made_of_the_values_takes_the_window_down_and_is_asked_about(
    tmp_path: Path, photometric: str
) -> None:
    short = table_of(4095, 16)
    short.LUTDescriptor, short.LUTData = [4096, 0, 16], short.LUTData[:2000]
    window: dict[str, Any] = {"WindowCenter": "3000", "WindowWidth": "2000", "PhotometricInterpretation": photometric}
    ds = chest(phantom(), **window)
    with_table = chest(phantom(), ModalityLUTSequence=Sequence([short]), **window)
    for made in (with_table, with_raw(ds, RescaleSlope=("DS", b"1,5,2 "), RescaleIntercept=("DS", b"7 "))):
        result = read(save(tmp_path, made))
        np.testing.assert_array_equal(result.pixels, 4095 - phantom() if photometric == "MONOCHROME1" else phantom())
        assert [window.name for window in result.windows] == ["Full range"]
        assert any("meant for other grey values" in notice for notice in result.notices)
        assert result.verdict.decision == "ask"


@pytest.mark.parametrize("keyword", ["ModalityLUTSequence", "VOILUTSequence"])
@pytest.mark.parametrize(
    ("stated", "first", "read_"), [(0, 0, True), (5000, 0, True), (8192, 0, False), (5000, -9, False)]
)
def test_a_table_that_is_shorter_than_stated_is_read_where_the_picture_needs_no_more(
    tmp_path: Path, keyword: str, stated: int, first: int, read_: bool
) -> None:
    table = item(first, [15 * k for k in range(4096)])
    table.LUTDescriptor = [stated, first, 16]  # 8192: words, or twice as many bytes
    attributes: dict[str, Any] = {keyword: Sequence([table])}
    result = radiograph(tmp_path, phantom(), **attributes)
    greys = to_uint8(result.pixels, result.window) if keyword.startswith("VOI") else result.pixels
    assert (int(greys[5, 5]) in (239, 15 * 4095)) is read_
    assert any("shorter than it states" in notice for notice in result.notices) is read_
    assert any("table is damaged" in notice for notice in result.notices) is not read_


FRACTIONS: dict[str, Any] = {"RescaleSlope": str(1 / 4096), "RescaleIntercept": "0"}


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", ""])
@pytest.mark.parametrize(("center", "width"), [(0.5, 1.0), (0.4, 0.5), (0.6, 1.5)])
def test_a_narrow_window_on_fractions_is_shown_from_edge_to_edge(
    tmp_path: Path, function: str, center: float, width: float
) -> None:
    result = radiograph(
        tmp_path, phantom(), WindowCenter=str(center), WindowWidth=str(width), VOILUTFunction=function, **FRACTIONS
    )
    expected = np.clip((result.pixels - center) / width + 0.5, 0, 1) * 255
    assert np.abs(to_uint8(result.pixels, result.window) - expected).max() <= 0.51
    assert any("too narrow for its function" in notice for notice in result.notices) is (function != "LINEAR_EXACT")


def test_a_window_that_shows_one_grey_falls_back(tmp_path: Path) -> None:
    mask = (phantom() > 2000).astype(np.uint8)
    for center in ("2", "-0.5"):  # LINEAR of width 1: black up to 1.5, or white from -1
        result = radiograph(tmp_path, mask, 8, WindowCenter=center, WindowWidth="1")
        assert result.window.name == "Full range"
