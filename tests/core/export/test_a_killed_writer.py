"""A reader that dies while it writes leaves nothing half written in the user's folder."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest

from squid_core.contracts import SquidError
from squid_core.dicom.isolation import ReaderPool
from squid_core.export.files import put_in_place
from squid_core.export.request import ExportKind, ExportRequest

KEPT = ".squid-another-0.tmp"  # of a program beside this one


@dataclass(frozen=True)
class Unlucky:
    """Writes as an export does, up to the moment in which the file lies beside its place."""

    request: ExportRequest
    dies: bool

    def carry_out(self) -> None:
        """Die, or wait to be killed."""

        def stop(_: int) -> None:
            (self.request.folder / "was here").touch()
            if self.dies:
                os._exit(9)
            time.sleep(60)

        with patch("os.fsync", stop):
            put_in_place(self.request.folder, {"image.dcm": b"half"}, self.request.ticket)

    def clear_away(self) -> None:
        """As the request does."""
        self.request.clear_away()


@pytest.fixture
def request_(tmp_path: Path) -> ExportRequest:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / KEPT).touch()
    return ExportRequest(tmp_path / "image", tmp_path / "out", (ExportKind.SOURCE,))


def left(request: ExportRequest) -> list[str]:
    return sorted(path.name for path in request.folder.iterdir())


def test_a_writer_that_crashes_leaves_nothing(request_: ExportRequest) -> None:
    with ReaderPool(1) as readers, pytest.raises(SquidError):
        readers.export(Unlucky(request_, dies=True)).result(60)
    assert left(request_) == [KEPT, "was here"]


def test_a_writer_that_is_stopped_with_the_program_leaves_nothing(request_: ExportRequest) -> None:
    with ReaderPool(1) as readers:
        readers.export(Unlucky(request_, dies=False))
        until = time.monotonic() + 60
        while "was here" not in left(request_) and time.monotonic() < until:
            time.sleep(0.05)
    assert left(request_) == [KEPT, "was here"]
