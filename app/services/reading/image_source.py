"""Decoded images: kept for going back and forth, fetched ahead, and never decoded twice at the same time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import Future

from app.domain.study import ImageItem
from app.services.threads.courier import Courier
from squid_core.contracts.radiograph import Radiograph
from squid_core.dicom.readers import ReaderPool

MAX_IMAGES = 6  # the shown one, a prior, two ahead and two behind
MAX_BYTES = 384 * 2**20  # of their pixels together; what is on the screen is held by the session besides


class ImageSource:
    """Gives images to whoever shows one. Window's thread only; the readers do the work.

    What is fetched ahead waits until nobody waits for an image, one at a time, and is forgotten when something else
    is to be fetched instead. A decode under way is left to end: the reader would have to be killed for it.
    """

    def __init__(self, readers: ReaderPool, courier: Courier) -> None:
        self._readers, self._courier = readers, courier
        self._kept: OrderedDict[str, Radiograph] = OrderedDict()
        self._under_way: dict[str, Future[Radiograph]] = {}
        self._ahead: list[ImageItem] = []

    def kept(self, item: ImageItem) -> Radiograph | None:
        """The image, where it is at hand."""
        name = file_state(item)
        if name in self._kept:
            self._kept.move_to_end(name)
        return self._kept.get(name)

    def read(self, item: ImageItem) -> Future[Radiograph]:
        """The image, now or later; a decode that is under way already is joined."""
        radiograph = self.kept(item)
        if radiograph is not None:
            future: Future[Radiograph] = Future()
            future.set_result(radiograph)
            return future
        name = file_state(item)
        if name not in self._under_way:
            self._under_way[name] = future = self._readers.read(item.source)
            self._courier.when_done(future, lambda done: self._on_read(name, done))
        return self._under_way[name]

    def fetch_ahead(self, items: Iterable[ImageItem]) -> None:
        """Have these at hand soon, the first first; what was to be fetched before is forgotten."""
        self._ahead = list(items)
        self._go_on()

    def _on_read(self, name: str, future: Future[Radiograph]) -> None:
        del self._under_way[name]
        if not future.cancelled() and future.exception() is None:
            self._keep(name, future.result())
        self._go_on()

    def _keep(self, name: str, radiograph: Radiograph) -> None:
        self._kept[name] = radiograph
        self._kept.move_to_end(name)
        while len(self._kept) > 1 and (len(self._kept) > MAX_IMAGES or self._bytes > MAX_BYTES):
            self._kept.popitem(last=False)

    @property
    def _bytes(self) -> int:
        return sum(radiograph.pixels.nbytes for radiograph in self._kept.values())

    def _go_on(self) -> None:
        while self._ahead and not self._under_way:
            item = self._ahead.pop(0)
            if file_state(item) not in self._kept:
                self.read(item)


def file_state(item: ImageItem) -> str:
    """A name of an image that changes when its file does."""
    return f"{item.key}-{item.size}-{item.modified_ns}"
