"""The detectors on a thread of their own: batches in, answers out, while readers are fed meanwhile.

Nothing here imports torch: a detector is loaded when the first batch needs it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, TypeAlias

from squid_core.contracts.detection import Detection, ModelInput
from squid_core.contracts.errors import DeviceFailedError, SquidError
from squid_core.contracts.radiograph import FloatArray

if TYPE_CHECKING:
    from squid_core.inference.detector import Detector

CARD_FAILED = "The graphics card failed, so it was scored on the CPU."
END_SECONDS = 20.0  # that a batch in hand is waited for: a program that ends while torch computes may crash


class DetectorLike(Protocol):
    """What triage needs of a detector."""

    def detect_many(self, inputs: Sequence[ModelInput]) -> Sequence[Detection | SquidError]:
        """Score images with the card's locked settings: an answer each, in their order."""
        ...

    def picture(self, detection: Detection) -> FloatArray | None:
        """The normal picture of a detection; None where the weights paint none."""
        ...


DetectorLoader: TypeAlias = Callable[[Path, str], DetectorLike]


def load_detector(folder: Path, device: str) -> Detector:
    """The real detector; this is where torch comes in.

    Raises:
        SquidError: the bundle is damaged, or the device is not there.
    """
    from squid_core.inference.detector import Detector

    return Detector.load(folder, device)


@dataclass(frozen=True, slots=True)
class Scored:
    """A detector's answer about one image.

    Attributes:
        picture: (2S, 2S) float32 in 0..1, its normal picture, where one was asked for and the weights paint one.
        seconds: its part of those that its batch took; loading the weights is not this image's doing.
        note: a sentence on how it was scored, or ''.
    """

    detection: Detection
    picture: FloatArray | None
    seconds: float
    note: str


@dataclass(frozen=True, slots=True)
class Unscored:
    """Why an image has no score.

    Attributes:
        lasting: whether it would fail again; not where it is the device or the weights that failed.
    """

    error: SquidError
    lasting: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """Images for one bundle, and who they are."""

    keys: tuple[int, ...]
    folder: Path
    inputs: tuple[ModelInput, ...]


Answers: TypeAlias = Sequence[Scored | Unscored]


class Scorer:
    """Detectors by their bundle's folder, loaded when they are needed; all on the CPU once the card has failed.

    A context; left, it drops what is waiting and ends with the batch in hand.

    Args:
        load: makes a detector of a bundle's folder and a device.
        device: "auto", "cuda" or "cpu".
        paint: whether the normal pictures are wanted too.
        answer: called on the scorer's thread with a batch and an answer an image, or with what no one foresaw.
    """

    def __init__(
        self,
        load: DetectorLoader,
        device: str,
        *,
        paint: bool,
        answer: Callable[[Batch, Answers | BaseException], None],
    ) -> None:
        self._load, self._device, self._paint, self._answer = load, device, paint, answer
        self._loaded: dict[Path, DetectorLike | SquidError] = {}
        self._note = ""
        self._batches: SimpleQueue[Batch | None] = SimpleQueue()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="detector", daemon=True)

    def __enter__(self) -> Scorer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._batches.put(None)
        self._thread.join(END_SECONDS)

    def score(self, batch: Batch) -> None:
        """Have a batch scored, after those that were given before."""
        self._batches.put(batch)

    def _run(self) -> None:
        while (batch := self._batches.get()) is not None and not self._ended.is_set():
            answers: Answers | BaseException
            try:
                answers = self._scored(batch)
            except BaseException as error:  # noqa: BLE001 - whoever waits for it must hear of it
                answers = error
            self._answer(batch, answers)

    def _scored(self, batch: Batch) -> Answers:
        try:
            detector = self._detector(batch.folder)
            began = time.monotonic()
            found = detector.detect_many(batch.inputs)
            if self._device != "cpu":  # not even for one image was there room
                _raise_first(found)
            pictures = [self._picture(detector, one) for one in found]
        except DeviceFailedError as error:
            if self._device != "cpu":
                self._device, self._note = "cpu", CARD_FAILED
                self._loaded.clear()
                return self._scored(batch)
            return [Unscored(error, lasting=False)] * len(batch.keys)
        except SquidError as error:
            return [Unscored(error, lasting=False)] * len(batch.keys)
        each = (time.monotonic() - began) / len(batch.keys)
        return [
            Unscored(one, lasting=not isinstance(one, DeviceFailedError))
            if isinstance(one, SquidError)
            else Scored(one, picture, each, self._note)
            for one, picture in zip(found, pictures, strict=True)
        ]

    def _picture(self, detector: DetectorLike, found: Detection | SquidError) -> FloatArray | None:
        return detector.picture(found) if self._paint and not isinstance(found, SquidError) else None

    def _detector(self, folder: Path) -> DetectorLike:
        """Loaded once; weights that could not be are not tried again for every image.

        Raises:
            SquidError: as `load`.
        """
        if folder not in self._loaded:
            try:
                self._loaded[folder] = self._load(folder, self._device)
            except DeviceFailedError:
                raise
            except SquidError as error:
                self._loaded[folder] = error
        loaded = self._loaded[folder]
        if isinstance(loaded, SquidError):
            raise loaded
        return loaded


def _raise_first(found: Sequence[Detection | SquidError]) -> None:
    for one in found:
        if isinstance(one, DeviceFailedError):
            raise one
