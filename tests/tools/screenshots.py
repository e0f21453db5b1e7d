"""Takes the pictures of the user guide: `make screenshots`, or `python -m tests.tools.screenshots FOLDER [NAME ...]`.

The real program opens the demonstration folder (pydicom-data) offscreen, in a home of its own, and goes through the
states of `screenshot_states`. For each look a new window is built from the same session, as when the user changes the
language, so the images are scored once.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from app.headless.checks import Condition
from app.headless.headless import Script, play, seconds
from app.main import FAULT, Program, application
from app.paths import AppPaths
from app.services.demo import demo_folder
from tests.tools.screenshot_states import GUIDE, LEAVE_TRACES, SETTLE_SECONDS, STATES, Stage

LIMIT_SECONDS = 1800.0
SUBJECT = "PA"  # the view of the study that is shown, the highest score of them first
FIGURE = (1280, 800)
GUIDE_BYTES = 500_000  # of a picture of the guide


@dataclass(frozen=True)
class Look:
    """How the window looks in one run through the states."""

    theme: str
    language: str
    width: int
    height: int

    @property
    def name(self) -> str:
        """As it ends the names of pictures."""
        return f"{self.theme}-{self.language}-{self.width}"


LOOKS = tuple(
    Look(theme, language, width, height)
    for width, height in (FIGURE, (2560, 1440))
    for theme in ("dark", "light")
    for language in ("en", "zh_TW")
)


def rounds(names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The states in the order in which they are gone through, all looks of a round before the next round."""
    clean = tuple(name for name in STATES if name in names and name not in LEAVE_TRACES)
    return tuple(filter(None, (clean, *((name,) for name in LEAVE_TRACES if name in names))))


def script(program: Program, album: Album, names: Sequence[str], looks: Sequence[Look], scratch: Path) -> Script:
    """Everything from the empty window on; one picture a state and look."""
    stage = Stage(program, scratch)
    for look in looks:
        yield from _dress(program, look)
        if "empty" in names:
            album.save(stage.window, "empty", look)
    if set(names) <= {"empty"}:
        return
    yield from _import(stage)
    for states in rounds(names):
        for look in looks:
            yield from _dress(program, look)
            for name in states:
                stage.lay_aside()
                yield from stage.select(stage.subject)
                yield seconds(SETTLE_SECONDS)
                target = yield from STATES[name](stage)
                yield stage.has_its_maps
                yield seconds(SETTLE_SECONDS)
                album.save(target or stage.window, name, look)
            stage.lay_aside()


def _import(stage: Stage) -> Generator[Condition, None, None]:
    program = stage.program
    program.open([demo_folder()])
    yield lambda: program.idle
    yield seconds(SETTLE_SECONDS)
    studies = [study for study in program.store.worklist.studies if study.score is not None]
    frontal = [study for study in studies if study.top_image.identity.view_position == SUBJECT] or studies
    stage.subject = frontal[0].uid


def _dress(program: Program, look: Look) -> Generator[Condition, None, None]:
    former = program.window
    program.preferences.use("theme", look.theme)
    program.preferences.use("language", look.language)
    yield seconds(SETTLE_SECONDS)
    if program.window is not former:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    program.window.resize(look.width, look.height)
    yield seconds(SETTLE_SECONDS)


@dataclass(frozen=True)
class Album:
    """Where pictures go: all of them, and those of the guide; None for nowhere."""

    everything: Path
    guide: Path | None

    def save(self, part: QWidget, name: str, look: Look) -> None:
        """Write a picture.

        Raises:
            OSError: it cannot be written.
        """
        path = self.everything / f"{name}-{look.name}.png"
        if not part.grab().save(str(path), "PNG"):
            raise OSError(f"{path} could not be written")
        if self.guide is not None and name in GUIDE and look == LOOKS[0]:
            kept = self.guide / f"{GUIDE[name]}.png"
            with Image.open(path) as picture:
                plain = picture.convert("RGB")
            plain.save(kept, optimize=True)
            if kept.stat().st_size > GUIDE_BYTES:  # with a palette it is half as large, its colours a little paler
                plain.quantize(256).save(kept, optimize=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("names", nargs="*", default=["empty", *STATES], help="states, all of them by default")
    parser.add_argument("--look", action="append", choices=[look.name for look in LOOKS], help="all by default")
    parser.add_argument("--guide", type=Path, help="where those of the user guide go, under its names")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - {"empty", *STATES})
    if unknown:
        parser.error(f"there is no state {', '.join(unknown)}; there are empty, {', '.join(STATES)}")
    options.folder.mkdir(parents=True, exist_ok=True)
    looks = [look for look in LOOKS if not options.look or look.name in options.look]
    with tempfile.TemporaryDirectory(prefix="squid-screenshots-") as home:
        application()
        program = Program(AppPaths(Path(home)), "cpu", keep_layout=False)
        try:
            album, scratch = Album(options.folder, options.guide), Path(home, "phantom")
            play(program, script(program, album, options.names, looks, scratch), LIMIT_SECONDS)
            faults = [notice.detail for notice in program.notifier.history if notice.title == FAULT]
        finally:
            program.close()
    if faults:
        raise SystemExit(f"The pictures show a program in which something failed: {', '.join(sorted(set(faults)))}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
