"""Readers and a detector that answer when the test says so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from app.services.detector.client import InferenceClient
from app.services.detector.process import InferenceProcess, Urgency
from app.storage.detections import EncodedResult
from squid_core.contracts.detection import Detection, ModelInput
from squid_core.contracts.preview import Preview
from squid_core.contracts.radiograph import Content, Decision, FileStatus, Identity, Radiograph, Verdict, Window
from squid_core.contracts.small_picture import SmallPicture
from squid_core.dicom.errors import UnreachedError
from squid_core.dicom.readers import PREVIEW_SIDE, Examined, ReaderPool
from squid_core.dicom.source import Source
from squid_core.preprocessing import ByAge, Preprocessing
from squid_core.processes.held import Attempt
from tests.app.samples import detection, digest_of, identity, model_input

CHEST = Verdict(Decision.ANALYSE)
RIBS = Verdict(Decision.ASK, "The body part says RIBCAGE. Analyse it as a chest?")
GONE = Examined(FileStatus.ERROR, "The file is no longer there.", unreached=True)
SHIN = Verdict(Decision.REFUSE, "The body part says TIBIA; the detector reads chests only.")


def done(value: Any) -> Future[Any]:
    future: Future[Any] = Future()
    if isinstance(value, BaseException):
        future.set_exception(value)
    else:
        future.set_result(value)
    return future


def radiograph() -> Radiograph:
    pixels = np.arange(64 * 96, dtype=np.uint16).reshape(64, 96)
    return Radiograph(pixels, Window(3000, 6000), identity(), CHEST, notices=("The spacing was guessed.",))


def content_of(path: Path) -> Content:
    """Of a file, or of an image of `tests.app.samples` that there is no file of."""
    if not path.exists():
        return Content(digest_of(path.name), 10, 20)
    found = path.stat()
    return Content(hashlib.sha256(path.read_bytes()).hexdigest(), found.st_size, found.st_mtime_ns)


def path_of(source: Path | Source) -> Path:
    return Source.of(source).path


def ways_of(preprocessings: Sequence[Preprocessing] | ByAge, whose: Identity) -> tuple[Preprocessing, ...]:
    """How a reader prepares an image of theirs."""
    if isinstance(preprocessings, ByAge):
        return preprocessings.of(whose.patient_age)
    return tuple(preprocessings)


class FakeReaders(ReaderPool):
    """Answers by file name: verdicts for images, statuses for the rest."""

    workers = 2

    def __init__(self, **verdicts: Verdict | FileStatus) -> None:
        self.verdicts = verdicts
        self.identities: dict[str, Identity] = {}  # by file name; otherwise of a study named after the file
        self.contents: dict[str, Content] = {}  # by file name; otherwise of the file
        self.examined: list[str] = []
        self.read_names: list[str] = []
        self.shrunk: list[str] = []
        self.previews: dict[str, Future[Preview | None]] = {}  # by file name; otherwise there is none
        self.held: list[Callable[[], None]] | None = None  # a list: answers wait for `release`

    def close(self) -> None:
        """Nothing was started."""

    def identify(self, source: Path | Source) -> Future[Examined]:
        path = path_of(source)
        answer = self.verdicts.get(path.stem, CHEST)
        if isinstance(answer, FileStatus):
            sentence = "Not a DICOM file." if answer is FileStatus.SKIPPED else "The file ends too early."
            return done(Examined(answer, sentence))
        return done(Examined(None, "", self.identity(path), content=replace(self.content(path), digest="")))

    def identity(self, path: Path) -> Identity:
        return self.identities.get(path.stem) or identity(f"study of {path.stem}")

    def content(self, path: Path) -> Content:
        return self.contents.get(path.stem) or content_of(path)

    def is_copy(self, source: Path | Source, others: Sequence[Path | Source]) -> Future[bool]:
        return done(any(path_of(source).read_bytes() == path_of(other).read_bytes() for other in others))

    def examine(self, source: Path | Source, preprocessings: Sequence[Preprocessing] | ByAge = ()) -> Future[Examined]:
        path = path_of(source)
        self.examined.append(path.stem)
        answer = self.verdicts.get(path.stem, CHEST)
        if isinstance(answer, FileStatus):
            return done(Examined(answer, "The pixels are damaged."))
        content = self.content(path)
        given = replace(model_input(), digest=content.digest)
        inputs = (
            () if answer.decision is Decision.REFUSE else (given,) * len(ways_of(preprocessings, self.identity(path)))
        )
        examined = Examined(None, "", self.identity(path), answer, inputs, content=content)
        if self.held is None:
            return done(examined)
        future: Future[Examined] = Future()
        self.held.append(lambda: future.set_result(examined))
        return future

    def read(self, source: Path | Source, frame: int = 0) -> Future[Radiograph]:
        path = path_of(source)
        assert frame == 0
        self.read_names.append(path.stem)
        return done(replace(radiograph(), identity=self.identity(path), content=self.content(path)))

    def preview(self, source: Path | Source, frame: int = 0, side: int = PREVIEW_SIDE) -> Future[Preview | None]:
        return self.previews.get(path_of(source).stem) or done(None)

    def small_picture(self, source: Path | Source, side: int) -> Future[SmallPicture]:
        path = path_of(source)
        self.shrunk.append(path.stem)
        return done(SmallPicture(np.full((side, side // 2), 90, np.uint8), self.identity(path), self.content(path)))

    def release(self) -> None:
        """Let the oldest waiting answer go."""
        assert self.held
        self.held.pop(0)()


class HonestReaders(FakeReaders):
    """Say that a file is gone where it is."""

    def identify(self, source: Path | Source) -> Future[Examined]:
        return super().identify(source) if path_of(source).exists() else done(GONE)

    def examine(self, source: Path | Source, preprocessings: Sequence[Preprocessing] | ByAge = ()) -> Future[Examined]:
        return super().examine(source, preprocessings) if path_of(source).exists() else done(GONE)

    def read(self, source: Path | Source, frame: int = 0) -> Future[Radiograph]:
        return super().read(source, frame) if path_of(source).exists() else done(UnreachedError(GONE.message))


class FakeDetector(InferenceClient):
    """Scores rise with every image."""

    def __init__(self) -> None:
        self.answers: list[Detection | BaseException] = []
        self.count = 0
        self.batches: list[int] = []

    def detect_many(
        self, folder: Path, inputs: Sequence[ModelInput], urgency: Urgency = Urgency.TRIAGE
    ) -> list[Future[EncodedResult]]:
        assert folder.is_dir()
        self.batches.append(len(inputs))
        return [self._answer(one) for one in inputs]

    def _answer(self, model_input: ModelInput) -> Future[EncodedResult]:
        assert model_input.image.ndim == 2
        self.count += 1
        answer = self.answers.pop(0) if self.answers else detection(min(1.0, self.count / 100))
        if isinstance(answer, BaseException):
            return done(answer)
        return done(EncodedResult.of(replace(answer, digest=model_input.digest)))


class FakeProcess(InferenceProcess):
    """Collects requests; the test answers them."""

    def __init__(self) -> None:
        self.asked: list[tuple[Urgency, str, tuple[Any, ...], Future[Any]]] = []

    def submit(self, urgency: Urgency, attempts: Callable[[], Sequence[Attempt]]) -> Future[Any]:
        future: Future[Any] = Future()
        first = attempts()[0]
        self.asked.append((urgency, first.function.__name__, first.args, future))
        return future

    def close(self) -> None:
        pass
