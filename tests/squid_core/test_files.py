"""Files put in place whole, devices and pipes written as they are, and full disks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from squid_core.contracts.errors import SquidError
from squid_core.files import GrowingFile, write_atomically

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX devices and limits")


@pytest.fixture
def small_disk() -> Iterator[int]:
    """No file grows beyond so many bytes: to a program, as on a full disk."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    yield 1000
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_growing_file_can_be_read_while_it_grows(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    with GrowingFile(path) as file:
        file.write("one\n")
        assert path.read_text() == "one\n"
        file.write("two\n")
    assert path.read_text() == "one\ntwo\n"


def test_what_is_there_already_is_replaced_only_where_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_text("before")
    with pytest.raises(
        SquidError, match=r"lines is there already\. Go on with it by --resume, or choose another file\."
    ):
        GrowingFile(path)
    assert path.read_text() == "before"
    with GrowingFile(path, replace=True) as file:
        file.write("after")
    assert path.read_text() == "after"


def test_what_a_stopped_run_had_written_stays(tmp_path: Path) -> None:
    path = tmp_path / "lines"

    def run() -> None:
        with GrowingFile(path) as file:
            file.write("one\n")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run()
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir() if one.is_file()] == [("lines", "one\n")]


@posix
def test_a_full_disk_ends_a_growing_file_with_a_sentence(tmp_path: Path, small_disk: int) -> None:
    def run() -> None:
        with GrowingFile(tmp_path / "lines") as file:
            for _ in range(small_disk):
                file.write("a line\n")

    with pytest.raises(SquidError, match=r"^lines could not be written: File too large\."):
        run()


@posix
def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, small_disk: int) -> None:
    path = tmp_path / "picture"
    write_atomically(path, b"before")
    with pytest.raises(SquidError, match="could not be written"):
        write_atomically(path, b"x" * 2 * small_disk)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir() if one.is_file()] == [("picture", b"before")]


@posix
def test_a_device_and_a_pipe_are_written_as_they_are(tmp_path: Path) -> None:
    for device in (Path("/dev/full"), Path("/dev/null")):
        if not device.exists():
            pytest.skip("there is no such device here")
    write_atomically(Path("/dev/null"), b"nothing")
    with pytest.raises(SquidError, match="full could not be written: No space left on device"):
        write_atomically(Path("/dev/full"), b"something")
    with pytest.raises(SquidError, match="No space left"), GrowingFile(Path("/dev/full")) as file:
        file.write("something")
    assert Path("/dev/full").is_char_device()
    assert Path("/dev/null").is_char_device()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with GrowingFile(pipe) as file:
        file.write("through ")
    write_atomically(pipe, b"the pipe")
    assert os.read(reader, 100) == b"through the pipe"
    os.close(reader)
    assert sorted(one.name for one in tmp_path.iterdir() if not one.is_dir()) == ["pipe"]
