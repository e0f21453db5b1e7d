"""How the percentiles of the worklist are spread: answered on the database's thread, shown through the session.

Once a week it looks by itself, and says where they cannot be right.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from PySide6.QtCore import QObject

from app.domain.drift.scorings import not_scored, scorings
from app.domain.drift.watch import ALARM, DriftPage, DriftQuestion, WatchedBundle, drift_page
from app.domain.errors import Notice, Severity
from app.domain.worklist import Worklist
from app.services.detector.weights import ask_weights
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.database_thread import DatabaseThread
from app.services.threads.signals import TypedSignal
from app.storage.database import Database
from squid_core.bundle.library import AUTO, Bundle, Bundles
from squid_core.contracts.errors import SquidError

log = logging.getLogger(__name__)
FAILED = Notice(Severity.ERROR, "The percentiles could not be looked at.", "Try again; the worklist itself is safe.")
DRIFTED = Notice(
    Severity.INFO,
    "The percentiles of the newest studies do not fit this hospital.",
    "File, Drift watch says in which way, and what can be done.",
)
WEEK_DAYS = 7
DAY_SECONDS = 24 * 60 * 60.0
RECENT = 200  # results; the weights with the most of them are looked at first


class DriftDesk(QObject):
    """Answers by changing the session; of several questions the latest.

    Signals:
        looked: the day on which it has looked by itself.

    Attributes:
        looked_on: the last such day; None before the first.
    """

    looked = TypedSignal[date]()

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
        self.looked_on: date | None = None

    def start(self) -> None:
        """Look by itself from now on; the worklist has to be back."""
        self._courier.run(self._every_week())

    def look(self, question: DriftQuestion) -> None:
        """Show the answer to this question once it is there."""
        self._asked = question
        self._holder.update(drift_question=question)
        self._courier.run(self._show(question), lambda: self._asked is question)

    def _every_week(self) -> Steps[None]:
        while True:
            today = datetime.now(UTC).date()
            if self.looked_on is None or abs((today - self.looked_on).days) >= WEEK_DAYS:
                try:
                    yield from self._glance(today)
                except Exception as error:  # noqa: BLE001 - nobody has asked; tomorrow again
                    log.warning("The percentiles were not looked at: %s", type(error).__name__)
            yield from answer(self._courier.pause(DAY_SECONDS))

    def _glance(self, today: date) -> Steps[None]:
        """Say it if the results of any bundle cannot be right, all bundles taken together."""
        question = replace(self._holder.state.drift_question, bundle="")
        bundles = (yield from self._page(question)).bundles
        if not bundles:
            return
        self.looked_on = today
        self.looked.emit(today)
        for bundle in bundles:
            page = yield from self._page(replace(question, bundle=bundle.fingerprint))
            if page.surely(ALARM / len(bundles)):
                self._notifier.post(DRIFTED)
                return

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
    newest = Counter(by.bundle for by in sorted(made.values(), key=lambda by: by.at)[-RECENT:])
    watched = sorted((one for one in watched if one.results), key=lambda one: -newest[one.fingerprint])
    if watched and question.bundle not in {one.fingerprint for one in watched}:
        question = replace(question, bundle=watched[0].fingerprint)
    found = scorings(worklist.studies, made, question.bundle)
    others = sum(results.values()) - sum(one.results for one in watched)
    return drift_page(question, found, not_scored(worklist.studies), tuple(watched), others)


def _watched(bundle: Bundle, results: int) -> WatchedBundle:
    return WatchedBundle(bundle.fingerprint, bundle.card.name, bundle.card.calibration.held_out_normals, results)
