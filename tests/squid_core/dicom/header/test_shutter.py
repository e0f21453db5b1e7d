"""A file's shutter is read shape by shape; what it hides is left out of the default window and of what is scored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from squid_core.contracts.affine import mapped
from squid_core.contracts.detection import ModelInput
from squid_core.contracts.graphics import Shutter
from squid_core.contracts.radiograph import Decision
from squid_core.dicom.errands import examine_in_child
from squid_core.dicom.header.shutter import HIDES_ALL, NO_SENSE, READS_WITHIN
from squid_core.dicom.reader import read
from squid_core.dicom.source import Source
from squid_core.graphics import hidden
from squid_core.preprocessing import Preprocessing
from tests.squid_core.dicom.header.test_overlays import SHAPE, graphic, plane
from tests.squid_core.dicom.phantoms import chest, phantom, save

RECTANGLE: dict[str, Any] = {
    "ShutterShape": "RECTANGULAR",
    "ShutterUpperHorizontalEdge": "11",
    "ShutterLeftVerticalEdge": "21",
    "ShutterLowerHorizontalEdge": "150",
    "ShutterRightVerticalEdge": "160",
}
CIRCLE: dict[str, Any] = {"CenterOfCircularShutter": [81, 91], "RadiusOfCircularShutter": "60"}
POLYGON: dict[str, Any] = {"VerticesOfThePolygonalShutter": [11, 11, 11, 181, 150, 101]}


def test_a_rectangle_is_seen_with_its_edges(tmp_path: Path) -> None:
    found = read(save(tmp_path, chest(**RECTANGLE)))
    assert found.shutter == Shutter(rectangle=(10, 20, 149, 159))
    seen = ~hidden(found.shutter, SHAPE)
    assert seen[10:150, 20:160].all()
    assert seen.sum() == 140 * 140
    assert found.notices == (READS_WITHIN,)


def test_all_shapes_at_once_leave_the_least(tmp_path: Path) -> None:
    shapes = ["RECTANGULAR", "CIRCULAR", "POLYGONAL"]
    found = read(save(tmp_path, chest(**(RECTANGLE | CIRCLE | POLYGON | {"ShutterShape": shapes}))))
    alone = [
        Shutter(rectangle=(10, 20, 149, 159)),
        Shutter(circle=(80, 90, 60)),
        Shutter(polygon=((10, 10), (10, 180), (149, 100))),
    ]
    assert found.shutter is not None
    covered = np.logical_or.reduce([hidden(one, SHAPE) for one in alone])
    np.testing.assert_array_equal(hidden(found.shutter, SHAPE), covered)


def test_an_overlay_that_is_the_shutter_is_not_drawn_too(tmp_path: Path) -> None:
    ds = plane(plane(chest(), graphic(), 0x6000), np.eye(*SHAPE, dtype=bool), 0x6002)
    ds.ShutterShape, ds.ShutterOverlayGroup, ds.ShutterPresentationValue = "BITMAP", 0x6002, 32768
    found = read(save(tmp_path, ds))
    assert found.shutter is not None
    assert found.shutter.grey == pytest.approx(0.5, abs=1e-4)
    np.testing.assert_array_equal(hidden(found.shutter, SHAPE), np.eye(*SHAPE, dtype=bool))
    assert [(one.top, one.left) for one in found.overlays] == [(10, 21)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ShutterRightVerticalEdge": None}, NO_SENSE),
        ({"ShutterShape": "HEXAGONAL"}, NO_SENSE),
        ({"ShutterShape": ["RECTANGULAR", "BITMAP"]}, NO_SENSE),
        ({"ShutterShape": "POLYGONAL", "VerticesOfThePolygonalShutter": [1, 1, 9, 9]}, NO_SENSE),
        ({"ShutterShape": "CIRCULAR", "CenterOfCircularShutter": [1, 1], "RadiusOfCircularShutter": "-4"}, NO_SENSE),
        ({"ShutterUpperHorizontalEdge": "400", "ShutterLowerHorizontalEdge": "500"}, HIDES_ALL),
        ({"ShutterRightVerticalEdge": "2000000000"}, NO_SENSE),
    ],
)
def test_a_shutter_that_cannot_be_applied_is_named(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    ds = chest(**RECTANGLE)
    for keyword, value in changes.items():
        if value is None:
            delattr(ds, keyword)
        else:
            setattr(ds, keyword, value)
    found = read(save(tmp_path, ds))
    assert (found.shutter, found.notices) == (None, (said,))
    assert found.verdict.decision is Decision.ANALYSE


def test_a_shutter_round_everything_is_none(tmp_path: Path) -> None:
    edges: dict[str, Any] = {"ShutterUpperHorizontalEdge": "1", "ShutterLeftVerticalEdge": "1"}
    more: dict[str, Any] = {"ShutterLowerHorizontalEdge": "160", "ShutterRightVerticalEdge": "200"}
    found = read(save(tmp_path, chest(**(RECTANGLE | edges | more))))
    assert (found.shutter, found.notices) == (None, ())


def test_swapped_edges_are_put_in_order(tmp_path: Path) -> None:
    swapped: dict[str, Any] = {"ShutterUpperHorizontalEdge": "150", "ShutterLowerHorizontalEdge": "11"}
    assert read(save(tmp_path, chest(**(RECTANGLE | swapped)))).shutter == Shutter(rectangle=(10, 20, 149, 159))


def test_what_is_hidden_does_not_stretch_the_default_window(tmp_path: Path) -> None:
    pixels = phantom(bits=12) // 4
    pixels[:, :20] = 4095  # a bright border outside of the shutter
    inside = read(save(tmp_path, chest(pixels[10:150, 20:160])))
    plain, found = read(save(tmp_path, chest(pixels))), read(save(tmp_path, chest(pixels, **RECTANGLE)))
    assert (found.window.center, found.window.width) == (inside.window.center, inside.window.width)
    assert plain.window.width > 2 * found.window.width


def test_a_shutter_over_all_but_an_even_spot_makes_no_flat_picture(tmp_path: Path) -> None:
    pixels = phantom(bits=12)
    pixels[60:70, 60:70] = 500
    edges: dict[str, Any] = {"ShutterUpperHorizontalEdge": "61", "ShutterLeftVerticalEdge": "61"}
    more: dict[str, Any] = {"ShutterLowerHorizontalEdge": "70", "ShutterRightVerticalEdge": "70"}
    found = read(save(tmp_path, chest(pixels, **(RECTANGLE | edges | more))))
    assert found.shutter is not None
    assert found.verdict.decision is Decision.ASK
    assert "flat" not in found.verdict.reason


def examined(path: Path, **how: Any) -> ModelInput:
    """What the detector would get."""
    return examine_in_child(Source(path), (Preprocessing(size=64, **how),)).inputs[0]


@pytest.mark.parametrize("collimated", [False, True])
def test_the_detector_reads_nothing_outside_of_what_a_shutter_leaves(tmp_path: Path, collimated: bool) -> None:
    pixels = phantom(bits=12)
    cut = examined(save(tmp_path, chest(pixels[10:150, 20:160]), "cut"), collimated=collimated)
    noisy = np.random.default_rng(3).integers(0, 4096, pixels.shape, np.uint16)
    noisy[10:150, 20:160] = pixels[10:150, 20:160]
    found = examined(save(tmp_path, chest(noisy, **RECTANGLE)), collimated=collimated)
    np.testing.assert_array_equal(found.image, cut.image)
    row, column = mapped(cut.geometry.matrix, 5.0, 9.0)
    assert mapped(found.geometry.matrix, 5.0, 9.0) == pytest.approx((row + 10, column + 20))
    assert found.geometry.original_shape == SHAPE


def test_a_shutter_that_hides_most_is_asked_about(tmp_path: Path) -> None:
    edges = {"ShutterLeftVerticalEdge": "61", "ShutterRightVerticalEdge": "120"}
    verdict = read(save(tmp_path, chest(**(RECTANGLE | edges)))).verdict
    assert verdict.decision is Decision.ASK
    assert "Its shutter hides most of it." in verdict.reason
