"""The real window at work without a user: `--snapshot`, and what the self-test does with it."""

from __future__ import annotations

import signal
import time
from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer

from app.domain.study import Study
from app.headless.checks import Condition
from app.headless.table import worklist_table
from app.main import Program, application
from app.paths import AppPaths
from app.services.demo import demo_folder
from app.services.exporting.export_service import as_png
from app.services.threads.disk import ask_disk
from app.storage.database import Action
from squid_core.contracts.charset import Charset
from squid_core.contracts.errors import SquidError
from squid_core.files import write_atomically
from squid_core.terminal import say

POLL_MS = 40
SETTLE_SECONDS = 0.4  # for the panes to have painted what came last
SNAPSHOT_SECONDS = 1800.0
SAVE_SECONDS = 30.0  # that a disk is waited for
SNAPSHOT_SIZE = (1680, 1000)

Script = Generator[Condition, None, None]


def snapshot(
    paths: Sequence[Path], demo: bool, device: str | None, picture: Path, charset: Charset | None = None
) -> int:
    """Import and triage everything, print the worklist, open the top study and save a picture of the window.

    Returns:
        0, or 1 after a sentence that says what failed.
    """
    application()
    program = Program(AppPaths.default(), device, keep_layout=False, charset=charset, network=False)
    program.window.resize(*SNAPSHOT_SIZE)
    try:
        play(program, _snapshot(program, [*paths, *([demo_folder()] if demo else [])], picture), SNAPSHOT_SECONDS)
    except SquidError as error:
        say(str(error))
        return 1
    finally:
        program.close()
    return 0


def _snapshot(program: Program, paths: Sequence[Path], picture: Path) -> Script:
    program.open(paths)
    yield lambda: program.idle
    yield seconds(0.1)  # the worklist tells the window at most every 50 ms
    say(worklist_table(program.store.worklist, program.holder.state.masking))
    report = program.holder.state.import_report
    if report is not None:
        say(report.text + ".")
    if program.store.worklist.studies:
        yield from open_study(program, program.store.worklist.studies[0])
    yield seconds(SETTLE_SECONDS)
    shot = program.window.grab().toImage()
    saved = ask_disk(lambda: write_atomically(picture, as_png(shot)), SAVE_SECONDS, _too_slow)
    yield saved.done
    saved.result()
    shown = program.holder.state.image_key
    program.services.database.tell(lambda database: database.record(Action.EXPORT, shown, "picture of the window"))


def _too_slow() -> None:
    raise SquidError("The picture could not be saved: its disk does not answer.", "Choose another folder.")


def open_study(program: Program, study: Study) -> Script:
    """Select a study's most abnormal image, then the patch that resembles its memory least."""
    program.wishes.image_selected.emit(study.top_image.key)
    holder = program.holder
    yield lambda: holder.state.image_key == study.top_image.key and not holder.state.loading
    if study.top_image.score is None:
        return
    yield lambda: holder.state.detection is not None
    detection = holder.state.detection
    if detection is not None:
        program.wishes.patch_selected.emit(int(np.argmax(detection.patch_percentiles)))
        notices: list[object] = []
        program.notifier.posted.connect(notices.append)
        yield lambda: holder.state.entries is not None or bool(notices)


def play(program: Program, script: Script, limit: float) -> None:
    """Start the program and go through the script, each step as soon as its condition holds.

    Raises:
        SquidError: a step said so, or the time is up.
    """
    loop = QEventLoop()
    failed: list[BaseException] = []
    deadline = time.monotonic() + limit
    waiting: list[Condition] = [lambda: True]

    def step() -> None:
        try:
            if waiting[0]():
                waiting[0] = next(script)
            elif time.monotonic() > deadline:
                raise SquidError(f"This took longer than {limit:.0f} s.", "Look into the log.")  # noqa: TRY301
        except StopIteration:
            loop.quit()
        except Exception as error:  # noqa: BLE001 - raised again once the loop has ended
            failed.append(error)
            loop.quit()

    def stop(*_: object) -> None:  # not within a slot, where Qt would print a traceback and go on
        failed.append(KeyboardInterrupt())
        loop.quit()

    timer = QTimer(interval=POLL_MS)
    timer.timeout.connect(step)
    timer.start()
    before = signal.signal(signal.SIGINT, stop)
    try:
        program.start()
        loop.exec()
    finally:
        signal.signal(signal.SIGINT, before)
        timer.stop()
    if failed:
        raise failed[0]


def seconds(count: float) -> Condition:
    """Holds this many seconds from now on."""
    until = time.monotonic() + count
    return lambda: time.monotonic() >= until
