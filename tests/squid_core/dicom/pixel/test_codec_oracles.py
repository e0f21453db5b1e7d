"""Every compressed transfer syntax, written by encoders that are not ours (imagecodecs), read by our chain.

Lossless streams must give the very values of the uncompressed twin; lossy ones those of imagecodecs' own decoder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from squid_core.contracts.errors import SquidError
from squid_core.dicom.reader import read
from tests.squid_core.dicom.phantoms import chest, encapsulated, phantom, save

ic = pytest.importorskip("imagecodecs", reason="an independent encoder, in the dev extra")

JPEG = "1.2.840.10008.1.2.4."
DEPTHS = [(8, False), (10, False), (12, False), (16, False), (8, True), (12, True), (16, True)]
HTJ2K = ["201", "202", "203"]


def image(bits: int, signed: bool = False, rows: int = 97, columns: int = 131) -> NDArray[Any]:
    """The phantom with grain; odd sides; it reaches neither end of the range, beyond which lossy streams wrap."""
    top = 2**bits - 1
    grain = np.random.default_rng(bits).normal(0, 0.01 * top, (rows, columns))
    values = np.clip(phantom(rows, columns, bits, np.float64) * 0.8 + 0.1 * top + grain, 0.02 * top, 0.98 * top)
    kind = ("i" if signed else "u") + ("1" if bits <= 8 else "2")
    stored: NDArray[Any] = (values - (2 ** (bits - 1) if signed else 0)).astype(kind)
    return stored


def cells(values: NDArray[Any], bits: int) -> NDArray[Any]:
    """The bits that are stored, unsigned: what codecs without a sign are given (PS3.5 8.2)."""
    unsigned: NDArray[Any] = values.view(values.dtype.str.replace("i", "u"))
    masked: NDArray[Any] = unsigned & np.array(2**bits - 1, unsigned.dtype)
    return masked


def colours() -> NDArray[np.uint8]:
    """(97, 131, 3), each channel another way round."""
    grey = image(8)
    return np.ascontiguousarray(np.stack([grey, grey[::-1], grey[:, ::-1]], axis=-1))


def shown(folder: Path, values: NDArray[Any], stream: bytes, syntax: str, bits: int, **attributes: Any) -> Any:
    """What we make of a file whose one frame is `stream`."""
    return read(save(folder, encapsulated(chest(values, bits, **attributes), [stream], JPEG + syntax))).pixels


@pytest.mark.parametrize(("bits", "signed"), DEPTHS)
@pytest.mark.parametrize("predictor", range(1, 8))
def test_jpeg_lossless(tmp_path: Path, bits: int, signed: bool, predictor: int) -> None:
    values = image(bits, signed)
    stream = ic.jpeg8_encode(cells(values, bits), lossless=True, predictor=predictor, bitspersample=bits)
    for syntax in ("57", "70") if predictor == 1 else ("57",):
        np.testing.assert_array_equal(shown(tmp_path, values, stream, syntax, bits), values)


@pytest.mark.parametrize(("bits", "signed"), DEPTHS)
def test_jpeg_lossless_of_a_second_encoder(tmp_path: Path, bits: int, signed: bool) -> None:
    values = image(bits, signed)
    stream = ic.ljpeg_encode(cells(values, bits), bitspersample=bits)
    np.testing.assert_array_equal(shown(tmp_path, values, stream, "70", bits), values)


@pytest.mark.parametrize(("bits", "signed"), DEPTHS)
def test_jpeg_ls(tmp_path: Path, bits: int, signed: bool) -> None:
    values = image(bits, signed)
    stream = ic.jpegls_encode(cells(values, bits))  # of 8 or 16 bits, whatever is stored
    np.testing.assert_array_equal(shown(tmp_path, values, stream, "80", bits), values)


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_jpeg_ls_near_lossless(tmp_path: Path, bits: int) -> None:
    values = image(bits)
    stream = ic.jpegls_encode(values, level=2)
    pixels = shown(tmp_path, values, stream, "81", bits)
    np.testing.assert_array_equal(pixels, ic.jpegls_decode(stream))
    assert np.abs(pixels.astype(int) - values).max() == 2


@pytest.mark.parametrize("syntax", ["80", "81"])
def test_white_stays_white_when_a_lossy_stream_overshoots(tmp_path: Path, syntax: str) -> None:
    values = image(10)
    values[50:53, 40:42] = 1023
    stream = ic.jpegls_encode(np.where(values == 1023, 1025, values).astype(np.uint16))  # 16 bits, 10 are stored
    pixels = shown(tmp_path, values, stream, syntax, 10)
    assert pixels[51, 41] == (1023 if syntax == "81" else 1)  # lossless streams may hold overlays in the upper bits


@pytest.mark.parametrize("syntax", ["90", "91"])
@pytest.mark.parametrize("stream_is_signed", [True, False])
@pytest.mark.parametrize(("bits", "signed"), DEPTHS)
def test_jpeg_2000_lossless(tmp_path: Path, bits: int, signed: bool, stream_is_signed: bool, syntax: str) -> None:
    values = image(bits, signed)
    given = values if stream_is_signed else cells(values, bits)
    stream = ic.jpeg2k_encode(given, level=0, reversible=True, codecformat="j2k", bitspersample=bits)
    np.testing.assert_array_equal(shown(tmp_path, values, stream, syntax, bits), values)


@pytest.mark.parametrize(("bits", "signed"), [(8, False), (12, False), (16, False), (16, True)])
def test_jpeg_2000_lossy(tmp_path: Path, bits: int, signed: bool) -> None:
    values = image(bits, signed)
    stream = ic.jpeg2k_encode(values, level=60, reversible=False, codecformat="j2k", bitspersample=bits)
    pixels = shown(tmp_path, values, stream, "91", bits).astype(int)
    assert np.abs(pixels - ic.jpeg2k_decode(stream).astype(int)).max() <= 1
    assert 0 < np.abs(pixels - values).mean() < 0.01 * 2**bits


@pytest.mark.parametrize("syntax", HTJ2K)
@pytest.mark.parametrize(("bits", "signed"), DEPTHS)
def test_htj2k_lossless(tmp_path: Path, bits: int, signed: bool, syntax: str) -> None:
    values = image(bits, signed)
    stream = ic.htj2k_encode(values, reversible=True)
    np.testing.assert_array_equal(shown(tmp_path, values, stream, syntax, bits), values)


@pytest.mark.parametrize(("bits", "signed"), [(8, False), (12, False), (12, True), (14, False)])
def test_htj2k_lossy(tmp_path: Path, bits: int, signed: bool) -> None:
    values = image(bits, signed)
    stream = ic.htj2k_encode(values, level=0.002, reversible=False)
    pixels = shown(tmp_path, values, stream, "203", bits).astype(int)
    assert np.abs(pixels - ic.htj2k_decode(stream).astype(int)).max() <= 1
    assert 0 < np.abs(pixels - values).mean() < 0.01 * 2 ** max(bits, 16 if bits > 8 else 8)


@pytest.mark.parametrize("syntax", ["90", *HTJ2K])
def test_a_header_with_fewer_bits_than_its_stream_garbles_nothing(tmp_path: Path, syntax: str) -> None:
    values = image(16)
    stream = (
        ic.jpeg2k_encode(values, level=0, reversible=True, codecformat="j2k")
        if syntax == "90"
        else ic.htj2k_encode(values, reversible=True)
    )
    path = save(tmp_path, encapsulated(chest(values, 12), [stream], JPEG + syntax))
    np.testing.assert_array_equal(read(path).pixels, values)
    assert any("16 bits where its header says 12" in notice for notice in read(path).notices)


@pytest.mark.parametrize(("bits", "syntax"), [(8, "50"), (8, "51"), (12, "51")])
@pytest.mark.parametrize("inverted", [False, True])
def test_jpeg_baseline_and_extended(tmp_path: Path, bits: int, syntax: str, inverted: bool) -> None:
    values = image(bits)
    stream = ic.jpeg8_encode(values, level=95, bitspersample=bits)
    photometric = "MONOCHROME1" if inverted else "MONOCHROME2"
    pixels = shown(tmp_path, values, stream, syntax, bits, PhotometricInterpretation=photometric).astype(int)
    expected = ic.jpeg8_decode(stream).astype(int)
    assert np.abs(pixels - (2**bits - 1 - expected if inverted else expected)).max() <= 1


@pytest.mark.parametrize(
    ("syntax", "encode"),
    [
        ("50", lambda frame: ic.jpeg8_encode(frame, level=95)),
        ("70", lambda frame: ic.jpeg8_encode(frame, lossless=True, predictor=1, bitspersample=8)),
        ("80", ic.jpegls_encode),
        ("90", lambda frame: ic.jpeg2k_encode(frame, level=0, reversible=True, codecformat="j2k")),
        ("201", lambda frame: ic.htj2k_encode(frame, reversible=True)),
    ],
)
def test_eight_bits_in_a_cell_of_sixteen(tmp_path: Path, syntax: str, encode: Any) -> None:
    values = image(8)
    pixels = shown(tmp_path, values.astype(np.uint16), encode(values), syntax, 8).astype(int)
    assert np.abs(pixels - values).max() <= (12 if syntax == "50" else 0)


@pytest.mark.parametrize("tiles", [None, (64, 64)])
def test_tiles_and_wrappers(tmp_path: Path, tiles: tuple[int, int] | None) -> None:
    values = image(12)
    htj2k = ic.htj2k_encode(values, reversible=True, tile=tiles, tlm=True)
    wrapped = ic.jpeg2k_encode(values, level=0, reversible=True, codecformat="jp2", bitspersample=12)
    for stream, syntax in ((htj2k, "202"), (wrapped, "90")):
        np.testing.assert_array_equal(shown(tmp_path, values, stream, syntax, 12), values)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("syntax", ["70", "80"])
def test_overlays_in_the_upper_bits_are_no_grey(tmp_path: Path, syntax: str, signed: bool) -> None:
    values = image(12, signed)
    given = cells(values, 12) | 0x1000
    stream = (
        ic.jpegls_encode(given)
        if syntax == "80"
        else ic.jpeg8_encode(given, lossless=True, predictor=1, bitspersample=16)
    )
    np.testing.assert_array_equal(shown(tmp_path, values, stream, syntax, 12), values)


@pytest.mark.parametrize("subsampling", ["444", "422", "420"])
def test_jpeg_in_colour(tmp_path: Path, subsampling: str) -> None:
    stream = ic.jpeg8_encode(colours(), level=95, subsampling=subsampling, colorspace="RGB", outcolorspace="YCBCR")
    pixels = shown(tmp_path, colours(), stream, "50", 8, PhotometricInterpretation="YBR_FULL_422").astype(int)
    assert np.abs(pixels - ic.jpeg8_decode(stream).astype(int)).max() <= 2


@pytest.mark.parametrize(
    ("syntax", "photometric", "stream"),
    [
        ("70", "RGB", lambda rgb: ic.jpeg8_encode(rgb, lossless=True, predictor=1)),
        ("80", "RGB", ic.jpegls_encode),
        ("90", "YBR_RCT", lambda rgb: ic.jpeg2k_encode(rgb, level=0, reversible=True, codecformat="j2k", mct=True)),
        ("90", "RGB", lambda rgb: ic.jpeg2k_encode(rgb, level=0, reversible=True, codecformat="j2k", mct=False)),
        ("201", "YBR_RCT", lambda rgb: ic.htj2k_encode(rgb, reversible=True)),
        ("202", "RGB", lambda rgb: ic.htj2k_encode(rgb, reversible=True, rgb=False)),
    ],
)
def test_lossless_colour(tmp_path: Path, syntax: str, photometric: str, stream: Any) -> None:
    pixels = shown(tmp_path, colours(), stream(colours()), syntax, 8, PhotometricInterpretation=photometric)
    np.testing.assert_array_equal(pixels, colours())


def run_lengths(values: NDArray[Any]) -> bytes:
    """An RLE frame of PackBits segments, the most significant byte of each value first (PS3.5 annex G)."""
    planes = values.astype(values.dtype.newbyteorder(">")).view(np.uint8).reshape(*values.shape, -1)
    segments = [b"".join(ic.packbits_encode(row.tobytes()) for row in plane) for plane in np.moveaxis(planes, -1, 0)]
    segments = [segment + b"\0" * (len(segment) % 2) for segment in segments]
    offsets = np.zeros(16, "<u4")
    offsets[0], offsets[1 : len(segments) + 1] = len(segments), 64 + np.cumsum([0, *map(len, segments[:-1])])
    return offsets.tobytes() + b"".join(segments)


@pytest.mark.parametrize(("bits", "signed"), DEPTHS)
def test_run_lengths(tmp_path: Path, bits: int, signed: bool) -> None:
    values = image(bits, signed)
    path = save(tmp_path, encapsulated(chest(values, bits), [run_lengths(values)], "1.2.840.10008.1.2.5"))
    np.testing.assert_array_equal(read(path).pixels, values)


@pytest.mark.parametrize(
    ("syntax", "encode"),
    [
        ("80", ic.jpegls_encode),
        ("90", lambda frame: ic.jpeg2k_encode(frame, level=0, reversible=True, codecformat="j2k", bitspersample=12)),
        ("201", lambda frame: ic.htj2k_encode(frame, reversible=True)),
        ("70", lambda frame: ic.jpeg8_encode(frame, lossless=True, predictor=1, bitspersample=12)),
    ],
)
@pytest.mark.parametrize("pieces", [1, 3])
def test_frames_and_fragments(tmp_path: Path, syntax: str, encode: Any, pieces: int) -> None:
    frames = [image(12), np.ascontiguousarray(image(12)[::-1]), np.ascontiguousarray(image(12)[:, ::-1])]
    ds = chest(frames[0], 12, NumberOfFrames="3")
    path = save(tmp_path, encapsulated(ds, [encode(f) for f in frames], JPEG + syntax, fragments_per_frame=pieces))
    for number, frame in enumerate(frames):
        np.testing.assert_array_equal(read(path, number).pixels, frame)


def test_a_palette_in_jpeg_2000(tmp_path: Path) -> None:
    index = image(8)
    ds = chest(index, 8, PhotometricInterpretation="PALETTE COLOR")
    tables = [np.arange(256), np.arange(256)[::-1], np.full(256, 7)]
    for channel, values in zip(("Red", "Green", "Blue"), tables, strict=True):
        setattr(ds, f"{channel}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(ds, f"{channel}PaletteColorLookupTableData", (values.astype("<u2") * 257).tobytes())
    stream = ic.jpeg2k_encode(index, level=0, reversible=True, codecformat="j2k")
    pixels = read(save(tmp_path, encapsulated(ds, [stream], JPEG + "90"))).pixels
    np.testing.assert_array_equal(pixels, np.stack([table[index] for table in tables], axis=-1))


def test_damaged_htj2k_gets_an_answer_and_kills_nobody(tmp_path: Path) -> None:
    values, chance = image(12), np.random.default_rng(5)
    whole = {rev: bytes(ic.htj2k_encode(values, reversible=rev)) for rev in (True, False)}
    answers = []
    for number in range(100):
        stream = bytearray(whole[number % 2 == 0])
        for _ in range(int(chance.integers(1, 6))):
            stream[int(chance.integers(0 if number % 4 == 0 else 100, len(stream)))] = int(chance.integers(256))
        if number % 10 == 9:
            del stream[int(chance.integers(50, len(stream))) :]
        path = save(tmp_path, encapsulated(chest(values, 12), [bytes(stream)], JPEG + "203"), f"bad-{number}")
        try:
            answers.append(read(path).pixels.shape == values.shape)
        except SquidError as error:
            answers.append(bool(str(error)))
    assert len(answers) == 100
    assert all(answers)
