"""Zoom, place and resampling by numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.domain.greys.window_presets import PRESETS, next_file_window, preset_window
from app.ui.keys.window_presets import window_words
from app.ui.panes.image_pane import Place
from app.ui.panes.original_pane import orientation_marks, scale_words
from app.ui.panes.picture_source import Crop, resample, visible_crop
from app.ui.panes.view_link import FIT_MARGIN, ViewLink, ViewRect
from app.ui.panes.viewport_image import ViewportImage
from app.ui.words.score_words import change_words
from app.ui.words.words import age_words, grey_number, percentile_short, percentile_words
from squid_core.contracts.affine import IDENTITY
from squid_core.contracts.radiograph import PixelArray, Radiograph, Spacing, SpacingSource, Window
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.synthetic import middle_of

FULL = (-0.5, -0.5, 100.0, 80.0)


def test_the_view_stays_where_only_the_words_of_a_file_are_read_anew(room: Room) -> None:
    image = synthetic.radiograph()
    room.open(image)
    link = room.window.panes.link
    link.zoom_about(100.0, 100.0, 3.0)
    before = link.state
    room.holder.update(radiograph=replace(image, identity=synthetic.identity(0, patient_name="Møller, Søren")))
    assert link.state == before
    room.holder.update(radiograph=synthetic.radiograph())
    assert link.magnification == 1.0, "another image is seen whole"


def test_fit_shows_the_whole_image_in_the_middle() -> None:
    link = ViewLink()
    link.set_image((100, 80))
    view = link.rect(400, 200)
    assert view.zoom == pytest.approx(2.0 * FIT_MARGIN)
    assert view.to_viewport(49.5, 39.5) == pytest.approx((200, 100))
    assert view.top < -0.5
    assert view.top + view.height > 99.5


@given(
    row=st.floats(0, 99),
    column=st.floats(0, 79),
    factor=st.floats(0.5, 8),
    width=st.integers(50, 900),
    height=st.integers(50, 900),
)
def test_zooming_about_a_point_leaves_it_where_it_is(
    row: float, column: float, factor: float, width: int, height: int
) -> None:
    link = ViewLink()
    link.set_image((100, 80))
    before = link.rect(width, height).to_viewport(row, column)
    link.zoom_about(row, column, factor)
    centre = link.centre
    if 0 < centre[0] < 99 and 0 < centre[1] < 79:  # else the centre is held within the image
        assert link.rect(width, height).to_viewport(row, column) == pytest.approx(before, abs=1e-3)


def test_only_what_is_on_the_screen_is_resampled() -> None:
    view = ViewRect(top=20, left=10, height=30, width=40, zoom=4.0)
    crop = visible_crop((100, 80), FULL, view, ratio=1.0)
    assert crop == Crop((18, 53), (8, 53), 140, 180)
    assert visible_crop((100, 80), FULL, ViewRect(200, 0, 10, 10, 1.0), 1.0) is None


def test_pixels_twice_as_high_as_wide_are_drawn_so() -> None:
    link = ViewLink()
    link.set_image((100, 80), aspect=2.0)
    view = link.rect(400, 200)
    assert view.zoom == pytest.approx(FIT_MARGIN)  # 200 screen pixels for 100 rows of height 2
    assert view.to_viewport(49.5, 39.5) == pytest.approx((200, 100))
    (x0, y0), (x1, y1) = view.to_viewport(0, 0), view.to_viewport(10, 10)
    assert y1 - y0 == pytest.approx(2 * (x1 - x0))
    assert view.to_original(*view.to_viewport(7.25, 61.5)) == pytest.approx((7.25, 61.5))
    crop = visible_crop((100, 80), FULL, view, ratio=1.0)
    assert crop is not None
    assert crop.height == pytest.approx(2 * crop.width * 100 / 80, abs=1)
    link.zoom_about(30, 20, 3.0)
    after = link.rect(400, 200)
    assert after.to_viewport(30, 20) == pytest.approx(view.to_viewport(30, 20))


def test_a_file_with_several_windows_walks_through_them_by_name() -> None:
    windows = (Window(2000, 3000, name="NORMAL"), Window(600, 1000, name="HARDER"), Window(900, 800))
    image = synthetic.radiograph(window=windows[0], windows=windows)
    assert next_file_window(image, windows[0]) == windows[1]
    assert next_file_window(image, windows[2]) == windows[0]
    assert next_file_window(image, Window(1, 2)) == windows[0]
    assert [window_words(image, window) for window in windows] == [
        "NORMAL (1 of 3)",
        "HARDER (2 of 3)",
        "Window (3 of 3)",
    ]
    assert window_words(image, Window(1, 2, name="Lung")) == "Lung"


def test_presets_leave_out_padding() -> None:
    anatomy = np.linspace(1000, 3000, 120 * 100).reshape(120, 100).astype(np.float32)
    padded = np.full((120, 200), 1000, np.float32)
    padded[:, :100] = anatomy
    for preset in PRESETS[2:6]:
        alone, beside = (preset_window(synthetic.radiograph(pixels), preset) for pixels in (anatomy, padded))
        assert beside.center == pytest.approx(alone.center, abs=4)
        assert beside.width == pytest.approx(alone.width, abs=8)


def test_shrinking_takes_the_mean_and_keeps_the_type() -> None:
    pixels = np.arange(64, dtype=np.uint16).reshape(8, 8)
    small = resample(pixels, Crop((0, 8), (0, 8), 4, 4))
    assert small.dtype == np.uint16
    by_hand = pixels.reshape(4, 2, 4, 2).mean(axis=(1, 3))
    assert np.abs(small.astype(float) - by_hand).max() <= 0.5


def test_enlarging_invents_no_values() -> None:
    pixels = np.random.default_rng(0).uniform(0.2, 0.7, (9, 7)).astype(np.float32)
    large = resample(pixels, Crop((0, 9), (0, 7), 90, 70))
    assert large.shape == (90, 70)
    assert pixels.min() <= large.min() <= large.max() <= pixels.max()


def test_patches_cover_the_image_row_by_row() -> None:
    found = synthetic.detection(synthetic.radiograph())
    assert found.patch_outline(0)[0] == pytest.approx((-0.5, -0.5))
    assert found.patch_outline(15)[2] == pytest.approx((599.5, 499.5))
    for patch in range(16):
        assert found.patch_at(*middle_of(found, patch)) == patch
    assert found.patch_at(10, 490) == 3  # top right: first row, last column
    assert found.patch_at(590, 10) == 12  # bottom left
    assert found.patch_at(-2, 10) is None


@pytest.mark.parametrize(
    ("orientation", "marks"),
    [
        (("L", "F"), {Place.RIGHT: "L", Place.LEFT: "R", Place.BOTTOM: "F", Place.TOP: "H"}),
        (("P", "FL"), {Place.RIGHT: "P", Place.LEFT: "A", Place.BOTTOM: "FL", Place.TOP: "HR"}),
        (("", "F"), {Place.BOTTOM: "F", Place.TOP: "H"}),
        ((), {}),
        (("L",), {}),
        (("<b>", "F"), {Place.BOTTOM: "F", Place.TOP: "H"}),
    ],
)
def test_orientation_comes_from_the_file_alone(orientation: tuple[str, ...], marks: dict[Place, str]) -> None:
    assert orientation_marks(orientation) == marks


def test_millimetres_only_when_the_file_has_them() -> None:
    assert scale_words(None) == "pixels only\nno true scale"
    assert scale_words(Spacing(0.143, 0.143, SpacingSource.DETECTOR)) == "0.143 mm/px\nat detector"
    assert scale_words(Spacing(0.2, 0.1, SpacingSource.CALIBRATED)) == "0.2 × 0.1 mm/px\ncalibrated"
    assert scale_words(Spacing(0.1, 0.1, SpacingSource.MAGNIFIED, 1.5)) == "0.1 mm/px\nmagnified by 1.5"


def test_grey_values_are_said_in_plain_digits() -> None:
    assert [grey_number(value) for value in (30000.0, 17774.4, 100.0, 99.55, 0.1234567, -1024.0)] == [
        "30000", "17774", "100", "99.55", "0.1235", "−1024",
    ]  # fmt: skip


def test_a_change_of_nothing_has_no_sign() -> None:
    assert [change_words(change) for change in (-0.004, 0.0, 0.04, -0.1)] == [
        "no change",
        "no change",
        "+0.04",
        "−0.10",
    ]


def test_presets_take_shares_of_the_values() -> None:
    pixels = np.linspace(0, 4000, 400 * 300, dtype=np.float32).reshape(400, 300)
    image: Radiograph = synthetic.radiograph(pixels)
    windows = {preset.key: preset_window(image, preset) for preset in PRESETS}
    assert sorted(windows) == [0, 1, 2, 3, 4, 5, 6]
    assert windows[1] is image.window
    assert (windows[6].center, windows[6].width) == (2000, 4000)
    low, high = windows[2].center - windows[2].width / 2, windows[2].center + windows[2].width / 2
    assert (low, high) == pytest.approx((40, 3000), abs=20)
    assert windows[4].center > windows[2].center  # bone is denser than lung


def test_numbers_are_said_without_flattery() -> None:
    assert [percentile_short(value) for value in (0.4, 1.9, 22.9, 93.2, 99.96, 100)] == [
        "0th", "1st", "22nd", "93rd", "99th", "100th",
    ]  # fmt: skip
    assert percentile_words(0.4) == "below the 1st percentile of held-out normals"
    assert percentile_words(100) == "above all held-out normals"
    assert percentile_words(11) == "11th percentile of held-out normals"
    assert [age_words(years) for years in (None, 0.0, 0.09, 1.5, 2.0, 54.9)] == [
        "", "0 months", "1 month", "18 months", "2 y", "54 y",
    ]  # fmt: skip


def test_zoomed_far_out_a_large_image_looks_the_same() -> None:
    rng = np.random.default_rng(1)
    coarse = np.kron(rng.uniform(0, 60000, (12, 10)), np.ones((128, 128))).astype(np.uint16)
    link = ViewLink()
    link.set_image((coarse.shape[0], coarse.shape[1]))
    image, extent = ViewportImage(), (-0.5, -0.5, float(coarse.shape[0]), float(coarse.shape[1]))
    seen: list[PixelArray] = []

    def display(values: PixelArray) -> NDArray[np.uint8]:
        seen.append(values)
        return (values >> 8).astype(np.uint8)

    image.set_source(coarse, IDENTITY, display)
    view = link.rect(300, 300)
    image.refresh(view, 1.0)
    crop = visible_crop((coarse.shape[0], coarse.shape[1]), extent, view, 1.0)
    assert crop is not None
    direct = resample(coarse, crop)
    assert seen[0].shape == direct.shape
    assert np.abs(seen[0].astype(float) - direct.astype(float)).mean() < 0.01 * 60000
