"""A DICOMDIR leads to what lies in its own folder, whatever its names are, and says what is not there."""

from __future__ import annotations

import os
import struct
import tracemalloc
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from squid_core.contracts.radiograph import FileStatus
from squid_core.dicom.container import dicomdir
from squid_core.dicom.container.masking import Mask
from squid_core.dicom.container.medium import Medium, OutsideError
from squid_core.dicom.errands import Examined, identify_in_child
from squid_core.dicom.source import Source
from tests.squid_core.dicom.phantoms import save

UID_NAME = "1.2.840.99999999.2.5.1762583153.215519"
UNDEFINED = 0xFFFFFFFF
IN_USE, STRUCK_OUT = b"\xff\xff", b"\0\0"


def element(tag: int, vr: bytes, value: bytes) -> bytes:
    """Explicit little endian (PS3.5 7.1.2)."""
    value += (b"\0" if vr in (b"UI", b"OB") else b" ") * (len(value) % 2)
    head = struct.pack("<HH2s", tag >> 16, tag & 0xFFFF, vr)
    return (
        head
        + (struct.pack("<HI" if vr in (b"OB", b"SQ") else "<H", *([0] * (vr in (b"OB", b"SQ"))), len(value)))
        + value
    )


def sequence(tag: int, items: Iterable[bytes], *, undefined: bool = False) -> bytes:
    if not undefined:
        whole = b"".join(struct.pack("<HHI", 0xFFFE, 0xE000, len(item)) + item for item in items)
        return element(tag, b"SQ", whole)
    ended = (
        struct.pack("<HHI", 0xFFFE, 0xE000, UNDEFINED) + item + struct.pack("<HHI", 0xFFFE, 0xE00D, 0) for item in items
    )
    head = struct.pack("<HH2sHI", tag >> 16, tag & 0xFFFF, b"SQ", 0, UNDEFINED)
    return head + b"".join(ended) + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)


def record(file_id: bytes, *, kind: bytes = b"IMAGE", icon: int = 0, in_use: bytes = IN_USE) -> bytes:
    """A directory record (PS3.3 F.3.2.2), with an icon of that many rows."""
    made = element(0x00041410, b"US", in_use) + element(0x00041430, b"CS", kind) + element(0x00041500, b"CS", file_id)
    if icon:
        made += sequence(0x00880200, [element(0x7FE00010, b"OB", bytes(icon * icon))])
    return made


def whose(name: bytes, number: bytes = b"") -> bytes:
    return (
        element(0x00041430, b"CS", b"PATIENT") + element(0x00100010, b"PN", name) + element(0x00100020, b"LO", number)
    )


def index(*records: bytes, undefined: bool = False) -> bytes:
    meta = element(0x00020002, b"UI", b"1.2.840.10008.1.3.10") + element(0x00020010, b"UI", b"1.2.840.10008.1.2.1")
    group = element(0x00020000, b"UL", struct.pack("<I", len(meta)))
    return bytes(128) + b"DICM" + group + meta + sequence(0x00041220, records, undefined=undefined)


def looked_at(path: Path) -> Examined:
    (examined,) = identify_in_child((Source(path),))
    return examined


def led_to(examined: Examined) -> list[str]:
    return [source.path.name for source in examined.contents]


@pytest.mark.parametrize(
    ("file_id", "on_disk"),
    [
        (b"IMAGES\\IM1", "IMAGES/IM1"),
        (b"IMAGES\\IM1", "images/im1"),  # mounted with small letters
        (b"IMAGES\\IM1", "Images/Im1"),
        (b"images\\im1", "IMAGES/IM1"),
        (b"IMAGES\\IM1", "IMAGES/IM1.dcm"),
        (b"IMAGES\\IM1", "images/im1.DCM"),
        (b"IMAGES\\IM1", "IMAGES/IM1.ima"),
        (b"IMAGES\\IM1", "IMAGES/IM1.IMG"),
        (b"IMAGES\\IM1.DCM", "IMAGES/IM1"),
        (b"IMAGES\\IM1", "IMAGES/IM1.;1"),  # ISO 9660 as it lies on the medium
        (b"IMAGES\\" + UID_NAME.encode(), f"IMAGES/{UID_NAME}"),
        (b"IMAGES\\" + UID_NAME.encode() + b".dcm", f"IMAGES/{UID_NAME}.dcm"),
        (b"IMAGES/IM1", "IMAGES/IM1"),
        (b".\\IMAGES\\\\IM1 ", "IMAGES/IM1"),
        (b"\\IMAGES\\IM1", "IMAGES/IM1"),
        (b"E:\\IMAGES\\IM1", "IMAGES/IM1"),
        (b"IMAGES\\..\\IMAGES\\IM1", "IMAGES/IM1"),
        (b"IMAGES\\IM 1 (2) #&+[x]", "IMAGES/IM 1 (2) #&+[x]"),
        ("BILDER\\MÜLLER".encode(), "BILDER/MÜLLER"),
        ("BILDER\\MÜLLER".encode("latin-1"), "BILDER/Müller.dcm"),
        ("BILDER\\MÜLLER".encode("cp850"), "BILDER/MU\u0308LLER"),  # as macOS puts it together
        ("画像\\表1".encode("shift_jis"), "画像/表1"),  # whose second byte is a backslash
        ("影像\\功能".encode("big5"), "影像/功能"),
        ("СНИМКИ\\КТ1".encode("cp1251"), "СНИМКИ/КТ1"),
    ],
)
def test_a_file_is_found_by_the_name_that_the_index_gives_it(tmp_path: Path, file_id: bytes, on_disk: str) -> None:
    image = save(tmp_path / on_disk.partition("/")[0], b"", on_disk.partition("/")[2])
    examined = looked_at(save(tmp_path, index(record(file_id)), "DICOMDIR"))
    assert (examined.status, examined.message) == (
        FileStatus.SKIPPED,
        "A DICOMDIR, the index of 1 image, which is listed by itself.",
    )
    assert [source.path.samefile(image) for source in examined.contents] == [True]


def test_of_several_files_the_one_is_opened_whose_name_is_nearest(tmp_path: Path) -> None:
    for name in ("IM1", "im1", "IM1.dcm", "IM2.dcm", "im2", "IM3.ima"):
        save(tmp_path, b"", name)
    (tmp_path / "IM3").mkdir()
    examined = looked_at(save(tmp_path, index(*(record(b"IM%d" % number) for number in (1, 2, 3))), "DICOMDIR"))
    assert led_to(examined) == ["IM1", "im2", "IM3.ima"]


@pytest.mark.parametrize("undefined", [False, True])
def test_every_record_is_judged_by_itself(tmp_path: Path, undefined: bool) -> None:
    medium = tmp_path / "medium"
    save(medium / "IMAGES", b"", "IM1")
    save(tmp_path / "other", b"", "SECRET")
    (medium / "OUT").symlink_to(tmp_path / "other")
    (medium / "IN").symlink_to(medium / "IMAGES")
    (medium / "FILE").symlink_to(tmp_path / "other" / "SECRET")
    (medium / "LOOP").symlink_to(medium / "LOOP")
    lost = (
        b"OUT\\SECRET",
        b"FILE",
        b"..\\other\\SECRET",
        b"/etc/passwd",
        b"\\\\server\\share\\x",
        b"C:\\Windows\\win.ini",
    )
    records = [*map(record, lost), record(b"DICOMDIR"), record(b"IMAGES\\IM7"), record(b"LOOP"), record(b"IN\\IM1")]
    examined = looked_at(save(medium, index(*records, undefined=undefined), "DICOMDIR"))
    assert (examined.status, examined.container) == (FileStatus.ERROR, True)
    assert [source.path for source in examined.contents] == [medium / "IN" / "IM1"]
    assert "not there (2 of 10): #8 IMAGES/IM7, #9 …." in examined.message
    assert "outside its own folder (6 of 10 files)" in examined.message
    assert "names itself" in examined.message


def test_nothing_outside_the_folder_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    medium = tmp_path / "medium"
    (medium / "A").mkdir(parents=True)
    (medium / "A" / "OUT").symlink_to(tmp_path)
    listed: list[Path] = []
    real = os.scandir

    def watched(path: Path) -> Any:
        listed.append(path)
        return real(path)

    monkeypatch.setattr(os, "scandir", watched)
    with pytest.raises(OutsideError):
        Medium(medium).find(("A", "OUT", "SECRET"))
    assert set(listed) == {medium, medium / "A"}


def test_a_folder_that_may_not_be_read_is_not_called_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path / "A", b"", "IM1")
    save(tmp_path / "B", b"", "IM2")
    real = os.scandir

    def guarded(path: Path) -> Any:
        if path.name == "A":
            raise PermissionError
        return real(path)

    path = save(tmp_path, index(record(b"A\\IM1"), record(b"B\\IM2")), "DICOMDIR")
    monkeypatch.setattr(os, "scandir", guarded)
    examined = looked_at(path)
    assert examined.message == "A DICOMDIR of files you are not allowed to read (1 of 2)."
    assert led_to(examined) == ["IM2"]


def test_a_record_that_was_struck_out_is_not_missed_and_opens_where_its_file_is_there(tmp_path: Path) -> None:
    save(tmp_path / "IMAGES", b"", "IM1")
    records = [record(b"IMAGES\\IM%d" % number, in_use=STRUCK_OUT) for number in (1, 2)]
    examined = looked_at(save(tmp_path, index(*records), "DICOMDIR"))
    assert (examined.status, led_to(examined)) == (FileStatus.SKIPPED, ["IM1"])


def test_an_index_alone_says_that_its_files_stayed_behind(tmp_path: Path) -> None:
    examined = looked_at(save(tmp_path, index(record(b"IM1"), record(b"IM2")), "DICOMDIR"))
    assert (examined.status, examined.contents) == (FileStatus.SKIPPED, ())
    assert examined.message == "A DICOMDIR that came without the files it lists beside it (2): #1 IM1, #2 IM2."


def test_an_index_of_more_than_ten_thousand_records_is_read_to_its_end(tmp_path: Path) -> None:
    for name in ("IM1", "IM2"):
        save(tmp_path / "IMAGES", b"", name)
    records = [record(b"IMAGES\\IM1")] * 10_500 + [record(b"IMAGES\\IM2")]
    examined = looked_at(save(tmp_path, index(*records), "DICOMDIR"))
    assert examined.status is FileStatus.SKIPPED
    assert "index of 10501 images" in examined.message
    assert led_to(examined) == ["IM1", "IM2"]


def test_icons_are_stepped_over(tmp_path: Path) -> None:
    save(tmp_path, b"", "IM1")
    path = save(tmp_path, index(*[record(b"IM1", icon=256)] * 300), "DICOMDIR")
    assert path.stat().st_size > 18_000_000
    tracemalloc.start()
    examined = looked_at(path)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert led_to(examined) == ["IM1"]
    assert held < 4_000_000


@pytest.mark.parametrize("limit", ["MAX_INDEX_ITEMS", "MAX_INDEX_ELEMENTS"])
def test_an_index_beyond_the_limits_leads_as_far_as_it_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    for number in range(9):
        save(tmp_path, b"", f"IM{number}")
    monkeypatch.setattr(dicomdir, limit, {"MAX_INDEX_ITEMS": 5, "MAX_INDEX_ELEMENTS": 21}[limit])
    examined = looked_at(save(tmp_path, index(*(record(b"IM%d" % number) for number in range(9))), "DICOMDIR"))
    assert (examined.status, examined.container) == (FileStatus.ERROR, True)
    assert examined.message == "A DICOMDIR beyond the limits; it was not read to its end. Open its folder instead."
    assert led_to(examined) == ["IM0", "IM1", "IM2", "IM3", "IM4"]


def test_a_damaged_index_leads_as_far_as_it_was_read(tmp_path: Path) -> None:
    for number in range(3):
        save(tmp_path, b"", f"IM{number}")
    whole = index(*(record(b"IM%d" % number) for number in range(3)), undefined=True)
    examined = looked_at(save(tmp_path, whole[: whole.rindex(b"IM2") - 3], "DICOMDIR"))
    assert (examined.status, examined.container) == (FileStatus.ERROR, True)
    assert examined.message.startswith("A damaged DICOMDIR. ")
    assert led_to(examined) == ["IM0", "IM1"]


def test_a_broken_file_of_that_name_is_an_index_all_the_same(tmp_path: Path) -> None:
    examined = looked_at(save(tmp_path, index(record(b"IM1"))[:180], "dicomdir"))
    assert (examined.status, examined.container) == (FileStatus.ERROR, True)
    assert examined.message == "A damaged DICOMDIR. Open its folder instead."


@pytest.mark.parametrize(
    ("stated", "steps", "shown"),
    [
        ((), ("DICOM", "ST00001", "IM000"), "DICOM/ST00001/IM000"),
        ((), ("DOE_JANE", "IM1.dcm"), "…/IM1.dcm"),
        ((), ("0012345", UID_NAME), "…/…"),
        ((b"Roe^Max", b"A-1234"), ("NOPE", "MAKS"), "NOPE/…"),
        ((b"Roe^Jane", b"A-1234"), ("NOPE", "MISSING_2"), "NOPE/MISSING_2"),
        ((b"Roe^Jane", b"A-1234"), ("ROE", "XJANE", "X1234567"), "…/…/…"),
        ((b"Roe^Jane", b"A-1234"), ("R\u00d6", "SCAN123", "X923"), "…/…/X923"),
        (("Müller^Eva".encode(), b"7"), ("MUELLER", "IM1"), "…/IM1"),
        ((b"\x1b$B;3ED", b"7"), ("YAMADA", "IM1"), "…/IM1"),
    ],
)
def test_a_name_that_may_be_a_patients_is_not_said(
    stated: tuple[bytes, ...], steps: tuple[str, ...], shown: str
) -> None:
    assert Mask(stated).shown(steps) == shown


def test_what_is_missing_is_named_without_the_patient(tmp_path: Path) -> None:
    records = [whose(b"Doe^Jane", b"P-4711"), record(b"DOEJANE\\IM1"), record(b"B4711\\IM2"), record(b"BOX\\IM3")]
    message = looked_at(save(tmp_path, index(*records), "DICOMDIR")).message
    assert message == (
        "A DICOMDIR that lists files which are not there (3 of 3): #1 …/IM1, #2 …/IM2, #3 BOX/IM3. "
        "Copy the whole medium."
    )


@given(st.lists(st.binary(min_size=1, max_size=30), max_size=5))
def test_no_file_id_leads_out_or_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, ids: list[bytes]) -> None:
    folder = tmp_path_factory.mktemp("medium", numbered=True)
    examined = looked_at(save(folder, index(*map(record, ids)), "DICOMDIR"))
    assert examined.message.startswith("A DICOMDIR")
    assert examined.contents == ()
