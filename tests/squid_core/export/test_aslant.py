"""What is exported of a registered image lies where the original has it, to a pixel of the original."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray

from squid_core.contracts.detection import Detection, Geometry
from squid_core.contracts.radiograph import Decision, Identity, Radiograph, Verdict, VoiFunction, Window
from squid_core.export.dicom.maps import image_to_original, patches_to_original
from squid_core.export.dicom.report import patch_outline
from squid_core.export.pictures import panes
from squid_core.export.pictures.page import PAPER, page
from squid_core.export.request import ExportKind, ShownAs
from squid_core.export.source import read_source
from squid_core.export.write import write_all
from squid_core.plots import pixels_of, under
from tests.squid_core.aslant import (
    GEOMETRY,
    MARKS,
    SHAPE,
    SIZE,
    aslant,
    in_model,
    marked,
    marked_model,
    marked_original,
    marks_in,
)
from tests.squid_core.dicom.phantoms import chest, save
from tests.squid_core.export.samples import FACTS, PERCENTILES, detection, request

WHOLE = Window(500, 1000, VoiFunction.LINEAR_EXACT)
BLANK = np.zeros((SIZE, SIZE), np.float32)
UNUSUAL = PERCENTILES >= 95


def found(*, marks: bool) -> Detection:
    made = aslant(detection())
    return made if marks else replace(made, input_image=BLANK, reconstruction=BLANK, difference=BLANK)


def assert_marked(drawn: NDArray[np.uint8], blank: NDArray[np.uint8], places: Iterator[tuple[float, float]]) -> None:
    """Of the two pictures only the marks are different, at (row, column)."""
    changed = np.abs(drawn.astype(float) - blank.astype(float)).mean(axis=2)
    expected = list(places)
    scale = (expected[2][0] - expected[0][0]) / (MARKS[2][0] - MARKS[0][0])  # its pixels in one of the original
    np.testing.assert_allclose(marks_in(changed, 0.4 * changed.max()), expected, atol=scale)


def test_a_finer_normal_image_lies_where_the_reconstruction_would() -> None:
    original = Radiograph(np.zeros(SHAPE, np.float32), WHOLE, Identity("1.2"), Verdict(Decision.ANALYSE))
    finer = marked((2 * SIZE, 2 * SIZE), [(2 * r + 0.5, 2 * c + 0.5) for r, c in (in_model(*m) for m in MARKS)], 4.0)
    own, painted, none = (
        panes.draw(original, ShownAs(WHOLE), result, FACTS, picture)
        for result, picture in (
            (replace(found(marks=False), reconstruction=marked_model()), None),
            (found(marks=False), finer),
            (found(marks=False), None),
        )
    )
    top, left = round(panes.DPI * (panes.HEAD + 0.4)), round(panes.DPI * (2 * panes.GAP + panes.PANE))
    pane = np.s_[top : top + round(panes.DPI * panes.PANE), left : left + round(panes.DPI * panes.PANE)]
    grey = [np.abs(one[pane].astype(float) - none[pane].astype(float)).mean(axis=2) for one in (own, painted)]
    expected, marks = (marks_in(one, 0.4 * one.max()) for one in grey)
    assert len(expected) == len(MARKS)
    np.testing.assert_allclose(marks, expected, atol=0.5)
    below = np.s_[top + round(panes.DPI * (panes.PANE + panes.CAPTION)) :]
    assert np.array_equal(painted[below], none[below]), "difference and patches are the score's"


def test_the_picture_of_the_panes_has_the_marks_in_all_four() -> None:
    drawn, blank = (
        panes.draw(
            Radiograph(1000 * pixels, WHOLE, Identity("1.2"), Verdict(Decision.ANALYSE)),
            ShownAs(WHOLE),
            found(marks=marks),
            FACTS,
        )
        for pixels, marks in ((marked_original(), True), (np.zeros(SHAPE, np.float32), False))
    )
    side, inch = round(panes.PANE * panes.DPI), panes.DPI
    scale = side / SHAPE[0]
    beside = (side - scale * SHAPE[1]) / 2  # the picture stands in the middle of its square
    for number in range(4):
        row, column = divmod(number, 2)
        top = round(inch * (panes.HEAD + 0.4 + row * (panes.PANE + panes.CAPTION)))
        left = round(inch * (panes.GAP + column * (panes.PANE + panes.GAP)))
        pane = np.s_[top : top + side, left : left + side]
        places = ((scale * (down + 0.5) - 0.5, beside + scale * (across + 0.5) - 0.5) for down, across in MARKS)
        assert_marked(drawn[pane], blank[pane], places)


def test_the_page_has_the_marks_in_its_pictures_and_in_the_map_over_the_original(tmp_path: Path) -> None:
    path = save(tmp_path, chest(np.zeros(SHAPE, np.uint16)))
    pictures = []
    for marks in (True, False):
        made = request(path, tmp_path, ExportKind.PDF, detection=found(marks=marks), shown=ShownAs(WHOLE))
        with under(PAPER):
            figure = page(made, read_source(made))
            figure.set_dpi(200)
            pictures.append(pixels_of(figure))
    height = pictures[0].shape[0]
    for axes in figure.axes:
        box = axes.get_window_extent()
        top, left = round(height - box.y1), round(box.x0)
        area = np.s_[top : round(height - box.y0), left : round(box.x1)]
        at = [axes.transData.transform((across, down)) for down, across in MARKS]
        assert_marked(pictures[0][area], pictures[1][area], ((height - y - 0.5 - top, x - 0.5 - left) for x, y in at))
    assert len(figure.axes) == 4


def test_maps_have_the_marks_and_nothing_where_the_model_saw_nothing() -> None:
    spread = image_to_original(marked_model(), GEOMETRY)
    assert spread.shape == SHAPE
    np.testing.assert_allclose(marks_in(spread, 0.3), MARKS, atol=0.3)
    everywhere = image_to_original(BLANK + 1, GEOMETRY)
    patches = patches_to_original(UNUSUAL, GEOMETRY)
    for row in range(0, SHAPE[0], 7):
        for column in range(0, SHAPE[1], 5):
            down, across = in_model(row, column)
            seen = -0.5 <= down <= SIZE - 0.5 and -0.5 <= across <= SIZE - 0.5
            assert everywhere[row, column] == seen
            assert patches[row, column] == (seen and UNUSUAL[int((down + 0.5) // 32), int((across + 0.5) // 32)])


def test_the_segmentation_and_the_report_are_in_the_pixels_of_the_original(tmp_path: Path) -> None:
    path = save(tmp_path, chest(np.full(SHAPE, 100, np.uint16)))
    kinds = (ExportKind.SEGMENTATION, ExportKind.STRUCTURED_REPORT)
    segmentation, report = write_all(request(path, tmp_path / "out", *kinds, detection=found(marks=True))).paths
    patches, brighter, darker = pydicom.dcmread(segmentation).pixel_array.astype(bool)
    np.testing.assert_allclose(marks_in(brighter.astype(float), 0.5), MARKS, atol=1.0)
    assert not darker.any()
    assert (patches == patches_to_original(UNUSUAL, GEOMETRY)).all()
    drawn = [item.value for item in pydicom.dcmread(report).iterall() if item.keyword == "GraphicData"]
    outlines = [np.reshape(values, (-1, 2)) for values in drawn]
    # The second most abnormal is in row 3, column 2: edges 63.5, 95.5 and 31.5, 63.5 of the model.
    matrix = np.array(GEOMETRY.matrix)
    corners = np.array([(63.5, 31.5, 1), (63.5, 63.5, 1), (95.5, 63.5, 1), (95.5, 31.5, 1), (63.5, 31.5, 1)])
    np.testing.assert_allclose(outlines[1], (corners @ matrix.T)[:, ::-1] + 0.5, atol=1e-3)
    for outline in outlines:
        assert (outline >= 0).all()
        assert (outline <= SHAPE[::-1]).all()
        assert (outline[0] == outline[-1]).all()


def test_a_patch_that_lies_partly_beside_the_original_is_cut_off_at_its_edge() -> None:
    outline = patch_outline(found(marks=True), 3)
    assert outline[:, 1].min() == 0
    centre = outline[:-1].mean(axis=0)
    down, across = in_model(centre[1] - 0.5, centre[0] - 0.5)
    assert (int(down // 32), int(across // 32)) == (0, 3)


def test_a_patch_beside_the_original_is_not_drawn() -> None:
    far = Geometry.upright(SHAPE, (SIZE, SIZE), (0.0, 300.0), (4.0, 3.0))
    assert patch_outline(replace(found(marks=True), geometry=far), 3).shape == (0, 2)
