"""PNG and JPEG pictures: read as asked images, or passed over by what they are."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Decision
from squid_core.dicom.errors import NotAnImageError
from squid_core.dicom.pixel.colour import in_colour
from squid_core.dicom.reader import read, read_identity, read_with_header
from squid_core.dicom.source import Source
from tests.squid_core.dicom.phantoms import phantom


def written(path: Path, pixels: Any, *options: int) -> Path:
    assert cv2.imwrite(str(path), pixels, list(options))
    return path


def grey(rows: int = 200, columns: int = 180) -> Any:
    return phantom(rows, columns, bits=8).astype(np.uint8)


@pytest.mark.parametrize("name", ["chest.png", "chest.jpg", "chest.dcm.PNG"])
def test_a_picture_is_an_image_that_is_asked_about(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name, grey(), cv2.IMWRITE_JPEG_QUALITY, 100)
    radiograph = read(path)
    assert radiograph.pixels.dtype == np.uint16
    assert np.abs(radiograph.pixels.astype(int) - grey()).max() <= (0 if name.lower().endswith("png") else 6)
    assert (radiograph.window.center, radiograph.window.width) == (127.5, 255)
    assert radiograph.verdict.decision is Decision.ASK
    assert radiograph.verdict.reason.startswith("Is this a frontal chest X-ray? A picture file does not say so")
    assert (radiograph.spacing, radiograph.burned_in, radiograph.frame_count) == (None, None, 1)
    assert "text is burned into the picture" in " ".join(radiograph.notices)
    identity, content = read_identity(path)
    assert identity == radiograph.identity
    assert (identity.patient, identity.study_instance_uid, identity.study_description) == (("", ""), "", name)
    assert content == radiograph.content
    assert len(content.digest) == 64


def test_sixteen_bits_keep_their_depth_and_are_shown_over_their_range(tmp_path: Path) -> None:
    pixels = phantom(200, 180, bits=12).astype(np.uint16)
    radiograph = read(written(tmp_path / "deep.png", pixels))
    assert np.array_equal(radiograph.pixels, pixels)
    assert 0 < radiograph.window.width <= 4095


def test_grey_saved_in_colour_is_grey_and_colour_is_passed_over(tmp_path: Path) -> None:
    three = cv2.cvtColor(grey(), cv2.COLOR_GRAY2BGR)
    assert np.array_equal(read(written(tmp_path / "three.png", three)).pixels, grey())
    for path in (
        written(tmp_path / "logo.png", cv2.applyColorMap(grey(), cv2.COLORMAP_JET)),
        written(tmp_path / "photo.jpg", cv2.applyColorMap(grey(900, 900), cv2.COLORMAP_BONE)),
    ):
        for ask in (read_identity, read):
            with pytest.raises(NotAnImageError, match="A picture in colour"):
                ask(path)


@pytest.mark.parametrize(("tint", "coloured"), [(8, False), (9, True)])
def test_the_tint_that_a_grey_picture_may_have(tint: int, coloured: bool) -> None:
    rgb = np.full((300, 300, 3), 100, np.uint8)
    rgb[..., 2] += tint
    assert in_colour(rgb) is coloured


def test_thumbnails_are_passed_over(tmp_path: Path) -> None:
    with pytest.raises(NotAnImageError, match="too small: it has less than 128 pixels a side"):
        read_identity(written(tmp_path / "icon.png", grey(127)))
    read_identity(written(tmp_path / "least.png", grey(128)))


def test_a_picture_is_turned_as_its_camera_says(tmp_path: Path) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn to the right
    Image.fromarray(grey()).save(tmp_path / "turned.png", exif=exif)
    assert np.array_equal(read(tmp_path / "turned.png").pixels, np.rot90(grey(), -1))


def test_a_picture_in_an_archive(tmp_path: Path) -> None:
    path = written(tmp_path / "chest.png", grey())
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.write(path, "train/chest.png")
    radiograph = read(Source(tmp_path / "set.zip", "train/chest.png"))
    assert np.array_equal(radiograph.pixels, grey())
    assert radiograph.identity.study_description == "chest.png"


def test_a_picture_has_one_frame_and_no_header(tmp_path: Path) -> None:
    path = written(tmp_path / "chest.png", grey())
    with pytest.raises(SquidError, match="no image 2; it holds 1"):
        read(path, 1)
    assert not read_with_header(path, 0, ("PatientName",))[1]


@pytest.mark.parametrize("begin", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"])
def test_what_only_begins_as_a_picture_is_passed_over(tmp_path: Path, begin: bytes) -> None:
    path = tmp_path / "renamed.dcm"
    path.write_bytes(begin + b"\0" * 300)
    for ask in (read_identity, read):
        with pytest.raises(NotAnImageError, match="damaged from its beginning"):
            ask(path)


def test_what_is_cut_short_is_damaged(tmp_path: Path) -> None:
    path = written(tmp_path / "chest.png", grey())
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(SquidError, match="The picture is damaged") as caught:
        read(path)
    assert not isinstance(caught.value, NotAnImageError)
