"""Has the images at hand that the reader is likely to look at next."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.domain.session import Session
from app.domain.study import ImageItem
from app.domain.worklist import Worklist
from app.services.reading.image_source import ImageSource
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore


def likely_next(worklist: Worklist, session: Session, step: int) -> list[ImageItem]:
    """Images that the next key may ask for, the likeliest first.

    Args:
        worklist: in reading order.
        session: says what is shown.
        step: 1 when the reader goes down the worklist, -1 when up.
    """
    study = worklist.study(session.study_uid)
    if study is None:
        return []
    keys = [image.key for image in study.images]
    at = keys.index(session.image_key) if session.image_key in keys else len(keys)
    beside = [*study.images[at + 1 : at + 2], *study.images[max(at - 1, 0) : at]]
    studies, row = worklist.studies, worklist.row_of(study.uid) or 0
    next_study, former_study = (
        [studies[there].top_image] if 0 <= (there := row + way) < len(studies) else [] for way in (step, -step)
    )
    return [item for item in (*next_study, *beside, *former_study) if item.has_picture]


class Prefetch(QObject):
    """Follows the session: once the shown image is there its neighbours are fetched, and none before."""

    def __init__(self, holder: SessionHolder, store: WorklistStore, source: ImageSource) -> None:
        super().__init__()
        self._holder, self._store, self._source = holder, store, source
        self._row, self._step = -1, 1
        holder.changed.connect(self._on_session)

    def _on_session(self, old: Session, new: Session) -> None:
        if old.study_uid != new.study_uid:
            self._notice_direction(new.study_uid)
        arrived = not new.loading and (new.radiograph is not None or new.error is not None)
        if old.image_key != new.image_key and not arrived:
            self._source.fetch_ahead(())
        elif arrived and (old.image_key != new.image_key or old.loading):
            self._source.fetch_ahead(likely_next(self._store.worklist, new, self._step))

    def _notice_direction(self, uid: str) -> None:
        row = self._store.worklist.row_of(uid)
        if row is not None:
            self._step = -1 if self._row > row else 1
            self._row = row
