"""`squid triage` on a cluster: chunks of files go out, answers come back as they are ready, every file once."""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from dask.typing import Key
from distributed import Client, Future, KilledWorker, wait

from squid_core.bundle.library import AUTO, Bundles
from squid_core.cluster.connection import Cluster, connected
from squid_core.cluster.order import Chunk, Order, chunks, fingerprints, on_any_machine
from squid_core.cluster.worker import CHUNKS_EACH, TriagePlugin, answer
from squid_core.contracts.charset import Charset
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FileStatus
from squid_core.dicom.container.scan import reached_root
from squid_core.inference.ledger import Ledger
from squid_core.inference.results import FileResult
from squid_core.inference.scorer import DetectorLoader
from squid_core.inference.shard import Shard
from squid_core.inference.triage import Triaged, is_written

LOOK_SECONDS = 1.0  # between two looks at which workers there are
WAIT_SECONDS = 0.1  # where there is none
NO_WORKER_SECONDS = 60.0  # without a worker that may answer; one that is started again needs some of them
AHEAD = 2  # chunks beyond those that a worker has in hand, so that it need not wait for the next
FAILED = "The worker failed over this file."
SET_ASIDE = "This file ended its worker each time it was tried, so it was set aside. It may be damaged."


def triage(
    paths: Sequence[Path],
    weights: str = AUTO,
    device: str = "auto",
    *,
    cluster: str,
    accept_asked: bool = False,
    charset: Charset = Charset.AUTOMATIC,
    readers: int | None = None,
    shard: Shard | None = None,
    earlier: Ledger | None = None,
    loader: DetectorLoader | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Generator[Triaged, None, None]:
    """Answer for every file below `paths` on the workers of a cluster, as `squid_core.inference.triage` does here.

    Args:
        paths: folders or files, which every worker sees under the same absolute path.
        weights: "auto" (by the patient's age), a bundle's name, or its folder; the same ones on every worker.
        device: "auto", "cuda" or "cpu".
        cluster: "tcp://host:port" or "tls://host:port" of a scheduler, or "local:N" for N workers here.
        accept_asked: score also the images about which the program would ask.
        charset: the default character set for text.
        readers: files that each worker reads at once; None for as many as its machine takes.
        shard: which of the files; None for all.
        earlier: what was answered before: what the same weights have scored is not scored again.
        loader: makes a detector; importable by name on every worker.
        tell: is told what became of a worker, in a sentence.

    Yields:
        One answer a file, as they come; without pictures, and without what tells who a file is about.

    Raises:
        SquidError: a path, the weights or the cluster cannot be used, or no worker may answer.
    """
    place, roots = Cluster.of(cluster), tuple(path.absolute() for path in paths)
    for root in roots:
        reached_root(root)
    bundles = Bundles()
    bundles.preprocessings_by_age(weights)  # whether they are there at all
    order = Order(
        roots,
        on_any_machine(weights),
        fingerprints(bundles, weights),
        device,
        accept_asked,
        charset,
        readers or place.readers,
        place.threads,
        loader,
    )
    with connected(place) as client:
        yield from _Run(client, order, tell).answers(chunks(roots, shard or Shard(), earlier), earlier)


class _Run:
    """One order, from the first chunk to the last answer."""

    def __init__(self, client: Client, order: Order, tell: Callable[[str], None]) -> None:
        self._client, self._order, self._tell = client, order, tell
        self._name = f"squid-{uuid.uuid4().hex}"
        self._numbers = 0
        self._flying: dict[Key, tuple[Future[list[Triaged]], Chunk]] = {}  # by key
        self._alone: deque[Chunk] = deque()  # of chunks that ended their workers: which file was it?
        self._told: set[str] = set()  # refused workers
        self._able = 0
        self._looked, self._able_at = 0.0, time.monotonic()

    def answers(self, waiting: Iterator[Chunk], earlier: Ledger | None) -> Iterator[Triaged]:
        """One for every file of the chunks."""
        try:
            self._client.register_plugin(TriagePlugin(self._order, self._name))
            for one in self._all(waiting):
                written = one.before or (earlier is not None and is_written(earlier, one.result))
                yield replace(one, before=written)
        except (CancelledError, OSError) as error:
            raise SquidError("The connection to the cluster was lost.", "Start again.", type(error).__name__) from error
        finally:
            with suppress(Exception):
                self._client.cancel([future for future, _ in self._flying.values()])
                self._client.unregister_worker_plugin(self._name)

    def _all(self, waiting: Iterator[Chunk]) -> Iterator[Triaged]:
        more = True
        while more or self._flying or self._alone:
            self._look()
            while more and len(self._flying) < self._able * (CHUNKS_EACH + AHEAD):
                if (chunk := next(waiting, None)) is None:
                    more = False
                else:
                    self._send(chunk)
            if not (more or self._flying) and self._alone and self._able:
                self._send(self._alone.popleft())  # nothing else may be lost with it, nor be taken for the culprit
            yield from self._arrived()

    def _send(self, chunk: Chunk) -> None:
        self._numbers += 1
        future = self._client.submit(
            answer,
            self._order,
            chunk,
            key=f"{self._name}-{self._numbers}",  # Dask writes keys to its logs
            resources={self._name: 1},
            pure=False,
        )
        self._flying[future.key] = future, chunk

    def _arrived(self) -> Iterator[Triaged]:
        if not self._flying:
            return
        futures = [future for future, _ in self._flying.values()]
        try:
            done = wait(futures, timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            return
        for future in done:
            _, chunk = self._flying.pop(future.key)
            yield from self._answered(future, chunk)

    def _answered(self, future: Future[list[Triaged]], chunk: Chunk) -> Iterator[Triaged]:
        if future.status == "finished":
            yield from future.result()
        elif future.status != "error":  # cancelled: the scheduler knows it no more
            raise CancelledError
        elif len(chunk.files) > 1:
            self._alone.extend(chunk.singly())
        else:
            killed = isinstance(future.exception(), KilledWorker)
            (found,) = chunk.files
            why = SET_ASIDE if killed else FAILED
            yield Triaged(found, FileResult(found.relative, FileStatus.ERROR, why, again=True))

    def _look(self) -> None:
        """Which workers may be given files now; who may not is told of once.

        Raises:
            SquidError: there is none.
        """
        if self._able and time.monotonic() - self._looked < LOOK_SECONDS:
            return
        there = self._client.nthreads().keys()
        said = {event["worker"]: event["refused"] for _, event in self._client.get_events(self._name) or ()}
        refused = {worker: why for worker, why in said.items() if why and worker in there}
        for worker in refused.keys() - self._told:
            self._told.add(worker)
            self._tell(f"The worker {worker} takes no part. {refused[worker]}")
        self._able = len(there & said.keys() - refused.keys())
        self._looked = time.monotonic()
        if self._able:
            self._able_at = self._looked
        elif there and there == refused.keys():
            raise SquidError("No worker of the cluster may take part.", next(iter(refused.values())))
        elif self._looked - self._able_at > NO_WORKER_SECONDS:
            raise SquidError("The cluster has no worker that answers.", "Start workers, then start again.")
        else:
            time.sleep(WAIT_SECONDS)
