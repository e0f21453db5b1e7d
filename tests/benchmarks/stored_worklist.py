"""The start on a large stored worklist: what the window shows when, and how long it stalls meanwhile.

`python -m tests.benchmarks.stored_worklist [STUDIES [RUNS]]` makes a home whose worklist has so many studies (20 000),
a few hundred of them scored and the highest a real film. It opens the program on it, each time in a process of its
own, and writes a line of JSON for each start: seconds from the start of the process, stalls of the window, memory.
`--stalls` also says where the window's thread was in each stall.
Nothing of Qt is imported up here: the program's children import this module again, as they do its `__main__`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

STUDIES, SCORED, RUNS = 20_000, 300, 5
BEAT_MS = 10
STALL_SECONDS = 0.1
QUIET_SECONDS = 3.0  # after the first picture, in which stalls count still
PATIENCE_SECONDS = 60.0


def make_home(home: Path, studies: int) -> None:
    """A store with so many studies; the one with the highest score is a file that can be read."""
    import hashlib

    import numpy as np

    from app.domain.jobs import JobState
    from app.domain.study import image_key
    from app.paths import AppPaths
    from app.storage.database import Database
    from squid_core.bundle.library import Bundles
    from squid_core.contracts.radiograph import Decision, Radiograph, Verdict
    from squid_core.dicom.reader import read
    from tests.app.samples import save
    from tests.app.ui import synthetic
    from tests.benchmarks.test_bench_program import write_film

    bundle = Bundles().choose("auto", 54.0)
    film = home / "film.dcm"
    write_film(film, 0)
    digest = hashlib.sha256(film.read_bytes()).hexdigest()
    picture = read(film)
    assert isinstance(picture, Radiograph)
    found = synthetic.detection(picture)
    grain = np.random.default_rng(0).normal(0, 0.004, found.reconstruction.shape)
    found = replace(found, reconstruction=np.clip(found.reconstruction + grain, 0, 1).astype(np.float32))
    found = replace(found, model=bundle.card.name, trial=replace(found.trial, settings=bundle.settings))
    database = Database(AppPaths(home).database, lambda notice: None)
    items = []
    for number in range(studies):
        identity = synthetic.identity(
            number,
            patient_name=f"{synthetic.NAMES[number % 6]} {number}",
            patient_id=f"P{number:06d}",
            study_date=date(2014, 1, 1) + timedelta(days=-number % 3000),
            accession_number=f"A{number:07d}",
            study_description="Thorax pa, in inspiration",
        )
        score = 0.9 - number / studies if number < SCORED else None
        item = replace(
            synthetic.item(number, score, None if score is not None else JobState.VIEWABLE, identity=identity),
            arrival=number,
            weights=bundle.card.name if score is not None else "",
            verdict=None if score is not None else Verdict(Decision.REFUSE, "Not a frontal chest radiograph."),
        )
        if number == 0:
            identity = picture.identity
            item = replace(item, path=film, identity=identity, key=image_key(film, "", identity))
            item = replace(item, size=film.stat().st_size, modified_ns=film.stat().st_mtime_ns)
        if score is not None:
            own = digest if number == 0 else f"{number:064x}"
            found = replace(found, score=score)
            save(database, replace(item, digest=own, result=None), found, bundle.fingerprint)
        else:
            items.append(item)
    database.save_images(items)
    database.close()


def measure(home: Path, began: float, stalls: bool) -> None:
    """Open the program, print what was seen as JSON and end the process.

    Args:
        home: its folder.
        began: `time.monotonic` when this process was asked for.
        stalls: whether to print where the window's thread was.
    """
    from app.paths import AppPaths
    from app.services.readers import new_readers

    readers = new_readers(AppPaths(home))
    readers.warm_up()

    from PySide6.QtCore import QEvent, QObject, Qt, QTimer

    from app.main import Program, application

    app = application()
    program = Program(AppPaths(home), "cpu", readers=readers)
    program.window.resize(1280, 800)
    at: dict[str, float] = {}

    def note(what: str) -> None:
        at.setdefault(what, time.monotonic() - began)

    class Painted(QObject):
        """Notes when a widget is painted for the first time with something on it."""

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
            """See the class."""
            if event.type() == QEvent.Type.Paint:
                note("window")
                if watched is rows and len(program.store.worklist):
                    note("list")
                if watched is picture and program.holder.state.radiograph is not None:
                    note("picture")
            return False

    rows = program.window.worklist.list.viewport()
    picture = program.window.panes.original.view.viewport()
    painted = Painted()
    for widget in (program.window, rows, picture):
        widget.installEventFilter(painted)

    gaps: list[float] = []
    last = [time.monotonic()]
    busy, worked = [0.0], [time.thread_time()]

    def beat() -> None:
        now = time.monotonic()
        gaps.append(now - last[0])
        last[0] = now
        work = time.thread_time()
        busy[0], worked[0] = max(busy[0], work - worked[0]), work
        done = at.get("picture")
        if (done is not None and now - began > done + QUIET_SECONDS) or now - began > PATIENCE_SECONDS:
            finish()

    def finish() -> None:
        status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        memory = next((int(line.split()[1]) / 1000 for line in status if line.startswith("VmRSS")), 0.0)
        late = sorted((gap for gap in gaps if gap > STALL_SECONDS), reverse=True)
        figures = {name: round(seconds, 2) for name, seconds in at.items()}
        stalled: dict[str, object] = {"stalls, ms": [round(1000 * gap) for gap in late], "RSS, MB": round(memory)}
        stalled["longest work between two beats, ms"] = round(1000 * busy[0])  # of the thread itself: on a busy machine
        sys.stdout.write(json.dumps({**figures, **stalled}) + "\n")
        sys.stdout.flush()
        os._exit(0)

    heart = QTimer(interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
    heart.timeout.connect(beat)
    if stalls:
        threading.Thread(target=_watch, args=(threading.get_ident(), last), daemon=True).start()

    def shown() -> None:
        last[0], worked[0] = time.monotonic(), time.thread_time()
        heart.start()
        program.services.database.ask(lambda _: None).add_done_callback(lambda _: note("archive"))

    program.start()
    QTimer.singleShot(0, shown)
    app.exec()


def _watch(ident: int, last: list[float]) -> None:
    while True:
        time.sleep(STALL_SECONDS / 4)
        if (late := time.monotonic() - last[0]) > STALL_SECONDS / 2:
            stack = traceback.extract_stack(sys._current_frames()[ident])[-9:]
            where = " < ".join(f"{Path(frame.filename).stem}:{frame.lineno} {frame.name}" for frame in reversed(stack))
            sys.stderr.write(f"{time.monotonic():.2f} {1000 * late:.0f} ms: {where}\n")


def main(arguments: list[str]) -> None:
    """See the module."""
    stalls = "--stalls" in arguments
    numbers = [int(one) for one in arguments if one.isdigit()]
    studies, runs = [*numbers, *(STUDIES, RUNS)[len(numbers) :]]
    with tempfile.TemporaryDirectory() as folder:
        make_home(Path(folder), studies)
        for _ in range(runs):
            command = [
                sys.executable,
                "-m",
                "tests.benchmarks.stored_worklist",
                "--home",
                folder,
                str(time.monotonic()),
            ]
            subprocess.run([*command, *(["--stalls"] if stalls else [])], check=True, timeout=2 * PATIENCE_SECONDS)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--home"]:
        measure(Path(sys.argv[2]), float(sys.argv[3]), "--stalls" in sys.argv)
    else:
        main(sys.argv[1:])
