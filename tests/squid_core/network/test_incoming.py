"""What comes over a network becomes a file whole and once, in order, under a name of ours, or leaves nothing."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from unittest.mock import Mock

import pytest

from squid_core.contracts.errors import SquidError
from squid_core.network import incoming as incoming_module
from squid_core.network.incoming import HalfFile, Incoming, part10_head

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and signals")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "incoming"


def _take(incoming: Incoming, uid: str, data: bytes) -> Path | None:
    part = incoming.begin()
    part.write(data)
    return part.finish(uid)


def _whole(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.dcm"))


def _halves(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob(".*")]


def _write_much(part: HalfFile) -> None:
    for _ in range(30):
        part.write(bytes(1_000_000))


def test_an_object_is_there_only_once_it_is_whole(tmp_path: Path) -> None:
    incoming = Incoming(tmp_path / "incoming")
    part = incoming.begin()
    part.write(b"first ")
    assert _whole(incoming.folder) == []
    assert incoming.has("1.2.3") is None
    part.write(b"second")
    path = part.finish("1.2.3")
    assert path is not None
    assert path.read_bytes() == b"first second"
    assert incoming.has("1.2.3") == path
    assert _halves(incoming.folder) == []


@posix
def test_it_is_for_this_user_alone(tmp_path: Path) -> None:
    path = _take(Incoming(tmp_path / "incoming"), "1.2.3", b"x")
    assert path is not None
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.parent.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("uid", ["../../../etc/passwd", "1.2\0.3", "", "a" * 5000, "C:\\x", "\udcff\n"])
def test_a_uid_never_becomes_a_path(tmp_path: Path, uid: str) -> None:
    path = _take(Incoming(tmp_path / "incoming"), uid, b"x")
    assert path is not None
    assert path.parent.parent == tmp_path / "incoming"
    assert path.stem.replace("-", "").isalnum()
    assert len(path.name) < 40


def test_names_sort_in_order_of_arrival_also_where_the_clock_is_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    incoming = Incoming(tmp_path)
    now = time.time_ns()
    came = []
    for number, instant in enumerate((now, now, now - 3_600_000_000_000, now + 1000)):
        monkeypatch.setattr(time, "time_ns", lambda instant=instant: instant)
        came.append(_take(incoming, f"1.{number}", b"x"))
    assert [path.name for path in came if path] == sorted(path.name for path in came if path)
    assert len(_whole(tmp_path)) == 4


def test_the_same_object_is_kept_once_and_another_beside_it(tmp_path: Path) -> None:
    incoming = Incoming(tmp_path)
    first = _take(incoming, "1.2.3", b"as it was")
    assert _take(incoming, "1.2.3", b"as it was") is None
    second = _take(incoming, "1.2.3", b"changed")
    assert first is not None
    assert second is not None
    assert first.read_bytes() == b"as it was"
    assert incoming.has("1.2.3") == second
    assert _take(incoming, "1.2.3", b"as it was") is None
    assert _whole(tmp_path) == [first, second]
    assert _halves(tmp_path) == []


def test_who_wrote_the_head_makes_no_other_object(tmp_path: Path) -> None:
    incoming = Incoming(tmp_path)
    head = part10_head(SECONDARY_CAPTURE, "1.2.3", "1.2.840.10008.1.2.1")
    other = part10_head(SECONDARY_CAPTURE, "1.2.3.4.5", "1.2.840.10008.1.2.1")
    assert len(head) != len(other)
    assert _take(incoming, "1.2.3", head + b"data set") is not None
    assert _take(incoming, "1.2.3", other + b"data set") is None
    assert _take(incoming, "1.2.3", other + b"data sex") is not None


def test_the_head_is_one_of_a_dicom_file(tmp_path: Path) -> None:
    from pydicom import dcmread

    (tmp_path / "x").write_bytes(part10_head(SECONDARY_CAPTURE, "1.2.3", "1.2.840.10008.1.2.4.70"))
    meta = dcmread(tmp_path / "x").file_meta
    assert meta.MediaStorageSOPClassUID == SECONDARY_CAPTURE
    assert meta.MediaStorageSOPInstanceUID == "1.2.3"
    assert meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.70"


def test_what_another_process_brought_or_a_user_removed_is_known(tmp_path: Path) -> None:
    one, other = Incoming(tmp_path), Incoming(tmp_path)
    assert one.has("1.2.3") is None
    path = _take(other, "1.2.3", b"x")
    assert path is not None
    os.utime(path.parent, ns=(1, 1))  # the clock of a disk may be coarse
    assert one.has("1.2.3") == path
    assert _take(one, "1.2.3", b"x") is None
    path.unlink()
    assert one.has("1.2.3") is None
    assert _take(one, "1.2.3", b"x") is not None


def test_twenty_thousand_objects_are_listed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    incoming = Incoming(tmp_path)
    first = _take(incoming, "1.2.3", b"x")
    assert first is not None
    for number in range(20_000):
        os.close(os.open(first.parent / f"{number:016d}-{number:012x}.dcm", os.O_CREAT | os.O_WRONLY))
    listed = Mock(wraps=incoming_module._by_hash)
    monkeypatch.setattr(incoming_module, "_by_hash", listed)
    assert incoming.has("1.2.3") == first
    for number in range(100):
        assert _take(incoming, f"1.{number}", b"x") is not None
        assert incoming.has("9.9.9") is None
    listed.assert_called_once_with(first.parent)


def test_an_object_that_does_not_come_whole_leaves_nothing(folder: Path) -> None:
    part = Incoming(folder).begin()
    part.write(b"half")
    part.abandon()
    part.abandon()
    assert list(folder.iterdir()) == []


def test_too_large_an_object_leaves_nothing(folder: Path) -> None:
    part = Incoming(folder, object_mb=1).begin()
    part.write(bytes(600_000))
    with pytest.raises(SquidError, match="more than 1 MB"):
        part.write(bytes(600_000))
    assert list(folder.iterdir()) == []


def test_a_full_disk_is_said_before_and_while_an_object_comes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    incoming = Incoming(folder)
    part = incoming.begin()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12, 10**9))
    with pytest.raises(SquidError, match="is full"):
        incoming.begin()
    with pytest.raises(SquidError, match="is full"):
        _write_much(part)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_at_the_last_moment_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(number, "no")

    part = Incoming(folder).begin()
    part.write(b"x")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(SquidError, match="is full"):
            part.finish("1.2.3")
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    incoming = Incoming(tmp_path / "incoming")
    part = incoming.begin()
    part.write(b"x")
    shutil.rmtree(incoming.folder)
    with pytest.raises(SquidError, match="is gone"):
        incoming.begin()
    with pytest.raises(SquidError, match="is gone"):
        part.finish("1.2.3")
    assert not incoming.folder.exists()  # perhaps its disk is: nothing is written in its place


def test_what_cannot_be_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SquidError, match="incoming folder"):
        Incoming(tmp_path / "file" / "incoming")


@posix
def test_half_files_of_a_killed_writer_are_swept_and_those_of_a_living_one_stay(tmp_path: Path) -> None:
    incoming = Incoming(tmp_path)
    living = incoming.begin()
    living.write(b"x")
    script = (
        "import sys, time; from pathlib import Path; from squid_core.network.incoming import Incoming\n"
        "part = Incoming(Path(sys.argv[1])).begin(); part.write(bytes(300_000)); print('.', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b".\n"
        assert incoming.sweep() == 0
        writer.send_signal(signal.SIGKILL)
    assert len(_halves(tmp_path)) == 2
    assert incoming.sweep() == 1
    assert living.finish("1.2.3") is not None
    assert _halves(tmp_path) == []


def test_ten_threads_write_at_once(tmp_path: Path) -> None:
    incoming = Incoming(tmp_path)
    kept: list[Path | None] = []

    def write(mine: int) -> None:
        for number in range(20):
            kept.append(_take(incoming, f"1.{number}", f"object {number}".encode()))  # the same ones by all
            kept.append(_take(incoming, f"2.{mine}.{number}", b"x"))

    threads = [threading.Thread(target=write, args=(mine,)) for mine in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    paths = [path for path in kept if path is not None]
    assert len(paths) == len(set(paths)) == 20 + 200
    assert _whole(tmp_path) == sorted(paths)


def test_it_loads_no_dicom() -> None:
    script = "import sys, squid_core.network.incoming; print('pydicom' in sys.modules or 'pynetdicom' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"
