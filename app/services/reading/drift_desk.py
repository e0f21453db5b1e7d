"""How the percentiles of the worklist are spread: answered on the database's thread, shown through the session."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject

from app.domain.drift.scorings import not_scored, scorings
from app.domain.drift.watch import DriftPage, DriftQuestion, WatchedBundle, drift_page
from app.domain.errors import Notice, Severity
from app.domain.worklist import Worklist
from app.services.detector.weights import ask_weights
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.database_thread import DatabaseThread
from app.storage.database import Database
from squid_core.bundle.library import AUTO, Bundle, Bundles
from squid_core.contracts.errors import SquidError

log = logging.getLogger(__name__)
FAILED = Notice(Severity.ERROR, "The percentiles could not be looked at.", "Try again; the worklist itself is safe.")


class DriftDesk(QObject):
    """Answers by changing the session; of several questions the latest."""

    def __init__(
        self,
        holder: SessionHolder,
        store: WorklistStore,
        database: DatabaseThread,
        bundles: Bundles,
        courier: Courier,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._holder, self._store, self._database = holder, store, database
        self._bundles, self._courier, self._notifier = bundles, courier, notifier
        self._asked: DriftQuestion | None = None

    def look(self, question: DriftQuestion) -> None:
        """Show the answer to this question once it is there."""
        self._asked = question
        self._courier.run(self._show(question), lambda: self._asked is question)

    def _show(self, question: DriftQuestion) -> Steps[None]:
        try:
            page = yield from self._page(question)
        except SquidError as error:
            self._notifier.post(Notice.from_error(error))
        except Exception as error:  # noqa: BLE001 - a page that is not there harms no reading
            log.warning("The percentiles could not be looked at: %s", type(error).__name__)
            self._notifier.post(FAILED)
        else:
            self._holder.update(drift=page)

    def _page(self, question: DriftQuestion) -> Steps[DriftPage]:
        weights, worklist = self._holder.state.weights, self._store.worklist
        _ = worklist.studies  # sorted here, where others sort it too
        installed = yield from answer(ask_weights(lambda: _installed(self._bundles, weights)))
        return (yield from answer(self._database.ask(lambda db: _answer(question, worklist, installed, db))))


def _installed(bundles: Bundles, weights: str) -> dict[str, Bundle]:
    """The bundles that read chests, and the one that is used, by fingerprint."""
    names = dict.fromkeys((*bundles.names(), *(() if weights == AUTO else (weights,))))
    return {bundle.fingerprint: bundle for bundle in map(bundles.choose, names)}


def _answer(
    question: DriftQuestion, worklist: Worklist, installed: Mapping[str, Bundle], database: Database
) -> DriftPage:
    """On the database's thread."""
    made = database.scored_by()
    results = Counter(by.bundle for by in made.values())
    watched = [_watched(bundle, results[fingerprint]) for fingerprint, bundle in installed.items()]
    watched = sorted((one for one in watched if one.results), key=lambda one: -one.results)
    if watched and question.bundle not in {one.fingerprint for one in watched}:
        question = replace(question, bundle=watched[0].fingerprint)
    found = scorings(worklist.studies, made, question.bundle)
    others = sum(results.values()) - sum(one.results for one in watched)
    return drift_page(question, found, not_scored(worklist.studies), tuple(watched), others)


def _watched(bundle: Bundle, results: int) -> WatchedBundle:
    return WatchedBundle(bundle.fingerprint, bundle.card.name, bundle.card.calibration.held_out_normals, results)
