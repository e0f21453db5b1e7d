"""What runs on a worker of the cluster: a plug-in that makes it ready or refuses it, and the task that answers."""

from __future__ import annotations

import asyncio
import multiprocessing

from distributed import Status, Worker, WorkerPlugin

from squid_core.cluster.bench import held, why_not
from squid_core.cluster.order import Chunk, Order
from squid_core.inference.triage import Triaged

CHUNKS_EACH = 2  # in a worker's hands, so that its readers work while the last images of a chunk are scored


class TriagePlugin(WorkerPlugin):
    """Makes a worker ready for an order before it gets a task, and gives it then what the tasks of the run ask for.

    A worker that cannot answer as the others do never gets that, so that no task comes to it; it says why under the
    topic of the run. Of one that joins later, or is started again, the same is asked.

    Args:
        order: what is to be done.
        run: the run's name: of this plug-in, of its topic and of the resource that its tasks ask for.
    """

    def __init__(self, order: Order, run: str) -> None:
        self._order, self.name = order, run

    async def setup(self, worker: Worker) -> None:
        """Get ready, without holding up the worker's own conversation."""
        # Readers are children of the worker, which Dask's nanny makes a daemon; such a one may have none.
        multiprocessing.current_process().daemon = False
        refused = await asyncio.to_thread(why_not, self._order)
        if not refused:
            await worker.set_resources(**{self.name: CHUNKS_EACH})
            # A scheduler gives tasks that wait for a worker to one that begins, and asks nobody who began without this.
            worker.status = Status.paused
            worker.status = Status.running
        worker.log_event(self.name, {"worker": worker.address, "refused": refused})

    async def teardown(self, worker: Worker) -> None:
        """End the readers."""
        await asyncio.to_thread(held.leave, self._order)


def answer(order: Order, chunk: Chunk) -> list[Triaged]:
    """The task: one answer for every file of a chunk."""
    with held.bench(order) as bench:
        return bench.answers(chunk)
