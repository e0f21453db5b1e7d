"""Learns a hospital's normals: from what the reader called normal to weights, which the reader takes or leaves.

What is learned is written by the learner's process into `bundles/.offered`, whole or not at all, and renamed into
`bundles` when the reader takes it. So a kill at any moment leaves a bundle or none.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer

from app.domain.errors import Notice, Severity
from app.domain.learning import (
    FEWEST,
    LearnedWeights,
    Learning,
    LearningPhase,
    Normals,
    Population,
    WhyNot,
    sort_out,
)
from app.domain.study import ImageItem
from app.services.detector.learner import Learner
from app.services.detector.weights import ask_weights
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.database_thread import DatabaseThread
from app.services.threads.signals import TypedSignal
from app.storage.database import Action, Database
from squid_core.bundle.card import NotUsed
from squid_core.bundle.library import AUTO, Bundle, Bundles
from squid_core.contracts.detection import INPUT_STEPS
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray, PixelArray
from squid_core.dicom.readers import ReaderPool
from squid_core.files import private_folder
from squid_core.home import bundles_folder

LOOK_MS = 200  # between two looks at how far a learning has come
OFFERED = ".offered"  # below the folder of bundles: what was learned and not decided on
AGE = {Population.ADULT: None, Population.PAEDIATRIC: 5.0}  # of somebody whom their weights read
LEARNED = Notice(
    Severity.INFO,
    "The detector has learned from your normal studies.",
    "File, Learn this hospital, says what that would be worth, and you decide.",
)
GONE = Notice(
    Severity.WARNING,
    "Weights that were learned here are not there any more, or were made by a later version.",
    "New studies are scored with the weights that ship with the program.",
)
# How the card calls what was left out here.
CARD_WORDS = {
    WhyNot.NOT_SCORED: NotUsed.UNREADABLE,
    WhyNot.REPLACED: NotUsed.UNREADABLE,
    WhyNot.CHANGED: NotUsed.UNREADABLE,
    WhyNot.UNREADABLE: NotUsed.UNREADABLE,
    WhyNot.PATIENT: NotUsed.PATIENT,
    WhyNot.SPARE: NotUsed.SPARE,
}


class LearningDesk(QObject):
    """Answers the user's wishes by changing `Session.learning`. Window's thread.

    Signals:
        taken: population and name of learned weights that shall read new studies from now on.
        deleted: name of weights that are about to go.
    """

    taken = TypedSignal[Population, str]()
    deleted = TypedSignal[str]()

    def __init__(
        self,
        holder: SessionHolder,
        store: WorklistStore,
        database: DatabaseThread,
        readers: ReaderPool,
        learner: Learner,
        bundles: Bundles,
        courier: Courier,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._holder, self._store, self._database, self._readers = holder, store, database, readers
        self._learner, self._bundles, self._courier, self._notifier = learner, bundles, courier, notifier
        self._run: Steps[None] | None = None  # the learning under way
        self._learned: Future[Any] | None = None  # what the learner has in hand
        self._preferred: Mapping[str, str] | None = None  # until they are said for the first time
        self._names: set[str] = set()  # that were given in this session
        self._told = False
        self._looking = QTimer(self, interval=LOOK_MS)
        self._looking.timeout.connect(lambda: self._set(share=self._learner.share))

    @property
    def running(self) -> bool:
        """Whether it is at work."""
        return self._run is not None

    def prefer(self, names: Mapping[str, str]) -> None:
        """Which learned weights read new studies, by population; without a name those that ship do."""
        former, self._preferred = self._preferred, dict(names)
        self._bundles.prefer(names)
        for population, name in names.items():
            if former is not None and former.get(population, "") != name:
                self._record(Action.WEIGHTS, name or AUTO, population)

    def look(self) -> None:
        """Count what can be learned from."""
        self._set(judged=sort_out(self._store.worklist.studies))

    def look_at_weights(self, *, anew: bool = False) -> Steps[None]:
        """See which weights there are, which of them were learned here, and which read new studies.

        Args:
            anew: some have come or gone.
        """
        weights = self._holder.state.weights
        try:
            found = yield from answer(ask_weights(lambda: _look_at(self._bundles, weights, anew=anew)))
        except SquidError as error:
            self._notifier.post(Notice.from_error(error))
            return
        self._holder.update(weights_available=found.names, weights_in_use=found.in_use)
        self._set(learned=found.learned)
        if set(filter(None, (self._preferred or {}).values())) - set(found.names) and not self._told:
            self._told = True
            self._notifier.post(GONE)

    def learn(self, population: Population) -> None:
        """Learn from what was called normal."""
        if self._now.phase is not LearningPhase.IDLE:
            return
        self.look()
        normals = self._now.judged.of(population)
        self._set(phase=LearningPhase.GATHERING, population=population, share=0.0, error=None)
        self._run = run = self._learn(normals)
        self._courier.run(run, lambda: self._run is run)

    def cancel(self) -> None:
        """Stop learning; nothing is kept of it."""
        if self._run is not None:
            if self._learned is not None:
                self._learned.cancel()
            self._end()
            self._sweep()

    def use(self) -> None:
        """Keep what is offered, and let it read new studies."""
        if self._now.phase is LearningPhase.OFFERED and self._now.offered is not None:
            self._set(phase=LearningPhase.KEEPING)
            self._courier.run(self._keep(self._now.offered))

    def discard(self) -> None:
        """Forget what is offered."""
        if self._now.phase is LearningPhase.OFFERED and self._now.offered is not None:
            self._record(Action.LEARN, self._now.offered.name, "discarded")
            self._end()
            self._sweep()

    def delete(self, name: str) -> None:
        """Delete weights that were learned; what they found stays."""
        self._courier.run(self._delete(name))

    def start(self) -> None:
        """Remove what an earlier run offered and nobody took."""
        self._sweep()

    def close(self) -> None:
        """End what is under way; nothing is kept of it."""
        self._looking.stop()
        self._run = None
        self._learner.close()

    # -- from images to an offer

    def _learn(self, normals: Normals) -> Steps[None]:
        """A learning from its beginning to its offer."""
        population, weights = normals.population, self._holder.state.weights
        left_out = Counter({WhyNot(reason): count for reason, count in normals.left_out})
        try:
            if not normals.enough:
                raise _too_few(len(normals.images))  # noqa: TRY301 - one place says what went wrong
            yield ask_weights(_make_room)
            parent, alike = yield from answer(ask_weights(lambda: self._parent(weights, population)))
            images = yield from self._gather(normals.images, parent, alike, left_out)
            if len(images) < FEWEST:
                raise _too_few(len(images))  # noqa: TRY301
            name = yield from answer(ask_weights(lambda: self._new_name(parent.card.name)))
            self._set(phase=LearningPhase.LEARNING, share=0.0)
            self._looking.start()
            not_used: Counter[NotUsed] = Counter()
            for reason, count in left_out.items():
                not_used[CARD_WORDS[reason]] += count
            self._learned = self._learner.learn(parent.folder, np.stack(images), not_used, _offered(name))
            adapted = yield from answer(self._learned)
        except CancelledError:
            self._end()
        except SquidError as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001 - a sentence, whatever it is
            self._fail(SquidError("Learning failed.", "Nothing was changed. Try again.", type(error).__name__))
        else:
            self._record(Action.LEARN, name, f"learned from {adapted.normals} normal images")
            self._end(LearningPhase.OFFERED, LearnedWeights(name, population, adapted))
            self._notifier.post(LEARNED)

    def _gather(
        self, items: Sequence[ImageItem], parent: Bundle, alike: Sequence[Bundle], left_out: Counter[WhyNot]
    ) -> Steps[list[PixelArray]]:
        """(S, S) uint8 of these images, as the detector sees them; what there is no more is counted in `left_out`."""
        found: list[PixelArray] = []
        for number, item in enumerate(items):
            self._set(share=number / len(items))
            image = yield from answer(self._database.ask(partial(_seen, item=item, bundles=alike)))
            if image is None:
                image = yield from self._read(item, parent, left_out)
            if image is not None:
                found.append(np.rint(image * INPUT_STEPS).astype(np.uint8))
        return found

    def _read(self, item: ImageItem, parent: Bundle, left_out: Counter[WhyNot]) -> Steps[FloatArray | None]:
        """An image of which no result is stored any more, if its file still holds the bytes that were judged."""
        examined = yield from answer(self._readers.examine(item.source, (parent.card.preprocessing,)))
        content = examined.content
        if content is None or not content.digest:
            left_out[WhyNot.UNREADABLE] += 1
        elif content.digest != item.digest:
            left_out[WhyNot.CHANGED] += 1
        elif not examined.inputs:
            left_out[WhyNot.NOT_SCORED] += 1
        else:
            return examined.inputs[0].image
        return None

    def _parent(self, weights: str, population: Population) -> tuple[Bundle, tuple[Bundle, ...]]:
        """The weights to learn from, and all that see an image as these do. On a thread of its own.

        Learned weights are not learned from again: from those that they were learned from, with all normals there are.

        Raises:
            SquidError: there are none.
        """
        age = AGE[population]
        parent = self._bundles.choose(weights, age)
        if parent.card.population != population:  # the user reads everybody with other ones
            parent = self._bundles.choose(AUTO, age)
        if parent.card.adapted is not None:
            parent = self._bundles.choose(parent.card.adapted.parent, age)
        others = (self._bundles.choose(name) for name in self._bundles.names())
        return parent, (parent, *(one for one in others if one.card.preprocessing == parent.card.preprocessing))

    def _new_name(self, parent: str) -> str:
        """A name that no weights have, nor had in this session: their detector may still be loaded."""
        name = first = f"{parent}-{datetime.now(UTC).astimezone():%Y-%m-%d}"
        number, taken = 1, {*self._bundles.names(), *self._names}
        while name in taken or (bundles_folder() / name).exists():
            number += 1
            name = f"{first}-{number}"
        self._names.add(name)
        return name

    # -- what becomes of it

    def _keep(self, offered: LearnedWeights) -> Steps[None]:
        try:
            yield ask_weights(lambda: _put_in_place(offered.name))
        except SquidError as error:
            self._set(phase=LearningPhase.OFFERED)
            self._notifier.post(Notice.from_error(error))
            return
        self._record(Action.LEARN, offered.name, "kept")
        yield from self.look_at_weights(anew=True)
        self._end()
        self.taken.emit(offered.population, offered.name)

    def _delete(self, name: str) -> Steps[None]:
        self.deleted.emit(name)  # nobody chooses them any more
        try:
            yield ask_weights(lambda: _remove(name))
        except SquidError as error:
            self._notifier.post(Notice.from_error(error))
            return
        self._record(Action.LEARN, name, "deleted")
        yield from self.look_at_weights(anew=True)

    def _sweep(self) -> None:
        ask_weights(lambda: shutil.rmtree(bundles_folder() / OFFERED, ignore_errors=True))

    def _record(self, action: Action, subject: str, detail: str) -> None:
        self._database.tell(lambda database: database.record(action, subject, detail))

    # -- the session

    @property
    def _now(self) -> Learning:
        return self._holder.state.learning

    def _set(self, **changes: Any) -> None:  # noqa: ANN401 - fields of Learning
        self._holder.update(learning=replace(self._now, **changes))

    def _end(self, phase: LearningPhase = LearningPhase.IDLE, offered: LearnedWeights | None = None) -> None:
        self._looking.stop()
        self._run = self._learned = None
        self._set(phase=phase, offered=offered, share=0.0)

    def _fail(self, error: SquidError) -> None:
        notice = Notice.from_error(error, Severity.WARNING)
        self._end()
        self._set(error=notice)
        self._notifier.post(notice)


@dataclass(frozen=True, slots=True)
class _Found:
    """Which weights there are: their names, those that were learned here, and by population what reads new studies."""

    names: tuple[str, ...]
    learned: tuple[LearnedWeights, ...]
    in_use: tuple[tuple[str, str], ...]


def _look_at(bundles: Bundles, weights: str, *, anew: bool) -> _Found:
    if anew:
        bundles.refresh()
    learned, names = [], bundles.names()
    for name in names:
        card = bundles.choose(name).card
        if card.adapted is not None and card.population in tuple(Population):
            learned.append(LearnedWeights(name, Population(card.population), card.adapted))
    in_use = []
    for who in Population:
        with suppress(SquidError):  # which is said where an image wants to be scored
            in_use.append((str(who), bundles.choose(weights, AGE[who]).card.name))
    return _Found(names, tuple(learned), tuple(in_use))


def _seen(database: Database, item: ImageItem, bundles: Sequence[Bundle]) -> FloatArray | None:
    """What the detector saw of these very bytes, prepared as all these bundles want it; None where it is not kept."""
    for bundle in bundles:
        if (found := database.result(item.digest, bundle.fingerprint, bundle.settings)) is not None:
            return found[1].input_image
    return None


def _offered(name: str) -> Path:
    return bundles_folder() / OFFERED / name


def _make_room() -> None:
    """An empty folder for what will be offered.

    Raises:
        SquidError: the program's folder cannot be written.
    """
    folder = bundles_folder() / OFFERED
    shutil.rmtree(folder, ignore_errors=True)
    with _in_words():
        private_folder(folder)


def _put_in_place(name: str) -> None:
    """From where it was offered to where bundles lie, in one step."""
    with _in_words():
        _offered(name).rename(bundles_folder() / name)


def _remove(name: str) -> None:
    """Out of the way in one step, and then file by file."""
    folder = bundles_folder() / OFFERED
    with _in_words():
        private_folder(folder)
        (bundles_folder() / name).rename(folder / f"{name} deleted")
    shutil.rmtree(folder / f"{name} deleted", ignore_errors=True)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        advice = "See that the disk is not full and that the program's folder can be written."
        raise SquidError("The folder of learned weights cannot be changed.", advice, type(error).__name__) from error


def _too_few(count: int) -> SquidError:
    return SquidError(
        f"Normal images to learn from: {count} of at least {FEWEST}, each of another patient.",
        "Call more studies normal that are so, then try again.",
    )
