"""The overlay planes of a data set (60xx, PS3.3 C.9.2 and C.9.3), in Overlay Data or in spare bits of the pixel cells.

Overlay Data are bits without gaps, the lowest bit of a byte first, big endian ones in words (PS3.5 8.1.2). Planes in
spare bits of the cells (PS3.3-2004 C.9.2, retired) are one bit of every cell, outside of the bits of the value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from squid_core.contracts.graphics import BoolArray, OverlayKind, OverlayPlane
from squid_core.dicom.header.elements import base_tag
from squid_core.dicom.header.image_module import ImageHeader
from squid_core.dicom.header.values import CONVERSION_ERRORS
from squid_core.dicom.limits import MAX_PIXELS

GROUPS = range(0x6000, 0x6020, 2)  # sixteen planes
_ROWS, _COLUMNS, _TYPE, _ORIGIN, _FRAMES, _FIRST = 0x0010, 0x0011, 0x0040, 0x0050, 0x0015, 0x0051
_BITS, _POSITION, _DATA = 0x0100, 0x0102, 0x3000
OVERLAY_TAGS = frozenset(
    group << 16 | element
    for group in GROUPS
    for element in (_ROWS, _COLUMNS, _TYPE, _ORIGIN, _FRAMES, _FIRST, _BITS, _POSITION, _DATA)
)
UNREAD = "An overlay of the file cannot be read and is not shown."
OUTSIDE = "An overlay of the file lies outside of its picture and is not shown."
IN_THE_VALUES = "An overlay of the file would lie in the bits of the grey values and is not shown."
NOT_KEPT = "An overlay of the file lies in bits that its compressed picture does not hold; it is not shown."


@dataclass(frozen=True, slots=True)
class Overlays:
    """The planes of one frame.

    Attributes:
        planes: by group, those of Overlay Data.
        embedded: by group, the bit of the pixel cells in which a plane lies, and what it is.
        notices: plain sentences on planes that are not shown.
    """

    planes: dict[int, OverlayPlane] = field(default_factory=dict)
    embedded: dict[int, tuple[int, OverlayKind]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


def overlays_of(dataset: Dataset, header: ImageHeader, frame: int, *, little: bool) -> Overlays:
    """Read the planes of a frame, and find those that lie in its cells.

    Args:
        dataset: of the image.
        header: its image pixel module.
        frame: from 0.
        little: byte order of the data set.
    """
    planes: dict[int, OverlayPlane] = {}
    embedded: dict[int, tuple[int, OverlayKind]] = {}
    notices: list[str] = []
    for group in groups_of(dataset):
        kind = OverlayKind.REGION if _text(dataset, group, _TYPE) == "R" else OverlayKind.GRAPHICS
        if _bytes(dataset, group):
            drawn = _drawn(dataset, group, (header.rows, header.columns), frame, little)
            if isinstance(drawn, str):
                notices.append(drawn)
            elif drawn is not None and (plane := OverlayPlane.of(drawn, kind)) is not None:
                planes[group] = plane
            continue
        bit = _integer(dataset, group, _POSITION, 0)
        if bit == 0 and _integer(dataset, group, _BITS, 1) != header.bits_allocated:
            notices.append(UNREAD)  # no plane in the cells, and no data either
        elif bit is None or not 0 <= bit < header.bits_allocated or header.samples > 1:
            notices.append(UNREAD)
        elif header.high_bit - header.bits_stored < bit <= header.high_bit:
            notices.append(IN_THE_VALUES)
        else:
            embedded[group] = bit, kind
    return Overlays(planes, embedded, tuple(dict.fromkeys(notices)))


def without_planes(cells: NDArray[Any], overlays: Overlays, bits: int) -> tuple[NDArray[Any], Overlays]:
    """Take the planes out of whole cells (H, W), as they were decoded.

    Args:
        cells: integers.
        overlays: of the frame.
        bits: of a cell that the frame's bytes hold.

    Returns:
        The cells, unsigned, with no plane in them, and the overlays with those planes.
    """
    bare: NDArray[Any] = cells.astype(f"u{cells.itemsize}")
    planes, notices = dict(overlays.planes), list(overlays.notices)
    for group, (bit, kind) in overlays.embedded.items():
        if bit >= min(bits, 8 * cells.itemsize):
            notices.append(NOT_KEPT)
            continue
        drawn = bare & bare.dtype.type(1 << bit)
        bare ^= drawn
        if (plane := OverlayPlane.of(drawn.astype(np.bool_), kind)) is not None:
            planes[group] = plane
    return bare, Overlays(planes, notices=tuple(dict.fromkeys(notices)))


def groups_of(dataset: Dataset) -> tuple[int, ...]:
    """The groups of planes that a data set has."""
    telling = (_ROWS, _BITS, _DATA)
    return tuple(group for group in GROUPS if any(base_tag(group << 16 | element) in dataset for element in telling))


def _drawn(dataset: Dataset, group: int, shape: tuple[int, int], frame: int, little: bool) -> BoolArray | str | None:
    """(H, W) of the image, None where the plane is none of this frame, or why it is not shown."""
    rows, columns = (
        _integer(dataset, group, element, length) for element, length in zip((_ROWS, _COLUMNS), shape, strict=True)
    )
    origin = _integers(dataset, group, _ORIGIN) or [1, 1]
    frames, first = _integer(dataset, group, _FRAMES, 1), _integer(dataset, group, _FIRST, 1)
    if not rows or not columns or not frames or not first or rows * columns > MAX_PIXELS or len(origin) != 2:
        return UNREAD
    index = frame + 1 - first
    if not _integers(dataset, group, _FRAMES) and not _integers(dataset, group, _FIRST):
        index = 0  # a plane that names no frame is one of all
    if not 0 <= index < frames:
        return None
    data, begin = _bytes(dataset, group), index * rows * columns
    if not little and dataset[base_tag(group << 16 | _DATA)].VR == "OW":
        data = np.frombuffer(data[: len(data) // 2 * 2], ">u2").astype("<u2").tobytes()
    if len(data) * 8 < begin + rows * columns:
        return UNREAD
    part = np.frombuffer(data, np.uint8, offset=begin // 8)
    bits = np.unpackbits(part, count=begin % 8 + rows * columns, bitorder="little")[begin % 8 :]
    return _placed(bits.reshape(rows, columns), (origin[0] - 1, origin[1] - 1), shape)


def _placed(plane: NDArray[np.uint8], origin: tuple[int, int], shape: tuple[int, int]) -> BoolArray | str:
    """A plane on its image (H, W): what lies beyond the image's edges is cut off."""
    image = np.zeros(shape, np.bool_)
    ours, theirs = [], []
    for start, length, side in zip(origin, plane.shape, shape, strict=True):
        low, high = max(start, 0), min(start + length, side)
        if low >= high:
            return OUTSIDE
        ours.append(slice(low, high))
        theirs.append(slice(low - start, high - start))
    image[tuple(ours)] = plane[tuple(theirs)]
    return image


def _value(dataset: Dataset, group: int, element: int) -> Any:  # noqa: ANN401 - whatever pydicom makes of it
    try:
        found = dataset.get(base_tag(group << 16 | element))
    except CONVERSION_ERRORS:
        return None
    return None if found is None else found.value


def _bytes(dataset: Dataset, group: int) -> bytes:
    found = _value(dataset, group, _DATA)
    return found if isinstance(found, bytes) else b""


def _text(dataset: Dataset, group: int, element: int) -> str:
    return str(_value(dataset, group, element) or "").strip().upper()


def _integers(dataset: Dataset, group: int, element: int) -> list[int]:
    """The values of an element; [] where absent, or where one is no whole number."""
    found = _value(dataset, group, element)
    stated = found if hasattr(found, "__iter__") and not isinstance(found, str | bytes) else [found]
    try:
        return [] if found is None else [int(str(value)) for value in stated]
    except ValueError:
        return []


def _integer(dataset: Dataset, group: int, element: int, default: int) -> int | None:
    """A single value, the default where absent, None where it is none."""
    if _value(dataset, group, element) in (None, ""):
        return default
    found = _integers(dataset, group, element)
    return found[0] if len(found) == 1 else None
