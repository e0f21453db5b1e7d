"""A file that is gone, or whose disk fails, is told from one that is damaged or forbidden."""

from __future__ import annotations

import errno
import io
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FileStatus
from squid_core.dicom import errands, opening
from squid_core.dicom.errors import UnreachedError
from squid_core.dicom.source import Source
from tests.squid_core.dicom.phantoms import chest, to_bytes

GONE, FAULT = "The file is no longer there.", "This file cannot be read from its disk."


def seen(source: Source) -> tuple[errands.Examined, ...]:
    return *errands.identify_in_child((source,)), errands.examine_in_child(source, ())


def test_a_file_that_is_gone_is_no_damaged_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "a", tmp_path / "no folder" / "a", tmp_path / "file" / "a"):
        for examined in seen(Source(path)):
            assert (examined.status, examined.unreached) == (FileStatus.ERROR, True)
            assert examined.message.startswith(GONE)
        with pytest.raises(UnreachedError) as raised:
            errands.read_in_child(Source(path), 0)
        assert pickle.loads(pickle.dumps(raised.value)).title == GONE  # noqa: S301 - as on the way from a child


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.ENOTCONN])
@pytest.mark.parametrize("member", ["", "a"])
def test_a_disk_that_fails_while_it_is_read_damages_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, member: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(to_bytes(chest()))
    if member:
        with zipfile.ZipFile(tmp_path / "zip", "w") as archive:
            archive.write(path, member)
        path = tmp_path / "zip"

    class Pulled(io.FileIO):
        def readinto(self, _: Any) -> int:
            raise OSError(number, os.strerror(number))

        def readall(self) -> bytes:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(opening, "_open", lambda where: io.BufferedReader(Pulled(where)))
    for examined in seen(Source(path, member)):
        assert (examined.status, examined.unreached) == (FileStatus.ERROR, True)
        assert examined.message.startswith(FAULT)


def test_a_damaged_and_a_forbidden_file_are_what_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(to_bytes(chest())[:900])
    assert not any(examined.unreached for examined in seen(Source(path)))

    def forbid(*_: object) -> int:
        raise PermissionError(errno.EACCES, "")

    monkeypatch.setattr(os, "open", forbid)
    for examined in seen(Source(path)):
        assert (examined.message, examined.unreached) == ("You are not allowed to read this file.", False)
    with pytest.raises(SquidError):
        errands.read_in_child(Source(path), 0)
