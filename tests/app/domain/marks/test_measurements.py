"""Figures against values worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest

from app.domain.marks.measurements import (
    MAX_TEXT,
    Angle,
    Arrow,
    CardiothoracicRatio,
    KnownLength,
    Length,
    Note,
    Quantity,
    Roi,
    RoiShape,
    Scale,
    Unit,
    angle_degrees,
    cardiothoracic_ratio,
    clean_text,
    contradicts,
    distance,
    in_order,
    roi_area,
    scale_of,
    spacing_by,
    usual_heart,
)
from app.domain.marks.roi_statistics import roi_statistics
from squid_core.contracts.radiograph import (
    Decision,
    Identity,
    PixelArray,
    Radiograph,
    Spacing,
    SpacingSource,
    Verdict,
    Window,
)
from squid_core.dicom.reader import read

SQUARE, UNEQUAL = Scale(), Scale(0.5, 0.2, Unit.MILLIMETRES)  # a row is 0.5 mm high, a column 0.2 mm wide


def radiograph(pixels: PixelArray, pivot: float | None = None) -> Radiograph:
    return Radiograph(
        pixels,
        Window(500, 1000),
        Identity("1.2"),
        Verdict(Decision.ANALYSE),
        polarity_inverted=pivot is not None,
        pivot=pivot,
    )


def test_a_length_without_spacing_is_in_pixels() -> None:
    assert distance((10, 20), (13, 24), SQUARE) == Quantity(5.0, Unit.PIXELS)


def test_the_scale_is_that_of_the_file() -> None:
    pixels = np.zeros((4, 4), np.uint16)
    plain = radiograph(pixels)
    assert scale_of(plain) == SQUARE
    assert scale_of(replace(plain, spacing=Spacing(0.5, 0.2, SpacingSource.DETECTOR), aspect=2.5)) == UNEQUAL
    high = scale_of(replace(plain, aspect=2.0))  # no millimetres, but pixels twice as high as wide
    assert distance((0, 0), (3, 8), high) == Quantity(10.0, Unit.PIXELS)
    assert roi_area(Roi(((0, 0), (3, 8)), RoiShape.RECTANGLE), high) == Quantity(24.0, Unit.PIXELS)


def test_a_known_length_gives_a_scale_whatever_the_shape_of_the_pixels() -> None:
    plain = replace(radiograph(np.zeros((4, 4), np.uint16)), aspect=2.0)
    known = KnownLength(((0, 0), (3, 8)), 50.0)  # 3 rows twice as high as wide, and 8 columns: 10 widths of a pixel
    assert spacing_by(known, 2.0) == Spacing(10.0, 5.0, SpacingSource.READER)
    assert distance((0, 0), (0, 8), scale_of(plain, (known,))) == Quantity(40.0, Unit.MILLIMETRES)
    assert distance((0, 0), (4, 0), scale_of(plain, (known,))) == Quantity(40.0, Unit.MILLIMETRES)


def test_a_line_that_gives_no_pixel_of_a_radiograph_gives_no_scale() -> None:
    assert spacing_by(KnownLength(((5, 5), (5, 5)), 50.0), 1.0) is None
    assert spacing_by(KnownLength(((5, 5), (5, 6)), 150.0), 1.0) is None


@pytest.mark.parametrize(("column", "differs"), [(0.2, False), (0.203, False), (0.21, True), (0.19, True)])
def test_what_contradicts_the_file_is_more_than_a_shaking_hand(column: float, differs: bool) -> None:
    stated = Spacing(0.2, 0.2, SpacingSource.DETECTOR)
    assert contradicts(Spacing(column, column, SpacingSource.READER), stated) is differs
    assert not contradicts(Spacing(column, column, SpacingSource.READER), None)


def test_a_length_counts_rows_and_columns_with_their_own_spacing() -> None:
    found = distance((10, 20), (16, 40), UNEQUAL)  # 6 rows of 0.5 and 20 columns of 0.2: 3 and 4 mm
    assert found.unit is Unit.MILLIMETRES
    assert found.value == pytest.approx(5.0)
    assert distance((0, 0), (10, 0), UNEQUAL).value == pytest.approx(5.0)
    assert distance((0, 0), (0, 10), UNEQUAL).value == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("other", "degrees"), [((0, 10), 0), ((10, 10), 45), ((10, 0), 90), ((10, -10), 135), ((0, -9), 180)]
)
def test_an_angle_lies_between_its_arms(other: tuple[float, float], degrees: float) -> None:
    vertex = (50.0, 60.0)
    mark = Angle(((50.0, 70.0), vertex, (vertex[0] + other[0], vertex[1] + other[1])))
    assert angle_degrees(mark, SQUARE) == pytest.approx(degrees, abs=1e-9)
    assert angle_degrees(Angle(mark.points[::-1]), SQUARE) == pytest.approx(degrees, abs=1e-9)


def test_an_angle_is_the_patients_where_rows_and_columns_differ() -> None:
    mark = Angle(((0, 10), (0, 0), (10, 10)))  # 45 degrees on the screen; 5 mm down and 2 mm across in the patient
    assert angle_degrees(mark, UNEQUAL) == pytest.approx(math.degrees(math.atan(5 / 2)))


def test_an_arm_without_length_makes_no_angle() -> None:
    assert angle_degrees(Angle(((5, 5), (5, 5), (9, 9))), SQUARE) == 0


def test_the_ratio_is_heart_by_thorax() -> None:
    mark = CardiothoracicRatio(((50, 40), (50, 82), (70, 10), (70, 110)))
    assert cardiothoracic_ratio(mark, SQUARE) == pytest.approx(0.42)
    assert cardiothoracic_ratio(mark, UNEQUAL) == pytest.approx(0.42)  # both lie along a row
    steep = CardiothoracicRatio(((50, 40), (80, 40), (70, 10), (70, 160)))  # 30 rows by 150 columns
    assert cardiothoracic_ratio(steep, SQUARE) == pytest.approx(0.2)
    assert cardiothoracic_ratio(steep, UNEQUAL) == pytest.approx(15 / 30)


def test_a_thorax_without_width_has_no_ratio() -> None:
    mark = CardiothoracicRatio(((50, 40), (50, 82), (70, 10), (70, 10)))
    assert cardiothoracic_ratio(mark, SQUARE) is None
    assert usual_heart(mark, SQUARE) is None


def test_the_shorter_line_is_the_heart_whichever_came_first() -> None:
    right = CardiothoracicRatio(((50, 40), (50, 82), (70, 10), (70, 110)))
    swapped = CardiothoracicRatio((*right.thorax, *right.heart))
    assert in_order(right, SQUARE) == right
    assert in_order(swapped, SQUARE) == right


def test_the_usual_heart_has_half_the_thorax_about_the_same_middle() -> None:
    mark = CardiothoracicRatio(((50, 40), (50, 80), (70, 10), (70, 110)))
    assert usual_heart(mark, SQUARE) == ((50.0, 35.0), (50.0, 85.0))
    ends = usual_heart(mark, UNEQUAL)
    assert ends is not None
    assert cardiothoracic_ratio(CardiothoracicRatio((*ends, *mark.thorax)), UNEQUAL) == pytest.approx(0.5)


def test_an_area_is_that_of_the_outline() -> None:
    box = ((10.0, 20.0), (20.0, 40.0))
    assert roi_area(Roi(box, RoiShape.RECTANGLE), SQUARE) == Quantity(200.0, Unit.PIXELS)
    assert roi_area(Roi(box, RoiShape.ELLIPSE), SQUARE).value == pytest.approx(math.pi * 5 * 10)
    in_mm = roi_area(Roi(box, RoiShape.RECTANGLE), UNEQUAL)
    assert in_mm.unit is Unit.MILLIMETRES
    assert in_mm.value == pytest.approx(5 * 4)


def test_a_rectangle_counts_the_pixels_whose_centres_lie_inside() -> None:
    pixels = np.arange(60, dtype=np.uint16).reshape(6, 10)
    found = roi_statistics(Roi(((3.4, 6.6), (0.6, 4.5)), RoiShape.RECTANGLE), radiograph(pixels))
    inside = pixels[1:4, 5:7].astype(float)
    assert found is not None
    assert (found.count, found.least, found.greatest) == (6, inside.min(), inside.max())
    assert (found.mean, found.sd) == pytest.approx((inside.mean(), inside.std()))


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_an_ellipse_counts_as_its_equation_says(dtype: type) -> None:
    pixels: PixelArray = (np.random.default_rng(2).random((40, 50)) * 4000).astype(dtype)
    roi = Roi(((3.2, 30.7), (25.9, 8.1)), RoiShape.ELLIPSE)
    rows, columns = np.mgrid[0:40, 0:50]
    middle, half = ((3.2 + 25.9) / 2, (30.7 + 8.1) / 2), ((25.9 - 3.2) / 2, (30.7 - 8.1) / 2)
    inside = ((rows - middle[0]) / half[0]) ** 2 + ((columns - middle[1]) / half[1]) ** 2 <= 1
    values = pixels[inside].astype(np.float64)
    found = roi_statistics(roi, radiograph(pixels))
    assert found is not None
    assert (found.count, found.least, found.greatest) == (values.size, values.min(), values.max())
    assert (found.mean, found.sd) == pytest.approx((values.mean(), values.std()))


def test_a_region_over_the_edge_counts_what_is_on_the_image() -> None:
    pixels = np.arange(12, dtype=np.uint16).reshape(3, 4)
    found = roi_statistics(Roi(((-5, -5), (0.5, 99)), RoiShape.RECTANGLE), radiograph(pixels))
    assert found is not None
    assert (found.count, found.greatest) == (4, 3)
    assert roi_statistics(Roi(((1.2, 1.2), (1.4, 1.4)), RoiShape.RECTANGLE), radiograph(pixels)) is None
    assert roi_statistics(Roi(((1.2, 1.2), (1.4, 1.4)), RoiShape.ELLIPSE), radiograph(pixels)) is None


def test_values_of_a_monochrome1_file_are_those_of_the_file() -> None:
    stored = np.array([[100, 200], [300, 4000]], np.uint16)
    image = radiograph((4095 - stored).astype(np.uint16), pivot=4095.0)
    found = roi_statistics(Roi(((-0.5, -0.5), (1.5, 1.5)), RoiShape.RECTANGLE), image)
    assert found is not None
    assert (found.least, found.greatest) == (100, 4000)
    assert (found.mean, found.sd) == pytest.approx((stored.mean(), stored.std()))


def test_a_region_of_the_public_chest_has_the_values_that_pydicom_reads(demo_folder: Path) -> None:
    file = demo_folder / "RG1_UNCR.dcm"  # MONOCHROME1, 15 bits
    stored = pydicom.dcmread(file).pixel_array[500:700, 300:450].astype(np.float64)
    found = roi_statistics(Roi(((499.5, 299.5), (699.5, 449.5)), RoiShape.RECTANGLE), read(file))
    assert found is not None
    assert (found.count, found.least, found.greatest) == (stored.size, stored.min(), stored.max())
    assert (found.mean, found.sd) == pytest.approx((stored.mean(), stored.std()))


def test_colours_are_no_modality_values() -> None:
    image = radiograph(np.zeros((5, 5, 3), np.uint8))
    assert roi_statistics(Roi(((0, 0), (4, 4))), image) is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: Length(((1, 2),)),
        lambda: Angle(((1, 2), (3, 4))),
        lambda: Roi(((1, 2), (math.nan, 4))),
        lambda: Note(((1, 2),)),
        lambda: Note(((1, 2),), " untidy  text"),
        lambda: Arrow(((1, 2), (3, 4)), "x" * (MAX_TEXT + 1)),
        lambda: Note(((1, 2),), "two\nlines"),
    ],
)
def test_a_mark_is_checked_when_it_is_made(make: object) -> None:
    with pytest.raises(ValueError, match=r"has|finite|says|clean"):
        make()  # type: ignore[operator]


def test_text_becomes_one_clean_line() -> None:
    assert clean_text("  a\n\tsmall \x00\u202e nodule ") == "a small nodule"
    assert clean_text("肺 結節") == "肺 結節"
    assert len(clean_text("y" * 999)) == MAX_TEXT
