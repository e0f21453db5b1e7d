"""A disk on which files come, go and change, the program that looks at it, and what both should agree on.

Readers parse and decode real files, in this process; the detector says of an image how many of its rows are bright, so
that a score tells whose pixels it was made from.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop

from app.domain.errors import Notice
from app.domain.jobs import JobState
from app.domain.marks.annotations import Marks
from app.domain.study import ImageItem, Judgement
from app.services.detector.client import InferenceClient
from app.services.detector.devices import Devices
from app.services.detector.process import Urgency
from app.services.detector.worker import WorkerReport
from app.services.services import Services
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.storage.detections import EncodedResult
from squid_core.bundle.library import Bundles
from squid_core.contracts.detection import Detection, Maps, ModelInput, Trial
from squid_core.contracts.errors import SquidError
from squid_core.contracts.preview import Preview
from squid_core.contracts.radiograph import FloatArray, Radiograph
from squid_core.contracts.small_picture import SmallPicture
from squid_core.dicom.errands import (
    Examined,
    examine_in_child,
    identify_in_child,
    is_copy_in_child,
    plainly,
    preview_in_child,
    read_in_child,
    recognise_in_child,
    small_picture_in_child,
)
from squid_core.dicom.readers import PREVIEW_SIDE, ReaderPool
from squid_core.dicom.source import Source
from squid_core.preprocessing import ByAge, Preprocessing
from tests.app.samples import detection
from tests.app.services.fakes import done
from tests.squid_core.dicom.phantoms import chest, to_bytes

ROWS = 128
LONG_AGO_NS = 1_600_000_000 * 10**9
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True)
class Face:
    """One image of one patient, as a file: all have the same size, and `code` of its rows are bright.

    Attributes:
        patient, study, image: the number behind Patient ID and name, Study and SOP Instance UID.
        code: 16..112.
        age: of the patient in years.
    """

    patient: int
    study: int
    image: int
    code: int
    age: int = 60

    @property
    def data(self) -> bytes:
        """The file."""
        return _data(self)

    @property
    def digest(self) -> str:
        """Of the file."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def names(self) -> tuple[str, ...]:
        """As `Identity.image` has them."""
        study, patient = f"1.2.{100 + self.study}", f"P{self.patient}"
        return study, f"{study}.{100 + self.image}", patient, f"patient{self.patient} x"


@lru_cache(64)
def _data(face: Face) -> bytes:
    pixels = np.full((ROWS, ROWS), 100, np.uint16)
    pixels[: face.code] = 3000
    pixels += np.arange(ROWS, dtype=np.uint16)  # not flat
    study, image, patient, _ = face.names
    return to_bytes(
        chest(
            pixels,
            StudyInstanceUID=study,
            SeriesInstanceUID=f"{study}.9",
            SOPInstanceUID=image,
            PatientID=patient,
            PatientName=f"Patient{face.patient}^X",
            PatientAge=f"{face.age:03}Y",
            PatientBirthDate=None,
        )
    )


def code_of(pixels: FloatArray | np.ndarray[Any, Any]) -> int:
    """How many rows of an image are bright, whatever its size."""
    middle = (float(pixels.min()) + float(pixels.max())) / 2
    return round(float((pixels > middle).mean()) * ROWS)


class DirectReaders(ReaderPool):
    """What readers do, done here and at once. `before` is called when a file is about to be examined or read."""

    workers = 1

    def __init__(self) -> None:
        self.before: Callable[[Path], None] = lambda _: None

    def close(self) -> None:
        """Nothing was started."""

    def identify(self, source: Path | Source) -> Future[Examined]:
        return done(identify_in_child((Source.of(source),))[0])

    def examine(self, source: Path | Source, preprocessings: Sequence[Preprocessing] | ByAge = ()) -> Future[Examined]:
        self.before(Source.of(source).path)

        # As they are: laid on a chest, rows would no longer be rows.
        def upright(ways: Sequence[Preprocessing]) -> tuple[Preprocessing, ...]:
            return tuple(one.model_copy(update={"mean_chest": ""}) for one in ways)

        if isinstance(preprocessings, ByAge):
            by_age = replace(
                preprocessings, younger=upright(preprocessings.younger), older=upright(preprocessings.older)
            )
            return done(examine_in_child(Source.of(source), by_age))
        return done(examine_in_child(Source.of(source), upright(preprocessings)))

    def read(self, source: Path | Source, frame: int = 0) -> Future[Radiograph]:
        self.before(Source.of(source).path)
        try:
            return done(read_in_child(Source.of(source), frame))
        except SquidError as error:
            return done(error)

    def preview(self, source: Path | Source, frame: int = 0, side: int = PREVIEW_SIDE) -> Future[Preview | None]:
        return done(preview_in_child(Source.of(source), frame, side))

    def small_picture(self, source: Path | Source, side: int) -> Future[SmallPicture]:
        try:
            return done(small_picture_in_child(Source.of(source), side))
        except SquidError as error:
            return done(error)

    def recognise(self, source: Path | Source) -> Future[Examined]:
        return done(recognise_in_child(Source.of(source)))

    def is_copy(self, source: Path | Source, others: Sequence[Path | Source]) -> Future[bool]:
        return done(is_copy_in_child(Source.of(source), tuple(map(Source.of, others))))

    def carry_out(self, errand: Callable[[], Any], clear: Callable[[], None]) -> Future[Any]:
        try:
            return done(plainly(errand))
        except SquidError as error:
            return done(error)


class CodeDetector(InferenceClient):
    """Scores are the share of bright rows, and a hundredth more by the paediatric weights."""

    def __init__(self, notifier: Notifier) -> None:
        self._devices = Devices()

    def warm_up(self, folder: Path) -> Future[WorkerReport]:
        return done(WorkerReport(1, "2", cuda=False))

    def detect_many(
        self, folder: Path, inputs: Sequence[ModelInput], urgency: Urgency = Urgency.TRIAGE
    ) -> list[Future[EncodedResult]]:
        return [done(EncodedResult.of(found(folder, one))) for one in inputs]

    def what_if(self, folder: Path, locked: Detection, trial: Trial) -> Future[Detection]:
        model_input = ModelInput(locked.input_image, locked.geometry, locked.digest, locked.pose)
        return done(replace(found(folder, model_input), trial=trial))

    def maps(self, folder: Path, detection: Detection) -> Future[Maps]:
        return done(Maps(np.zeros((8, 8), np.float32), 4))

    def entries(self, folder: Path, patch: int, slots: tuple[int, ...]) -> Future[FloatArray]:
        return done(np.zeros((len(slots), 8, 8), np.float32))

    def close(self) -> None:
        """Nothing was started."""


def found(folder: Path, model_input: ModelInput) -> Detection:
    """What `CodeDetector` finds."""
    bundle, image = Bundles().choose(str(folder)), model_input.image
    return replace(
        detection(score_of(code_of(image), bundle.card.population)),
        input_image=image,
        reconstruction=image,
        difference=np.zeros_like(image),
        geometry=model_input.geometry,
        trial=Trial(bundle.settings),
        model=bundle.card.name,
        model_hash=bundle.card.weights_sha256,
        digest=model_input.digest,
    )


def score_of(code: int, population: str) -> float:
    """What `CodeDetector` says."""
    return code / ROWS + (0.01 if population == "paediatric" else 0.0)


class World:
    """A folder of files and the program. Close it at the end.

    Attributes:
        faces: every image there has ever been, by digest.
        drawn, judged: what the reader has drawn and said, by digest.
    """

    def __init__(self, folder: Path, readers: ReaderPool | None = None) -> None:
        self.folder, self.home = folder / "disk", folder / "home"
        self.folder.mkdir(parents=True)
        self.faces: dict[str, Face] = {}
        self.drawn: dict[str, Marks] = {}
        self.judged: dict[str, Judgement] = {}
        self.notices: list[Notice] = []
        self.direct = DirectReaders()
        self.readers: ReaderPool = readers or self.direct
        self.starts = 0
        self.start()

    # the disk

    def put(self, name: str, face: Face, modified_ns: int = LONG_AGO_NS) -> Path:
        """Have an image at a place: written over what is there, in the same file."""
        self.faces[face.digest] = face
        path = self.folder / name
        path.write_bytes(face.data)
        os.utime(path, ns=(modified_ns, modified_ns))
        return path

    # the program

    def start(self) -> None:
        """Start the program on what it has kept."""
        self.holder, self.store, notifier = SessionHolder(), WorklistStore(), Notifier()
        notifier.posted.connect(self.notices.append)
        notifier.flush()
        with patch("app.services.services.InferenceClient", CodeDetector):
            self.services = Services(self.home / "worklist.sqlite", self.holder, self.store, notifier, self.readers)
        self.services.start()

    def restart(self) -> None:
        """End the program and start it again."""
        self.services.close()
        self.start()

    def kill(self) -> None:
        """End the program without a word: the next one finds what was on the disk at this moment."""
        old, self.starts = self.home, self.starts + 1
        self.home = old.with_name(f"home {self.starts}")
        self.home.mkdir()
        for _ in range(50):  # a copy that was taken while a transaction ran is taken again
            before = {path.name: path.read_bytes() for path in old.iterdir() if path.is_file()}
            if before == {path.name: path.read_bytes() for path in old.iterdir() if path.is_file()}:
                break
        for name, data in before.items():
            if not name.endswith("-shm"):
                (self.home / name).write_bytes(data)
        self.services.close()
        self.start()

    def open(self) -> None:
        """Open the folder."""
        self.services.open([self.folder])

    def settle(self) -> None:
        """Wait until the program has nothing left to do, and the window has heard of all of it."""
        until, quiet = time.monotonic() + PATIENCE_SECONDS, 0
        while quiet < 4:
            assert time.monotonic() < until, "the program does not come to rest"
            self.turn()
            self.services.database.ask(lambda _: None).result(PATIENCE_SECONDS)
            at_rest = self.services.idle and not self.holder.state.loading
            quiet = quiet + 1 if at_rest else 0
        self.check()
        state = self.holder.state
        if state.radiograph is not None and state.image is not None and state.image.is_read:
            assert state.image.digest == state.radiograph.content.digest, "the picture is of other bytes than the row"
            scored = state.image.state is JobState.SCORED
            assert (state.detection is not None) is scored, "the score that the row has is not shown"

    def turn(self) -> None:
        """Let the program go on for a moment."""
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        time.sleep(0.003)
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)

    def show(self, face: Face) -> None:
        """Select an image of the worklist by what it is."""
        self.services.desk.select_image(self.row(face).key)

    def row(self, face: Face) -> ImageItem:
        """The worklist's row of an image."""
        (item,) = [item for item in self.store.worklist.images() if item.digest == face.digest]
        return item

    def rows(self) -> dict[tuple[str, ...], float | None]:
        """Scores by whom the rows are about."""
        return {item.identity.image: item.score for item in self.store.worklist.images()}

    def close(self) -> None:
        """End the program."""
        self.services.close()

    # what must hold

    def check(self) -> None:
        """Whatever is on the screen and in the store belongs to one digest."""
        for item in self.store.worklist.images():
            self._check_row(item)
            if item.is_read:
                assert item.judgement is self.judged.get(item.digest, Judgement.NONE), "judged are other bytes"
        state = self.holder.state
        shown, radiograph, found = state.image, state.radiograph, state.detection
        if radiograph is not None:
            face = self.faces[radiograph.content.digest]
            assert radiograph.identity.image == face.names, "the header is another image's than the picture"
            assert code_of(radiograph.pixels) == face.code
            assert shown is not None
            assert shown.identity.image == face.names, "the row is another image's than the picture"
            marks = state.annotations.marks
            assert marks in ((), self.drawn.get(face.digest, ())), "the marks are another image's"
        if found is not None:
            face = self.faces[found.digest]
            assert code_of(found.input_image) == face.code
            assert shown is not None
            assert shown.digest == found.digest, "the score is of other bytes than the row"
            assert radiograph is None or radiograph.content.digest == found.digest, "the score is of another picture"
            assert state.card is None or state.card.weights_sha256 == found.model_hash
        if (beside := state.beside) is not None and beside.radiograph is not None:
            names = {image.key: image.identity.image for image in beside.study.images}
            assert names[beside.image_key] == self.faces[beside.radiograph.content.digest].names
        if state.what_if is not None:
            assert found is not None
            assert state.what_if.digest == found.digest

    def _check_row(self, item: ImageItem) -> None:
        if item.is_read:
            face = self.faces[item.digest]
            assert item.identity.image == face.names, "a row is of other bytes than it says"
        if item.state is JobState.SCORED:
            face = self.faces[item.digest]
            population = "paediatric" if item.weights == "zhanglab" else "adult"
            assert item.score == score_of(face.code, population), "a row has another image's score"

    def check_store(self) -> None:
        """The same of what is kept: rows, and the results that they show."""

        def look(database: Any) -> None:
            for item in database.images():
                self._check_row(item)
                if item.state is JobState.SCORED:
                    found = database.result_of(item)
                    assert found is not None, "a committed result is lost"
                    assert (found.digest, found.score) == (item.digest, item.score)
                    assert code_of(found.input_image) == self.faces[item.digest].code

        self.services.database.ask(look).result(PATIENCE_SECONDS)


@contextmanager
def hurried() -> Iterator[None]:
    """No pauses for a person's eyes: the window hears of everything at once."""
    with (
        patch("app.services.importing.import_service.TAKE_IN_MS", 1),
        patch("app.services.state.worklist_store.COALESCE_MS", 1),
        patch("app.services.state.worklist_store.PACE_MS", 1),
        patch("app.services.reading.what_if_desk.WHAT_IF_DEBOUNCE_MS", 0),
        patch("app.services.reading.what_if_desk.MAPS_DEBOUNCE_MS", 0),
        patch("app.services.reading.prior_desk.LOOK_AGAIN_MS", 1),
        patch("app.services.triage_queue.REST_SECONDS", 0.0),
    ):
        yield
