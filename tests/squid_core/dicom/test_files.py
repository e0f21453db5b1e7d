"""Every kind of file gets an answer: what is skipped, what is an error, and what the limits stop.

Long, since it is a catalogue: one short test a kind of file, in one place to see what is missing.
"""

from __future__ import annotations

import io
import os
import random
import socket
import stat
import struct
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.sequence import Sequence
from pydicom.uid import (
    UID,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    MediaStorageDirectoryStorage,
    RLELossless,
)

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FileStatus
from squid_core.dicom.container import deflated
from squid_core.dicom.container.scan import printable, walk
from squid_core.dicom.errors import NotAnImageError
from squid_core.dicom.header.elements import ElementEncoding, Walk
from squid_core.dicom.opening import WANTED
from squid_core.dicom.reader import read, read_identity
from tests.squid_core.dicom.phantoms import chest, compressed, encapsulated, jpeg, phantom, save, to_bytes


def answer(path: Path) -> tuple[str, str]:
    """("shown" | "skipped" | "error", message); any other exception fails the test."""
    try:
        radiograph = read(path)
    except NotAnImageError as error:
        return "skipped", str(error)
    except SquidError as error:
        return "error", str(error)
    return "shown", " ".join(radiograph.notices)


@pytest.mark.parametrize(
    ("data", "noun"),
    [
        (b"", "empty"),
        (b"Hello, I am a text file.\n" * 20, "a text file"),
        (b"name,age\r\nx,1\r\n" * 20, "a text file"),
        (b"%PDF-1.4\n" + b"\0" * 300, "a PDF"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 500, "thumbnail"),
        (b"\0" * 1024, "zeros"),
        (b"\xff" * 1024, "another kind"),
        (b"<html><script>1</script>", "a web page"),
        (bytes(range(255, 0, -1)) * 9, "another kind"),
    ],
)
def test_what_is_no_dicom_is_skipped_by_its_name(tmp_path: Path, data: bytes, noun: str) -> None:
    kind, message = answer(save(tmp_path, data))
    assert kind == "skipped"
    assert noun in message


@pytest.mark.parametrize(
    ("sop_class", "modality", "noun"),
    [
        ("1.2.840.10008.5.1.4.1.1.88.33", "SR", "structured report"),
        ("1.2.840.10008.5.1.4.1.1.11.1", "PR", "presentation state"),
        ("1.2.840.10008.5.1.4.1.1.104.1", "DOC", "PDF"),
        ("1.2.840.10008.5.1.4.1.1.481.5", "RTPLAN", "radiotherapy plan"),
        ("1.2.840.10008.5.1.4.1.1.9.1.1", "ECG", "waveform"),
        ("1.2.840.10008.5.1.4.1.1.66.4", "SEG", "segmentation"),
        ("1.2.840.10008.5.1.4.1.1.1.1", "DX", "without an image"),
    ],
)
def test_dicom_without_an_image_is_skipped(tmp_path: Path, sop_class: str, modality: str, noun: str) -> None:
    ds = chest(SOPClassUID=sop_class, Modality=modality)
    if modality != "SEG":
        del ds.PixelData
    kind, message = answer(save(tmp_path, ds))
    assert kind == "skipped"
    assert noun in message


def test_a_truncated_report_is_still_a_report(tmp_path: Path) -> None:
    ds = chest(SOPClassUID="1.2.840.10008.5.1.4.1.1.88.33", Modality="SR", PixelData=None)
    assert answer(save(tmp_path, to_bytes(ds)[:-9]))[0] == "skipped"


def test_without_preamble_or_meta_header(tmp_path: Path) -> None:
    raw = to_bytes(chest())
    assert answer(save(tmp_path, raw[132:], "meta only"))[0] == "shown"
    start = raw.index(b"\x08\x00\x16\x00UI")
    assert answer(save(tmp_path, raw[start:], "bare"))[0] == "shown"
    np.testing.assert_array_equal(read(tmp_path / "bare").pixels, phantom())


@pytest.mark.parametrize(
    "attributes",
    [
        {"Rows": 65535, "Columns": 65535},
        {"Rows": 46341, "Columns": 46341},
        {"Rows": 0},
        {"Columns": None},
        {"BitsAllocated": None},
        {"BitsAllocated": 13},
        {"BitsAllocated": 0},
        {"BitsStored": 24, "HighBit": 23},
        {"SamplesPerPixel": 0},
        {"SamplesPerPixel": 65535},
        {"PixelRepresentation": None},
        {"PhotometricInterpretation": "FNORD"},
        {"PhotometricInterpretation": None},
        {"PhotometricInterpretation": "RGB"},
        {"PhotometricInterpretation": "PALETTE COLOR"},
        {"NumberOfFrames": "2147483647"},
        {"NumberOfFrames": "-1"},
        {"PixelData": b""},
        {"PixelData": phantom().tobytes()[:-2]},
    ],
)
def test_lying_headers_are_errors(tmp_path: Path, attributes: dict[str, Any]) -> None:
    began = time.monotonic()
    kind, message = answer(save(tmp_path, chest(**attributes)))
    assert kind == "error"
    assert len(message) > 15
    assert time.monotonic() - began < 2


def test_more_bytes_than_needed_are_shown_with_a_notice(tmp_path: Path) -> None:
    kind, message = answer(save(tmp_path, chest(PixelData=phantom().tobytes() + b"\1\2\3\4")))
    assert (kind, "more bytes" in message) == ("shown", True)


def test_every_truncation_is_answered_and_none_is_shown(tmp_path: Path) -> None:
    raw = to_bytes(chest(phantom(20, 20)))
    path = tmp_path / "cut"
    for length in range(132, len(raw), 13):
        path.write_bytes(raw[:length])
        kind, _ = answer(path)
        # A cut between two elements before the picture leaves a sound file without one.
        assert kind != "shown", length


def nested(depth: int, undefined: bool) -> bytes:
    body = struct.pack("<HH2sH", 8, 0x100, b"SH", 2) + b"X "
    for _ in range(depth):
        if undefined:
            item = struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF) + body + struct.pack("<HHI", 0xFFFE, 0xE00D, 0)
            end = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
            body = struct.pack("<HH2sHI", 8, 0x1140, b"SQ", 0, 0xFFFFFFFF) + item + end
        else:
            item = struct.pack("<HHI", 0xFFFE, 0xE000, len(body)) + body
            body = struct.pack("<HH2sHI", 8, 0x1140, b"SQ", 0, len(item)) + item
    return body


@pytest.mark.parametrize("undefined", [True, False])
def test_nesting_is_bounded(tmp_path: Path, undefined: bool) -> None:
    raw = to_bytes(chest())
    place = raw.index(b"\x08\x00\x60\x00CS")
    for depth, expected in ((3, "shown"), (64, "shown"), (65, "error"), (5000, "error")):
        path = save(tmp_path, raw[:place] + nested(depth, undefined) + raw[place:])
        assert answer(path)[0] == expected, depth


def test_items_and_elements_are_bounded(tmp_path: Path) -> None:
    raw = to_bytes(chest())
    place = raw.index(b"\x08\x00\x60\x00CS")
    items = struct.pack("<HHI", 0xFFFE, 0xE000, 0) * 10_001
    many = struct.pack("<HH2sHI", 8, 0x1140, b"SQ", 0, len(items)) + items
    assert "10000 sequence items" in answer(save(tmp_path, raw[:place] + many + raw[place:]))[1]
    private = (struct.pack("<HH2sH", 9, 0x1000, b"LO", 2) + b"AB") * 60_000
    began = time.monotonic()
    assert answer(save(tmp_path, raw[:place] + private + raw[place:]))[0] == "shown"
    assert time.monotonic() - began < 5


def test_stray_implicit_and_blank_vrs_are_stepped_over(tmp_path: Path) -> None:
    raw = to_bytes(chest())
    place = raw.index(b"\x10\x00\x10\x00PN")
    stray = struct.pack("<HHI", 0x0009, 0x1001, 6) + b"abcdef"  # implicit among explicit
    blank = struct.pack("<HH2sH", 0x0009, 0x1002, b"  ", 2) + b"\0\0"
    path = save(tmp_path, raw[:place] + stray + blank + raw[place:])
    np.testing.assert_array_equal(read(path).pixels, phantom())
    assert read_identity(path)[0].patient_id == "P-17"


def test_a_deflate_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deflated, "MAX_INFLATED_BYTES", 20_000_000)
    raw = to_bytes(chest())
    place = raw.index(b"\x08\x00\x16\x00UI")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(raw[place:]) + packer.compress(struct.pack("<HH2sHI", 0x7FE1, 0x1010, b"OB", 0, 1 << 29))
    body += b"".join(packer.compress(bytes(1 << 20)) for _ in range(40)) + packer.flush()
    head = raw[:place].replace(b"UI\x14\x001.2.840.10008.1.2.1\0", b"UI\x16\x001.2.840.10008.1.2.1.99")
    assert "unpack to more" in answer(save(tmp_path, head + body))[1]


def test_streams_of_another_size_never_reach_a_decoder(tmp_path: Path) -> None:
    grey = phantom(bits=8, dtype=np.uint8)
    wrong = encapsulated(chest(grey, 8), [jpeg(grey[:80])], JPEGBaseline8Bit)
    assert "another size" in answer(save(tmp_path, wrong))[1]
    j2k = to_bytes(compressed(chest(), JPEG2000Lossless, "pylibjpeg"))
    place = j2k.index(b"\xff\x4f\xff\x51") + 8
    huge = j2k[:place] + struct.pack(">I", 60000) + j2k[place + 4 :]
    assert "another size" in answer(save(tmp_path, huge))[1]
    colour = encapsulated(chest(grey, 8), [jpeg(np.dstack([grey] * 3))], JPEGBaseline8Bit)
    assert "colour channels" in answer(save(tmp_path, colour))[1]


@pytest.mark.parametrize(
    "frame",
    [
        struct.pack("<16I", 0, *[0] * 15),
        struct.pack("<16I", 255, *[64] * 15) + b"\0" * 64,
        struct.pack("<16I", 2, 64, 0xFFFFFFF0, *[0] * 13) + b"\x81\0" * 64,
        b"\2\0\0\0",
        struct.pack("<16I", 2, 64, 66, *[0] * 13) + b"\x81\0" * 4,
    ],
)
def test_broken_run_lengths_are_errors(tmp_path: Path, frame: bytes) -> None:
    assert answer(save(tmp_path, encapsulated(chest(), [frame], RLELossless)))[0] == "error"


@pytest.mark.parametrize(
    ("syntax", "plugin"), [(RLELossless, "pydicom"), (JPEG2000Lossless, "pylibjpeg"), (JPEGLSLossless, "pyjpegls")]
)
def test_a_cut_compressed_stream_is_never_half_a_picture(tmp_path: Path, syntax: UID, plugin: str) -> None:
    ds = compressed(chest(), syntax, plugin)
    stream = next(generate_frames(ds.PixelData, number_of_frames=1))
    for share in (0.2, 0.5, 0.9):
        cut = encapsulated(ds, [stream[: int(len(stream) * share)]], syntax)
        assert answer(save(tmp_path, cut))[0] == "error", share
    whole_file = to_bytes(encapsulated(ds, [stream], syntax))
    assert answer(save(tmp_path, whole_file[: len(whole_file) // 2]))[0] == "error"


def test_a_cut_jpeg_is_never_half_a_picture(tmp_path: Path) -> None:
    grey = phantom(bits=8, dtype=np.uint8)
    stream = jpeg(grey)
    for share in (0.2, 0.5, 0.9):
        cut = encapsulated(chest(grey, 8), [stream[: int(len(stream) * share)]], JPEGBaseline8Bit)
        assert answer(save(tmp_path, cut))[0] == "error", share


def test_missing_frames_are_an_error(tmp_path: Path) -> None:
    grey = phantom(bits=8, dtype=np.uint8)
    ds = encapsulated(chest(grey, 8, NumberOfFrames="3"), [b"\xff\xd8\xff\xd9"], JPEGBaseline8Bit)
    assert "fewer images" in answer(save(tmp_path, ds))[1]


def test_transfer_syntaxes_that_lie(tmp_path: Path) -> None:
    raw = to_bytes(chest())
    for other in (b"1.2.3.4.5.6.7.8.9.1\0", b"1.2.840.10008.1.2.2\0", b"1.2.840.10008.1.2.4."):
        assert answer(save(tmp_path, raw.replace(b"1.2.840.10008.1.2.1\0", other)))[0] == "error"


def test_a_preamble_that_is_a_program_is_told(tmp_path: Path) -> None:
    raw = bytearray(to_bytes(chest()))
    raw[:128] = b"MZ".ljust(128, b"\0")
    kind, message = answer(save(tmp_path, bytes(raw)))
    assert kind == "shown"
    assert "Caution" in message


def test_no_message_carries_an_identifier(tmp_path: Path) -> None:
    raw = to_bytes(chest(PatientName="ZZCANARY^PHI", PatientID="PHI-CANARY", StudyDescription="CANARY"))
    path = tmp_path / "CANARY"
    for length in range(132, len(raw), 97):
        path.write_bytes(raw[:length])
        assert "CANARY" not in answer(path)[1]


def test_byte_flips_never_escape(tmp_path: Path) -> None:
    chooser = random.Random(20241)  # noqa: S311 - a seeded test
    raw = to_bytes(chest(phantom(24, 24)))
    path = tmp_path / "flipped"
    for _ in range(40):
        data = bytearray(raw)
        for _ in range(chooser.choice((1, 1, 2, 4, 16))):
            data[chooser.randrange(128, len(data) - 1000)] = chooser.choice(
                (0, 0xFF, 0x7F, 0x80, chooser.randrange(256))
            )
        if chooser.random() < 0.2:
            place = chooser.randrange(132, 700)
            del data[place : place + chooser.choice((1, 2, 4, 8))]
        path.write_bytes(data)
        kind, message = answer(path)
        assert kind == "shown" or len(message) > 8


def test_the_walk_agrees_with_pydicom_on_public_files(demo_folder: Path) -> None:
    from pydicom import dcmread

    for name in ("RG1_UNCR.dcm", "693_UNCI.dcm", "emri_small.dcm", "eCT_Supplemental.dcm", "color-px.dcm"):
        path = demo_folder / name
        ds = dcmread(path, stop_before_pixels=True)
        with path.open("rb") as source:
            walked = Walk(source, 0, 0, ElementEncoding(False, True), ())
            walked.position, walked.size = ds.file_meta.FileMetaInformationGroupLength + 144, path.stat().st_size
            walked.wanted = WANTED
            walked.run()
        expected = {int(tag) for tag in ds.keys() if int(tag) in WANTED}  # noqa: SIM118 - a Dataset iterates elements
        assert set(map(int, walked.elements)) == expected, name
        assert walked.pixels is not None


def zipped(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            # Without the time of day, so that all processes collect the same tests.
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (zipped({"ST/IM1": b"x"}), "skipped"),
        (zipped({"../../PWNED.dcm": b"x"}), "error"),
        (zipped({"/tmp/PWNED.dcm": b"x"}), "error"),  # noqa: S108 - only a name
        (zipped({"big": bytes(301_000_000)}), "error"),
        (zipped({"ST/IM1": b"x"})[:-30], "error"),
    ],
)
def test_archives_are_judged_and_never_unpacked(tmp_path: Path, data: bytes, expected: str) -> None:
    assert answer(save(tmp_path, data, "a.zip"))[0] == expected
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.zip"]


def directory(*references: list[str]) -> Dataset:
    ds = chest(SOPClassUID=MediaStorageDirectoryStorage, PixelData=None)
    ds.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    records = []
    for reference in references:
        record = Dataset()
        record.DirectoryRecordType, record.ReferencedFileID = "IMAGE", reference
        records.append(record)
    ds.DirectoryRecordSequence = Sequence(records)
    return ds


@pytest.mark.filterwarnings("ignore:Invalid value for VR")
@pytest.mark.parametrize(
    ("reference", "expected", "word"),
    [
        (["IMAGES", "IM1"], "skipped", "index of 1"),
        (["..", "SECRET"], "error", "outside"),
        (["/etc", "passwd"], "error", "outside"),
        (["LINK", "SECRET"], "error", "outside"),
        (["DICOMDIR"], "error", "itself"),
        (["IMAGES", "IM9"], "error", "IMAGES/IM9"),
    ],
)
def test_an_index_is_checked_and_not_followed(tmp_path: Path, reference: list[str], expected: str, word: str) -> None:
    medium = tmp_path / "medium"
    save(medium / "IMAGES", chest(), "IM1")
    save(tmp_path, chest(), "SECRET")
    (medium / "LINK").symlink_to(tmp_path)
    kind, message = answer(save(medium, directory(reference), "DICOMDIR"))
    assert kind == expected
    assert word in message


def test_the_walk_finds_all_and_follows_nothing(tmp_path: Path) -> None:
    root = tmp_path / "root"
    save(tmp_path / "outside", chest(), "secret")
    save(root / "b" / "deep", b"1", "one")
    save(root / "a", b"22", "two")
    save(root, b"", "empty")
    (root / "loop").symlink_to(root)
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "dangling").symlink_to("/nope/nope")
    os.mkfifo(root / "pipe")
    found = {entry.relative: entry for entry in walk(root)}
    assert list(found) == ["dangling", "empty", "loop", "out", "pipe", "a/two", "b/deep/one"]
    assert found["a/two"].size == 2
    assert found["a/two"].status is None
    for name in ("dangling", "loop", "out", "pipe"):
        assert found[name].status is FileStatus.SKIPPED
        assert len(found[name].message) > 8


def test_the_walk_goes_sixty_folders_deep_and_further(tmp_path: Path) -> None:
    folders = [f"d{number}" for number in range(200)]
    save(tmp_path.joinpath(*folders[:60]), b"x", "sixty")
    save(tmp_path.joinpath(*folders), b"x", "deepest")
    found = {Path(entry.relative).name: entry for entry in walk(tmp_path)}
    assert set(found) == {"sixty", "deepest"}
    assert found["sixty"].relative.count("/") == 60
    assert found["deepest"].size == 1


def test_sockets_and_devices_are_named_and_never_opened(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(tmp_path / "s"))  # such a name may have 108 bytes only
        (found,) = walk(tmp_path)
    assert (found.status, found.message) == (FileStatus.SKIPPED, "A socket, not a file; it is never opened.")
    assert [entry.status for entry in walk(Path(os.devnull))] == [FileStatus.SKIPPED]


def test_links_to_files_and_to_each_other_are_not_followed(tmp_path: Path) -> None:
    save(tmp_path, chest(), "real")
    (tmp_path / "to file").symlink_to("real")
    (tmp_path / "ping").symlink_to("pong")
    (tmp_path / "pong").symlink_to("ping")
    (tmp_path / "up").symlink_to("..")
    answers = {entry.relative: entry.status for entry in walk(tmp_path)}
    skipped = dict.fromkeys(("ping", "pong", "to file", "up"), FileStatus.SKIPPED)
    assert answers == {"real": None, **skipped}


def test_the_walk_takes_a_single_file_and_a_linked_root(tmp_path: Path) -> None:
    path = save(tmp_path / "real", b"x", "one")
    assert [entry.relative for entry in walk(path)] == ["one"]
    (tmp_path / "alias").symlink_to(tmp_path / "real")
    assert [entry.relative for entry in walk(tmp_path / "alias")] == ["one"]
    with pytest.raises(SquidError, match="cannot be found"):
        list(walk(tmp_path / "nothing"))


def test_odd_names_are_printable(tmp_path: Path) -> None:
    raw = os.path.join(os.fsencode(tmp_path), b"\xff\xfe bad\n\t.dcm")  # noqa: PTH118 - bytes, not a Path
    Path(os.fsdecode(raw)).write_bytes(b"x")
    assert [entry.relative for entry in walk(tmp_path) if entry.path.is_file()] == ["\\xff\\xfe bad\\n\\t.dcm"]
    assert printable("ünï") == "ünï"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_folders_and_files_are_named(tmp_path: Path) -> None:
    path = save(tmp_path / "shut", chest(), "x")
    path.chmod(0)
    assert answer(path) == ("error", "You are not allowed to read this file.")
    path.parent.chmod(0)
    try:
        found = [entry for entry in walk(tmp_path) if entry.relative == "shut"]
        assert [entry.status for entry in found] == [FileStatus.ERROR]
    finally:
        path.parent.chmod(stat.S_IRWXU)


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert answer(tmp_path / "pipe")[0] == "skipped"


def test_a_huge_sparse_file_is_not_read_whole(tmp_path: Path) -> None:
    path = save(tmp_path, chest())
    with path.open("r+b") as file:
        file.truncate(6 << 30)
    began = time.monotonic()
    np.testing.assert_array_equal(read(path).pixels, phantom())
    assert time.monotonic() - began < 2
