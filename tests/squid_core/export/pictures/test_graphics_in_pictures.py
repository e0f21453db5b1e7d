"""A file's overlays and shutter are exported where they are shown; overlays never without the patient."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text
from numpy.typing import NDArray
from PIL import Image
from pydicom import dcmread

from squid_core.export.pictures.page import page
from squid_core.export.pictures.panes import ORIGINAL_SIDE
from squid_core.export.request import ExportKind, ShownAs
from squid_core.export.source import OVERLAYS_LEFT_OUT, read_source
from squid_core.export.write import write_all
from squid_core.graphics import COLOUR
from tests.squid_core.dicom.header.test_overlays import plane
from tests.squid_core.dicom.header.test_shutter import RECTANGLE
from tests.squid_core.dicom.phantoms import chest, phantom, save
from tests.squid_core.export.samples import request

DRAWN, UNDER, SEEN = (30, 80), (80, 190), (130, 60)  # (row, column): in the overlay, outside of the shutter, neither
BLACK = (0, 0, 0)


def film(folder: Path, **attributes: Any) -> Path:
    drawn = np.zeros((160, 200), np.bool_)
    drawn[20:41, 70:91] = True
    ds = plane(chest(phantom(bits=12), BurnedInAnnotation="NO", **RECTANGLE), drawn)
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return save(folder, ds)


def original(path: Path, folder: Path, **how: Any) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """The picture alone, (160, 200, 3), and what was said of it."""
    made = request(path, folder / "out", ExportKind.PNG, detection=None, weights=None, **how)
    exported = write_all(made)
    picture = np.asarray(Image.open(io.BytesIO(exported.paths[0].read_bytes())))
    return picture[-160:, :200], exported.notices


def test_they_are_burned_in_where_they_are_shown(tmp_path: Path) -> None:
    path = film(tmp_path)
    shown, notices = original(path, tmp_path)
    bare, _ = original(path, tmp_path, shown=ShownAs(graphics=False))
    assert [tuple(shown[place]) for place in (DRAWN, UNDER)] == [COLOUR, BLACK]
    assert tuple(shown[SEEN]) == tuple(bare[SEEN])
    assert tuple(bare[DRAWN]) != COLOUR
    assert len({*bare[DRAWN].tolist()}) == 1
    assert notices == ()


@pytest.mark.parametrize("how", [{"mask_names": True}, {"deidentify": True}])
def test_without_its_patient_a_picture_has_no_overlays_and_that_is_said(tmp_path: Path, how: dict[str, bool]) -> None:
    path = film(tmp_path)
    found, notices = original(path, tmp_path, **how)
    assert tuple(found[DRAWN]) != COLOUR
    assert tuple(found[UNDER]) == BLACK
    assert OVERLAYS_LEFT_OUT in notices


def test_a_thin_line_is_still_seen_in_a_picture_made_smaller(tmp_path: Path) -> None:
    side = 3 * ORIGINAL_SIDE
    drawn = np.zeros((side, side), np.bool_)
    drawn[1800] = True
    ds = plane(chest(np.zeros((side, side), np.uint8), 8), drawn)
    picture = np.asarray(
        Image.open(
            write_all(
                request(save(tmp_path, ds), tmp_path / "out", ExportKind.PNG, detection=None, weights=None)
            ).paths[0]
        )
    )
    assert picture[-ORIGINAL_SIDE:][600, 5].max() > 120  # a third of a pixel


def test_page_and_capture_say_so_and_the_capture_no_longer_swears_that_it_shows_no_name(tmp_path: Path) -> None:
    path = film(tmp_path)
    for graphics, words, burned in ((True, "with", ""), (False, "without", "NO")):
        made = request(
            path, tmp_path / "out", ExportKind.PDF, ExportKind.SECONDARY_CAPTURE, shown=ShownAs(graphics=graphics)
        )
        said = "\n".join(text.get_text() for text in page(made, read_source(made)).findobj(Text))
        assert f", {words} the file's overlays and shutter" in said
        capture = dcmread(next(one for one in write_all(made).paths if one.suffix == ".dcm"))
        assert capture.get("BurnedInAnnotation", "") == burned
        assert not [group for group in range(0x6000, 0x6020, 2) if capture.group_dataset(group)]
        yellow = np.abs(capture.pixel_array.astype(int) - np.array(COLOUR)).max(axis=2) < 8
        assert bool(yellow.sum() > 500) is graphics
