"""The real window at work without a user: `--snapshot` and `--self-test`."""

from __future__ import annotations

import platform
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import numpy as np
from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QEventLoop, QTimer

from app.domain.study import Study
from app.headless import phantom
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
from squid_core.version import installed_version

POLL_MS = 40
SETTLE_SECONDS = 0.4  # for the panes to have painted what came last
SNAPSHOT_SECONDS = 1800.0
SAVE_SECONDS = 30.0  # that a disk is waited for
SELF_TEST_SECONDS = 300.0
SNAPSHOT_SIZE = (1680, 1000)

Condition = Callable[[], bool]
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


def self_test(device: str | None) -> int:
    """Score a phantom in a temporary home with the shipped weights, through the window and all its children.

    Returns:
        0, or 1 after a sentence that says what failed.
    """
    began = time.monotonic()
    say(f"SQUID Viewer {_version()}, Python {platform.python_version()}, Qt for Python {pyside_version}")
    with tempfile.TemporaryDirectory(prefix="squid-self-test-") as folder:
        file = Path(folder, "images", "phantom")
        file.parent.mkdir()
        application()
        program = Program(AppPaths(Path(folder, "home")), device, keep_layout=False, network=False)
        try:
            if not phantom.write_in_child(file):
                raise SquidError("The phantom could not be written.", "A child process failed to start.")  # noqa: TRY301
            play(program, _self_test(program, file), SELF_TEST_SECONDS)
        except SquidError as error:
            say(str(error))
            return 1
        finally:
            program.close()
    say(f"Self-test passed in {time.monotonic() - began:.1f} s.")
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
        yield from _open_study(program, program.store.worklist.studies[0])
    yield seconds(SETTLE_SECONDS)
    shot = program.window.grab().toImage()
    saved = ask_disk(lambda: write_atomically(picture, as_png(shot)), SAVE_SECONDS, _too_slow)
    yield saved.done
    saved.result()
    shown = program.holder.state.image_key
    program.services.database.tell(lambda database: database.record(Action.EXPORT, shown, "picture of the window"))


def _too_slow() -> None:
    raise SquidError("The picture could not be saved: its disk does not answer.", "Choose another folder.")


def _open_study(program: Program, study: Study) -> Script:
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


def _self_test(program: Program, file: Path) -> Script:
    began = time.monotonic()
    program.open([file])
    yield lambda: program.idle
    studies = program.store.worklist.studies
    if not studies:
        report = program.holder.state.import_report
        raise SquidError("The phantom was not recognised.", report.text if report else "")
    top = studies[0].top_image
    if top.asks:
        program.wishes.analyse_anyway.emit(top.key)
        yield lambda: program.idle
        top = program.store.worklist.studies[0].top_image
    if top.score is None:
        raise SquidError("The phantom was not scored.", top.message)
    yield from _open_study(program, program.store.worklist.studies[0])
    detection, worker = program.holder.state.detection, program.services.worker
    if program.holder.state.radiograph is None or detection is None:
        raise SquidError("The phantom could not be shown.", "")
    if program.window.grab().isNull():
        raise SquidError("The window could not be drawn.", "")
    if "torch" in sys.modules:
        raise SquidError("The window's process has imported torch.", "")
    say(f"Phantom scored {top.score:.3f} by {top.weights} on {detection.device}, {detection.seconds:.2f} s")
    say(f"torch {worker.torch if worker else _version('torch')}, {time.monotonic() - began:.1f} s from file to panes")


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


def _version(distribution: str = "squid-viewer") -> str:
    return installed_version(distribution) or "of unknown version"
