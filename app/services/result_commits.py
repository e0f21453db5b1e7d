"""Results on their way into the database: what comes while one transaction is written goes into the next."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial

from app.domain.study import ImageItem
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from app.storage.database import ScoredImage


class ResultCommits:
    """Used on the window's thread. A transaction takes as long for a batch as for one result: it waits for the disk."""

    def __init__(self, database: DatabaseThread, courier: Courier) -> None:
        self._database, self._courier = database, courier
        self._waiting: list[tuple[ScoredImage, Future[ImageItem]]] = []
        self._committing = False

    def commit(self, scored: ScoredImage) -> Future[ImageItem]:
        """Save a result; the answer is its image, with the number of the result, once that is committed."""
        saved = Future[ImageItem]()
        self._waiting.append((scored, saved))
        self._courier.call(self._commit_all)  # behind the answers of the same batch
        return saved

    def _commit_all(self) -> None:
        if self._committing or not self._waiting:
            return
        group, self._waiting, self._committing = self._waiting, [], True
        results = [scored for scored, _ in group]
        asked = self._database.ask(lambda database: database.save_results(results))
        self._courier.when_done(asked, partial(self._on_committed, [saved for _, saved in group]))

    def _on_committed(self, group: Sequence[Future[ImageItem]], asked: Future[tuple[ImageItem, ...]]) -> None:
        self._committing = False
        error = asked.exception()
        for place, saved in enumerate(group):
            if error is not None:
                saved.set_exception(error)
            else:
                saved.set_result(asked.result()[place])
        self._commit_all()
