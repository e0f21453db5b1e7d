"""What waits to be sent: the files lie in a folder of the outbox, a row each in the store says where they go.

For the window and the command line at the same time, on any thread: every call has a connection of its own. Nothing
is sent twice: a row is unique by what it is a result of and where it goes, and stays when it was sent. A row that is on
its way is leased to a process, and free again once that has died or taken too long. A process may be killed at any
point: what was accepted and not yet noted is offered again under the same SOP Instance UID, of which a PACS keeps one.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from squid_core.contracts.network import Meant, Outcome, Sent
from squid_core.files import flush_folder, private_folder, private_opener, remove, unwritten
from squid_core.network.leases import free_leases, new_lease
from squid_core.network.store import open_store, transaction

FOLDER = "outbox"  # in the program's own folder
FIRST_PAUSE, LONGEST_PAUSE = 10.0, 3600.0  # s between two tries; each is twice the one before
BATCH = 50  # objects
ORPHAN_SECONDS = 3600.0  # after which a file without a row is nobody's who is still at it


class OutboxState(StrEnum):
    """How far an object has come on its way to another system."""

    WAITING = "waiting"
    SENT = "sent"  # it has it
    REFUSED = "refused"  # it will not take it; it is tried again only when the user says so
    GIVEN_UP = "given up"  # by the user


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An object that is to be sent.

    Attributes:
        file: copied into the outbox; what becomes of it afterwards is no matter.
        kind: of `ExportKind`, by value.
        source: digest of the image that it is a result of.
        fingerprint: of the weights, and of whatever else makes this result another one, such as the reader's judgement.
    """

    file: Path
    meant: Meant
    kind: str
    source: str
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """An object in the outbox. Identifying: for the eyes of the user, never for a log.

    Attributes:
        number: what it is called here.
        file: where its bytes lie, until it is sent or given up.
        next_try: seconds since 1970; 0 for now. said: why it was not sent; '' where nothing is wrong.
        added: seconds since 1970.
    """

    number: int
    peer: str
    file: Path
    meant: Meant
    kind: str
    state: OutboxState
    tries: int
    next_try: float
    said: str
    added: float


@dataclass(frozen=True, slots=True)
class OutboxBatch:
    """What is to be sent to one system now, leased to this process."""

    peer: str
    rows: tuple[OutboxRow, ...]
    lease: str = field(repr=False)

    @property
    def files(self) -> tuple[Path, ...]:
        """For `send_files`."""
        return tuple(row.file for row in self.rows)

    @property
    def meant(self) -> tuple[Meant, ...]:
        """Whose they are, in the same order."""
        return tuple(row.meant for row in self.rows)


class Outbox:
    """The outbox of a program's folder. Times are seconds since 1970, as `time.time` has them.

    Every call may wait for the disk and raises SquidError where the store or the folder cannot be used.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home / FOLDER

    def add(self, peer: str, results: Sequence[Outgoing], now: float, *, by_hand: bool = False) -> int:
        """Take objects in; once this returns they are on the disk, and sent whatever happens.

        Args:
            peer: name of the system.
            results: may have been taken in before.
            now: when.
            by_hand: the user asks for it: what was refused or given up before is begun anew.

        Returns:
            How many are new; the others were taken in or sent before.
        """
        staged: list[Path] = []
        try:
            with self._store() as store:
                wanted = [result for result in results if _is_wanted(store, peer, result, by_hand)]
            for result in wanted:
                staged.append(self._stage(result.file))
            with self._store() as store:
                taken = [
                    _insert(store, peer, result, path.name, now, by_hand)
                    for result, path in zip(wanted, staged, strict=True)
                ]
        except BaseException:
            for path in staged:
                remove(path)
            raise
        for path, is_taken in zip(staged, taken, strict=True):
            if not is_taken:  # somebody else was quicker
                remove(path)
        return sum(taken)

    def has(self, peer: str, source: str, kind: str, fingerprint: str) -> bool:
        """Whether it was taken in before, whatever became of it: then it need not be written again."""
        with self._store() as store:
            return _state(store, peer, source, kind, fingerprint) is not None

    def next_due(self, now: float, peers: Collection[str], most: int = BATCH) -> OutboxBatch | None:
        """Objects that are to be sent now to one of these systems, leased until they are settled; None for nothing.

        Nothing is due of a system that another batch is on its way to, nor of one that failed until its pause is over.
        Those tried least come first, then the oldest.
        """
        with self._store() as store:
            free_leases(store, now)
            for peer in _peers_due(store, now, peers):
                lease, until = new_lease(now)
                found = store.execute(
                    f"{_SELECT} WHERE {_DUE} AND o.peer = :peer ORDER BY o.tries, o.id LIMIT :most",
                    {"now": now, "far": now + LONGEST_PAUSE, "peer": peer, "most": most},
                ).fetchall()
                rows = tuple(self._row(row) for row in found)
                if rows:
                    store.executemany(
                        "UPDATE outbox SET lease = ?, leased_until = ? WHERE id = ?",
                        [(lease, until, row.number) for row in rows],
                    )
                    return OutboxBatch(peer, rows, lease)
        return None

    def next_moment(self, now: float, peers: Collection[str]) -> float | None:
        """When `next_due` has something to say, as far as is known; None while nothing waits for these systems."""
        with self._store() as store:
            moments = [
                max(now, *(moment for moment in (row_next, peer_next, leased) if moment <= now + LONGEST_PAUSE))
                for name, row_next, peer_next, leased in store.execute(
                    "SELECT o.peer, o.next_try, coalesce(p.next_try, 0), o.leased_until FROM outbox o"
                    " LEFT JOIN outbox_peers p ON p.peer = o.peer WHERE o.state = 'waiting'"
                )
                if name in peers
            ]
        return min(moments, default=None)

    def settle(self, batch: OutboxBatch, sent: Sent, now: float) -> None:
        """Note what came of a batch; what `sent` does not name was not sent."""
        accepted = set(sent.accepted)
        gone: list[Path] = []
        got_through = 0
        with self._store() as store:
            for row in batch.rows:
                uid = row.meant.sop_instance_uid
                if uid in accepted:  # true whoever has the lease by now, and whatever the user has said meanwhile
                    store.execute(
                        "UPDATE outbox SET state = 'sent', said = '', tries = tries + 1, ended = ?, lease = '',"
                        " leased_until = 0 WHERE id = ?",
                        (now, row.number),
                    )
                    gone.append(row.file)
                    got_through += 1
                elif uid in sent.refused:
                    store.execute(
                        "UPDATE outbox SET state = 'refused', said = ?, tries = tries + 1, lease = '', leased_until = 0"
                        " WHERE id = ? AND state = 'waiting' AND lease = ?",
                        (sent.refused[uid], row.number, batch.lease),
                    )
                    got_through += 1
            self._put_back(store, batch, sent, now, alive=got_through > 0)
        for path in gone:
            remove(path)

    def _put_back(self, store: sqlite3.Connection, batch: OutboxBatch, sent: Sent, now: float, *, alive: bool) -> None:
        """Have what is left of a batch wait: all that goes to a system that failed, or what did not get through."""
        if sent.said.outcome is Outcome.CANCELLED:
            store.execute("UPDATE outbox SET lease = '', leased_until = 0 WHERE lease = ?", (batch.lease,))
            return
        left = store.execute("SELECT id, tries FROM outbox WHERE lease = ? AND state = 'waiting'", (batch.lease,))
        for number, tries in left.fetchall():
            store.execute(
                "UPDATE outbox SET tries = ?, next_try = ?, said = ?, lease = '', leased_until = 0 WHERE id = ?",
                (tries + 1, now + pause(tries + 1) if alive else 0, sent.said.sentence, number),
            )
        if alive:
            store.execute("DELETE FROM outbox_peers WHERE peer = ?", (batch.peer,))
        else:
            (failures,) = store.execute(
                "INSERT INTO outbox_peers (peer, failures) VALUES (?, 1)"
                " ON CONFLICT (peer) DO UPDATE SET failures = failures + 1 RETURNING failures",
                (batch.peer,),
            ).fetchone()
            store.execute(
                "UPDATE outbox_peers SET next_try = ?, said = ? WHERE peer = ?",
                (now + pause(failures), sent.said.sentence, batch.peer),
            )

    def answered(self, peer: str) -> None:
        """A system has answered: what waits for it need not wait for its pause to end."""
        with self._store() as store:
            store.execute("DELETE FROM outbox_peers WHERE peer = ?", (peer,))

    def hurry(self, peers: Collection[str]) -> None:
        """Have whatever waits for these systems be due now."""
        with self._store() as store:
            for peer in peers:
                store.execute("UPDATE outbox SET next_try = 0 WHERE peer = ? AND state = 'waiting'", (peer,))
                store.execute("DELETE FROM outbox_peers WHERE peer = ?", (peer,))

    def counts(self) -> dict[OutboxState, int]:
        """How many there are of each state, of all that is on record."""
        with self._store() as store:
            found = dict(store.execute("SELECT state, count(*) FROM outbox GROUP BY state"))
        return {state: int(found.get(state, 0)) for state in OutboxState}

    def rows(self, states: Collection[OutboxState] = tuple(OutboxState), most: int = 2000) -> tuple[OutboxRow, ...]:
        """Objects in these states, oldest first; those that were cleared away are not among them."""
        marks = ", ".join("?" * len(states))
        with self._store() as store:
            found = store.execute(
                _SELECT + f" WHERE o.state IN ({marks}) AND o.sop_instance_uid != '' ORDER BY o.id LIMIT ?",
                (*states, most),
            )
            return tuple(self._row(row) for row in found)

    def failing(self) -> dict[str, str]:
        """What the systems said that were not reached last, by name."""
        with self._store() as store:
            return dict(store.execute("SELECT peer, said FROM outbox_peers ORDER BY peer"))

    def retry(self, numbers: Collection[int]) -> None:
        """Send these at the next opportunity, without a pause, also where they were refused."""
        with self._store() as store:
            for number in numbers:
                store.execute(
                    "UPDATE outbox SET state = 'waiting', next_try = 0, said = '' WHERE id = ?"
                    " AND state IN ('waiting', 'refused')",
                    (number,),
                )
                store.execute("DELETE FROM outbox_peers WHERE peer = (SELECT peer FROM outbox WHERE id = ?)", (number,))

    def give_up(self, numbers: Collection[int], now: float) -> None:
        """Never send these, but where one is on its way already; their files are removed."""
        gone: list[str] = []
        with self._store() as store:
            for number in numbers:
                gone += [
                    file
                    for (file,) in store.execute(
                        "UPDATE outbox SET state = 'given up', ended = ? WHERE id = ?"
                        " AND state IN ('waiting', 'refused') RETURNING file",
                        (now, number),
                    ).fetchall()
                ]
        for file in gone:
            remove(self._folder / file)

    def clear_done(self, before: float) -> int:
        """Forget of whom it was that was sent or given up before this time; that it was sent is still known.

        Returns:
            How many.
        """
        with self._store() as store:
            return store.execute(
                "UPDATE outbox SET sop_instance_uid = '', study_instance_uid = '', patient_id = '', said = ''"
                " WHERE state IN ('sent', 'given up') AND ended < ? AND sop_instance_uid != ''",
                (before,),
            ).rowcount

    def unsent_sources(self) -> frozenset[str]:
        """Digests of the images whose results wait here, or were not taken."""
        with self._store() as store:
            found = store.execute("SELECT DISTINCT source FROM outbox WHERE state IN ('waiting', 'refused')")
            return frozenset(str(source) for (source,) in found)

    def forget_sources(self, digests: Collection[str], before: float) -> None:
        """Forget of whom it was that was sent or given up: of these images, and of all that came before a time.

        That it was sent is still known. So is what a standing query has fetched of a day that it is not done with.
        """
        with self._store() as store:
            store.executemany(
                "UPDATE outbox SET sop_instance_uid = '', study_instance_uid = '', patient_id = '', said = ''"
                " WHERE source = ? AND state IN ('sent', 'given up')",
                [(digest,) for digest in digests],
            )
            store.execute(
                "DELETE FROM standing_studies WHERE fetched < ? AND day < coalesce((SELECT open_day FROM standing"
                " WHERE standing.query = standing_studies.query), '9999')",
                (before,),
            )
        self.clear_done(before)

    def sweep(self, now: float) -> None:
        """Remove the files that a process left which was killed: of no row, or of one that is done with."""
        if not self._folder.is_dir():
            return
        with self._store() as store:
            live = {file for (file,) in store.execute("SELECT file FROM outbox WHERE state IN ('waiting', 'refused')")}
            done = {file for (file,) in store.execute("SELECT file FROM outbox")} - live
        for path in self._folder.iterdir():
            with contextlib.suppress(OSError):
                if path.name in done or (path.name not in live and path.stat().st_mtime < now - ORPHAN_SECONDS):
                    path.unlink()

    def _stage(self, file: Path) -> Path:
        """A copy in the outbox, on the disk, under a name that says nothing."""
        path = self._folder / f"{secrets.token_hex(16)}.dcm"
        part = path.with_name(f".{path.name}.part")
        try:
            private_folder(self._folder)
            with file.open("rb") as source, open(part, "xb", opener=private_opener) as target:
                shutil.copyfileobj(source, target, 1 << 20)
                target.flush()
                os.fsync(target.fileno())
            part.replace(path)
            flush_folder(self._folder)
        except OSError as error:
            remove(part)
            raise unwritten(Path("A result for the outbox"), error) from error
        return path

    def _row(self, row: tuple[int, str, str, str, str, str, str, str, int, float, str, float]) -> OutboxRow:
        number, peer, file, sop, study, patient, kind, state, tries, next_try, said, added = row
        meant = Meant(sop, study, patient)
        path = self._folder / file
        return OutboxRow(number, peer, path, meant, kind, OutboxState(state), tries, next_try, said, added)

    @contextlib.contextmanager
    def _store(self) -> Iterator[sqlite3.Connection]:
        """All that is changed within, or nothing; nobody else changes anything meanwhile."""
        with contextlib.closing(open_store(self._home)) as store, transaction(store):
            yield store


def pause(failures: int) -> float:
    """Seconds to wait after so many failures in a row: 10 s, then twice as long each time, at most an hour."""
    return float(min(FIRST_PAUSE * 2 ** min(failures - 1, 20), LONGEST_PAUSE))


_ADD = (
    "INSERT INTO outbox (peer, file, sop_instance_uid, study_instance_uid, patient_id, kind, source, fingerprint,"
    " state, added) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?) ON CONFLICT (peer, source, kind, fingerprint) DO "
)
_ADD_NEW = _ADD + "NOTHING"
_ADD_ANEW = (
    _ADD + "UPDATE SET file = excluded.file, sop_instance_uid = excluded.sop_instance_uid, state = 'waiting',"
    " study_instance_uid = excluded.study_instance_uid, patient_id = excluded.patient_id, tries = 0, next_try = 0,"
    " said = '', added = excluded.added WHERE outbox.state IN ('refused', 'given up')"
)
_ANEW = (OutboxState.REFUSED, OutboxState.GIVEN_UP)  # what the user may send although it was there before
# A moment that is further away than any pause was noted by a clock that was wrong.
_DUE = (
    "o.state = 'waiting' AND o.leased_until = 0 AND (o.next_try <= :now OR o.next_try > :far)"
    " AND (coalesce(p.next_try, 0) <= :now OR p.next_try > :far)"
)
_FROM = "FROM outbox o LEFT JOIN outbox_peers p ON p.peer = o.peer"
_SELECT = (
    "SELECT o.id, o.peer, o.file, o.sop_instance_uid, o.study_instance_uid, o.patient_id, o.kind, o.state, o.tries,"
    " CASE o.state WHEN 'waiting' THEN max(o.next_try, coalesce(p.next_try, 0)) ELSE 0.0 END,"
    f" o.said, o.added {_FROM}"
)


def _state(store: sqlite3.Connection, peer: str, source: str, kind: str, fingerprint: str) -> OutboxState | None:
    found = store.execute(
        "SELECT state FROM outbox WHERE peer = ? AND source = ? AND kind = ? AND fingerprint = ?",
        (peer, source, kind, fingerprint),
    ).fetchone()
    return OutboxState(found[0]) if found else None


def _is_wanted(store: sqlite3.Connection, peer: str, result: Outgoing, by_hand: bool) -> bool:
    state = _state(store, peer, result.source, result.kind, result.fingerprint)
    return state is None or (by_hand and state in _ANEW)


def _insert(store: sqlite3.Connection, peer: str, result: Outgoing, file: str, now: float, by_hand: bool) -> bool:
    """Whether it was taken in. What the user sends anew keeps its place."""
    meant = result.meant
    values = (
        *(peer, file, meant.sop_instance_uid, meant.study_instance_uid, meant.patient_id),
        *(result.kind, result.source, result.fingerprint, now),
    )
    return store.execute(_ADD_ANEW if by_hand else _ADD_NEW, values).rowcount > 0


def _peers_due(store: sqlite3.Connection, now: float, peers: Collection[str]) -> list[str]:
    """Who of these is to be sent something now, whose oldest object has waited longest first."""
    busy = {peer for (peer,) in store.execute("SELECT DISTINCT peer FROM outbox WHERE leased_until > 0")}
    found = store.execute(
        f"SELECT o.peer {_FROM} WHERE {_DUE} GROUP BY o.peer ORDER BY min(o.tries), min(o.id)",
        {"now": now, "far": now + LONGEST_PAUSE},
    )
    return [peer for (peer,) in found if peer in peers and peer not in busy]
