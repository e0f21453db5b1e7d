"""A folder of thousands of studies: every file is accounted for, none is lost, and none is scored twice.

`SQUID_SOAK_STUDIES=10000` runs the long form (`make soak`).
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.domain.jobs import JobState
from app.services.detector.client import InferenceClient
from app.services.detector.process import Urgency
from app.services.importing.import_service import COPY
from app.services.services import Services
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.storage.detections import EncodedResult
from squid_core.contracts.detection import ModelInput
from squid_core.dicom.readers import ReaderPool
from tests.app.services.fakes import FakeDetector
from tests.squid_core.dicom.phantoms import chest, to_bytes

STUDIES = int(os.environ.get("SQUID_SOAK_STUDIES", "300"))
FILES_A_FOLDER = 250
OLD = 1_700_000_000  # of files at rest
PATIENCE_MS = 60_000 + 60 * STUDIES
SIDE = 128

pytestmark = pytest.mark.timeout(60 + PATIENCE_MS / 1000)


class Folder:
    """Files of every kind in a known number, in folders and in an order of chance."""

    def __init__(self, root: Path) -> None:
        self.root, self.made, chance = root, Counter[str](), random.Random(11)  # noqa: S311
        pixels = np.random.default_rng(11).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
        good = to_bytes(chest(pixels, bits=8, StudyInstanceUID=_uid("8", 0), SOPInstanceUID=_uid("9", 0)))
        shin = good.replace(b"CHEST ", b"TIBIA ")
        assert shin != good
        self._last = b""
        for number in range(STUDIES):
            kind = chance.choices(
                ("good", "shin", "text", "empty", "cut", "copy"), (80, 6, 5, 2, 5, 2 if number else 0)
            )[0]
            if number % FILES_A_FOLDER == 0:
                folder = root / f"{number // FILES_A_FOLDER:03}"
                folder.mkdir(parents=True)
            if kind == "copy" and not self._last:
                kind = "good"
            self.made[kind] += 1
            path = folder / f"{number:06}"
            path.write_bytes(self._bytes(kind, number, good, shin))
            os.utime(path, (OLD, OLD))

    def _bytes(self, kind: str, number: int, good: bytes, shin: bytes) -> bytes:
        if kind == "text":
            return f"This is no film, it is note {number}.".encode()
        if kind == "empty":
            return b""
        if kind == "copy":
            return self._last
        data = shin if kind == "shin" else good
        for root in "89":  # each file is a study of its own
            data = data.replace(_uid(root, 0).encode(), _uid(root, number + 1).encode())
        if kind == "cut":
            return data[: len(data) // 2]
        if kind == "good":
            self._last = data
        return data


def _uid(root: str, number: int) -> str:
    return f"1.2.{root}.{number:06}"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "films")


@pytest.fixture
def start(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Services]]:
    monkeypatch.setattr(InferenceClient, "warm_up", lambda *_: Future())
    running: list[Services] = []

    def begin() -> Services:
        if running:
            running.pop().close()
        home = tmp_path / "worklist.sqlite"
        running.append(Services(home, SessionHolder(), WorklistStore(), Notifier(), ReaderPool(2)))
        running[-1].start()
        qtbot.waitUntil(lambda: running[-1].is_restored)
        return running[-1]

    yield begin
    for services in running:
        services.close()


def test_in_is_scored_and_viewable_and_skipped_and_error(
    qtbot: QtBot, start: Callable[[], Services], folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    detected: Counter[str] = Counter()

    class Counting(FakeDetector):
        def detect_many(
            self, folder: Path, inputs: Sequence[ModelInput], urgency: Urgency = Urgency.TRIAGE
        ) -> list[Future[EncodedResult]]:
            detected.update(one.digest for one in inputs)
            return super().detect_many(folder, inputs, urgency)

    monkeypatch.setattr(InferenceClient, "detect_many", Counting().detect_many)
    services, made, began = start(), folder.made, time.monotonic()
    services.open([folder.root])
    qtbot.waitUntil(lambda: services.idle, timeout=PATIENCE_MS)
    seconds = time.monotonic() - began
    worklist, report = services._store.worklist, services._holder.state.import_report
    states = Counter(image.state for image in worklist.images())
    assert report is not None
    left_out = dict(report.reasons)
    print(f"{STUDIES} files in {seconds:.0f} s: {dict(made)}, {dict(states)}, {left_out}")  # noqa: T201

    assert states == {JobState.SCORED: made["good"], JobState.VIEWABLE: made["shin"], JobState.ERROR: made["cut"]}
    assert report.found == STUDIES  # nothing is lost on the way in
    assert left_out.pop(COPY, 0) == made["copy"]
    assert left_out.pop("The file is empty.", 0) == made["empty"]
    assert left_out.pop("Not a DICOM file: a text file.", 0) == made["text"]
    in_error = sum(left_out.values())  # what cannot be read is counted, and has its row all the same
    assert sum(states.values()) + made["copy"] + made["empty"] + made["text"] == STUDIES
    assert in_error <= made["cut"]
    assert len({image.path for image in worklist.images()}) == sum(states.values())
    assert set(detected.values()) == {1}
    assert len(detected) == made["good"]

    services = start()  # and all of it is in the store
    qtbot.waitUntil(lambda: services.idle, timeout=PATIENCE_MS)
    assert Counter(image.state for image in services._store.worklist.images()) == states
    assert set(detected.values()) == {1}
    with closing(sqlite3.connect(tmp_path / "worklist.sqlite")) as store:
        assert store.execute("SELECT count(*), count(DISTINCT digest) FROM results").fetchone() == (made["good"],) * 2
        scored = store.execute("SELECT count(*), count(DISTINCT subject) FROM audit WHERE action = 'score'").fetchone()
        assert scored == (made["good"],) * 2
        assert store.execute("SELECT count(*) FROM imports").fetchone() == (0,)
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
