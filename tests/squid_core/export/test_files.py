"""Exported files never replace one that is there, and come all together or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from squid_core.contracts.errors import SquidError
from squid_core.export.files import put_in_place


def test_files_of_one_export_share_a_number_that_none_has_taken(tmp_path: Path) -> None:
    (tmp_path / "squid-0001-b.dcm").write_bytes(b"the user's")
    first = put_in_place(tmp_path / "new" / "folder", {"a.dcm": b"1"}, "t")
    assert [path.name for path in first] == ["squid-0001-a.dcm"]
    paths = put_in_place(tmp_path, {"a.dcm": b"one", "b.dcm": b"two"}, "t")
    assert [path.name for path in paths] == ["squid-0002-a.dcm", "squid-0002-b.dcm"]
    assert [path.read_bytes() for path in paths] == [b"one", b"two"]
    assert (tmp_path / "squid-0001-b.dcm").read_bytes() == b"the user's"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "squid-0001-b.dcm",
        "squid-0002-a.dcm",
        "squid-0002-b.dcm",
    ], "and nothing else is left"


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SquidError, match="could not be written"):
        put_in_place(tmp_path / "file", {"a.dcm": b"1"}, "t")


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> Path:
        if target.name.endswith("b.dcm"):
            raise OSError(28, "No space left on device")
        return original(self, target)

    original = Path.replace
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SquidError, match="No space left"):
        put_in_place(tmp_path, {"a.dcm": b"1", "b.dcm": b"2"}, "t")
    assert not [path for path in tmp_path.iterdir() if path.is_file()]
