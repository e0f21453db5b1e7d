"""Modality values, polarity and windows follow the standard, with values by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_modality_lut, apply_voi, apply_windowing
from pydicom.sequence import Sequence

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Radiograph, VoiFunction, Window
from squid_core.dicom.reader import read
from squid_core.voi import ramp, to_uint8
from tests.squid_core.dicom.phantoms import chest, phantom, save

SMALL = np.array([[0, 1, 2], [3, 100, 4095]], np.uint16)


def shown(window: Window, value: float) -> float:
    """PS3.3 C.11.2.1.2 and C.11.2.1.3 word for word, output 0..1."""
    c, w = window.center, window.width
    if window.function is VoiFunction.SIGMOID:
        return float(0.5 * (1 + np.tanh(2 * (value - c) / w)))  # the same, without overflow
    if window.function is VoiFunction.LINEAR:
        if value <= c - 0.5 - (w - 1) / 2:
            return 0.0
        if value > c - 0.5 + (w - 1) / 2:
            return 1.0
        return (value - (c - 0.5)) / (w - 1) + 0.5
    if value <= c - w / 2:
        return 0.0
    return 1.0 if value > c + w / 2 else (value - c) / w + 0.5


def radiograph(tmp_path: Path, pixels: Any = SMALL, bits: int = 12, **attributes: Any) -> Radiograph:
    return read(save(tmp_path, chest(pixels, bits, **attributes)))


def item(first: int, data: list[int], bits: int = 16, name: str = "") -> Dataset:
    ds = Dataset()
    ds.LUTDescriptor = [len(data), first, bits]
    ds["LUTDescriptor"].VR = "US" if first >= 0 else "SS"
    ds.LUTData = np.array(data, np.uint16).tobytes()
    ds["LUTData"].VR = "OW"
    ds.LUTExplanation = name
    ds.ModalityLUTType = "US"
    return ds


def test_monochrome2_is_as_stored(tmp_path: Path) -> None:
    result = radiograph(tmp_path)
    np.testing.assert_array_equal(result.pixels, SMALL)
    assert not result.polarity_inverted
    assert not result.pixels.flags.writeable


def test_monochrome1_is_turned_within_the_range_of_its_bits(tmp_path: Path) -> None:
    result = radiograph(tmp_path, PhotometricInterpretation="MONOCHROME1")
    np.testing.assert_array_equal(result.pixels, 4095 - SMALL)
    assert result.polarity_inverted


def test_monochrome1_with_rescale_is_turned_after_it(tmp_path: Path) -> None:
    result = radiograph(tmp_path, PhotometricInterpretation="MONOCHROME1", RescaleSlope="2", RescaleIntercept="10")
    # Modality range 10 .. 8200; v' = 8210 - (2 v + 10).
    np.testing.assert_array_equal(result.pixels, 8200 - 2 * SMALL.astype(np.float32))


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("rescale", [{}, {"RescaleSlope": "2", "RescaleIntercept": "10"}])
def test_every_value_leads_back_to_that_of_the_file(tmp_path: Path, photometric: str, rescale: dict[str, Any]) -> None:
    result = radiograph(tmp_path, PhotometricInterpretation=photometric, **rescale)
    of_file = SMALL.astype(float) * 2 + 10 if rescale else SMALL.astype(float)
    back = [result.file_value(float(value)) for value in result.pixels.ravel()]
    np.testing.assert_array_equal(np.reshape(back, SMALL.shape), of_file)


def test_signed_monochrome1(tmp_path: Path) -> None:
    values = np.array([[-2048, 0], [1, 2047]], np.int16)
    result = radiograph(tmp_path, values, PhotometricInterpretation="MONOCHROME1")
    np.testing.assert_array_equal(result.pixels, -1 - values.astype(np.float32))


@pytest.mark.parametrize(
    ("photometric", "shape", "inverted", "asks"),
    [
        ("MONOCHROME1", "INVERSE", True, False),
        ("MONOCHROME2", "IDENTITY", False, False),
        ("MONOCHROME2", "INVERSE", True, True),
        ("MONOCHROME1", "IDENTITY", True, True),
    ],
)
def test_presentation_shape(tmp_path: Path, photometric: str, shape: str, inverted: bool, asks: bool) -> None:
    ds = chest(PhotometricInterpretation=photometric, PresentationLUTShape=shape)
    result = read(save(tmp_path, ds))
    assert result.polarity_inverted is inverted
    assert (result.verdict.decision == "ask") is asks


def test_rescale_by_hand(tmp_path: Path) -> None:
    result = radiograph(tmp_path, RescaleSlope="0.5", RescaleIntercept="-1000")
    assert result.pixels.dtype == np.float32
    np.testing.assert_array_equal(result.pixels, [[-1000, -999.5, -999], [-998.5, -950, 1047.5]])


def test_modality_table_clamps_at_its_ends(tmp_path: Path) -> None:
    result = radiograph(tmp_path, ModalityLUTSequence=Sequence([item(1, [10, 30, 70])]))
    np.testing.assert_array_equal(result.pixels, [[10, 10, 30], [70, 70, 70]])


def test_signed_modality_table(tmp_path: Path) -> None:
    values = np.array([[-2, -1], [0, 5]], np.int16)
    result = radiograph(tmp_path, values, 16, ModalityLUTSequence=Sequence([item(-2, [5, 6, 7])]))
    np.testing.assert_array_equal(result.pixels, [[5, 6], [7, 7]])


def test_slope_zero_is_shown_and_never_scored(tmp_path: Path) -> None:
    result = radiograph(tmp_path, phantom(), RescaleSlope="0", RescaleIntercept="0")
    np.testing.assert_array_equal(result.pixels, phantom())
    assert result.verdict.decision == "refuse"
    assert any("slope is 0" in notice for notice in result.notices)


def test_endless_rescale_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SquidError, match="beyond all numbers"):
        radiograph(tmp_path, RescaleSlope="1e308", RescaleIntercept="1e308")


def test_windows_with_names_first_one_first(tmp_path: Path) -> None:
    result = radiograph(
        tmp_path,
        phantom(),
        WindowCenter=["2000", "600"],
        WindowWidth=["3000", "1000"],
        WindowCenterWidthExplanation=["NORMAL", "HARDER"],
    )
    assert [(w.center, w.width, w.name) for w in result.windows] == [(2000, 3000, "NORMAL"), (600, 1000, "HARDER")]
    assert result.window == result.windows[0]


@pytest.mark.parametrize("function", list(VoiFunction))
def test_window_function_is_kept(tmp_path: Path, function: VoiFunction) -> None:
    result = radiograph(tmp_path, phantom(), WindowCenter="2000", WindowWidth="3000", VOILUTFunction=function.value)
    assert result.window == Window(2000, 3000, function)


def test_without_window_the_range_less_a_thousandth_at_each_end(tmp_path: Path) -> None:
    pixels = np.arange(10000, dtype=np.uint16).reshape(100, 100)
    window = radiograph(tmp_path, pixels, 16).window
    low, high = np.percentile(pixels, (0.1, 99.9))
    assert ramp(window) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("center", "width"),
    [("100", "0"), ("100", "-5"), ("90000", "10"), ("-5000", "20"), ("2000", "9000000"), ("2000", "1"), ("2000", "3")],
)
def test_absurd_windows_fall_back_with_a_notice(tmp_path: Path, center: str, width: str) -> None:
    result = radiograph(tmp_path, phantom(), WindowCenter=center, WindowWidth=width)
    assert result.window.name == "Full range"
    assert any("window makes no sense" in notice for notice in result.notices)


def test_a_mask_keeps_the_window_that_cuts_it_in_two(tmp_path: Path) -> None:
    mask = (phantom() > 2000).astype(np.uint8)
    result = radiograph(tmp_path, mask, 8, WindowCenter="1", WindowWidth="1")
    np.testing.assert_array_equal(to_uint8(result.pixels, result.window), 255 * mask)


def test_the_good_one_of_two_windows_is_kept(tmp_path: Path) -> None:
    result = radiograph(tmp_path, phantom(), WindowCenter=["100", "2000"], WindowWidth=["0", "3000"])
    assert [window.center for window in result.windows] == [2000]
    assert any("left out" in notice for notice in result.notices)


CURVE = [0] * 1000 + [k * k // 16 for k in range(1001)] + [62500] * 2095  # bent from 1000 to 2000


def by_the_standard(dataset: Dataset, modality: Any) -> Any:
    """pydicom's apply_voi, brought to what a screen shows: 0..255, not rounded."""
    return apply_voi(modality, dataset) * (255 / (2 ** dataset.VOILUTSequence[0].LUTDescriptor[2] - 1))


def test_voi_table_is_applied_exactly_and_only_for_display(tmp_path: Path) -> None:
    ds = chest(phantom(), VOILUTSequence=Sequence([item(0, CURVE, name="CONTRAST")]))
    result = read(save(tmp_path, ds))
    assert result.window.name == "CONTRAST"
    np.testing.assert_array_equal(result.pixels, phantom())  # the detector never sees a window
    shown_now = to_uint8(result.pixels, result.window)
    assert np.abs(shown_now - by_the_standard(ds, phantom())).max() <= 0.51
    assert result.notices == ()
    assert result.verdict.decision == "analyse"


def test_voi_table_under_monochrome1_is_inverted_after_it(tmp_path: Path) -> None:
    table = Sequence([item(3, CURVE)])
    ds = chest(phantom(), VOILUTSequence=table, PhotometricInterpretation="MONOCHROME1")
    result = read(save(tmp_path, ds))
    expected = 255 - by_the_standard(ds, phantom())  # PS3.4 N.2: VOI first, then polarity
    assert np.abs(to_uint8(result.pixels, result.window) - expected).max() <= 0.51
    assert result.verdict.decision == "analyse"


def test_voi_table_on_negative_values_whatever_sign_its_start_is_written_with(tmp_path: Path) -> None:
    table = item(0, CURVE)
    table.LUTDescriptor = [len(CURVE), 65536 - 1500, 16]  # -1500, written unsigned: the common slip
    ds = chest(phantom(), RescaleSlope="1", RescaleIntercept="-1024", VOILUTSequence=Sequence([table]))
    result = read(save(tmp_path, ds))
    entries = np.clip(phantom().astype(int) - 1024 + 1500, 0, len(CURVE) - 1)
    assert np.abs(to_uint8(result.pixels, result.window) - np.array(CURVE)[entries] * 255 / 65535).max() <= 0.51


def test_voi_table_of_packed_bytes_and_of_fewer_bits_than_stated(tmp_path: Path) -> None:
    packed = item(0, [], bits=8)
    packed.LUTDescriptor, packed.LUTData = [256, 0, 8], bytes(range(255, -1, -1))
    eight = phantom(bits=8, dtype=np.uint8)
    result = read(save(tmp_path, chest(eight, 8, VOILUTSequence=Sequence([packed])), "packed"))
    np.testing.assert_array_equal(to_uint8(result.pixels, result.window), 255 - eight)
    twelve = item(0, list(range(4096)), bits=16)  # says 16 bits, holds 12: taken by the word it would be black
    result = read(save(tmp_path, chest(phantom(), VOILUTSequence=Sequence([twelve])), "twelve"))
    assert to_uint8(result.pixels, result.window).max() == 255


def test_a_falling_voi_table_is_shown_as_asked_and_asked_about(tmp_path: Path) -> None:
    result = radiograph(tmp_path, phantom(), VOILUTSequence=Sequence([item(0, list(range(65520, 0, -16)))]))
    shown_now = to_uint8(result.pixels, result.window)
    assert shown_now[5, 5] < shown_now[100, 100]  # the bright corner is dark
    assert result.verdict.decision == "ask"


def test_a_voi_table_that_shows_one_grey_falls_back_with_a_notice(tmp_path: Path) -> None:
    result = radiograph(tmp_path, phantom(), VOILUTSequence=Sequence([item(60000, list(range(0, 40000, 10)))]))
    assert result.window.name == "Full range"
    assert any("window makes no sense" in notice for notice in result.notices)


@pytest.mark.parametrize("function", list(VoiFunction))
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(("center", "width"), [(2047.5, 4096.0), (1800.0, 900.0), (900.0, 30.0)])
def test_windows_are_what_pydicom_makes_of_them(
    tmp_path: Path, function: VoiFunction, photometric: str, center: float, width: float
) -> None:
    ds = chest(phantom(), PhotometricInterpretation=photometric)
    ds.WindowCenter, ds.WindowWidth, ds.VOILUTFunction = center, width, function.value
    result = read(save(tmp_path, ds))
    with np.errstate(over="ignore"):
        expected = apply_windowing(phantom(), ds) * (255 / 4095)
    expected = 255 - expected if photometric == "MONOCHROME1" else expected
    assert np.abs(to_uint8(result.pixels, result.window) - expected).max() <= 0.51


def test_modality_tables_and_rescale_are_what_pydicom_makes_of_them(tmp_path: Path) -> None:
    values = np.arange(-300, 300, dtype=np.int16).reshape(20, 30)
    table = Sequence([item(-100, [int(40000 + 20000 * np.sin(k / 50)) for k in range(200)])])
    for name, ds in (
        ("table", chest(values, 16, ModalityLUTSequence=table)),
        ("rescale", chest(values, 16, RescaleSlope="1.5", RescaleIntercept="-7")),
    ):
        np.testing.assert_array_equal(read(save(tmp_path, ds, name)).pixels, apply_modality_lut(values, ds))


def test_public_files_with_tables_are_what_pydicom_makes_of_them(demo_folder: Path) -> None:
    voi, modality = (dcmread(demo_folder / name) for name in ("vlut_04.dcm", "mlut_18.dcm"))
    result = read(demo_folder / "vlut_04.dcm")
    expected = by_the_standard(voi, voi.pixel_array)
    assert np.abs(to_uint8(result.pixels, result.window) - expected).max() <= 0.51
    np.testing.assert_array_equal(
        read(demo_folder / "mlut_18.dcm").pixels, apply_modality_lut(modality.pixel_array, modality)
    )


def test_short_voi_table_is_left_out(tmp_path: Path) -> None:
    broken = item(0, [1, 2, 3])
    broken.LUTDescriptor = [65535, 0, 16]
    result = radiograph(tmp_path, phantom(), VOILUTSequence=Sequence([broken]))
    assert result.window.name == "Full range"
    assert result.notices


def test_padding_is_no_part_of_the_statistics(tmp_path: Path) -> None:
    pixels = phantom(bits=12) // 2 + 500
    pixels[:, :60] = 4000
    result = radiograph(tmp_path, pixels, PixelPaddingValue=4000)
    assert ramp(result.window)[1] < 3000
    assert result.pixels.max() == pixels[:, 60:].max()
    assert (result.pixels[:, :60] == pixels[:, 60:].min()).all()


def test_padding_range_and_its_wrong_vr(tmp_path: Path) -> None:
    values = np.array([[-2000, -1999], [3, 9]], np.int16)
    ds = chest(values, 16, PixelPaddingRangeLimit=-1990)
    ds["PixelPaddingRangeLimit"].VR = "SS"
    ds.add_new(0x00280120, "US", 65536 - 2000)  # PixelPaddingValue as unsigned: the common slip
    np.testing.assert_array_equal(read(save(tmp_path, ds)).pixels, [[3, 3], [3, 9]])


def test_flat_is_refused(tmp_path: Path) -> None:
    result = radiograph(tmp_path, np.full((200, 200), 77, np.uint16))
    assert result.verdict.decision == "refuse"
    assert "flat" in result.verdict.reason


def test_padding_range_of_unsigned_pixels_with_its_ends_the_other_way_round(tmp_path: Path) -> None:
    pixels = phantom(bits=12) // 2 + 500
    pixels[:40], pixels[40:60] = 4090, 4095
    result = radiograph(tmp_path, pixels, PixelPaddingValue=4095, PixelPaddingRangeLimit=4080)
    assert ramp(result.window)[1] < 3000
    assert (result.pixels[:60] == pixels[60:].min()).all()


def test_padding_of_monochrome1_is_black_too(tmp_path: Path) -> None:
    pixels = phantom(bits=12) // 2 + 500
    pixels[:, :60] = 0
    result = radiograph(tmp_path, pixels, PixelPaddingValue=0, PhotometricInterpretation="MONOCHROME1")
    assert (result.pixels[:, :60] == result.pixels.min()).all()
    assert result.pixels.min() == 4095 - pixels[:, 60:].max()


WINDOWS = st.builds(
    Window,
    st.floats(-5000, 70000),
    st.floats(2, 50000),
    st.sampled_from(VoiFunction),
)


@given(window=WINDOWS, pivot=st.floats(-1000, 66000), value=st.floats(-10000, 80000))
def test_a_turned_window_shows_the_inverse(window: Window, pivot: float, value: float) -> None:
    turned = window.turned(pivot)
    tolerance = 1e-6 + 1e-9 * (abs(pivot) + abs(value) + abs(window.center))
    assert shown(turned, pivot - value) == pytest.approx(1 - shown(window, value), abs=tolerance * 10)


@given(window=WINDOWS)
def test_edges_are_where_the_output_changes(window: Window) -> None:
    low, high = ramp(window)
    span = high - low
    assert shown(window, low - span) <= 0.02
    assert shown(window, high + span) >= 0.98
    assert 0.4 < shown(window, (low + high) / 2) < 0.6
