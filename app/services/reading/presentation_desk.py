"""Presentation states: kept as imports find them, offered at their image, and shown when the user wants one.

Display only: neither the queue nor the detector ever hears of one.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from PySide6.QtCore import QObject

from app.domain.errors import Notice, Severity
from app.domain.greys.starting_window import starting_window
from app.domain.presenting import FoundState, Offer, Presented
from app.domain.session import Session
from app.domain.study import ImageItem
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from app.services.threads.latest import LatestWins
from app.storage.database import Action
from squid_core.contracts.errors import SquidError
from squid_core.contracts.presentation import Presentation
from squid_core.contracts.radiograph import Radiograph
from squid_core.dicom.readers import ReaderPool

ANOTHER = Notice(
    Severity.WARNING,
    "Another presentation state lies at this place now.",
    "Open its folder again to have it offered as what it is.",
)


@dataclass(frozen=True, slots=True, eq=False)
class _Request:
    """A state, and the image that is to be shown by it."""

    state: FoundState
    image: ImageItem
    radiograph: Radiograph


class PresentationDesk(QObject):
    """Answers which state the user wants an image to be shown by, by changing the session."""

    def __init__(
        self,
        holder: SessionHolder,
        database: DatabaseThread,
        readers: ReaderPool,
        courier: Courier,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._holder, self._database, self._readers = holder, database, readers
        self._courier, self._notifier = courier, notifier
        self._reads: LatestWins[_Request, Presentation] = LatestWins(
            courier, self._read, self._on_read, self._on_unreadable
        )
        holder.changed.connect(self._on_session)

    def keep(self, found: list[FoundState]) -> None:
        """Presentation states that an import has found: some may be about the shown image."""
        self._database.tell(lambda database: database.save_states(found))
        self._look()

    def show(self, key: str) -> None:
        """Show the image by this state; by none for '' and for the one that it is shown by."""
        session = self._holder.state
        state, radiograph, image = session.offer.state(key), session.radiograph, session.image
        shown = session.presented.key if session.presented is not None else ""
        if state is None or radiograph is None or image is None or key == shown:
            self._go_back()
        else:
            self._reads.ask(_Request(state, image, radiograph))

    def step(self, step: int) -> None:
        """The next (1) or previous (-1) of the image's states; after the last one the image as in the file."""
        session = self._holder.state
        keys = ["", *(state.key for state in session.offer.states)]
        shown = session.presented.key if session.presented is not None else ""
        at = keys.index(shown) if shown in keys else 0
        if len(keys) > 1:
            self.show(keys[(at + step) % len(keys)])

    def _go_back(self) -> None:
        """As in the file."""
        self._reads.forget()
        session = self._holder.state
        if session.presented is not None:
            image, display = session.radiograph, session.display
            window = starting_window(image, display)[0] if image is not None else None
            self._holder.update(presented=None, window=window, invert=False)

    def _read(self, request: _Request) -> Future[Presentation]:
        radiograph = request.radiograph
        return self._readers.present(request.state.source, request.image.source, radiograph.content, radiograph.pivot)

    def _on_read(self, request: _Request, presentation: Presentation) -> None:
        session = self._holder.state
        if session.radiograph is not request.radiograph or session.image_key != request.image.key:
            return
        if presentation.head.identity.sop_instance_uid != request.state.head.identity.sop_instance_uid:
            self._notifier.post(ANOTHER)
            return
        key = request.state.key
        self._database.tell(lambda database: database.record(Action.OPEN, key))
        self._holder.update(
            presented=Presented(key, presentation),
            window=presentation.window or request.radiograph.window,
            invert=presentation.invert,
        )

    def _on_unreadable(self, _: _Request, error: SquidError) -> None:
        self._notifier.post(Notice.from_error(error, Severity.WARNING))

    def _on_session(self, old: Session, new: Session) -> None:
        if new.radiograph is old.radiograph and new.image_key == old.image_key:
            return
        self._reads.forget()
        if new.radiograph is not None:
            self._look()

    def _look(self) -> None:
        """Which states there are of the shown image."""
        radiograph = self._holder.state.radiograph
        uid = radiograph.identity.sop_instance_uid if radiograph is not None else ""
        if radiograph is not None and uid:
            future = self._database.ask(lambda database: database.states(uid))
            self._courier.when_done(future, lambda done: self._on_found(radiograph, done))

    def _on_found(self, radiograph: Radiograph, future: Future[tuple[FoundState, ...]]) -> None:
        if future.cancelled() or future.exception() is not None or self._holder.state.radiograph is not radiograph:
            return
        offer = Offer.to(radiograph.identity, future.result())
        if offer != self._holder.state.offer:
            self._holder.update(offer=offer)
