"""The window's way to the detector: what it is asked, how urgently, on which device, and how long that may take."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from app.services.detector import worker
from app.services.detector.devices import Devices
from app.services.detector.process import InferenceProcess, Urgency
from app.services.detector.worker import WorkerReport
from app.services.state.notifier import Notifier
from squid_core.contracts.detection import Detection, Maps, ModelInput, Trial
from squid_core.contracts.radiograph import FloatArray
from squid_core.processes.held import Attempt, Ready

T = TypeVar("T")

LOAD_SECONDS = 120.0  # to import torch and load a bundle; 5.5 s on two busy cores
ASK_SECONDS = 15.0  # for anything else; 0.1 s there, and 2 s with the published network


class InferenceClient:
    """Owns the detector's process. Every answer is a future that fails with SquidError; who waits decides what counts.

    Where the graphics card fails a request is answered by the CPU.
    """

    def __init__(self, notifier: Notifier, process: InferenceProcess | None = None) -> None:
        self._devices = Devices()
        self._notifier = notifier
        self._process = process or InferenceProcess(on_loss=self._on_loss)

    @property
    def device(self) -> str:
        """Where the detector runs from the next request on; auto, cpu or cuda."""
        return self._devices.chosen

    @device.setter
    def device(self, device: str) -> None:
        self._devices.chosen = device

    def warm_up(self, folder: Path) -> Future[WorkerReport]:
        """Start the process and load a bundle, once nothing more urgent waits."""
        report = self._ask(Urgency.WARM_UP, worker.warm_up, folder)
        report.add_done_callback(self._on_warm)
        return report

    def detect(self, folder: Path, model_input: ModelInput) -> Future[Detection]:
        """Score an image at the card's locked settings; for the triage queue."""
        return self._ask(Urgency.TRIAGE, worker.detect, folder, model_input)

    def what_if(self, folder: Path, locked: Detection, trial: Trial) -> Future[Detection]:
        """Score the image of a detection otherwise."""
        return self._ask(Urgency.READER, worker.what_if, folder, locked, trial)

    def entries(self, folder: Path, patch: int, slots: tuple[int, ...]) -> Future[FloatArray]:
        """(k, P, P) pictures of memory entries of one patch."""
        return self._ask(Urgency.READER, worker.entries, folder, patch, slots)

    def maps(self, folder: Path, detection: Detection) -> Future[Maps]:
        """What else the networks see in the image of a detection."""
        return self._ask(Urgency.READER, worker.maps, folder, detection)

    def close(self) -> None:
        """End the process; what was asked is cancelled."""
        self._process.close()

    def _ask(self, urgency: Urgency, function: Callable[..., T], folder: Path, *args: Any) -> Future[T]:  # noqa: ANN401
        def attempts() -> list[Attempt]:
            where = [(str(folder), device) for device in self._devices.to_try()]
            return [Attempt(function, (*at, *args), ASK_SECONDS, Ready(worker.load, at, LOAD_SECONDS)) for at in where]

        return self._process.submit(urgency, attempts)

    def _on_warm(self, report: Future[WorkerReport]) -> None:
        if not report.cancelled() and report.exception() is None:
            self._devices.has_card = report.result().cuda

    def _on_loss(self, error: Exception, attempt: Attempt) -> None:
        _, device, *_ = attempt.args
        self._notifier.post(self._devices.lost(device, error))
