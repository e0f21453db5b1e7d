"""Off the worklist, and back with one step: nothing that was found or said of a study is lost by taking it off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject

from app.domain.jobs import JobEvent
from app.domain.presenting import FoundState
from app.domain.study import ImageItem
from app.domain.undoing import Deed, Effect
from app.services.state.history import History, UndoStep
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from app.storage.database import Database

NamedStates = Future[tuple[FoundState, ...]]


class RemovalDesk(QObject):
    """Takes studies off the worklist. Their files are not touched; results, marks and judgements stay by their digest.

    Args:
        forget: keys of images on which no work is to be done any more.
        queue: keys of images whose work begins anew.
    """

    def __init__(
        self,
        store: WorklistStore,
        database: DatabaseThread,
        history: History,
        courier: Courier,
        forget: Callable[[list[str]], None],
        queue: Callable[[Iterable[str]], None],
    ) -> None:
        super().__init__()
        self._store, self._database, self._history, self._courier = store, database, history, courier
        self._forget, self._queue = forget, queue

    def remove(self, uids: Sequence[str]) -> None:
        """Take studies off; one step back brings all of them back."""
        studies = [study for uid in uids if (study := self._store.worklist.study(uid)) is not None]
        if not studies:
            return
        images = [image for study in studies for image in study.images]
        keys = [image.key for image in images]
        named = self._database.ask(partial(_states_of, images))
        self.drop(keys)
        undo, redo = partial(self._bring_back, images, named), partial(self.drop, keys)
        outcome = Effect(count=len(studies))
        self._history.did(UndoStep(Deed.REMOVAL, studies[0].top_image.key, undo, redo, outcome))

    def drop(self, keys: list[str]) -> None:
        """Images leave the worklist, whoever wants it."""
        self._forget(keys)
        self._store.remove(keys)
        self._database.tell(lambda database: database.remove_images(keys))

    def _bring_back(self, images: Sequence[ImageItem], named: NamedStates) -> None:
        """With the presentation states that name them; what was in hand begins anew.

        What has been opened again since is there already; whose place another image has taken is shown as replaced.
        """
        worklist = self._store.worklist
        digests = {image.digest for image in worklist.images() if image.digest}
        gone = [one for one in images if worklist.image(one.key) is None and one.digest not in digests]
        back = [one.advanced(JobEvent.RETRY) if one.pending else one for one in gone]
        taken = [any(not other.replaced for other in worklist.at_place(*one.place)) for one in back]
        back = [replace(one, replaced=one.replaced or is_taken) for one, is_taken in zip(back, taken, strict=True)]
        self._store.upsert(*back)
        self._database.tell(lambda database: database.bring_back(back))
        self._courier.when_done(named, self._on_named)
        self._queue([one.key for one in back if one.pending])

    def _on_named(self, named: NamedStates) -> None:
        if not named.cancelled() and named.exception() is None:
            self._database.tell(lambda database: database.save_states(named.result()))


def _states_of(images: Sequence[ImageItem], database: Database) -> tuple[FoundState, ...]:
    names = dict.fromkeys(image.identity.sop_instance_uid for image in images if image.identity.sop_instance_uid)
    return tuple(state for name in names for state in database.states(name))
