"""What a worker works with: readers of its own and the loaded weights, kept from one chunk to the next."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from squid_core.bundle.library import Bundles
from squid_core.cluster.order import Chunk, Order, fingerprints, wanted
from squid_core.contracts.detection import Detection, ModelInput
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray
from squid_core.dicom.readers import ReaderPool
from squid_core.inference.flow import readers_here
from squid_core.inference.scorer import DetectorLike, load_detector
from squid_core.inference.triage import Triaged, triage_found
from squid_core.version import installed_version

OTHER_VERSION = "It runs another version of this program."
OTHER_WEIGHTS = "Its weights are not those of the machine that asks. Install the same ones there."
NO_FILES = "It does not see the files. Every worker needs them under the same path."


def _nothing() -> None:
    """What a reader is asked to see whether it is there."""


class _Shared:
    """A detector for several chunks in hand: one batch after another."""

    def __init__(self, detector: DetectorLike) -> None:
        self._detector, self._turn = detector, threading.Lock()

    def detect_many(self, model_inputs: Sequence[ModelInput]) -> Sequence[Detection | SquidError]:
        with self._turn:
            return self._detector.detect_many(model_inputs)

    def picture(self, detection: Detection) -> FloatArray | None:
        with self._turn:
            return self._detector.picture(detection)


class Bench:
    """Readers and detectors for one order; for several threads.

    Args:
        order: what is to be done here.
    """

    def __init__(self, order: Order) -> None:
        self.order = order
        self._bundles = Bundles()
        self._loading = threading.Lock()
        self._loaded: dict[tuple[Path, str], _Shared] = {}
        self._readers = order.readers or readers_here()
        self._pool = ReaderPool(self._readers, charset=order.charset)

    def get_ready(self) -> None:
        """Load the weights and start the readers.

        Raises:
            SquidError: it cannot work here, with the reason.
        """
        for bundle in wanted(self._bundles, self.order.weights):
            if bundle is not None:
                self._load(bundle.folder, self.order.device)
        if self.order.threads and (torch := sys.modules.get("torch")):
            torch.set_num_threads(self.order.threads)
        self._pool.carry_out(_nothing, _nothing).result()  # a worker that can start no reader is of no use

    def answers(self, chunk: Chunk) -> list[Triaged]:
        """One for every file and every member of an archive; they hold neither who it is about nor a picture."""
        order = self.order
        answers = triage_found(
            ((found, chunk.root) for found in chunk.files),
            self._bundles,
            self._pool,
            self._readers,
            self._load,
            weights=order.weights,
            device=order.device,
            accept_asked=order.accept_asked,
            earlier=chunk,
        )
        return [light(one) for one in answers]

    def close(self) -> None:
        """End the readers."""
        self._pool.close()

    def _load(self, folder: Path, device: str) -> _Shared:
        with self._loading:
            if (folder, device) not in self._loaded:
                self._loaded[folder, device] = _Shared((self.order.loader or load_detector)(folder, device))
            return self._loaded[folder, device]


class _Held:
    """The one bench of this process: made for the order that comes, in the place of another's."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._bench: Bench | None = None
        self._users = 0

    @contextmanager
    def bench(self, order: Order) -> Iterator[Bench]:
        """The bench for an order, while it is worked at."""
        with self._free:
            self._free.wait_for(lambda: not self._users or (self._bench is not None and self._bench.order == order))
            if self._bench is None or self._bench.order != order:
                self._clear()
                self._bench = Bench(order)
            bench, self._users = self._bench, self._users + 1
        try:
            yield bench
        finally:
            with self._free:
                self._users -= 1
                self._free.notify_all()

    def leave(self, order: Order) -> None:
        """The order is done with. What is still worked at for it comes to nothing."""
        with self._free:
            if self._bench is not None and self._bench.order == order:
                self._clear()

    def _clear(self) -> None:
        if self._bench is not None:
            self._bench.close()
        self._bench = None


held = _Held()


def why_not(order: Order) -> str:
    """Why this process cannot answer for an order as the machine that asks would; '' where it can, and is ready."""
    if order.version != installed_version():
        return OTHER_VERSION
    try:
        if fingerprints(Bundles(), order.weights) != order.fingerprints:
            return OTHER_WEIGHTS
        if not all(root.exists() for root in order.roots):
            return NO_FILES
        with held.bench(order) as bench:
            bench.get_ready()
    except (SquidError, OSError) as error:
        return str(error) if isinstance(error, SquidError) else NO_FILES
    return ""


def light(triaged: Triaged) -> Triaged:
    """What a line says of an answer, and no more: it goes through a network."""
    return Triaged(triaged.found, replace(triaged.result, identity=None, detection=None), before=triaged.before)
