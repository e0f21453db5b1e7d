"""What waits in the outbox is sent, batch by batch; a system that is down is asked again after growing pauses."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer

from app.domain.errors import Notice, Severity
from app.domain.network import MAX_OUTBOX_ITEMS, OutboxItem, OutboxPage
from app.services.network.faults import PeerFaults
from app.services.network.messenger import Messenger
from app.services.network.network_keeper import NetworkKeeper
from app.services.network.query_desk import in_words
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.disk import ask_disk
from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import Outcome, Said, Sent
from squid_core.network import errands
from squid_core.network.configuration import Role
from squid_core.network.leases import SEND_SECONDS
from squid_core.network.outbox import Outbox, OutboxBatch, OutboxRow, OutboxState
from squid_core.network.store import FILE

KEPT_SECONDS = 30 * 86400.0  # that it is remembered of whom an object was that has been sent
LONGEST_WAIT = 600.0  # s until it is looked again, whatever the outbox says: the command line may have put something in
UNSENT = (OutboxState.WAITING, OutboxState.REFUSED)


class SendingDesk(QObject):
    """Drains the outbox; says in the session what is in it. Window's thread only."""

    def __init__(
        self,
        home: Path,
        keeper: NetworkKeeper,
        holder: SessionHolder,
        messenger: Messenger,
        faults: PeerFaults,
        courier: Courier,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._outbox, self._store = Outbox(home), home / FILE
        self._keeper, self._holder, self._messenger = keeper, holder, messenger
        self._faults, self._courier, self._notifier = faults, courier, notifier
        self._writing = 0
        self._on = self._sending = self._asked_again = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.go_on)

    @property
    def running(self) -> bool:
        """Whether something is on the wire."""
        return self._sending

    def start(self) -> None:
        """Send what an earlier run has left."""
        self._on = True
        self.go_on()

    def close(self) -> None:
        """Begin nothing more; what is on the wire is offered again at the next start."""
        self._on = False
        self._timer.stop()

    def go_on(self) -> None:
        """Look what is to be sent now."""
        if not self._on:
            return
        if self._sending:
            self._asked_again = True
            return
        self._sending = True
        self._timer.stop()
        self._courier.run(self._send_all())

    def show_writing(self, left: int) -> None:
        """So many images are being written."""
        self._writing = left
        self._show(writing=left)

    def hurry(self, peer: str) -> None:
        """A system answers, or is reached otherwise now: what waits for it need not wait for its pause to end."""
        if peer in self._peers and self._holder.state.outbox.waiting:
            self._courier.run(self._change(partial(self._outbox.answered, peer)))

    def retry(self, numbers: Sequence[int]) -> None:
        """Send these now, also what was refused."""
        self._courier.run(self._change(partial(self._outbox.retry, tuple(numbers))))

    def give_up(self, numbers: Sequence[int]) -> None:
        """Do not send these at all."""
        self._courier.run(self._change(lambda: self._outbox.give_up(tuple(numbers), time.time())))

    @property
    def _peers(self) -> tuple[str, ...]:
        return tuple(peer.name for peer in self._holder.state.network.peers if Role.SEND in peer.roles)

    def _change(self, change: Callable[[], Any]) -> Steps[None]:
        try:
            yield ask_disk(change)
        except SquidError as error:
            self._notifier.post(Notice.from_error(error))
        yield from self._look()
        self.go_on()

    def _send_all(self) -> Steps[None]:
        """Until nothing is due; then the timer waits for what is."""
        wait = LONGEST_WAIT
        try:
            begun = yield from answer(ask_disk(self._tidy))
            while self._on and begun:
                yield from self._look()
                self._asked_again = False
                batch = yield from answer(ask_disk(partial(self._next_due, self._peers)))
                if batch is not None:
                    yield from self._send(batch)
                elif not self._asked_again:
                    break
            moment = (yield from answer(ask_disk(partial(self._next_moment, self._peers)))) if begun else None
            wait = LONGEST_WAIT if moment is None else min(max(0.1, moment - time.time()), LONGEST_WAIT)
        except Exception as error:  # noqa: BLE001 - told once; it is tried again after the pause
            self._faults.say_once(error)
        self._sending = False
        if self._on and self._peers:
            self._timer.start(round(1000 * wait))

    def _send(self, batch: OutboxBatch) -> Steps[None]:
        self._show(sending=True)
        try:
            password = yield from self._keeper.password(batch.peer)
            sent: Sent = yield from answer(
                self._messenger.ask(
                    errands.send_files,
                    self._holder.state.network,
                    batch.peer,
                    password,
                    batch.files,
                    batch.meant,
                    seconds=SEND_SECONDS,
                )
            )
        except CancelledError:
            sent = Sent(Said(Outcome.CANCELLED, ""))
        except Exception as error:  # noqa: BLE001 - noted with what waits
            sent = Sent(in_words(error))
        self._show(sending=False)
        yield ask_disk(partial(self._outbox.settle, batch, sent, time.time()))
        self._faults.note(batch.peer, sent.said)
        if sent.said.outcome is not Outcome.FAILED and sent.refused:
            reasons = " ".join(dict.fromkeys(sent.refused.values()))
            title = f"{batch.peer} did not take {len(sent.refused)} of the results."
            self._notifier.post(Notice(Severity.WARNING, title, reasons))

    def _look(self) -> Steps[None]:
        """Say in the session what the outbox has."""
        try:
            page = yield from answer(ask_disk(self._page))
        except SquidError as error:
            self._faults.say_once(error)
            return
        self._show(**page)

    def _show(self, **changes: Any) -> None:  # noqa: ANN401 - fields of OutboxPage, checked by it
        now = self._holder.state.outbox
        fields = {name: getattr(now, name) for name in ("items", "waiting", "refused", "sent", "writing", "sending")}
        page = OutboxPage(**{**fields, "writing": self._writing, **changes})
        if page != now:
            self._holder.update(outbox=page)

    def _tidy(self) -> bool:
        """Whether anything was ever sent; to look makes no file."""
        if not self._store.exists():
            return False
        now = time.time()
        self._outbox.sweep(now)
        self._outbox.clear_done(now - KEPT_SECONDS)
        return True

    def _next_due(self, peers: tuple[str, ...]) -> OutboxBatch | None:
        return self._outbox.next_due(time.time(), peers) if peers else None

    def _next_moment(self, peers: tuple[str, ...]) -> float | None:
        return self._outbox.next_moment(time.time(), peers) if peers else None

    def _page(self) -> dict[str, Any]:
        counts, faults = self._outbox.counts(), self._outbox.failing()
        rows = self._outbox.rows(UNSENT, MAX_OUTBOX_ITEMS)
        return {
            "items": tuple(_item(row, faults.get(row.peer, "")) for row in rows),
            "waiting": counts[OutboxState.WAITING],
            "refused": counts[OutboxState.REFUSED],
            "sent": counts[OutboxState.SENT],
        }


def _item(row: OutboxRow, fault: str) -> OutboxItem:
    waits = row.state is OutboxState.WAITING
    return OutboxItem(
        number=row.number,
        peer=row.peer,
        study_instance_uid=row.meant.study_instance_uid,
        patient_id=row.meant.patient_id,
        kind=row.kind,
        refused=not waits,
        tries=row.tries,
        next_try=datetime.fromtimestamp(row.next_try, UTC).astimezone() if waits and row.next_try else None,
        sentence=row.said or (fault if waits else ""),
    )
