"""The program without window and torch, to be killed: `python -m tests.app.light_program HOME FOLDER [POINT]`.

Its database, threads, readers and the detector's process are the real ones. It opens FOLDER where HOME is new, says on
its output when it is at work and when it is done, and kills itself at POINT, "function of Database:before or after:how
many calls".
"""

from __future__ import annotations

import faulthandler
import functools
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psutil
from PySide6.QtCore import QCoreApplication, QTimer

from app.paths import AppPaths
from app.services.readers import new_readers
from app.services.services import Services
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.storage.database import Database
from tests.app import light_worker


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def die_at(point: str) -> None:
    """Have this process killed when a function of the database is called for the n-th time."""
    name, when, count = point.split(":")
    work, left = getattr(Database, name), [int(count)]

    @functools.wraps(work)
    def dying(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = work(*args, **kwargs)
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(Database, name, dying)


def main(home: Path, folder: Path, point: str = "") -> None:
    """Run until all is done, or to the kill."""
    faulthandler.register(signal.SIGUSR1)
    new = not home.exists()
    if point:
        die_at(point)
    app, paths, store, notifier = QCoreApplication([]), AppPaths(home), WorklistStore(), Notifier()
    notifier.posted.connect(lambda notice: say("notice", notice.title))
    notifier.flush()
    services = Services(paths.database, SessionHolder(), store, notifier, new_readers(paths))
    services.start()
    if new:
        services.open([folder])
    seen: list[str] = []

    def look() -> None:
        working = services.is_restored and (services.queue.running or services.importer.running)
        if working and not seen:
            seen.append("working")
            say("working", time.time() - psutil.Process().create_time())
        if services.idle and len(seen) < 20:
            seen.append("idle")  # for a while: an import that goes on begins a moment after the worklist is back
        elif services.idle:
            say("idle")
            app.quit()

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    app.exec()
    services.close()


if __name__ == "__main__":
    with (
        patch("app.services.detector.client.worker", light_worker),
        patch("app.services.triage_queue.REST_SECONDS", 0.0),
    ):
        main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
