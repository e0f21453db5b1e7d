"""The part of the self-test that needs the whole program: its window, a phantom from file to score, an export."""

from __future__ import annotations

import math
import sys
from functools import partial
from pathlib import Path

from PySide6.QtGui import QFontDatabase, QImage

from app.domain.errors import Notice, Severity
from app.domain.exporting import ExportOrder
from app.headless import errands, phantom
from app.headless.checks import INSTALL_AGAIN, CheckSteps, CheckTable, Remark
from app.headless.headless import SETTLE_SECONDS, Script, open_study, play, seconds
from app.main import Program, application
from app.paths import AppPaths
from squid_core.contracts.errors import SquidError
from squid_core.dicom.readers import ReaderPool
from squid_core.export.request import ExportKind

WINDOW_SECONDS, PHANTOM_SECONDS, EXPORT_SECONDS = 60.0, 240.0, 180.0
STEP = 16  # px between the places of the window that are looked at
FEWEST_COLOURS = 8  # among them, in a window that was drawn
KEPT_OUT = ("torch", "pydicom", "SimpleITK", "imagecodecs", "openjpeg", "matplotlib")  # of the window's process


def check_program(table: CheckTable, paths: AppPaths, readers: ReaderPool, folder: Path, device: str | None) -> None:
    """Build the program in a folder of its own and go through it; whatever ends, the program is closed."""
    built: list[Program] = []

    def build() -> str:
        application()
        built.append(Program(paths, device, keep_layout=False, readers=readers, network=False))
        return f"{built[0].window.width()} x {built[0].window.height()} px"

    if not table.check("Window is built", build):
        table.leave_out("Window, phantom and export", "the window could not be built.")
        return
    (program,) = built
    try:
        play(program, _all(table, program, folder), math.inf)  # each check has a limit of its own
    finally:
        program.close()


def _all(table: CheckTable, program: Program, folder: Path) -> Script:
    file, exports = folder / "images" / "phantom", folder / "exports"
    yield from table.go_through("Window is drawn", drawn(program), WINDOW_SECONDS)
    if (yield from table.go_through("Phantom", scored(program, file), PHANTOM_SECONDS)):
        yield from table.go_through("Results", written(program, file, exports), EXPORT_SECONDS)
    else:
        table.leave_out("Results", "there is nothing to export.")
    table.check("Messages", partial(said_nothing_bad, program.notifier.history))
    table.check("Processes apart", loaded_nothing)


def drawn(program: Program) -> CheckSteps:
    """The window as it is after the start.

    Raises:
        SquidError: it stays empty, or shows no letters.
    """
    yield seconds(SETTLE_SECONDS)
    shot = _shot(program)
    if shot.isNull() or (colours := _colours(shot)) < FEWEST_COLOURS:
        raise SquidError("The window stays empty.", INSTALL_AGAIN)
    if not (faces := QFontDatabase.families()):
        raise SquidError("There is no typeface here, so the window shows no letters.", "Install one, such as DejaVu.")
    return f"{colours} colours, {len(faces)} typefaces"


def _shot(program: Program) -> QImage:
    return program.window.grab().toImage()


def _colours(picture: QImage) -> int:
    return len({picture.pixel(x, y) for x in range(0, picture.width(), STEP) for y in range(0, picture.height(), STEP)})


def scored(program: Program, file: Path) -> CheckSteps:
    """A drawn chest from its file to its score and into the panes.

    Raises:
        SquidError: somewhere on that way.
    """
    file.parent.mkdir()
    wrote = program.services.readers.carry_out(partial(phantom.write, str(file)), lambda: None)
    yield wrote.done
    wrote.result()
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
    yield from open_study(program, program.store.worklist.studies[0])
    detection = program.holder.state.detection
    if program.holder.state.radiograph is None or detection is None:
        raise SquidError("The phantom could not be shown.", INSTALL_AGAIN)
    return f"scored {top.score:.3f} by {top.weights} on {detection.device} in {detection.seconds:.2f} s"


def written(program: Program, file: Path, folder: Path) -> CheckSteps:
    """Export all that there is of the phantom as the export dialog would, and read it back.

    Raises:
        SquidError: something was not written, or does not hold what it should.
    """
    top, before = program.store.worklist.studies[0].top_image, len(program.notifier.history)
    program.wishes.export_ordered.emit(ExportOrder((top.key,), folder, tuple(ExportKind)))
    yield lambda: not program.services.exporter.running
    for notice in program.notifier.history[before:]:
        if notice.severity is not Severity.INFO:
            raise SquidError(notice.title, notice.advice, notice.detail)
    read = program.services.readers.carry_out(partial(errands.read_back, folder, file, top.score or 0.0), lambda: None)
    yield read.done
    return read.result()


def said_nothing_bad(history: tuple[Notice, ...]) -> str:
    """What the user would have been told meanwhile.

    Raises:
        SquidError: something failed.
    """
    words = {severity: [n.text for n in history if n.severity is severity] for severity in Severity}
    if errors := words[Severity.ERROR]:
        raise SquidError(" ".join(errors))
    warnings = words[Severity.WARNING]
    return Remark(" ".join(warnings)) if warnings else "none that warns"


def loaded_nothing() -> str:
    """Whether the window's process has kept out what belongs into its children.

    Raises:
        SquidError: it has not.
    """
    if loaded := [name for name in KEPT_OUT if name in sys.modules]:
        raise SquidError(f"The window's process has loaded {', '.join(loaded)}.", INSTALL_AGAIN)
    return "no decoder and no torch in the window's process"
