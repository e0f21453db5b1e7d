"""Studies of today that are asked for again and again: which days are due, which studies are to be fetched.

Pure logic over a state that outlives the program (`store`): nothing is fetched twice, and nothing is missed over
midnight, a change of the clocks, a restart after days, or a fetch that failed. Whoever runs it asks, fetches, and says
here what came of it:

    for day in query.days(now):
        answer = find(..., query.question(day), MOST)
        for study in query.wanted(answer.studies, now):
            part = query.part_of(study)
            if part is None or find(..., part, 1).studies:
                query.settle(study, day, fetch_study(..., study.study_instance_uid, ...), now)
            else:
                query.done_with(study, day, now)
        query.asked(day, now, answer)

`now` is when the day was begun to be asked for. Loads no pynetdicom; any thread, any process.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path

from squid_core.contracts.network import Answer, Fetched, FoundStudy, Outcome, Question
from squid_core.network.configuration import Standing
from squid_core.network.store import open_store, transaction

MOST = 5_000  # studies of one day that are asked for
MOST_DAYS = 31  # back to which a day that was missed is asked for
LATE = timedelta(hours=2)  # after its end until which studies of a day may still arrive there
LOOK_AGAIN = timedelta(minutes=30)  # at a study of which nobody says how many objects it has
KEPT = timedelta(days=7)  # after a day is done with, until its studies are forgotten


class StandingQuery:
    """One standing query and how far it is.

    Args:
        standing: what is asked for; another peer, modality or part of the body makes another query, with no past.
        home: the program's own folder.
        zone: in which a day begins and ends; None for the one of this workstation.
    """

    def __init__(self, standing: Standing, home: Path | None = None, zone: tzinfo | None = None) -> None:
        self.standing = standing
        self._home, self._zone = home, zone
        modalities = sorted(modality.upper() for modality in standing.modalities)
        self._key = json.dumps([standing.peer, modalities, standing.body_part.upper()])

    def days(self, now: datetime) -> tuple[date, ...]:
        """Which days are to be asked for, oldest first: today, and each before it that was not asked for to its end.

        Raises:
            SquidError: the state cannot be read.
        """
        today = now.astimezone(self._zone).date()
        with self._open() as store, transaction(store):
            open_day = self._open_day(store)
            first = today  # the first time; or the clock was wrong
            if open_day is not None and open_day <= today:
                first = max(open_day, today - timedelta(days=MOST_DAYS))
            if first != open_day:
                self._set_open_day(store, first)
        return tuple(first + timedelta(days=number) for number in range((today - first).days + 1))

    def question(self, day: date) -> Question:
        """What is asked of a day: whatever part of the body, which only a study's series say."""
        return Question(day, day, modalities=self.standing.modalities)

    def part_of(self, study: FoundStudy) -> Question | None:
        """What is asked of a study that is wanted, before it is fetched; None where its part of the body is all one.

        So a PACS is asked for the series of a study when it is new and when it has grown, and not at each turn.
        """
        standing = self.standing
        if not standing.body_part:
            return None
        uid = study.study_instance_uid
        return Question(modalities=standing.modalities, body_part=standing.body_part, study_instance_uid=uid)

    def wanted(self, studies: Iterable[FoundStudy], now: datetime) -> tuple[FoundStudy, ...]:
        """Those that are not here whole: new ones, and those that have grown since.

        Raises:
            SquidError: the state cannot be read.
        """
        with self._open() as store:
            return tuple(study for study in studies if self._is_wanted(store, study, now))

    def settle(self, study: FoundStudy, day: date, fetched: Fetched, now: datetime) -> None:
        """Note what came of fetching a study; one that may come later is wanted again.

        Raises:
            SquidError: the state cannot be written.
        """
        if _is_settled(fetched):
            self.done_with(study, day, now)

    def done_with(self, study: FoundStudy, day: date, now: datetime) -> None:
        """Note that a study is here, or shows another part of the body: it is wanted again only once it has grown.

        Raises:
            SquidError: the state cannot be written.
        """
        with self._open() as store, transaction(store):
            store.execute(
                "INSERT OR REPLACE INTO standing_studies (query, study_instance_uid, day, instances, fetched) "
                "VALUES (?, ?, ?, ?, ?)",
                (self._key, study.study_instance_uid, day.isoformat(), study.instances, now.timestamp()),
            )

    def asked(self, day: date, now: datetime, answer: Answer) -> bool:
        """Note that a day was asked for and what was found of it was fetched, or tried.

        Returns:
            Whether the day is done with: it was over, all that was found is here, and there was no more.

        Raises:
            SquidError: the state cannot be read or written.
        """
        if answer.said.outcome is not Outcome.DONE or answer.more or now < self._done_at(day):
            return False
        with self._open() as store, transaction(store):
            if self._open_day(store) != day or any(not self._is_here(store, study) for study in answer.studies):
                return False
            self._set_open_day(store, day + timedelta(days=1))
            store.execute(
                "DELETE FROM standing_studies WHERE query = ? AND day < ?", (self._key, (day - KEPT).isoformat())
            )
        return True

    def _done_at(self, day: date) -> datetime:
        """When a day is over, and what came late with it: a day may have 23 or 25 hours."""
        midnight = datetime.combine(day + timedelta(days=1), time(), self._zone)
        return midnight.astimezone(UTC) + LATE  # without a zone it is taken as that of this workstation

    def _is_wanted(self, store: sqlite3.Connection, study: FoundStudy, now: datetime) -> bool:
        row = self._row(store, study)
        if row is None:
            return True
        had, fetched = row
        if study.instances is None:
            return now.timestamp() - fetched >= LOOK_AGAIN.total_seconds() or now.timestamp() < fetched
        return had is None or study.instances > had

    def _is_here(self, store: sqlite3.Connection, study: FoundStudy) -> bool:
        row = self._row(store, study)
        return row is not None and (study.instances is None or (row[0] is not None and study.instances <= row[0]))

    def _row(self, store: sqlite3.Connection, study: FoundStudy) -> tuple[int | None, float] | None:
        row: tuple[int | None, float] | None = store.execute(
            "SELECT instances, fetched FROM standing_studies WHERE query = ? AND study_instance_uid = ?",
            (self._key, study.study_instance_uid),
        ).fetchone()
        return row

    def _open_day(self, store: sqlite3.Connection) -> date | None:
        row = store.execute("SELECT open_day FROM standing WHERE query = ?", (self._key,)).fetchone()
        return None if row is None else date.fromisoformat(row[0])

    def _set_open_day(self, store: sqlite3.Connection, day: date) -> None:
        store.execute("INSERT OR REPLACE INTO standing (query, open_day) VALUES (?, ?)", (self._key, day.isoformat()))

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with contextlib.closing(open_store(self._home)) as store:
            yield store


def _is_settled(fetched: Fetched) -> bool:
    """Whether there is nothing to be gained by fetching it again before it grows."""
    return fetched.said.outcome in (Outcome.DONE, Outcome.REFUSED) and not fetched.missing
