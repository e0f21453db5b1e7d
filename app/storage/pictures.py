"""A picture as bytes that compress well, and back bit for bit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.detection import INPUT_STEPS, RECONSTRUCTION_STEPS, in_steps
from squid_core.contracts.radiograph import FloatArray

EXACT = 0  # instead of a number of steps: the values are kept as the float32 they are
_INTEGERS: dict[int, np.dtype[Any]] = {
    INPUT_STEPS: np.dtype("<u1"),
    RECONSTRUCTION_STEPS: np.dtype("<u2"),
    EXACT: np.dtype("<u4"),
}


def steps_of(image: FloatArray) -> int:
    """The fewest steps of grey that hold a picture bit for bit; EXACT where none do."""
    if not np.signbit(image).any() and image.max(initial=0) <= 1:  # a zero may have a sign
        for steps in (INPUT_STEPS, RECONSTRUCTION_STEPS):
            if (in_steps(image, steps).view(np.uint32) == image.view(np.uint32)).all():
                return steps
    return EXACT


def pack(image: FloatArray, steps: int) -> bytes:
    """(H, W) float32, of `steps_of` -> what each pixel adds to its neighbours, low bytes first, then the higher ones.

    The difference to left + above - above left is near 0 in a smooth picture; a turn of the sign into the lowest bit
    leaves its high bytes 0.
    """
    integers = np.ascontiguousarray(image) if steps == EXACT else np.rint(image * np.float32(steps))
    values = integers.view(np.uint32) if steps == EXACT else integers.astype(_INTEGERS[steps])
    zero = values.dtype.type(0)
    rest = np.diff(np.diff(values, axis=1, prepend=zero), axis=0, prepend=zero)
    bits = 8 * rest.itemsize
    signed = rest.view(f"<i{rest.itemsize}")
    turned = (signed << 1) ^ (signed >> (bits - 1))
    return np.ascontiguousarray(turned).view(np.uint8).reshape(-1, rest.itemsize).T.tobytes()


def packed_size(shape: tuple[int, int], steps: int) -> int:
    """Bytes that `pack` makes.

    Raises:
        KeyError: nothing is packed in so many steps.
    """
    height, width = shape
    return height * width * int(_INTEGERS[steps].itemsize)


def unpack(data: bytes, shape: tuple[int, int], steps: int) -> FloatArray:
    """What `pack` was given.

    Raises:
        ValueError: the bytes are not of this shape. KeyError: nothing is packed in so many steps.
    """
    kind = _INTEGERS[steps]
    planes = np.frombuffer(data, np.uint8).reshape(kind.itemsize, -1)
    turned: NDArray[Any] = np.ascontiguousarray(planes.T).view(kind).reshape(shape)
    one = kind.type(1)
    rest = (turned >> one) ^ (~(turned & one) + one)
    values = np.cumsum(np.cumsum(rest, axis=0, dtype=kind), axis=1, dtype=kind)
    if steps == EXACT:
        return np.asarray(values.view(np.float32))
    return np.asarray(values.astype(np.float32) / np.float32(steps))
