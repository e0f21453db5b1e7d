"""The window's way to the detector: what it is asked, how urgently, and on which device."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from app.domain.errors import Notice, Severity
from app.services.detector import worker
from app.services.detector.process import InferenceProcess, Urgency
from app.services.detector.worker import WorkerReport
from app.services.state.notifier import Notifier
from squid_core.contracts.detection import Detection, Maps, ModelInput, Trial
from squid_core.contracts.radiograph import FloatArray

RESTARTED = Notice(
    Severity.INFO,
    "The detector's process ended and was started again.",
    "Nothing is lost; the image is tried once more.",
)


class InferenceClient:
    """Owns the detector's process. Every answer is a future that fails with SquidError; who waits decides what counts.

    Attributes:
        device: where the detector runs from the next request on; auto, cpu or cuda.
    """

    def __init__(self, notifier: Notifier, process: InferenceProcess | None = None) -> None:
        self.device = "auto"
        self._process = process or InferenceProcess(on_restart=lambda: notifier.post(RESTARTED))

    def warm_up(self, folder: Path) -> Future[WorkerReport]:
        """Start the process and load a bundle, once nothing more urgent waits."""
        return self._process.submit(Urgency.WARM_UP, worker.warm_up, str(folder), self.device)

    def detect(self, folder: Path, model_input: ModelInput) -> Future[Detection]:
        """Score an image at the card's locked settings; for the triage queue."""
        return self._process.submit(Urgency.TRIAGE, worker.detect, str(folder), self.device, model_input)

    def what_if(self, folder: Path, locked: Detection, trial: Trial) -> Future[Detection]:
        """Score the image of a detection otherwise."""
        return self._process.submit(Urgency.READER, worker.what_if, str(folder), self.device, locked, trial)

    def entries(self, folder: Path, patch: int, slots: tuple[int, ...]) -> Future[FloatArray]:
        """(k, P, P) pictures of memory entries of one patch."""
        return self._process.submit(Urgency.READER, worker.entries, str(folder), self.device, patch, slots)

    def maps(self, folder: Path, detection: Detection) -> Future[Maps]:
        """What else the networks see in the image of a detection."""
        return self._process.submit(Urgency.READER, worker.maps, str(folder), self.device, detection)

    def close(self) -> None:
        """End the process; what was asked is cancelled."""
        self._process.close()
