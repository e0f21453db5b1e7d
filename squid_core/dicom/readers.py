"""Child processes in which bytes from outside are parsed and decoded.

A hostile or broken file can hang, crash or bloat a decoder; then only a child dies, its file is tried once more
and answered with a plain sentence. A reader that is ended from outside costs its file nothing. This module is
imported by the window's process and parses nothing; `errands` holds what runs on the other side.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from squid_core.contracts.charset import Charset
from squid_core.contracts.errors import SquidError
from squid_core.contracts.presentation import Presentation
from squid_core.contracts.preview import Preview
from squid_core.contracts.radiograph import Content, FileStatus, Radiograph
from squid_core.contracts.small_picture import SmallPicture
from squid_core.dicom.errands import (
    NO_MEMORY,
    UNEXPECTED,
    Examined,
    examine_in_child,
    identify_in_child,
    in_charset,
    is_copy_in_child,
    plainly,
    prepare_child,
    present_in_child,
    preview_in_child,
    read_in_child,
    ready_in_child,
    recognise_in_child,
    small_picture_in_child,
)
from squid_core.dicom.errors import UnreachedError
from squid_core.dicom.limits import (
    CHILD_DATA_BYTES,
    CHILD_TASKS,
    EXPORT_SECONDS,
    FIRST_TRY_SECONDS,
    PREVIEW_SECONDS,
    SECOND_TRY_SECONDS,
)
from squid_core.dicom.source import Source
from squid_core.preprocessing import ByAge, Preprocessing
from squid_core.processes.child import keeps_memory_limits
from squid_core.processes.held import Attempt, ChildCrashedError, ChildLostError, NoChildError
from squid_core.processes.pool import Pool, settle

__all__ = ["Examined", "ReaderPool"]

T = TypeVar("T")

PREVIEW_SIDE = 800  # pixels: about a pane of a common screen, decoded in a tenth of a second
MOST_THREADS = 4  # of a decoder; more gain little
_HEADERS_AT_ONCE = 32  # files in one errand to a child, which costs more than reading a header
_TIMED_OUT = "Reading this file took too long; it may be damaged."
_CRASHED = "Reading this file brought its reader down twice; it may be damaged."
_NO_READER = "The reader was ended again and again before it had read this file. Try again."


class ReaderPool:
    """Reading processes with a time and a memory limit on each file, replaced when they die.

    A context manager; safe to use from several threads. Children start with the first file.

    Args:
        workers: how many.
        matplotlib: folder for its list of typefaces, needed only where pages are drawn; None for the user's.
        charset: the default character set for text; may be set anew at any time, for what is asked for from then on.
    """

    def __init__(self, workers: int = 2, matplotlib: Path | None = None, charset: Charset = Charset.AUTOMATIC) -> None:
        self.charset = charset
        self._pool = Pool(
            workers,
            prepare_child,
            (str(matplotlib or ""),),
            stopped="Reading was stopped.",
            memory_bytes=0 if keeps_memory_limits() else CHILD_DATA_BYTES,
            calls_each=CHILD_TASKS,
        )
        self._lock = threading.Lock()
        self._headers: deque[tuple[Source, Future[Examined]]] = deque()
        self._batches = 0

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def workers(self) -> int:
        """How many there are at most; from then on, where it is set anew."""
        return self._pool.workers

    @workers.setter
    def workers(self, workers: int) -> None:
        self._pool.workers = workers

    def warm_up(self) -> None:
        """Start the children now, so that the first file does not wait for them."""
        self._start(ready_in_child, (), fail=lambda *_: None)

    def identify(self, source: Path | Source) -> Future[Examined]:
        """Header only: fast, no inputs, and no verdict, which needs the pixels. Headers travel in batches."""
        future: Future[Examined] = Future()
        with self._lock:
            self._headers.append((Source.of(source), future))
        self._send_headers()
        return future

    def examine(self, source: Path | Source, preprocessings: Sequence[Preprocessing] | ByAge = ()) -> Future[Examined]:
        """Decode and prepare. The future never raises for a bad file."""
        wanted = preprocessings if isinstance(preprocessings, ByAge) else tuple(preprocessings)
        return self._start(examine_in_child, (Source.of(source), wanted))

    def read(self, source: Path | Source, frame: int = 0) -> Future[Radiograph]:
        """One frame for display, before what waits, on idle cores too; the future fails with SquidError."""
        errand = Source.of(source), frame, self._idle_cores()
        return self._start(read_in_child, errand, _frozen, _raise_failure, urgent=True)

    def preview(self, source: Path | Source, frame: int = 0, side: int = PREVIEW_SIDE) -> Future[Preview | None]:
        """A large JPEG 2000 frame at a lower resolution, tried once; None where there is none. Never fails.

        Args:
            source: a file, or a member of an archive.
            frame: from 0.
            side: pixels that its longer side has at most.
        """
        errand = Source.of(source), frame, side
        return self._start(preview_in_child, errand, _still, lambda *_: None, (PREVIEW_SECONDS,), urgent=True)

    def _idle_cores(self) -> int:
        """On how many threads a decoder may work: what no other errand needs, such as the preview of the same image."""
        return max(1, min(MOST_THREADS, (os.cpu_count() or 1) - self._pool.under_way))

    def small_picture(self, source: Path | Source, side: int) -> Future[SmallPicture]:
        """The image with its longer side of so many pixels; the future fails with SquidError."""
        return self._start(small_picture_in_child, (Source.of(source), side), fail=_raise_failure)

    def recognise(self, source: Path | Source) -> Future[Examined]:
        """Who a file is about and its digest, without a picture decoded. The future never raises for a bad file."""
        return self._start(recognise_in_child, (Source.of(source),))

    def present(
        self, state: Path | Source, image: Path | Source, content: Content, pivot: float | None
    ) -> Future[Presentation]:
        """A presentation state as it applies to an image; the future fails with SquidError.

        Args:
            state: a grayscale presentation state.
            image: what it is about.
            content: of the image's `Radiograph`.
            pivot: of the image's `Radiograph`.
        """
        errand = (Source.of(state), Source.of(image), content, pivot)
        return self._start(present_in_child, errand, fail=_raise_failure)

    def is_copy(self, source: Path | Source, others: Sequence[Path | Source]) -> Future[bool]:
        """Whether a file holds the very bytes of one of the others; False where that cannot be told."""
        errand = (Source.of(source), tuple(map(Source.of, others)))
        return self._start(is_copy_in_child, errand, fail=lambda *_: False)

    def carry_out(self, errand: Callable[[], T], clear: Callable[[], None]) -> Future[T]:
        """Do work of a room above where files are parsed; the future fails with SquidError.

        Args:
            errand: travels to a child; says in a SquidError what is wrong.
            clear: removes what a child that died over it has left on the disk; called here, and parses nothing.
        """
        return self._start(plainly, (errand,), fail=_raise_failure, seconds=(EXPORT_SECONDS,) * 2, clear=clear)

    def close(self) -> None:
        """Stop the children; what is waiting or under way is cancelled."""
        with self._lock:
            headers, self._headers = self._headers, deque()
        for _, future in headers:
            future.cancel()
        self._pool.close()

    def _send_headers(self) -> None:
        """Keep two batches of header errands at each child while there are any."""
        while True:
            with self._lock:
                if not self._headers or self._batches >= 2 * self._pool.workers:
                    return
                batch = [self._headers.popleft() for _ in range(min(_HEADERS_AT_ONCE, len(self._headers)))]
            self._send(batch)

    def _send(self, batch: list[tuple[Source, Future[Examined]]]) -> None:
        with self._lock:
            self._batches += 1
        sources = tuple(source for source, _ in batch)
        errand = self._start(identify_in_child, (sources,), fail=lambda message, _: (_failed(message, 0.0),))
        errand.add_done_callback(partial(self._deliver, batch))

    def _deliver(self, batch: list[tuple[Source, Future[Examined]]], errand: Future[tuple[Examined, ...]]) -> None:
        """Hand out a batch's answers; after a failure each file goes on its own errand, to find the culprit."""
        with self._lock:
            self._batches -= 1
        if errand.cancelled() or errand.exception() is not None:
            for _, future in batch:
                future.cancel()
        elif len(errand.result()) == len(batch):
            for (_, future), examined in zip(batch, errand.result(), strict=True):
                settle(future, examined)
        else:
            for one in batch:
                self._send([one])
        self._send_headers()

    def _start(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        finish: Callable[[Any], Any] = lambda result: result,
        fail: Callable[[str, float], Any] | None = None,
        seconds: tuple[float, ...] = (FIRST_TRY_SECONDS, SECOND_TRY_SECONDS),
        clear: Callable[[], None] = lambda: None,
        urgent: bool = False,
    ) -> Future[Any]:
        def give_up(error: BaseException, spent: float) -> Any:  # noqa: ANN401
            return (fail or _failed)(_in_words(error), spent)

        attempts = [Attempt(in_charset, (self.charset, function, *args), limit) for limit in seconds]
        return self._pool.run(attempts, give_up, finish, clear, urgent=urgent)


def _in_words(error: BaseException) -> str:
    """Why a file was given up."""
    if isinstance(error, TimeoutError):
        return _TIMED_OUT
    if isinstance(error, MemoryError):
        return NO_MEMORY
    if isinstance(error, (ChildLostError, NoChildError)):
        return _NO_READER
    return _CRASHED if isinstance(error, ChildCrashedError) else UNEXPECTED


def _frozen(radiograph: Radiograph) -> Radiograph:
    radiograph.pixels.setflags(write=False)  # lost on the way through the pipe
    return radiograph


def _still(preview: Preview | None) -> Preview | None:
    if preview is not None:
        _frozen(preview.picture)
    return preview


def _failed(message: str, seconds: float) -> Examined:
    late, unread = message == _TIMED_OUT, message == _NO_READER
    return Examined(FileStatus.ERROR, message, late=late, unread=unread, seconds=seconds)


def _raise_failure(message: str, _: float) -> None:
    raise UnreachedError(message) if message == _TIMED_OUT else SquidError(message)
