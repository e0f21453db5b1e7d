"""Small pictures of the images of the open study."""

from __future__ import annotations

from dataclasses import dataclass

from squid_core.voi import ByteArray


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnail:
    """One image, small.

    Attributes:
        key: of the image. pixels: (h, w) uint8, read-only, with square pixels; None where the file shows no picture.
    """

    key: str
    pixels: ByteArray | None
