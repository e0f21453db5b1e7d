"""A long day: studies come in through the watched folder, are read, drawn on, judged, written and taken off again.

The day has 24 hours of a clock that the test moves on; or it goes on for `SQUID_SOAK_MINUTES` (`make soak`: 30) with
real readers, as fast as it can, and an hour is as many studies as come in a busy one. Memory may not grow by the
hour, and no handle, thread, child or temporary file may be left.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from pytestqt.qtbot import QtBot

from app.domain.exporting import ExportOrder
from app.domain.marks.annotations import Annotations
from app.domain.marks.measurements import Note
from app.domain.masking import Masking
from app.domain.study import Judgement
from squid_core.contracts.detection import DetectorSettings
from squid_core.dicom.readers import ReaderPool
from squid_core.export.request import ExportKind
from tests.app.world import LONG_AGO_NS, Face, World, hurried

MINUTES = float(os.environ.get("SQUID_SOAK_MINUTES", "0"))
HOURS, AN_HOUR = 24, 4  # studies in each
A_BUSY_HOUR = 120  # studies
KEPT = 6  # studies on the worklist
MOST_PER_HOUR_MB = 1.0 if MINUTES else 0.5  # that memory may grow by


class Day:
    """Counts what the process holds, hour by hour."""

    def __init__(self, world: World) -> None:
        self.world, self.process, self.number, self.now = world, psutil.Process(), 0, 0.0
        world.services.watch._clock = lambda: self.now
        world.services.watch_folder(world.folder)
        self.hours: list[float] = []
        self.memory: list[float] = []

    def study(self) -> None:
        """One comes in and is dealt with; the oldest goes."""
        world, self.number = self.world, self.number + 1
        face = Face(self.number % 50, self.number, 1, code=16 + self.number % 96)
        name = f"{self.number}"
        world.put(name, face, LONG_AGO_NS + self.number)
        for _ in range(3):  # a file is taken once it has been still for a while
            self.now += 3.0
            world.services.watch.look()
            world.settle()
        world.show(face)
        world.settle()
        annotations = Annotations().added(Note(((1.0, 2.0),), name))
        world.drawn[face.digest], world.judged[face.digest] = annotations.marks, Judgement.ACCEPTED
        world.holder.update(annotations=annotations)
        world.services.annotations.save(world.row(face).key, annotations)
        world.services.judge(Judgement.ACCEPTED)
        world.services.what_ifs.try_settings(DetectorSettings(1))
        order = ExportOrder((world.row(face).key,), world.home / "out", (ExportKind.STRUCTURED_REPORT,))
        world.services.exporter.start(order)
        world.services.exporter.write_worklist(world.home / "list.csv", world.store.worklist, Masking())
        world.settle()
        old = sorted(world.store.worklist.studies, key=lambda study: study.arrival)[:-KEPT]
        for study in old:
            world.services.removing.remove([study.uid])
            study.top_image.path.unlink()
        for path in (world.home / "out").rglob("*.dcm"):
            path.unlink()
        world.notices.clear()
        world.settle()

    def note(self, hour: float) -> None:
        gc.collect()
        self.hours.append(hour)
        self.memory.append(self.process.memory_info().rss / 2**20)

    @property
    def slope(self) -> float:
        """MB an hour, after the first third: by then everything that is kept has been made."""
        start = len(self.hours) // 3
        return float(np.polyfit(self.hours[start:], self.memory[start:], 1)[0])

    def held(self) -> tuple[int, int, int]:
        return self.process.num_fds(), self.process.num_threads(), len(self.process.children(recursive=True))


@pytest.fixture
def day(qtbot: QtBot, tmp_path: Path) -> Iterator[Day]:
    with hurried():
        world = World(tmp_path, ReaderPool(2) if MINUTES else None)
        yield Day(world)
        world.check()
        world.check_store()
        world.close()


@pytest.mark.skipif(os.name == "nt", reason="counts file descriptors")
@pytest.mark.timeout(600 + 120 * MINUTES)
def test_after_a_long_day_the_program_holds_what_it_held_in_the_morning(day: Day) -> None:
    began = time.monotonic()
    for _ in range(AN_HOUR):
        day.study()
    morning = day.held()
    day.note(0.0)
    while time.monotonic() - began < 60 * MINUTES if MINUTES else day.number < HOURS * AN_HOUR:
        for _ in range(AN_HOUR):
            day.study()
        day.note(day.number / (A_BUSY_HOUR if MINUTES else AN_HOUR))
    sys.stderr.write(
        f"{day.number} studies, {day.memory[0]:.1f} to {day.memory[-1]:.1f} MB, {day.slope:.2f} MB an hour;"
        f" handles, threads, children {morning} to {day.held()}\n"
    )
    assert day.slope < MOST_PER_HOUR_MB
    assert all(then <= before + 2 for before, then in zip(morning, day.held(), strict=True))
    left = [path for path in (*day.world.home.rglob("*"), *day.world.folder.rglob("*")) if path.suffix == ".tmp"]
    assert not left
    assert len(day.world.store.worklist) == KEPT
