"""A zip archive is opened in memory: each member is read like a file, and its table is believed in nothing."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FileStatus
from squid_core.dicom.container import archive
from squid_core.dicom.container.archive import archive_in
from squid_core.dicom.container.scan import FoundFile, inside, walk
from squid_core.dicom.errands import identify_in_child, is_copy_in_child
from squid_core.dicom.reader import read, read_identity
from squid_core.dicom.source import Source
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes
from tests.squid_core.dicom.test_files import directory


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, data in entries:
            file.writestr(name, data)
    return buffer.getvalue()


def contents(path: Path) -> tuple[Source, ...]:
    return identify_in_child((Source(path),))[0].contents


def complaint(source: Source) -> str:
    with pytest.raises(SquidError) as caught:
        read(source)
    return str(caught.value)


def in_table(data: bytes, offset: int, value: bytes) -> bytes:
    """The archive with bytes of its only central directory entry (APPNOTE 4.3.12) replaced."""
    at = data.rindex(b"PK\x01\x02") + offset
    return data[:at] + value + data[at + len(value) :]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_members_are_listed_and_read_like_files_and_nothing_is_unpacked(tmp_path: Path, method: int) -> None:
    images = [(f"ST/IM{number}", to_bytes(chest(PatientID=f"P-{number}"))) for number in range(3)]
    path = save(tmp_path, zipped(("ST/", b""), *images, ("readme.txt", b"Hello" * 20), method=method), "a.zip")
    found = contents(path)
    assert [source.member for source in found] == ["ST/IM0", "ST/IM1", "ST/IM2", "readme.txt"]
    assert [read_identity(source)[0].patient_id for source in found[:3]] == ["P-0", "P-1", "P-2"]
    np.testing.assert_array_equal(read(found[1]).pixels, phantom())
    assert "a text file" in complaint(found[3])
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.zip"]


def test_two_members_of_one_name_are_two_images(tmp_path: Path) -> None:
    one, two = to_bytes(chest(PatientID="one")), to_bytes(chest(PatientID="two"))
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = save(tmp_path, zipped(("IM", one), ("IM", two)), "a.zip")
    found = contents(path)
    assert [source.member for source in found] == ["IM", "IM (2)"]
    assert [read_identity(source)[0].patient_id for source in found] == ["one", "two"]


def test_only_as_much_as_a_header_needs_is_inflated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inflated: list[int] = []
    real = zipfile.ZipExtFile.read

    def counted(self: zipfile.ZipExtFile, size: int | None = -1) -> bytes:
        data = real(self, size)
        inflated.append(len(data))
        return data

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    noise = np.random.default_rng(5).integers(0, 4096, (2000, 2000), dtype=np.uint16)
    path = save(tmp_path, zipped(("IM", to_bytes(chest(noise)))), "a.zip")
    assert read_identity(Source(path, "IM"))[0].patient_id == "P-17"
    assert 0 < sum(inflated) < 1_000_000


def test_the_table_is_read_once_for_members_in_a_row_and_anew_when_the_file_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path, zipped(*((str(number), to_bytes(chest())) for number in range(5))), "a.zip")
    tables: list[int] = []
    real = archive.Archive

    def counted(file: BinaryIO) -> archive.Archive:
        tables.append(1)
        return real(file)

    monkeypatch.setattr(archive, "Archive", counted)
    for source in contents(path):
        read_identity(source)
    assert len(tables) == 1
    path.write_bytes(zipped(("another", to_bytes(chest()))))
    assert [source.member for source in contents(path)] == ["another"]
    assert "no longer" in complaint(Source(path, "0"))


@pytest.mark.parametrize(
    ("offset", "value", "word"),
    [
        (8, struct.pack("<H", 1), "password"),
        (10, struct.pack("<H", 12), "packed in a way"),
        (10, struct.pack("<H", 99), "packed in a way"),
        (24, struct.pack("<I", 100), "damaged"),  # less than it inflates to
        (24, struct.pack("<I", 900_000), "shorter"),  # more
        (24, bytes(4), "damaged"),  # nothing
        (24, struct.pack("<I", 0xFFFFFFF0), "more than 300 MB"),
        (8, struct.pack("<H", 0x40), "password"),
        (38, struct.pack("<I", 0o120777 << 16), "link"),
        (16, struct.pack("<I", 7), "damaged"),  # its check sum
    ],
)
def test_a_member_that_cannot_be_read_is_an_error_of_its_own(
    tmp_path: Path, offset: int, value: bytes, word: str
) -> None:
    path = save(tmp_path, in_table(zipped(("IM", to_bytes(chest()))), offset, value), "a.zip")
    (source,) = contents(path)
    assert word in complaint(source)


def test_a_member_beyond_the_limit_is_not_inflated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And one that deflates well, or one beside it that is refused, costs the others nothing."""
    blank = to_bytes(chest(np.zeros((512, 512), np.uint16), PatientID="blank"))
    path = save(tmp_path, zipped(("IM", to_bytes(chest())), ("ZEROS", bytes(2_000_000)), ("BLANK", blank)), "a.zip")
    monkeypatch.setattr(archive, "MAX_INFLATED_BYTES", 1_000_000)
    (whole,) = identify_in_child((Source(path),))
    assert (whole.status, whole.container) == (FileStatus.ERROR, True)
    assert "(1 of 3 files)" in whole.message
    image, zeros, dense = identify_in_child(whole.contents)
    assert (image.status, dense.status) == (None, None)
    assert dense.identity is not None
    assert dense.identity.patient_id == "blank"
    assert zeros.status is FileStatus.ERROR
    assert "unpacks to more than 1 MB" in zeros.message


def test_too_many_entries_are_refused_before_and_after_their_table_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path, zipped(*((str(number), b"") for number in range(50))), "a.zip")
    monkeypatch.setattr(archive, "MAX_ARCHIVE_ENTRIES", 49)
    assert "more than 49 entries" in complaint(Source(path))
    monkeypatch.setattr(archive, "MAX_ARCHIVE_ENTRIES", 50)
    monkeypatch.setattr(archive, "MAX_ARCHIVE_TABLE_BYTES", 1000)
    assert "more than 50 entries" in complaint(Source(path))


def test_members_that_share_their_bytes_are_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every entry is harmless by itself; together they unpack to thousands of times the file."""
    data = to_bytes(chest())
    monkeypatch.setattr(archive, "MAX_ARCHIVE_INFLATED_BYTES", 5 * len(data))
    plain = zipped(("IM", data), method=zipfile.ZIP_STORED)
    table, end = plain.index(b"PK\x01\x02"), plain.index(b"PK\x05\x06")
    record = bytearray(plain[end:])
    record[8:12] = struct.pack("<HH", 200, 200)
    record[12:16] = struct.pack("<I", 200 * (end - table))
    path = save(tmp_path, plain[:table] + plain[table:end] * 200 + bytes(record), "a.zip")
    (whole,) = identify_in_child((Source(path),))
    assert "(195 of 200 files)" in whole.message
    assert read_identity(whole.contents[0])[0].patient_id == "P-17"
    for refused in whole.contents[5:8]:
        assert "no more is opened" in complaint(refused)


def test_an_archive_in_an_archive_and_an_index_in_one_lead_nowhere(tmp_path: Path) -> None:
    inner = zipped(("IM", to_bytes(chest())))
    index = to_bytes(directory(["IM"]))
    path = save(tmp_path, zipped(("in.zip", inner), ("DICOMDIR", index), ("IM", to_bytes(chest()))), "a.zip")
    archive_in_it, index_in_it, image = identify_in_child(contents(path))
    for examined in (archive_in_it, index_in_it):
        assert examined.status is FileStatus.SKIPPED
        assert examined.contents == ()
    assert "inside a zip archive" in archive_in_it.message
    assert "the files of its archive are listed by themselves" in index_in_it.message
    assert image.status is None


def test_an_archive_is_not_kept_open(tmp_path: Path) -> None:
    path = save(tmp_path, zipped(("IM", to_bytes(chest()))), "a.zip")
    with path.open("rb") as file:
        kept = archive_in(file)
        with kept.opened(file, "IM") as (member, size):
            assert len(member.read()) == size
    with pytest.raises(ValueError, match="closed"):
        kept._loan.read(1)


def test_a_copy_has_the_same_bytes_wherever_it_lies(tmp_path: Path) -> None:
    one = to_bytes(chest())
    other = one[:-1] + bytes([one[-1] ^ 1])  # as long, and another picture
    file = Source(save(tmp_path, one, "one"))
    packed = Source(save(tmp_path, zipped(("a", other), ("b", one)), "a.zip"), "b")
    assert is_copy_in_child(file, (packed,))
    assert is_copy_in_child(file, (Source(packed.path, "a"), packed))
    assert is_copy_in_child(packed, (Source(packed.path, "b"),))
    assert not is_copy_in_child(file, (Source(packed.path, "a"),))
    assert not is_copy_in_child(file, (Source(tmp_path / "gone"), Source(save(tmp_path, one[:-2], "shorter"))))


def test_members_are_named_by_archive_and_path(tmp_path: Path) -> None:
    path = save(tmp_path / "b", b"", "a.zip")
    (found,) = walk(tmp_path)
    (member,) = inside(found, [Source(path, "ST/IM\n1")], tmp_path)
    assert member == FoundFile(path, "b/a.zip/ST/IM\\n1", 0, member="ST/IM\n1")


def test_an_index_is_followed_only_where_it_is_what_was_opened(tmp_path: Path) -> None:
    index, image = save(tmp_path, b"", "DICOMDIR"), save(tmp_path / "IMAGES", b"", "IM1")
    (alone,) = walk(index)
    assert [entry.relative for entry in inside(alone, [Source(image)], index)] == ["IMAGES/IM1"]
    in_folder = next(entry for entry in walk(tmp_path) if entry.relative == "DICOMDIR")
    assert list(inside(in_folder, [Source(image)], tmp_path)) == []
