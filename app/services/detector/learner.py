"""A process of its own for the minute that learning takes, so that triage and what-ifs go on meanwhile."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping
from concurrent.futures import Future
from ctypes import c_double
from pathlib import Path
from typing import NoReturn

from app.services.detector import worker
from app.services.threads.disk import ask_disk
from squid_core.bundle.card import Adapted, NotUsed
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import PixelArray
from squid_core.processes.held import Attempt
from squid_core.processes.pool import Pool

LEARN_SECONDS = 600.0  # for 300 images on two busy cores, five times over


class Learner:
    """Adapts a bundle in a child that ends with the answer. Window's thread only; nothing here waits but `close`."""

    def __init__(self) -> None:
        self._share: c_double | None = None  # in memory that the child has too
        self._pool: Pool | None = None

    @property
    def share(self) -> float:
        """How much of it is done, 0..1."""
        return 0.0 if self._share is None else self._share.value

    def learn(self, parent: Path, images: PixelArray, not_used: Mapping[NotUsed, int], out: Path) -> Future[Adapted]:
        """See `worker.learn`. The future fails with SquidError; it may be cancelled, and then the child is ended."""
        self._share = multiprocessing.get_context("spawn").RawValue(c_double, 0.0)
        self._pool = pool = Pool(1, worker.prepare_to_learn, (self._share,), stopped="Learning was stopped.")
        call = Attempt(worker.learn, (str(parent), images, dict(not_used), str(out)), LEARN_SECONDS)
        learned: Future[Adapted] = pool.run([call], _give_up)
        learned.add_done_callback(lambda _: ask_disk(pool.close))  # which waits for the child's end
        return learned

    def close(self) -> None:
        """End the child, if there is one."""
        if self._pool is not None:
            self._pool.close()


def _give_up(error: BaseException, _: float) -> NoReturn:
    if isinstance(error, TimeoutError):
        raise SquidError(
            "Learning took too long and was ended.", "Nothing was changed. Try again when less is going on."
        )
    raise SquidError("Learning failed: its process has ended.", "Nothing was changed. Try again.", type(error).__name__)
