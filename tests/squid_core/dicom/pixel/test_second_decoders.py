"""What one decoder refuses another reads, with a notice; what both refuse is damaged, and no panic escapes."""

from __future__ import annotations

import struct
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.uid import RLELossless

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FileStatus
from squid_core.dicom import errands
from squid_core.dicom.errands import UNEXPECTED, Examined
from squid_core.dicom.header.image_module import ImageHeader
from squid_core.dicom.pixel import codecs
from squid_core.dicom.reader import read
from tests.squid_core.dicom.phantoms import chest, encapsulated, save
from tests.squid_core.dicom.pixel.test_codec_oracles import JPEG, cells, colours, image

ic = pytest.importorskip("imagecodecs", reason="an independent encoder")

SECOND = "One decoder refuses this picture; it is shown as another reads it."


class PanicError(BaseException):
    """As a decoder in Rust raises it through PyO3: no Exception."""


def rle(values: Any, surplus: bytes) -> bytes:
    """Run lengths of a 16-bit picture whose first plane decodes to more than it should."""
    planes = (values >> 8).astype(np.uint8), (values & 255).astype(np.uint8)
    first, second = (b"".join(ic.packbits_encode(row.tobytes()) for row in plane) for plane in planes)
    first += surplus
    first += b"\0" * (len(first) % 2)
    return struct.pack("<16I", 2, 64, 64 + len(first), *[0] * 13) + first + second + b"\0" * (len(second) % 2)


@pytest.mark.parametrize("surplus", [b"\xff\x05", b"\xfe\x05"])
def test_run_lengths_with_a_surplus_byte(tmp_path: Path, surplus: bytes) -> None:
    values = image(12)
    radiograph = read(save(tmp_path, encapsulated(chest(values, 12), [rle(values, surplus)], RLELossless)))
    np.testing.assert_array_equal(radiograph.pixels, values)
    assert SECOND in radiograph.notices


@pytest.mark.parametrize(("bits", "signed"), [(8, False), (12, False), (16, False), (12, True), (16, True)])
def test_jpeg_ls_with_a_surplus_byte_before_its_end(tmp_path: Path, bits: int, signed: bool) -> None:
    values = image(bits, signed)
    stream = bytes(ic.jpegls_encode(cells(values, bits)))
    path = save(tmp_path, encapsulated(chest(values, bits), [stream[:-2] + b"\0" + stream[-2:]], JPEG + "80"))
    np.testing.assert_array_equal(read(path).pixels, values)
    assert SECOND in read(path).notices


def test_a_sound_picture_needs_one_decoder(tmp_path: Path) -> None:
    for syntax, stream in (("80", ic.jpegls_encode(image(12))), ("201", ic.htj2k_encode(image(12), reversible=True))):
        path = save(tmp_path, encapsulated(chest(image(12), 12), [bytes(stream)], JPEG + syntax), syntax)
        assert SECOND not in read(path).notices


CODED = {
    "50": lambda values: ic.jpeg8_encode(values, level=95),
    "51": lambda values: ic.jpeg8_encode(values, level=95, bitspersample=12),
    "57": lambda values: ic.jpeg8_encode(values, lossless=True, predictor=4, bitspersample=12),
    "70": lambda values: ic.jpeg8_encode(values, lossless=True, predictor=1, bitspersample=12),
    "80": ic.jpegls_encode,
    "81": lambda values: ic.jpegls_encode(values, level=2),
    "90": lambda values: ic.jpeg2k_encode(values, level=0, reversible=True, codecformat="j2k", bitspersample=12),
    "91": lambda values: ic.jpeg2k_encode(values, level=60, reversible=False, codecformat="j2k", bitspersample=12),
    "201": lambda values: ic.htj2k_encode(values, reversible=True),
    "203": lambda values: ic.htj2k_encode(values, level=0.002, reversible=False),
}


@pytest.mark.parametrize("syntax", CODED)
def test_the_second_decoder_of_every_syntax_gives_the_values_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, syntax: str
) -> None:
    bits = 8 if syntax == "50" else 12
    values = image(bits)
    path = save(tmp_path, encapsulated(chest(values, bits), [bytes(CODED[syntax](values))], JPEG + syntax))
    first = read(path).pixels
    among = codecs._decoders

    def panic(*_: object) -> Any:
        raise PanicError

    monkeypatch.setattr(codecs, "_decoders", lambda *args: (panic, *among(*args)[1:]))
    second = read(path)
    assert np.abs(second.pixels.astype(int) - first).max() <= (1 if syntax in ("50", "51", "91", "203") else 0)
    assert SECOND in second.notices


@pytest.mark.parametrize("syntax", CODED)
def test_no_decoder_shows_half_a_picture(tmp_path: Path, syntax: str) -> None:
    bits = 8 if syntax == "50" else 12
    values = image(bits)
    stream = bytes(CODED[syntax](values))
    for share in (0.3, 0.6, 0.95):
        cut = stream[: int(share * len(stream))]
        path = save(tmp_path, encapsulated(chest(values, bits), [cut], JPEG + syntax))
        began = time.monotonic()
        with pytest.raises(SquidError, match=r"cut short|damaged"):
            read(path)
        assert time.monotonic() - began < 3


def test_colour_is_read_by_a_second_decoder_as_by_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    among = codecs._decoders
    monkeypatch.setattr(codecs, "_decoders", lambda *args: among(*args)[1:])
    for syntax, stream in (
        ("70", ic.jpeg8_encode(colours(), lossless=True, predictor=1)),
        ("80", ic.jpegls_encode(colours())),
        ("90", ic.jpeg2k_encode(colours(), level=0, reversible=True, codecformat="j2k", mct=False)),
    ):
        path = save(tmp_path, encapsulated(chest(colours(), 8), [bytes(stream)], JPEG + syntax), syntax)
        np.testing.assert_array_equal(read(path).pixels, colours())
    stream = bytes(ic.jpeg8_encode(colours(), level=95, colorspace="RGB", outcolorspace="YCBCR"))
    ds = encapsulated(chest(colours(), 8, PhotometricInterpretation="YBR_FULL_422"), [stream], JPEG + "50")
    second = read(save(tmp_path, ds)).pixels.astype(int)
    monkeypatch.undo()
    assert np.abs(second - read(save(tmp_path, ds)).pixels).max() <= 2


def test_what_both_refuse_is_damaged_and_a_panic_is_no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    header = ImageHeader(4, 4, 1, "MONOCHROME2", 16, 12, 11, False, False, 1)

    def panic(*_: object) -> Any:
        raise PanicError

    def leave(*_: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(codecs, "_decoders", lambda *_: (panic, panic))
    with pytest.raises(SquidError, match="damaged and cannot be decoded"):
        codecs.decode(b"", RLELossless, header, [])
    monkeypatch.setattr(codecs, "_decoders", lambda *_: (leave, panic))
    with pytest.raises(KeyboardInterrupt):
        codecs.decode(b"", RLELossless, header, [])


def test_a_panic_anywhere_in_a_child_is_an_answer() -> None:
    def panic() -> Examined:
        raise PanicError

    def leave() -> Examined:
        raise KeyboardInterrupt

    assert (errands.answered(panic).status, errands.answered(panic).message) == (FileStatus.ERROR, UNEXPECTED)
    with pytest.raises(SquidError, match="not foreseen"):
        errands.plainly(panic)
    for work in (errands.answered, errands.plainly):
        with pytest.raises(KeyboardInterrupt):
            work(leave)
