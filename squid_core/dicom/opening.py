"""A file, or a member of an archive -> its header, with its source open for the pixels. Only in a child process.

Every limit on the structure of a header is checked here. Whatever is no image ends in `NotAnImageError`, whatever is
broken in another `SquidError`; both in plain words without identifiers.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import NOT_READ, Content, Identity
from squid_core.dicom.container.archive import archive_in, list_archive
from squid_core.dicom.container.deflated import inflated, is_deflated
from squid_core.dicom.container.dicomdir import damaged_index, is_index, list_index
from squid_core.dicom.container.sniff import (
    MAGIC,
    PICTURES,
    PREAMBLE_BYTES,
    SNIFF_BYTES,
    describe,
    has_magic,
    is_zip,
    may_lack_preamble,
)
from squid_core.dicom.errors import SEND_AGAIN, ChangedError, NotAnImageError, PictureError, PresentationStateError
from squid_core.dicom.header.charsets import charset_notices, encodings_of
from squid_core.dicom.header.elements import (
    PIXEL_DATA,
    DamagedError,
    ElementEncoding,
    Elements,
    PixelLocation,
    Walk,
    base_tag,
)
from squid_core.dicom.header.identity import identity_of
from squid_core.dicom.header.overlays import OVERLAY_TAGS
from squid_core.dicom.header.sopclasses import GRAYSCALE_STATE, no_image
from squid_core.dicom.header.values import TEXT_VRS, text, values
from squid_core.dicom.leniency import lenient
from squid_core.dicom.limits import MAX_HELD_BYTES, MAX_STATE_BYTES
from squid_core.dicom.pixel.syntaxes import ELSEWHERE
from squid_core.dicom.source import Source
from squid_core.files import NoPlainFileError, open_plain
from squid_core.text import clean_text

_KEYWORDS = """
    SpecificCharacterSet ImageType SOPClassUID SOPInstanceUID StudyDate SeriesDate AcquisitionDate AccessionNumber
    Modality PresentationIntentType StudyDescription SeriesDescription AnatomicRegionSequence
    PatientName PatientID PatientBirthDate PatientSex PatientAge
    PatientSpeciesDescription PatientSpeciesCodeSequence PatientBreedDescription PatientBreedCodeSequence
    BodyPartExamined ProtocolName ViewPosition ViewCodeSequence Laterality ImageLaterality
    AcquisitionDeviceProcessingDescription RequestedProcedureDescription PerformedProcedureStepDescription
    AcquisitionProtocolName ImageComments SeriesDescriptionCodeSequence PerformedProtocolCodeSequence
    ProcedureCodeSequence RequestedProcedureCodeSequence RequestAttributesSequence
    PatientOrientationCodeSequence AcquisitionContextSequence
    StudyInstanceUID SeriesInstanceUID SeriesNumber InstanceNumber PatientOrientation
    SamplesPerPixel PhotometricInterpretation PlanarConfiguration NumberOfFrames Rows Columns
    BitsAllocated BitsStored HighBit PixelRepresentation PixelPaddingValue PixelPaddingRangeLimit
    PixelSpacing ImagerPixelSpacing EstimatedRadiographicMagnificationFactor PixelSpacingCalibrationType
    NominalScannedPixelSpacing PixelAspectRatio RescaleSlope RescaleIntercept ModalityLUTSequence
    WindowCenter WindowWidth WindowCenterWidthExplanation VOILUTFunction VOILUTSequence PresentationLUTShape
    SharedFunctionalGroupsSequence PerFrameFunctionalGroupsSequence
    BurnedInAnnotation StationName Manufacturer
    RedPaletteColorLookupTableDescriptor GreenPaletteColorLookupTableDescriptor BluePaletteColorLookupTableDescriptor
    RedPaletteColorLookupTableData GreenPaletteColorLookupTableData BluePaletteColorLookupTableData
    SegmentedRedPaletteColorLookupTableData SegmentedGreenPaletteColorLookupTableData
    SegmentedBluePaletteColorLookupTableData
    ShutterShape ShutterUpperHorizontalEdge ShutterLeftVerticalEdge ShutterLowerHorizontalEdge ShutterRightVerticalEdge
    CenterOfCircularShutter RadiusOfCircularShutter VerticesOfThePolygonalShutter ShutterOverlayGroup
    ShutterPresentationValue
"""


def tags_of(keywords: Iterable[str]) -> frozenset[int]:
    """Tags by their keywords; what is no keyword is left out."""
    return frozenset(tag for keyword in keywords if (tag := tag_for_keyword(keyword)) is not None)


WANTED = tags_of(_KEYWORDS.split())
EVERYTHING = range(1 << 32)  # every tag there can be
_STORED_CLASS, _TRANSFER_SYNTAX = 0x00020002, 0x00020010  # Media Storage SOP Class UID, Transfer Syntax UID
_META = frozenset((_STORED_CLASS, _TRANSFER_SYNTAX))
_META_GROUP = 0x0002
_COMPARED_AT_ONCE = 1 << 20
_PROGRAMS = ("a program", "a Windows program", "a PDF document", "a web page", "a text file")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file whose header was read and found to hold an image."""

    source: BinaryIO
    size: int
    dataset: Dataset
    identity: Identity
    transfer_syntax: str
    little: bool
    pixels: PixelLocation
    notices: tuple[str, ...] = ()
    content: Content = NOT_READ


@contextmanager
def header_of(source: Path | Source) -> Iterator[Parsed]:
    """A file with its header read and its pixels left on the disk: its content has no digest."""
    where = Source.of(source)
    with lenient(), _at_rest(where.path) as (file, state), _bytes_of(file, where) as (content, size):
        yield replace(_parse(content, size, where, WANTED), content=state)


@contextmanager
def opened(source: Path | Source, more: Collection[int] = ()) -> Iterator[Parsed]:
    """A file with its header read, its source open for the pixels, and its digest taken.

    What is parsed and decoded are the very bytes of the digest, whatever happens to the file meanwhile: they are held
    in memory. Of a file too large for that the digest is taken before and after, and what follows its pixels left out.

    Args:
        source: a file, or a member of an archive.
        more: tags kept beside WANTED and the overlays; EVERYTHING for a whole header.

    Raises:
        ChangedError: the file is being written; read it again.
    """
    where, wanted = Source.of(source), more if more is EVERYTHING else WANTED.union(OVERLAY_TAGS, more)
    with lenient(), _at_rest(where.path) as (file, state), _bytes_of(file, where) as (content, size):
        if size > MAX_HELD_BYTES or _is_archive(content):
            parsed = _parse(content, size, where, wanted)
            end = size if parsed.pixels.length is None else parsed.pixels.offset + parsed.pixels.length
            before = _digest(content, end)
            yield replace(parsed, content=replace(state, digest=before))
            if _digest(content, end) != before:
                raise ChangedError
        else:
            data = content.read()
            parsed = _parse(io.BytesIO(data), len(data), where, wanted)
            yield replace(parsed, content=replace(state, digest=hashlib.sha256(data).hexdigest()))


@dataclass(frozen=True, slots=True)
class _Header:
    """The header of any DICOM object, with the source that it was read from: of a deflated one what it unpacks to."""

    source: BinaryIO
    size: int
    dataset: Dataset
    walk: Walk
    syntax: str
    stored_class: str
    encoding: ElementEncoding


@contextmanager
def presentation_header(source: Path | Source, more: Collection[int]) -> Iterator[tuple[Dataset, bool, Content]]:
    """The header of a grayscale presentation state, whether it is little endian, and which bytes were read.

    Args:
        source: a file, or a member of an archive.
        more: tags kept beside WANTED.

    Raises:
        SquidError: it is broken, no presentation state, or too large for one.
    """
    where = Source.of(source)
    with lenient(), _at_rest(where.path) as (file, state), _bytes_of(file, where) as (content, size):
        if size > MAX_STATE_BYTES:
            raise SquidError("This presentation state is too large to be read.", SEND_AGAIN)
        data = content.read()
        start = PREAMBLE_BYTES + len(MAGIC) if has_magic(data[:SNIFF_BYTES]) else 0
        try:
            header = _header(io.BytesIO(data), len(data), where, start, WANTED.union(more))
        except NotAnImageError as error:  # what is damaged is judged by its kind before it is by its damage
            raise SquidError("This presentation state is damaged.", SEND_AGAIN) from error
        if header.size > MAX_STATE_BYTES:
            raise SquidError("This presentation state is too large to be read.", SEND_AGAIN)
        if GRAYSCALE_STATE not in (text(header.dataset, "SOPClassUID"), header.stored_class):
            raise SquidError("This file holds no grayscale presentation state.", "Open its folder again.")
        yield header.dataset, header.encoding.little, replace(state, digest=hashlib.sha256(data).hexdigest())


def _is_archive(content: BinaryIO) -> bool:
    """Whether it is only to be listed, which needs no more of it than its table."""
    head = content.read(SNIFF_BYTES)
    content.seek(0)
    return is_zip(head) and not has_magic(head)


def whole(source: Path | Source, limit: int) -> tuple[bytes, Content]:
    """All bytes of a file or a member, and what they are.

    Raises:
        SquidError: it cannot be read, changes meanwhile, or holds more than `limit` bytes.
    """
    where = Source.of(source)
    with _at_rest(where.path) as (file, state), _bytes_of(file, where) as (content, size):
        if size > limit:
            raise SquidError(
                "The file is too large to be held in memory.", "To pass it on, copy it with the system's own means."
            )
        data = content.read()
    return data, replace(state, digest=hashlib.sha256(data).hexdigest())


def _digest(content: BinaryIO, end: int) -> str:
    content.seek(0)
    digest = hashlib.sha256()
    while block := content.read(min(_COMPARED_AT_ONCE, end)):
        digest.update(block)
        end -= len(block)
    content.seek(0)
    return digest.hexdigest()


@contextmanager
def _at_rest(path: Path) -> Iterator[tuple[BinaryIO, Content]]:
    """An open file with its size and time, which are the same when it is left."""
    with _open(path) as file:
        before = _state(file)
        yield file, before
        if _state(file) != before:
            raise ChangedError


def state_of(path: Path) -> Content | None:
    """Size and time of a file; None where it cannot be reached."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return Content(size=found.st_size, modified_ns=found.st_mtime_ns)


def _state(file: BinaryIO) -> Content:
    found = os.fstat(file.fileno())
    return Content(size=found.st_size, modified_ns=found.st_mtime_ns)


@contextmanager
def _bytes_of(file: BinaryIO, where: Source) -> Iterator[tuple[BinaryIO, int]]:
    """Seekable bytes of a file or of a member, and their number."""
    if where.member:
        with archive_in(file).opened(file, where.member) as member:
            yield member
    else:
        yield file, os.fstat(file.fileno()).st_size


def same_bytes(one: Source, other: Source) -> bool:
    """Whether two sources hold the same bytes.

    Raises:
        SquidError: one of them cannot be read.
    """
    with (
        _open(one.path) as a,
        _open(other.path) as b,
        _bytes_of(a, one) as (first, size),
        _bytes_of(b, other) as (second, other_size),
    ):
        if size != other_size:
            return False
        while block := first.read(_COMPARED_AT_ONCE):
            if block != second.read(_COMPARED_AT_ONCE):
                return False
        return True


def _open(path: Path) -> BinaryIO:
    try:
        return open_plain(path)
    except NoPlainFileError as error:
        raise NotAnImageError("Not a regular file; it is not read.") from error
    except PermissionError as error:
        raise SquidError("You are not allowed to read this file.") from error
    except (OSError, ValueError) as error:
        raise SquidError("This file cannot be opened.", "", type(error).__name__) from error


def _parse(source: BinaryIO, size: int, where: Source, wanted: Collection[int]) -> Parsed:
    head = source.read(SNIFF_BYTES)
    if not head:
        raise NotAnImageError("The file is empty.")
    with_magic = has_magic(head)
    if not with_magic:
        if is_zip(head):
            if where.member:
                raise NotAnImageError("A zip archive inside a zip archive; it is not opened.", "Unpack it first.")
            raise list_archive(source, where.path)
        if not may_lack_preamble(head):
            kind = PictureError if describe(head) in PICTURES else NotAnImageError
            raise kind(f"Not a DICOM file: {describe(head)}.")
    try:
        return _parse_dicom(source, size, where, PREAMBLE_BYTES + len(MAGIC) if with_magic else 0, head, wanted)
    except DamagedError as error:
        # Without the magic word, the benefit of the doubt ends where the data set does not hold together.
        if not with_magic and len(error.elements) < 2:
            raise NotAnImageError(f"Not a DICOM file: {describe(head)}.") from error
        if where.path.name.upper() == "DICOMDIR" and not where.member:  # PS3.10 8.6: no other file is named so
            raise damaged_index() from error
        raise


def _header(source: BinaryIO, size: int, where: Source, start: int, wanted: Collection[int]) -> _Header:
    meta = Walk(source, start, size, ElementEncoding(False, True), _META, _META_GROUP).run()
    if meta.position >= size:
        raise DamagedError("The file ends before its data begin.", {})
    syntax, stored_class = _uid(meta.elements, _TRANSFER_SYNTAX), _uid(meta.elements, _STORED_CLASS)
    begin = meta.position
    if syntax == DeflatedExplicitVRLittleEndian and is_deflated(source, begin):
        source, begin = inflated(source, begin), 0
        size = source.seek(0, io.SEEK_END)
    source.seek(begin)
    first = source.read(8)
    encoding = _encoding(syntax, first)
    if is_index(stored_class, first):
        if where.member:
            raise NotAnImageError("A DICOMDIR; the files of its archive are listed by themselves.")
        raise list_index(source, begin, size, encoding, where.path)
    try:
        walk = Walk(source, begin, size, encoding, wanted).run()
    except DamagedError as error:
        _refuse_without_image(_dataset(error.elements, encoding), stored_class)
        raise
    return _Header(source, size, _dataset(walk.elements, encoding), walk, syntax, stored_class, encoding)


def _parse_dicom(
    source: BinaryIO, size: int, where: Source, start: int, head: bytes, wanted: Collection[int]
) -> Parsed:
    header = _header(source, size, where, start, wanted)
    dataset, walk, stored_class = header.dataset, header.walk, header.stored_class
    if not walk.elements and (walk.pixels is not None or not stored_class):
        raise DamagedError("The header holds nothing that is known.", walk.elements)
    _refuse_without_image(dataset, stored_class)
    if walk.pixels is None and header.syntax in ELSEWHERE:
        raise NotAnImageError("A DICOM file whose picture lies on a server; this program does not fetch it.")
    if walk.pixels is None:
        raise NotAnImageError("A DICOM file without an image.")
    if walk.pixels.tag != PIXEL_DATA:
        raise NotAnImageError("A DICOM file with a map of numbers, not a radiograph.")
    identity = identity_of(dataset)
    notices = _charset_notices(walk.elements, dataset)
    if start and describe(head) in _PROGRAMS and head.strip(b"\0").startswith(head[:2]) and head[:2] != b"\0\0":
        notices += (f"Caution: the file also passes for {describe(head)}; nothing in it was run.",)
    if header.syntax == DeflatedExplicitVRLittleEndian and header.source is source:
        notices += ("The file is said to be deflated and is not; it is read as it is.",)
    syntax = header.syntax or _default_syntax(header.encoding)
    return Parsed(header.source, header.size, dataset, identity, syntax, header.encoding.little, walk.pixels, notices)


def _refuse_without_image(dataset: Dataset, stored_class: str) -> None:
    sop_class = text(dataset, "SOPClassUID") or stored_class
    what = no_image(sop_class, text(dataset, "Modality").upper())
    if what:
        kind = PresentationStateError if sop_class == GRAYSCALE_STATE else NotAnImageError
        raise kind(f"A DICOM file that holds {what}; there is no image to read.")


def _encoding(syntax: str, first: bytes) -> ElementEncoding:
    """How the data set is written. The first element is believed over a transfer syntax that it contradicts."""
    looks_explicit = first[4:6].isalpha() and first[4:6].isupper()
    if syntax == ExplicitVRBigEndian or (not syntax and first[:2] in (b"\0\x02", b"\0\x08")):
        return ElementEncoding(implicit=False, little=False)
    return ElementEncoding(implicit=not looks_explicit, little=True)


def _default_syntax(encoding: ElementEncoding) -> str:
    if not encoding.little:
        return str(ExplicitVRBigEndian)
    return str(ImplicitVRLittleEndian if encoding.implicit else ExplicitVRLittleEndian)


def _uid(meta: Elements, tag: int) -> str:
    """A UID of the meta header, '' where absent."""
    raw = meta.get(base_tag(tag))
    return clean_text(raw.value.decode("latin-1").split("\\")[0].rstrip(" \0")) if raw and raw.value else ""


def _dataset(elements: Elements, encoding: ElementEncoding) -> Dataset:
    """A pydicom data set that converts the kept raw elements when they are asked for."""
    dataset = Dataset({**elements})
    named = tuple(map(str, values(dataset, "SpecificCharacterSet")))
    dataset.set_original_encoding(encoding.implicit, encoding.little, encodings_of(named))
    return dataset


def _charset_notices(elements: Elements, dataset: Dataset) -> tuple[str, ...]:
    """What is to be said of the text that is read of every file, whatever else is wanted of it."""
    texts = (raw.value for tag, raw in elements.items() if tag in WANTED and raw.VR in TEXT_VRS and raw.value)
    return charset_notices(texts, list(dataset.original_character_set))
