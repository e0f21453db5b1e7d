"""What surrounds a picture, and is missing, surplus or cut off, loses nothing that lies before it."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian, JPEGLSLossless, RLELossless

from squid_core.contracts.errors import SquidError
from squid_core.dicom.pixel.syntaxes import PLAIN_FRAMES
from squid_core.dicom.reader import read, read_identity
from tests.squid_core.dicom.phantoms import chest, encapsulated, phantom, save, to_bytes
from tests.squid_core.dicom.pixel.test_codec_oracles import image, run_lengths

ic = pytest.importorskip("imagecodecs", reason="an independent encoder")

ITEM, ITEM_END, END = (struct.pack("<HH", 0xFFFE, number) for number in (0xE000, 0xE00D, 0xE0DD))
FRAMES = [image(12), np.ascontiguousarray(image(12)[::-1]), np.ascontiguousarray(image(12)[:, ::-1])]
CODE = {
    str(JPEGLSLossless): lambda frame: bytes(ic.jpegls_encode(frame)),
    str(RLELossless): run_lengths,
    PLAIN_FRAMES: np.ndarray.tobytes,
}


def item(data: bytes) -> bytes:
    data += b"\0" * (len(data) % 2)
    return ITEM + struct.pack("<I", len(data)) + data


def filed(folder: Path, run: bytes, syntax: str, frames: int = 1) -> Path:
    """A file whose pixel data are this run of items, and nothing behind it."""
    raw = to_bytes(encapsulated(chest(FRAMES[0], 12, NumberOfFrames=str(frames)), [b"xx"], syntax))
    place = raw.index(b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff") + 12
    return save(folder, raw[:place] + run)


@pytest.mark.parametrize("syntax", CODE)
@pytest.mark.parametrize("count", [1, 3])
def test_an_offset_table_that_is_missing_or_empty(tmp_path: Path, syntax: str, count: int) -> None:
    streams = [item(CODE[syntax](frame)) for frame in FRAMES[:count]]
    offsets = [sum(map(len, streams[:k])) for k in range(count)]
    for table in (b"", item(b""), item(struct.pack(f"<{count}I", *offsets))):
        path = filed(tmp_path, table + b"".join(streams) + END + bytes(4), syntax, count)
        for number in range(count):
            radiograph = read(path, number)
            np.testing.assert_array_equal(radiograph.pixels, FRAMES[number])
            assert radiograph.notices == ()


def test_a_stream_in_pieces_without_an_offset_table(tmp_path: Path) -> None:
    stream = CODE[str(JPEGLSLossless)](FRAMES[0])
    run = b"".join(item(stream[at : at + 1000]) for at in range(0, len(stream), 1000))
    np.testing.assert_array_equal(read(filed(tmp_path, run + END + bytes(4), JPEGLSLossless)).pixels, FRAMES[0])


@pytest.mark.parametrize(
    ("behind", "notice"),
    [
        (END + bytes(4), ""),
        (ITEM_END + bytes(4) + END + bytes(4), ""),
        (b"", "ends too early; what follows the image is missing"),
        (ITEM + b"\xff\xff", "ends too early; what follows the image is missing"),
        (b"\xfc\xff\xfc\xffOB\0\0\0\0\0\0", "do not end as they should"),
        (END + bytes(4) + b"\xfc\xff\xfc\xffOB\0\0\xff\xff", ""),  # trailing padding that is cut off
        (END + bytes(4) + ITEM_END + bytes(4) + b"\1\2\3", ""),
    ],
)
def test_what_lies_behind_the_picture_harms_nothing(tmp_path: Path, behind: bytes, notice: str) -> None:
    run = item(b"") + item(CODE[str(JPEGLSLossless)](FRAMES[0])) + behind
    radiograph = read(filed(tmp_path, run, JPEGLSLossless))
    np.testing.assert_array_equal(radiograph.pixels, FRAMES[0])
    assert len(radiograph.notices) == bool(notice)
    assert notice in "".join(radiograph.notices)


@pytest.mark.parametrize(
    "behind",
    [
        END + bytes(4),
        ITEM_END + bytes(4) + b"\1\2\3",
        b"\xfc\xff\xfc\xffOB\0\0\xff\xff\0\0\1\2",  # an element cut short
        b"\xfe\xff",
    ],
)
def test_what_lies_behind_plain_pixels_harms_nothing(tmp_path: Path, behind: bytes) -> None:
    radiograph = read(save(tmp_path, to_bytes(chest()) + behind))
    np.testing.assert_array_equal(radiograph.pixels, phantom())
    assert radiograph.notices == ()


def test_a_deflated_file_cut_short_behind_its_picture_loses_nothing(tmp_path: Path) -> None:
    ds = chest(DataSetTrailingPadding=np.random.default_rng(1).bytes(4000))
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    raw = to_bytes(ds)
    np.testing.assert_array_equal(read(save(tmp_path, raw[:-2000])).pixels, phantom())
    with pytest.raises(SquidError, match="cut short"):
        read(save(tmp_path, raw[:-4500]))


def test_a_table_alone_is_a_picture_cut_short_or_empty(tmp_path: Path) -> None:
    for run, sentence in ((item(bytes(4)), "this image is cut short"), (item(b"") + END + bytes(4), "is empty")):
        with pytest.raises(SquidError, match=sentence):
            read(filed(tmp_path, run, JPEGLSLossless))
    with pytest.raises(SquidError, match="none begins where the first should"):
        read(filed(tmp_path, b"\1\2\3\4\5\6\7\x08" * 4, JPEGLSLossless))


def test_images_before_the_cut_are_shown(tmp_path: Path) -> None:
    frames = [phantom(), phantom()[::-1].copy(), phantom()[:, ::-1].copy()]
    raw = to_bytes(chest(frames[0], NumberOfFrames="3", PixelData=b"".join(frame.tobytes() for frame in frames)))
    path = save(tmp_path, raw[:-100])
    for number in range(2):
        radiograph = read(path, number)
        np.testing.assert_array_equal(radiograph.pixels, frames[number])
        assert radiograph.notices == ("The file ends too early; what follows the image is missing.",)
    with pytest.raises(SquidError, match="cut short"):
        read(path, 2)


def test_a_length_beyond_the_file_is_a_lie(tmp_path: Path) -> None:
    raw, place = to_bytes(chest()), phantom().nbytes + 4
    lying = raw[:-place] + b"\xfe\xff\xff\xff" + raw[4 - place :]
    with pytest.raises(SquidError, match="runs past the end"):
        read(save(tmp_path, lying))


SEQUENCE = struct.pack("<HH2sHI", 8, 0x1140, b"SQ", 0, 16) + ITEM + struct.pack("<I", 8)
SEQUENCE += struct.pack("<HH2sH", 8, 0x1150, b"UI", 0)


def inside(end: bytes) -> bytes:
    """A sequence of undefined length whose item holds one of known length with `end` behind it, and more."""
    return (
        struct.pack("<HH2sHI", 8, 0x1115, b"SQ", 0, 0xFFFFFFFF)
        + (ITEM + struct.pack("<I", len(SEQUENCE) + len(end) + 8) + SEQUENCE + end)
        + (struct.pack("<HH2sH", 0x10, 0x20, b"LO", 0) + END + bytes(4))
    )


@pytest.mark.parametrize(
    "header",
    [
        END + bytes(4),
        ITEM_END + bytes(4),
        SEQUENCE + END + bytes(4),
        SEQUENCE + ITEM_END + bytes(4) + END + bytes(4),
        inside(END + bytes(4)),
    ],
)
def test_a_stray_delimiter_in_the_header_loses_nothing(tmp_path: Path, header: bytes) -> None:
    raw = to_bytes(chest())
    for place in (raw.index(b"\x08\x00\x60\x00CS"), raw.index(b"\xe0\x7f\x10\x00OW")):
        path = save(tmp_path, raw[:place] + header + raw[place:])
        np.testing.assert_array_equal(read(path).pixels, phantom())
        assert read_identity(path)[0].patient_id == "P-17"


def test_an_item_outside_a_sequence_is_damage(tmp_path: Path) -> None:
    raw: Any = to_bytes(chest())
    place = raw.index(b"\x08\x00\x60\x00CS")
    with pytest.raises(SquidError, match="where no sequence is open"):
        read(save(tmp_path, raw[:place] + ITEM + bytes(4) + raw[place:]))
