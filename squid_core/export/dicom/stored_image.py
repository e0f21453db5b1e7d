"""What of an image's file a presentation state repeats: how values are made of those stored (PS3.3 C.11.1)."""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag
from pydicom.valuerep import DSfloat

from squid_core.dicom.header.functional_groups import of_frame
from squid_core.dicom.header.image_module import GREY, image_header
from squid_core.dicom.header.luts import LookupTable, lookup_table, rescale_of
from squid_core.dicom.header.numbers import numbers
from squid_core.dicom.header.overlays import groups_of
from squid_core.dicom.header.values import sequence_items
from squid_core.dicom.leniency import lenient

_UNSPECIFIED = "US"  # Modality LUT Type and Rescale Type (C.11.1.1.2)
_DESCRIPTOR, _DATA = Tag(0x0028, 0x3002), Tag(0x0028, 0x3006)
_WORD_BITS = 16  # 8 or 16 (C.11.1.1.1), though the entries may use 12 of them
_WORD = 1 << _WORD_BITS


@dataclass(frozen=True, slots=True, eq=False)
class StoredImage:
    """What a presentation state must repeat of its image's file, or name in it.

    Attributes:
        modality: attributes of the Modality LUT module that make the values of `Radiograph.pixels`, before those are
            turned. A state takes the place of what its image says (PS3.4 N.2): one without them would window other
            values. Empty where the stored values are the image's, or what the file says was not applied.
        overlays: groups of its overlay planes, without the one that is its shutter.
    """

    modality: Dataset
    overlays: tuple[int, ...]


def stored_image_of(source: Dataset, frame: int) -> StoredImage | None:
    """Of a header as read; `frame` from 0. None where it stores colours, which no grayscale state is about."""
    if image_header(source).photometric not in GREY:
        return None
    shutter = numbers(source, "ShutterOverlayGroup")
    planes = tuple(group for group in groups_of(source) if group not in shutter)
    return StoredImage(_modality_of(source, frame), planes)


def _modality_of(source: Dataset, frame: int) -> Dataset:
    header = image_header(source)
    source = of_frame(source, frame)
    made = Dataset()
    for item in sequence_items(source, "ModalityLUTSequence")[:1]:
        table = lookup_table(item, header.stored_range, little=source.original_encoding[1] is not False)
        if table is not None:
            made.ModalityLUTSequence = [_as_item(table)]
            return made
    slope, intercept = rescale_of(source) or (1.0, 0.0)
    if slope != 0 and (slope, intercept) != (1.0, 0.0):
        with lenient():
            made.RescaleSlope = DSfloat(slope, auto_format=True)
            made.RescaleIntercept = DSfloat(intercept, auto_format=True)
        made.RescaleType = _UNSPECIFIED
    return made


def _as_item(table: LookupTable) -> Dataset:
    """A table whose entries are words, whatever the file packs them in; its explanation is free text and left out."""
    item = Dataset()
    described = [len(table.table) % _WORD, table.first, _WORD_BITS]
    signed = table.first < 0
    if signed:
        described = [value - _WORD if value >= _WORD // 2 else value for value in described]
    item[_DESCRIPTOR] = DataElement(_DESCRIPTOR, "SS" if signed else "US", described)
    item.ModalityLUTType = _UNSPECIFIED
    item[_DATA] = DataElement(_DATA, "OW", table.table.astype("<u2").tobytes())
    return item
