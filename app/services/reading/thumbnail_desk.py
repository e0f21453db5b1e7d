"""Small pictures of the open study's images: made in a reader, one at a time, after the image that is looked at."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future

from PySide6.QtCore import QObject

from app.domain.session import Session
from app.domain.study import ImageItem
from app.domain.thumbnails import Thumbnail
from app.services.state.session_holder import SessionHolder
from app.services.threads.courier import Courier
from squid_core.contracts.small_picture import SmallPicture
from squid_core.dicom.readers import ReaderPool

SIDE = 112  # pixels of the longer side: a strip on a screen of twice the pixels
MAX_KEPT = 256  # pictures, 12 KB each


class ThumbnailDesk(QObject):
    """Follows the session: a study of several images gets a picture of each, as they come."""

    def __init__(self, holder: SessionHolder, readers: ReaderPool, courier: Courier) -> None:
        super().__init__()
        self._holder, self._readers, self._courier = holder, readers, courier
        self._kept: OrderedDict[tuple[object, ...], Thumbnail] = OrderedDict()
        self._under_way = False
        holder.changed.connect(self._on_session)

    def _on_session(self, old: Session, new: Session) -> None:
        if new.study is not old.study:
            self._show()
        if new.study is not old.study or new.loading != old.loading:
            self._go_on()

    def _show(self) -> None:
        """What is at hand of the open study."""
        study = self._holder.state.study
        images = study.images if study is not None and len(study.images) > 1 else ()
        found = tuple(self._kept[_file(image)] for image in images if _file(image) in self._kept)
        if found != self._holder.state.thumbnails:
            self._holder.update(thumbnails=found)

    def _go_on(self) -> None:
        """Have the next picture made, unless somebody waits for an image."""
        state = self._holder.state
        if self._under_way or state.loading or state.study is None or len(state.study.images) < 2:
            return
        missing = (image for image in state.study.images if _file(image) not in self._kept)
        image = next(missing, None)
        if image is not None:
            self._under_way = True
            future = self._readers.small_picture(image.source, SIDE)
            self._courier.when_done(future, lambda done: self._on_made(image, done))

    def _on_made(self, image: ImageItem, done: Future[SmallPicture]) -> None:
        self._under_way = False
        if done.cancelled():
            return
        pixels = None
        if done.exception() is None and image.is_in((made := done.result()).content, made.identity):
            pixels = made.pixels
            pixels.setflags(write=False)
        self._kept[_file(image)] = Thumbnail(image.key, pixels)
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        self._show()
        self._go_on()


def _file(image: ImageItem) -> tuple[object, ...]:
    """Which bytes a picture is of, as far as the worklist knows them."""
    return image.key, image.size, image.modified_ns
