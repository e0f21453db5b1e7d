"""Results that other systems are to have are written one image at a time, and put in the outbox.

What is wanted is on record before it is written, so a program that ends goes on with it at the next start. A rule asks
for a result once that is committed, and for each that was committed while nobody could ask.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app.domain.errors import Notice, Severity, sentence_of
from app.domain.exporting import ExportOrder
from app.domain.network import SendOrder
from app.domain.study import ImageItem, Reading
from app.services.exporting.preparing import GONE, Prepared, Preparer
from app.services.network.messenger import Messenger
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.database_thread import DatabaseThread
from app.services.threads.disk import ask_disk
from app.services.threads.signals import TypedSignal
from app.storage.database import Action, Database
from app.storage.wanted import Wanted, Wish
from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import Meant
from squid_core.dicom.readers import ReaderPool
from squid_core.export.errand import start
from squid_core.export.request import Exported, ExportKind, ExportRequest
from squid_core.files import private_folder
from squid_core.network import errands
from squid_core.network.configuration import Role
from squid_core.network.outbox import Outbox, Outgoing
from squid_core.network.rules import due

log = logging.getLogger(__name__)

FOLDER = "sending"  # in the program's own folder: what is written before the outbox has it
READ_SECONDS = 60.0  # for the headers of what was written
MAX_SENTENCES = 4  # in one notice
ON_THE_WAY = "The results are on their way."
NOT_ALL = "Not all results can be sent."
NOTHING = "Nothing was sent."
NO_STUDY = "An image does not say of which study it is, so no other system can take its results."
NO_SYSTEM = "No system of that name is configured to which results go."
ANOTHER = "A result does not belong to the patient and the study that the worklist says; it was not sent."


@dataclass(slots=True)
class _Tally:
    """What came of the user's orders since the last notice; `done` counts images of which something is on its way."""

    done: int = 0
    failures: list[str] = field(default_factory=list)


class ResultWriter(QObject):
    """Writes what is wanted into the outbox. Window's thread only; disks are asked on threads of their own."""

    put = TypedSignal[()]()  # something new waits in the outbox
    left_changed = TypedSignal[int]()  # how many images are still to be written

    def __init__(
        self,
        home: Path,
        readers: ReaderPool,
        preparer: Preparer,
        holder: SessionHolder,
        store: WorklistStore,
        database: DatabaseThread,
        messenger: Messenger,
        courier: Courier,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._folder, self._wanted, self._outbox = home / FOLDER, Wanted(home), Outbox(home)
        self._readers, self._preparer, self._holder, self._store = readers, preparer, holder, store
        self._database, self._messenger, self._courier, self._notifier = database, messenger, courier, notifier
        self._unkept: list[Wish] = []  # that are not on record yet
        self._result: int | None = None  # the last for which the rules were asked, where that is not on record yet
        self._had_rules = False
        self._keeping = self._writing = False
        self._tally = _Tally()
        self._on = False

    @property
    def running(self) -> bool:
        """Whether something is being written."""
        return self._keeping or self._writing

    def start(self) -> Steps[None]:
        """Go on with what an earlier run has left, and with what the rules were not asked for."""
        rules = self._holder.state.network.rules
        self._on, self._had_rules = True, bool(rules)
        try:
            yield ask_disk(partial(shutil.rmtree, self._folder, ignore_errors=True))
            if rules:
                asked = yield from answer(ask_disk(self._wanted.results_asked))
                if asked is None:
                    self._result = self._last_result()
                else:
                    late = (item for item in self._store.worklist.images() if (item.result or 0) > asked)
                    self.on_scored(sorted(late, key=lambda item: item.result or 0))
        except SquidError as error:
            self._notifier.post(Notice.from_error(error))
        self._keep()
        self._write()

    def close(self) -> None:
        """Begin nothing more."""
        self._on = False

    def order(self, order: SendOrder) -> None:
        """Write what the user wants to send."""
        kinds = tuple(kind.value for kind in order.kinds)
        self._want([Wish(order.peer, key, kinds, by_hand=True) for key in order.keys])

    def use_rules(self) -> None:
        """Other rules: they are for what is scored and read from now on."""
        has = bool(self._holder.state.network.rules)
        if has and not self._had_rules:
            self._result = self._last_result()
        self._had_rules = has
        self._keep()

    def on_scored(self, items: Iterable[ImageItem]) -> None:
        """Results of these images are committed: ask the rules."""
        rules = self._holder.state.network.rules
        if not rules or not self._on:
            return
        wishes: list[Wish] = []
        for item in items:
            if item.score is not None:
                asked = due(rules, scored=True, read=item.reading is Reading.READ)
                wishes += [Wish(peer, item.key, kinds) for peer, kinds in asked.items()]
                self._result = max(self._result or 0, item.result or 0)
        self._want(wishes)

    def on_read(self, keys: Sequence[str]) -> None:
        """The reader is done with these images: ask the rules."""
        rules = [rule for rule in self._holder.state.network.rules if rule.only_read]
        found = (self._store.worklist.image(key) for key in keys)
        scored = [item.key for item in found if item is not None and item.score is not None]
        asked = due(rules, scored=False, read=True)
        self._want([Wish(peer, key, kinds) for key in scored for peer, kinds in asked.items()])

    def _last_result(self) -> int:
        return max((item.result or 0 for item in self._store.worklist.images()), default=0)

    def _want(self, wishes: Sequence[Wish]) -> None:
        self._unkept += wishes
        self._keep()

    def _keep(self) -> None:
        """Put on record what is wanted, then go on writing."""
        if self._on and not self._keeping and (self._unkept or self._result is not None):
            self._keeping = True
            self._courier.run(self._put_on_record())

    def _put_on_record(self) -> Steps[None]:
        while self._unkept or self._result is not None:
            wishes, result = self._unkept, self._result
            self._unkept, self._result = [], None
            try:
                yield ask_disk(partial(self._wanted.add, wishes, result))
            except Exception as error:  # noqa: BLE001 - told; what cannot be kept is not promised
                self._notifier.post(_notice(error))
        self._keeping = False
        self._write()

    def _write(self) -> None:
        if self._on and not self._writing:
            self._writing = True
            self._courier.run(self._write_all())

    def _write_all(self) -> Steps[None]:
        try:
            while self._on and (wish := (yield from answer(ask_disk(self._wanted.first)))) is not None:
                self.left_changed.emit((yield from answer(ask_disk(self._wanted.count))))
                if not wish.by_hand:
                    self._tell()
                failures = yield from self._fulfil(wish)
                if wish.by_hand:
                    self._tally.failures += failures
                elif failures:
                    log.warning("A result that a rule wants to be sent could not be written")
                yield ask_disk(partial(self._wanted.done, wish))
        except CancelledError:
            pass
        except Exception as error:  # noqa: BLE001 - told; it goes on with the next that is wanted, or the next start
            self._notifier.post(_notice(error))
        self._writing = False
        self._tell()
        self.left_changed.emit(0)

    def _fulfil(self, wish: Wish) -> Steps[list[str]]:
        """Write the results of one image and put them in the outbox; why not, where that cannot be."""
        item = self._store.worklist.image(wish.image)
        if item is None:
            return [GONE]
        if not item.identity.study_instance_uid:
            return [NO_STUDY]
        if not any(peer.name == wish.peer and Role.SEND in peer.roles for peer in self._holder.state.network.peers):
            return [NO_SYSTEM]
        folder = self._folder / str(wish.number)
        kinds = tuple(ExportKind(kind) for kind in wish.kinds)
        order = ExportOrder((wish.image,), folder, kinds)
        prepared = yield from self._preparer.prepare(order, wish.image, as_shown=wish.by_hand)
        request = prepared.request
        if request is None:
            return prepared.failures
        try:
            if not wish.by_hand:
                request = yield from self._new(wish, request, prepared)
                if request is None:
                    return []
            yield ask_disk(partial(private_folder, folder))
            exported = yield from answer(start(self._readers, replace(request, private=True)))
            if not exported.paths:
                return [*prepared.failures, *exported.notices] if wish.by_hand else prepared.failures
            meant = yield from answer(self._messenger.ask(errands.identify, exported.paths, seconds=READ_SECONDS))
            if not all(_is_of(one, item) for one in meant):
                return [ANOTHER]
            yield from self._put(wish, request, prepared, exported, meant)
        except CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - said in words
            return [*prepared.failures, sentence_of(error)]
        finally:
            ask_disk(partial(shutil.rmtree, folder, ignore_errors=True))
        return prepared.failures

    def _new(self, wish: Wish, request: ExportRequest, prepared: Prepared) -> Steps[ExportRequest | None]:
        """Without what was in the outbox before, which need not be written again; None where that is all."""

        def is_new(kind: ExportKind) -> bool:
            return not self._outbox.has(wish.peer, request.digest, kind.value, prepared.fingerprint)

        kinds = yield from answer(ask_disk(lambda: tuple(filter(is_new, request.kinds))))
        return replace(request, kinds=kinds) if kinds else None

    def _put(
        self, wish: Wish, request: ExportRequest, prepared: Prepared, exported: Exported, meant: tuple[Meant, ...]
    ) -> Steps[None]:
        results = [
            Outgoing(path, whose, kind.value, request.digest, prepared.fingerprint)
            for path, whose, kind in zip(exported.paths, meant, exported.kinds, strict=True)
        ]
        self._tally.done += wish.by_hand
        add = partial(self._outbox.add, wish.peer, results, time.time(), by_hand=wish.by_hand)
        if (yield from answer(ask_disk(add))):
            kinds = " ".join(kind.value for kind in exported.kinds)
            said = f"{kinds} to {wish.peer}, {'by hand' if wish.by_hand else 'by a rule'}"
            self._database.tell(partial(Database.record, action=Action.SEND, subject=wish.image, detail=said))
            self.put.emit()

    def _tell(self) -> None:
        """Once the user's orders are carried out."""
        tally, self._tally = self._tally, _Tally()
        failures = " ".join(dict.fromkeys(tally.failures[:MAX_SENTENCES]))
        if failures:
            title, severity = (NOT_ALL, Severity.WARNING) if tally.done else (NOTHING, Severity.ERROR)
            self._notifier.post(Notice(severity, title, failures))
        elif tally.done:
            self._notifier.post(Notice(Severity.INFO, ON_THE_WAY))


def _is_of(meant: Meant, item: ImageItem) -> bool:
    """Whether a written object belongs to the patient and study of the image."""
    identity = item.identity
    return (meant.study_instance_uid, meant.patient_id) == (identity.study_instance_uid, identity.patient_id)


def _notice(error: Exception) -> Notice:
    if isinstance(error, SquidError):
        return Notice.from_error(error)
    return Notice(Severity.ERROR, "The results could not be put in the outbox.", "Try again.", type(error).__name__)
