"""What runs in a reading process: limits, silence, measurement, and the errands.

Imported by the window's process too, to name these functions: everything that parses is imported inside them.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from squid_core.contracts.charset import Charset
from squid_core.contracts.detection import ModelInput
from squid_core.contracts.errors import SquidError
from squid_core.contracts.presentation import Presentation, StateHead
from squid_core.contracts.preview import Preview
from squid_core.contracts.radiograph import Content, Decision, FileStatus, Identity, Radiograph, Verdict
from squid_core.contracts.small_picture import SmallPicture
from squid_core.dicom.limits import CHILD_DATA_BYTES
from squid_core.dicom.source import Source
from squid_core.preprocessing import ByAge, Preprocessing
from squid_core.processes.child import (
    be_silent,
    limit_memory,
    peak_memory_mb,
    reset_peak_memory,
    yield_to_the_window,
)

T = TypeVar("T")

NO_MEMORY = "Reading this file needs more memory than is allowed; it may be damaged."
STATE = "A presentation state; it is offered with its image, where that is on the worklist."
IDLE_STATE = "A presentation state that names no image, or only later frames of one; it is not offered."
UNREAD_STATE = "A presentation state that cannot be read; it is not offered."
UNEXPECTED = "This file is damaged in a way that was not foreseen."


@dataclass(frozen=True)
class Examined:
    """How a reader sees one file, cheap to send.

    Attributes:
        status: None for an image (see `verdict`); SKIPPED or ERROR otherwise.
        message: a plain sentence: why skipped or failed, or notices on an image.
        inputs: one for each preprocessing asked for, only when the verdict is analyse or ask.
        contents: where an archive or an index leads.
        container: an error of an archive or index that leads on all the same: no image has failed.
        state: of a presentation state, which is skipped as an image: what it says of itself.
        content: the bytes that were read; of a file that could not be read size and time only, if any.
        changing: the file was written while it was read.
        unreached: an error not of the file's content: it is gone, or its disk is gone or failed.
        late: an error because no answer came in time: of the file, its disk or the reader.
        unread: no reader lived long enough to read it, by no fault of the file: it may be tried again.
        seconds: wall time in the child.
        peak_rss_mb: greatest resident memory of the child while on this file; 0 where only its header was read.
    """

    status: FileStatus | None
    message: str
    identity: Identity | None = None
    verdict: Verdict | None = None
    inputs: tuple[ModelInput, ...] = ()
    contents: tuple[Source, ...] = ()
    container: bool = False
    state: StateHead | None = None
    content: Content | None = None
    changing: bool = False
    unreached: bool = False
    late: bool = False
    unread: bool = False
    seconds: float = 0.0
    peak_rss_mb: float = 0.0


def prepare_child(matplotlib: str = "") -> None:
    """Limit and silence this process, and load what every file needs, before the first file's clock runs."""
    limit_memory(CHILD_DATA_BYTES)
    yield_to_the_window()
    if matplotlib:
        os.environ["MPLCONFIGDIR"] = matplotlib
    be_silent()
    import cv2

    from squid_core.dicom import reader  # noqa: F401 - loads pydicom and the decoders' front ends

    cv2.setNumThreads(1)  # readers fill the cores; threads of theirs over them cost a fifth more


def measured(work: Callable[[], Examined]) -> Examined:
    """Run `work`, turn every failure into an answer, and measure."""
    reset_peak_memory()
    return replace(answered(work), peak_rss_mb=peak_memory_mb())


def answered(work: Callable[[], Examined]) -> Examined:
    """Run `work`, turn every failure into an answer, and time it."""
    from squid_core.dicom.errors import ChangedError, IncompleteError, NotAnImageError, UnreachedError

    began = time.monotonic()
    try:
        examined = reached(work)
    except NotAnImageError as error:
        examined = Examined(FileStatus.SKIPPED, str(error), contents=error.contents)
    except IncompleteError as error:
        examined = Examined(FileStatus.ERROR, str(error), contents=error.contents, container=True)
    except SquidError as error:
        changing, unreached = isinstance(error, ChangedError), isinstance(error, UnreachedError)
        examined = Examined(FileStatus.ERROR, str(error), changing=changing, unreached=unreached)
    except (MemoryError, RecursionError):
        examined = Examined(FileStatus.ERROR, NO_MEMORY)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - the last line of defence: a panic in Rust is no Exception (PyO3)
        examined = Examined(FileStatus.ERROR, UNEXPECTED)
    return replace(examined, seconds=time.monotonic() - began)


def reached(work: Callable[[], T]) -> T:
    """Run `work`, which reads a file.

    Raises:
        UnreachedError: in place of what its disk failed with.
    """
    from squid_core.dicom.errors import UnreachedError, is_unreached

    try:
        return work()
    except (OSError, SquidError) as error:
        cause: BaseException | None = error
        while cause is not None:  # zipfile says that an archive is damaged when its disk has failed
            if isinstance(cause, OSError) and is_unreached(cause):
                raise UnreachedError.of(cause) from error
            cause = cause.__cause__ or cause.__context__
        raise


def in_charset(charset: Charset, errand: Callable[..., T], *args: object) -> T:
    """Run an errand with this default character set for text."""
    from squid_core.dicom.header.charsets import default_charset

    with default_charset(charset):
        return errand(*args)


def ready_in_child() -> None:
    """Nothing: an errand that is done once a child has loaded what every file needs."""


def identify_in_child(sources: tuple[Source, ...]) -> tuple[Examined, ...]:
    """Headers of several files; an image that could be shown has no status. Their memory is not measured."""
    return tuple(answered(partial(_identify, source)) for source in sources)


def _identify(source: Source) -> Examined:
    from squid_core.dicom import reader
    from squid_core.dicom.errors import PresentationStateError

    try:
        identity, content = reader.read_identity(source)
    except PresentationStateError:
        return _identify_state(source)
    return Examined(None, "", identity, content=content)


def recognise_in_child(source: Source) -> Examined:
    """Who a file is about and the digest of its bytes; nothing is decoded. Its memory is not measured."""
    return answered(partial(_recognise, source))


def _recognise(source: Source) -> Examined:
    from squid_core.dicom import reader

    identity, content = reader.recognise(source)
    return Examined(None, "", identity, content=content)


def _identify_state(source: Source) -> Examined:
    from squid_core.dicom.presentation.state import read_head

    try:
        head = read_head(source)
    except SquidError:
        return Examined(FileStatus.SKIPPED, UNREAD_STATE)
    return Examined(FileStatus.SKIPPED, STATE, state=head) if head.images else Examined(FileStatus.SKIPPED, IDLE_STATE)


def examine_in_child(source: Source, preprocessings: tuple[Preprocessing, ...] | ByAge) -> Examined:
    """Decode a file's first image, judge it, and prepare it for the detector."""
    from squid_core.dicom.opening import state_of

    examined = measured(partial(_examine, source, preprocessings))
    return examined if examined.content else replace(examined, content=state_of(source.path))


def _examine(source: Source, preprocessings: tuple[Preprocessing, ...] | ByAge) -> Examined:
    from squid_core.dicom import reader
    from squid_core.graphics import left_over
    from squid_core.preprocessing import prepare_all

    radiograph = reader.read(source)
    inputs: tuple[ModelInput, ...] = ()
    if radiograph.verdict.decision is not Decision.REFUSE:
        pixels, aspect, shutter = radiograph.pixels, radiograph.aspect, radiograph.shutter
        wanted = preprocessings
        if isinstance(wanted, ByAge):
            wanted = wanted.of(radiograph.identity.patient_age)
        within = None if shutter is None else left_over(shutter, (pixels.shape[0], pixels.shape[1]), aspect)
        inputs = tuple(
            replace(one, digest=radiograph.content.digest) for one in prepare_all(pixels, wanted, aspect, within)
        )
    notices = " ".join(radiograph.notices)
    return Examined(None, notices, radiograph.identity, radiograph.verdict, inputs, content=radiograph.content)


def is_copy_in_child(source: Source, others: tuple[Source, ...]) -> bool:
    """Whether a file holds the very bytes of one of the others; one that cannot be read is no copy."""
    from squid_core.dicom.opening import same_bytes

    for other in others:
        with contextlib.suppress(SquidError, OSError, MemoryError):
            if same_bytes(source, other):
                return True
    return False


def read_in_child(source: Source, frame: int, threads: int = 1) -> Radiograph:
    """One frame for display, decoded on so many threads where a decoder can.

    Raises:
        SquidError: whatever is wrong, in a plain sentence.
    """
    from squid_core.dicom import reader

    return plainly(partial(reached, partial(reader.read, source, frame, threads)))


def preview_in_child(source: Source, frame: int, side: int) -> Preview | None:
    """A preview of one frame; None where there is none, and where anything is wrong: reading the whole says what."""
    from squid_core.dicom import reader

    with contextlib.suppress(Exception):
        return reader.preview(source, frame, side)
    return None


def small_picture_in_child(source: Source, side: int) -> SmallPicture:
    """An image whose longer side has so many pixels.

    Raises:
        SquidError: whatever is wrong, in a plain sentence.
    """
    from squid_core.dicom.thumbnail import small_picture

    return plainly(partial(reached, partial(small_picture, source, side)))


def present_in_child(state: Source, image: Source, content: Content, pivot: float | None) -> Presentation:
    """A presentation state as it applies to an image.

    Raises:
        SquidError: whatever is wrong, in a plain sentence.
    """
    from squid_core.dicom.presentation.state import read_presentation

    return plainly(partial(reached, partial(read_presentation, state, image, content, pivot)))


def plainly(work: Callable[[], T]) -> T:
    """Run `work`; every failure becomes a plain sentence.

    Raises:
        SquidError: whatever is wrong.
    """
    try:
        return work()
    except (MemoryError, RecursionError) as error:
        raise SquidError(NO_MEMORY) from error
    except (SquidError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise SquidError(UNEXPECTED, "", type(error).__name__) from error
