"""From folders to results: walk, read in children, choose weights by age, score. One answer for every file.

Nothing here imports torch: the detector is loaded when the first file needs it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from squid_core.bundle.card import Card
from squid_core.bundle.library import ADULT_FROM_YEARS, AUTO, Bundles
from squid_core.contracts.charset import Charset
from squid_core.contracts.detection import Detection, ModelInput
from squid_core.contracts.errors import DeviceFailedError, SquidError
from squid_core.contracts.radiograph import Decision, FileStatus, FloatArray
from squid_core.dicom.container.scan import FoundFile, inside, walk
from squid_core.dicom.readers import Examined, ReaderPool
from squid_core.inference.doubts import doubts
from squid_core.inference.results import FileResult
from squid_core.preprocessing import Preprocessing

if TYPE_CHECKING:
    from squid_core.inference.detector import Detector

CARD_FAILED = "The graphics card failed, so it was scored on the CPU."
CHANGED = "The weights changed while files were read. Start again."
READ_AHEAD = 8  # files in the readers' hands before the detector has taken the first


class DetectorLike(Protocol):
    """What triage needs of a detector."""

    def detect(self, model_input: ModelInput) -> Detection:
        """Score one image with the card's locked settings."""
        ...

    def picture(self, detection: Detection) -> FloatArray | None:
        """The normal picture of a detection; None where the weights paint none."""
        ...


DetectorLoader = Callable[[Path, str], DetectorLike]


def why_chosen(weights: str, age: float | None) -> str:
    """Why these weights read the image of a patient of this age (years), as the command line says it."""
    if weights != AUTO:
        return "the weights asked for"
    if age is None:
        return "no age in the file"
    child = age < ADULT_FROM_YEARS
    return f"the patient is under {ADULT_FROM_YEARS}" if child else f"the patient is {ADULT_FROM_YEARS} or older"


def load_detector(folder: Path, device: str) -> Detector:
    """The real detector; this is where torch comes in.

    Raises:
        SquidError: the bundle is damaged, or the device is not there.
    """
    from squid_core.inference.detector import Detector

    return Detector.load(folder, device)


class _Detectors:
    """The detectors by their bundle's folder, loaded when they are needed; all on the CPU once the card has failed."""

    def __init__(self, load: DetectorLoader, device: str, *, paint: bool) -> None:
        self._load, self._device, self._paint = load, device, paint
        self._loaded: dict[Path, DetectorLike] = {}
        self.note = ""

    def detect(self, folder: Path, model_input: ModelInput) -> tuple[Detection, FloatArray | None, float]:
        """Score an image, and paint its normal picture where that is wanted.

        Returns:
            The answer, the picture, and the seconds it took; loading the weights is not this file's doing.

        Raises:
            SquidError: as `Detector.load` and `Detector.detect`.
        """
        try:
            if folder not in self._loaded:
                self._loaded[folder] = self._load(folder, self._device)
            began, detector = time.monotonic(), self._loaded[folder]
            detection = detector.detect(model_input)
            picture = detector.picture(detection) if self._paint else None
            return detection, picture, time.monotonic() - began
        except DeviceFailedError:
            if self._device == "cpu":
                raise
            self._device, self.note = "cpu", CARD_FAILED
            self._loaded.clear()
            return self.detect(folder, model_input)


@dataclass(frozen=True, slots=True)
class Triaged:
    """One file's answer.

    Attributes:
        found: the file.
        card: of the weights that scored it; None where it was not scored.
        picture: (2S, 2S) float32 in 0..1, its normal picture, where one was asked for and the weights paint one.
    """

    found: FoundFile
    result: FileResult
    card: Card | None = None
    picture: FloatArray | None = None


def triage(
    paths: Sequence[Path],
    weights: str = AUTO,
    device: str = "auto",
    *,
    accept_asked: bool = False,
    paint: bool = False,
    charset: Charset = Charset.AUTOMATIC,
    loader: DetectorLoader | None = None,
) -> Iterator[Triaged]:
    """Answer for every file below `paths`, in order, while readers work ahead.

    Args:
        paths: folders or files; results name files relative to the one they were found in.
        weights: "auto" (by the patient's age), a bundle's name, or its folder.
        device: "auto", "cuda" or "cpu".
        accept_asked: score also the images about which the program would ask.
        paint: give the normal picture of what was scored too.
        charset: the default character set for text.
        loader: makes a detector of a bundle folder and a device; `load_detector` by default.

    Yields:
        One answer a file; a member of a zip archive is named "archive.zip/member", after the archive itself.

    Raises:
        SquidError: a path is not there, or weights asked for by name are not.
    """
    bundles = Bundles()
    preprocessings = bundles.preprocessings(weights)
    detectors = _Detectors(loader or load_detector, device, paint=paint)
    with ReaderPool(charset=charset) as pool:
        for path in paths:
            for found, examined in _examined(walk(path), pool, preprocessings, path):
                yield _triaged(found, examined, bundles, weights, preprocessings, detectors, accept_asked)


def _examined(
    files: Iterable[FoundFile], pool: ReaderPool, preprocessings: Sequence[Preprocessing], root: Path
) -> Iterator[tuple[FoundFile, Examined]]:
    """Every file as a reader sees it, in order, with what an archive or index leads to right behind it."""
    waiting: deque[tuple[FoundFile, Future[Examined] | None]] = deque()

    def first() -> Iterator[tuple[FoundFile, Examined]]:
        found, future = waiting.popleft()
        examined = future.result() if future else Examined(found.status or FileStatus.ERROR, found.message)
        yield found, examined
        # This ends: an archive in an archive leads nowhere, and an index only where it is the root.
        yield from _examined(inside(found, examined.contents, root), pool, preprocessings, Path())

    for found in files:
        waiting.append((found, None if found.status else pool.examine(found.source, preprocessings)))
        if len(waiting) >= READ_AHEAD:
            yield from first()
    while waiting:
        yield from first()


def _triaged(
    found: FoundFile,
    examined: Examined,
    bundles: Bundles,
    weights: str,
    preprocessings: Sequence[Preprocessing],
    detectors: _Detectors,
    accept_asked: bool,
) -> Triaged:
    answer, verdict = partial(_answer, found, examined), examined.verdict
    if examined.status is not None or verdict is None:
        return answer(examined.status or FileStatus.ERROR, examined.message)
    if verdict.decision is Decision.REFUSE:
        return answer(FileStatus.VIEWABLE, _sentences("Not scored.", verdict.reason, examined.message))
    if verdict.decision is Decision.ASK and not accept_asked:
        return answer(FileStatus.VIEWABLE, _sentences(verdict.reason, examined.message))
    age = examined.identity.patient_age if examined.identity else None
    try:
        bundle = bundles.choose(weights, age)
    except SquidError as error:
        return answer(FileStatus.VIEWABLE, _sentences("Not scored.", str(error)))
    if bundle.card.preprocessing not in preprocessings:  # installed meanwhile
        return answer(FileStatus.ERROR, _sentences("Could not be scored.", CHANGED))
    try:
        model_input = examined.inputs[preprocessings.index(bundle.card.preprocessing)]
        detection, picture, seconds = detectors.detect(bundle.folder, model_input)
    except SquidError as error:
        return answer(FileStatus.ERROR, _sentences("Could not be scored.", str(error)))
    asked = f"Scored because you asked for it. {verdict.reason}" if verdict.decision is Decision.ASK else ""
    reason = why_chosen(weights, age)
    message = _sentences(
        *doubts(detection), asked, f"Scored with the {bundle.card.name} weights: {reason}.", detectors.note
    )
    scored = answer(FileStatus.SCORED, _sentences(message, examined.message), detection, seconds)
    return replace(scored, card=bundle.card, picture=picture)


def _answer(
    found: FoundFile,
    examined: Examined,
    status: FileStatus,
    message: str,
    detection: Detection | None = None,
    more_seconds: float = 0.0,
) -> Triaged:
    result = FileResult(
        path=found.relative,
        status=status,
        message=message,
        identity=examined.identity,
        verdict=examined.verdict,
        detection=detection,
        seconds=examined.seconds + more_seconds,
        peak_rss_mb=examined.peak_rss_mb,
    )
    return Triaged(found, result)


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)
