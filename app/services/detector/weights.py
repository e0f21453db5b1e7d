"""Questions about weights, asked on threads of their own: their folder may lie on a disk that does not answer."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

from app.domain.study import ImageItem
from app.services.threads.courier import Steps, answer
from app.services.threads.database_thread import DatabaseThread
from app.services.threads.disk import ask_disk
from app.storage.database import Database
from squid_core.bundle.library import Bundle, Bundles, population_of
from squid_core.contracts.errors import SquidError
from squid_core.preprocessing import ByAge

PATIENCE_SECONDS = 10.0
CHECKED_AT_ONCE = 500  # scores, of which it is asked whether they are of today's weights
T = TypeVar("T")


def ask_weights(question: Callable[[], T]) -> Future[T]:
    """The answer of a question to `Bundles`; the future fails with SquidError, also where no answer comes in time."""

    def late() -> T:
        raise SquidError("The disk with the weights does not answer.", "Choose other weights, or try again later.")

    return ask_disk(question, PATIENCE_SECONDS, late)


class KnownBundles:
    """What every image of the queue asks `Bundles`; an answer is remembered while they are the same."""

    def __init__(self, bundles: Bundles) -> None:
        self._bundles = bundles
        self._answers: dict[tuple[object, ...], Future[Any]] = {}

    def ways(self, weights: str) -> Steps[ByAge]:
        """How the bundles that may read an image want it prepared; in no way without weights."""
        try:
            return (yield from self._ask(lambda: self._bundles.preprocessings_by_age(weights), weights))
        except SquidError:
            return ByAge(0, (), ())

    def choose(self, weights: str, age: float | None) -> Steps[Bundle]:
        """Which bundle reads a patient of this age in years.

        Raises:
            SquidError: there are no such weights.
        """
        return self._ask(lambda: self._bundles.choose(weights, age), weights, population_of(age))

    def look_for_outdated(
        self, items: Sequence[ImageItem], weights: str, database: DatabaseThread, found: Callable[[list[str]], None]
    ) -> Steps[None]:
        """Tell the keys of those that their weights as they are now have not scored. Without weights a score stays."""

        def choose() -> list[tuple[ImageItem, Bundle]]:
            installed = {name: self._bundles.choose(name) for name in self._bundles.names()}
            chosen = []
            for item in items:
                with contextlib.suppress(SquidError):
                    wanted = self._bundles.choose(weights, item.identity.patient_age)
                    bundle = wanted if wanted.card.name == item.weights else installed.get(item.weights)
                    chosen += [(item, bundle)] if bundle is not None else []
            return chosen

        with contextlib.suppress(Exception):  # nothing is known against the scores
            chosen = yield from answer(ask_weights(choose))
            # Of 100 000 images it takes seconds, and the user waits for a result in between.
            for start in range(0, len(chosen), CHECKED_AT_ONCE):
                part = chosen[start : start + CHECKED_AT_ONCE]
                found((yield from answer(database.ask(partial(_outdated, part)))))

    def _ask(self, question: Callable[[], T], *about: str) -> Steps[T]:
        key = (self._bundles.edition, *about)
        if key not in self._answers:
            self._answers = {known: what for known, what in self._answers.items() if known[0] == key[0]}
            self._answers[key] = ask_weights(question)
        asked: Future[T] = self._answers[key]
        try:
            return asked.result() if asked.done() else (yield from answer(asked))
        except Exception:
            self._answers.pop(key, None)  # they may be there the next time
            raise


def _outdated(chosen: Sequence[tuple[ImageItem, Bundle]], database: Database) -> list[str]:
    return [
        item.key for item, bundle in chosen if not database.has_result(item.digest, bundle.fingerprint, bundle.settings)
    ]
