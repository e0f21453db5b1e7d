"""A share whose server has gone: it answers nothing, to nobody, and holds whoever asks it."""

from __future__ import annotations

import builtins
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.domain.exporting import ExportOrder
from app.domain.jobs import JobState
from app.main import Program, application
from app.paths import AppPaths
from app.services.detector.client import InferenceClient
from app.services.importing import import_run
from squid_core.export.request import ExportKind
from tests.app.services.fakes import FakeDetector, FakeReaders

BLOCKED_SECONDS = 1.0  # that the window may be held, on a machine that is busy with other tests; a disk holds for 60
CLOSE_SECONDS = 2.0
OLD = 1_700_000_000  # of files at rest


class Share:
    """A folder that answers until it hangs."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder.mkdir()
        self.folder, self._answers = folder, threading.Event()
        self._answers.set()
        self.held: list[str] = []  # names of threads that asked
        for module, name in (
            (os, "stat"),
            (os, "lstat"),
            (os, "scandir"),
            (os, "listdir"),
            (os, "mkdir"),
            (os, "open"),
        ):
            monkeypatch.setattr(module, name, self._holding(getattr(module, name)))
        monkeypatch.setattr(builtins, "open", self._holding(open))

    def hang(self) -> None:
        self._answers.clear()

    def answer(self) -> None:
        self._answers.set()

    def _holding(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def ask(path: Any = ".", *args: Any, **named: Any) -> Any:
            if isinstance(path, (str, Path)) and str(path).startswith(str(self.folder)) and not self._answers.is_set():
                self.held.append(threading.current_thread().name)
                self._answers.wait(60)
            return real(path, *args, **named)

        return ask


class Pulse:
    """The longest time for which the window's thread did not come to its events."""

    def __init__(self) -> None:
        self.longest, self._last = 0.0, time.monotonic()
        self._timer = QTimer(interval=5)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.monotonic()
        self.longest, self._last = max(self.longest, now - self._last), now

    def begin(self) -> None:
        self.longest, self._last = 0.0, time.monotonic()


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Share]:
    share = Share(tmp_path / "share", monkeypatch)
    yield share
    share.answer()


@pytest.fixture
def program(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    monkeypatch.setattr(InferenceClient, "detect_many", FakeDetector().detect_many)
    monkeypatch.setattr(InferenceClient, "warm_up", lambda *_: Future())
    monkeypatch.setattr(import_run, "SILENT_SECONDS", 0.3)
    application()
    program = Program(AppPaths(tmp_path / "home"), "cpu", readers=FakeReaders())
    program.start()
    qtbot.waitUntil(lambda: program.idle)
    yield program
    program.close()


def films(folder: Path, names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes(name.encode())
        os.utime(folder / name, (OLD, OLD))
    return folder


def scored(program: Program) -> set[str]:
    return {image.path.name for image in program.store.worklist.images() if image.state is JobState.SCORED}


def test_a_share_that_hangs_holds_neither_window_nor_queue_nor_end(
    qtbot: QtBot, program: Program, share: Share, tmp_path: Path
) -> None:
    films(share.folder, "xyz")
    program.open([films(tmp_path / "first", "g")])
    qtbot.waitUntil(lambda: scored(program) == {"g"})
    qtbot.wait(300)  # the window has drawn its first image
    pulse = Pulse()
    share.hang()
    pulse.begin()
    program.open([share.folder])
    program.open([share.folder / "x", share.folder / "y"])
    program.wishes.recent_requested.emit(share.folder)
    program.wishes.watch_requested.emit(share.folder)
    program.wishes.weights_changed.emit(str(share.folder / "weights"))
    program.wishes.weights_changed.emit("auto")
    program.services.save_worklist(share.folder / "list.csv")
    program.services.save_picture(share.folder / "panes.png", QImage(8, 8, QImage.Format.Format_RGB32))
    program.open([films(tmp_path / "local", "abc")])
    qtbot.waitUntil(lambda: scored(program) == set("abcg"), timeout=10_000)
    key = next(program.store.worklist.images()).key
    program.wishes.export_ordered.emit(ExportOrder((key,), share.folder / "out", (ExportKind.SOURCE,)))
    program.open([films(tmp_path / "later", "def")])
    qtbot.waitUntil(lambda: scored(program) == set("abcdefg"), timeout=10_000)
    assert len(share.held) > 5
    assert set(share.held) == {"disk question", "import scan"}
    began = time.monotonic()
    program.close()
    took = time.monotonic() - began
    print(f"window held for {1000 * pulse.longest:.0f} ms, closed in {took:.2f} s")  # noqa: T201
    assert pulse.longest < BLOCKED_SECONDS
    assert took < CLOSE_SECONDS
