"""Keeps the store small behind the user's back: at the start and once a day, in slices between other questions."""

from __future__ import annotations

import logging

from app.domain.retention import Retention
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.database_thread import DatabaseThread

log = logging.getLogger(__name__)
PAUSE_SECONDS = 0.05  # between slices; the window's questions have their turn
DAY_SECONDS = 24 * 60 * 60.0


class Upkeep:
    """Sees to `Database.tidy`.

    Args:
        database: whose store it is.
        courier: goes through the slices.
        keep: which results of removed studies stay.
    """

    def __init__(self, database: DatabaseThread, courier: Courier, keep: Retention) -> None:
        self._database, self._courier, self._keep = database, courier, keep
        self._run = 0

    def start(self) -> None:
        """Begin; the worklist has to be back."""
        self._run += 1
        run = self._run
        self._courier.run(self._every_day(), lambda: run == self._run)

    def use(self, keep: Retention) -> None:
        """Follow another wish of the user's, at once."""
        if keep != self._keep:
            self._keep = keep
            if self._run:
                self.start()

    def _every_day(self) -> Steps[None]:
        while True:
            try:
                yield from self._once()
            except Exception as error:  # noqa: BLE001 - the user is told by the database; tomorrow again
                log.warning("The store was not tidied: %s", type(error).__name__)
            yield from answer(self._courier.pause(DAY_SECONDS))

    def _once(self) -> Steps[None]:
        keep = self._keep
        yield from answer(self._database.ask(lambda database: database.note_unlisted()))
        while (yield from answer(self._database.ask(lambda database: database.tidy(keep)))):
            yield from answer(self._courier.pause(PAUSE_SECONDS))
