"""Pictures as DICOM and back: what may change lands on the same input, and the table says what moved."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from pydicom import dcmread

from squid_core.contracts.errors import SquidError
from squid_core.datasets.full_resolution import Picture, as_inputs, load_by_verdict, load_pictures
from squid_core.dicom.readers import ReaderPool
from squid_core.evaluation.changes import CHANGES, blurred, contrast, jpeg, moved, sharpened
from squid_core.evaluation.reencode import Reencoding, Varied, draw, stored_pixels, write_dicom
from squid_core.evaluation.stress import reread
from squid_core.preprocessing import Preprocessing, prepare

PREPROCESSING = Preprocessing(size=64)


def phantom(height: int = 200, width: int = 200) -> Picture:
    """Smooth and asymmetric: a ramp, a bright spot up on the left, a dark one low on the right."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / (height, width)[0]
    spot = np.exp(-((y - 0.3) ** 2 + (x - 0.25) ** 2) / 0.02) - 0.5 * np.exp(-((y - 0.7) ** 2 + (x - 0.8) ** 2) / 0.01)
    return np.asarray(np.rint(60 + 60 * x + 40 * y + 90 * spot), dtype=np.float32)


def test_the_same_picture_in_another_file_lands_on_the_same_input() -> None:
    expected = prepare(phantom(), PREPROCESSING).image
    with ReaderPool(1) as pool:
        for kind in (Varied.NOTHING, Varied.BITS, Varied.WINDOW, Varied.POLARITY, Varied.ASPECT, Varied.SIZE):
            (seen,) = reread([phantom()], kind, PREPROCESSING, pool)
            assert seen is not None, f"{kind}: read as a chest X-ray that may be analysed"
            assert np.abs(seen - expected).max() < 0.03, kind
            assert np.abs(seen - expected).mean() < 0.004, kind
        assert reread([phantom(40, 40)], Varied.NOTHING, PREPROCESSING, pool) == [None], "below the smallest side"


def test_a_flipped_polarity_is_written_flipped_and_read_back_the_right_way(tmp_path: Path) -> None:
    how = Reencoding(bits=10, inverted=True)
    write_dicom(tmp_path / "a", phantom(), how)
    stored = dcmread(tmp_path / "a")
    assert (stored.PhotometricInterpretation, stored.BitsStored) == ("MONOCHROME1", 10)
    assert np.corrcoef(stored.pixel_array.ravel(), phantom().ravel())[0, 1] == pytest.approx(-1, abs=1e-3)
    (read,) = load_pictures(tmp_path)
    assert np.corrcoef(read.ravel(), phantom().ravel())[0, 1] == pytest.approx(1, abs=1e-3)


def test_what_is_drawn_keeps_its_range_and_changes_one_kind_of_thing() -> None:
    drawn = [draw(Varied.ALL, np.random.default_rng(i)) for i in range(200)]
    assert {how.bits for how in drawn} == set(range(10, 17))
    assert {how.inverted for how in drawn} == {False, True}
    assert min(how.gamma for how in drawn) >= 0.7
    assert max(how.gamma for how in drawn) <= 1.4
    assert min(how.aspect for how in drawn) >= 0.8
    assert max(how.aspect for how in drawn) <= 1.25
    assert all(2000 <= (how.longer_side or 0) <= 4000 for how in drawn)
    rng = np.random.default_rng(0)
    assert draw(Varied.NOTHING, rng) == Reencoding()
    full = draw(Varied.ALL, np.random.default_rng(3))
    assert draw(Varied.GAMMA, np.random.default_rng(3)) == Reencoding(gamma=full.gamma)
    assert draw(Varied.ALL, np.random.default_rng(5)) == draw(Varied.ALL, np.random.default_rng(5)), "repeats"


def test_size_and_aspect_of_the_file_are_those_drawn() -> None:
    assert stored_pixels(phantom(100, 100), Reencoding(longer_side=500, aspect=0.8)).shape == (500, 400)
    assert stored_pixels(phantom(100, 100), Reencoding(aspect=1.25)).shape == (100, 125)
    values = stored_pixels(phantom(), Reencoding(bits=12, black=0.2, white=0.6))
    assert (values.min(), values.max()) == (round(0.2 * 4095), round(0.6 * 4095))


def test_small_changes_are_as_large_as_they_say() -> None:
    picture = phantom()
    half = contrast(picture, 0.5)
    assert half.std() == pytest.approx(picture.std() / 2)
    assert half.mean() == pytest.approx(picture.mean(), rel=1e-3)
    assert blurred(picture).var() < picture.var() < sharpened(picture).var()
    assert np.abs(moved(picture, right=0.04)[:, 8:] - picture[:, :-8]).max() < 0.5, "8 of 200 px to the right"
    assert np.abs(moved(picture, down=0.04)[8:] - picture[:-8]).max() < 0.5
    larger = moved(picture, scale=1.05)
    assert float(larger[100, 150]) == pytest.approx(float(picture[100, round(99.5 + 50.5 / 1.05)]), abs=1.5)
    inside = slice(5, -5)
    turned = moved(picture, degrees=90)
    assert np.abs(turned - np.rot90(picture))[inside, inside].max() < 0.5, "counter-clockwise"
    assert 0 < np.abs(jpeg(picture) - picture).mean() < 3


def test_no_small_change_leaves_the_range_or_the_shape() -> None:
    picture = phantom(120, 90)
    for name, change in CHANGES.items():
        made = change(picture)
        assert made.shape == picture.shape, name
        assert made.dtype == np.float32, name
        assert made.min() >= picture.min() - 1e-3, name
        assert made.max() <= picture.max() + 1e-3, name
        assert np.abs(made - picture).max() > 0.1, name


def test_pictures_come_at_their_own_size_spread_over_the_folder_and_sorted_by_what_the_reader_says(
    tmp_path: Path,
) -> None:
    for i in range(9):
        cv2.imwrite(str(tmp_path / f"{i}.png"), np.full((20 + i, 30), 10 * i, np.uint8))
    assert [picture.shape[0] for picture in load_pictures(tmp_path, 3)] == [20, 24, 28]
    write_dicom(tmp_path / "small.dcm", phantom(40, 40), Reencoding())
    write_dicom(tmp_path / "chest.dcm", phantom(), Reencoding())
    (tmp_path / "notes.txt").write_text("no image")
    found = load_by_verdict(tmp_path)
    assert {name: len(pictures) for name, pictures in found.items()} == {"no header": 9, "analyse": 1, "refuse": 1}
    assert as_inputs(found["analyse"], PREPROCESSING).shape == (1, 64, 64)
    for missing in (tmp_path / "nowhere", tmp_path / "empty"):
        with pytest.raises(SquidError, match=r"does not exist|No readable image"):
            load_pictures(missing)
        (tmp_path / "empty").mkdir(exist_ok=True)
