"""The window's way to the detector: triage jobs, live what-ifs and pictures of memory entries."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.domain.errors import Notice, Severity
from app.domain.session import PatchEntries
from app.services.detector import worker
from app.services.detector.process import InferenceProcess, Urgency
from app.services.detector.worker import WorkerReport
from app.services.state.notifier import Notifier
from app.services.threads.courier import Courier
from app.services.threads.latest import LatestWins
from squid_core.contracts.detection import (
    AS_TRAINED,
    Detection,
    DetectorSettings,
    Maps,
    MemoryEdit,
    ModelInput,
    Replacement,
)
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray

WHAT_IF_DEBOUNCE_MS = 80
KEEP_ENTRIES = 64  # patches whose entries are kept as pictures, at most 130 KB each
MAPS_DEBOUNCE_MS = 250  # who pages through a list asks for none

RESTARTED = Notice(
    Severity.INFO,
    "The detector's process ended and was started again.",
    "Nothing is lost; the image is tried once more.",
)


@dataclass(frozen=True, slots=True, eq=False)
class WhatIf:
    """A request to score an image otherwise: at other settings, with another memory, with a region made normal."""

    image_key: str
    folder: Path
    model_input: ModelInput
    settings: DetectorSettings
    edit: MemoryEdit = AS_TRAINED
    replacement: Replacement | None = None


@dataclass(frozen=True, slots=True, eq=False)
class MapsWanted:
    """A request for the maps of a detection."""

    image_key: str
    folder: Path
    detection: Detection


@dataclass(frozen=True, slots=True)
class EntriesWanted:
    """A request for pictures of the memory entries of one patch."""

    image_key: str
    folder: Path
    model: str
    patch: int
    slots: tuple[int, ...]


class InferenceClient(QObject):
    """Owns the detector's process. Everything but `detect`'s future arrives as a signal, newest request only."""

    what_if_ready = Signal(object, object)  # WhatIf, Detection
    what_if_failed = Signal(object, object)  # WhatIf, SquidError
    entries_ready = Signal(object, object)  # EntriesWanted, PatchEntries
    entries_failed = Signal(object, object)  # EntriesWanted, SquidError
    maps_ready = Signal(object, object)  # MapsWanted, Maps
    maps_failed = Signal(object, object)  # MapsWanted, SquidError
    state_changed = Signal(str)  # '' or what the process is doing
    warmed_up = Signal(object)  # WorkerReport

    def __init__(self, courier: Courier, notifier: Notifier, process: InferenceProcess | None = None) -> None:
        super().__init__()
        self.device = "auto"
        self._courier = courier
        self._notifier = notifier
        self._process = process or InferenceProcess(on_restart=lambda: courier.call(self._on_restart))
        self._what_ifs: LatestWins[WhatIf, Detection] = LatestWins(
            courier,
            self._start_what_if,
            self.what_if_ready.emit,
            self.what_if_failed.emit,
            WHAT_IF_DEBOUNCE_MS,
        )
        self._entries: LatestWins[EntriesWanted, FloatArray] = LatestWins(
            courier, self._start_entries, self._on_entries, self.entries_failed.emit
        )
        self._kept: OrderedDict[EntriesWanted, PatchEntries] = OrderedDict()
        self._maps: LatestWins[MapsWanted, Maps] = LatestWins(
            courier, self._start_maps, self.maps_ready.emit, self.maps_failed.emit, MAPS_DEBOUNCE_MS
        )

    def warm_up(self, folder: Path) -> None:
        """Start the process and load a bundle, once nothing more urgent waits."""
        self.state_changed.emit("The detector is starting")
        future: Future[WorkerReport] = self._process.submit(Urgency.WARM_UP, worker.warm_up, str(folder), self.device)
        self._courier.when_done(future, self._on_warm)

    def detect(self, folder: Path, model_input: ModelInput) -> Future[Detection]:
        """Score an image at the card's locked settings; for the triage queue."""
        return self._process.submit(Urgency.TRIAGE, worker.detect, str(folder), self.device, model_input, None)

    def what_if(self, wanted: WhatIf) -> None:
        """Score an image at other settings; answered by `what_if_ready` unless a newer one is asked for."""
        self._what_ifs.ask(wanted)

    def forget_what_if(self) -> None:
        """No what-if is wanted any more."""
        self._what_ifs.forget()

    def entries(self, wanted: EntriesWanted) -> None:
        """Pictures of memory entries; answered by `entries_ready` unless newer ones are asked for."""
        kept = self._kept.get(replace(wanted, image_key=""))
        if kept is None:
            self._entries.ask(wanted)
        else:
            self._entries.forget()
            self.entries_ready.emit(wanted, kept)

    def forget_entries(self) -> None:
        """No pictures are wanted any more."""
        self._entries.forget()

    def maps(self, wanted: MapsWanted) -> None:
        """What else the networks see; answered by `maps_ready` unless others are asked for."""
        self._maps.ask(wanted)

    def forget_maps(self) -> None:
        """No maps are wanted any more."""
        self._maps.forget()

    def close(self) -> None:
        """End the process."""
        for requests in (self._what_ifs, self._entries, self._maps):
            requests.forget()
        self._process.close()

    def _start_what_if(self, wanted: WhatIf) -> Future[Detection]:
        what = (wanted.model_input, wanted.settings, wanted.edit, wanted.replacement)
        return self._process.submit(Urgency.READER, worker.detect, str(wanted.folder), self.device, *what)

    def _start_maps(self, wanted: MapsWanted) -> Future[Maps]:
        return self._process.submit(Urgency.READER, worker.maps, str(wanted.folder), self.device, wanted.detection)

    def _start_entries(self, wanted: EntriesWanted) -> Future[FloatArray]:
        return self._process.submit(
            Urgency.READER, worker.entries, str(wanted.folder), self.device, wanted.patch, wanted.slots
        )

    def _on_entries(self, wanted: EntriesWanted, pictures: FloatArray) -> None:
        entries = PatchEntries(wanted.patch, wanted.slots, pictures, wanted.model)
        self._kept[replace(wanted, image_key="")] = entries  # the bundle's, whatever the image
        while len(self._kept) > KEEP_ENTRIES:
            self._kept.popitem(last=False)
        self.entries_ready.emit(wanted, entries)

    def _on_warm(self, future: Future[WorkerReport]) -> None:
        self.state_changed.emit("")
        if future.cancelled():
            return
        if isinstance(error := future.exception(), SquidError):
            self._notifier.post(Notice.from_error(error))
        elif error is None:
            self.warmed_up.emit(future.result())

    def _on_restart(self) -> None:
        self._notifier.post(RESTARTED)
