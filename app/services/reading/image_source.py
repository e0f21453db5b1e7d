"""Decoded images: kept for going back and forth, fetched ahead, and never decoded twice at the same time.

The one place where what was read is compared with what was asked for: nobody is given another image's pixels.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject

from app.domain.study import ImageItem
from app.services.threads.courier import Courier
from app.services.threads.signals import TypedSignal
from squid_core.contracts.errors import SquidError
from squid_core.contracts.preview import Preview
from squid_core.contracts.radiograph import Radiograph
from squid_core.dicom.readers import ReaderPool

MAX_IMAGES = 6  # the shown one, a prior, two ahead and two behind
MAX_BYTES = 384 * 2**20  # of their pixels together; what is on the screen is held by the session besides
ANOTHER_IMAGE = "Another image lies at this place now."


class OtherImageError(SquidError):
    """What lies at an image's place now is not the image; it is imported as what it is."""

    def __init__(self, item: ImageItem, found: Radiograph) -> None:
        if item.identity.image != found.identity.image:
            super().__init__(
                ANOTHER_IMAGE,
                "It has a row of its own in the worklist; this row is about the one that lay here before.",
            )
        else:
            super().__init__("This file has changed since it was read.", "It is being read again.")


class ImageSource(QObject):
    """Gives images to whoever shows one. Window's thread only; the readers do the work.

    What is fetched ahead waits until nobody waits for an image, one at a time, and is forgotten when something else
    is to be fetched instead. A decode under way is left to end: the reader would have to be killed for it.
    """

    misplaced = TypedSignal[list[Path]]()  # files that hold other images than was thought: to be imported anew

    def __init__(self, readers: ReaderPool, courier: Courier) -> None:
        super().__init__(courier)
        self._readers, self._courier = readers, courier
        self._kept: OrderedDict[str, Radiograph] = OrderedDict()
        self._under_way: dict[str, Future[Radiograph]] = {}
        self._ahead: list[ImageItem] = []

    def kept(self, item: ImageItem) -> Radiograph | None:
        """The image, where it is at hand."""
        radiograph = self._kept.get(item.key)
        if radiograph is None or not item.is_in(radiograph.content, radiograph.identity):
            return None
        self._kept.move_to_end(item.key)
        return radiograph

    def read(self, item: ImageItem) -> Future[Radiograph]:
        """The image, now or later; a decode that is under way already is joined.

        Returns:
            It fails with SquidError: the file cannot be read, or holds another image (OtherImageError).
        """
        future: Future[Radiograph] = Future()
        radiograph = self.kept(item)
        if radiograph is not None:
            future.set_result(radiograph)
            return future
        if item.key not in self._under_way:
            self._under_way[item.key] = decode = self._readers.read(item.source)
            self._courier.when_done(decode, lambda done: self._on_read(item.key, done))
        self._courier.when_done(self._under_way[item.key], lambda done: self._hand_over(item, done, future))
        return future

    def preview(self, item: ImageItem) -> Future[Preview | None]:
        """The image at a lower resolution; None where it has no preview, or another image lies there. Never kept."""
        future: Future[Preview | None] = Future()
        self._courier.when_done(
            self._readers.preview(item.source), lambda done: future.set_result(_preview_of(item, done))
        )
        return future

    def forget(self) -> None:
        """Read what is asked for from now on anew."""
        self._kept.clear()

    def fetch_ahead(self, items: Iterable[ImageItem]) -> None:
        """Have these at hand soon, the first first; what was to be fetched before is forgotten."""
        self._ahead = list(items)
        self._go_on()

    def _on_read(self, key: str, decode: Future[Radiograph]) -> None:
        del self._under_way[key]
        if not decode.cancelled() and decode.exception() is None:
            self._keep(key, decode.result())
        self._go_on()

    def _hand_over(self, item: ImageItem, decode: Future[Radiograph], future: Future[Radiograph]) -> None:
        if decode.cancelled():
            future.cancel()
        elif (error := decode.exception()) is not None:
            future.set_exception(error)
        elif item.is_in((radiograph := decode.result()).content, radiograph.identity):
            future.set_result(radiograph)
        else:
            future.set_exception(OtherImageError(item, radiograph))
            self.misplaced.emit([item.path])

    def _keep(self, key: str, radiograph: Radiograph) -> None:
        self._kept[key] = radiograph
        self._kept.move_to_end(key)
        while len(self._kept) > 1 and (len(self._kept) > MAX_IMAGES or self._bytes > MAX_BYTES):
            self._kept.popitem(last=False)

    @property
    def _bytes(self) -> int:
        return sum(radiograph.pixels.nbytes for radiograph in self._kept.values())

    def _go_on(self) -> None:
        while self._ahead and not self._under_way:
            item = self._ahead.pop(0)
            if self.kept(item) is None:
                self.read(item)


def _preview_of(item: ImageItem, done: Future[Preview | None]) -> Preview | None:
    preview = None if done.cancelled() or done.exception() is not None else done.result()
    if preview is None or not item.is_in(preview.picture.content, preview.picture.identity):
        return None
    return preview
