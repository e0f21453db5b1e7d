"""Small pictures lie as their image does, whatever its size, shape of pixels and polarity."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from squid_core.dicom.source import Source
from squid_core.dicom.thumbnail import small_picture
from tests.squid_core.dicom.phantoms import chest, phantom, save


@pytest.mark.parametrize(
    ("ds", "shape"),
    [
        (chest(), (80, 100)),
        (chest(4095 - phantom(), PhotometricInterpretation="MONOCHROME1"), (80, 100)),
    ],
)
def test_the_bright_corner_stays_where_it_is(tmp_path: Path, ds: Dataset, shape: tuple[int, int]) -> None:
    made = small_picture(Source(save(tmp_path, ds)), 100)
    assert made.pixels.shape == shape
    assert made.pixels[2:10, 2:10].min() > 240  # bright, top left
    assert made.pixels[60:75, -8:].max() < 10  # dark, at the right
    assert len(made.content.digest) == 64


def test_pixels_that_are_higher_than_wide_are_squared(tmp_path: Path) -> None:
    made = small_picture(Source(save(tmp_path, chest(ImagerPixelSpacing=["0.4", "0.2"]))), 160)
    assert made.pixels.shape == (160, 100)  # 160 rows of 0.4 mm, 200 columns of 0.2 mm
