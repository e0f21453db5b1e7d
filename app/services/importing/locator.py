"""Files that are gone, found again where they lie now: at another drive letter, in another folder, under another name.

A file is known by its bytes: what was stored of an image stays with it, wherever they lie. With the image that the user
points to, all that are gone from below the same folder are looked for.
"""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app.domain.errors import Notice, Severity
from app.domain.study import ImageItem
from app.services.importing.source_watch import beginning, is_there, missing_folder
from app.services.state.notifier import Notifier
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.database_thread import DatabaseThread
from app.services.threads.disk import ask_disk
from app.services.threads.signals import TypedSignal
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Content, Identity
from squid_core.dicom.container.scan import walk
from squid_core.dicom.readers import ReaderPool
from squid_core.dicom.source import Source

NOTHING_FOUND = Notice(
    Severity.WARNING,
    "The missing files were not found in that folder.",
    "A file is known by its bytes, not by its name. One that has changed is another image: open its folder to read it.",
)


class Locator(QObject):
    """One search at a time. Window's thread only; disks are asked on threads of their own, files read by readers."""

    found = TypedSignal[list[str]]()  # keys of images that lie elsewhere now
    superseded = TypedSignal[list[str]]()  # keys of images that are the same as those, found there before
    running_changed = TypedSignal[bool]()

    def __init__(
        self,
        readers: ReaderPool,
        store: WorklistStore,
        database: DatabaseThread,
        courier: Courier,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._readers, self._store, self._database = readers, store, database
        self._courier, self._notifier = courier, notifier
        self._stop: threading.Event | None = None  # of the search under way

    @property
    def running(self) -> bool:
        """Whether a search is under way."""
        return self._stop is not None

    def locate(self, key: str, folder: Path) -> None:
        """Look in a folder, and below it, for an image's file and for those that are gone with it."""
        item = self._store.worklist.image(key)
        if item is None:
            return
        self.cancel()
        stop = self._stop = threading.Event()
        self.running_changed.emit(True)
        self._courier.run(self._look(item, folder, stop), lambda: self._stop is stop)

    def cancel(self) -> None:
        """Stop; what was found stays found."""
        if self._stop is not None:
            self._stop.set()
            self._stop = None
            self.running_changed.emit(False)

    def _look(self, item: ImageItem, folder: Path, stop: threading.Event) -> Steps[None]:
        missing = yield from self._missing_with(item)
        lost = {_mark(image): image for image in missing}
        count, seen = len(lost), set[Source]()
        try:
            near = yield from answer(ask_disk(partial(_where_they_lay, folder, missing, stop)))
            yield from self._compare(near, lost, seen)
            if lost:
                anywhere = yield from answer(ask_disk(partial(_of_these_sizes, folder, _sizes(lost.values()), stop)))
                yield from self._compare(anywhere, lost, seen)
        except SquidError as error:
            self._notifier.post(Notice.from_error(error))
        else:
            self._notifier.post(_outcome(count - len(lost), len(lost)))
        self.cancel()

    def _missing_with(self, item: ImageItem) -> Steps[list[ImageItem]]:
        """The image, then all others that are gone from below the folder that it is gone with."""
        away = yield from answer(missing_folder(item.path))
        below = beginning(away or item.path.parent)
        images = [image for image in self._store.worklist.images() if not image.replaced and image.key != item.key]
        images = [image for image in images if str(image.path).startswith(below)]
        if away is None:
            images = yield from answer(ask_disk(lambda: [image for image in images if not is_there(image.path)]))
        return [item, *images]

    def _compare(self, sources: Iterable[Source], lost: dict[object, ImageItem], seen: set[Source]) -> Steps[None]:
        """Read files until nothing is lost any more; what is found leaves `lost`."""
        for source in sources:
            if not lost:
                return
            if source in seen:
                continue
            seen.add(source)
            examined = yield from answer(self._readers.recognise(source))
            if examined.content is None or examined.identity is None:
                continue
            for mark in (examined.content.digest, examined.identity.image):
                image = lost.get(mark)
                if image is not None and image.holds(examined.content, examined.identity):
                    del lost[mark]
                    self._take(image.key, source, examined.content, examined.identity)
                    break

    def _take(self, key: str, source: Source, content: Content, identity: Identity) -> None:
        """An image lies here now."""
        worklist = self._store.worklist
        item = worklist.image(key)
        if item is None:  # taken off meanwhile
            return
        there = [other for other in worklist.at_place(source.path, source.member) if other.key != key]
        same = [other.key for other in there if other.is_in(content, identity)]
        others = [replace(other, replaced=True) for other in there if other.key not in same]
        moved = replace(item, path=source.path, size=content.size, modified_ns=content.modified_ns)
        if same:
            self.superseded.emit(same)
        self._store.upsert(moved, *others)
        self._database.tell(lambda database: database.locate(moved))
        self._database.tell(lambda database: database.save_images(others))
        self.found.emit([key])


def _mark(image: ImageItem) -> object:
    """What it is found by: its bytes, or what its header says where they have not been read."""
    return image.digest if image.is_read else image.identity.image


def _where_they_lay(folder: Path, images: Iterable[ImageItem], stop: threading.Event) -> list[Source]:
    """Files that lie below `folder` as the images lay below one that is gone, and are as large. May hang."""
    found: dict[Source, None] = {}
    likely = 0  # how many parts of a path were kept the last time
    for image in images:
        parts = image.path.relative_to(image.path.anchor).parts
        for kept in dict.fromkeys((min(likely, len(parts)), *range(len(parts), 0, -1))):
            path = folder.joinpath(*parts[len(parts) - kept :])
            if stop.is_set():
                return []
            if kept and _size_of(path) == image.size:
                found[Source(path, image.member)] = None
                likely = kept
                break
    return list(found)


def _sizes(images: Iterable[ImageItem]) -> dict[int, set[str]]:
    """How large the files are, and the members that are wanted of those."""
    sizes: dict[int, set[str]] = {}
    for image in images:
        sizes.setdefault(image.size, set()).add(image.member)
    return sizes


def _of_these_sizes(folder: Path, sizes: Mapping[int, set[str]], stop: threading.Event) -> list[Source]:
    """Files below `folder` that are as large. May hang.

    Raises:
        SquidError: it is not there.
    """
    found: list[Source] = []
    for file in walk(folder):
        if stop.is_set():
            return []
        if file.status is None:
            found += [Source(file.path, member) for member in sizes.get(file.size, ())]
    return found


def _size_of(path: Path) -> int | None:
    """Bytes of a file; None where there is none, or a link to another place."""
    try:
        found = path.lstat()
    except (OSError, ValueError):
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def _outcome(found: int, left: int) -> Notice:
    if not found:
        return NOTHING_FOUND
    if not left:
        title, advice = "The missing files were found.", f"Images that have their files again: {found}."
        return Notice(Severity.INFO, title, advice)
    return Notice(
        Severity.WARNING,
        "Some of the missing files were not found in that folder.",
        f"Images that have their files again: {found}. Images still without: {left}; what is stored of them stays.",
    )
