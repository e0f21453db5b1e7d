"""A reader that dies while it writes leaves nothing half written in the user's folder."""

from __future__ import annotations

import os
import time
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from squid_core.contracts.errors import SquidError
from squid_core.dicom.readers import ReaderPool
from squid_core.export.files import clear_away, put_in_place
from squid_core.export.request import ExportKind, ExportRequest

KEPT = ".squid-0001-image.dcm.another.tmp"  # of a program beside this one


@dataclass(frozen=True)
class Unlucky:
    """Writes as an export does, up to the moment in which a function of the system's is called."""

    request: ExportRequest
    dies: bool
    moment: str = "os.fsync"  # by then the name is claimed, and the file lies beside its place

    def carry_out(self) -> None:
        """Die, or wait to be killed."""

        def stop(*_: object) -> None:
            (self.request.folder / "was here").touch()
            if self.dies:
                os._exit(9)
            time.sleep(60)

        with patch(self.moment, stop):
            put_in_place(self.request.folder, {"image.dcm": b"half"}, self.request.ticket)

    def clear_away(self) -> None:
        """As an export does."""
        clear_away(self.request.folder, self.request.ticket)


@pytest.fixture
def request_(tmp_path: Path) -> ExportRequest:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / KEPT).touch()
    return ExportRequest(tmp_path / "image", tmp_path / "out", (ExportKind.SOURCE,))


def start(readers: ReaderPool, request: ExportRequest, **how: Any) -> Future[None]:
    """As `squid_core.export.errand.start` does."""
    unlucky = Unlucky(request, **how)
    return readers.carry_out(unlucky.carry_out, unlucky.clear_away)


def left(request: ExportRequest) -> list[str]:
    return sorted(path.name for path in request.folder.iterdir())


@pytest.mark.parametrize("moment", ["pathlib.Path.open", "os.fsync", "pathlib.Path.replace"])
def test_a_writer_that_crashes_leaves_nothing(request_: ExportRequest, moment: str) -> None:
    """Before its name is claimed, while it writes, and before the file is put in its place."""
    with ReaderPool(1) as readers, pytest.raises(SquidError):
        start(readers, request_, dies=True, moment=moment).result(60)
    assert left(request_) == [KEPT, "was here"]


def test_what_a_dead_writer_put_in_place_and_what_was_there_stays(request_: ExportRequest) -> None:
    names = ("squid-0001-a.dcm", "squid-0001-b.dcm", "squid-0007-image.dcm")
    for name, content in zip(names, (b"whole", b"", b""), strict=True):
        (request_.folder / name).write_bytes(content)
    for name in names[:2]:
        (request_.folder / f".{name}.{request_.ticket}.tmp").write_bytes(b"half")
    clear_away(request_.folder, request_.ticket)
    assert left(request_) == [KEPT, "squid-0001-a.dcm", "squid-0007-image.dcm"]


def test_a_writer_that_is_stopped_with_the_program_leaves_nothing(request_: ExportRequest) -> None:
    with ReaderPool(1) as readers:
        start(readers, request_, dies=False)
        until = time.monotonic() + 60
        while "was here" not in left(request_) and time.monotonic() < until:
            time.sleep(0.05)
    assert left(request_) == [KEPT, "was here"]
