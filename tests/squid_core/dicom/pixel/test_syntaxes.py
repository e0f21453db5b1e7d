"""Transfer syntaxes that are rare, not read, or contradicted by the pixels: each is read as what it is, or named."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.uid import RLELossless

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Decision, Radiograph
from squid_core.dicom.errors import NotAnImageError
from squid_core.dicom.pixel.jpeg_xl import jxl_size
from squid_core.dicom.pixel.syntaxes import DEFLATED_FRAMES, PLAIN_FRAMES, READ, kind_of
from squid_core.dicom.reader import read
from tests.squid_core.dicom.phantoms import chest, encapsulated, jpeg, phantom, save, to_bytes
from tests.squid_core.dicom.pixel.test_codec_oracles import JPEG, colours, image, run_lengths

ic = pytest.importorskip("imagecodecs", reason="an independent encoder")

UNTRUE = ("does not exist", "damaged", "sent again", "missing")


def as_syntax(raw: bytes, syntax: str) -> bytes:
    """A file in Explicit VR Little Endian under another name, whatever its pixels."""
    old = b"\x02\x00\x10\x00UI\x14\x001.2.840.10008.1.2.1\0"
    assert old in raw
    value = syntax.encode() + b"\0" * (len(syntax) % 2)
    new = b"\x02\x00\x10\x00UI" + len(value).to_bytes(2, "little") + value
    length = int.from_bytes(raw[140:144], "little") + len(new) - len(old)
    return raw[:140] + length.to_bytes(4, "little") + raw[144:].replace(old, new)


def pieces(folder: Path, values: Any, streams: list[bytes], syntax: str, bits: int = 12, **attributes: Any) -> Path:
    """A file with pieces of pixel data under any transfer syntax, also one that pydicom does not know."""
    ds = encapsulated(chest(values, bits, **attributes), streams, JPEG + "90")
    raw = to_bytes(ds).replace(b"UI\x16\x001.2.840.10008.1.2.4.90", b"UI\x14\x001.2.840.10008.1.2.1\0")
    length = int.from_bytes(raw[140:144], "little") - 2
    return save(folder, as_syntax(raw[:140] + length.to_bytes(4, "little") + raw[144:], syntax))


def deflated(values: Any) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(values.tobytes()) + packer.flush()


def refusal(path: Path) -> str:
    with pytest.raises(SquidError) as raised:
        read(path)
    return str(raised.value)


def check(radiograph: Radiograph, values: Any) -> None:
    np.testing.assert_array_equal(radiograph.pixels, values)


@pytest.mark.parametrize(("bits", "signed"), [(8, False), (12, False), (16, False), (16, True)])
def test_frames_that_are_plain_or_deflated_are_shown_and_scored(tmp_path: Path, bits: int, signed: bool) -> None:
    values = image(bits, signed, 161, 151)
    for stream, syntax in ((values.tobytes(), PLAIN_FRAMES), (deflated(values), DEFLATED_FRAMES)):
        radiograph = read(pieces(tmp_path, values, [stream], syntax, bits))
        check(radiograph, values)
        assert (radiograph.verdict.decision, radiograph.notices) == (Decision.ANALYSE, ())


@pytest.mark.parametrize("syntax", [PLAIN_FRAMES, DEFLATED_FRAMES])
def test_each_such_frame_is_its_own_and_colour_too(tmp_path: Path, syntax: str) -> None:
    code = deflated if syntax == DEFLATED_FRAMES else np.ndarray.tobytes
    frames = [image(12), np.ascontiguousarray(image(12)[::-1]), np.ascontiguousarray(image(12)[:, ::-1])]
    path = pieces(tmp_path, frames[0], [code(frame) for frame in frames], syntax, NumberOfFrames="3")
    for number, frame in enumerate(frames):
        check(read(path, number), frame)
    check(read(pieces(tmp_path, colours(), [code(colours())], syntax, 8)), colours())


def test_a_deflated_frame_of_another_length_is_damaged_and_no_bomb(tmp_path: Path) -> None:
    values = image(12)
    for wrong in (values[:-1], np.zeros(200_000_000, np.uint8)):
        assert "damaged" in refusal(pieces(tmp_path, values, [deflated(wrong)], DEFLATED_FRAMES))
    assert "damaged" in refusal(pieces(tmp_path, values, [deflated(values)[:-300]], DEFLATED_FRAMES))


@pytest.mark.parametrize("last", ["110", "112"])
@pytest.mark.parametrize("bits", [8, 10, 12, 16])
@pytest.mark.parametrize("options", [{}, {"exact": True}, {"exact": True, "usecontainer": True}])
def test_jpeg_xl_without_loss(tmp_path: Path, bits: int, options: dict[str, bool], last: str) -> None:
    values = image(bits)
    more = {"bitspersample": bits} if options.get("exact") else {}
    stream = ic.jpegxl_encode(values, lossless=True, usecontainer=options.get("usecontainer"), **more)
    check(read(pieces(tmp_path, values, [bytes(stream)], JPEG + last, bits)), values)


def test_jpeg_xl_with_loss_from_jpeg_and_in_colour(tmp_path: Path) -> None:
    values = image(12)
    lossy = bytes(ic.jpegxl_encode(values, distance=0.5, bitspersample=12))
    pixels = read(pieces(tmp_path, values, [lossy], JPEG + "112")).pixels.astype(int)
    np.testing.assert_array_equal(pixels, ic.jpegxl_decode(lossy))
    assert 0 < np.abs(pixels - values).mean() < 40
    grey = image(8)
    stream = bytes(ic.jpeg8_encode(grey, level=95))
    recompressed = bytes(ic.jpegxl_encode_jpeg(stream))
    pixels = read(pieces(tmp_path, grey, [recompressed], JPEG + "111", 8)).pixels.astype(int)
    assert np.abs(pixels - ic.jpeg8_decode(stream)).max() <= 2
    coloured = bytes(ic.jpegxl_encode(colours(), lossless=True))
    check(read(pieces(tmp_path, colours(), [coloured], JPEG + "110", 8)), colours())


def coded(*fields: tuple[int, int]) -> bytes:
    """A JPEG XL header by hand: (value, bits), the least bit first."""
    number, place = 0, 0
    for value, bits in fields:
        number |= value << place
        place += bits
    return b"\xff\x0a" + number.to_bytes(60, "little")


SIZE = ((0, 1), (0, 2), (96, 9), (0, 3), (0, 2), (130, 9))  # 97 rows, ratio none, 131 columns
GREY_12 = ((0, 1), (2, 2), (1, 1), (0, 2), (0, 1), (0, 1), (0, 1), (1, 2))  # 12 bits, no channel more, grey


@pytest.mark.parametrize(
    ("fields", "meant"),
    [
        ((*SIZE, (1, 1)), (97, 131, 3, 8)),
        ((*SIZE, (0, 1), (0, 1), *GREY_12), (97, 131, 1, 12)),
        (((1, 1), (3, 5), (2, 3), (1, 1)), (32, 38, 3, 8)),  # eights and 12 : 10
        ((*SIZE, (0, 1), (1, 1), (0, 3), (0, 1), (0, 1), (0, 1), *GREY_12), (97, 131, 1, 12)),
        ((*SIZE, (0, 1), (1, 1), (1, 3), (0, 1), (0, 1), (0, 1), *GREY_12), None),  # mirrored
        ((*SIZE, (0, 1), (1, 1), (5, 3), (0, 1), (0, 1), (0, 1), *GREY_12), None),  # turned
        ((*SIZE, (0, 1), (1, 1), (0, 3), (0, 1), (0, 1), (1, 1), *GREY_12), None),  # a film
        ((*SIZE, (0, 1), (0, 1), (1, 1)), None),  # fractions
        ((*SIZE, (0, 1), (0, 1), (0, 1), (2, 2), (1, 1), (1, 2)), None),  # a channel more
    ],
)
def test_what_a_jpeg_xl_stream_says_of_itself(fields: Any, meant: tuple[int, ...] | None) -> None:
    if meant is not None:
        assert jxl_size(coded(*fields)) == meant
    else:
        with pytest.raises(SquidError, match="JPEG XL, compressed in a way this program does not read"):
            jxl_size(coded(*fields))


def test_jpeg_xl_that_its_one_decoder_refuses_is_not_called_damaged(tmp_path: Path) -> None:
    values = image(12)
    whole = bytes(ic.jpegxl_encode(values, lossless=True))
    other_size = bytes(ic.jpegxl_encode(values[:-1], lossless=True))
    two_channels = bytes(ic.jpegxl_encode(np.dstack([image(8)] * 2), lossless=True))
    for stream in (whole[: len(whole) // 2], other_size, two_channels, b"\xff\x0a" + bytes(range(200)), b"none"):
        message = refusal(pieces(tmp_path, values, [stream], JPEG + "110"))
        assert "JPEG XL, compressed in a way this program does not read" in message
        assert not any(word in message for word in UNTRUE)
    signed = image(12, signed=True)
    stream = bytes(ic.jpegxl_encode(signed.view(np.uint16) & 0xFFF, lossless=True))
    assert "does not read" in refusal(pieces(tmp_path, signed, [stream], JPEG + "110"))


@pytest.mark.parametrize(
    ("syntax", "name"),
    [
        ("1.2.840.113619.5.2", "GE's private DLX form"),
        (JPEG + "92", "JPEG 2000 Part 2"),
        (JPEG + "100", "MPEG2"),
        (JPEG + "102", "MPEG-4"),
        (JPEG + "107", "HEVC"),
        (JPEG + "53", "JPEG Spectral Selection"),
        ("1.2.840.10008.1.2.7.1", "SMPTE ST 2110-20"),
        ("1.2.3.4.5.6.7.8.9", ""),
    ],
)
def test_a_transfer_syntax_that_is_not_read_is_named_and_not_called_damaged(
    tmp_path: Path, syntax: str, name: str
) -> None:
    message = refusal(save(tmp_path, as_syntax(to_bytes(chest()), syntax)))
    assert "written or compressed in a way this program does not read" in message
    assert name in message
    assert not any(word in message for word in UNTRUE)


def test_a_picture_on_a_server_is_no_file_without_one(tmp_path: Path) -> None:
    raw = as_syntax(to_bytes(chest(PixelData=None)), JPEG + "94")
    with pytest.raises(NotAnImageError, match="lies on a server"):
        read(save(tmp_path, raw))


STREAMS = {
    "JPEG": lambda: jpeg(image(8)),
    "lossless JPEG": lambda: bytes(ic.jpeg8_encode(image(8), lossless=True, predictor=1)),
    "JPEG-LS": lambda: bytes(ic.jpegls_encode(image(8))),
    "JPEG 2000": lambda: bytes(ic.jpeg2k_encode(image(8), level=0, reversible=True, codecformat="j2k")),
    "JPEG XL": lambda: bytes(ic.jpegxl_encode(image(8), lossless=True)),
    "run-length coded": lambda: run_lengths(image(8)),
    "not compressed": lambda: image(8).tobytes(),
}
SAID = {
    "1.2.840.10008.1.2.1": "not compressed",
    RLELossless: "run-length coded",
    JPEG + "50": "JPEG",
    JPEG + "70": "lossless JPEG",
    JPEG + "80": "JPEG-LS",
    JPEG + "90": "JPEG 2000",
    JPEG + "110": "JPEG XL",
}


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("found", STREAMS)
def test_pixels_that_contradict_their_syntax_are_read_as_what_they_are(tmp_path: Path, found: str, said: str) -> None:
    radiograph = read(pieces(tmp_path, image(8), [STREAMS[found]()], said, 8))
    assert np.abs(radiograph.pixels.astype(int) - image(8)).max() <= (12 if found == "JPEG" else 0)
    notice = f"The header calls the picture {SAID[said]}; it is {found} and is read as that."
    assert radiograph.notices == (() if SAID[said] == found else (notice,))


def test_plain_pixels_under_a_compressed_syntax(tmp_path: Path) -> None:
    for values, bits in ((phantom(), 12), (image(8), 8)):  # of an even and an odd number of bytes
        radiograph = read(save(tmp_path, as_syntax(to_bytes(chest(values, bits)), JPEG + "90")))
        check(radiograph, values)
        assert radiograph.notices == (
            "The header calls the picture JPEG 2000; it is not compressed and is read as that.",
        )
    short = refusal(save(tmp_path, as_syntax(to_bytes(chest(PixelData=phantom().tobytes()[:-8])), JPEG + "90")))
    assert "JPEG 2000; it is neither that nor of the length" in short


def test_pieces_of_no_known_kind_under_an_uncompressed_syntax(tmp_path: Path) -> None:
    message = refusal(pieces(tmp_path, image(8), [b"something else"], "1.2.840.10008.1.2.1", 8))
    assert "in pieces of a kind that is not known" in message


def test_every_transfer_syntax_that_is_read_is_called_something() -> None:
    assert all(kind_of(syntax) for syntax in READ)
