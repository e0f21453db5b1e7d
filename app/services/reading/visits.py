"""From study to study: the next one that has not been read, and back to the one looked at before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from PySide6.QtCore import QObject

from app.domain.errors import Notice, Severity
from app.domain.session import Session
from app.domain.study import Reading
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore

MAX_VISITS = 500
NONE_BEFORE = Notice(Severity.INFO, "No other study was looked at before this one.")
LAST_ONE = Notice(Severity.INFO, "This is the last study that has not been read.")
ALL_READ = "All {count} studies have been read."
ONE_READ = "The study has been read; there is no other."
SHOWN_READ = "All studies that the filter shows have been read."


class Visits(QObject):
    """Knows which studies were looked at, in which order.

    Args:
        select: shows a study.
    """

    def __init__(
        self, holder: SessionHolder, store: WorklistStore, select: Callable[[str], None], notifier: Notifier
    ) -> None:
        super().__init__()
        self._holder, self._store, self._select, self._notifier = holder, store, select, notifier
        self._seen: list[str] = []
        holder.changed.connect(self._on_session)

    def next_unread(self, uids: Sequence[str]) -> None:
        """Show the first of these studies that the reader is not done with; where there is none, say so.

        Args:
            uids: in the order in which they are wanted: those below the shown one, then those above it.
        """
        worklist, here = self._store.worklist, self._holder.state.study_uid
        found = (study for uid in uids if (study := worklist.study(uid)) is not None)
        unread = [study.uid for study in islice((one for one in found if one.reading is not Reading.READ), 2)]
        others = [uid for uid in unread if uid != here]
        if others:
            self._select(others[0])
        elif unread:
            self._notifier.post(LAST_ONE)
        elif uids:
            words = ALL_READ.format(count=len(uids)) if len(uids) > 1 else ONE_READ
            is_all = not self._holder.state.filter.is_on
            self._notifier.post(Notice(Severity.INFO, words if is_all else SHOWN_READ))

    def back(self) -> None:
        """Show the study that was looked at before this one; again, the one before that."""
        here = self._holder.state.study_uid
        while self._seen and (self._seen[-1] == here or self._store.worklist.study(self._seen[-1]) is None):
            self._seen.pop()
        if self._seen:
            self._select(self._seen[-1])
        else:
            self._seen.append(here)
            self._notifier.post(NONE_BEFORE)

    def _on_session(self, old: Session, new: Session) -> None:
        uid = new.study_uid
        if uid and uid != old.study_uid and self._seen[-1:] != [uid]:
            self._seen = [*self._seen, uid][-MAX_VISITS:]
