"""Other studies of the shown patient: offered as they come, and one of them shown beside the current study."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from app.domain.errors import Notice
from app.domain.greys.starting_window import starting_window
from app.domain.hanging.rules import lateral_of
from app.domain.priors import Beside, name_differs, studies_of_patient
from app.domain.session import Session
from app.domain.study import ImageItem, Study
from app.services.reading.image_source import ImageSource
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from app.services.threads.latest import LatestWins
from app.storage.database import Action
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Radiograph
from squid_core.dicom.errors import NOT_THERE

LOOK_AGAIN_MS = 1000  # a long worklist is not gone through at every change of it


class PriorDesk(QObject):
    """Answers what the user wants to see beside the current study by changing the session."""

    def __init__(
        self,
        holder: SessionHolder,
        store: WorklistStore,
        database: DatabaseThread,
        source: ImageSource,
        courier: Courier,
    ) -> None:
        super().__init__()
        self._holder, self._store, self._database, self._source = holder, store, database, source
        self._reads: LatestWins[ImageItem, Radiograph] = LatestWins(
            courier, source.read, self._on_read, self._on_unreadable
        )
        self._timer = QTimer(self, singleShot=True, interval=LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._look)
        holder.changed.connect(self._on_session)
        store.changed.connect(lambda *_: None if self._timer.isActive() else self._timer.start())

    def show(self, uid: str) -> None:
        """Show an image of this study beside the current one; '' for none."""
        state = self._holder.state
        study = self._store.worklist.study(uid)
        if state.study is None or study is None or uid == state.study_uid:
            self._reads.forget()
            self._holder.update(beside=None)
            return
        self._show_image(study, _alike(study, state.image), name_differs(state.study, study))

    def show_view(self, key: str) -> None:
        """Show another image of the current study beside the one that is shown."""
        study = self._holder.state.study
        item = study.image(key) if study else None
        if study is not None and item is not None:
            self._show_image(study, item, doubtful=False, other_view=True)

    def step(self, step: int) -> None:
        """The next (1) or previous (-1) of the patient's other studies; after the last one none is shown."""
        state = self._holder.state
        uids = ["", *(study.uid for study in state.others)]
        shown = state.beside.study.uid if state.beside else ""
        at = uids.index(shown) if shown in uids else 0
        if len(uids) > 1:
            self.show(uids[(at + step) % len(uids)])

    def step_image(self, step: int) -> None:
        """The next (1) or previous (-1) image of the study beside."""
        beside = self._holder.state.beside
        if beside is None or beside.other_view:  # the images of the current study are stepped through in its own pane
            return
        keys = [image.key for image in beside.study.images]
        at = keys.index(beside.image_key) + step
        if 0 <= at < len(keys):
            self._show_image(beside.study, beside.study.images[at], beside.name_differs)

    def _show_image(self, study: Study, item: ImageItem, doubtful: bool, other_view: bool = False) -> None:
        radiograph = self._source.kept(item)
        beside = Beside(study, item.key, loading="Reading the image", name_differs=doubtful, other_view=other_view)
        self._holder.update(beside=self._with(beside, radiograph) if radiograph else beside)
        self._database.tell(lambda database: database.record(Action.OPEN, item.key))
        if radiograph is None:
            self._reads.ask(item)
        else:
            self._reads.forget()

    def _on_session(self, old: Session, new: Session) -> None:
        if old.study_uid != new.study_uid:
            self._look()
            if new.beside is not None:
                self.show("")
        elif new.beside is not None and new.beside.other_view and old.image_key != new.image_key:
            other = lateral_of(new.study, new.image_key) if new.study else None  # the two change places
            if other is None:
                self.show("")
            else:
                self.show_view(other.key)

    def _look(self) -> None:
        state, worklist = self._holder.state, self._store.worklist
        self._holder.update(others=() if state.study is None else studies_of_patient(worklist, state.study))
        if state.beside is not None and worklist.study(state.beside.study.uid) is None:
            self.show("")

    def _on_read(self, item: ImageItem, radiograph: Radiograph) -> None:
        beside = self._holder.state.beside
        if beside is not None and beside.image_key == item.key:
            self._holder.update(beside=self._with(beside, radiograph))

    def _with(self, beside: Beside, radiograph: Radiograph) -> Beside:
        return beside.with_radiograph(radiograph, starting_window(radiograph, self._holder.state.display)[0])

    def _on_unreadable(self, item: ImageItem, error: SquidError) -> None:
        beside = self._holder.state.beside
        if beside is not None and beside.image_key == item.key:
            place = item.container if error.title == NOT_THERE else None
            self._holder.update(beside=beside.failed(replace(Notice.from_error(error), place=place)))


def _alike(study: Study, current: ImageItem | None) -> ImageItem:
    """The image of a study that was taken from the same side as the current one, else its top image."""
    view = current.identity.view_position if current is not None else ""
    alike = (image for image in study.images if image.has_picture and view and image.identity.view_position == view)
    return next(alike, study.top_image)
