"""Which parts of a presentation state are about an image, and numbers of its items that can be trusted."""

from __future__ import annotations

import math

from pydicom.dataset import Dataset

from squid_core.contracts.presentation import Outline, Spot
from squid_core.dicom.header.numbers import numbers
from squid_core.dicom.header.values import sequence_items, text


def names_image(reference: Dataset, sop_instance_uid: str) -> bool:
    """Whether an item of a Referenced Image Sequence means this image: its first frame, which is what is shown."""
    if text(reference, "ReferencedSOPInstanceUID") != sop_instance_uid:
        return False
    frames = numbers(reference, "ReferencedFrameNumber")
    return not frames or 1 in frames


def items_for(state: Dataset, keyword: str, sop_instance_uid: str) -> list[Dataset]:
    """Items of a sequence that are about this image; one that names no image is about all (PS3.3 C.10.4, C.10.5)."""
    found = []
    for item in sequence_items(state, keyword):
        references = sequence_items(item, "ReferencedImageSequence")
        if not references or any(names_image(reference, sop_instance_uid) for reference in references):
            found.append(item)
    return found


def number(item: Dataset, keyword: str) -> float | None:
    """A single finite number; None where there is none."""
    found = numbers(item, keyword)
    return found[0] if len(found) == 1 and math.isfinite(found[0]) else None


def pairs(item: Dataset, keyword: str) -> Outline | None:
    """Two numbers a place, in the order of the file; None where they are none, or do not come in pairs."""
    found = numbers(item, keyword)
    if len(found) < 2 or len(found) % 2 or not all(map(math.isfinite, found)):
        return None
    return tuple(zip(found[::2], found[1::2], strict=True))


def pair(item: Dataset, keyword: str) -> Spot | None:
    """One place."""
    found = pairs(item, keyword)
    return found[0] if found is not None and len(found) == 1 else None
