"""A folder that is gone is told from a file that is gone, and waited for."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice
from app.services.importing import source_watch
from app.services.importing.source_watch import BACK, GONE, SourceWatch, away_folder, is_there, missing_folder
from app.services.state.notifier import Notifier
from app.services.threads.courier import Courier


@pytest.fixture
def notices() -> list[Notice]:
    return []


@pytest.fixture
def watch(qtbot: QtBot, notices: list[Notice], monkeypatch: pytest.MonkeyPatch) -> Iterator[SourceWatch]:
    monkeypatch.setattr(source_watch, "POLL_MS", 20)
    courier, notifier = Courier(), Notifier()
    notifier.posted.connect(notices.append)
    notifier.flush()
    watch = SourceWatch(courier, notifier)
    yield watch
    watch.close()
    courier.close()


def test_the_topmost_folder_that_is_gone_is_to_blame_and_no_folder_for_a_file_that_was_deleted(tmp_path: Path) -> None:
    file = tmp_path / "stick" / "day" / "a"
    assert missing_folder(file).result(5) == tmp_path / "stick"
    (tmp_path / "stick").mkdir()
    assert missing_folder(file).result(5) == tmp_path / "stick" / "day"
    (tmp_path / "stick" / "day").mkdir()
    assert missing_folder(file).result(5) == tmp_path / "stick" / "day"  # a mount point without its disk is empty
    (tmp_path / "stick" / "day" / "b").touch()
    assert missing_folder(file).result(5) is None
    assert away_folder(file) == file
    assert away_folder(tmp_path / "stick" / "day" / "b") is None
    assert away_folder(tmp_path / "other" / "x") == tmp_path / "other"


def test_a_silent_disk_counts_as_gone_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_watch, "PATIENCE_SECONDS", 0.1)
    share, go_on, stat = tmp_path / "share", threading.Event(), os.stat

    def hang(path: Any, *args: Any, **named: Any) -> os.stat_result:
        if str(path).startswith(str(share)):
            go_on.wait(20)
        return stat(path, *args, **named)

    monkeypatch.setattr(os, "stat", hang)
    began = time.monotonic()
    assert missing_folder(share / "day" / "a").result(5) == share
    assert time.monotonic() - began < 2
    go_on.set()


def test_a_folder_that_may_not_be_read_is_there_and_one_of_a_broken_disk_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").touch()
    for number, there in ((errno.EACCES, True), (errno.EIO, False), (errno.ESTALE, False)):

        def fail(_: object, number: int = number) -> None:
            raise OSError(number, "")

        with monkeypatch.context() as patch:
            patch.setattr(os, "scandir", fail)
            assert is_there(tmp_path) is there


def test_what_is_waited_for_is_said_once_and_told_when_it_is_back(
    qtbot: QtBot, watch: SourceWatch, notices: list[Notice], tmp_path: Path
) -> None:
    back: list[Path] = []
    watch.back.connect(back.append)
    sticks = [tmp_path / name for name in "abc"]
    for stick in (*sticks, *sticks):
        watch.wait_for(stick)
    qtbot.wait(100)
    assert (back, notices) == ([], [GONE])
    for stick in sticks:
        stick.mkdir()
    qtbot.wait(100)
    assert back == []  # mounted, and yet without anything in it
    for stick in sticks:
        (stick / "a").touch()
    qtbot.waitUntil(lambda: sorted(back) == sticks)
    assert notices == [GONE, BACK]
    assert not watch._timer.isActive()
