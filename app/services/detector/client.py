"""The window's way to the detector: what it is asked, how urgently, on which device, and how long that may take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from app.services.detector import worker
from app.services.detector.devices import Devices
from app.services.detector.process import InferenceProcess, Urgency
from app.services.detector.worker import WorkerReport
from app.services.state.notifier import Notifier
from app.storage.detections import EncodedResult
from squid_core.contracts.detection import Detection, Maps, ModelInput, Trial
from squid_core.contracts.errors import DeviceFailedError, SquidError
from squid_core.contracts.radiograph import FloatArray
from squid_core.processes.held import Attempt, Ready
from squid_core.processes.pool import settle

T = TypeVar("T")
_Batch: TypeAlias = list[tuple[ModelInput, Future[EncodedResult]]]

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

    def detect_many(
        self, folder: Path, inputs: Sequence[ModelInput], urgency: Urgency = Urgency.TRIAGE
    ) -> list[Future[EncodedResult]]:
        """Score images together at the card's locked settings; for the triage queue.

        What goes wrong with all of them, so that the process dies or does not answer in time, is asked again one by
        one: only the culprit is given up.
        """
        futures: list[Future[EncodedResult]] = [Future() for _ in inputs]
        self._send(folder, list(zip(inputs, futures, strict=True)), urgency)
        return futures

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

    def _send(self, folder: Path, batch: _Batch, urgency: Urgency) -> None:
        tries = 1 if len(batch) > 1 else None  # of several the next tries are of each alone
        asked = self._ask(urgency, worker.detect_many, folder, tuple(one for one, _ in batch), tries=tries)
        asked.add_done_callback(partial(self._deliver, folder, batch, urgency))

    def _deliver(
        self, folder: Path, batch: _Batch, urgency: Urgency, asked: Future[list[EncodedResult | SquidError]]
    ) -> None:
        if asked.cancelled():
            for _, future in batch:
                future.cancel()
            return
        error = asked.exception()
        if error is not None and len(batch) == 1:
            settle(batch[0][1], error=error)
            return
        answers = [error] * len(batch) if error is not None else asked.result()
        for one, answer in zip(batch, answers, strict=True):
            if isinstance(answer, EncodedResult):
                settle(one[1], answer)
            elif error is None and not isinstance(answer, DeviceFailedError):
                settle(one[1], error=answer)
            else:
                self._send(folder, [one], urgency)

    def _ask(
        self,
        urgency: Urgency,
        function: Callable[..., T],
        folder: Path,
        *args: Any,  # noqa: ANN401
        tries: int | None = None,
    ) -> Future[T]:
        def attempts() -> list[Attempt]:
            where = [(str(folder), device) for device in self._devices.to_try()][:tries]
            return [Attempt(function, (*at, *args), ASK_SECONDS, Ready(worker.load, at, LOAD_SECONDS)) for at in where]

        return self._process.submit(urgency, attempts)

    def _on_warm(self, report: Future[WorkerReport]) -> None:
        if not report.cancelled() and report.exception() is None:
            self._devices.has_card = report.result().cuda

    def _on_loss(self, error: Exception, attempt: Attempt) -> None:
        _, device, *_ = attempt.args
        self._notifier.post(self._devices.lost(device, error))
