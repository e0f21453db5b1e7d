"""The window an image begins with: the file's, unless it hides the lungs; and no window ever reaches the detector."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmwrite

from app.domain.greys.starting_window import share_hidden, starting_window
from app.domain.greys.window_presets import own_window, window_of
from app.domain.settings import DisplaySettings, OwnWindow
from squid_core.contracts.radiograph import PixelArray, Radiograph, VoiFunction, Window
from squid_core.dicom import reader
from squid_core.dicom.source import Source
from squid_core.preprocessing import Preprocessing, prepare
from squid_core.voi import to_uint8
from tests.app.ui import synthetic
from tests.squid_core.chests import chest as picture
from tests.squid_core.dicom.phantoms import chest

BLACK = (3400, 400)  # centre and width that show the lungs of the phantom black
WHITE = (200, 300)
GOOD = (2000, 4000)
PLAIN = DisplaySettings()


@pytest.fixture
def pixels() -> PixelArray:
    return np.rint(picture(3, 256) * 4000).astype(np.uint16)


def read(folder: Path, pixels: PixelArray, window: tuple[int, int], **attributes: Any) -> Radiograph:
    center, width = window
    path = folder / "image.dcm"
    dcmwrite(path, chest(pixels, WindowCenter=center, WindowWidth=width, **attributes), enforce_file_format=True)
    return reader.read(Source(path))


@pytest.mark.parametrize("window", [BLACK, WHITE])
def test_a_file_that_hides_the_lungs_begins_with_the_automatic_window(
    tmp_path: Path,
    pixels: PixelArray,
    window: tuple[int, int],
) -> None:
    image = read(tmp_path, pixels, window)
    assert share_hidden(image, image.window) > 0.9
    shown, replaced = starting_window(image, PLAIN)
    assert replaced
    assert shown.name == "Automatic"
    assert share_hidden(image, shown) < 0.1
    lungs = to_uint8(image.pixels[80:160, 60:95], shown)
    assert lungs.std() > 10  # ribs can be told from air


def test_a_file_with_a_good_window_keeps_it(tmp_path: Path, pixels: PixelArray) -> None:
    image = read(tmp_path, pixels, GOOD)
    assert starting_window(image, PLAIN) == (image.window, False)


def test_a_negative_is_judged_by_what_it_shows(tmp_path: Path, pixels: PixelArray) -> None:
    turned = (4095 - pixels).astype(np.uint16)
    good = read(tmp_path, turned, (2095, 4000), PhotometricInterpretation="MONOCHROME1")
    assert starting_window(good, PLAIN) == (good.window, False)
    black = read(tmp_path, turned, (4095 - BLACK[0], BLACK[1]), PhotometricInterpretation="MONOCHROME1")
    assert starting_window(black, PLAIN)[1]


def test_a_dark_border_is_no_lung() -> None:
    plain = synthetic.radiograph()
    padded = np.zeros((900, 800), np.uint16)
    padded[150:750, 150:650] = plain.pixels
    image = replace(plain, pixels=padded)
    assert starting_window(image, PLAIN) == (plain.window, False)


def test_windows_of_organs_in_cross_sections_are_meant(tmp_path: Path, pixels: PixelArray) -> None:
    image = read(tmp_path, pixels, BLACK)
    slice_of_ct = replace(image, identity=replace(image.identity, modality="CT"))
    assert starting_window(slice_of_ct, PLAIN) == (image.window, False)


@pytest.mark.parametrize(("start", "name"), [("0", "Automatic"), ("2", "Lung"), ("7", "Mine"), ("8", "file")])
def test_the_user_chooses_what_images_begin_with(start: str, name: str) -> None:
    image = synthetic.radiograph(window=Window(9000, 10, name="file"))
    mine = OwnWindow(key=7, name="Mine", center=0.1, width=0.5)
    display = DisplaySettings(starting_window=start, own_windows=(mine,))
    shown, replaced = starting_window(image, display)
    assert (shown.name, replaced) == (name, False)  # a key without a window begins as in the file


def test_as_in_the_file_is_as_in_the_file_whatever_it_hides() -> None:
    image = synthetic.radiograph(window=Window(9000, 10, name="file"))
    assert starting_window(image, DisplaySettings(starting_window="1")) == (image.window, False)


def test_no_window_reaches_the_detector(tmp_path: Path, pixels: PixelArray) -> None:
    seen = [
        prepare(read(tmp_path, pixels, window).pixels, Preprocessing()).image.tobytes()
        for window in (GOOD, BLACK, WHITE)
    ]
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("function", list(VoiFunction))
def test_a_saved_window_is_the_same_on_its_image_and_fits_another(function: VoiFunction) -> None:
    image = synthetic.radiograph()
    window = Window(1200.0, 1500.0, function)
    saved = own_window(image, window, 8, "Mine")
    again = window_of(image, saved)
    assert (again.center, again.width) == pytest.approx((1200.0, 1500.0))
    assert (again.function, again.name) == (function, "Mine")
    brighter = replace(image, pixels=(image.pixels * 4).astype(np.uint16))
    other = window_of(brighter, saved)
    assert (other.center, other.width) == pytest.approx((4800.0, 6000.0), rel=0.01)
