"""The way to a cluster: one that somebody runs, or one that is started here and ends with the run."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker

import dask
from distributed import Client, LocalCluster, Security, connect

from squid_core.cluster.worker import CHUNKS_EACH
from squid_core.contracts.errors import SquidError
from squid_core.inference.flow import readers_here

CONNECT_SECONDS = 30.0
MOST_WORKERS = 512
LOCAL = "local:"
_SCHEMES = ("tcp://", "tls://")
_QUIET = {
    "distributed.scheduler.allowed-failures": 1,  # a task that has ended two workers is given up
    "distributed.scheduler.http.routes": [],  # neither a dashboard nor figures
    "distributed.worker.http.routes": [],
    "distributed.admin.large-graph-warning-threshold": "100MB",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the workers are, as `--cluster` says it.

    Attributes:
        address: of the scheduler; '' where the workers are started here.
        workers: to be started here.
    """

    address: str = ""
    workers: int = 0

    @classmethod
    def of(cls, text: str) -> Cluster:
        """Read what the user wrote.

        Raises:
            SquidError: it names no cluster.
        """
        if text.startswith(_SCHEMES) and text.partition("://")[2]:
            return cls(address=text)
        number = text.removeprefix(LOCAL)
        if text.startswith(LOCAL) and number.isascii() and number.isdigit() and 1 <= int(number) <= MOST_WORKERS:
            return cls(workers=int(number))
        raise SquidError("This is no cluster.", "Write tcp://HOST:PORT, tls://HOST:PORT or local:NUMBER.")

    @property
    def readers(self) -> int:
        """Files that each worker reads at once; 0 where its own machine decides."""
        return readers_here(max(1, (os.cpu_count() or 2) // self.workers)) if self.workers else 0

    @property
    def threads(self) -> int:
        """That the networks of a worker use; 0 where its own machine decides."""
        return 1 if self.workers else 0


@contextmanager
def connected(place: Cluster) -> Iterator[Client]:
    """A client of the cluster; workers that were started here end with it.

    TLS is Dask's own: certificates and keys come from its configuration (`distributed.comm.tls`).

    Raises:
        SquidError: the scheduler does not answer.
    """
    for talker in ("distributed", "asyncio"):  # what matters is said in sentences of ours
        logging.getLogger(talker).setLevel(logging.CRITICAL)
    if place.workers:
        with dask.config.set(_QUIET), _started(place.workers) as cluster, Client(cluster) as client:
            yield client
        return
    try:
        asyncio.run(_reach(place.address))  # a client that reaches nobody leaves its thread behind
    except (OSError, ValueError, TypeError) as error:  # TypeError: tls:// without certificates
        raise SquidError(
            "The cluster's scheduler does not answer.",
            "Check its address, and the certificates of a tls:// one.",
            type(error).__name__,
        ) from error
    with Client(place.address, timeout=CONNECT_SECONDS) as client:
        yield client


@contextmanager
def _started(workers: int) -> Iterator[LocalCluster]:
    with _without_ctrl_c():
        cluster = LocalCluster(
            n_workers=workers,
            threads_per_worker=CHUNKS_EACH,
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs={
                "dashboard_address": "127.0.0.1:0"
            },  # else it wants port 8787, and warns where that is taken
            silence_logs=logging.CRITICAL,
            memory_limit=0,  # readers keep a limit of their own
            security=Security.temporary(),  # another account of this machine could run code here as this one
        )
    with cluster:
        yield cluster


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """For threads and processes that begin meanwhile, and all that those begin: the driver hears it, and ends them."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # what starts it also ends the blocking
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


async def _reach(address: str) -> None:
    comm = await connect(address, timeout=CONNECT_SECONDS, **Security().get_connection_args("client"))
    await comm.close()
