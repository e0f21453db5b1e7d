"""A large JPEG 2000 image at a lower resolution: the file's own values, at their own places, under its own window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import imagecodecs as ic
import numpy as np
import pytest
from numpy.typing import NDArray
from openjpeg.utils import encode_array
from pydicom.dataset import Dataset
from pydicom.uid import HTJ2K, JPEG2000, HTJ2KLossless, HTJ2KLosslessRPCL, JPEG2000Lossless

from squid_core.contracts.errors import SquidError
from squid_core.contracts.preview import Preview
from squid_core.dicom.errands import preview_in_child
from squid_core.dicom.reader import preview, read
from squid_core.dicom.source import Source
from tests.squid_core.dicom.phantoms import chest, encapsulated, save

SIDE = 400
SHAPE = (1001, 1003)  # neither side halves evenly
DEPTHS = [(8, "u1"), (10, "u2"), (12, "u2"), (16, "u2"), (8, "i1"), (12, "i2"), (16, "i2")]
LOSSLESS = [JPEG2000Lossless, HTJ2KLossless, HTJ2KLosslessRPCL]
KINDS = [
    *((depth, syntax) for depth in DEPTHS for syntax in (*LOSSLESS, JPEG2000)),
    *((depth, HTJ2K) for depth in DEPTHS if depth[0] in (8, 16)),  # others can be made here without loss only
]


def waves(bits: int = 12, dtype: str = "u2") -> NDArray[Any]:
    """Slow waves that are at no place what they are a few pixels beside it, with some grain."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    grain = np.random.default_rng(3).standard_normal(SHAPE)
    values = ((np.sin(y / 40) + np.cos(x / 55) + 0.02 * grain) / 4.4 + 0.5) * (2**bits - 1)
    made: NDArray[Any] = (values - (2 ** (bits - 1) if dtype[0] == "i" else 0)).astype(dtype)
    return made


def film(image: NDArray[Any], bits: int = 12, syntax: str = JPEG2000Lossless, **attributes: Any) -> Dataset:
    dataset = chest(image, bits, **attributes)
    dataset.PixelRepresentation = int(image.dtype.kind == "i")
    if syntax in (HTJ2K, HTJ2KLossless, HTJ2KLosslessRPCL):
        return encapsulated(dataset, [high_throughput(image, bits, syntax)], syntax)
    ratios = [] if syntax == JPEG2000Lossless else [12.0]
    coded = encode_array(image, bits_stored=bits, photometric_interpretation=2, compression_ratios=ratios)
    return encapsulated(dataset, [bytes(coded)], syntax)


def high_throughput(image: NDArray[Any], bits: int, syntax: str) -> bytes:
    """HTJ2K of so many bits: its encoder makes whole cells only, so values are moved, and the SIZ segment is told."""
    if syntax == HTJ2K:
        return bytes(ic.htj2k_encode(image, level=0.002, reversible=False))
    whole = 8 * image.itemsize
    moved = 2 ** (whole - 1) - 2 ** (bits - 1) if image.dtype.kind == "u" else 0
    stream = bytearray(ic.htj2k_encode(image + image.dtype.type(moved), reversible=True))
    assert stream[42] & 0x7F == whole - 1
    stream[42] = bits - 1 | stream[42] & 0x80
    return bytes(stream)


def preview_of(path: Path) -> Preview:
    made = preview(path, 0, SIDE)
    assert made is not None
    return made


@pytest.mark.parametrize(("depth", "syntax"), KINDS)
def test_a_preview_has_the_values_of_the_file_at_their_places(
    tmp_path: Path, depth: tuple[int, str], syntax: str
) -> None:
    bits, image = depth[0], waves(*depth)
    path = save(tmp_path, film(image, bits, syntax))
    if syntax in LOSSLESS:
        np.testing.assert_array_equal(read(path).pixels, image)
    made = preview_of(path)
    assert (made.shape, made.reduction) == (SHAPE, 2)
    assert made.picture.pixels.shape == (251, 251)
    smooth = cv2.GaussianBlur(image.astype(np.float32), (0, 0), 2)
    differences = {}
    for shift in (-4, 0, 2, 4):  # 0: each pixel lies on one of the whole image, as `place` says
        there = np.roll(smooth, (-shift, -shift), (0, 1))[::4, ::4]
        differences[shift] = float(np.abs(made.picture.pixels - there)[4:-4, 4:-4].mean()) / 2**bits
    assert differences[0] < 0.006
    assert min(differences, key=differences.__getitem__) == 0
    assert made.place == ((4.0, 0.0, 0.0), (0.0, 4.0, 0.0))


def test_a_preview_is_read_as_the_whole_is(tmp_path: Path) -> None:
    """Window, polarity, rescale and identity go the one way that the whole image goes."""
    described: dict[str, Any] = {
        "WindowCenter": -300,
        "WindowWidth": 900,
        "RescaleSlope": 0.5,
        "RescaleIntercept": -1024,
    }
    path = save(tmp_path, film(waves(), **described, PhotometricInterpretation="MONOCHROME1"))
    whole, picture = read(path), preview_of(path).picture
    assert picture.window == whole.window
    assert (picture.pivot, picture.polarity_inverted) == (whole.pivot, True)
    assert (picture.identity, picture.content) == (whole.identity, whole.content)
    assert np.abs(picture.pixels - cv2.GaussianBlur(whole.pixels, (0, 0), 2)[::4, ::4]).mean() < 0.01 * 2048


def test_what_is_small_hidden_or_no_jpeg_2000_has_no_preview(tmp_path: Path) -> None:
    image = waves()
    shutter: dict[str, Any] = {
        "ShutterShape": "RECTANGULAR",
        "ShutterUpperHorizontalEdge": 9,
        "ShutterLowerHorizontalEdge": 900,
    }
    edges: dict[str, Any] = {"ShutterLeftVerticalEdge": 9, "ShutterRightVerticalEdge": 900}
    assert preview(save(tmp_path, chest(image)), 0, SIDE) is None
    assert preview(save(tmp_path, film(np.ascontiguousarray(image[:900, :900]))), 0, SIDE) is None
    assert preview(save(tmp_path, film(image, **shutter, **edges)), 0, SIDE) is None
    assert preview(save(tmp_path, film(image)), 1, SIDE) is None


def test_a_stream_of_more_bits_than_its_header_says_has_no_preview_and_is_read_whole(tmp_path: Path) -> None:
    image = waves()
    stream = bytes(ic.htj2k_encode(image, reversible=True))  # says 16 bits, of which 12 are used
    path = save(tmp_path, encapsulated(chest(image), [stream], HTJ2KLossless))
    assert preview_in_child(Source(path), 0, SIDE) is None
    for threads in (1, 3):
        np.testing.assert_array_equal(read(path, threads=threads).pixels, image)


def test_a_stream_of_another_size_is_refused_before_it_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = film(waves())
    dataset.Rows -= 1
    monkeypatch.setattr("squid_core.dicom.reader.reduced", lambda *_: pytest.fail("decoded"))
    with pytest.raises(SquidError, match="another size"):
        preview(save(tmp_path, dataset), 0, SIDE)


@pytest.mark.parametrize(("depth", "syntax"), KINDS)
def test_threads_change_no_value(tmp_path: Path, depth: tuple[int, str], syntax: str) -> None:
    path = save(tmp_path, film(waves(*depth), depth[0], syntax))
    one, several = read(path), read(path, threads=3)
    assert one.pixels.dtype == several.pixels.dtype
    np.testing.assert_array_equal(one.pixels, several.pixels)
    assert (one.window, one.notices) == (several.window, several.notices)


def test_a_cut_stream_is_refused_on_threads_too(tmp_path: Path) -> None:
    image = waves()
    stream = bytes(encode_array(image, bits_stored=12, photometric_interpretation=2))
    path = save(tmp_path, encapsulated(chest(image), [stream[: len(stream) // 2]], JPEG2000Lossless))
    with pytest.raises(SquidError):
        read(path, threads=2)
