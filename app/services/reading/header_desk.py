"""The elements of a file's header, read when the user asks for them, and never kept."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtCore import QObject

from app.domain.errors import Notice
from app.domain.header_page import HeaderPage
from app.domain.session import Session
from app.domain.study import ImageItem
from app.services.reading.image_source import ANOTHER_IMAGE
from app.services.state.session_holder import SessionHolder
from app.services.threads.courier import Courier
from app.services.threads.latest import LatestWins
from squid_core.contracts.errors import SquidError
from squid_core.contracts.header import HeaderListing
from squid_core.dicom.readers import ReaderPool
from squid_core.export.errand import look_at_header


class HeaderDesk(QObject):
    """Answers with the header of the shown image's file, by changing the session."""

    def __init__(self, holder: SessionHolder, readers: ReaderPool, courier: Courier) -> None:
        super().__init__()
        self._holder, self._readers = holder, readers
        self._reads: LatestWins[ImageItem, HeaderListing] = LatestWins(
            courier, self._read, self._on_read, self._on_unreadable
        )
        holder.changed.connect(self._on_session)

    def look(self) -> None:
        """Read the header of the shown image's file."""
        image = self._holder.state.image
        if image is not None:
            self._holder.update(header=HeaderPage(image.key))
            self._reads.ask(image)

    def close(self) -> None:
        """Nobody looks any more."""
        self._reads.forget()
        self._holder.update(header=None)

    def _read(self, image: ImageItem) -> Future[HeaderListing]:
        return look_at_header(self._readers, image.source)

    def _on_read(self, image: ImageItem, found: HeaderListing) -> None:
        if not image.is_in(found.content, found.identity):
            self._on_unreadable(image, SquidError(ANOTHER_IMAGE, "Open its folder again."))
        elif self._is_wanted(image):
            self._holder.update(header=HeaderPage(image.key, found.lines, found.cut))

    def _on_unreadable(self, image: ImageItem, error: SquidError) -> None:
        if self._is_wanted(image):
            self._holder.update(header=HeaderPage(image.key, (), error=Notice.from_error(error)))

    def _is_wanted(self, image: ImageItem) -> bool:
        page = self._holder.state.header
        return page is not None and page.key == image.key == self._holder.state.image_key

    def _on_session(self, old: Session, new: Session) -> None:
        """The header follows the image while it is looked at."""
        if new.header is not None and new.image_key != old.image_key:
            self.look() if new.image is not None else self.close()
